"""The decision about the letter of a report's event: send it, to whom and with which texts; not at all; or later.

Decided from the report as it is at that moment, however often; so the last decision, right before the mail goes to SES, binds
it to the wishes, the address and the safe hours that its reader has now.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.letters.catalogue import HELD_BACK_UNPROVEN, Letter, NoLetter, NotSentReason, Waits, choose, due_at, letter_id
from chalicelib.letters.mailroom import Mailroom
from chalicelib.letters.render import MailOrder
from chalicelib.letters.sending import Decision
from chalicelib.reports.contact import may_be_sent_at
from chalicelib.reports.events import Event
from chalicelib.reports.model import Report


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A letter that will be sent, and when, if nothing else happens first."""

    letter: Letter
    at: datetime


def foresee(event: Event, report: Report, *, waits: Waits, now: datetime) -> Foreseen | NoLetter:
    """Return which letter goes out about an event, and when; or why none. Pure: also of what was not done yet."""
    letter = choose(event, report)
    return letter if isinstance(letter, NoLetter) else Foreseen(letter, due_at(event, report, waits=waits, now=now))


def foresee_last(event: Event, report: Report, mailroom: Mailroom) -> Foreseen | NoLetter:
    """Return the same, and no mail for an address that is written to no more. Marks and counts nothing."""
    found = foresee(event, report, waits=mailroom.waits, now=mailroom.clock.now())
    if isinstance(found, Foreseen) and mailroom.suppression.holds(report.contact.email):
        return NoLetter(NotSentReason.ADDRESS_UNUSABLE, found.letter)
    return found


def decide(event: Event, report: Report, mailroom: Mailroom) -> Decision:
    """Return the decision about the letter of an event, from the report as given; no table is read."""
    now = mailroom.clock.now()
    found = foresee(event, report, waits=mailroom.waits, now=now)
    if isinstance(found, NoLetter):
        return found
    return found.at if found.at > now else mailroom.order_of(found.letter, event, report)


def decide_now(reference: str, number: int, mailroom: Mailroom) -> Decision:
    """Return the decision about the letter of a report's event, as the report is now."""
    report = mailroom.reports.get(reference)
    return NoLetter(NotSentReason.REPORT_GONE) if report is None else decide(report.timeline[number - 1], report, mailroom)


def decide_last(reference: str, number: int, mailroom: Mailroom) -> Decision:
    """Return the same, and no mail for an address that is written to no more: its report is marked, so that its desk hears.

    Nor more than a few a day to an address that its reporter has not proven. News of the reporter's own act is held back then:
    they read it on the page. News of the police waits for the next day.
    """
    report = mailroom.reports.get(reference)
    if report is None:
        return NoLetter(NotSentReason.REPORT_GONE)
    event = report.timeline[number - 1]
    decision = decide(event, report, mailroom)
    if not isinstance(decision, MailOrder):
        return decision
    if mailroom.suppression.holds(decision.to):
        mailroom.unusable(reference, frozenset({decision.to.lower()}))
        return NoLetter(NotSentReason.ADDRESS_UNUSABLE, decision.letter)
    unproven = mailroom.unproven()
    if report.contact.proven or unproven.has_room(decision.to, letter_id(reference, number)):
        return decision
    if event.kind in HELD_BACK_UNPROVEN:
        return NoLetter(NotSentReason.ADDRESS_UNPROVEN, decision.letter)
    return may_be_sent_at(report.contact, unproven.daily.next_window())
