"""The supervisor's page: the figures of a unit."""

from chalicelib.desk.actions import Desk
from chalicelib.desk.board import actions
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.desk.start import actions as start
from chalicelib.desk.start.pages import NUMBER_WORDS
from chalicelib.people.permissions import Permission, may
from chalicelib.reports.crimes import KINDS
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/desk/figures", access=officer(Permission.READ_BOARD))
def board(request: Request) -> Response:
    units = sorted(request.officer.units)
    unit = request.argument("unit") or (units[0] if len(units) == 1 else "")  # a look is on record: nobody looks by default
    found = actions.of_unit(unit, boards=request.services.boards, desk=Desk.of(request)) if unit else None
    times = found.lead_times if found else {}
    roster = request.services.rosters.get(unit) if found else None
    return html.page(
        request,
        "desk/board/board.html",
        units=units,
        unit=unit,
        board=found,
        leads_on=may(request.officer, Permission.READ_REPORT, unit) if unit else False,
        numbers=[
            (words, found.numbers.get(number, 0), start.list_of(number, unit).address) for number, words in NUMBER_WORDS.items()
        ]
        if found
        else [],
        times=[
            (STATUS_WORDS[status], KINDS[kind].name, times[status][kind])
            for status in STATUS_WORDS
            if status in times
            for kind in sorted(times[status], key=lambda kind: -times[status][kind].n)
        ],
        held=[(roster.name_of(who), start.list_held(who, unit).address, one) for who, one in actions.held(found).items()]
        if found and roster
        else [],
    )
