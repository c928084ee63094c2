"""Logging out here, and on to the issuer so that its session ends too (ADR-0038).

A form must not be answered with a redirect that ends at another origin: browsers hold every step of it to the page's own
`form-action`, and issuers pass over origins that nobody here knows. So the answer is a page of ours, which goes on by itself.
"""

import re
from dataclasses import replace

from chalicelib.core import log
from chalicelib.core.errors import Forbidden
from chalicelib.core.logins import AtLogout
from chalicelib.drafts.store import ANSWER
from chalicelib.identity.model import IdentityProviderDown
from chalicelib.login import realms
from chalicelib.login.realms import LoginRealm
from chalicelib.people.model import Citizen, Session, is_of_same_person
from chalicelib.web import cookies, form_recovery, html
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

LOGGED_OUT = "/logged-out"
_UNFINISHED = "unfinished"
_MOST_COUNTED = 99
_TOLD_WITHIN_S = 600


@routes.page("/logout", method="POST", access=PUBLIC)
def log_out(request: Request) -> Response:
    """End the session here, say so, and lead the browser on to end the issuer's too. Works for citizens and officers alike.

    The cookie stays, and opens nothing any more: by it, what was typed in another window is kept for who typed it (ADR-0032).
    """
    session = request.session
    if session is None:
        return redirect(request.base + LOGGED_OUT)
    if not is_of_same_person(request.form().get("_token"), session):  # an earlier login's will do: nobody must stay in
        raise Forbidden("form_token")
    secret = request.cookie("session")
    unfinished = _unfinished(request)
    hint = request.services.sessions.hint(secret)
    request.services.sessions.end(secret)
    log.event("logged_out")
    told = cookies.put(request.services.settings, _UNFINISHED, str(unfinished), max_age_s=_TOLD_WITHIN_S)
    gone = replace(request, session=None, principal=None)
    realm = realms.of_session(request.services.settings, session)
    if realm is None:  # a login that this stage no longer has
        return _shown(gone, unfinished, told)
    onward, goes = _onward(request, realm, session, hint)
    again = realms.ENTRANCE if realm.means.identity else realm.start
    return _shown(gone, unfinished, told, onward=onward, login=realm.name(request.language), goes=goes, again=again)


@routes.page("/logged-out", access=PUBLIC)
def logged_out(request: Request) -> Response:
    """The way here leads over the issuer: how much was kept travels in a cookie of its own, a number and no more."""
    kept = request.cookie(_UNFINISHED)
    forget = cookies.clear(request.services.settings, _UNFINISHED)
    return _shown(request, int(kept) if re.fullmatch("[0-9]{1,2}", kept) else 0, forget)


def _shown(
    request: Request,
    unfinished: int,
    cookie: str,
    *,
    onward: str = "",
    login: str = "",
    goes: bool = False,
    again: str = realms.ENTRANCE,
) -> Response:
    return html.page(
        request,
        "identity/logged_out.html",
        cookies=(cookie,),
        here=LOGGED_OUT,
        unfinished=unfinished,
        onward=onward,
        login=login,
        goes=goes,
        again=again,
    )


def _onward(request: Request, realm: LoginRealm, session: Session, hint: str) -> tuple[str, bool]:
    """Return where the issuer's session ends, and whether the page goes there by itself; empty when there is no such place.

    Without what the issuer was agreed to know the session by it goes nowhere by itself: the reader would end at a question or
    an error of somebody else's.
    """
    back_to = request.services.settings.portal_url + LOGGED_OUT
    try:
        onward = request.services.providers[realm.key].logout_url(session.session_id, back_to, hint) or ""
    except IdentityProviderDown:
        onward = ""
    by_name = realm.means.at_logout is AtLogout.SESSION and bool(session.session_id)
    return onward, bool(onward) and (bool(hint) or by_name)


def _unfinished(request: Request) -> int:
    """Return how many reports the citizen who logs out has begun and not sent."""
    if not isinstance(request.principal, Citizen):
        return 0
    drafts = request.services.drafts.of_owner(request.principal.pseudonym)
    return min(sum(draft.kind not in (form_recovery.KIND, ANSWER) for draft in drafts), _MOST_COUNTED)
