"""Folders in DynamoDB: one item each. Files that no report names are forgotten after thirty days, as drafts are."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.settings import Settings
from chalicelib.core.tables import bind, expiry, find, wrote
from chalicelib.evidence.model import UNCONFIRMED, File, FileState, Folder

LONGEST = RETENTION[Kept.FILES].length


class Folders(Protocol):
    """The store of folders that the actions need."""

    def get(self, folder: str) -> Folder:
        """Return a folder as it is now; an empty one when nothing was ever in it."""
        ...

    def save(self, before: Folder, after: Folder) -> Folder:
        """Keep `after` where `before` was. Raises Conflict(`stale_version`) when somebody was first."""
        ...

    def remove(self, folder: str) -> None:
        """Forget a folder, whatever is in it; nothing happens when it is not there."""
        ...


class FolderItem(Model):
    """A folder as DynamoDB keeps it; `files` is JSON, because nothing asks the table about one file."""

    id = UnicodeAttribute(hash_key=True)
    version = NumberAttribute()
    files = UnicodeAttribute()
    sealed = NumberAttribute(null=True)
    kept = NumberAttribute()
    expires_at = NumberAttribute(null=True)


class FolderStore:
    """Folders in DynamoDB."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._model, self._clock = bind(FolderItem, "files", settings), clock

    def get(self, folder: str) -> Folder:
        item = find(self._model, folder)
        if item is None:
            return Folder(id=folder)
        if item.expires_at and item.expires_at < self._clock.now().timestamp():  # DynamoDB may take two days more to delete
            return Folder(id=folder, version=int(item.version))
        files = tuple(map(_file, json.loads(item.files)))
        sealed = bool(item.sealed or item.kept)
        return Folder(id=item.id, version=int(item.version), files=files, sealed=sealed, kept=bool(item.kept))

    def save(self, before: Folder, after: Folder) -> Folder:
        item = self._model(
            id=after.id,
            version=after.version,
            files=json.dumps([_row(file) for file in after.files], ensure_ascii=False, default=datetime.isoformat),
            sealed=int(after.sealed),
            kept=int(after.kept),
            expires_at=expiry(self._clock.now() + (LONGEST if after.kept else UNCONFIRMED)),
        )
        unchanged = FolderItem.version == before.version if before.version else FolderItem.id.does_not_exist()
        if not wrote(item.save, condition=unchanged):
            raise Conflict("stale_version")
        return after

    def remove(self, folder: str) -> None:
        self._model(id=folder).delete()


def _row(file: File) -> dict[str, Any]:
    """Return a file as it is kept; what came later is kept where it says something, so that a version before reads the rest."""
    return {name: value for name, value in asdict(file).items() if value or name not in _LATER}


_LATER = ("looks", "hides")


def _file(content: dict[str, Any]) -> File:
    facts = {"added_at": datetime.fromisoformat(content["added_at"]), "state": FileState(content["state"])}
    return File(**{**content, **facts})
