"""SES, one attempt per mail, every error sorted: refused for good, not sent, or outcome unknown.

SES has no idempotency token, and an SDK that tries again after a lost reply sends the mail again; so trying again is the
post's decision, and only when nothing was sent. Simple content: SES builds the MIME, at a hundredth of the CPU.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
)
from botocore.parsers import ResponseParserError

from chalicelib.core import log
from chalicelib.core.errors import PortalError, Unavailable
from chalicelib.core.settings import Settings
from chalicelib.letters.render import Texts

if TYPE_CHECKING:
    from botocore.client import BaseClient

TAG = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one reader. Address and texts stay out of reprs, and so out of logs.

    `neutral`: its sender must not tell that it comes from the police. `unsubscribe_at` is an address for mail programs.
    """

    letter_id: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    neutral: bool = field(repr=False, default=False)
    unsubscribe_at: str = field(repr=False, default="")

    @classmethod
    def of(cls, letter_id: str, to: str, texts: Texts) -> "Mail":
        """Return the mail that brings a letter to an address."""
        facts = {name: getattr(texts, name) for name in ("subject", "text", "html", "neutral", "unsubscribe_at")}
        return cls(letter_id=letter_id, to=to, **facts)


class Rejected(PortalError):
    """SES refused this very mail, and always will; `reason` is its error code, never its text (that repeats the address).

    `is_about_address`: it says that there can be no such address, so no other mail will arrive there either.
    """

    def __init__(self, reason: str, *, is_about_address: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.is_about_address = reason, is_about_address


class Throttled(Unavailable):
    """SES took too many mails for the moment. Nothing was sent."""


class OutcomeUnknown(PortalError):
    """SES may or may not have taken the mail: its reply was lost, late, an error of its own, or without a message id."""


class Mailer(Protocol):
    """The mailer that the post needs."""

    def send(self, mail: Mail) -> str:
        """Send once; return the message id. Raises Rejected, Unavailable (nothing was sent; also Throttled) or OutcomeUnknown."""
        ...

    def lift(self, address: str) -> None:
        """Take an address off SES's own list of those that it sends nothing to; raises nothing when that does not work."""
        ...


class SesMailer:
    """Mail by SES. `client` makes an SESv2 client that makes one attempt: at the first mail, as most runs only note or wait."""

    def __init__(self, client: Callable[[], "BaseClient"], settings: Settings) -> None:
        self._client, self._settings = cache(client), settings

    def send(self, mail: Mail) -> str:
        try:
            answer = self._client().send_email(**self._request(mail))
        except ClientError as error:
            raise _sorted(error) from None  # SES repeats the address in its messages: keep them out of tracebacks
        except _BEFORE_SENDING as error:
            raise Unavailable(type(error).__name__) from None
        except (BotoCoreError, ResponseParserError) as error:
            raise OutcomeUnknown(type(error).__name__) from None
        message_id: str = answer.get("MessageId", "")
        if not message_id:
            raise OutcomeUnknown("no_message_id")
        return message_id

    def lift(self, address: str) -> None:
        try:
            self._client().delete_suppressed_destination(EmailAddress=address)
        except Exception as error:  # noqa: BLE001 — the mail goes out all the same: SES then says that it did not arrive
            if not _is_not_there(error):
                log.event("address_not_lifted", level=logging.WARNING, error=type(error).__name__)

    def _request(self, mail: Mail) -> dict[str, Any]:
        simple = {
            "Subject": _utf8(mail.subject),
            "Body": {"Text": _utf8(mail.text), "Html": _utf8(mail.html)},
            "Headers": [{"Name": name, "Value": value} for name, value in headers_of(mail).items()],
        }
        request: dict[str, Any] = {
            "FromEmailAddress": self._sender(mail),
            "Destination": {"ToAddresses": [mail.to]},
            "Content": {"Simple": simple},
            "EmailTags": [{"Name": TAG, "Value": tag_of(mail.letter_id)}],
        }
        if self._settings.mail_configuration_set:
            request["ConfigurationSetName"] = self._settings.mail_configuration_set
        return request

    def _sender(self, mail: Mail) -> str:
        """Return the sender; a name beside the address goes as mail programs read it, quoted or encoded where it must be."""
        return formataddr(parseaddr((self._settings.mail_from_neutral if mail.neutral else "") or self._settings.mail_from))


def headers_of(mail: Mail) -> dict[str, str]:
    """Return the headers of a mail besides those that SES makes: a machine wrote it, and how to unsubscribe (RFC 8058)."""
    headers = {"Auto-Submitted": "auto-generated"}
    if mail.unsubscribe_at:
        headers |= {"List-Unsubscribe": f"<{mail.unsubscribe_at}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers


def tag_of(letter_id: str) -> str:
    """Return the letter's id in the characters that SES allows in a tag: SES's own events then name the letter."""
    return letter_id.replace("#", "_")


def letter_of(tag: str) -> str:
    """Return the letter's id that a tag spells: the inverse of `tag_of`."""
    return tag.replace("_", "#")


def _utf8(text: str) -> Mapping[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


_BEFORE_SENDING = (
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
)
_REJECTING = frozenset({"MessageRejected", "BadRequestException"})
_THROTTLING = frozenset({"TooManyRequestsException", "LimitExceededException", "Throttling", "ThrottlingException"})
_SERVER_ERROR, _TOO_MANY = 500, 429


def _sorted(error: ClientError) -> PortalError:
    """Sort an answer of SES.

    An error that is neither about this mail nor about the rate is about our set-up: nothing was sent, and later it may be.
    """
    code = error.response.get("Error", {}).get("Code") or "no_code"
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= _SERVER_ERROR:  # seen: a mail that was sent, answered with 500
        return OutcomeUnknown(code)
    if code in _THROTTLING or status == _TOO_MANY:
        return Throttled(code)
    if code in _REJECTING and not _is_about_the_sender(error):
        return Rejected(code, is_about_address=bool(_ADDRESS.search(_message_of(error))))
    return Unavailable(code)


def _is_about_the_sender(error: ClientError) -> bool:
    """True for our identity or configuration set: a mistake in the set-up must not turn every letter into a rejected one."""
    message = _message_of(error)
    return "not verified" in message or "onfiguration set" in message


def _is_not_there(error: Exception) -> bool:
    return isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") == "NotFoundException"


def _message_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message", ""))


_ADDRESS = re.compile(r"^(?!.*\b(?:from|sender)\b).*(?:\baddress\b|@domain|\bdomain (?:starts|ends|contains))", re.IGNORECASE)
