"""Shared values, put down by a supervisor: a value that links nobody from now on, until a day; on record each time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.clues.indexing import ClueRoom
from chalicelib.clues.model import Clue, short
from chalicelib.clues.shared import Reason, Shared, everywhere
from chalicelib.clues.sorts import SORTS, ClueSort, read
from chalicelib.clues.traces import SharedValue
from chalicelib.core.clock import day_of, start_of_day
from chalicelib.core.errors import FieldError, Invalid, NotFound
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.desk.actions import Desk
from chalicelib.people.permissions import LookReason, Permission, require
from chalicelib.reports.retention import years_later

LINKING = tuple(sort for sort, row in SORTS.items() if row.links)
_LONGEST = RETENTION[Kept.SHARED_VALUES].years
_SUBJECT = "shared_values"


@dataclass(frozen=True, slots=True)
class SharedValues:
    """The shared values of the repository, and those that officers put down, each with the name that removes it."""

    everywhere: tuple[Shared, ...]
    own: tuple[tuple[str, SharedValue], ...]


def listed(*, desk: Desk, room: ClueRoom) -> SharedValues:
    """Return every shared value that holds today."""
    require(desk.officer, Permission.SHARE_VALUES)
    desk.note(_SUBJECT, "listed", LookReason.SUPERVISION)
    today = day_of(desk.clock.now())
    own = tuple((short(one.clue), one) for one in _own(room))
    return SharedValues(tuple(one for one in everywhere().values() if one.until >= today), own)


def put_down(sort: ClueSort, value: str, reason: Reason, until: date, *, desk: Desk, room: ClueRoom) -> None:
    """Have a value link nobody through a day. Raises Invalid for what is no clue that links, and for a day too near or far."""
    require(desk.officer, Permission.SHARE_VALUES)
    found, today = read(sort, value) if sort in LINKING else None, day_of(desk.clock.now())
    errors = [] if found else [FieldError("value", "no_clue")]
    if not today + timedelta(days=1) <= until <= years_later(today, _LONGEST):
        errors.append(FieldError("until", "shared_until"))
    if errors or found is None:
        raise Invalid(errors)
    digest = room.keys.digest(Clue(sort, found))
    desk.note(_SUBJECT, f"put_down:{sort}:{short(digest)}", LookReason.SUPERVISION)
    end = start_of_day(until + timedelta(days=1))
    room.clues.put(SharedValue(digest, sort, found, reason.value, end, desk.officer.id))


def unlist(name: str, *, desk: Desk, room: ClueRoom) -> None:
    """Let a value link again. Raises NotFound for one that is not there (any more)."""
    require(desk.officer, Permission.SHARE_VALUES)
    found = next((one for one in _own(room) if short(one.clue) == name), None)
    if found is None:
        raise NotFound("shared_value")
    desk.note(_SUBJECT, f"unlisted:{found.sort}:{name}", LookReason.SUPERVISION)
    room.clues.unlist(found.clue)


def _own(room: ClueRoom) -> Sequence[SharedValue]:
    return sorted(room.clues.shared(), key=lambda one: (one.sort, one.value))
