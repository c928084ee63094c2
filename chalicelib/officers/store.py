"""The table of officers: under an officer's number, by an id, whatever they set for their own work. It holds nobody else's data.

An id says first what it is, then which one: `FILTER-…`. Every item has its own last day. The wishes for a digest by mail lie
together under a name of their own, so that a morning finds them all (digests/actions.py).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.core import ids
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict, TooLarge
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.settings import Settings
from chalicelib.core.tables import bind, expiry, find, wrote

KEPT = RETENTION[Kept.OFFICERS].length
LARGEST = 8 * 1024  # bytes
MOST = 100  # items of one sort that are read


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that an officer set. `edition` is another one with every save, empty for what is not kept yet."""

    officer: str
    id: str
    content: Mapping[str, Any]
    edition: str = ""


class Officers(Protocol):
    """The store of what officers set for themselves."""

    def get(self, officer: str, choice_id: str) -> Choice | None:
        """Return one choice, None when there is none (any more)."""
        ...

    def of_officer(self, officer: str, sort: str) -> tuple[Choice, ...]:
        """Return the choices of an officer whose ids begin with `sort`, in the order of their ids."""
        ...

    def every(self, officer: str) -> Iterator[Choice]:
        """Return all that lies under an officer's number, or under another name, in the order of the ids."""
        ...

    def put(self, officer: str, choice_id: str, content: Mapping[str, Any], *, kept: timedelta = KEPT) -> Choice:
        """Keep a choice, over an older one with the same id. Raises TooLarge."""
        ...

    def replace(self, choice: Choice, content: Mapping[str, Any], *, kept: timedelta = KEPT) -> Choice:
        """Keep `content` in the place of `choice` (without edition: where there is none).

        Raises Conflict(`choice_changed`) when another one stands there by now, and TooLarge.
        """
        ...

    def remove(self, officer: str, choice_id: str) -> None:
        """Forget a choice; nothing happens when it is not there."""
        ...


class OfficerItem(Model):
    """A choice as DynamoDB keeps it."""

    officer = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    content = UnicodeAttribute()
    edition = UnicodeAttribute()
    expires_at = NumberAttribute()


class OfficerStore:
    """Choices in DynamoDB."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._model, self._clock = bind(OfficerItem, "officers", settings), clock

    def get(self, officer: str, choice_id: str) -> Choice | None:
        item = find(self._model, officer, choice_id)
        return _choice(item) if item and self._is_kept(item) else None

    def of_officer(self, officer: str, sort: str) -> tuple[Choice, ...]:
        found = self._model.query(officer, OfficerItem.id.startswith(sort), consistent_read=True, limit=MOST)
        return tuple(_choice(item) for item in found if self._is_kept(item))

    def every(self, officer: str) -> Iterator[Choice]:
        yield from (_choice(item) for item in self._model.query(officer) if self._is_kept(item))

    def put(self, officer: str, choice_id: str, content: Mapping[str, Any], *, kept: timedelta = KEPT) -> Choice:
        item = self._fresh(officer, choice_id, content, kept)
        item.save()
        return _choice(item)

    def replace(self, choice: Choice, content: Mapping[str, Any], *, kept: timedelta = KEPT) -> Choice:
        item = self._fresh(choice.officer, choice.id, content, kept)
        if not wrote(item.save, condition=self._as_it_was(choice)) and not self._is_mine(item):
            raise Conflict("choice_changed")
        return _choice(item)

    def remove(self, officer: str, choice_id: str) -> None:
        self._model(officer=officer, id=choice_id).delete()

    def _as_it_was(self, choice: Choice) -> Any:
        if choice.edition:
            return OfficerItem.edition == choice.edition
        now = self._clock.now().timestamp()
        return OfficerItem.id.does_not_exist() | (OfficerItem.expires_at < now)  # what expired is not there for anybody

    def _is_mine(self, item: OfficerItem) -> bool:
        """True when our own first attempt stands in the way of its repetition: its reply was lost."""
        found = find(self._model, item.officer, item.id)
        return found is not None and found.edition == item.edition

    def _fresh(self, officer: str, choice_id: str, content: Mapping[str, Any], kept: timedelta) -> OfficerItem:
        text = json.dumps(content, ensure_ascii=False)
        if len(text.encode()) > LARGEST:
            raise TooLarge(LARGEST)
        return self._model(
            officer=officer,
            id=choice_id,
            content=text,
            edition=ids.secret_id()[:_EDITION],
            expires_at=expiry(self._clock.now() + kept),
        )

    def _is_kept(self, item: OfficerItem) -> bool:
        """True within its term; DynamoDB may take two days more to delete."""
        return item.expires_at >= self._clock.now().timestamp()


_EDITION = 12  # characters of chance: two saves of one choice do not have the same


def _choice(item: OfficerItem) -> Choice:
    return Choice(item.officer, item.id, json.loads(item.content), item.edition)
