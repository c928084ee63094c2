"""A folder of evidence: at most ten files that belong to one report, one answer or one addition of one citizen. Pure.

A folder is one item (as a report is, ADR-0001), so that ten is ten however many are sent at once. Its id follows from whose it is
and what it is for: another person's folder cannot be named.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, NotFound
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.reports.additions import Sort, part_of
from chalicelib.reports.model import Report
from chalicelib.reports.statement import Attachment

MOST_FILES = 10
MOST_BYTES = 15 * 1024 * 1024
MOST_BYTES_IN_FORM = 4 * 1024 * 1024  # a Lambda takes 6 MB with what base64 adds
MOST_LOOKS = 2  # that may end without a result (ADR-0041): the third time that Lambda tells of a file, it is given up
NAME_LENGTH = 100
UNCONFIRMED = RETENTION[Kept.UNCONFIRMED_FILES].length
ARRIVES_WITHIN = timedelta(hours=1)  # what did not arrive by then will not come; the permission to send it is long over

_TELLING = frozenset({"heic", "pdf"})  # kinds that tell of their maker, and of which no copy was made at first
REPORT = "report"  # the part of a report that the wizard makes; `answer-1`, `addition-…` are others
_PART = re.compile(r"report|answer-[0-9]{1,4}|addition-[A-Za-z0-9_-]{1,43}")


class FileState(StrEnum):
    """How far a file has come."""

    AWAITED = "awaited"  # it may be sent; nothing arrived yet
    ARRIVED = "arrived"  # it is what it says it is, and its fingerprint is known; the scanner has not said so yet
    CHECKED = "checked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file. `name` is cleaned, `kind` a code of kinds.KINDS, `reason` why it was refused (a code of web/messages.py).

    `sha256` is known from the beginning: whoever asks to send a file says which bytes. `looks` counts those that began and have
    no result. `hides` when something may be left in its copy that nobody sees.
    """

    id: str
    name: str
    kind: str
    added_at: datetime
    state: FileState = FileState.AWAITED
    size: int = 0
    sha256: str = ""
    has_copy: bool = False
    reason: str = ""
    looks: int = 0
    hides: bool = False

    @property
    def may_hide(self) -> bool:
        """True when whoever opens it may get more than is seen: not all could be taken out, or no copy is made."""
        return self.hides or (self.kind in _TELLING and not self.has_copy)

    def looked_at(self) -> "File":
        return replace(self, looks=self.looks + 1)

    @property
    def is_sound(self) -> bool:
        """True when it may be confirmed: what it is and its fingerprint are known."""
        return self.state in (FileState.ARRIVED, FileState.CHECKED)

    def attachment(self, part: str = REPORT) -> Attachment:
        return Attachment(self.id, self.name, self.kind, self.size, self.sha256, part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The files of one part of a report. `version` is 0 for a folder in which nothing ever was.

    `sealed` once its files were confirmed: nothing is added or taken away. `kept` once what they came with was saved; until then
    they are forgotten as a draft is.
    """

    id: str
    version: int = 0
    files: tuple[File, ...] = ()
    sealed: bool = False
    kept: bool = False

    def file(self, file_id: str) -> File:
        """Return the file with this id. Raises NotFound: what another has in a folder of their own is not in this one."""
        found = next((file for file in self.files if file.id == file_id), None)
        if found is None:
            raise NotFound("file")
        return found

    def fresh(self, at: datetime) -> "Folder":
        """Return the folder without the files that never arrived, or were never confirmed."""
        if self.sealed:
            return self
        lives = {FileState.AWAITED: ARRIVES_WITHIN}
        left = tuple(file for file in self.files if at < file.added_at + lives.get(file.state, UNCONFIRMED))
        return self._with(left, same_version=True)

    def added(self, file: File) -> "Folder":
        """Return the folder with one file more. Raises Conflict (`files_confirmed`, `too_many_files`)."""
        if self.sealed:
            raise Conflict("files_confirmed")
        if len(self.files) >= MOST_FILES:
            raise Conflict("too_many_files", most=MOST_FILES)
        return self._with((*self.files, file))

    def removed(self, file_id: str) -> "Folder":
        """Return the folder without a file; unchanged when it is not there. Raises Conflict(`files_confirmed`)."""
        left = tuple(file for file in self.files if file.id != file_id)
        if self.sealed and len(left) < len(self.files):
            raise Conflict("files_confirmed")
        return self if len(left) == len(self.files) else self._with(left)

    def changed(self, file: File) -> "Folder":
        """Return the folder in which a file is as it is now."""
        return self._with(tuple(file if file.id == one.id else one for one in self.files))

    def confirmed(self) -> "Folder":
        """Return the folder with its files confirmed; unchanged when they were before."""
        return self if self.sealed else replace(self._with(self.files), sealed=True)

    def is_left(self, at: datetime) -> bool:
        """True when it was confirmed, what it came with was never saved, and by now a file is too old to be there much longer."""
        return self.sealed and not self.kept and any(at >= file.added_at + UNCONFIRMED for file in self.files)

    def reopened(self, at: datetime) -> "Folder":
        """Return the folder as before it was confirmed, without what is too old."""
        return replace(self._with(self.files), sealed=False).fresh(at)

    def named(self) -> "Folder":
        """Return the folder as it is kept with the report that names its files; unchanged when it was before."""
        return self if self.kept else replace(self._with(self.files), sealed=True, kept=True)

    @property
    def is_settled(self) -> bool:
        """True when nothing is on its way: what can be confirmed is known."""
        return all(file.state is not FileState.AWAITED for file in self.files)

    @property
    def is_full(self) -> bool:
        return len(self.files) >= MOST_FILES

    def attachments(self, part: str = REPORT) -> tuple[Attachment, ...]:
        """The list that a reporter confirms with a part: every sound file, in the order in which they were added."""
        return tuple(file.attachment(part) for file in self.files if file.is_sound)

    def _with(self, files: tuple[File, ...], *, same_version: bool = False) -> "Folder":
        return replace(self, files=files, version=self.version + (not same_version))


def sent_with(report: Report) -> tuple[Attachment, ...]:
    """Return every file that was sent with a report: with the report itself, and later."""
    with_answers = (file for one in report.questions for file in one.evidence)
    return (*report.statement.evidence, *with_answers, *(file for one in report.additions for file in one.evidence))


def parts_of(report: Report) -> tuple[str, ...]:
    """Return the parts of a report that may have a folder with files; the report itself always may.

    Files are kept before what they come with is saved: if that then was not (too late, no room), the report names them nowhere.
    """
    asked = (question.folder for question in report.questions if question.wants_files)
    added = (part_of(sort, number) for number in range(1, len(report.additions) + 2) for sort in Sort)
    return tuple(dict.fromkeys((REPORT, *(attachment.part for attachment in sent_with(report)), *asked, *added)))


def folder_id(derivation_key: bytes, pseudonym: str, reference: str, part: str = REPORT) -> str:
    """Return the id of a citizen's folder for a part of a report. Raises NotFound for a part that reports do not have."""
    if not _PART.fullmatch(part):
        raise NotFound("part")
    return ids.derive(derivation_key, "evidence", pseudonym, reference, part).hex()[:40]


def clean_name(name: str) -> str:
    """Return a file's name as people may see it again: no folders, no invisible characters, not too long; never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(one if one == " " or unicodedata.category(one)[0] not in "CZ" else " " for one in last if not _joins(one))
    words = " ".join(plain.split()).lstrip(". ")
    stem, dot, end = words.rpartition(".")
    if not dot or len(end) > _EXTENSION_LENGTH:
        stem, dot, end = words, "", ""
    return (stem[: NAME_LENGTH - len(dot + end)].rstrip() or "-") + dot + end


_EXTENSION_LENGTH = 5


def _joins(character: str) -> bool:
    """True for what turns the direction of a text or joins letters unseen: a name must end as it shows."""
    return unicodedata.category(character) == "Cf"


KEYS: Mapping[str, str] = {"quarantine": "quarantine", "original": "kept", "copy": "kept"}


def key_of(folder: str, file_id: str, what: str) -> str:
    """Return where in the bucket a file is: in `quarantine`, or once it was looked at as `original` and `copy`."""
    return f"{KEYS[what]}/{folder}/{file_id}/{what}"
