"""Putting in found things: on record each time, and told which of one's own unit's reports they are from.

A hit in another unit is a task there; who put the thing in learns that there is one, and not whose.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from chalicelib.clues import actions as clues
from chalicelib.clues.goods import Line
from chalicelib.clues.indexing import ClueRoom
from chalicelib.clues.traces import FoundThing
from chalicelib.desk.actions import Desk
from chalicelib.people.permissions import LookReason, Permission, reasons_of, require


@dataclass(frozen=True, slots=True)
class Taken:
    """A thing that was put in, and the reports of one's own units on which it is a task; `elsewhere` when there are others."""

    line: Line
    own: tuple[str, ...]
    elsewhere: bool


def put_in(lines: Iterable[Line], unit: str, *, desk: Desk, room: ClueRoom) -> tuple[Taken, ...]:
    """Put found things in for a unit of the officer's own. The same again changes nothing."""
    require(desk.officer, Permission.WATCH_GOODS, unit)
    things = list(lines)
    if things:
        desk.note(f"goods:{unit}", f"found_things:{len(things)}", _reason(desk))
    taken = tuple(_put(line, unit, desk, room) for line in things)
    clues.note_compared((line.sort for line in things), room)
    return taken


def _put(line: Line, unit: str, desk: Desk, room: ClueRoom) -> Taken:
    watched = clues.watch(line.sort, line.value, number=line.number, unit=unit, by=desk.officer.id, room=room)
    own = tuple(trace.reference for trace in watched.hits if trace.unit in desk.officer.units)
    return Taken(line, own, len(own) < len(watched.hits))


def of_unit(unit: str, *, desk: Desk, room: ClueRoom) -> Sequence[FoundThing]:
    """Return the things that are watched for, for a unit of the officer's own, by their number on the list."""
    require(desk.officer, Permission.WATCH_GOODS, unit)
    found = {thing.number: thing for thing in islice(room.clues.found_of(unit), 2 * MOST_SHOWN)}
    return [found[number] for number in sorted(found)][:MOST_SHOWN]


MOST_SHOWN = 50


def _reason(desk: Desk) -> LookReason:
    """Whoever compares found property does it as their work: the first reason of their role."""
    return reasons_of(desk.officer)[0]
