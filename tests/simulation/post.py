"""SES and the mailboxes behind it: takes mails or not, and tells later what became of each; mostly."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from infra.memory.dynamo import Failure
from tests.simulation.books import Books, Taken

WELL, THROTTLES, FAILS = "well", "throttles", "fails"


@dataclass(slots=True)
class Told:
    """One event that SES will publish of a mail."""

    name: str  # of the mail, the kind and the copy: always the same for the same mail
    kind: str
    mail: Taken
    at: datetime
    bounce: str = ""
    happened_at: datetime | None = None


@dataclass(slots=True)
class Post:
    """The simulation's SES. A mail's fate follows from its name and the seed, so other steps do not change it."""

    seed: int
    time: Any
    books: Books
    mood: str = WELL
    mood_until: datetime | None = None
    mailboxes: dict[str, str] = field(default_factory=dict)  # address → dead, complains, soft or refused
    pending: list[Told] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    _times: Counter[str] = field(default_factory=Counter)
    _began: Any = None

    def begins(self, run: Any) -> None:
        self._began = (run, self.time.at, run.last)

    def take(self, body: Any) -> dict[str, str]:
        """Take a mail. Raises Failure as SES would."""
        [to] = body["Destination"]["ToAddresses"]
        tag = next(tag["Value"] for tag in body["EmailTags"] if tag["Name"] == "letter")
        state = self.mailboxes.get(to, "")
        if self.mood_until and self.time.at >= self.mood_until:
            self.mood, self.mood_until = WELL, None
        self.books.handed(to, tag.rpartition("_")[0], int(tag.rpartition("_")[2]))
        if self.mood == THROTTLES:
            raise Failure("TooManyRequestsException", "Maximum sending rate exceeded.", 429)
        if state == "refused":
            self.books.refused.add(to.lower())
            raise Failure("MessageRejected", "Email address is not valid", 400)
        self._times[tag] += 1
        name = f"{tag}/{self._times[tag]}"
        chance = Random(f"{self.seed}:{name}")
        if self.mood == FAILS and chance.random() < 0.5:
            raise Failure("InternalFailure", "internal", 500)
        mail = self._taken(name, tag, to, body)
        self.pending += _fate(mail, state, chance, self.time.at)
        if self.mood == FAILS:
            raise Failure("InternalFailure", "internal", 500)
        return {"MessageId": mail.message_id}

    def _taken(self, name: str, tag: str, to: str, body: Any) -> Taken:
        simple = body["Content"]["Simple"]
        reference, _, number = tag.rpartition("_")
        mail = Taken(
            name=name,
            reference=reference,
            number=int(number),
            to=to,
            sender=body["FromEmailAddress"],
            at=self.time.at,
            began=self._began[1],
            message_id=hashlib.sha256(f"{self.seed}:{name}".encode()).hexdigest()[:24],
            text=simple["Body"]["Text"]["Data"],
            headers={one["Name"]: one["Value"] for one in simple["Headers"]},
            arrives=self.mailboxes.get(to, "") != "dead",
        )
        self.books.taken(mail, *self._began)
        return mail

    def due(self, *, all_of_them: bool = False) -> list[Told]:
        return [one for one in self.pending if all_of_them or one.at <= self.time.at]


def _fate(mail: Taken, state: str, chance: Random, at: datetime) -> list[Told]:
    """Return the events of a mail: late, doubled, out of order, and some never."""
    kinds: list[tuple[str, float, str]] = [("Send", chance.uniform(0.1, 5), "")]
    soon = chance.uniform(0.5, 90)
    if chance.random() < 0.06:
        kinds.append(("DeliveryDelay", soon / 2, ""))
    if state == "dead":
        if chance.random() < 0.2:
            kinds.append(("Delivery", soon, ""))
        kinds.append(("Bounce", soon + chance.choice((0, 60, 600, 7_200, 40_000)), "Permanent"))
    elif state == "soft":
        kinds.append(("Bounce", soon, "Transient"))
    elif chance.random() < 0.01:
        kinds = [("Reject", soon, "")]
    else:
        kinds.append(("Delivery", soon, ""))
        if state == "complains":
            kinds.append(("Complaint", soon + chance.choice((30, 1_000, 20_000, 90_000)), ""))
    events = []
    for kind, after, bounce in kinds:
        if chance.random() < 0.03:
            continue  # never
        copies = 2 if chance.random() < 0.12 else 1
        for copy in range(copies):
            late = chance.choice((0, 0, 0, 0, 5, 600, 8_000)) * chance.random()
            when = at + timedelta(seconds=after + late + copy * chance.uniform(0, 4_000))
            events.append(Told(f"{mail.name}/{kind}/{copy}", kind, mail, when, bounce, at + timedelta(seconds=after)))
    return events


def document(told: Told, configuration_set: str, topic: str) -> dict[str, Any]:
    """Return the SNS event with which SES tells."""
    mail, at = told.mail, (told.happened_at or told.at).isoformat(timespec="milliseconds")
    parts: dict[str, Any] = {
        "Bounce": {"bounce": {"bounceType": told.bounce, "bouncedRecipients": [{"emailAddress": mail.to}], "timestamp": at}},
        "Complaint": {"complaint": {"complainedRecipients": [{"emailAddress": mail.to}], "timestamp": at}},
        "Delivery": {"delivery": {"timestamp": at, "recipients": [mail.to]}},
        "DeliveryDelay": {"deliveryDelay": {"timestamp": at, "delayType": "MailboxFull"}},
        "Send": {"send": {}},
        "Reject": {"reject": {"reason": "Bad content"}},
    }
    tags = {"ses:configuration-set": [configuration_set], "letter": [f"{mail.reference}_{mail.number}"]}
    about = {"timestamp": mail.at.isoformat(timespec="milliseconds"), "messageId": mail.message_id, "destination": [mail.to]}
    message = json.dumps({"eventType": told.kind, "mail": {**about, "tags": tags}, **parts[told.kind]})
    arn = f"arn:aws:sns:eu-west-1:123456789012:{topic}"
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"TopicArn": arn, "Message": message}}]}
