"""The feed of each unit: pages of entries, in the one order in which a reader finds them. ADR-0060.

A page is appended to by one write under the condition that nobody else did, and is closed before the next one is opened; so what
stands behind a reader's cursor never changes, whoever writes at the same moment, twice, or stops half way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from pynamodb.attributes import BooleanAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.core.clock import Clock, day_of
from chalicelib.core.errors import Gone, Unavailable
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, ListOf, bind, expiry, find, update, wrote
from chalicelib.feed.model import FULL, HELD_BACK, MARGIN, Cursor, Entry, Told, tellable
from chalicelib.reports.statuses import Status

PAGES = 4  # read at once
_HEAD = 0  # the number of the item that says which page is open
_TRIES = 8


class Feed(Protocol):
    """The feed that its writer and its reader need."""

    def append(self, unit: str, entries: Sequence[Entry]) -> None:
        """Append entries, but for those that stand on the open page. Raises Unavailable when others were always first."""
        ...

    def withdraw(self, unit: str, entry_id: str) -> bool:
        """Withdraw an entry that nobody can have been told of yet. False when it may have been, or is not there."""
        ...

    def after(self, unit: str, cursor: str) -> Told:
        """Return what may be told after a cursor. Raises Invalid for no cursor of ours, Gone for one whose page was forgotten."""
        ...


class _EntryItem(MapAttribute[str, Any]):
    reference = UnicodeAttribute(attr_name="r")
    number = NumberAttribute(attr_name="n")
    status = UnicodeAttribute(attr_name="s")
    at = InstantAttribute()
    written_at = InstantAttribute(attr_name="w")
    is_withdrawn = BooleanAttribute(attr_name="x", null=True)


class ChangesItem(Model):
    """A page of a unit's feed as DynamoDB keeps it; under number 0 the head, which is never forgotten."""

    unit = UnicodeAttribute(hash_key=True)
    page = NumberAttribute(range_key=True)
    entries: ListOf[_EntryItem] = ListOf(of=_EntryItem, null=True)
    version = NumberAttribute(null=True)
    is_closed = BooleanAttribute(attr_name="closed", null=True)
    open_page = NumberAttribute(null=True)
    opened_on = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    entries: tuple[Entry, ...] = ()
    version: int = 0
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class _Head:
    page: int = 0
    opened_on: str = ""


class FeedStore:
    """The feed in DynamoDB."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._model, self._clock = bind(ChangesItem, "changes", settings), clock

    def append(self, unit: str, entries: Sequence[Entry]) -> None:
        for _ in range(_TRIES):
            head = self._head(unit)
            page = self._page(unit, head.page)
            if head.opened_on < self._today() or page.is_closed or len(page.entries) >= FULL:
                self._open_next(unit, head)
                continue
            known = {entry.id for entry in page.entries}
            fresh = [entry for entry in entries if entry.id not in known]
            if not fresh or self._put(unit, page, (*page.entries, *fresh)):
                return
        raise Unavailable("changes")

    def withdraw(self, unit: str, entry_id: str) -> bool:
        for _ in range(_TRIES):
            page = next((one for one in self._newest(unit) if _place_of(entry_id, one) is not None), None)
            place = _place_of(entry_id, page) if page else None
            if page is None or place is None:
                return False
            entry = page.entries[place]
            if entry.is_withdrawn or entry.written_at + HELD_BACK - MARGIN <= self._clock.now():
                return entry.is_withdrawn
            after = (*page.entries[:place], replace(entry, is_withdrawn=True), *page.entries[place + 1 :])
            if self._put(unit, page, after):
                return True
        raise Unavailable("changes")

    def after(self, unit: str, cursor: str) -> Told:
        at, now = Cursor.parse(cursor), self._clock.now()
        # One after the other: a page that is read after the one before it was found closed cannot have been passed by an entry.
        found = self._model.query(unit, ChangesItem.page >= max(at.page, 1), consistent_read=True, limit=PAGES, page_size=PAGES)
        pages = [_page_of(item) for item in found]
        if at.page and (not pages or pages[0].number != at.page):
            raise Gone("changes", "expired")
        told: list[Entry] = []
        for page in pages:
            waiting = page.entries[at.place if page.number == at.page else 0 :]
            count = tellable(waiting, now)
            told += waiting[:count]
            at = Cursor(page.number, len(page.entries) - len(waiting) + count)
            if not page.is_closed or count < len(waiting):
                break
        return Told(tuple(entry for entry in told if not entry.is_withdrawn), str(at))

    def _head(self, unit: str) -> _Head:
        item = find(self._model, unit, _HEAD)
        return _Head(int(item.open_page or 0), item.opened_on or "") if item else _Head()

    def _page(self, unit: str, number: int) -> _Page:
        item = find(self._model, unit, number) if number else None
        return _page_of(item) if item else _Page(number)

    def _newest(self, unit: str) -> list[_Page]:
        found = self._model.query(unit, ChangesItem.page > _HEAD, consistent_read=True, scan_index_forward=False, limit=PAGES)
        return [_page_of(item) for item in found]

    def _open_next(self, unit: str, head: _Head) -> None:
        """Close the open page, then open the next one. Whoever was first did the same."""
        if head.page:
            closing: list[Action] = [ChangesItem.is_closed.set(True), ChangesItem.expires_at.set(self._expiry())]
            wrote(update, self._model(unit, head.page), closing, ChangesItem.is_closed.does_not_exist())
        opening: list[Action] = [ChangesItem.open_page.set(head.page + 1), ChangesItem.opened_on.set(self._today())]
        is_as_seen = ChangesItem.open_page == head.page if head.page else ChangesItem.unit.does_not_exist()
        wrote(update, self._model(unit, _HEAD), opening, is_as_seen)

    def _put(self, unit: str, page: _Page, entries: Sequence[Entry]) -> bool:
        """Write the entries of a page as it was seen; False when somebody wrote it, or closed it, since."""
        actions: list[Action] = [
            ChangesItem.entries.set([_item(entry) for entry in entries]),
            ChangesItem.version.set(page.version + 1),
            ChangesItem.expires_at.set(self._expiry()),
        ]
        is_as_seen = ChangesItem.version == page.version if page.version else ChangesItem.version.does_not_exist()
        if not page.is_closed:
            is_as_seen &= ChangesItem.is_closed.does_not_exist()
        return wrote(update, self._model(unit, page.number), actions, is_as_seen)

    def _today(self) -> str:
        return day_of(self._clock.now()).isoformat()

    def _expiry(self) -> int:
        return expiry(self._clock.now() + RETENTION[Kept.CHANGES].length)


def _place_of(entry_id: str, page: _Page) -> int | None:
    return next((place for place, entry in enumerate(page.entries) if entry.id == entry_id), None)


def _page_of(item: ChangesItem) -> _Page:
    return _Page(int(item.page), tuple(map(_entry, item.entries or ())), int(item.version or 0), bool(item.is_closed))


def _item(entry: Entry) -> _EntryItem:
    return _EntryItem(
        reference=entry.reference,
        number=entry.number,
        status=entry.status.value,
        at=entry.at,
        written_at=entry.written_at,
        is_withdrawn=entry.is_withdrawn or None,
    )


def _entry(item: Any) -> Entry:
    at: datetime = item.at
    return Entry(item.reference, int(item.number), Status(item.status), at, item.written_at, bool(item.is_withdrawn))
