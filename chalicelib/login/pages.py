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
from chalicelib.core.language import N_
from chalicelib.drafts.store import ANSWER
from chalicelib.identity.claims import officer_of
from chalicelib.identity.model import IdentityProviderDown, Login, LoginCancelled, LoginRefused
from chalicelib.identity.sessions import ATTEMPT_LIFE
from chalicelib.people.model import Citizen, Principal, is_of_same_person
from chalicelib.web import cookies, form_recovery, html
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
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
class LoginRealm:
    """One of the two logins: whose it is, its own paths, and who comes in."""

    name: str
    start: str
    callback: str
    home: str
    provider: Callable[[Services], "Provider"]
    principal: Callable[[Services, Login], Principal]


CITIZENS = LoginRealm("DigiD", "/login", "/login/callback", "/reports", lambda services: services.digid, _citizen)
OFFICERS = LoginRealm(
    N_("the staff login"), "/staff/login", "/staff/login/callback", "/desk", lambda services: services.staff, _officer
)


@dataclass(frozen=True, slots=True)
class Ending:
    """The words for a login that came to nothing; `%(login)s` is the name of its realm."""

    status: int
    title: str
    explanation: str
    advice: str


CANCELLED = Ending(
    200,
    N_("You did not log in"),
    N_("You stopped logging in. Nothing was saved or sent."),
    N_("You can log in again when you like. Without logging in, you can report by phone (0900-8844) or at a police station."),
)
DOWN = Ending(
    503,
    N_("Logging in does not work for the moment"),
    N_("We get no answer from %(login)s. It is not your fault."),
    N_("Try again in fifteen minutes. Can it not wait? Call 0900-8844, or come to a police station."),
)
REFUSED = Ending(
    403,
    N_("Logging in did not work"),
    N_("We could not check the answer from %(login)s, so we did not let you in. This also happens when logging in takes long."),
    N_("Try again. Does it keep happening? Call 0900-8844."),
)
TOO_WEAK = Ending(
    403,
    N_("Log in with a safer form of DigiD"),
    N_("A report holds sensitive information. A user name and password alone is not enough for that."),
    N_("Log in with the DigiD app, and have it check your identity document if it asks for that. Or call 0900-8844."),
)
NO_FACTOR = Ending(
    403,
    N_("Log in with a second factor"),
    N_("You logged in with a password alone."),
    N_("Log in again and use your second factor, such as your card or your telephone."),
)
NO_ROLE = Ending(
    403,
    N_("You have no role here"),
    N_("Your account is known, but has no role for reports."),
    N_("Ask your supervisor for a role, and then log in again."),
)
REFUSALS: Mapping[str, Ending] = {
    "acr_too_low": TOO_WEAK,
    "provider_unmet_authentication_requirements": TOO_WEAK,
    "mfa": NO_FACTOR,
    "roles": NO_ROLE,
}


@routes.page("/login", access=PUBLIC)
def log_in(request: Request) -> Response:
    return _begun(request, CITIZENS)


@routes.page("/login/callback", access=PUBLIC)
def come_back(request: Request) -> Response:
    return _finished(request, CITIZENS)


@routes.page("/staff/login", access=PUBLIC)
def log_in_as_officer(request: Request) -> Response:
    return _begun(request, OFFICERS)


@routes.page("/staff/login/callback", access=PUBLIC)
def come_back_as_officer(request: Request) -> Response:
    return _finished(request, OFFICERS)


@routes.page("/logout", method="POST", access=PUBLIC)
def log_out(request: Request) -> Response:
    """End the session here, and send the browser to end the issuer's too. Works for citizens and officers alike.

    The cookie stays, and opens nothing any more: by it, what was typed in another window is kept for who typed it (ADR-0032).
    """
    settings, back_to = request.services.settings, f"{request.base}/logged-out"
    session = request.session
    if session is None:
        return redirect(back_to)
    if not is_of_same_person(
        request.form().get("_token"), session
    ):  # of an earlier login too: who asks to be out must not stay in
        raise Forbidden("form_token")
    unfinished = cookies.put(settings, _UNFINISHED, str(_unfinished(request)), max_age_s=_TOLD_WITHIN_S)
    request.services.sessions.end(_cookie(request, _SESSION))
    log.event("logged_out")
    realm = CITIZENS if isinstance(session.principal, Citizen) else OFFICERS
    try:
        onward = realm.provider(request.services).logout_url(session.session_id, f"{settings.portal_url}/logged-out")
    except IdentityProviderDown:
        onward = None
    return redirect(onward or back_to, (unfinished,))


@routes.page("/logged-out", access=PUBLIC)
def logged_out(request: Request) -> Response:
    """The way here leads over the issuer: how much was kept travels in a cookie of its own, a number and no more."""
    kept = _cookie(request, _UNFINISHED)
    forget = cookies.clear(request.services.settings, _UNFINISHED)
    unfinished = int(kept) if re.fullmatch("[0-9]{1,2}", kept) else 0
    return html.page(request, "identity/logged_out.html", unfinished=unfinished, cookies=(forget,))


@routes.page("/login/backchannel-logout", method="POST", access=PUBLIC)
def notice_of_logout(request: Request) -> Response:
    """Take an issuer's word, signed, that somebody logged out elsewhere (OpenID Connect Back-Channel Logout 1.0).

    It counts once: sent again by whoever got hold of it, it does not end the session of somebody who logged in since. It is noted
    after it was carried out, so that an issuer whose notice failed half way can send it again.
    """
    from chalicelib.identity.keys import is_encrypted  # noqa: PLC0415 — joserfc only where a token is read
    from chalicelib.identity.oidc import issuer_of  # noqa: PLC0415 — the same

    token, services = str(request.form().get("logout_token", "")), request.services
    try:
        token = services.own_keys.opened(token) if is_encrypted(token) else token
        provider = services.digid if issuer_of(token) == services.settings.digid_issuer else services.staff
        notice = provider.logout_notice(token)
    except LoginRefused as error:
        return _notice_refused(error.reason)
    if services.sessions.heard(provider.issuer, notice):
        return _notice_refused("jti_again")
    ended = services.sessions.close_of(provider.issuer, notice.subject, notice.session_id)
    services.sessions.note_heard(provider.issuer, notice)
    log.event("logged_out_elsewhere", sessions=ended)
    return Response(200)


def _notice_refused(reason: str) -> Response:
    log.event("logout_notice_refused", reason=reason)
    return Response(400, json.dumps({"error": "invalid_request"}), "application/json")


@routes.page("/.well-known/jwks.json", access=PUBLIC)
def own_keys(request: Request) -> Response:
    """The portal's own public keys, for issuers that fetch them. Kept an hour: a rotation waits longer between its steps."""
    keys = request.services.own_keys.public()
    return Response(200, json.dumps(keys), "application/json", {"Cache-Control": f"public, max-age={_KEYS_KEPT_S}"})


def _begun(request: Request, realm: LoginRealm) -> Response:
    settings, wanted = request.services.settings, request.argument("next")
    return_to = wanted if _LOCAL_PATH.fullmatch(wanted) else realm.home
    try:
        attempt = realm.provider(request.services).start(redirect_uri=settings.portal_url + realm.callback, return_to=return_to)
    except IdentityProviderDown as error:
        return _ended(request, realm, error, return_to)
    secret = request.services.sessions.begin(attempt)
    return redirect(attempt.url, (cookies.put(settings, _ATTEMPT, secret, max_age_s=int(ATTEMPT_LIFE.total_seconds())),))


def _finished(request: Request, realm: LoginRealm) -> Response:
    params = {name: request.argument(name) for name in request.query}
    sessions, settings = request.services.sessions, request.services.settings
    attempt = sessions.consume_attempt(_cookie(request, _ATTEMPT))
    if attempt is None:  # this browser began none, or too long ago, or it was finished already
        return _ended(request, realm, LoginRefused("attempt"))
    try:
        login = realm.provider(request.services).finish(attempt, params)
        principal = realm.principal(request.services, login)
    except (LoginRefused, LoginCancelled, IdentityProviderDown) as error:
        return _ended(request, realm, error, attempt.return_to)
    sessions.close(_cookie(request, _SESSION))  # a new id at every login, also for who was logged in
    secret = sessions.open(
        principal,
        issuer=login.issuer,
        subject=login.subject,
        session_id=login.session_id,
        unreachable=_is_unreachable(request, principal),
    )
    log.event("logged_in", door=realm.start)
    return redirect(
        request.base + attempt.return_to, (cookies.put(settings, _SESSION, secret), cookies.clear(settings, _ATTEMPT))
    )


def _is_unreachable(request: Request, principal: Principal) -> bool:
    """True for a citizen to whom mail comes back: looked up once, at the login, so that every page can say it."""
    return isinstance(principal, Citizen) and request.services.reports.any_unreachable(principal.pseudonym)


def _ended(request: Request, realm: LoginRealm, error: Exception, return_to: str = "") -> Response:
    """Say what became of a login; who tries again still comes to `return_to`."""
    ending = _ending(error)
    reason = error.reason if isinstance(error, LoginRefused) else type(error).__name__
    log.event("login_ended", door=realm.start, reason=reason)
    forget = cookies.clear(request.services.settings, _ATTEMPT)
    # Choosing another language leads to the entry: this address has a code and a state in it, and both are used up.
    again = realm.start if return_to in ("", realm.home) else f"{realm.start}?next={quote(return_to, safe='/')}"
    shown = {"here": "/", "ending": ending, "realm": realm, "again": again}
    return html.page(request, "identity/ended.html", status=ending.status, cookies=(forget,), **shown)


def _ending(error: Exception) -> Ending:
    if isinstance(error, LoginRefused):
        return REFUSALS.get(error.reason, REFUSED)
    return CANCELLED if isinstance(error, LoginCancelled) else DOWN


def _unfinished(request: Request) -> int:
    """Return how many reports the citizen who logs out has begun and not sent."""
    if not isinstance(request.principal, Citizen):
        return 0
    drafts = request.services.drafts.of_owner(request.principal.pseudonym)
    return min(sum(draft.kind not in (form_recovery.KIND, ANSWER) for draft in drafts), _MOST_COUNTED)


def _cookie(request: Request, name: str) -> str:
    return request.cookies.get(cookies.name(request.services.settings, name), "")
