"""The pages of the queue: a list with its filters, taking the next report of it, the way on from a report, saved filters."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import N_
from chalicelib.desk.actions import Desk
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.desk.queue import actions
from chalicelib.desk.queue.query import ALL, ME, NOBODY_HAS_IT, Age, Order, Query, cursor_of, page_of, parse, parse_address
from chalicelib.desk.queue.rows import MARK_WORDS, Reader, rows_of
from chalicelib.desk.refusals import conflict_sentence
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.desk.way import carried
from chalicelib.desk.work import receivers_of
from chalicelib.forms import fields
from chalicelib.forms.places import municipalities
from chalicelib.people.model import Officer
from chalicelib.people.permissions import Permission, may
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.lists import ListPage
from chalicelib.reports.statuses import DECISIONS
from chalicelib.reports.store import line_of
from chalicelib.teams.model import Roster, Team
from chalicelib.web import cookies, html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

AGE_WORDS: Mapping[Age, str] = {
    Age.WEEK: N_("Older than a week"),
    Age.MONTH: N_("Older than 30 days"),
    Age.QUARTER: N_("Older than 90 days"),
}
ORDER_WORDS: Mapping[Order, str] = {Order.WAITING: N_("Longest waiting first"), Order.NEWEST: N_("Newest first")}
WHO_WORDS: Mapping[str, str] = {ME: N_("Mine"), NOBODY_HAS_IT: N_("Of nobody yet")}
_LABELS: Mapping[str, str] = {
    "unit": N_("Police unit"),
    "status": N_("Status"),
    "kind": N_("Crime"),
    "place": N_("Municipality"),
    "age": N_("Age"),
    "who": N_("Assigned to"),
    "mark": N_("Mark"),
    "order": N_("Order"),
    "name": N_("Name of this list"),
}
_NOTHING = ListPage((), "")


@routes.page("/desk/queue", access=officer(Permission.READ_REPORT))
def queue(request: Request) -> Response:
    given = {name: request.argument(name) for name in (*_LABELS, "cursor")}
    try:
        query = parse(given)
    except Invalid as invalid:
        return _page(request, Query(), errors=invalid)
    try:
        return _page(request, query, cursor=given["cursor"])
    except Invalid:
        return _page(request, query)  # the cursor is of the list with other filters: this one begins at its beginning


@routes.page("/desk/queue/next", access=officer(Permission.TAKE_REPORT), method="POST")
def take_next(request: Request) -> Response:
    """Give the officer the next free report of the list, and open it."""
    form = request.form()
    query, key = parse_address(_text(form, "list")), request.form_key(form)
    try:
        report = actions.take_next(query, key=key, desk=TeamDesk.of(request), officers=request.services.officers)
    except Conflict as conflict:
        return _page(request, query, conflict=conflict_sentence(conflict, request))
    return redirect(f"{request.base}/desk/reports/{report.reference}?{carried(query.address, line_of(report).place)}")


@routes.page("/desk/queue/next", access=officer(Permission.READ_REPORT))
def go_on(request: Request) -> Response:
    """Lead to the report behind one of a list, or before it; at either end to the list."""
    address = request.argument("list")
    query, known = parse_address(address), "list" in request.query
    at, left, back = request.argument("at"), request.argument("from"), request.argument("way") == "back"
    found = actions.beside(query, at, left, back=back, desk=Desk.of(request)) if known else None
    if found is None:
        return redirect(f"{request.base}/desk/queue?{query.address}")
    cursor = _page_of(query, dict(parse_qsl(address)).get("cursor", ""), left=at, found=found.place, back=back)
    return redirect(f"{request.base}/desk/reports/{found.reference}?{carried(query.address, found.place, cursor)}")


def _page_of(query: Query, cursor: str, *, left: str, found: str, back: bool) -> str:
    try:
        return page_of(query, cursor, left=left, found=found, back=back)
    except Invalid:  # a cursor of another list: this one begins at its beginning
        return ""


@routes.page("/desk/queue/saved", access=officer(Permission.READ_REPORT), method="POST")
def save(request: Request) -> Response:
    """Save the list by name, or forget one that was saved."""
    form, desk, officers = request.form(), Desk.of(request), request.services.officers
    query = parse_address(_text(form, "list"))
    try:
        if _text(form, "forget"):
            actions.forget(_text(form, "forget"), desk=desk, officers=officers)
        else:
            actions.save(_text(form, "name"), query, desk=desk, officers=officers)
    except Invalid as invalid:
        return _page(request, query, errors=invalid, typed_name=_text(form, "name"))
    except Conflict as conflict:
        return _page(request, query, conflict=conflict_sentence(conflict, request), typed_name=_text(form, "name"))
    return redirect(f"{request.base}/desk/queue?{query.address}")


@routes.page("/desk/queue/saved", access=officer(Permission.READ_REPORT))
def back_to_the_queue(request: Request) -> Response:
    """Whoever logged in again while saving a filter comes back here."""
    return redirect(f"{request.base}/desk/queue")


def _page(
    request: Request,
    query: Query,
    *,
    cursor: str = "",
    errors: Invalid | None = None,
    conflict: str = "",
    typed_name: str = "",
) -> Response:
    desk, person = Desk.of(request), request.officer
    units = actions.units_of(query, Permission.READ_REPORT, desk)
    is_asked = bool(query.unit or len(person.units) == 1 or query.who == ME) and bool(person.units)
    page = actions.look(query, cursor=cursor, desk=desk) if is_asked else _NOTHING  # a look is on record: nobody looks by default
    rosters = request.services.rosters.of_units(units if is_asked else ())
    reader = Reader.of(request, rosters)
    return html.page(
        request,
        "desk/queue.html",
        status=409 if conflict else 400 if errors else 200,
        cookies=_remembered(request) if is_asked else (),
        query=query,
        choices=_choices(person, query, reader),
        labels=_LABELS,
        saved=actions.saved(desk, request.services.officers),
        rows=rows_of(page, query, reader, cursor=cursor),
        page=page,
        is_asked=is_asked,
        has_units=bool(person.units),
        statuses=STATUS_WORDS,
        is_mixed=query.status == ALL or query.asks,
        next_cursor=cursor_of(query, page.after),
        is_first=not cursor,
        receivers=receivers_of(person, rosters) if may(person, Permission.ASSIGN) else (),
        may_bulk=may(person, Permission.BULK),
        may_tick=may(person, Permission.BULK) or may(person, Permission.ASSIGN),
        may_take=may(person, Permission.TAKE_REPORT) and is_asked and query.status not in DECISIONS,
        problems=_problems(errors),
        conflict=conflict,
        key=ids.secret_id(),
        name_length=actions.NAME_LENGTH,
        typed_name=typed_name,
    )


def _remembered(request: Request) -> tuple[str, ...]:
    """The menu leads back to the list that was opened last."""
    if request.session is None or request.method != "GET" or not request.query:
        return ()
    return (cookies.put_list(request.services.settings, request.session, request.here),)


def _choices(person: Officer, query: Query, reader: Reader) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen in each filter, as values and words (messages, or names as they are)."""
    known = municipalities().values()
    places = [(one.code, one.short_name) for one in known if one.unit in person.units and query.unit in ("", one.unit)]
    teams = {team.id: team.name for roster in reader.rosters for team in roster.open_teams if _may_ask_for(team, roster, person)}
    who = {**WHO_WORDS, **({query.who: reader.name_of(query.who)} if query.who else {}), **teams, **WHO_WORDS}
    several = [(ALL, N_("All my units"))] if len(person.units) > 1 else []
    return {
        "unit": [*((unit, unit) for unit in sorted(person.units)), *several],
        "status": [(ALL, N_("All that is open")), *((status.value, words) for status, words in STATUS_WORDS.items())],
        "kind": [("", N_("All crimes")), *((kind.code, kind.name) for kind in KINDS.values())],
        "place": [("", N_("All municipalities")), *places],
        "age": [("", N_("Any age")), *((age.value, words) for age, words in AGE_WORDS.items())],
        "who": [("", N_("Everybody")), *who.items()],
        "mark": [("", N_("All marks")), *((mark.value, words) for mark, words in MARK_WORDS.items())],
        "order": [(order.value, words) for order, words in ORDER_WORDS.items()],
    }


def _may_ask_for(team: Team, roster: Roster, person: Officer) -> bool:
    """True for a team that is offered as a filter: one's own, and all of them to who runs the teams."""
    return person.id in team.members or may(person, Permission.RUN_TEAMS, roster.unit)


def _problems(errors: Invalid | None) -> list[fields.Problem]:
    return [fields.Problem(error, _LABELS.get(error.field, "")) for error in errors.errors] if errors else []


def _text(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name, "")
    if not isinstance(value, str):
        raise Invalid([FieldError(name, "sent_twice")])
    return value
