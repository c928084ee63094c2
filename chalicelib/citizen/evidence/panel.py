"""Files within a form of any page: the panel that shows them, and doing what the form asks with them.

A page of another room makes a `Panel`, draws it with `evidence/panel.html` inside its own form (multipart), and gives the posted
form to `taken`. A script sends larger files past the form (pages.py); without one the same form does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.evidence import actions, looking, presenter
from chalicelib.evidence.kinds import ACCEPT
from chalicelib.evidence.model import MOST_BYTES, MOST_BYTES_IN_FORM, MOST_FILES, REPORT, File, Folder, folder_id
from chalicelib.web.request import Request

PURPOSE = "upload"  # under which sent files are counted
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One file of the panel, in the reader's language (`state` and `reason` are messages and codes)."""

    file: File
    facts: str
    state: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The content of the panel. `address` is where its script asks and sends; `problems` are what is wrong with what was sent."""

    lines: tuple[Line, ...]
    address: str
    is_full: bool
    is_settled: bool
    problems: tuple[FieldError, ...] = ()
    accept: str = ACCEPT
    most: int = MOST_FILES
    most_mb: int = MOST_BYTES // _MB
    most_mb_in_form: int = MOST_BYTES_IN_FORM // _MB


def folder_of(request: Request, reference: str, part: str = REPORT) -> Folder:
    """Return the citizen's own folder for a part of a report (of a draft: under the number that its report will have)."""
    return looking.look(id_of(request, reference, part), request.services.evidence_storage)


def id_of(request: Request, reference: str, part: str) -> str:
    return folder_id(request.services.derivation_key, request.citizen.pseudonym, reference, part)


def panel(request: Request, reference: str, part: str = REPORT, problems: Sequence[FieldError] = ()) -> Panel:
    """Return the panel for a part of a report."""
    folder = folder_of(request, reference, part)
    lines = tuple(
        Line(file, presenter.facts(file.kind, file.size, request.language), presenter.STATES[file.state]) for file in folder.files
    )
    return Panel(lines, f"/files/{reference}/{part}", folder.is_full, folder.is_settled, tuple(problems))


def taken(request: Request, reference: str, part: str = REPORT) -> tuple[bool, list[FieldError]]:
    """Do what the posted form asks with files: `remove.<id>` takes one away, whatever was chosen is added.

    Returns whether that was all that the form asked (its button was the panel's own), and what is wrong.
    """
    folder, posted = id_of(request, reference, part), request.form()
    button, _, file_id = str(posted.get("_go", "")).partition(".")
    try:
        if button == "remove":
            actions.remove(folder, file_id, storage=request.services.evidence_storage)
        files = request.files()
        for file in files:
            request.services.daily.count_try(PURPOSE, request.citizen.pseudonym)
            actions.add(
                folder,
                name=file.filename or "",
                declared=file.media_type,
                content=file.content,
                storage=request.services.evidence_storage,
            )
    except Invalid as invalid:
        return True, list(invalid.errors)
    except Conflict as conflict:
        if conflict.code not in ("too_many_files", "files_confirmed"):
            raise
        return True, [FieldError(actions.FIELD, conflict.code, conflict.values)]
    if button == "add" and not files:
        return True, [FieldError(actions.FIELD, "file_required")]
    return button in ("add", "remove"), []
