"""The persons who can be logged in, how surely and how long, and what a login can end in. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.core.errors import PortalError, Unavailable
from chalicelib.people.model import Level


@dataclass(frozen=True, slots=True)
class SessionLifetime:
    """How long a session lasts: `idle` after the last request, `longest` after the login."""

    idle: timedelta
    longest: timedelta

    def ends_at(self, opened_at: datetime, last_seen_at: datetime) -> datetime:
        """Return when it runs out. Use is noted once a minute, so this can be up to a minute early, never late."""
        return min(last_seen_at + self.idle, opened_at + self.longest)


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

    `level` is None where the issuer states none (staff). `session_id` is the issuer's own name (`sid`) for its session, `hint`
    what it wants to see when that ends (ADR-0038); empty when nothing was agreed, or the token is too long for an address.
    """

    issuer: str
    subject: str
    session_id: str
    level: Level | None
    claims: Mapping[str, Any] = field(repr=False)
    hint: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class LogoutNotice:
    """The issuer says that a person logged out elsewhere: every session of the `subject`, or the one of `session_id`.

    Of the two one may be empty. `name` (`jti`) is unique to the notice; after `ends_at` its token is refused for its age.
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
    """DigiD or the staff login does not answer, or answers nonsense; `cause` is a code that says which of the two, and how."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause, self.is_told = cause, False
