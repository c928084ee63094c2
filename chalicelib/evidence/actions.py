"""The actions on evidence: let it be sent, look at it, keep it with a report, hand it out, forget it.

Looking (`check`) follows from what the bucket tells, whichever way a file came, and may run twice and at once.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from chalicelib.core import ids, log
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict, FieldError, Gone, Invalid
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.retry import load_decide_save
from chalicelib.evidence.bucket import Bucket, Invitation
from chalicelib.evidence.kinds import KINDS, FileKind, Mismatch, promised, require_kind
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
from chalicelib.evidence.scanner import Scanner, Verdict
from chalicelib.evidence.store import Folders
from chalicelib.evidence.strip import Damaged, stripped
from chalicelib.reports.statement import Attachment

if TYPE_CHECKING:
    from chalicelib.reports.store import Reports

# A day less than an object still has when it is confirmed at the last moment.
LOOKS_BACK = RETENTION[Kept.UNCONFIRMED_OBJECTS].length - RETENTION[Kept.UNCONFIRMED_FILES].length - timedelta(days=1)
FIELD = "file"  # the name of the field in which files come, and to which errors belong


@dataclass(frozen=True, slots=True)
class EvidenceStorage:
    """The stores that evidence is kept in, and the scanner that looks at it."""

    folders: Folders
    bucket: Bucket
    scanner: Scanner
    clock: Clock


def look(folder: str, storage: EvidenceStorage) -> Folder:
    """Return a folder as it is now, without what never arrived."""
    return storage.folders.get(folder).fresh(storage.clock.now())


def invite(folder: str, *, name: str, declared: str, size: int, storage: EvidenceStorage) -> tuple[File, Invitation]:
    """Let a browser send one file straight to the bucket. Raises Invalid, Conflict(`too_many_files`, `files_confirmed`)."""
    kind = _kind(name, declared)
    _require_size(size, MOST_BYTES)
    file = _new(name, kind, storage.clock)
    _changed(folder, lambda before: before.added(file), storage)
    return file, storage.bucket.invite(key_of(folder, file.id, "quarantine"), kind.media_type, size)


def add(folder: str, *, name: str, declared: str, content: bytes, storage: EvidenceStorage) -> File:
    """Take a file that came with a form. The same file sent twice is there once. Raises as `invite`."""
    kind = _kind(name, declared)
    _require_size(len(content), MOST_BYTES_IN_FORM)
    file = replace(_new(name, kind, storage.clock), size=len(content), sha256=_sha256(content))

    def with_file(before: Folder) -> Folder:
        is_there = any((one.sha256, one.name) == (file.sha256, file.name) for one in before.files)
        return before if is_there else before.added(file)

    if _changed(folder, with_file, storage) is not None:
        storage.bucket.put(key_of(folder, file.id, "quarantine"), content, kind.media_type)
    return file


def remove(folder: str, file_id: str, *, storage: EvidenceStorage) -> None:
    """Forget a file that was not confirmed; nothing happens when it is not there. Raises Conflict(`files_confirmed`)."""
    if _changed(folder, lambda before: before.removed(file_id), storage) is not None:
        _forget(folder, file_id, storage)


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
            for what in _objects(file):  # first: a folder that says so, with objects that expire, would be found by nobody
                storage.bucket.keep(key_of(folder, file.id, what))
        return before.named()

    _changed(folder, named, storage)


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
        _forget(folder, file.id, storage)
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
    return storage.bucket.link(key_of(folder.id, file.id, what if what in _objects(file) else "original"))


def check_told(event: Mapping[str, Any], *, storage: EvidenceStorage) -> None:
    """Check every file that an event of the bucket tells of."""
    for folder, file_id in _told(event):
        check(folder, file_id, storage=storage)


def check(folder: str, file_id: str, *, storage: EvidenceStorage) -> None:
    """Look at what came into the quarantine: is it what it says, what is its fingerprint, what does the scanner say of it?

    A file that was removed meanwhile, or was judged before, is only swept out of the quarantine.
    """
    key = key_of(folder, file_id, "quarantine")
    content = storage.bucket.get(key)
    if content is None:
        return
    after = _changed(folder, lambda before: _with_verdict(before, file_id, key, content, storage), storage)
    present = after or storage.folders.get(folder)
    file = next((one for one in present.files if one.id == file_id), None)
    if file is None:  # removed while it was looked at
        _forget(folder, file_id, storage)
    elif file.state is not FileState.ARRIVED:
        storage.bucket.remove(key)
    if after and file:
        log.event("file_checked", file=file_id, kind=file.kind, state=file.state, reason=file.reason or "-")


def _with_verdict(before: Folder, file_id: str, key: str, content: bytes, storage: EvidenceStorage) -> Folder:
    file = next((one for one in before.files if one.id == file_id), None)
    if file is None or file.state not in (FileState.AWAITED, FileState.ARRIVED):
        return before
    judged = _judged(file, content, storage.scanner.verdict(key, content))
    if judged.state is FileState.CHECKED:
        _shelve(before, judged, content, storage)
    return before if judged == file else before.changed(judged)


def _judged(file: File, content: bytes, verdict: Verdict) -> File:
    """Return the file as it is once its content was seen. Pure."""
    facts = replace(file, size=len(content), sha256=_sha256(content))
    if file.sha256 and file.sha256 != facts.sha256:  # sent again with something else in it, after it was looked at
        return _refused(file, "file_changed")
    if len(content) > MOST_BYTES:
        return _refused(facts, "file_too_large")
    try:
        require_kind(KINDS[file.kind], content)
        copy = stripped(file.kind, content)
    except Mismatch as mismatch:
        return _refused(facts, mismatch.reason)
    except Damaged:
        return _refused(facts, "file_damaged")
    if verdict in _REASONS:
        return _refused(facts, _REASONS[verdict])
    state = FileState.CHECKED if verdict is Verdict.CLEAN else FileState.ARRIVED
    return replace(facts, state=state, has_copy=copy is not None)


_REASONS = {Verdict.HARMFUL: "file_harmful", Verdict.UNKNOWN: "file_not_scanned"}


def _refused(file: File, reason: str) -> File:
    return replace(file, state=FileState.REFUSED, reason=reason, has_copy=False)


def _shelve(folder: Folder, file: File, content: bytes, storage: EvidenceStorage) -> None:
    media_type = KINDS[file.kind].media_type
    contents = {"original": content, "copy": stripped(file.kind, content)}
    for what, body in contents.items():
        if body is not None:
            key = key_of(folder.id, file.id, what)
            storage.bucket.put(key, body, media_type, name=file.name, draft=not folder.kept)


def _forget(folder: str, file_id: str, storage: EvidenceStorage) -> None:
    for what in ("quarantine", "original", "copy"):
        storage.bucket.remove(key_of(folder, file_id, what))


def _objects(file: File) -> tuple[str, ...]:
    if file.state is not FileState.CHECKED:
        return ()
    return ("original", "copy") if file.has_copy else ("original",)


def _changed(folder: str, change: Callable[[Folder], Folder], storage: EvidenceStorage) -> Folder | None:
    """Load, decide, save; and again when another was first: ten files may arrive at once. None when nothing had to change."""

    def changed(before: Folder) -> Folder:
        fresh = before.fresh(storage.clock.now())
        after = change(fresh)
        return before if after is fresh else after

    before, after = load_decide_save(lambda: storage.folders.get(folder), changed, storage.folders.save, tries=_TRIES)
    return None if after is before else after


_TRIES = 12


def _kind(name: str, declared: str) -> FileKind:
    try:
        return promised(clean_name(name), declared)
    except Mismatch as mismatch:
        raise Invalid([FieldError(FIELD, mismatch.reason)]) from None


def _require_size(size: int, most: int) -> None:
    if size < 1:
        raise Invalid([FieldError(FIELD, "file_empty")])
    if size > most:
        raise Invalid([FieldError(FIELD, "file_too_large", {"most": most // (1024 * 1024)})])


def _new(name: str, kind: FileKind, clock: Clock) -> File:
    return File(id=ids.digest(ids.secret_id())[:32], name=clean_name(name), kind=kind.code, added_at=clock.now())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


_QUARANTINED = re.compile(r"quarantine/([0-9a-f]{40})/([0-9a-f]{32})/quarantine")


def _told(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for record in event.get("Records", ()):
        found = _QUARANTINED.fullmatch(unquote_plus(record["s3"]["object"]["key"]))
        if found:
            yield found[1], found[2]
