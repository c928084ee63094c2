"""A portal's login with a simulated issuer behind it, in one process and on one clock: what login tests begin with."""

import json
from dataclasses import replace
from functools import cache
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc.jwk import KeySet, RSAKey

from chalicelib.identity import oidc
from chalicelib.identity.fetch import Answer
from chalicelib.identity.keys import OwnKeys
from infra.local.direct import DirectFetch
from infra.local.http import LocalRequest
from infra.local.issuer import Issuer
from infra.local.mint import fresh_key
from infra.local.people import CITIZENS, COMPANIES, EUROPEANS, OFFICERS

CALLBACK = "https://portal.example/login/callback"
STAFF_CALLBACK = "https://portal.example/staff/login/callback"


@cache
def portal_keys() -> KeySet:
    """The portal's own keys; made once, because making RSA keys is most of what these tests cost."""
    return KeySet([RSAKey.generate_key(2048, {"use": use, "kid": f"portal-{use}"}) for use in ("sig", "enc")])


@cache
def _issuer_key(_kind):
    return fresh_key()


def keys_json() -> str:
    return json.dumps(portal_keys().as_dict(private=True))


@cache
def own_keys() -> OwnKeys:
    """The portal's keys, read once for all tests of a process."""
    return OwnKeys(keys_json())


PEOPLE = {"digid": CITIZENS, "eherkenning": COMPANIES, "eidas": EUROPEANS, "staff": OFFICERS}
MORE = [
    {
        "key": "eherkenning",
        "name": {"nl": "eHerkenning", "en": "eHerkenning"},
        "issuer": "https://companies.example",
        "client_id": "mijn-politie-companies",
        "identity": "company",
    },
    {
        "key": "eidas",
        "name": {"nl": "een Europese login", "en": "a European login"},
        "issuer": "https://europe.example",
        "client_id": "mijn-politie-europe",
        "identity": "eidas",
    },
]


def with_more(settings, **changes):
    """Return the settings of a stage that takes a login for companies and one of Europe too, each with these changes."""
    return replace(settings, more_logins=json.dumps([{**one, **changes} for one in MORE]))


def an_issuer(kind, settings, clock, fetch=None):
    addresses = {means.key: means.issuer for means in (*settings.citizen_logins, settings.staff_login)}
    return Issuer(
        kind,
        addresses[kind],
        clock,
        client_public_keys=portal_keys().as_dict(private=False),
        people=PEOPLE[kind],
        audience=settings.api_audience,
        backchannel_logout_uri="https://portal.example/login/backchannel-logout",
        fetch=fetch or DirectFetch(),
        key=_issuer_key(kind),
    )


class Edited:
    """A Fetch that changes what issuers publish: `edits` has, by the end of an address, what becomes of its document."""

    def __init__(self, fetch, edits):
        self._fetch, self._edits = fetch, edits

    def get(self, url):
        answer = self._fetch.get(url)
        edit = next((edit for end, edit in self._edits.items() if url.endswith(end)), None)
        return Answer(answer.status, json.dumps(edit(answer.json())).encode()) if edit else answer

    def post(self, url, form):
        return self._fetch.post(url, form)


class LoginWorld:
    """The issuers of the settings and the portal's provider for each: DigiD, the officers' own, and what was added."""

    def __init__(self, settings, clock):
        self.settings, self.clock = settings, clock
        logins = (*settings.citizen_logins, settings.staff_login)
        self.issuers = {means.key: an_issuer(means.key, settings, clock) for means in logins}
        self.digid_issuer, self.staff_issuer = self.issuers["digid"], self.issuers["staff"]
        self.fetch = DirectFetch(*self.issuers.values())
        self.reconnect(self.fetch)

    def reconnect(self, fetch):
        """Start anew with every issuer: over `fetch`, and with nothing remembered."""
        logins = (*self.settings.citizen_logins, self.settings.staff_login)
        self.providers = {means.key: oidc.provider(means, self.clock, own_keys(), fetch) for means in logins}
        self.digid, self.staff = self.providers["digid"], self.providers["staff"]

    def publishing(self, **edits):
        """Have the issuers publish something else: `jwks=` or `configuration=`, each a function of the document."""
        ends = {"jwks": "/jwks", "configuration": "/.well-known/openid-configuration"}
        self.reconnect(Edited(self.fetch, {ends[name]: edit for name, edit in edits.items()}))

    def begin(self, callback=CALLBACK):
        provider = self.digid if callback == CALLBACK else self.staff
        return provider.start(redirect_uri=callback)

    def choose(self, attempt, **form):
        """Return what the issuer's redirect brings back, after somebody chose `person` or an `end` on its page."""
        answer = self.choose_at(attempt.url, **form)
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def choose_at(self, url, **form):
        issuer = next(one for one in self.issuers.values() if url.startswith(one.url))
        split = urlsplit(url)
        return issuer.handle(LocalRequest("POST", split.path, parse_qs(split.query), {}, urlencode(form).encode()))

    def log_in(self, person="bultenaar", **form):
        attempt = self.begin()
        return self.digid.finish(attempt, self.choose(attempt, person=person, **form))

    def log_in_officer(self, person="handler"):
        attempt = self.begin(STAFF_CALLBACK)
        return self.staff.finish(attempt, self.choose(attempt, person=person))
