"""Logging in: the choice of a login, the way to an issuer, the way back, and what is said when it comes to nothing.

An attempt belongs to the browser that began it: its secret id is in a cookie of its own, so an answer that somebody else carries
here (or the same answer twice) finds no attempt and is refused.
"""

import json
import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from chalicelib.core import log
from chalicelib.core.errors import NotFound
from chalicelib.core.logins import STAFF
from chalicelib.identity.model import IdentityProviderDown, LoginCancelled, LoginRefused, LogoutNotice
from chalicelib.identity.sessions import ATTEMPT_LIFE
from chalicelib.login import realms
from chalicelib.login.endings import ending_of
from chalicelib.login.realms import ENTRANCE, LoginRealm
from chalicelib.people.model import Citizen, Officer, Principal
from chalicelib.web import cookies, html, navigation
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes
from chalicelib.wiring import Services

if TYPE_CHECKING:
    from chalicelib.identity.oidc import Provider

routes = Routes(__name__)

_SESSION, _ATTEMPT = "session", "login"
_KEYS_KEPT_S = 3_600
_LOCAL_PATH = re.compile(r"(?!.*(?://|\.\.))/[A-Za-z0-9/_.~?=&%+-]{0,300}")


@routes.page("/login", access=PUBLIC)
def log_in(request: Request) -> Response:
    """Let a citizen choose a login where there are several; who was logged in a moment ago goes the same way again."""
    choices = realms.citizens(request.services.settings)
    same = None if request.argument("choose") else _same_as_before(request)
    if len(choices) == 1 or same:
        return _begun(request, same or choices[0])
    query = f"?next={quote(request.argument('next'), safe='/')}" if request.argument("next") else ""
    named = [(realm.name(request.language), f"{realm.start}{query}") for realm in choices]
    return html.page(request, "identity/choose.html", choices=named)


@routes.page("/login/with/{key}", access=PUBLIC)
def log_in_with(request: Request, key: str) -> Response:
    return _begun(request, _chosen(request, key))


@routes.page("/login/callback", access=PUBLIC)
def come_back(request: Request) -> Response:
    return _finished(request, realms.citizens(request.services.settings)[0])


@routes.page("/login/callback/{key}", access=PUBLIC)
def come_back_from(request: Request, key: str) -> Response:
    return _finished(request, _chosen(request, key))


@routes.page("/staff/login", access=PUBLIC)
def log_in_as_officer(request: Request) -> Response:
    return _begun(request, realms.officers(request.services.settings))


@routes.page("/staff/login/callback", access=PUBLIC)
def come_back_as_officer(request: Request) -> Response:
    return _finished(request, realms.officers(request.services.settings))


@routes.page("/login/backchannel-logout", method="POST", access=PUBLIC)
def notice_of_logout(request: Request) -> Response:
    """Take an issuer's word, signed, that somebody logged out elsewhere (OpenID Connect Back-Channel Logout 1.0).

    It counts once: sent again by whoever got hold of it, it does not end the session of somebody who logged in since. It is noted
    after it was carried out, so that an issuer whose notice failed half way can send it again.
    """
    from chalicelib.identity.keys import is_encrypted  # noqa: PLC0415 — joserfc only where a token is read

    token, services = str(request.form().get("logout_token", "")), request.services
    try:
        token = services.own_keys.opened(token) if is_encrypted(token) else token
        provider, notice = _noticed(services, token)
    except LoginRefused as error:
        return _notice_refused(error.reason)
    if services.sessions.heard(provider.issuer, notice):
        return _notice_refused("jti_again")
    ended = services.sessions.close_of(provider.issuer, notice.subject, notice.session_id)
    services.sessions.note_heard(provider.issuer, notice)
    log.event("logged_out_elsewhere", sessions=ended)
    return Response(200)


def _noticed(services: Services, token: str) -> tuple["Provider", LogoutNotice]:
    """Return whose notice it is, and what it says. Logins at one issuer differ in the client to whom it is addressed."""
    from chalicelib.identity.oidc import issuer_of  # noqa: PLC0415 — joserfc only where a token is read

    issuer = issuer_of(token)
    named = [provider for provider in services.providers.values() if provider.issuer == issuer] or [services.providers[STAFF]]
    for provider in named[:-1]:
        try:
            return provider, provider.logout_notice(token)
        except LoginRefused as refused:
            if refused.reason != "aud":
                raise
    return named[-1], named[-1].logout_notice(token)


def _notice_refused(reason: str) -> Response:
    log.event("logout_notice_refused", reason=reason)
    return Response(400, json.dumps({"error": "invalid_request"}), "application/json")


@routes.page("/.well-known/jwks.json", access=PUBLIC)
def own_keys(request: Request) -> Response:
    """The portal's own public keys, for issuers that fetch them. Kept an hour: a rotation waits longer between its steps."""
    keys = request.services.own_keys.public()
    return Response(200, json.dumps(keys), "application/json", {"Cache-Control": f"public, max-age={_KEYS_KEPT_S}"})


def _chosen(request: Request, key: str) -> LoginRealm:
    realm = realms.of_key(request.services.settings, key)
    if realm is None:
        raise NotFound("page")
    return realm


def _same_as_before(request: Request) -> LoginRealm | None:
    """Return the login of a citizen whose session is there, or ran out by itself; who logged out chooses anew."""
    session = request.session or request.services.sessions.find(request.cookie(_SESSION))
    if session is None or session.ended or not session.means or not isinstance(session.principal, Citizen):
        return None
    return realms.of_session(request.services.settings, session)


def _begun(request: Request, realm: LoginRealm) -> Response:
    settings, wanted = request.services.settings, request.argument("next")
    return_to = wanted if _LOCAL_PATH.fullmatch(wanted) else realm.home
    try:
        provider = request.services.providers[realm.key]
        attempt = provider.start(redirect_uri=settings.portal_url + realm.callback, return_to=return_to)
    except IdentityProviderDown as error:
        return _ended(request, realm, error, return_to)
    secret = request.services.sessions.begin(attempt)
    kept = (cookies.put(settings, _ATTEMPT, secret, max_age_s=int(ATTEMPT_LIFE.total_seconds())),)
    if not _comes_from_a_page(request):
        return redirect(attempt.url, kept)
    name = realm.name(request.language)
    return html.page(request, "identity/onward.html", cookies=kept, onward=attempt.url, login=name)


def _comes_from_a_page(request: Request) -> bool:
    """True when a page of ours may have led here with a form.

    A browser holds a form's redirects to the page's `form-action`, to their very end: at the issuer, and wherever it leads. A
    page in between ends that (ADR-0038).
    """
    from_here = request.headers.get("referer", "").startswith(request.services.settings.portal_url)
    return request.headers.get("sec-fetch-site") == "same-origin" or from_here


def _finished(request: Request, realm: LoginRealm) -> Response:
    params = {name: request.argument(name) for name in request.query}
    sessions, settings = request.services.sessions, request.services.settings
    attempt = sessions.consume_attempt(request.cookie(_ATTEMPT))
    if attempt is None:  # this browser began none, or too long ago, or it was finished already
        return _ended(request, realm, LoginRefused("attempt"))
    if attempt.redirect_uri != settings.portal_url + realm.callback:  # begun at another login
        return _ended(request, realm, LoginRefused("state"), attempt.return_to)
    try:
        login = request.services.providers[realm.key].finish(attempt, params)
        principal = realm.principal(request.services, login)
    except (LoginRefused, LoginCancelled, IdentityProviderDown) as error:
        return _ended(request, realm, error, attempt.return_to)
    sessions.close(request.cookie(_SESSION))  # a new id at every login, also for who was logged in
    secret = sessions.open(
        principal,
        issuer=login.issuer,
        subject=login.subject,
        session_id=login.session_id,
        unreachable=_is_unreachable(request, principal),
        means=realm.key,
        hint=login.hint,
    )
    log.event("logged_in", door=realm.start)
    _note_seen(request, principal)
    onward = _begins_at(principal, realm) if attempt.return_to == realm.home else attempt.return_to
    return redirect(request.base + onward, (cookies.put(settings, _SESSION, secret), cookies.clear(settings, _ATTEMPT)))


def _note_seen(request: Request, principal: Principal) -> None:
    """Tell an officer's digest that they logged in; nobody is kept out because that failed."""
    if isinstance(principal, Officer):
        from chalicelib.digests.actions import seen  # noqa: PLC0415 — only for officers

        try:
            seen(principal, request.services.digest_room)
        except Exception as error:  # noqa: BLE001 — whatever failed, the officer is logged in
            log.event("digest_not_refreshed", level=logging.WARNING, error=type(error).__name__)


def _begins_at(principal: Principal, realm: LoginRealm) -> str:
    """Return the first page of somebody who asked for none: of an officer the first that they may open."""
    return navigation.home_of(principal) if isinstance(principal, Officer) else realm.home


def _is_unreachable(request: Request, principal: Principal) -> bool:
    """True for a citizen to whom mail comes back: looked up once, at the login, so that every page can say it."""
    return isinstance(principal, Citizen) and request.services.reports.any_unreachable(principal.pseudonym)


def _ended(request: Request, realm: LoginRealm, error: Exception, return_to: str = "") -> Response:
    """Say what became of a login; who tries again still comes to `return_to`, also with another login where there are more."""
    reason = error.reason if isinstance(error, LoginRefused) else type(error).__name__
    log.event("login_ended", door=realm.start, reason=reason)
    ending = ending_of(error, realm.key)
    # Choosing another language leads to the entry: this address has a code and a state in it, and both are used up.
    onward = "" if return_to in ("", realm.home) else f"next={quote(return_to, safe='/')}"
    again = f"{realm.start}?{onward}" if onward else realm.start
    other = f"{ENTRANCE}?choose=yes{'&' * bool(onward)}{onward}" if realm.start.startswith(f"{ENTRANCE}/with/") else ""
    return html.page(
        request,
        "identity/ended.html",
        status=ending.status,
        cookies=(cookies.clear(request.services.settings, _ATTEMPT),),
        here="/",
        ending=ending,
        login=realm.name(request.language),
        again=again,
        other=other,
    )
