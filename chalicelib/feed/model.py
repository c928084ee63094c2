"""The changes of status that others are told of: a number, a status, when; nothing else. Pure. ADR-0060.

A change is an event of a report that its reporter may see and that took it to another status than it had.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core.errors import FieldError, Invalid
from chalicelib.reports.events import INTERNAL, Event, EventKind
from chalicelib.reports.model import Report, new_events
from chalicelib.reports.statuses import Status

HELD_BACK = timedelta(minutes=10)  # an act can be undone in its first minutes: what was undone is told to nobody
MARGIN = timedelta(minutes=1)  # two functions' clocks differ by less
FULL = 50  # entries of a page, after which another one begins
_CURSOR = re.compile(r"(?P<page>[0-9]{1,12})-(?P<place>[0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One change in the feed. `written_at` is when it came into it: what is younger than HELD_BACK is not told yet.

    `is_withdrawn`: an officer undid it before anybody was told.
    """

    reference: str
    number: int
    status: Status
    at: datetime
    written_at: datetime
    is_withdrawn: bool = False

    @property
    def id(self) -> str:
        """Its name for ever: the same change told twice has the same."""
        return f"{self.reference}-{self.number}"


@dataclass(frozen=True, slots=True)
class Told:
    """The entries from a cursor on that may be told now, and the cursor that goes on after them."""

    entries: tuple[Entry, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a unit's feed: a page, and how many of its entries were read."""

    page: int = 0
    place: int = 0

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Raises Invalid for what no answer ever gave; empty is the beginning."""
        match = _CURSOR.fullmatch(text)
        if text and not match:
            raise Invalid([FieldError("cursor", "cursor")])
        return cls(int(match["page"]), int(match["place"])) if match else cls()

    def __str__(self) -> str:
        return f"{self.page}-{self.place}"


def changes(before: Report | None, after: Report) -> Iterator[Event]:
    """Yield the events of a write that took the report to another status, and are no officers' own business."""
    known = before.status if before else None
    for event in new_events(before, after):
        if event.kind not in INTERNAL and event.status is not known:
            yield event
        known = event.status


def undone(before: Report | None, after: Report) -> Iterator[tuple[Event, Event]]:
    """Yield each event that took another one back, with the one that it took back."""
    for event in new_events(before, after):
        if event.kind is EventKind.RETRACTED:
            yield event, after.timeline[event.undoes - 1]


def tellable(entries: Sequence[Entry], now: datetime) -> int:
    """Return how many of the entries, from the first on, may be told now: none that stands behind one that must wait."""
    return next((place for place, one in enumerate(entries) if one.written_at + HELD_BACK > now), len(entries))
