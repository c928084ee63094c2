"""A strict OpenID Connect relying party, for DigiD (through a broker) and for the staff login.

Code flow with PKCE only; every check of the NL GOV profile 1.0.1 (docs/domain.md, "Identity"), each refusing with a code of
its own. Every message to an issuer is signed; an answer is believed only after `finish`. A token that tells who a citizen is is
kept and shown to nobody: as a hint at the end of a session it goes encrypted to its issuer, or not at all (ADR-0038).
"""

import base64
import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from joserfc import jws
from joserfc.errors import ClaimError
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from chalicelib.core import ids, log
from chalicelib.core.clock import Clock
from chalicelib.core.logins import AskAgain, AtLogout, IdentityKind, LoginMeans
from chalicelib.core.settings import Settings
from chalicelib.identity.claims import claim_at, level_of
from chalicelib.identity.discovery import Discovery, SignedToken
from chalicelib.identity.fetch import Answer, Fetch, WebFetch
from chalicelib.identity.jose import BROKEN, SignatureRules, hash_of
from chalicelib.identity.keys import OwnKeys, is_encrypted
from chalicelib.identity.model import Attempt, IdentityProviderDown, Login, LoginCancelled, LoginRefused, LogoutNotice
from chalicelib.people.model import Level

LEEWAY_S = 30  # between the issuer's clock and ours
ASSERTION_S = 60
OLDEST_S = 300  # an ID token or logout token is fetched or sent at once; an older one was kept by somebody
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_HINT = 6_000  # characters: gateways take addresses of 8,000
_ASKING: Mapping[AskAgain, Mapping[str, str]] = {
    AskAgain.PROMPT: {"prompt": "login"},
    AskAgain.MAX_AGE: {"max_age": "0"},
    AskAgain.NEVER: {},
}
_CODE = re.compile(r"[a-z_]{1,40}")
_Method = TypeVar("_Method", bound=Callable[..., Any])
_OK, _CREATED, _BAD, _UNAUTHORIZED = 200, 201, 400, 401


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The agreement with one issuer, as its LoginMeans has it. `floor` None: the issuer states no level.

    `acr_values`: what it is asked for. `id_tokens_named`: its ID tokens have a `jti`. `represents`: somebody may log in for
    somebody else, which is refused where it was not agreed: the report would get the wrong reporter.
    """

    key: str
    issuer: str
    client_id: str
    floor: Level | None
    levels: Mapping[str, Level]
    acr_claim: str
    encrypted: bool
    acr_values: str
    id_tokens_named: bool
    represents: bool
    ask_again: AskAgain
    at_logout: AtLogout

    @classmethod
    def of(cls, means: LoginMeans) -> "Rules":
        return cls(
            key=means.key,
            issuer=means.issuer,
            client_id=means.client_id,
            floor=Level[means.floor.upper()] if means.floor else None,
            levels={name: Level[level.upper()] for name, level in means.acr.items()},
            acr_claim=means.acr_claim,
            encrypted=means.encrypted,
            acr_values=means.asked,
            id_tokens_named=means.jti,
            represents=means.identity is IdentityKind.COMPANY,
            ask_again=means.ask_again,
            at_logout=means.at_logout,
        )


def provider(means: LoginMeans, clock: Clock, keys: OwnKeys, fetch: Fetch | None = None) -> "Provider":
    """Return one login as the portal deals with its issuer."""
    return Provider(Rules.of(means), keys, fetch or WebFetch(), clock)


def digid(settings: Settings, clock: Clock, keys: OwnKeys, fetch: Fetch | None = None) -> "Provider":
    """Return the first login of citizens: a level of assurance, and tokens that only we can read."""
    return provider(settings.citizen_logins[0], clock, keys, fetch)


def staff(settings: Settings, clock: Clock, keys: OwnKeys, fetch: Fetch | None = None) -> "Provider":
    """Return the login of officers; that it was multi-factor is asked where the officer is made (claims.py)."""
    return provider(settings.staff_login, clock, keys, fetch)


def _telling(method: _Method) -> _Method:
    """Tell an operator why an issuer failed: those who wait for it are told only that it did."""

    @wraps(method)
    def told(self: "Provider", *args: Any, **named: Any) -> Any:
        try:
            return method(self, *args, **named)
        except IdentityProviderDown as down:
            if not down.is_told:
                down.is_told = True
                log.event("identity_provider_down", level=logging.WARNING, login=self.rules.key, cause=down.cause)
            raise

    return cast("_Method", told)


class Provider:
    """One issuer, as the portal deals with it. Why it could not be reached is told in the log, once, under its key."""

    def __init__(self, rules: Rules, keys: OwnKeys, fetch: Fetch, clock: Clock) -> None:
        self.rules = rules
        self._keys, self._fetch, self._clock = keys, fetch, clock
        self._discovery = Discovery(rules.issuer, fetch, clock)

    @property
    def issuer(self) -> str:
        return self.rules.issuer

    @_telling
    def start(self, *, redirect_uri: str, return_to: str = "") -> Attempt:
        """Return a fresh attempt; the browser that begins it goes to its `url`. Raises IdentityProviderDown."""
        state, nonce, verifier = ids.secret_id(), ids.secret_id(), ids.secret_id()
        asked = {
            "response_type": "code",
            "client_id": self.rules.client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": _hashed(verifier),
            "code_challenge_method": "S256",
        }
        if self.rules.acr_values:
            asked["acr_values"] = self.rules.acr_values
        asked |= _ASKING[self.rules.ask_again]
        endpoints = self._discovery.endpoints()
        if endpoints.push:
            asked = self._pushed(endpoints.push, asked)
        return Attempt(
            issuer=self.issuer,
            url=_with_query(endpoints.authorization, asked),
            redirect_uri=redirect_uri,
            state=state,
            nonce=nonce,
            verifier=verifier,
            started_at=self._clock.now(),
            return_to=return_to,
        )

    @_telling
    def finish(self, attempt: Attempt, params: Mapping[str, str]) -> Login:
        """Return the login that the issuer's answer stands for. `attempt` was taken out of its store: it works once.

        Raises LoginRefused(reason), LoginCancelled, IdentityProviderDown.
        """
        code = self._code(attempt, params)
        answer = self._exchanged(attempt, code)
        token, access_token = answer.get("id_token"), answer.get("access_token")
        if not isinstance(token, str) or not isinstance(access_token, str) or str(answer.get("token_type")).lower() != "bearer":
            raise LoginRefused("token_answer")
        named = self.rules.id_tokens_named
        signed = self.verified(token, kinds=("jwt", ""), audience=self.rules.client_id, named=named, nonce=attempt.nonce)
        claims = signed.claims
        self._require_fresh(claims)
        _require_own(claims, self.rules.client_id)
        if self.rules.ask_again is AskAgain.MAX_AGE:
            _require_asked(claims, attempt)
        if "at_hash" in claims and claims["at_hash"] != _left_half(access_token, hash_of(signed.header["alg"])):
            raise LoginRefused("at_hash")
        return Login(
            issuer=self.issuer,
            subject=claims["sub"],
            session_id=str(claims.get("sid", "")),
            level=self.level_of(claims),
            claims=claims,
            hint=self._hint(token),
        )

    @_telling
    def verified(
        self,
        token: str,
        *,
        kinds: Collection[str],
        audience: str,
        readable: bool = False,
        named: bool = True,
        about: Collection[str] = ("sub",),
        **expected: str,
    ) -> SignedToken:
        """Return a token of one of `kinds` (its `typ`), meant for `audience` (empty: for anybody) and valid now.

        `readable` lets through what came unencrypted, whatever is agreed: for tokens that tell of nobody. `expected` are
        claims that must be there with that value, `about` such as must be there with any; `jti` must be there when the token
        has to be `named`. Raises LoginRefused(reason), IdentityProviderDown.
        """
        signed = self._discovery.verified(self._opened(token, readable=readable))
        if str(signed.header.get("typ", "")).lower().removeprefix("application/") not in kinds:
            raise LoginRefused("typ")
        self._check(signed.claims, audience, expected, about=(*about, "jti") if named else about)
        return signed

    def level_of(self, claims: Mapping[str, Any]) -> Level | None:
        """Return the level that the claims state, None where none is agreed. Raises LoginRefused below the floor."""
        rules = self.rules
        return None if rules.floor is None else level_of(claim_at(claims, rules.acr_claim), rules.levels, rules.floor)

    @_telling
    def logout_url(self, session_id: str, back_to: str, hint: str = "") -> str | None:
        """Return where to send a browser to end the issuer's session too; None when the issuer has no such place.

        `hint` is that of the login (`Login.hint`).
        """
        end_session = self._discovery.endpoints().end_session
        asked = {"client_id": self.rules.client_id, "post_logout_redirect_uri": back_to}
        if session_id:
            asked["logout_hint"] = session_id
        if hint:
            asked["id_token_hint"] = hint
        return _with_query(end_session, asked) if end_session else None

    @_telling
    def logout_notice(self, token: str) -> LogoutNotice:
        """Return whom a back-channel logout token is about (OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6).

        It may be encrypted, name a session (`sid`), a person (`sub`) or both, and need not say by `typ` what it is: its `events`
        does, and that it has no nonce. Raises LoginRefused, IdentityProviderDown.
        """
        kinds = ("logout+jwt", "jwt", "")
        claims = self.verified(token, kinds=kinds, audience=self.rules.client_id, readable=True, about=()).claims
        self._require_fresh(claims)
        events = claims.get("events")
        if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
            raise LoginRefused("events")
        if "nonce" in claims:  # an ID token in disguise
            raise LoginRefused("nonce")
        subject, session_id = claims.get("sub", ""), claims.get("sid", "")
        if not isinstance(session_id, str) or not (subject or session_id):
            raise LoginRefused("sub")
        ends_at = datetime.fromtimestamp(min(claims["exp"], claims["iat"] + OLDEST_S) + LEEWAY_S + 1, UTC)
        return LogoutNotice(subject, session_id, str(claims["jti"]), ends_at)

    def _code(self, attempt: Attempt, params: Mapping[str, str]) -> str:
        """Return the code that the browser brought back, once it is sure that this answer belongs to this attempt."""
        if attempt.issuer != self.issuer or not hmac.compare_digest(params.get("state", "").encode(), attempt.state.encode()):
            raise LoginRefused("state")
        named = params.get("iss", "" if self._discovery.endpoints().names_itself else self.issuer)
        if named != self.issuer:
            raise LoginRefused("iss")
        if "error" in params:
            raise _refusal(params["error"])
        if not params.get("code"):
            raise LoginRefused("code")
        return params["code"]

    def _exchanged(self, attempt: Attempt, code: str) -> dict[str, Any]:
        endpoint = self._discovery.endpoints().token
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": attempt.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        return _token_answer(self._fetch.post(endpoint, form | self._proof(endpoint)))

    def _pushed(self, endpoint: str, asked: Mapping[str, str]) -> dict[str, str]:
        """Hand a request to the issuer directly, and return the one that the browser carries instead (RFC 9126).

        The proof is for the issuer, which it must take there (section 2). Raises IdentityProviderDown: nobody can log in.
        """
        answer = self._fetch.post(endpoint, {**asked, **self._proof(self.issuer)})
        if answer.status != _CREATED:
            code = str(answer.json().get("error", ""))
            raise IdentityProviderDown(f"push_{code}" if _CODE.fullmatch(code) else f"push_status_{answer.status}")
        request_uri = answer.json().get("request_uri")
        if not isinstance(request_uri, str):
            raise IdentityProviderDown("push_answer")
        return {"client_id": self.rules.client_id, "request_uri": request_uri}

    def _proof(self, audience: str) -> dict[str, str]:
        """Return what proves that we are the client: `private_key_jwt`, fresh for every message."""
        assertion = self._assertion(audience)
        return {"client_id": self.rules.client_id, "client_assertion_type": _ASSERTION_TYPE, "client_assertion": assertion}

    def _assertion(self, audience: str) -> str:
        now, client = self._now(), self.rules.client_id
        claims = {"iss": client, "sub": client, "aud": audience, "iat": now, "exp": now + ASSERTION_S, "jti": ids.secret_id()}
        return self._keys.signed(claims)

    def opened(self, token: str) -> str:
        """Return the signed token inside an encrypted one, not yet checked. Raises LoginRefused."""
        return self._opened(token, readable=False)

    def _opened(self, token: str, *, readable: bool) -> str:
        if is_encrypted(token):
            return self._keys.opened(token)
        if self.rules.encrypted and not readable:
            raise LoginRefused("not_encrypted")
        return token

    def _hint(self, token: str) -> str:
        """Return the ID token as its issuer is to see it again, empty when it is not to, cannot read it, or is too long."""
        if self.rules.at_logout not in (AtLogout.SIGNED, AtLogout.ENCRYPTED):
            return ""
        signed = self._opened(token, readable=False)
        hint = signed if self.rules.at_logout is AtLogout.SIGNED else self._discovery.encrypted(signed)
        return hint if len(hint) <= LONGEST_HINT else ""

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _check(self, claims: Mapping[str, Any], audience: str, expected: Mapping[str, str], *, about: Collection[str]) -> None:
        demands: dict[str, ClaimsOption] = {name: {"essential": True} for name in (*about, "exp", "iat")}
        demands |= {name: {"essential": True, "value": value} for name, value in expected.items()}
        demands |= {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True}}
        if audience:
            demands["aud"]["value"] = audience
        try:
            JWTClaimsRegistry(now=self._now(), leeway=LEEWAY_S, **demands).validate(dict(claims))
        except ClaimError as error:
            raise LoginRefused(error.claim.partition(",")[0]) from error
        if "represents" in claims and not self.rules.represents:
            raise LoginRefused("represents")

    def _require_fresh(self, claims: Mapping[str, Any]) -> None:
        if self._now() - claims["iat"] > OLDEST_S + LEEWAY_S:
            raise LoginRefused("iat_too_old")


def issuer_of(token: str) -> str:
    """Return the issuer that a token, not yet checked, names: good for choosing whose rules check it, and no more."""
    try:
        claims = json.loads(jws.extract_compact(token.encode(), registry=SignatureRules()).payload)
    except BROKEN as error:
        raise LoginRefused("malformed") from error
    return str(claims.get("iss", "")) if isinstance(claims, dict) else ""


def _require_asked(claims: Mapping[str, Any], attempt: Attempt) -> None:
    """Refuse a login for which nobody was asked since it began: `max_age=0` promises that, with the time (`auth_time`)."""
    asked_at = claims.get("auth_time")
    if not isinstance(asked_at, int) or isinstance(asked_at, bool) or asked_at + LEEWAY_S < attempt.started_at.timestamp():
        raise LoginRefused("auth_time")


def _require_own(claims: Mapping[str, Any], client_id: str) -> None:
    """Refuse an ID token for several parties that does not say that it was made for us (OpenID Connect Core, 3.1.3.7)."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client_id:
        raise LoginRefused("azp")


def _token_answer(answer: Answer) -> dict[str, Any]:
    if answer.status in (_BAD, _UNAUTHORIZED):
        code = str(answer.json().get("error", ""))
        raise LoginRefused(f"token_{code}" if _CODE.fullmatch(code) else "token_error")
    if answer.status != _OK:
        raise IdentityProviderDown(f"status_{answer.status}")
    return answer.json()


def _refusal(code: str) -> LoginRefused | LoginCancelled | IdentityProviderDown:
    """Sort what an issuer answers instead of a code (RFC 6749, section 4.1.2.1)."""
    if code == "access_denied":
        return LoginCancelled()
    if code in ("temporarily_unavailable", "server_error"):
        return IdentityProviderDown(code)
    return LoginRefused(f"provider_{code}" if _CODE.fullmatch(code) else "provider_error")


def _hashed(verifier: str) -> str:
    return _base64url(hashlib.sha256(verifier.encode()).digest())


def _left_half(access_token: str, hash_name: str) -> str:
    digest = hashlib.new(hash_name, access_token.encode()).digest()
    return _base64url(digest[: len(digest) // 2])


def _with_query(address: str, asked: Mapping[str, str]) -> str:
    """Return an address with something asked; one that has a query of its own keeps it (RFC 6749, section 3.1)."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
