"""The mail tray: every mail that SES took, as it was handed over. Nothing leaves this machine."""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from chalicelib.core.clock import Clock, iso
from infra.local.aws_tap import Answer

_KEPT = 20_000
_SEND = "/v2/email/outbound-emails"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One accepted mail. `id` is SES's message id."""

    id: str
    sender: str
    to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    tags: dict[str, str]
    sent_at: datetime

    def as_json(self) -> dict[str, Any]:
        content = ("id", "to", "subject", "text", "html", "headers")
        return {**{name: getattr(self, name) for name in content}, "sent_at": iso(self.sent_at)}


class Tray:
    """Listens on the wire for SES's SendEmail."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._mails: OrderedDict[str, Mail] = OrderedDict()
        self._receipts: dict[str, list[str]] = {}
        self.tell: Callable[[Mail], None] | None = None  # whom to tell of a mail

    def listen(self, request: Any, answer: Answer) -> None:
        status, _, body = answer
        if request.method == "POST" and request.url.endswith(_SEND) and status == 200:  # noqa: PLR2004
            self._add(_mail(json.loads(request.body), json.loads(body)["MessageId"], self._clock.now()))

    def newest_first(self) -> list[Mail]:
        with self._lock:
            return list(reversed(self._mails.values()))

    def get(self, message_id: str) -> Mail | None:
        with self._lock:
            return self._mails.get(message_id)

    def note(self, message_id: str, receipt: str) -> None:
        """Note what SES has told of a mail."""
        with self._lock:
            self._receipts.setdefault(message_id, []).append(receipt)

    def receipts_of(self, message_id: str) -> tuple[str, ...]:
        with self._lock:
            return tuple(self._receipts.get(message_id, ()))

    def kept(self) -> list[dict[str, Any]]:
        """Return every mail and what SES told of it, oldest first, for a stage that goes on later."""
        with self._lock:
            mails = list(self._mails.values())
            return [
                {**asdict(mail), "sent_at": mail.sent_at.isoformat(), "receipts": self._receipts.get(mail.id, [])}
                for mail in mails
            ]

    def put_back(self, kept: Sequence[Mapping[str, Any]]) -> None:
        """Take mails that were kept: they are sent, and nobody is told again."""
        with self._lock:
            for each in kept:
                facts = {name: value for name, value in each.items() if name != "receipts"}
                mail = Mail(**{**facts, "sent_at": datetime.fromisoformat(facts["sent_at"])})
                self._mails[mail.id] = mail
                self._receipts[mail.id] = list(each["receipts"])

    def _add(self, mail: Mail) -> None:
        with self._lock:
            self._mails[mail.id] = mail
            while len(self._mails) > _KEPT:
                self._receipts.pop(self._mails.popitem(last=False)[0], None)
        if self.tell:
            self.tell(mail)


def _mail(sent: dict[str, Any], message_id: str, at: datetime) -> Mail:
    message = sent["Content"]["Simple"]
    return Mail(
        id=message_id,
        sender=sent["FromEmailAddress"],
        to=", ".join(sent["Destination"]["ToAddresses"]),
        subject=message["Subject"]["Data"],
        text=message["Body"].get("Text", {}).get("Data", ""),
        html=message["Body"].get("Html", {}).get("Data", ""),
        headers={header["Name"]: header["Value"] for header in message.get("Headers", ())},
        tags={tag["Name"]: tag["Value"] for tag in sent.get("EmailTags", ())},
        sent_at=at,
    )
