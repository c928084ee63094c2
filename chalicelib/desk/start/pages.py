"""The first page after an officer logged in: mine, what lies at the unit, and a report by its number."""

from collections.abc import Mapping, Sequence

from chalicelib.boards.model import Board, Number
from chalicelib.core import ids
from chalicelib.core.errors import FieldError, Forbidden
from chalicelib.core.language import N_
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.desk.queue.rows import Reader, rows_of
from chalicelib.desk.start import actions
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.forms import fields
from chalicelib.forms.questions import Need, Question
from chalicelib.people.permissions import Permission, may
from chalicelib.reports.filters import OPEN
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

NUMBER_WORDS: Mapping[Number, str] = {
    Number.OPEN: N_("Open"),
    Number.FREE: N_("Of nobody yet"),
    Number.OVERDUE: N_("Over term"),
    Number.URGENT: N_("Urgent"),
    Number.FRESH: N_("New from reporters"),
    Number.UPDATE_ASKED: N_("Ask for an update"),
    Number.CONTESTED: N_("Ask to look again"),
    Number.TO_TELL: N_("To tell: no mail reaches them"),
    Number.CALL_BACK: N_("To call back"),
    Number.TASK: N_("With a task"),
    Number.FROM_ELSEWHERE: N_("New from another unit"),
}
_SOUGHT = Question(
    "number",
    N_("Number of a report"),
    need=Need.REQUIRED,
    hint=N_("A report that was decided, and that is older than a year, opens by its number only."),
    most=20,
    autocomplete="off",  # a browser would offer to the next officer what was typed here
)


@routes.page("/desk", access=officer(Permission.READ_REPORT))
def start(request: Request) -> Response:
    return _page(request)


@routes.page("/desk", access=officer(Permission.READ_REPORT), method="POST")
def seek(request: Request) -> Response:
    """Lead to a report by its number. A typed text may be a name or a BSN: it comes into no address and on no page."""
    typed = request.form().get(_SOUGHT.name)
    known = ids.parse_reference(typed) if isinstance(typed, str) else None
    if request.wanted_language:
        return _page(request)
    if known is None:
        return _page(request, [FieldError(_SOUGHT.name, "reference_unknown" if typed else "required")])
    return redirect(f"{request.base}/desk/reports/{known}")  # which asks for the reason first


def _page(request: Request, errors: Sequence[FieldError] = ()) -> Response:
    desk, person = TeamDesk.of(request), request.officer
    units = sorted(person.units)
    unit = request.argument("unit") or (units[0] if len(units) == 1 else "")
    if unit and unit not in units:
        raise Forbidden(Permission.READ_REPORT)
    found = actions.start(unit, desk=desk, boards=request.services.boards) if unit else None
    field, reader = fields.field_of(_SOUGHT, {}, errors), Reader.of(request, [found.roster] if found else ())
    return html.page(
        request,
        "desk/start.html",
        status=400 if errors else 200,
        units=units,
        unit=unit,
        sought=field,
        problems=fields.problems([field], errors),
        may_file=may(person, Permission.FILE_REPORT),
        may_tell=may(person, Permission.TELL_REPORTER),
        found=found,
        rows=rows_of(found.mine, found.mine_query, reader) if found else (),
        teams=[(team, rows_of(team.page, team.query, reader)) for team in found.teams] if found else (),
        numbers=_numbers(found.board, unit) if found and found.board else (),
        statuses=_statuses(found.board, unit) if found and found.board else (),
    )


def _numbers(board: Board, unit: str) -> list[tuple[Number, int, str, str]]:
    """Return each number with its words and the address of its list."""
    return [
        (number, board.numbers[number], words, actions.list_of(number, unit).address) for number, words in NUMBER_WORDS.items()
    ]


def _statuses(board: Board, unit: str) -> list[tuple[str, int, str, object]]:
    """Return each open status with how many reports have it, the address of their list, and when the oldest was filed."""
    return [
        (
            STATUS_WORDS[status],
            board.of_status(status),
            actions.list_of_status(status, unit).address,
            board.oldest_at.get(status),
        )
        for status in OPEN
    ]
