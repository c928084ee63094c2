"""Staying logged in, leaving in a hurry, and what is said when a session ran out (ADR-0013).

With a script a dialog asks two minutes before the end; without one, a page that is only read leads to `/session/ending` by
then. Both rest on the same routes, and looking how long a session lasts never makes it longer.
"""

from urllib.parse import quote

from chalicelib.core import log
from chalicelib.core.errors import Forbidden
from chalicelib.people.model import is_of_same_person
from chalicelib.web import cookies, form_recovery, html
from chalicelib.web.access import ONLOOKER, PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json, local_path, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.timing import timing_of

routes = Routes(__name__)


@routes.page("/session", access=ONLOOKER)
def show_state(request: Request) -> Response:
    """How long the session still lasts, for the script of any window; 0 when it is over."""
    timing = timing_of(request.session, request.services.clock.now()) if request.session else None
    return as_json({"leftS": timing.left_s if timing else 0, "warnS": timing.warn_s if timing else 0})


@routes.page("/session/stay", access=PUBLIC, method="POST")
def stay(request: Request) -> Response:
    """Use the session, which makes it last; who comes too late reads what happened."""
    onward = local_path(request.form().get("next"))
    return redirect(request.base + (onward if request.session else _ended_at(onward)))


@routes.page("/session/ending", access=ONLOOKER)
def show_ending(request: Request) -> Response:
    onward = local_path(request.argument("next"))
    if request.session is None:
        return redirect(request.base + _ended_at(onward))
    timing = timing_of(request.session, request.services.clock.now())
    return html.page(request, "session/ending.html", asked=timing, next=onward)


@routes.page("/session/ended", access=ONLOOKER)
def show_ended(request: Request) -> Response:
    """A reader who stayed in another window goes back to the page that led here.

    Only what a session is known of could be kept.
    """
    onward = local_path(request.argument("next"))
    if request.session is not None:
        return redirect(request.base + onward)
    return html.page(
        request,
        "session/ended.html",
        next=onward,
        is_desk=onward.startswith("/desk"),
        over=request.services.sessions.find(_secret(request)),
        may_wait=form_recovery.may_wait(onward),
    )


@routes.page("/session/again", access=ONLOOKER)
def show_again(request: Request) -> Response:
    """Say why somebody who is logged in has to log in once more, and lead there."""
    return html.page(request, "session/again.html", next=local_path(request.argument("next")))


@routes.page("/session/end", access=PUBLIC, method="POST")
def leave(request: Request) -> Response:
    """End the session of somebody who left in a hurry; what stood in the form of the page (`_path`) waits for them."""
    session, form = request.session, request.form()
    gone = (cookies.clear(request.services.settings, "session"),)
    if session is None:  # a session that was ended in another window leaves its cookie (ADR-0032): here that goes too
        return Response(204, cookies=gone)
    if not is_of_same_person(form.get("_token"), session):
        raise Forbidden("form_token")
    if len(form) > len(_OWN):
        form_recovery.keep(request, session.principal, local_path(form.get("_path")), form)
    request.services.sessions.close(_secret(request))
    log.event("left_quickly")
    return Response(204, cookies=gone)


_OWN = ("_token", "_path")


def _secret(request: Request) -> str:
    return request.cookies.get(cookies.name(request.services.settings, "session"), "")


def _ended_at(onward: str) -> str:
    return f"/session/ended?next={quote(onward, safe='/')}"
