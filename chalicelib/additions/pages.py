"""The citizen's pages for adding to a report: choose why, tell it, send it."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid, NotFound
from chalicelib.core.language import translate
from chalicelib.reports import actions, adding, form
from chalicelib.reports.additions import Sort
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.web import html, parking
from chalicelib.web.access import CITIZEN
from chalicelib.web.call import Call
from chalicelib.web.reply import Reply, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.sentences import CONFLICT

routes = Routes(__name__)


@routes.page("/reports/{reference}/add", access=CITIZEN)
def choose(call: Call, reference: str) -> Reply:
    return html.page(call, "additions/choose.html", report=_own(call, reference), sorts=adding.SORTS)


@routes.page("/reports/{reference}/add/{sort}", access=CITIZEN)
def tell(call: Call, reference: str, sort: str) -> Reply:
    report, chosen, parked = _own(call, reference), _sort(sort), parking.parked(call)
    return _form(call, report, chosen, parked or {}, restored=parked is not None)


@routes.page("/reports/{reference}/add/{sort}", access=CITIZEN, method="POST")
def send(call: Call, reference: str, sort: str) -> Reply:
    posted, chosen = call.form(), _sort(sort)
    typed = {name: value for name, value in posted.items() if not name.startswith("_")}
    report = _own(call, reference)
    try:
        actions.add(
            report.reference,
            chosen,
            lambda before: adding.read(chosen, before, typed, now=call.services.clock.now()),
            pseudonym=call.citizen.pseudonym,
            key=call.form_key(posted),
            reports=call.services.reports,
            clock=call.services.clock,
        )
    except Invalid as invalid:
        return _form(call, report, chosen, typed, invalid.errors)
    except Conflict as conflict:
        return _form(call, report, chosen, typed, conflict=conflict)
    return redirect(f"{call.base}/reports/{report.reference}?saved={chosen}#saved")


def _own(call: Call, reference: str) -> Report:
    return actions.own(reference, pseudonym=call.citizen.pseudonym, reports=call.services.reports)


def _sort(name: str) -> Sort:
    if name not in list(Sort):
        raise NotFound("page")
    return Sort(name)


def _form(
    call: Call,
    report: Report,
    sort: Sort,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    conflict: Conflict | None = None,
    restored: bool = False,
) -> Reply:
    section = adding.section_of(sort, report)
    fields = form.fill(section, KINDS[report.kind], typed, errors)
    return html.page(
        call,
        "additions/tell.html",
        status=409 if conflict else 400 if errors else 200,
        report=report,
        section=section,
        fields=fields,
        problems=form.problems(fields, errors),
        conflict=translate(CONFLICT[conflict.code], call.language, **conflict.values) if conflict else "",
        key=ids.secret_id(),
        restored=restored,
    )
