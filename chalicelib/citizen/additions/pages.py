"""The citizen's pages for adding to a report: choose why, tell it, with files if there are any, send it."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.citizen.evidence.panel import folder_of, panel, taken
from chalicelib.citizen.own import own_reports
from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid, NotFound
from chalicelib.core.language import N_, translate
from chalicelib.evidence import actions as evidence
from chalicelib.forms import fields as form
from chalicelib.reports import actions, addition_form, wizard
from chalicelib.reports.additions import Sort
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.web import form_recovery, html
from chalicelib.web.access import CITIZEN
from chalicelib.web.messages import CONFLICT
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)
FILES_LABEL = N_("Choose files")


@routes.page("/reports/{reference}/add", access=CITIZEN)
def choose(request: Request, reference: str) -> Response:
    return html.page(request, "additions/choose.html", report=_own(request, reference), sorts=addition_form.SORTS)


@routes.page("/reports/{reference}/add/{sort}", access=CITIZEN)
def tell(request: Request, reference: str, sort: str) -> Response:
    report, chosen, recovered = _own(request, reference), _sort(sort), form_recovery.recovered(request)
    return _form(request, report, chosen, recovered or {}, restored=recovered is not None)


@routes.page("/reports/{reference}/add/{sort}", access=CITIZEN, method="POST", files=True)
def send(request: Request, reference: str, sort: str) -> Response:
    """Add or take away a file if that is what the form asks; else send what was told, with the files that are there."""
    posted, chosen = request.form(), _sort(sort)
    typed = {name: value for name, value in posted.items() if not name.startswith("_")}
    report = _own(request, reference)
    stays, problems = taken(request, report.reference, addition_form.folder_of(chosen, report))
    if stays or problems:
        return _form(request, report, chosen, typed, problems)
    try:
        _add(request, report, chosen, typed, request.form_key(posted))
    except Invalid as invalid:
        return _form(request, report, chosen, typed, invalid.errors)
    except Conflict as conflict:
        return _form(request, report, chosen, typed, conflict=conflict)
    return redirect(f"{request.base}/reports/{report.reference}?saved={chosen}#saved")


def _add(request: Request, report: Report, sort: Sort, typed: Mapping[str, Any], key: str) -> None:
    """Seal the files, add, and keep them; what is wrong with the words is said before anything is sealed."""
    if report.handled(key):
        return
    now, part = request.services.clock.now(), addition_form.folder_of(sort, report)
    addition_form.parse(sort, report, typed, now=now)
    folder, storage = folder_of(request, report.reference, part), request.services.evidence_storage
    files = evidence.seal(folder, part, storage=storage)
    actions.add(
        report.reference,
        sort,
        lambda before: addition_form.parse(sort, before, typed, addition_form.unsent(before, files), now=now),
        key=key,
        mine=own_reports(request),
    )
    evidence.keep(folder.id, storage=storage)


def _own(request: Request, reference: str) -> Report:
    return actions.own(reference, mine=own_reports(request))


def _sort(name: str) -> Sort:
    if name not in list(Sort):
        raise NotFound("page")
    return Sort(name)


def _form(
    request: Request,
    report: Report,
    sort: Sort,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    conflict: Conflict | None = None,
    restored: bool = False,
) -> Response:
    section = addition_form.section_of(sort, report)
    files = [error for error in errors if error.field == evidence.FIELD]
    fields = wizard.fill(section, KINDS[report.kind], typed, errors)
    return html.page(
        request,
        "additions/tell.html",
        status=409 if conflict else 400 if errors else 200,
        report=report,
        section=section,
        fields=fields,
        panel=panel(request, report.reference, addition_form.folder_of(sort, report), files),
        problems=[form.Problem(one.error, one.label or FILES_LABEL, one.row) for one in form.problems(fields, errors)],
        conflict=translate(CONFLICT[conflict.code], request.language, **conflict.values) if conflict else "",
        key=ids.secret_id(),
        restored=restored,
    )
