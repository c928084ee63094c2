"""The events that SES tells of the mails in the tray: it publishes to the topic as the configuration set would, in a thread of
its own.

Every mail arrives, except one to an address that is there to see what happens otherwise. Those of SES's own simulator do
here what they do there; the others are ours, for what SES's simulator cannot show.
"""

import json
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.core.clock import Clock, iso
from infra.local.cloud import ACCOUNT, REGION
from infra.local.stream import Handler
from infra.local.tray import Mail, Tray

DOMAIN = "simulator.amazonses.com"


@dataclass(frozen=True, slots=True)
class Habit:
    """The fate of the mail to one address: the events in their order, and what a newcomer should know."""

    events: tuple[str, ...]
    words: str


USUAL = Habit(("Send", "Delivery"), "Arrives, as mail usually does.")
HABITS: Mapping[str, Habit] = {
    "success": USUAL,
    "bounce": Habit(
        ("Send", "Bounce"),
        "Comes back: the address does not exist. The reporter reads that, and the police station calls or writes.",
    ),
    "complaint": Habit(("Send", "Delivery", "Complaint"), "Arrives, and the reader calls it spam. We do not write there again."),
    "ooto": Habit(("Send", "Delivery"), "Arrives, and the reader is away. To us that is usual mail."),
    "suppressionlist": Habit(("Send", "Suppressed"), "SES refuses the address, because it did not exist before."),
    "late": Habit(("Send", "Delivery", "Bounce"), "Arrives, and comes back after that. Ours, not SES’s."),
    "delay": Habit(("Send", "DeliveryDelay"), "The mailbox is full: SES keeps trying. Ours, not SES’s."),
    "reject": Habit(("Send", "Reject"), "SES finds a virus and throws it away. Ours, not SES’s."),
    "lost": Habit((), "SES says nothing of it: after three days that is noticed. Ours, not SES’s."),
}


class SesFeedback:
    """Carries what SES publishes to the handler of the topic."""

    def __init__(self, tray: Tray, clock: Clock, *, topic: str, configuration_set: str, handler: Handler) -> None:
        self._tray, self._clock, self._handler = tray, clock, handler
        self._topic, self._configuration_set = topic, configuration_set
        self._waiting: queue.Queue[Mail | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="ses-feedback", daemon=True)
        self.failed = 0
        tray.tell = self._waiting.put

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._waiting.put(None)

    def drain(self) -> bool:
        """Wait until everything that SES has to say was said. False when a handler failed."""
        self._waiting.join()
        return not self.failed

    def _run(self) -> None:
        while mail := self._waiting.get():
            for kind in habit_of(mail.to).events:
                self._tell(mail, kind)
            self._waiting.task_done()
        self._waiting.task_done()

    def _tell(self, mail: Mail, kind: str) -> None:
        event = event_of(mail, kind, self._clock.now(), self._configuration_set)
        try:
            self._handler(sns_of(event, self._topic))
        except Exception:  # noqa: BLE001 — SNS would try again; here it is counted, and shown with the mail
            self.failed += 1
        self._tray.note(mail.id, event["eventType"])


def habit_of(address: str) -> Habit:
    """Return what happens to mail to an address."""
    name, _, domain = address.rpartition("@")
    return HABITS.get(name.partition("+")[0], USUAL) if domain == DOMAIN else USUAL


def event_of(mail: Mail, kind: str, at: datetime, configuration_set: str) -> dict[str, Any]:
    """Return the event that SES publishes, of the shape in tests/events."""
    name = "Bounce" if kind == "Suppressed" else kind
    return {"eventType": name, "mail": _mail(mail, configuration_set), **_PARTS[kind](mail.to, iso(at))}


def sns_of(event: Mapping[str, Any], topic: str) -> dict[str, Any]:
    """Return the Lambda event with which a topic hands over one message."""
    sns = {
        "Type": "Notification",
        "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:{topic}",
        "Subject": "Amazon SES Email Event Notification",
        "Message": json.dumps(event),
        "MessageAttributes": {},
    }
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": sns}]}


def _mail(mail: Mail, configuration_set: str) -> dict[str, Any]:
    own = {name: [value] for name, value in mail.tags.items()}
    return {
        "timestamp": iso(mail.sent_at),
        "source": mail.sender,
        "sendingAccountId": ACCOUNT,
        "messageId": mail.id,
        "destination": [mail.to],
        "headersTruncated": False,
        "tags": {"ses:configuration-set": [configuration_set], **own},
    }


def _bounce(to: str, at: str, sort: str) -> dict[str, Any]:
    recipient = {"emailAddress": to, "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
    return {"bounce": {"bounceType": "Permanent", "bounceSubType": sort, "bouncedRecipients": [recipient], "timestamp": at}}


_PARTS: Mapping[str, Callable[[str, str], dict[str, Any]]] = {
    "Send": lambda _, __: {"send": {}},
    "Delivery": lambda to, at: {"delivery": {"timestamp": at, "recipients": [to], "smtpResponse": "250 ok"}},
    "DeliveryDelay": lambda to, at: {
        "deliveryDelay": {"timestamp": at, "delayType": "MailboxFull", "delayedRecipients": [{"emailAddress": to}]}
    },
    "Bounce": lambda to, at: _bounce(to, at, "General"),
    "Suppressed": lambda to, at: _bounce(to, at, "Suppressed"),
    "Complaint": lambda to, at: {"complaint": {"complainedRecipients": [{"emailAddress": to}], "timestamp": at}},
    "Reject": lambda _, __: {"reject": {"reason": "Bad content"}},
}
