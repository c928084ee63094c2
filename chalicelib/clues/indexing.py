"""From writes of reports to the clues table: a second reader of the reports' stream, and what an operator or an erasure does.

The truth is the report as it is now, never what a record tells: records come twice, late, and after a later one. A record says
only which clues the report may lie on; those that it has now are written, and the others taken away.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.clues.model import Clue, ClueKeys, clues_of, found_until
from chalicelib.clues.store import Clues
from chalicelib.clues.traces import Trace
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict
from chalicelib.forms.places import municipalities
from chalicelib.reports.model import Report
from chalicelib.reports.store import Reports

_TRIES = 5  # of a report that changes while it is indexed


@dataclass(frozen=True, slots=True)
class ClueRoom:
    """The parts that clues are written, found and compared with."""

    clues: Clues
    reports: Reports
    keys: ClueKeys
    clock: Clock


def index(told: Sequence[Report], reference: str, room: ClueRoom) -> tuple[Report | None, frozenset[Clue]]:
    """Have a report lie on the clues that it has now; return it, with those that are new to it. None when it is gone.

    `told` are versions of it, which say on which clues it may lie. Nothing is read or written for a change that moves none.
    """
    places = [set(traces_of(one, room.keys)) for one in told]
    if len(places) > 1 and places[0] == places[-1]:
        return None, frozenset()
    report = settle(reference, set().union(*places), room)
    known = clues_of(told[0]) if len(told) > 1 else frozenset()
    return report, clues_of(report) - known if report else frozenset()


def settle(reference: str, may_lie: Iterable[Trace], room: ClueRoom) -> Report | None:
    """Write the clues of a report as it is now, and take it off the others that it `may_lie` on; return it, None when it is gone.

    Raises Conflict(`stale_version`) for one that changes each time it is looked at.
    """
    left, report = set(may_lie), room.reports.get(reference)
    for _ in range(_TRIES):
        now = room.clock.now()
        present = {trace for trace in (traces_of(report, room.keys.newest) if report else ()) if trace.until > now}
        room.clues.write(present, left - present)
        left |= present
        again = room.reports.get(reference)
        if (again and again.version) == (report and report.version):
            return report
        report = again  # changed or erased meanwhile: what was just written may have to go with it
    raise Conflict("stale_version")


def derive(reference: str, room: ClueRoom) -> Report | None:
    """Have a report lie on its clues, for an operator: one from before there were clues, or whose key is new, or whose record was
    given up. All that it may ever have lain on follows from what was added to it.
    """
    report = room.reports.get(reference)
    return settle(reference, _ever(report, room.keys) if report else (), room)


def _ever(report: Report, keys: ClueKeys) -> Iterator[Trace]:
    first_unit = municipalities()[report.municipality].unit
    for number in range(len(report.additions) + 1):
        earlier = replace(report, additions=report.additions[:number])
        yield from traces_of(earlier, keys)
        yield from traces_of(replace(earlier, unit=first_unit), keys)


def forget(report: Report, room: ClueRoom) -> None:
    """Take a report off all its clues: it is being destroyed. Twice changes nothing."""
    room.clues.write([], set(_ever(report, room.keys)))


def traces_of(report: Report, keys: ClueKeys) -> list[Trace]:
    """Return where a report lies: on each of its clues, under each key."""
    reporter = keys.of_reporter(report.reporter.pseudonym)
    return [
        Trace(digest, report.unit, report.filed_at, report.reference, reporter, found_until(clue, report.filed_at))
        for clue in sorted(clues_of(report))
        for digest in keys.digests(clue)
    ]
