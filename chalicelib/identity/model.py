"""Who can be logged in, how surely and how long, and what a login can end in. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from chalicelib.core import ids
from chalicelib.core.errors import PortalError, Unavailable


class Level(IntEnum):
    """Levels of assurance (eIDAS), in order; a login below the floor is refused."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3


class StaffRole(StrEnum):
    """What an officer is; `people/permissions.py` says what each may do."""

    READER = "reader"
    HANDLER = "handler"
    DESK = "desk"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    REGISTRY = "registry"  # the police's own system, for the official report: no login has it


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person who logged in with DigiD. `sealed_bsn` stays out of reprs, and so out of logs."""

    pseudonym: str
    sealed_bsn: str = field(repr=False)
    level: Level


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

    `unreachable`: mail to this person comes back, as far as was known when it was last looked at.
    `visited_before`: when they logged in the time before this; None for who never did, or long ago.
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
    ended: bool = False
    unreachable: bool = False
    visited_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """That somebody is, or was, logged in, as they may read it back: no secret and no key is in it."""

    opened_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    is_over: bool
    is_this: bool
    visited_before: datetime | None


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a session lasts: `idle` after the last request, `longest` after the login."""

    idle: timedelta
    longest: timedelta

    def ends_at(self, opened_at: datetime, last_seen_at: datetime) -> datetime:
        """Return when it runs out. Use is noted once a minute, so this can be up to a minute early, never late."""
        return min(last_seen_at + self.idle, opened_at + self.longest)


def form_token(secret: str, principal: Principal) -> str:
    """Return the token for the forms of a session; it tells nothing of the secret.

    Its second half is the same in every session of a person: a form of an earlier login is known by it (`is_of_same_person`).
    """
    return ids.digest(f"form {secret}")[:_HALF] + ids.digest(f"form of {owner_of(principal)}")[:_HALF]


def is_of_same_person(token: object, session: Session) -> bool:
    """True when `token` came from a form of the session's person: of this session, or of an earlier one."""
    return isinstance(token, str) and token[_HALF:] == session.form_token[_HALF:]


_HALF = 32  # of 64 hexadecimal digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A login under way, kept for the browser that began it. `url` is where that browser is sent, `return_to` where it
    goes afterwards (a path of ours). `state`, `nonce` and `verifier` are secrets of 256 bits, each used once.
    """

    issuer: str
    url: str = field(repr=False)
    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    started_at: datetime
    return_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A login that was checked. `claims` can hold a BSN: they stay out of reprs, and are dropped once a principal is made.

    `level` is None where the issuer states none (staff). `session_id` is the issuer's own name (`sid`) for its session.
    """

    issuer: str
    subject: str
    session_id: str
    level: Level | None
    claims: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class LogoutNotice:
    """The issuer says that a person logged out elsewhere; without `session_id` every session of that person ends.

    `name` (`jti`) is unique to the notice; after `ends_at` its token is refused for its age.
    """

    subject: str
    session_id: str
    name: str
    ends_at: datetime


class LoginRefused(PortalError):
    """An answer or token that cannot be trusted, or a login that is too weak; `reason` is a code, never what was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LoginCancelled(PortalError):
    """The person chose not to log in."""


class IdentityProviderDown(Unavailable):
    """DigiD or the staff login does not answer, or answers nonsense."""
