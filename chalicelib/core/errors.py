"""One family of errors; each carries the data its reader needs. `web/errors.py` turns them into HTTP, once.

No message here may hold personal data: messages reach logs.
"""

import dataclasses
from collections.abc import Mapping, Sequence


@dataclasses.dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field.

    `field` is the path in the input (`goods.0.value`); `code` names a sentence in `web/messages.py`; `values` fill it in.
    Values never repeat what was typed: the sentence says what is wrong and what to do.
    """

    field: str
    code: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


class PortalError(Exception):
    """Base of all errors that the portal raises on purpose."""


_MOST_ERRORS = 200  # more than any form has fields; an answer about every name of a body full of nonsense helps nobody


class Invalid(PortalError):
    """Untrusted input was refused; holds every error at once."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(f"invalid: {', '.join(f'{e.field}:{e.code}' for e in errors[:20])}")
        self.errors = tuple(errors[:_MOST_ERRORS])


class Unauthenticated(PortalError):
    """No valid session or token. `expired` when there was one: the reader is told so, and gets back what was typed."""

    def __init__(self, reason: str, *, expired: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.expired = reason, expired


class Forbidden(PortalError):
    """Logged in, but not allowed; `need` names what was missing."""

    def __init__(self, need: str) -> None:
        super().__init__(need)
        self.need = need


class NotFound(PortalError):
    """No such thing, or not this reader's: the two answer alike, so that references cannot be probed."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Gone(PortalError):
    """It was there and no longer is (`answered`, `expired`)."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what} {why}")
        self.what, self.why = what, why


class Conflict(PortalError):
    """The request does not fit the present state; `code` names the sentence, `values` fill it in."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Elsewhere(Conflict):
    """The thing that was asked cannot be done online. `reason` and `next_step` are messages: why, and whom to call instead."""

    def __init__(self, code: str, reason: str, next_step: str) -> None:
        super().__init__(f"elsewhere_{code}")
        self.reason, self.next_step = reason, next_step


class TooLarge(PortalError):
    """The body is over `limit` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"over {limit} bytes")
        self.limit = limit


class TooMany(PortalError):
    """Too many of something, mostly failed tries; in `wait_s` seconds there are new ones. `what` names what was counted."""

    def __init__(self, wait_s: int, what: str = "") -> None:
        super().__init__(f"wait {wait_s} s")
        self.wait_s, self.what = wait_s, what


class Unavailable(PortalError):
    """A service that we need did not answer; trying again later may help."""
