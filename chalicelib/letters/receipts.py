"""The receipts that SES gives of a mail that it took: SES event → SNS topic → this. Each says one fact more; none replaces
another.

They come late, twice, in any order, before our own note and after one another's contrary. They go by the mail's own destination,
as we wrote it: who is named as bounced may be spelled otherwise, be where the mail was forwarded to, or nobody. No address is
kept: it is compared with the report's own, in memory. The senders that may speak, and what is checked here of it: ADR-0020.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.core import log
from chalicelib.core.errors import PortalError
from chalicelib.letters.catalogue import still_asks_to_act
from chalicelib.letters.ledger_entry import PERMANENT, UNDELIVERED
from chalicelib.letters.mailer import TAG, letter_of
from chalicelib.letters.mailroom import Mailroom
from chalicelib.letters.recalling import leader_of, recall_unreached


class Malformed(PortalError):
    """The record is not an event of SES about one of our mails; the message names what is wrong, never what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One fact about one mail. `to` is where it went: a mail of ours has one recipient, whatever SES's word names besides.

    `unreachable` are the addresses at which it did not arrive, and never will, in lower case; `ends_mail` says that they are
    written to no more, whoever's they are. `is_given_up`: SES tried for its time, and the mailbox did not take the mail.
    """

    kind: str
    letter_id: str
    message_id: str
    accepted_at: datetime
    facts: Mapping[str, Any]
    is_final: bool = True
    to: frozenset[str] = field(repr=False)
    unreachable: frozenset[str] = field(default=frozenset(), repr=False)
    ends_mail: bool = False
    is_given_up: bool = False


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
    if receipt.is_given_up and _must_be_told(receipt, room):
        receipt = replace(receipt, facts={**receipt.facts, "bounce": UNDELIVERED}, unreachable=receipt.to)
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


def _must_be_told(receipt: Receipt, room: Mailroom) -> bool:
    """True for a mail that never arrived, if it, or news that it told besides, still asks its reader to act.

    They are told another way then: their desk's list names the report, as for an address that does not work.
    """
    entries = room.ledger.of_report(receipt.letter_id.rpartition("#")[0])
    own = next((one for one in entries if one.id == receipt.letter_id), None)
    report = room.reports.get(own.reference) if own and not own.delivered_at else None
    if own is None or report is None:
        return False
    told = (one.number for one in entries if leader_of(one, entries).number == own.number)
    return any(still_asks_to_act(report.timeline[number - 1], report) for number in told)


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
        to=(to := frozenset(str(address).lower() for address in mail["destination"])),
        unreachable=to if told.never_arrives else frozenset(),
        ends_mail=told.ends_mail,
        is_given_up=told.is_given_up,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    facts: Mapping[str, Any]
    is_final: bool = True
    never_arrives: bool = False
    ends_mail: bool = False
    is_given_up: bool = False


def _bounced(event: Mapping[str, Any]) -> _Told:
    """Read a bounce. One for good is also how SES says that the address is on a list of its own (`OnAccountSuppressionList`)."""
    bounce = event["bounce"]
    kind = str(bounce["bounceType"]).lower()
    facts, is_for_good = {"bounced_at": _instant(bounce["timestamp"]), "bounce": kind}, kind == PERMANENT
    return _Told(facts, never_arrives=is_for_good, ends_mail=is_for_good, is_given_up=kind == _TRANSIENT)


def _complained(event: Mapping[str, Any]) -> _Told:
    """Read a complaint; or its opposite, a reader who took our mail out of the folder for spam: that changes nothing."""
    complaint = event["complaint"]
    if complaint.get("complaintFeedbackType") == _NOT_SPAM:
        return _Told({})
    return _Told({"complained_at": _instant(complaint["timestamp"])}, never_arrives=True, ends_mail=True)


def _refused(why: str) -> _Told:
    return _Told({"rejected": why}, never_arrives=True)


_TRANSIENT, _NOT_SPAM = "transient", "not-spam"


_READERS: Mapping[str, Callable[[Mapping[str, Any]], _Told]] = {
    "Send": lambda _: _Told({}, is_final=False),
    "Delivery": lambda event: _Told({"delivered_at": _instant(event["delivery"]["timestamp"])}),
    "DeliveryDelay": lambda event: _Told({"delayed_at": _instant(event["deliveryDelay"]["timestamp"])}, is_final=False),
    "Bounce": _bounced,
    "Complaint": _complained,
    "Reject": lambda _: _refused("Reject"),
    "Rendering Failure": lambda _: _refused("RenderingFailure"),
}


def _instant(text: str) -> datetime:
    """Read an instant as SES writes it. Raises ValueError for one without a time zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no time zone")
    return at
