"""Undo: an officer takes back what they did last, while its letter waits and its reporter has not read it. ADR-0051.

An officer who undoes and the round that sends may meet. The ledger decides: the letter is held first, which fails once it was
claimed, and then is the report written. Whoever stops in between leaves a letter that goes out two minutes later. Of one that is
held back or sent again for another reason, the last decision before SES reads the report, and finds the act taken back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict
from chalicelib.letters.catalogue import Letter, Waits, due_at, letter_id
from chalicelib.letters.ledger import Ledger
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.letters.states import LetterState
from chalicelib.reports import actions
from chalicelib.reports.corrections import newest_act, require_undoable
from chalicelib.reports.events import Actor, Event
from chalicelib.reports.model import Report
from chalicelib.reports.store import Reports

HELD_FOR = timedelta(minutes=2)  # the report is written within seconds, or not at all: no function runs longer
_LOOKED_BACK = timedelta(days=2)  # no letter waits longer: safe hours come every day, and after a day of tries it is given up

_WAITS = frozenset({LetterState.UNKNOWN, LetterState.WAITING})
_SILENT = frozenset({LetterState.NOT_SENT, LetterState.HELD_BACK})  # nobody was told


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """The parts that an undo is done with. `waits` says how long the letters of acts wait."""

    reports: Reports
    ledger: Ledger
    waits: Waits
    clock: Clock


@dataclass(frozen=True, slots=True)
class Undoable:
    """The act that can be undone, and until when."""

    act: Event
    until: datetime


def undoable(report: Report, room: Undoing) -> Undoable | None:
    """Return what can be undone of a report now; None when nothing can."""
    act, now = newest_act(report), room.clock.now()
    if act is None or act.number <= report.read_number or act.at < now - _LOOKED_BACK:
        return None
    until = _until(act, report, room)
    return Undoable(act, until) if until and now < until else None


def undo(before: Report, number: int, *, by: Actor, version: int, key: str = "", room: Undoing) -> Report:
    """Take back the act with this number, the newest of a report. `version` is what the officer saw.

    Raises Conflict where it stands fast: `require_undoable` says how, and `told_already` when its letter is on its way.
    """
    if before.handled(key):
        return before
    actions.require_version(before, version)
    act = require_undoable(before, number)
    if undoable(before, room) is None or not _is_held(act, before, room.clock.now() + HELD_FOR, room):
        raise Conflict("told_already")
    return actions.take_back(before, number, by=by, version=version, key=key, reports=room.reports, clock=room.clock)


def _until(act: Event, report: Report, room: Undoing) -> datetime | None:
    """Return when the letter of an act goes out, or would if there were one; None when it went."""
    entry = room.ledger.get(letter_id(report.reference, act.number))
    if entry and entry.state not in _WAITS | _SILENT:
        return None
    due = due_at(act, report, waits=room.waits, now=act.at)
    return max(due, entry.next_attempt_at) if entry and entry.next_attempt_at else due


def _is_held(act: Event, report: Report, until: datetime, room: Undoing) -> bool:
    """Keep the letter of an act where it is, and never bring it forward. False when it is on its way, or told already."""
    name = letter_id(report.reference, act.number)
    entry = room.ledger.get(name) or LedgerEntry(id=name)
    if entry.state is LetterState.NOT_SENT:  # for good
        return True
    return room.ledger.hold(name, letter=Letter.NEWS, until=max(until, entry.next_attempt_at or until))
