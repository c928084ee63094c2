"""Who can be logged in, how surely, and what a login can end in. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from chalicelib.core.errors import PortalError, Unavailable


class Level(IntEnum):
    """Levels of assurance (eIDAS), in order; a login below the floor is refused."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3


class StaffRole(StrEnum):
    """What an officer is; `desk/access.py` says what each may do."""

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
    """The issuer says that a person logged out elsewhere; without `session_id` every session of that person ends."""

    subject: str
    session_id: str


class LoginRefused(PortalError):
    """An answer or token that cannot be trusted, or a login that is too weak; `reason` is a code, never what was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LoginCancelled(PortalError):
    """The person chose not to log in."""


class IdentityProviderDown(Unavailable):
    """DigiD or the staff login does not answer, or answers nonsense."""
