"""/v1/desk/texts: the standard texts in use, and writing, publishing and retiring them."""

from chalicelib.desk.actions import Desk
from chalicelib.desk.texts import actions
from chalicelib.desk.texts.schemas import NewText, TextOut, TextsOut, TextsQuery, VersionSeen
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "GET",
    "/v1/desk/texts",
    access=officer(Permission.READ_REPORT),
    summary="The standard texts that a unit uses",
    description="Those of the unit and those for all units. A place such as `{politienummer}` is filled in for the report.",
    query=TextsQuery,
    answer=TextsOut,
)
def list_texts(request: Request, query: TextsQuery) -> Response:
    found = actions.usable(query.unit, texts=request.services.texts, desk=Desk.of(request))
    return as_json(TextsOut(texts=tuple(map(TextOut.of, found))).content())


@routes.api(
    "POST",
    "/v1/desk/texts",
    access=officer(Permission.EDIT_TEXTS),
    summary="Write a standard text",
    description="It is a draft until a colleague publishes it: one of another unit, where it is for all units.",
    body=NewText,
    answer=TextOut,
    status=201,
)
def write_text(request: Request, body: NewText) -> Response:
    text = actions.write(body.edit(), texts=request.services.texts, desk=Desk.of(request))
    return as_json(TextOut.of(text).content(), 201)


@routes.api(
    "POST",
    "/v1/desk/texts/{text}/versions",
    access=officer(Permission.EDIT_TEXTS),
    summary="Write a new version of a standard text",
    description="`seen` is the newest version: if somebody wrote a newer one since, nothing is done, and the 409 says so.",
    body=NewText,
    answer=TextOut,
    status=201,
)
def write_version(request: Request, text: str, body: NewText) -> Response:
    desk, texts = Desk.of(request), request.services.texts
    version = actions.write(body.edit(), text_id=text, seen=body.seen, texts=texts, desk=desk)
    return as_json(TextOut.of(version).content(), 201)


@routes.api(
    "POST",
    "/v1/desk/texts/{text}/publication",
    access=officer(Permission.EDIT_TEXTS),
    summary="Publish the newest version of a standard text",
    description="By somebody else than its author. From then on officers use it.",
    body=VersionSeen,
    answer=TextOut,
)
def publish_text(request: Request, text: str, body: VersionSeen) -> Response:
    done = actions.publish(text, body.version, texts=request.services.texts, desk=Desk.of(request))
    return as_json(TextOut.of(done).content())


@routes.api(
    "POST",
    "/v1/desk/texts/{text}/retirement",
    access=officer(Permission.EDIT_TEXTS),
    summary="Take a standard text out of use",
    description="Reports that were told with it keep its words.",
    body=VersionSeen,
    answer=TextOut,
)
def retire_text(request: Request, text: str, body: VersionSeen) -> Response:
    done = actions.retire(text, body.version, texts=request.services.texts, desk=Desk.of(request))
    return as_json(TextOut.of(done).content())
