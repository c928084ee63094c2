"""Drafts: what a citizen typed and has not confirmed. Kept 30 days, found only under the citizen's own pseudonym."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.core import ids
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict, TooLarge
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.retry import load_decide_save
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, expiry, find, wrote

KEPT = RETENTION[Kept.DRAFTS].length
ANSWER = "answer"  # the kind of a draft that is no report, but an answer to the police
LARGEST = 300 * 1024  # bytes; DynamoDB takes 400 KB, and a report of the largest kind fills a quarter of this


@dataclass(frozen=True, slots=True)
class Draft:
    """One unfinished report: `content` is JSON as the page sent it (text), not yet read by submission.py."""

    owner: str
    id: str
    kind: str
    content: dict[str, Any]
    saved_at: datetime


def answer_id(reference: str) -> str:
    """Return the id of the draft of an answer about a report: one, because one request is open at a time."""
    return f"{ANSWER}-{reference}"


Change = Callable[[dict[str, Any] | None], dict[str, Any]]


class Drafts(Protocol):
    """The store of drafts that the pages need."""

    def put(self, owner: str, draft_id: str, kind: str, content: dict[str, Any], *, kept: timedelta = KEPT) -> Draft:
        """Keep a draft, over an older one with the same id. Raises TooLarge."""
        ...

    def change(self, owner: str, draft_id: str, kind: str, change: Change) -> Draft:
        """Keep what `change` makes of the present content (None: there is no draft), so that two windows both save their part.

        `change` may be called again, when another window saved in the meantime. Raises TooLarge, Conflict(`draft_changed`).
        """
        ...

    def get(self, owner: str, draft_id: str) -> Draft | None:
        """Return the owner's draft, None when there is none (any more)."""
        ...

    def of_owner(self, owner: str) -> tuple[Draft, ...]:
        """Return all that a citizen has not finished, the newest saved first."""
        ...

    def remove(self, owner: str, draft_id: str) -> None:
        """Forget a draft; nothing happens when it is not there."""
        ...


class DraftItem(Model):
    """A draft as DynamoDB keeps it."""

    owner = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    content = UnicodeAttribute()
    saved_at = InstantAttribute()
    expires_at = NumberAttribute()
    edition = UnicodeAttribute(null=True)  # another one with every save


class DraftStore:
    """Drafts in DynamoDB."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._model, self._clock = bind(DraftItem, "drafts", settings), clock

    def put(self, owner: str, draft_id: str, kind: str, content: dict[str, Any], *, kept: timedelta = KEPT) -> Draft:
        item = self._fresh(owner, draft_id, kind, content, kept)
        item.save()
        return _draft_of(item)

    def change(self, owner: str, draft_id: str, kind: str, change: Change) -> Draft:
        def changed(found: DraftItem | None) -> DraftItem:
            before = json.loads(found.content) if found and self._is_kept(found) else None
            return self._fresh(owner, draft_id, kind, change(before), KEPT)

        def saved(found: DraftItem | None, item: DraftItem) -> DraftItem:
            if not wrote(item.save, _unchanged(found)):
                raise Conflict("draft_changed")
            return item

        return _draft_of(load_decide_save(lambda: self._item(owner, draft_id), changed, saved, tries=_TRIES)[1])

    def get(self, owner: str, draft_id: str) -> Draft | None:
        item = self._item(owner, draft_id)
        return _draft_of(item) if item and self._is_kept(item) else None

    def of_owner(self, owner: str) -> tuple[Draft, ...]:
        found = (_draft_of(item) for item in self._model.query(owner, consistent_read=True) if self._is_kept(item))
        return tuple(sorted(found, key=lambda draft: draft.saved_at, reverse=True))

    def remove(self, owner: str, draft_id: str) -> None:
        self._model(owner=owner, id=draft_id).delete()

    def _item(self, owner: str, draft_id: str) -> DraftItem | None:
        return find(self._model, owner, draft_id)

    def _fresh(self, owner: str, draft_id: str, kind: str, content: dict[str, Any], kept: timedelta) -> DraftItem:
        now, text = self._clock.now(), json.dumps(content, ensure_ascii=False)
        if len(text.encode()) > LARGEST:
            raise TooLarge(LARGEST)
        expires_at, edition = expiry(now + kept), ids.secret_id()[:_EDITION]
        return self._model(
            owner=owner, id=draft_id, kind=kind, content=text, saved_at=now, expires_at=expires_at, edition=edition
        )

    def _is_kept(self, item: DraftItem) -> bool:
        """True within the thirty days; DynamoDB may take two days more to delete."""
        return item.expires_at >= self._clock.now().timestamp()


_TRIES = 5
_EDITION = 12  # characters of chance: two saves of one draft do not have the same


def _unchanged(found: DraftItem | None) -> Any:
    """The condition that a draft is still as it was read."""
    if found is None:
        return DraftItem.id.does_not_exist()
    return DraftItem.edition == found.edition if found.edition else DraftItem.edition.does_not_exist()


def _draft_of(item: DraftItem) -> Draft:
    return Draft(item.owner, item.id, item.kind, json.loads(item.content), item.saved_at)
