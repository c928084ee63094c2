"""/v1/desk: searching by a clue, the links of a report, the reports that share a clue with it, found things."""

from chalicelib.clues.goods import BadLine, Line, read_line
from chalicelib.desk import actions as desk_actions
from chalicelib.desk import stated
from chalicelib.desk.actions import Desk
from chalicelib.desk.goods import actions as goods
from chalicelib.desk.search import actions, links
from chalicelib.desk.search.actions import SearchRoom
from chalicelib.desk.search.schemas import (
    FoundOut,
    LinkedOut,
    LinkedQuery,
    LinksOut,
    NewSearch,
    NewThings,
    SearchOut,
    ThingOut,
    ThingsOut,
)
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "POST",
    "/v1/desk/searches",
    access=officer(Permission.SEARCH),
    summary="Find reports by what they have in common with a value: an account, a telephone number, a frame number, …",
    description=(
        "Reports of your own units are listed; of other units `elsewhere` tells at most how many there are. On record is that "
        "you searched, why and for what sorts, and the value only as a code. One officer has a number of searches in a day."
    ),
    body=NewSearch,
    reasoned=True,
    answer=SearchOut,
)
def search(request: Request, body: NewSearch) -> Response:
    found = actions.search(
        body.value, body.sort, reason=stated.of_program(request, None), desk=Desk.of(request), room=SearchRoom.of(request)
    )
    return as_json(SearchOut(found=tuple(map(FoundOut.of, found))).content())


@routes.api(
    "GET",
    "/v1/desk/reports/{reference}/links",
    access=officer(Permission.SEARCH),
    summary="Read what links a report to others, and its reporter's other reports",
    description="At most eight clues of the report are looked at. A shared value (`shared` says why) links nobody.",
    reasoned=True,
    answer=LinksOut,
)
def read_links(request: Request, reference: str) -> Response:
    desk = Desk.of(request)
    report = desk_actions.load_report(reference, reason=stated.of_program(request, None), desk=desk)
    found = links.of_report(report, desk=desk, room=request.services.clue_room)
    return as_json(LinksOut.of(found).content())


@routes.api(
    "GET",
    "/v1/desk/reports/{reference}/links/{clue}",
    access=officer(Permission.SEARCH),
    summary="List the reports of your own units that share a clue with a report",
    description="`clue` is that of the links of the report. Each page has all references; `reports` has fifty lines of them.",
    query=LinkedQuery,
    reasoned=True,
    answer=LinkedOut,
)
def read_linked(request: Request, reference: str, clue: str, query: LinkedQuery) -> Response:
    found = links.listed(
        reference,
        clue,
        page=query.page,
        reason=stated.of_program(request, None),
        desk=Desk.of(request),
        room=request.services.clue_room,
    )
    return as_json(LinkedOut.of(found).content())


@routes.api(
    "POST",
    "/v1/desk/found-things",
    access=officer(Permission.WATCH_GOODS),
    summary="Have found things compared with what was reported stolen, now and for a year",
    description="A hit is a task on the report; nobody is mailed. The same thing again changes nothing.",
    body=NewThings,
    answer=ThingsOut,
)
def put_in(request: Request, body: NewThings) -> Response:
    read = [read_line(place, one.sort, one.value, one.number) for place, one in enumerate(body.things, start=1)]
    good = [line for line in read if isinstance(line, Line)]
    taken = iter(goods.put_in(good, body.unit, desk=Desk.of(request), room=request.services.clue_room))
    told = (
        ThingOut(number=body.things[line.line - 1].number, error=line.code, reports=(), elsewhere=False)
        if isinstance(line, BadLine)
        else ThingOut.of(next(taken))
        for line in read
    )
    return as_json(ThingsOut(things=tuple(told)).content())
