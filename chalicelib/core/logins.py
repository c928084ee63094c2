"""The logins of a stage as values: whom each one brings, how that person is known, and what was agreed with its issuer.

DigiD and the staff login come from settings of their own; every other login of citizens from MORE_LOGINS, a list in JSON
(docs/operations/first-deploy.md, "4. The logins"). The Dutch law on digital government obliges a public body to take every
recognised means: a further one is a value here and no code (ADR-0037). Pure.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from chalicelib.core.language import Language

LEVELS = ("low", "substantial", "high")
EIDAS_ACR: Mapping[str, str] = {f"http://eidas.europa.eu/LoA/{level}": level for level in LEVELS}
DIGID, STAFF = "digid", "staff"
_KEY = re.compile(r"[a-z][a-z0-9-]{0,29}")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class IdentityKind(StrEnum):
    """The ways to know a citizen; each kind has names of its own, so that none can be taken for another."""

    BSN = "bsn"
    COMPANY = "company"  # the number of the company that somebody acts for
    EIDAS = "eidas"  # what another country of the EU calls somebody; no BSN


class AskAgain(StrEnum):
    """How an issuer is asked not to let the next reader of a shared computer in unasked (OpenID Connect Core, 3.1.2.1)."""

    PROMPT = "prompt"  # `prompt=login`
    MAX_AGE = "max_age"  # `max_age=0`: the issuer then has to say when it asked, and that is checked
    NEVER = "never"


class AtLogout(StrEnum):
    """The way to end the issuer's session too: by what it is told which one is meant (ADR-0038)."""

    SIGNED = "signed"  # by its ID token, as we read it: never where the token tells who a citizen is
    ENCRYPTED = "encrypted"  # by its ID token, encrypted to the issuer's own key
    SESSION = "session"  # by the name that the issuer gave its session (`sid`, as `logout_hint`)
    LINK = "link"  # nobody is sent there: the page after logging out has a link


IDENTIFIERS: Mapping[IdentityKind, str] = {
    IdentityKind.BSN: "bsn",
    IdentityKind.COMPANY: "represents.sub",
    IdentityKind.EIDAS: "sub",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginMeans:
    """One login. `identity` None: it brings officers, and states no level (`floor` and `acr` are empty).

    `identifier` and `acr_claim` are paths in the claims, parts joined by dots; `acr` says which level each of its values is.
    `acr_values`: what the issuer is asked for. `jti`: its ID tokens have one. `encrypted`: a readable token is refused.
    """

    key: str
    names: Mapping[Language, str]
    issuer: str
    client_id: str
    identity: IdentityKind | None
    identifier: str = ""
    acr: Mapping[str, str]
    acr_claim: str = "acr"
    acr_values: str = ""
    floor: str = ""
    jti: bool = True
    encrypted: bool = True
    ask_again: AskAgain = AskAgain.PROMPT
    at_logout: AtLogout = AtLogout.LINK

    @property
    def asked(self) -> str:
        """The `acr_values` of a request: as they were agreed, else the first name of the lowest level that is accepted."""
        enough = LEVELS[LEVELS.index(self.floor) :] if self.floor else ()
        by_level = (name for level in enough for name in self.acr if self.acr[name] == level)
        return self.acr_values or next(by_level, "")


class BadLogins(ValueError):
    """A list of logins that cannot be used; `wrong` has one sentence for each thing."""

    def __init__(self, wrong: Sequence[str]) -> None:
        super().__init__("; ".join(wrong))
        self.wrong = tuple(wrong)


def acr_of(text: str) -> Mapping[str, str]:
    """Return the levels by name of `name=level,name=level`; none given are those of eIDAS. Raises ValueError."""
    pairs = [pair.strip().rpartition("=") for pair in text.split(",") if pair.strip()]
    if any(not name or level not in LEVELS for name, _, level in pairs):
        raise ValueError
    return {name: level for name, _, level in pairs} or EIDAS_ACR


@cache
def more(text: str) -> tuple[LoginMeans, ...]:
    """Return the logins that MORE_LOGINS describes. Raises BadLogins with everything that is wrong with it."""
    try:
        given = json.loads(text) if text.strip() else []
    except ValueError:
        raise BadLogins(["it is no JSON"]) from None
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise BadLogins(["write a list of objects, [{…}, {…}]"])
    wrong = [f"login {number}: {said}" for number, one in enumerate(given, 1) for said in _wrong_in(one)]
    if wrong:
        raise BadLogins(wrong)
    return tuple(_login(one) for one in given)


def clashes(logins: Sequence[LoginMeans]) -> Iterator[str]:
    """Yield what two logins of one stage must not share."""
    for name, values in {
        "key": [each.key for each in logins],
        "issuer and client_id": [f"{each.issuer} {each.client_id}" for each in logins],
    }.items():
        if len(set(values)) < len(values):
            yield f"two logins have the same {name}"


def _login(given: Mapping[str, Any]) -> LoginMeans:
    kind = IdentityKind(given["identity"])
    values = {name: value for name, value in given.items() if name not in ("name", "identity", "ask_again", "at_logout")}
    return LoginMeans(
        **{"identifier": IDENTIFIERS[kind], "acr": EIDAS_ACR, "floor": "substantial", **values},
        names={language: given["name"][language] for language in Language},
        identity=kind,
        ask_again=AskAgain(given.get("ask_again", AskAgain.PROMPT)),
        at_logout=AtLogout(given.get("at_logout", AtLogout.LINK)),
    )


def _wrong_in(given: Mapping[str, Any]) -> Iterator[str]:
    known = {each.name for each in fields(LoginMeans)} - {"names"} | {"name"}
    if unknown := sorted(set(given) - known):
        yield f"{', '.join(unknown)} is not known here (but {', '.join(sorted(known))} are)"
    for name, (is_sound, said) in _RULES.items():
        if (name in given or name in _REQUIRED) and not is_sound(given.get(name)):
            yield f"`{name}` must be {said}"
    if given.get("identity") == IdentityKind.BSN and given.get("encrypted") is False:
        yield "`encrypted` must be true: a token with a BSN in it is taken only when we alone can read it"
    floor, acr = given.get("floor", "substantial"), given.get("acr", EIDAS_ACR)
    if _is_acr(acr) and floor in LEVELS and not any(LEVELS.index(level) >= LEVELS.index(floor) for level in acr.values()):
        yield "`acr` must name a level that is high enough for `floor`: nobody could log in"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_address(value: Any) -> bool:
    try:
        split = urlsplit(value if isinstance(value, str) else "")
    except ValueError:
        return False
    is_loopback = split.scheme == "http" and split.hostname in LOOPBACK
    return (split.scheme == "https" or is_loopback) and bool(split.hostname) and not split.query and not split.fragment


def _is_acr(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(_is_text(name) and value[name] in LEVELS for name in value)


def _is_named(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == set(Language) and all(map(_is_text, value.values()))


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and bool(_KEY.fullmatch(value)) and value not in (DIGID, STAFF)


def _one_of(values: Sequence[str]) -> tuple[Any, str]:
    return (lambda value: value in values, f"{', '.join(values[:-1])} or {values[-1]}")


CITIZENS_LOGOUT = (AtLogout.ENCRYPTED, AtLogout.SESSION, AtLogout.LINK)
_TRUTH = (lambda value: isinstance(value, bool), "true or false")
_TEXT = (_is_text, "a text")
_REQUIRED = ("key", "name", "issuer", "client_id", "identity")
_RULES: Mapping[str, tuple[Any, str]] = {
    "key": (_is_key, "a word of small letters, digits and hyphens, and not digid or staff"),
    "name": (_is_named, f"an object with a name for each language: {', '.join(Language)}"),
    "issuer": (_is_address, "an https address, without ? or #"),
    "client_id": _TEXT,
    "identity": _one_of(tuple(IdentityKind)),
    "identifier": _TEXT,
    "acr": (_is_acr, f"an object with a level ({', '.join(LEVELS)}) for each value of `acr_claim`"),
    "acr_claim": _TEXT,
    "acr_values": _TEXT,
    "floor": _one_of(LEVELS),
    "jti": _TRUTH,
    "encrypted": _TRUTH,
    "ask_again": _one_of(tuple(AskAgain)),
    "at_logout": _one_of(CITIZENS_LOGOUT),
}
