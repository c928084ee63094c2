"""Looking at a file that came: what is it, what is its fingerprint, what does the scanner say, what may others see of it?

A look follows from what the bucket tells, whichever way a file came, and may run twice and at once. It costs in proportion to the
file (strip/meter.py), a run looks at so many bytes, and a file at which looks end without a result is given up (ADR-0041).
"""

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.core import log
from chalicelib.core.clock import Clock
from chalicelib.core.retry import load_decide_save
from chalicelib.evidence.bucket import Bucket, Found
from chalicelib.evidence.kinds import KINDS, Mismatch, download_name, require_kind
from chalicelib.evidence.model import MOST_BYTES, MOST_LOOKS, File, FileState, Folder, key_of
from chalicelib.evidence.scanner import Scanner, Verdict
from chalicelib.evidence.store import Folders
from chalicelib.evidence.strip import Copy, Damaged, copied

MOST_BYTES_IN_A_RUN = 3 * MOST_BYTES
_REASONS = {Verdict.HARMFUL: "file_harmful", Verdict.UNKNOWN: "file_not_scanned"}
_TRIES = 12
_QUARANTINED = re.compile(r"quarantine/([0-9a-f]{40})/([0-9a-f]{32})/quarantine")


class MoreToLookAt(Exception):
    """A run looked at as much as it may; told again, as Lambda does, it finds the rest."""


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


def check_told(event: Mapping[str, Any], *, storage: EvidenceStorage) -> None:
    """Look at every file that an event of the bucket tells of. Raises MoreToLookAt when that is more than a run may take."""
    left = MOST_BYTES_IN_A_RUN
    for folder, file_id in _told(event):
        if left <= 0:
            raise MoreToLookAt
        left -= check(folder, file_id, storage=storage)


def check(folder: str, file_id: str, *, storage: EvidenceStorage) -> int:
    """Look at what came into the quarantine, and return how many bytes were read.

    A file that was removed meanwhile, or was judged before, is swept out of the quarantine, and not read.
    """
    file, key = _waiting(look(folder, storage), file_id), key_of(folder, file_id, "quarantine")
    found = storage.bucket.get(key) if file else None
    if file and found:
        verdict = storage.scanner.verdict(key, found)
        if file.state is FileState.AWAITED or verdict is not Verdict.LATER:
            _judge(folder, file, found, verdict, storage)
    if found or not file:
        _sweep(folder, file_id, storage)
    return len(found.content) if found else 0


@dataclass(frozen=True, slots=True)
class Seen:
    """The facts of a content: what kind it is, what is shown of it, and why it is refused, if it is."""

    kind: str
    size: int
    sha256: str
    reason: str = ""
    copy: Copy | None = None


def _judge(folder: str, file: File, found: Found, verdict: Verdict, storage: EvidenceStorage) -> None:
    if not _begun(folder, file.id, storage):
        return
    seen = _seen(file, found.content)
    after = changed(folder, lambda before: _with_verdict(before, file.id, seen, verdict, found, storage), storage)
    judged = next((one for one in after.files if one.id == file.id), None) if after else None
    if judged:
        log.event("file_checked", file=file.id, kind=judged.kind, state=judged.state, reason=judged.reason or "-")


def _begun(folder: str, file_id: str, storage: EvidenceStorage) -> bool:
    """Note that a look begins, before it can end without a word. False when there is none, or the file is given up."""

    def begun(before: Folder) -> Folder:
        file = _waiting(before, file_id)
        if file is None:
            return before
        return before.changed(_refused(file, "file_given_up") if file.looks >= MOST_LOOKS else file.looked_at())

    after = changed(folder, begun, storage)
    if after and _waiting(after, file_id) is None:
        log.event("file_given_up", level=logging.ERROR, file=file_id)
    return bool(after and _waiting(after, file_id))


def _seen(file: File, content: bytes) -> Seen:
    """Read a content. Pure, and the one thing here that can take long."""
    seen = Seen(file.kind, len(content), fingerprint(content))
    if file.sha256 and file.sha256 != seen.sha256:
        return replace(seen, reason="file_changed")
    if len(content) > MOST_BYTES:
        return replace(seen, reason="file_too_large")
    try:
        kind = require_kind(KINDS[file.kind], content)
        return replace(seen, kind=kind.code, copy=copied(kind.code, content))
    except Mismatch as mismatch:
        return replace(seen, reason=mismatch.reason)
    except Damaged:
        return replace(seen, reason="file_damaged")


def _with_verdict(before: Folder, file_id: str, seen: Seen, verdict: Verdict, found: Found, storage: EvidenceStorage) -> Folder:
    file = _waiting(before, file_id)
    if file is None:
        return before
    judged = _judged(file, seen, verdict)
    if judged.state is FileState.CHECKED:
        _shelve(before, judged, seen, found.content, storage)
    return before.changed(judged)


def _judged(file: File, seen: Seen, verdict: Verdict) -> File:
    """Return the file as it is once its content was seen. Pure."""
    if file.sha256 and file.sha256 != seen.sha256:  # sent again with something else in it, while this was looked at
        return _refused(file, "file_changed")
    facts = replace(file, kind=seen.kind, size=seen.size, sha256=seen.sha256, looks=0)
    reason = seen.reason or _REASONS.get(verdict, "")
    if reason:
        return _refused(facts, reason)
    state = FileState.CHECKED if verdict is Verdict.CLEAN else FileState.ARRIVED
    return replace(facts, state=state, has_copy=seen.copy is not None, hides=bool(seen.copy and seen.copy.hides))


def _refused(file: File, reason: str) -> File:
    return replace(file, state=FileState.REFUSED, reason=reason, has_copy=False, hides=False, looks=0)


def _shelve(folder: Folder, file: File, seen: Seen, content: bytes, storage: EvidenceStorage) -> None:
    kind = KINDS[file.kind]
    contents = {"original": content, "copy": seen.copy.content if seen.copy else None}
    for what, body in contents.items():
        if body is not None:
            key, name = key_of(folder.id, file.id, what), download_name(file.name, kind)
            storage.bucket.put(key, body, kind.media_type, name=name, draft=not folder.kept)


def _sweep(folder: str, file_id: str, storage: EvidenceStorage) -> None:
    """Take out of the quarantine what needs no look any more; of a file that was removed, take all."""
    file = next((one for one in look(folder, storage).files if one.id == file_id), None)
    if file is None:
        forget(folder, file_id, storage)
    elif file.state not in _WAITING:
        storage.bucket.remove(key_of(folder, file_id, "quarantine"))


_WAITING = (FileState.AWAITED, FileState.ARRIVED)


def _waiting(folder: Folder, file_id: str) -> File | None:
    return next((one for one in folder.files if one.id == file_id and one.state in _WAITING), None)


def forget(folder: str, file_id: str, storage: EvidenceStorage) -> None:
    """Take a file out of the bucket, wherever it is there."""
    for what in ("quarantine", "original", "copy"):
        storage.bucket.remove(key_of(folder, file_id, what))


def objects(file: File) -> tuple[str, ...]:
    """Return what there is of a file to hand out."""
    if file.state is not FileState.CHECKED:
        return ()
    return ("original", "copy") if file.has_copy else ("original",)


def changed(folder: str, change: Callable[[Folder], Folder], storage: EvidenceStorage) -> Folder | None:
    """Load, decide, save; and again when another was first: ten files may arrive at once. None when nothing had to change."""

    def changed(before: Folder) -> Folder:
        fresh = before.fresh(storage.clock.now())
        after = change(fresh)
        return before if after is fresh else after

    before, after = load_decide_save(lambda: storage.folders.get(folder), changed, storage.folders.save, tries=_TRIES)
    return None if after is before else after


def fingerprint(content: bytes) -> str:
    """Return the SHA-256 of a content, as everybody reads it."""
    return hashlib.sha256(content).hexdigest()


def _told(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for record in event.get("Records", ()):
        found = _QUARANTINED.fullmatch(unquote_plus(record["s3"]["object"]["key"]))
        if found:
            yield found[1], found[2]
