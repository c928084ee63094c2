"""The actions on evidence: let it be sent, keep it with a report, hand it out, forget it. Looking at it: looking.py."""

import logging
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.core import ids, log
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict, FieldError, Gone, Invalid
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.evidence.bucket import Invitation
from chalicelib.evidence.kinds import FileKind, Mismatch, promised
from chalicelib.evidence.looking import EvidenceStorage, changed, fingerprint, forget, look, objects
from chalicelib.evidence.model import (
    MOST_BYTES,
    MOST_BYTES_IN_FORM,
    REPORT,
    UNCONFIRMED,
    File,
    FileState,
    Folder,
    clean_name,
    folder_id,
    key_of,
    sent_with,
)
from chalicelib.reports.statement import Attachment

if TYPE_CHECKING:
    from chalicelib.reports.store import Reports

# A day less than an object still has when it is confirmed at the last moment.
LOOKS_BACK = RETENTION[Kept.UNCONFIRMED_OBJECTS].length - RETENTION[Kept.UNCONFIRMED_FILES].length - timedelta(days=1)
FIELD = "file"  # the name of the field in which files come, and to which errors belong


def invite(folder: str, *, name: str, declared: str, size: int, sha256: str, storage: EvidenceStorage) -> tuple[File, Invitation]:
    """Let a browser send one file straight to the bucket: these bytes, and no others, however often it is sent.

    Raises Invalid, Conflict(`too_many_files`, `files_confirmed`).
    """
    kind = _kind(name, declared)
    _require_size(size, MOST_BYTES)
    if not _FINGERPRINT.fullmatch(sha256):
        raise Invalid([FieldError(FIELD, "not_a_form")])
    file = replace(_new(name, kind, storage.clock), sha256=sha256)
    changed(folder, lambda before: before.added(file), storage)
    return file, storage.bucket.invite(key_of(folder, file.id, "quarantine"), kind.media_type, size, sha256)


def add(folder: str, *, name: str, declared: str, content: bytes, storage: EvidenceStorage) -> File:
    """Take a file that came with a form. The same file sent twice is there once. Raises as `invite`."""
    kind = _kind(name, declared)
    _require_size(len(content), MOST_BYTES_IN_FORM)
    file = replace(_new(name, kind, storage.clock), size=len(content), sha256=fingerprint(content))

    after = changed(folder, lambda before: before if _same(file, before) else before.added(file), storage)
    present = _same(file, after or look(folder, storage)) or file
    if present.state is FileState.AWAITED:  # also the one that a script announced, and never brought
        storage.bucket.put(key_of(folder, present.id, "quarantine"), content, kind.media_type)
    return present


def remove(folder: str, file_id: str, *, storage: EvidenceStorage) -> None:
    """Forget a file that was not confirmed; nothing happens when it is not there. Raises Conflict(`files_confirmed`)."""
    if changed(folder, lambda before: before.removed(file_id), storage) is not None:
        forget(folder, file_id, storage)


def seal(before: Folder, part: str = REPORT, *, storage: EvidenceStorage) -> tuple[Attachment, ...]:
    """Confirm what a folder holds, and return it: it does not change any more. Runs twice without harm.

    The report or addition that it comes with is saved next, and then `keep` is called: if it never is, the files are forgotten
    as drafts are. A reporter who sends a form again that is not saved yet, after that long, must not name what the bucket has
    lost: the folder is open again. Raises Conflict: `files_awaited` while a file is on its way, `files_forgotten` when it is
    open again, `stale_version` when the folder was changed meanwhile.
    """
    if before.is_left(now := storage.clock.now()):
        storage.folders.save(before, before.reopened(now))
        raise Conflict("files_forgotten", days=UNCONFIRMED.days)
    if not before.is_settled:
        raise Conflict("files_awaited")
    after = before.confirmed() if before.files else before
    if after is not before:
        storage.folders.save(before, after)
    return after.attachments(part)


def keep(folder: str, *, storage: EvidenceStorage) -> None:
    """A report that was saved names the files of this folder: keep them as long as that. Runs twice without harm."""

    def named(before: Folder) -> Folder:
        if before.kept or not before.files:
            return before
        for file in before.files:
            for what in objects(file):  # first: a folder that says so, with objects that expire, would be found by nobody
                storage.bucket.keep(key_of(folder, file.id, what))
        return before.named()

    changed(folder, named, storage)


def keep_named(changed: Iterable[str], *, reports: "Reports", derivation_key: bytes, storage: EvidenceStorage) -> int:
    """Keep the files that these reports name (`changed`: references), where a request died before it did; return how many failed.

    For every report that was changed in the last LOOKS_BACK. One that fails is found again on the next day.
    """
    failed = 0
    for reference in changed:
        try:
            if report := reports.get(reference):
                for part in {file.part for file in sent_with(report)}:
                    keep(folder_id(derivation_key, report.reporter.pseudonym, reference, part), storage=storage)
        except Exception as error:  # noqa: BLE001 — one report must not keep the others' files from being kept
            failed += 1
            log.event("files_not_kept", level=logging.ERROR, reference=reference, error=type(error).__name__)
    return failed


def erase(folder: str, *, storage: EvidenceStorage) -> None:
    """Destroy all files of a folder, confirmed or not, and the folder last; nothing happens when it is not there."""
    found = storage.folders.get(folder)
    for file in found.files:
        forget(folder, file.id, storage)
    if found.version:  # 0 for one that was never kept: most folders that a report could have
        storage.folders.remove(folder)


def link(folder: Folder, file_id: str, what: str, *, storage: EvidenceStorage) -> str:
    """Return an address from which a checked file can be fetched: its `original`, or its `copy` if there is one.

    Raises NotFound, Conflict(`file_not_checked`), Gone for a file that turned out to be harmful.
    """
    file = folder.file(file_id)
    if file.state is FileState.REFUSED:
        raise Gone("file", "refused")
    if file.state is not FileState.CHECKED:
        raise Conflict("file_not_checked")
    return storage.bucket.link(key_of(folder.id, file.id, what if what in objects(file) else "original"))


def _kind(name: str, declared: str) -> FileKind:
    try:
        return promised(clean_name(name), declared)
    except Mismatch as mismatch:
        raise Invalid([FieldError(FIELD, mismatch.reason)]) from None


def _same(file: File, folder: Folder) -> File | None:
    return next((one for one in folder.files if (one.sha256, one.name) == (file.sha256, file.name)), None)


def _require_size(size: int, most: int) -> None:
    if size < 1:
        raise Invalid([FieldError(FIELD, "file_empty")])
    if size > most:
        raise Invalid([FieldError(FIELD, "file_too_large", {"most": most // (1024 * 1024)})])


def _new(name: str, kind: FileKind, clock: Clock) -> File:
    return File(id=ids.digest(ids.secret_id())[:32], name=clean_name(name), kind=kind.code, added_at=clock.now())


_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
