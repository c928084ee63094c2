"""Logging in and out: the way to an issuer, the way back, and what is said when it comes to nothing.

An attempt belongs to the browser that began it: its secret id is in a cookie of its own, so an answer that somebody else carries
here (or the same answer twice) finds no attempt and is refused.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from chalicelib.core import log
from chalicelib.core.errors import Forbidden
from chalicelib.core.language import mark
from chalicelib.drafts.store import ANSWER
from chalicelib.identity.claims import officer_of
from chalicelib.identity.model import (
    Citizen,
    IdentityProviderDown,
    Login,
    LoginCancelled,
    LoginRefused,
    Principal,
    is_of_same_person,
)
from chalicelib.identity.sessions import ATTEMPT_LIFE
from chalicelib.web import cookies, form_recovery, html
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Call
from chalicelib.web.response import Reply, redirect
from chalicelib.web.routes import Routes
from chalicelib.wiring import Services

if TYPE_CHECKING:
    from chalicelib.identity.oidc import Provider

routes = Routes(__name__)

_SESSION, _ATTEMPT, _UNFINISHED = "session", "login", "unfinished"
_MOST_COUNTED = 99
_TOLD_WITHIN_S = 600
_KEYS_KEPT_S = 3_600
_LOCAL_PATH = re.compile(r"(?!.*(?://|\.\.))/[A-Za-z0-9/_.~?=&%+-]{0,300}")


def _citizen(services: Services, login: Login) -> Principal:
    if login.level is None:
        raise LoginRefused("acr_missing")
    return services.vault.citizen_of(login.claims, login.level)


def _officer(services: Services, login: Login) -> Principal:
    return officer_of(login.claims, services.settings)


@dataclass(frozen=True, slots=True)
class Door:
    """One of the two logins: whose it is, its own paths, and who comes in."""

    name: str
    start: str
    callback: str
    home: str
    provider: Callable[[Services], "Provider"]
    principal: Callable[[Services, Login], Principal]


CITIZENS = Door("DigiD", "/login", "/login/callback", "/reports", lambda services: services.digid, _citizen)
OFFICERS = Door(
    mark("the staff login"), "/staff/login", "/staff/login/callback", "/desk", lambda services: services.staff, _officer
)


@dataclass(frozen=True, slots=True)
class Ending:
    """What is said of a login that came to nothing; `%(login)s` is the door's name."""

    status: int
    title: str
    explanation: str
    advice: str


CANCELLED = Ending(
    200,
    mark("You did not log in"),
    mark("You stopped logging in. Nothing was saved or sent."),
    mark("You can log in again when you like. Without logging in, you can report by phone (0900-8844) or at a police station."),
)
DOWN = Ending(
    503,
    mark("Logging in does not work for the moment"),
    mark("We get no answer from %(login)s. It is not your fault."),
    mark("Try again in fifteen minutes. Can it not wait? Call 0900-8844, or come to a police station."),
)
REFUSED = Ending(
    403,
    mark("Logging in did not work"),
    mark("We could not check the answer from %(login)s, so we did not let you in. This also happens when logging in takes long."),
    mark("Try again. Does it keep happening? Call 0900-8844."),
)
TOO_WEAK = Ending(
    403,
    mark("Log in with a safer form of DigiD"),
    mark("A report holds sensitive information. A user name and password alone is not enough for that."),
    mark("Log in with the DigiD app, and have it check your identity document if it asks for that. Or call 0900-8844."),
)
NO_FACTOR = Ending(
    403,
    mark("Log in with a second factor"),
    mark("You logged in with a password alone."),
    mark("Log in again and use your second factor, such as your card or your telephone."),
)
NO_ROLE = Ending(
    403,
    mark("You have no role here"),
    mark("Your account is known, but has no role for reports."),
    mark("Ask your supervisor for a role, and then log in again."),
)
REFUSALS: Mapping[str, Ending] = {
    "acr_too_low": TOO_WEAK,
    "provider_unmet_authentication_requirements": TOO_WEAK,
    "mfa": NO_FACTOR,
    "roles": NO_ROLE,
}


@routes.page("/login", access=PUBLIC)
def log_in(call: Call) -> Reply:
    return _begun(call, CITIZENS)


@routes.page("/login/callback", access=PUBLIC)
def come_back(call: Call) -> Reply:
    return _finished(call, CITIZENS)


@routes.page("/staff/login", access=PUBLIC)
def log_in_as_officer(call: Call) -> Reply:
    return _begun(call, OFFICERS)


@routes.page("/staff/login/callback", access=PUBLIC)
def come_back_as_officer(call: Call) -> Reply:
    return _finished(call, OFFICERS)


@routes.page("/logout", method="POST", access=PUBLIC)
def log_out(call: Call) -> Reply:
    """End the session here, and send the browser to end the issuer's too. Works for citizens and officers alike.

    The cookie stays, and opens nothing any more: by it, what was typed in another window is kept for who typed it (ADR 32).
    """
    settings, back_to = call.services.settings, f"{call.base}/logged-out"
    session = call.session
    if session is None:
        return redirect(back_to)
    if not is_of_same_person(call.form().get("_token"), session):  # of an earlier login too: who asks to be out must not stay in
        raise Forbidden("form_token")
    unfinished = cookies.put(settings, _UNFINISHED, str(_unfinished(call)), max_age_s=_TOLD_WITHIN_S)
    call.services.sessions.end(_cookie(call, _SESSION))
    log.event("logged_out")
    door = CITIZENS if isinstance(session.principal, Citizen) else OFFICERS
    try:
        onward = door.provider(call.services).logout_url(session.session_id, f"{settings.portal_url}/logged-out")
    except IdentityProviderDown:
        onward = None
    return redirect(onward or back_to, (unfinished,))


@routes.page("/logged-out", access=PUBLIC)
def logged_out(call: Call) -> Reply:
    """The way here leads over the issuer: how much was kept travels in a cookie of its own, a number and no more."""
    kept = _cookie(call, _UNFINISHED)
    forget = cookies.clear(call.services.settings, _UNFINISHED)
    unfinished = int(kept) if re.fullmatch("[0-9]{1,2}", kept) else 0
    return html.page(call, "identity/logged_out.html", unfinished=unfinished, cookies=(forget,))


@routes.page("/login/backchannel-logout", method="POST", access=PUBLIC)
def notice_of_logout(call: Call) -> Reply:
    """Take an issuer's word, signed, that somebody logged out elsewhere (OpenID Connect Back-Channel Logout 1.0).

    It counts once: sent again by whoever got hold of it, it does not end the session of somebody who logged in since. It is noted
    after it was carried out, so that an issuer whose notice failed half way can send it again.
    """
    from chalicelib.identity.oidc import issuer_of  # noqa: PLC0415 — joserfc only where a token is read

    token, services = str(call.form().get("logout_token", "")), call.services
    try:
        provider = services.digid if issuer_of(token) == services.settings.digid_issuer else services.staff
        notice = provider.logout_notice(token)
    except LoginRefused as error:
        return _notice_refused(error.reason)
    if services.sessions.heard(provider.issuer, notice):
        return _notice_refused("jti_again")
    ended = services.sessions.close_of(provider.issuer, notice.subject, notice.session_id)
    services.sessions.note_heard(provider.issuer, notice)
    log.event("logged_out_elsewhere", sessions=ended)
    return Reply(200)


def _notice_refused(reason: str) -> Reply:
    log.event("logout_notice_refused", reason=reason)
    return Reply(400, json.dumps({"error": "invalid_request"}), "application/json")


@routes.page("/.well-known/jwks.json", access=PUBLIC)
def own_keys(call: Call) -> Reply:
    """The portal's own public keys, for issuers that fetch them. Kept an hour: a rotation waits longer between its steps."""
    keys = call.services.own_keys.public()
    return Reply(200, json.dumps(keys), "application/json", {"Cache-Control": f"public, max-age={_KEYS_KEPT_S}"})


def _begun(call: Call, door: Door) -> Reply:
    settings, wanted = call.services.settings, call.argument("next")
    return_to = wanted if _LOCAL_PATH.fullmatch(wanted) else door.home
    try:
        attempt = door.provider(call.services).start(redirect_uri=settings.portal_url + door.callback, return_to=return_to)
    except IdentityProviderDown as error:
        return _ended(call, door, error, return_to)
    secret = call.services.sessions.begin(attempt)
    return redirect(attempt.url, (cookies.put(settings, _ATTEMPT, secret, max_age_s=int(ATTEMPT_LIFE.total_seconds())),))


def _finished(call: Call, door: Door) -> Reply:
    params = {name: call.argument(name) for name in call.query}
    sessions, settings = call.services.sessions, call.services.settings
    attempt = sessions.take(_cookie(call, _ATTEMPT))
    if attempt is None:  # this browser began none, or too long ago, or it was finished already
        return _ended(call, door, LoginRefused("attempt"))
    try:
        login = door.provider(call.services).finish(attempt, params)
        principal = door.principal(call.services, login)
    except (LoginRefused, LoginCancelled, IdentityProviderDown) as error:
        return _ended(call, door, error, attempt.return_to)
    sessions.close(_cookie(call, _SESSION))  # a new id at every login, also for who was logged in
    secret = sessions.open(
        principal,
        issuer=login.issuer,
        subject=login.subject,
        session_id=login.session_id,
        unreachable=_is_unreachable(call, principal),
    )
    log.event("logged_in", door=door.start)
    return redirect(call.base + attempt.return_to, (cookies.put(settings, _SESSION, secret), cookies.clear(settings, _ATTEMPT)))


def _is_unreachable(call: Call, principal: Principal) -> bool:
    """True for a citizen to whom mail comes back: looked up once, at the login, so that every page can say it."""
    return isinstance(principal, Citizen) and call.services.reports.any_unreachable(principal.pseudonym)


def _ended(call: Call, door: Door, error: Exception, return_to: str = "") -> Reply:
    """Say what became of a login; who tries again still comes to `return_to`."""
    ending = _ending(error)
    reason = error.reason if isinstance(error, LoginRefused) else type(error).__name__
    log.event("login_ended", door=door.start, reason=reason)
    forget = cookies.clear(call.services.settings, _ATTEMPT)
    # Choosing another language leads to the entry: this address has a code and a state in it, and both are used up.
    again = door.start if return_to in ("", door.home) else f"{door.start}?next={quote(return_to, safe='/')}"
    shown = {"here": "/", "ending": ending, "door": door, "again": again}
    return html.page(call, "identity/ended.html", status=ending.status, cookies=(forget,), **shown)


def _ending(error: Exception) -> Ending:
    if isinstance(error, LoginRefused):
        return REFUSALS.get(error.reason, REFUSED)
    return CANCELLED if isinstance(error, LoginCancelled) else DOWN


def _unfinished(call: Call) -> int:
    """Return how many reports the citizen who logs out has begun and not sent."""
    if not isinstance(call.principal, Citizen):
        return 0
    drafts = call.services.drafts.of_owner(call.principal.pseudonym)
    return min(sum(draft.kind not in (form_recovery.KIND, ANSWER) for draft in drafts), _MOST_COUNTED)


def _cookie(call: Call, name: str) -> str:
    return call.cookies.get(cookies.name(call.services.settings, name), "")
