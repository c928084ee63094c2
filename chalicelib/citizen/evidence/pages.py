"""The requests of the panel's script, and the download of a reporter's own files."""

from typing import Any

from chalicelib.citizen.evidence.panel import PURPOSE, folder_of, id_of, panel
from chalicelib.citizen.own import own_reports
from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid, NotFound
from chalicelib.core.language import translate
from chalicelib.evidence import actions
from chalicelib.evidence.model import FileState, sent_with
from chalicelib.reports import actions as reports
from chalicelib.web import html
from chalicelib.web.access import CITIZEN
from chalicelib.web.messages import CONFLICT, field_sentence
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/files/{reference}/{part}", access=CITIZEN)
def state(request: Request, reference: str, part: str) -> Response:
    """How far the files are, with the list as the page would show it now."""
    found = panel(request, _reference(reference), part)
    listed = html.page(request, "evidence/listed.html", panel=found)
    awaited = [line.file.id for line in found.lines if line.file.state is FileState.AWAITED]
    return as_json({"awaited": awaited, "html": listed.body})


@routes.page("/files/{reference}/{part}", access=CITIZEN, method="POST")
def start(request: Request, reference: str, part: str) -> Response:
    """Give the permission to send one file straight to the bucket; a refusal is a sentence to show beside the file."""
    folder, asked = id_of(request, _reference(reference), part), request.form()
    try:
        request.services.daily.count_try(PURPOSE, request.citizen.pseudonym)
        file, invitation = actions.invite(
            folder,
            name=_text(asked.get("name")),
            declared=_text(asked.get("type")),
            size=_number(asked.get("size")),
            sha256=_text(asked.get("sha256")),
            storage=request.services.evidence_storage,
        )
    except Invalid as invalid:
        return as_json({"error": field_sentence(invalid.errors[0], request.language)}, 400)
    except Conflict as conflict:
        return as_json({"error": translate(CONFLICT[conflict.code], request.language, **conflict.values)}, 409)
    return as_json({"id": file.id, "url": invitation.url, "fields": invitation.fields})


@routes.page("/reports/{reference}/files/{file}", access=CITIZEN)
def download(request: Request, reference: str, file: str) -> Response:
    """Lead to the file for a minute: a picture without what it tells about its maker, anything else as it was sent."""
    report = reports.own(reference, mine=own_reports(request))
    found = next((one for one in sent_with(report) if one.id == file), None)
    if found is None:
        raise NotFound("file")
    folder = folder_of(request, report.reference, found.part)
    return redirect(actions.link(folder, found.id, "copy", storage=request.services.evidence_storage))


def _reference(text: str) -> str:
    known = ids.parse_reference(text)
    if known is None:
        raise NotFound("report")
    return known


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > 12:  # noqa: PLR2004
        raise Invalid([FieldError("size", "not_a_number")])
    return int(value)
