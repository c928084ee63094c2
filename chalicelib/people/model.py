"""The person who is logged in: a citizen or an officer, how surely that is known, and their session. Pure."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from chalicelib.core import ids
from chalicelib.core.logins import IdentityKind


class Level(IntEnum):
    """Levels of assurance (eIDAS), in order; a login below the floor is refused."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3


class StaffRole(StrEnum):
    """The role of an officer; `people/permissions.py` says what each may do."""

    READER = "reader"
    HANDLER = "handler"
    DESK = "desk"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    REGISTRY = "registry"  # the police's own system, for the official report: no login has it


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person who logged in as a citizen. `sealed_bsn` stays out of reprs, and so out of logs.

    It is empty for who is known by something else than a BSN; `company` is the number of the company that they act for.
    """

    pseudonym: str
    sealed_bsn: str = field(repr=False)
    level: Level
    kind: IdentityKind = IdentityKind.BSN
    company: str = ""


@dataclass(frozen=True, slots=True)
class Officer:
    """A member of staff who logged in with multi-factor. `units` are names of police units as in municipalities.csv."""

    id: str
    roles: frozenset[StaffRole]
    units: frozenset[str]


Principal = Citizen | Officer


def owner_of(principal: Principal) -> str:
    """Return the name under which something is kept for a person; no citizen's can be an officer's."""
    return principal.pseudonym if isinstance(principal, Citizen) else f"officer {principal.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is, or was, logged in. `ends_at` is when it runs out if nothing more is asked of it; `ended` when it was
    logged out before that, here or elsewhere. Both make it `expired`.

    `means`: the key of the login that was used, empty for a session of before there were several.
    `unreachable`: mail to this person comes back, as far as was known when it was last looked at.
    `visited_before`: when they logged in the time before this; None for who never did, or long ago.
    `reasons`: of an officer, why they look at each report that they opened in this session, by its reference.
    `id` is the digest under which it is stored. `form_token` goes into every form: another site cannot know it.
    """

    id: str
    principal: Principal
    issuer: str
    session_id: str
    opened_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    expired: bool
    form_token: str = field(repr=False)
    ended: bool
    unreachable: bool = False
    visited_before: datetime | None = None
    means: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """That somebody is, or was, logged in, as they may read it back: no secret and no key is in it."""

    opened_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    is_over: bool
    is_this: bool
    visited_before: datetime | None


def form_token(secret: str, principal: Principal, key: Callable[[], bytes]) -> str:
    """Return the token for the forms of a session; it tells nothing of the secret, and no part of it can be guessed.

    Its second half is the same in every session of a person: a form of an earlier login is known by it (`is_of_same_person`).
    A citizen's pseudonym is made with a key and shown nowhere; an officer's id is on a badge, so there `key` is asked for.
    """
    owner = owner_of(principal)
    person = ids.digest(f"form of {owner}") if isinstance(principal, Citizen) else ids.derive(key(), "form", owner).hex()
    return ids.digest(f"form {secret}")[:_HALF] + person[:_HALF]


def is_of_session(token: object, session: Session) -> bool:
    """True when `token` came from a form of this very session: its first half follows from the session's secret alone."""
    return _is(token, session, slice(None, _HALF))


def is_of_same_person(token: object, session: Session) -> bool:
    """True when `token` came from a form of the session's person: of this session, or of an earlier one."""
    return _is(token, session, slice(_HALF, None))


def _is(token: object, session: Session, half: slice) -> bool:
    given = token if isinstance(token, str) and len(token) == 2 * _HALF else ""
    return hmac.compare_digest(given[half].encode(), session.form_token[half].encode())


_HALF = 32  # of 64 hexadecimal digits
