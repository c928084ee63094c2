"""The letters of a report as officers see them: for each event what became of its letter, and what the mails say. Pure.

The codes are covered: with them an officer could answer the survey in the reporter's place.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.core.language import N_
from chalicelib.letters.catalogue import Letter, NotSentReason
from chalicelib.letters.labels import LETTER_WORDS
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.reports.events import INTERNAL, Event, Role
from chalicelib.reports.model import Report

_CODE = re.compile(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b")
COVERED = "•••••-•••••"


class LetterOutcome(StrEnum):
    """How far one letter has come; of several facts the one that asks most of an officer."""

    NOT_YET = "not_yet"
    WAITING = "waiting"
    BEING_SENT = "being_sent"
    SENT = "sent"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    REJECTED = "rejected"
    GIVEN_UP = "given_up"
    JOINED = "joined"
    NOT_SENT = "not_sent"
    UNHEARD = "unheard"


STATE_WORDS: Mapping[LetterOutcome, str] = {
    LetterOutcome.NOT_YET: N_("Nothing is known of it yet"),
    LetterOutcome.WAITING: N_("Waits to be sent, together with other news"),
    LetterOutcome.BEING_SENT: N_("Is being sent"),
    LetterOutcome.SENT: N_("Sent"),
    LetterOutcome.DELIVERED: N_("Delivered"),
    LetterOutcome.DELAYED: N_("Sent, but the mailbox does not take it yet"),
    LetterOutcome.BOUNCED: N_("Sent, but it came back"),
    LetterOutcome.COMPLAINED: N_("The reader says that it is unwanted mail"),
    LetterOutcome.REJECTED: N_("Refused by the mail service"),
    LetterOutcome.GIVEN_UP: N_("Could not be sent for a day"),
    LetterOutcome.JOINED: N_("Told in one mail with later news"),
    LetterOutcome.NOT_SENT: N_("Not sent"),
    LetterOutcome.UNHEARD: N_("Sent, but it is not known whether it arrived"),
}
WHY_NOT: Mapping[NotSentReason, str] = {
    NotSentReason.OWN_ACTION: N_("the reporter did this, and knows"),
    NotSentReason.NOT_WANTED: N_("the reporter does not want to hear about this"),
    NotSentReason.ADDRESS_MISSING: N_("there is no e-mail address"),
    NotSentReason.ADDRESS_UNUSABLE: N_("mail to this address does not arrive"),
    NotSentReason.ADDRESS_UNPROVEN: N_("this address has had its few e-mails of that day, and the reporter has not proven it"),
    NotSentReason.TOLD_OTHERWISE: N_("the reporter was told by telephone or letter"),
    NotSentReason.OVERTAKEN: N_("the question of which it was to remind was answered, replaced or over"),
    NotSentReason.NOTHING_TO_TELL: N_("there was nothing to tell"),
    NotSentReason.CODE_OVER: N_("the code for this address could no longer be typed"),
    NotSentReason.RETRACTED: N_("an officer undid what it was to tell"),
    NotSentReason.REPORT_GONE: N_("the report is no longer there"),
    NotSentReason.INTERNAL: N_("only officers read this"),
}
# In this order: the first fact that is there decides. A late bounce counts more than an earlier delivery.
_FACTS: tuple[tuple[LetterOutcome, Callable[[LedgerEntry], datetime | bool | int | str | None]], ...] = (
    (LetterOutcome.COMPLAINED, lambda entry: entry.complained_at),
    (LetterOutcome.BOUNCED, lambda entry: entry.bounced_at),
    (LetterOutcome.REJECTED, lambda entry: entry.rejected),
    (LetterOutcome.GIVEN_UP, lambda entry: entry.failed_at),
    (LetterOutcome.DELIVERED, lambda entry: entry.delivered_at),
    (LetterOutcome.UNHEARD, lambda entry: entry.no_receipt),
    (LetterOutcome.DELAYED, lambda entry: entry.delayed_at),
    (LetterOutcome.SENT, lambda entry: entry.accepted_at),
    (LetterOutcome.JOINED, lambda entry: entry.merged_into),
    (LetterOutcome.NOT_SENT, lambda entry: entry.not_sent),
    (LetterOutcome.BEING_SENT, lambda entry: entry.attempt),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One event and its letter. `at` is when the fact that decides came about, None when that has no time of its own.

    `goes_at` is when one that waits is to be sent, `read_by` when the reporter had read of the event after login, at the latest:
    whoever read it before, and read newer news since, is known to have read both by then.
    """

    event: Event
    state: LetterOutcome
    at: datetime | None
    why: str
    letter: str
    entry: LedgerEntry
    goes_at: datetime | None = None
    read_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail as its reader gets it, with its codes covered."""

    letter: Letter
    subject: str
    text: str
    neutral: bool


def lines(report: Report, entries: Iterable[LedgerEntry]) -> tuple[Line, ...]:
    """Return a line for each event of which the reporter may hear, in the order of the timeline."""
    known = {entry.number: entry for entry in entries}
    events = (event for event in report.timeline if event.kind not in INTERNAL)
    return tuple(_line(event, known.get(event.number), _read_by(event, report)) for event in events)


def preview(letter: Letter, subject: str, text: str, *, neutral: bool) -> Preview:
    """Return what officers may see of a mail."""
    return Preview(letter, subject, _CODE.sub(COVERED, text), neutral)


def state_of(entry: LedgerEntry) -> tuple[LetterOutcome, datetime | None]:
    """Return how far a letter has come, and since when."""
    for state, fact_of in _FACTS:
        if fact := fact_of(entry):
            return state, fact if isinstance(fact, datetime) else None
    return LetterOutcome.WAITING, None


def _read_by(event: Event, report: Report) -> datetime | None:
    """Return when the reporter had read of an event that was not their own, None when they have not, or it is not known."""
    is_news = event.by.role is not Role.REPORTER
    return report.read_at if is_news and event.number <= report.read_number else None


def _line(event: Event, entry: LedgerEntry | None, read_by: datetime | None) -> Line:
    if entry is None:
        return Line(event, LetterOutcome.NOT_YET, None, "", "", LedgerEntry(id=""), read_by=read_by)
    state, at = state_of(entry)
    why = WHY_NOT[NotSentReason(entry.not_sent)] if state is LetterOutcome.NOT_SENT else ""
    letter = LETTER_WORDS[Letter(entry.letter)] if entry.letter else ""
    goes_at = entry.next_attempt_at if state is LetterOutcome.WAITING else None
    return Line(event, state, at, why, letter, entry, goes_at, read_by)
