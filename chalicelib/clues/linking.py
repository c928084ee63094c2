"""The reports that lie on one clue: for a search, beside a report, as a list. Each with bounded reads.

An officer is told of the rows of their own units here, of those of others a number at most
(`Tally.elsewhere`). That somebody may search at all is the desk's to ask.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.clues.indexing import ClueRoom
from chalicelib.clues.model import MANY, Clue, Tally, clues_of, short
from chalicelib.clues.shared import Reason, shared_everywhere
from chalicelib.clues.sorts import SORTS, ClueSort
from chalicelib.clues.traces import Lying, Trace
from chalicelib.core.clock import day_of
from chalicelib.forms.places import units as all_units
from chalicelib.reports.model import Report

MOST_LINKS = 8  # clues of a report that are looked at: a query each
MOST_LINKED = 500  # reports that become a list


@dataclass(frozen=True, slots=True)
class OnClue:
    """All that lies on a clue: the newest reports of one's own units (at most MANY), how many there are, whether it is shared."""

    clue: Clue
    id: str
    traces: tuple[Trace, ...]
    tally: Tally
    shared: Reason | None

    @property
    def is_nothing(self) -> bool:
        return not self.tally.own and not self.tally.others


def on_clue(clue: Clue, units: Iterable[str], room: ClueRoom) -> OnClue:
    """Return what lies on a clue, for an officer of these units: one query where it is little, one a unit where it is much."""
    own = frozenset(units)
    lying = looked(clue, room)
    if lying.is_whole:
        mine = _newest(trace for trace in lying.traces if trace.unit in own)
        others = len({trace.reference for trace in lying.traces if trace.unit not in own})
        tally = Tally(len(mine), others)
    else:
        mine = _newest(trace for unit in sorted(own) for trace in _of_unit(clue, unit, room, most=MANY + 1))
        tally = Tally(len(mine), _elsewhere(clue, own, room))
    return OnClue(clue, _id(clue, room), tuple(mine[:MANY]), tally, shared_why(clue, lying, room))


def looked(clue: Clue, room: ClueRoom) -> Lying:
    """Look under each key that a clue may lie under: while keys are replaced there are two."""
    first, *others = [room.clues.look(digest) for digest in room.keys.digests(clue)]
    for other in others:
        traces = {trace.reference: trace for trace in (*other.traces, *first.traces)}
        first = Lying(
            shared=first.shared or other.shared,
            found=(*first.found, *other.found),
            bank=first.bank or other.bank,
            traces=tuple(traces.values()),
            is_whole=first.is_whole and other.is_whole,
        )
    return first


def _of_unit(clue: Clue, unit: str, room: ClueRoom, *, most: int) -> Sequence[Trace]:
    return [trace for digest in room.keys.digests(clue) for trace in room.clues.of_unit(digest, unit, most=most)]


def _elsewhere(clue: Clue, own: frozenset[str], room: ClueRoom) -> int:
    """Count the reports of other units, as far as that matters."""
    found: set[str] = set()
    for unit in all_units():
        if unit not in own:
            found |= {trace.reference for trace in _of_unit(clue, unit, room, most=MANY + 1)}
        if len(found) > MANY:
            break
    return len(found)


def _newest(traces: Iterable[Trace]) -> list[Trace]:
    found = {trace.reference: trace for trace in traces}
    return sorted(found.values(), key=lambda trace: (trace.filed_at, trace.reference), reverse=True)


def _id(clue: Clue, room: ClueRoom) -> str:
    return short(room.keys.digest(clue))


def shared_why(clue: Clue, lying: Lying, room: ClueRoom) -> Reason | None:
    """Return why a value links nobody, None when it may."""
    return Reason(lying.shared.reason) if lying.shared else shared_everywhere(clue, day_of(room.clock.now()))


def links_of(report: Report, units: Iterable[str], room: ClueRoom) -> tuple[OnClue, ...]:
    """Return what else lies on each clue of a report that may link it to others; the report itself does not count.

    At most MOST_LINKS clues are looked at, with one query each: where much lies on one, its numbers are not told apart by unit.
    """
    own = frozenset(units)
    return tuple(_beside(report, clue, own, room) for clue in linking_clues(report)[:MOST_LINKS])


def linking_clues(report: Report) -> tuple[Clue, ...]:
    """Return the clues of a report that may link it to others, in the order of the sorts."""
    order = list(ClueSort)
    return tuple(sorted((c for c in clues_of(report) if SORTS[c.sort].links), key=lambda c: (order.index(c.sort), c.value)))


def _beside(report: Report, clue: Clue, own: frozenset[str], room: ClueRoom) -> OnClue:
    lying = looked(clue, room)
    shared = shared_why(clue, lying, room)
    others = [trace for trace in lying.traces if trace.reference != report.reference]
    mine = _newest(trace for trace in others if trace.unit in own)
    tally = Tally(len(mine), len(others) - len(mine)) if lying.is_whole else Tally(MANY + 1, MANY + 1)
    if shared:
        mine, tally = [], Tally(0, 0)
    return OnClue(clue, _id(clue, room), tuple(mine[:MANY]), tally, shared)


def linked(report: Report, clue_id: str, units: Iterable[str], room: ClueRoom, *, most: int = MOST_LINKED) -> tuple[str, ...]:
    """Return the references of the reports of these units that lie on one of a report's clues, the newest first, itself included.

    At most `most`. Nothing for a clue that the report has not, or that links nobody.
    """
    clue = clue_of(report, clue_id, room)
    if clue is None or shared_why(clue, looked(clue, room), room):
        return ()
    found = _newest(trace for unit in sorted(frozenset(units)) for trace in _of_unit(clue, unit, room, most=most))
    return tuple(trace.reference for trace in found[:most])


def clue_of(report: Report, clue_id: str, room: ClueRoom) -> Clue | None:
    """Return the clue of a report with this id, also one that it had under an older key; None when it has none."""
    return next((c for c in linking_clues(report) if clue_id in map(short, room.keys.digests(c))), None)
