"""The pages of who checks officers: looks and acts per report, per officer and month, and the registers of a week."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from chalicelib.audit.model import Record, weeks_until
from chalicelib.core import ids
from chalicelib.core.clock import day_of, month_of
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.language import N_
from chalicelib.desk.actions import Desk
from chalicelib.desk.audit import actions
from chalicelib.desk.audit.labels import REGISTER_WORDS, SYSTEM, SYSTEM_OF, WHY, words_of
from chalicelib.desk.audit.schemas import OfficerQuery, RegisterQuery
from chalicelib.desk.labels import event_words
from chalicelib.forms import fields
from chalicelib.forms.questions import Need, Question
from chalicelib.people.model import StaffRole
from chalicelib.people.permissions import REASON_WORDS, REASONS, Permission, reasons_of
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.schema import parse

routes = Routes(__name__)
AUDITING = REASONS[StaffRole.AUDITOR]
WEEKS = 6  # of which the first page shows the registers
_NUMBER = Question("number", N_("Number of a report"), need=Need.REQUIRED, most=20, autocomplete="off")
_OFFICER = Question(
    "officer", N_("Staff id"), need=Need.REQUIRED, hint=N_("As on the pass: NN1234."), most=120, autocomplete="off"
)
_MONTH = Question("month", N_("Month"), need=Need.REQUIRED, hint=N_("For example 2016-07."), most=7)


@routes.page("/desk/audit", access=officer(Permission.READ_AUDIT))
def begin(request: Request) -> Response:
    return _begin(request)


@routes.page("/desk/audit", access=officer(Permission.READ_AUDIT), method="POST")
def choose(request: Request) -> Response:
    """Lead to what was asked for. A typed text may be a name: it comes into no address before it is known to be a number."""
    typed = request.form()
    if request.wanted_language:
        return _begin(request, typed)
    if (reason := typed.get("reason")) is not None:
        return _because(request, reason)
    if _NUMBER.name in typed:
        return _to_report(request, typed)
    try:
        query = parse(OfficerQuery, {name: typed.get(name, "") for name in (_OFFICER.name, _MONTH.name)})
    except Invalid as invalid:
        return _begin(request, typed, invalid.errors)
    return redirect(f"{request.base}/desk/audit/officers?{urlencode({'officer': query.officer, 'month': query.month})}")


@routes.page("/desk/audit/reports/{reference}", access=officer(Permission.READ_AUDIT))
def of_report(request: Request, reference: str) -> Response:
    found = actions.of_report(reference, cursor=request.argument("cursor"), desk=Desk.of(request))
    return html.page(
        request,
        "desk/audit/report.html",
        reference=found.reference,
        looks=_lines(found.looks.records),
        counted=_counted(found.looks.records),
        refused=_lines(found.refused),
        audited=_lines(found.audited),
        by_system=[(event.at, SYSTEM_OF.get(event.kind, SYSTEM), event_words(event)) for event in found.by_system],
        reasons=WHY,
        next_query=_next({}, found.looks.next_cursor),
    )


@routes.page("/desk/audit/officers", access=officer(Permission.READ_AUDIT))
def of_officer(request: Request) -> Response:
    query = parse(OfficerQuery, _arguments(request, "officer", "month", "cursor"))
    page = actions.of_officer(query.officer, query.month, cursor=query.cursor, desk=Desk.of(request))
    return html.page(
        request,
        "desk/audit/officer.html",
        officer=query.officer,
        month=query.month,
        looks=_lines(page.records),
        counted=_counted(page.records),
        reasons=WHY,
        next_query=_next({"officer": query.officer, "month": query.month}, page.next_cursor),
    )


@routes.page("/desk/audit/registers", access=officer(Permission.READ_AUDIT))
def of_week(request: Request) -> Response:
    query = parse(RegisterQuery, _arguments(request, "week", "register", "cursor"))
    register = query.register_
    page = actions.of_week(query.week, register, cursor=query.cursor, desk=Desk.of(request))
    return html.page(
        request,
        "desk/audit/register.html",
        week=query.week,
        register=register,
        is_running=query.week == weeks_until(day_of(request.services.clock.now()), 1)[0],
        words=REGISTER_WORDS[register],
        looks=[(line.record, words_of(line.record), _report_of(line.record), line.followed) for line in page.lines],
        reasons=WHY,
        next_query=_next({"week": query.week, "register": register.value}, page.next_cursor),
    )


def _begin(request: Request, typed: Mapping[str, Any] | None = None, errors: Sequence[FieldError] = ()) -> Response:
    today = day_of(request.services.clock.now())
    values = {_MONTH.name: month_of(today), **(typed or {})}
    by_report, by_officer, by_month = (fields.field_of(each, values, errors) for each in (_NUMBER, _OFFICER, _MONTH))
    return html.page(
        request,
        "desk/audit/begin.html",
        status=400 if errors else 200,
        by_report=by_report,
        by_officer=[by_officer, by_month],
        problems=fields.problems([by_report, by_officer, by_month], errors),
        weeks=weeks_until(today, WEEKS),
        registers=REGISTER_WORDS,
        because=actions.reason_of(Desk.of(request)),
        reasons={reason: REASON_WORDS[reason] for reason in reasons_of(request.officer) if reason in AUDITING},
    )


def _because(request: Request, reason: object) -> Response:
    """Keep for the rest of the session why this auditor checks; each reading from here on is on record with it."""
    chosen = next((one for one in reasons_of(request.officer) if one == reason), None)
    if request.session and chosen:
        request.services.sessions.note_reason(request.session, actions.CHECKING, chosen)
    return redirect(f"{request.base}/desk/audit")


def _to_report(request: Request, typed: Mapping[str, Any]) -> Response:
    number = typed[_NUMBER.name]
    known = ids.parse_reference(number) if isinstance(number, str) else None
    if known is None:
        return _begin(request, typed, [FieldError(_NUMBER.name, "reference_unknown" if number else "required")])
    return redirect(f"{request.base}/desk/audit/reports/{known}")


def _lines(records: Iterable[Record]) -> list[tuple[Record, str, str]]:
    """Return each record with its words, and the number of the report that it is about."""
    return [(record, words_of(record), _report_of(record)) for record in records]


def _report_of(record: Record) -> str:
    return ids.parse_reference(record.subject.rpartition(":")[2]) or ""


def _counted(records: Iterable[Record]) -> list[tuple[str, int]]:
    """Return how often each look and act is on this page, by its words."""
    return Counter(words_of(record) for record in records).most_common()


def _next(query: Mapping[str, str], cursor: str) -> str:
    return urlencode({**query, "cursor": cursor}) if cursor else ""


def _arguments(request: Request, *names: str) -> dict[str, str]:
    return {name: value for name in names if (value := request.argument(name))}
