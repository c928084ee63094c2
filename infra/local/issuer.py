"""A strict OpenID provider: the simulated DigiD, its siblings, and the simulated staff login.

A mistake that it lets through, a real one may too; no more.

It refuses what the NL GOV profile refuses (short state or nonce, no PKCE, a replayed assertion or code, an address that is not
registered), so that a mistake of the portal shows on a laptop. `mint.tamper` makes its tokens wrong, for the portal's own tests.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import jinja2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from chalicelib.core import ids
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Unavailable
from chalicelib.identity.claims import ACR
from chalicelib.identity.fetch import Fetch, WebFetch
from chalicelib.people.model import Level
from infra.local.http import LocalRequest, LocalResponse, as_html, as_json, redirect
from infra.local.mint import Mint, base64url, fresh_key
from infra.local.people import Person
from infra.local.words import language_of, spoken

CODE_LIFE = timedelta(seconds=60)
_ENTROPY = 22  # characters of base64url that 128 bits take
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self' {portal}; base-uri 'none'; frame-ancestors 'none'"
_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
)


@dataclass(frozen=True, slots=True)
class Kind:
    """The differences between the logins. `callback` is where the portal's side of it ends, `not_real` the page's warning.

    A login of citizens states levels, and encrypts its tokens.
    """

    title: str
    client_id: str
    callback: str
    not_real: str
    of_citizens: bool = True


KINDS: Mapping[str, Kind] = {
    "digid": Kind("DigiD simulator", "mijn-politie", "/login/callback", "This is a simulator, not DigiD."),
    "eherkenning": Kind(
        "eHerkenning simulator",
        "mijn-politie-companies",
        "/login/callback/eherkenning",
        "This is a simulator, not eHerkenning.",
    ),
    "eidas": Kind(
        "Simulator of a European login",
        "mijn-politie-europe",
        "/login/callback/eidas",
        "This is a simulator, not the login of a country.",
    ),
    "staff": Kind(
        "Simulator of the staff login",
        "mijn-politie-desk",
        "/staff/login/callback",
        "This is a simulator, not the login of the police.",
        of_citizens=False,
    ),
}


class _Refused(Exception):
    """An OAuth error; `code` is its name in RFC 6749 and OpenID Connect."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Grant:
    """The login that an authorization code stands for."""

    asked: Mapping[str, str]
    person: Person
    level: Level
    at: datetime


class Issuer:
    """One provider under `base_url`. `down = True` makes it answer 503 to everything."""

    def __init__(
        self,
        kind: str,
        base_url: str,
        clock: Clock,
        *,
        client_public_keys: Mapping[str, Any],
        people: Sequence[Person],
        audience: str,
        backchannel_logout_uri: str,
        fetch: Fetch | None = None,
        key: RSAKey | None = None,
    ) -> None:
        self.kind, self.url, self.down = KINDS[kind], base_url, False
        self.people = tuple(people)
        self._people = {person.id: person for person in people}
        self._clock, self._audience, self._notices = clock, audience, backchannel_logout_uri
        self._portal = backchannel_logout_uri.removesuffix("/login/backchannel-logout")
        self._fetch = fetch or WebFetch()
        keys = [
            RSAKey.import_key({name: key[name] for name in ("kty", "n", "e", "use", "kid")}) for key in client_public_keys["keys"]
        ]
        self._client_signing = KeySet([key for key in keys if key.get("use") == "sig"])
        reader = next(key for key in keys if key.get("use") == "enc") if self.kind.of_citizens else None
        self.mint = Mint(base_url, self.kind.client_id, clock, reader=reader, key=key or fresh_key())
        self._grants: dict[str, _Grant] = {}
        self._assertions: set[str] = set()
        self._sessions: dict[str, str] = {}

    def handle(self, request: LocalRequest) -> LocalResponse:
        """Answer a request under the base URL's path."""
        if self.down:
            return as_json({"error": "temporarily_unavailable"}, 503)
        views: dict[tuple[str, str], Callable[[LocalRequest], LocalResponse]] = {
            ("GET", "/.well-known/openid-configuration"): lambda _: as_json(self._metadata()),
            ("GET", "/jwks"): lambda _: as_json(self.mint.published()),
            ("GET", "/authorize"): self._login_page,
            ("POST", "/authorize"): self._login,
            ("POST", "/token"): self._token,
            ("GET", "/logout"): self._logout,
        }
        view = views.get((request.method, request.path.removeprefix(urlsplit(self.url).path)))
        return view(request) if view else as_json({"error": "not_found"}, 404)

    def access_token(self, person_id: str) -> str:
        """Return an access token for the API. Raises KeyError for somebody who is not there."""
        return self.mint.access_token(self._people[person_id], Level.SUBSTANTIAL, audience=self._audience)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": self.url + "/authorize",
            "token_endpoint": self.url + "/token",
            "jwks_uri": self.url + "/jwks",
            "end_session_endpoint": self.url + "/logout",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "scopes_supported": ["openid"],
            "acr_values_supported": list(ACR) if self.kind.of_citizens else [],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["PS256", "RS256"],
            "id_token_signing_alg_values_supported": ["PS256"],
            "id_token_encryption_alg_values_supported": ["RSA-OAEP-256"],
            "id_token_encryption_enc_values_supported": ["A256GCM"],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }

    # The login page, and what follows from it

    def _login_page(self, request: LocalRequest) -> LocalResponse:
        try:
            self._require_registered(request)
            self._checked(request)
        except _Refused as error:
            return self._refusal(request, error)
        levels = [level.name.lower() for level in Level] if self.kind.of_citizens else []
        return self._page(
            request,
            "login.html",
            200,
            title=self.kind.title,
            not_real=self.kind.not_real,
            people=self._people.values(),
            levels=levels,
            chosen="substantial",
        )

    def _login(self, request: LocalRequest) -> LocalResponse:
        form = request.form()
        try:
            self._require_registered(request)
            asked = self._checked(request)
            code = self._granted(asked, form)
        except _Refused as error:
            return self._refusal(request, error)
        return self._back(asked, {"code": code})

    def _granted(self, asked: Mapping[str, str], form: Mapping[str, str]) -> str:
        ends = {"cancelled": "access_denied", "outage": "temporarily_unavailable"}
        if form.get("end") in ends:
            raise _Refused(ends[form["end"]])
        person = self._people.get(form.get("person", ""))
        level = (
            Level[form.get("level", "substantial").upper()]
            if form.get("level", "substantial").upper() in Level.__members__
            else None
        )
        if person is None or level is None:
            raise _Refused("access_denied")
        wanted = [ACR[name] for name in asked.get("acr_values", "").split() if name in ACR]
        if wanted and level < min(wanted):
            raise _Refused("unmet_authentication_requirements")
        code = ids.secret_id()
        self._grants[code] = _Grant(asked, person, level, self._clock.now())
        return code

    def _require_registered(self, request: LocalRequest) -> None:
        """An answer goes only to the address that the client registered; for another there is a page, not a redirect."""
        if request.argument("client_id") != self.kind.client_id:
            raise _Refused("unauthorized_client")
        if request.argument("redirect_uri") != self._portal + self.kind.callback:
            raise _Refused("redirect_uri")

    def _checked(self, request: LocalRequest) -> dict[str, str]:
        asked = {name: values[0] for name, values in request.query.items()}
        challenge = asked.get("code_challenge", "")
        sound = (
            all(len(values) == 1 for values in request.query.values())
            and "openid" in asked.get("scope", "").split()
            and len(asked.get("state", "")) >= _ENTROPY
            and len(asked.get("nonce", "")) >= _ENTROPY
            and asked.get("code_challenge_method") == "S256"
            and len(challenge) == len(_hashed(""))
        )
        if asked.get("response_type") != "code":
            raise _Refused("unsupported_response_type")
        if not sound or (self.kind.of_citizens and not set(asked.get("acr_values", "").split()) & set(ACR)):
            raise _Refused("invalid_request")
        return asked

    def _refusal(self, request: LocalRequest, error: _Refused) -> LocalResponse:
        if error.code in ("unauthorized_client", "redirect_uri"):
            return self._page(request, "refused.html", 400, title=self.kind.title, code=error.code)
        return self._back({name: values[0] for name, values in request.query.items()}, {"error": error.code})

    def _back(self, asked: Mapping[str, str], answer: Mapping[str, str]) -> LocalResponse:
        values = {**answer, "state": asked.get("state", ""), "iss": self.url}
        return redirect(f"{asked['redirect_uri']}?{urlencode(values)}")

    def _page(self, request: LocalRequest, template: str, status: int, **context: Any) -> LocalResponse:
        words = spoken(language_of(request))
        page = as_html(_templates.get_template(template).render({**words, **context}), status)
        headers = {
            "Content-Security-Policy": _POLICY.format(portal=self._portal),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        }
        return LocalResponse(status, page.body, {**page.headers, **headers})

    # The token endpoint

    def _token(self, request: LocalRequest) -> LocalResponse:
        form = request.form()
        try:
            self._authenticate(form)
            grant = self._redeemed(form)
        except _Refused as error:
            return as_json({"error": error.code}, 401 if error.code == "invalid_client" else 400)
        access_token = ids.secret_id()
        id_token = self.mint.id_token(
            grant.person,
            grant.level,
            nonce=grant.asked["nonce"],
            session_id=self._session_of(grant.person),
            access_token=access_token,
        )
        return as_json({"access_token": access_token, "token_type": "Bearer", "id_token": id_token})

    def _authenticate(self, form: Mapping[str, str]) -> None:
        try:
            claims = jwt.decode(form["client_assertion"], self._client_signing, algorithms=["PS256", "RS256"]).claims
        except (KeyError, JoseError, ValueError):
            raise _Refused("invalid_client") from None
        now, client = self._now(), self.kind.client_id
        sound = (
            form.get("client_assertion_type") == _ASSERTION_TYPE
            and claims.get("iss") == claims.get("sub") == form.get("client_id") == client
            and claims.get("aud") == self.url + "/token"
            and now < claims.get("exp", 0) <= now + 60
            and len(claims.get("jti", "")) >= _ENTROPY
            and claims["jti"] not in self._assertions
        )
        if not sound:
            raise _Refused("invalid_client")
        self._assertions.add(claims["jti"])

    def _redeemed(self, form: Mapping[str, str]) -> _Grant:
        grant = self._grants.pop(form.get("code", ""), None)
        sound = (
            grant is not None
            and form.get("grant_type") == "authorization_code"
            and self._clock.now() - grant.at <= CODE_LIFE
            and form.get("redirect_uri") == grant.asked["redirect_uri"]
            and hmac.compare_digest(_hashed(form.get("code_verifier", "")), grant.asked["code_challenge"])
        )
        if grant is None or not sound:
            raise _Refused("invalid_grant")
        return grant

    def _session_of(self, person: Person) -> str:
        session_id = ids.secret_id()
        self._sessions[session_id] = person.subject
        return session_id

    # Logging out

    def _logout(self, request: LocalRequest) -> LocalResponse:
        """End the session that the ID token or `logout_hint` names, and tell the portal.

        A token in an address must not tell who a citizen is: a readable one is refused there.
        """
        back_to = request.argument("post_logout_redirect_uri")
        registered = request.argument("client_id") == self.kind.client_id and back_to == self._portal + "/logged-out"
        hint = request.argument("id_token_hint")
        session_id = self.mint.session_of(hint) if hint else request.argument("logout_hint")
        if not registered or session_id is None:
            code = "id_token_hint" if registered else "post_logout_redirect_uri"
            return self._page(request, "refused.html", 400, title=self.kind.title, code=code)
        subject = self._sessions.pop(session_id, None)
        if subject is not None:
            self._notify(subject, session_id)
        return redirect(back_to)

    def _notify(self, subject: str, session_id: str) -> None:
        """Send the back-channel notice once. A portal that does not answer keeps its session: it ends by itself."""
        try:
            self._fetch.post(self._notices, {"logout_token": self.mint.logout_token(subject, session_id)})
        except Unavailable:
            return


def _hashed(verifier: str) -> str:
    return base64url(hashlib.sha256(verifier.encode()).digest())
