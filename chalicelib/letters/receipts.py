"""The receipts that SES gives of a mail that it took: SES event → SNS topic → this. Each says one fact more; none replaces
another.

They come late, twice, in any order, before our own note and after one another's contrary. No address is kept: it is
compared with the report's own, in memory. The senders that may speak, and what is checked here of it: ADR-0020.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.core import log
from chalicelib.core.errors import PortalError
from chalicelib.letters.ledger_entry import PERMANENT
from chalicelib.letters.mailer import TAG, letter_of
from chalicelib.letters.mailroom import Mailroom
from chalicelib.letters.recalling import recall_unreached


class Malformed(PortalError):
    """The record is not an event of SES about one of our mails; the message names what is wrong, never what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One fact about one mail. `unreachable` are the addresses at which it did not arrive, and never will, in lower case;
    `ends_mail` says that they are written to no more, whoever's they are.
    """

    kind: str
    letter_id: str
    message_id: str
    accepted_at: datetime
    facts: Mapping[str, Any]
    is_final: bool = True
    unreachable: frozenset[str] = field(default=frozenset(), repr=False)
    ends_mail: bool = False


def note_receipts(event: Mapping[str, Any], *, topic: str, configuration_set: str, room: Mailroom) -> None:
    """Note what an SNS event of Lambda tells. A record that is not for us, or not readable, is logged and let go: it never will
    be.
    """
    for record in event.get("Records", ()):
        try:
            receipt = receipt_of(record, topic=topic, configuration_set=configuration_set)
        except Malformed as error:
            log.event("receipt_refused", level=logging.WARNING, why=str(error))
            continue
        known = _note(receipt, room)
        name = "receipt_noted" if known else "receipt_of_unknown_letter"
        log.event(name, level=logging.INFO if known else logging.WARNING, letter=receipt.letter_id, kind=receipt.kind)


def _note(receipt: Receipt, room: Mailroom) -> bool:
    """Note one receipt; False for a letter of which nothing is known, or a mail that its letter has replaced.

    First the address, then the ledger: a crash in between has the receipt delivered again, and both can be done twice. Then the
    letter is due anew, if its reader has another address by now.
    """
    if receipt.unreachable and not _is_address_noted(receipt, room):
        return False
    known = room.ledger.note_receipt(
        receipt.letter_id,
        receipt.facts,
        message_id=receipt.message_id,
        accepted_at=receipt.accepted_at,
        is_final=receipt.is_final,
    )
    if known and receipt.unreachable:
        reference, _, number = receipt.letter_id.rpartition("#")
        recall_unreached(reference, (int(number),), room)
    return known


def _is_address_noted(receipt: Receipt, room: Mailroom) -> bool:
    """Note to which addresses no mail arrives; False when the receipt is about no mail of a letter as it is now.

    A receipt that was heard before changes nothing: by now somebody may have proven the address anew.
    """
    entry = room.ledger.get(receipt.letter_id)
    if entry is None or entry.claimed_at is None or receipt.message_id in entry.returned.split():
        return False
    if any(getattr(entry, name) != fact for name, fact in receipt.facts.items()):
        for address in receipt.unreachable if receipt.ends_mail else ():
            room.suppression.add(address)
        room.unusable(entry.reference, receipt.unreachable)
    return True


def receipt_of(record: Mapping[str, Any], *, topic: str, configuration_set: str) -> Receipt:
    """Read one record of an SNS event. Raises Malformed for anything but an event of our own mail, from our own topic."""
    try:
        sns = record["Sns"]
        if record["EventSource"] != "aws:sns" or sns["TopicArn"].rpartition(":")[2] != topic.rpartition(":")[2]:
            raise Malformed("topic")
        return _receipt(json.loads(sns["Message"]), configuration_set)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        raise Malformed(type(error).__name__) from None


def _receipt(event: Mapping[str, Any], configuration_set: str) -> Receipt:
    mail, kind = event["mail"], event["eventType"]
    if mail["tags"].get("ses:configuration-set") != [configuration_set]:
        raise Malformed("configuration_set")
    read = _READERS.get(kind)
    if read is None:
        raise Malformed("kind")
    (tag,) = mail["tags"][TAG]
    reference, number = letter_of(tag).split("#")
    accepted_at, told = _instant(mail["timestamp"]), read(event)
    return Receipt(
        kind=kind.replace(" ", ""),
        letter_id=f"{reference}#{int(number)}",
        message_id=str(mail["messageId"]),
        accepted_at=accepted_at,
        facts=told.facts,
        is_final=told.is_final,
        unreachable=frozenset(str(address).lower() for address in told.unreachable),
        ends_mail=told.ends_mail,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    facts: Mapping[str, Any]
    is_final: bool = True
    unreachable: tuple[str, ...] = ()
    ends_mail: bool = False


def _bounced(event: Mapping[str, Any]) -> _Told:
    bounce = event["bounce"]
    kind = str(bounce["bounceType"]).lower()
    gone = tuple(one["emailAddress"] for one in bounce["bouncedRecipients"]) if kind == PERMANENT else ()
    return _Told({"bounced_at": _instant(bounce["timestamp"]), "bounce": kind}, unreachable=gone, ends_mail=True)


def _complained(event: Mapping[str, Any]) -> _Told:
    complaint = event["complaint"]
    gone = tuple(one["emailAddress"] for one in complaint["complainedRecipients"])
    return _Told({"complained_at": _instant(complaint["timestamp"])}, unreachable=gone, ends_mail=True)


def _refused(why: str, event: Mapping[str, Any]) -> _Told:
    return _Told({"rejected": why}, unreachable=tuple(event["mail"]["destination"]))


_READERS: Mapping[str, Callable[[Mapping[str, Any]], _Told]] = {
    "Send": lambda _: _Told({}, is_final=False),
    "Delivery": lambda event: _Told({"delivered_at": _instant(event["delivery"]["timestamp"])}),
    "DeliveryDelay": lambda event: _Told({"delayed_at": _instant(event["deliveryDelay"]["timestamp"])}, is_final=False),
    "Bounce": _bounced,
    "Complaint": _complained,
    "Reject": lambda event: _refused("Reject", event),
    "Rendering Failure": lambda event: _refused("RenderingFailure", event),
}


def _instant(text: str) -> datetime:
    """Read an instant as SES writes it. Raises ValueError for one without a time zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no time zone")
    return at
