"""The decision about the letter of a report's event: send it, to whom and with which texts; not at all; or later.

Decided from the report as it is at that moment, however often; so the last decision, right before the mail goes to SES, binds
it to the wishes, the address and the safe hours that its reader has now.
"""

from chalicelib.letters.catalogue import HELD_BACK_UNPROVEN, NoLetter, NotSentReason, choose, due_at, letter_id
from chalicelib.letters.mailroom import Mailroom
from chalicelib.letters.render import MailOrder
from chalicelib.letters.sending import Decision
from chalicelib.reports.contact import may_be_sent_at
from chalicelib.reports.events import Event
from chalicelib.reports.model import Report


def decide(event: Event, report: Report, mailroom: Mailroom) -> Decision:
    """Return the decision about the letter of an event, from the report as given; no table is read."""
    letter = choose(event, report)
    if isinstance(letter, NoLetter):
        return letter
    now = mailroom.clock.now()
    due = due_at(event, report, wait=mailroom.wait, now=now)
    return due if due > now else mailroom.order_of(letter, event, report)


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
