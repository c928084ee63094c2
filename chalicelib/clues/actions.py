"""The things that follow from clues: found property that was reported stolen, a third report on one account, clues derived anew.

A hit is a task for an officer, never a mail by itself. Each runs twice, or dies anywhere, without harm: a task is laid on a
report once for what calls for it.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.clues.bank import MOST, third
from chalicelib.clues.indexing import ClueRoom, derive
from chalicelib.clues.linking import looked, shared_why
from chalicelib.clues.model import Clue, clues_of, found_until, short, spelled
from chalicelib.clues.sorts import SORTS, ClueSort, alike, is_exact
from chalicelib.clues.store import Clues
from chalicelib.clues.traces import BankTold, FoundThing, Lying, Trace
from chalicelib.core import log
from chalicelib.core.clock import day_of
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.reports import actions as reports
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.reports.tasks import Task

WATCHED = RETENTION[Kept.FOUND_THINGS].length
_NEAR = "≈ "  # before the remark of a hit on a number that is spelled a little otherwise


@dataclass(frozen=True, slots=True)
class Derived:
    """How many reports were looked at, and of how many the clues could not be derived."""

    reports: int
    failed: int


def derive_all(references: Iterable[str], room: ClueRoom) -> Derived:
    """Derive the clues of these reports. Twice changes nothing; one that fails holds up nobody else's."""
    looked_at, failed = 0, 0
    for reference in references:
        looked_at += 1
        try:
            derive(reference, room)
        except Exception as error:  # noqa: BLE001 — as in the stream
            failed += 1
            log.event("clues_failed", level=logging.ERROR, reference=reference, error=type(error).__name__)
    return Derived(looked_at, failed)


def follow(report: Report, clues: Iterable[Clue], room: ClueRoom) -> None:
    """Do what follows from a report's lying on clues that are new to it."""
    for clue in clues:
        if SORTS[clue.sort].goods:
            for thing in looked(clue, room).found:
                _hit(report, thing, room)
        elif clue.sort is ClueSort.IBAN:
            _tell_bank(clue, room)


def note_compared(sorts: Iterable[ClueSort], room: ClueRoom) -> None:
    """Note that today found things of these sorts were compared with what was reported stolen."""
    now = room.clock.now()
    for sort in sorted({one for given in sorts for one in alike(given)}):
        room.clues.note_compared(sort, day_of(now), now + WATCHED)


@dataclass(frozen=True, slots=True)
class Looked:
    """For how long a report's things are looked for, and on which days found things were compared with them."""

    until: datetime
    days: tuple[date, ...]


def looked_for(report: Report, clues: Clues) -> Looked | None:
    """Return on which days found things were compared with those of a report; None where no number of a stolen thing is known."""
    stolen = [clue for clue in clues_of(report) if SORTS[clue.sort].goods] if KINDS[report.kind].crime == "theft" else []
    if not stolen:
        return None
    until = max(found_until(clue, report.filed_at) for clue in stolen)
    since = day_of(report.filed_at)
    days = {day for sort in {clue.sort for clue in stolen} for day in clues.compared(sort, since)}
    return Looked(until, tuple(sorted(day for day in days if day < day_of(until))))


@dataclass(frozen=True, slots=True)
class Watched:
    """A found thing that is watched for, and the reports on which it is a task now, of which units."""

    thing: FoundThing
    hits: tuple[Trace, ...]


def watch(sort: ClueSort, value: str, *, number: str, unit: str, by: str, room: ClueRoom) -> Watched:
    """Compare a found thing with what was reported stolen, now and for a year. `value` is a clue of its sort, as it was typed."""
    until, hits = room.clock.now() + WATCHED, dict[str, Trace]()
    for one in alike(sort):
        clue = Clue(one, SORTS[one].read(value))
        thing = FoundThing(room.keys.digest(clue), one, value, unit, number, by, until)
        room.clues.put(thing)
        for trace in looked(clue, room).traces:
            report = room.reports.get(trace.reference)
            if report and _hit(report, thing, room):
                hits[trace.reference] = trace
    return Watched(thing, tuple(hits.values()))


def _hit(report: Report, thing: FoundThing, room: ClueRoom) -> bool:
    """Lay a task on a report from which the thing may have been stolen; say whether it may."""
    if KINDS[report.kind].crime != "theft":
        return False
    is_near = not any(is_exact(told, thing.value) for told in spelled(report, thing.sort))
    key = f"found-{short(thing.clue)}-{thing.unit.replace(' ', '-')}-{thing.number}"
    remark = f"{_NEAR if is_near else ''}{thing.unit} {thing.number}"
    return reports.raise_task(report.reference, Task.GOODS_HIT, remark=remark, key=key, reports=room.reports, clock=room.clock)


def _tell_bank(clue: Clue, room: ClueRoom) -> None:
    """Raise the task to tell the bank on the report of the third person within a year; once for an account in a year."""
    lying = looked(clue, room)
    if shared_why(clue, lying, room):
        return
    told = lying.bank or _claimed(clue, lying, room)
    if told is None or told.raised:
        return
    key = f"bank-{short(told.clue)}"
    reports.raise_task(told.reference, Task.TELL_BANK, key=key, reports=room.reports, clock=room.clock)
    room.clues.settle_bank(told)


def _claimed(clue: Clue, lying: Lying, room: ClueRoom) -> BankTold | None:
    """Note whose the third report is, None while there is none; of two that note it at once the first stands."""
    traces = lying.traces if lying.is_whole else tuple(_all_of(clue, room))
    found = third(traces)
    if found is None:
        return None
    told = BankTold(room.keys.digest(clue), found.reference, room.clock.now() + timedelta(days=366))
    return told if room.clues.note_bank(told) else room.clues.look(told.clue).bank


def _all_of(clue: Clue, room: ClueRoom) -> Iterator[Trace]:
    for digest in room.keys.digests(clue):
        yield from room.clues.all_of(digest, most=MOST)
