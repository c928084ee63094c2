"""What officers see of a report's letters: for each event what became of its letter, and what the mails say. Pure.

The codes are covered: with them an officer could answer the survey in the reporter's place.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.core.language import mark
from chalicelib.letters.catalogue import Letter, Reason
from chalicelib.letters.ledger_entry import Entry
from chalicelib.reports.model import Event, Report

_CODE = re.compile(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b")
COVERED = "•••••-•••••"


class State(StrEnum):
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


STATE_WORDS: Mapping[State, str] = {
    State.NOT_YET: mark("Nothing is known of it yet"),
    State.WAITING: mark("Waits to be sent, together with other news"),
    State.BEING_SENT: mark("Is being sent"),
    State.SENT: mark("Sent"),
    State.DELIVERED: mark("Delivered"),
    State.DELAYED: mark("Sent, but the mailbox does not take it yet"),
    State.BOUNCED: mark("Sent, but it came back"),
    State.COMPLAINED: mark("The reader says that it is unwanted mail"),
    State.REJECTED: mark("Refused by the mail service"),
    State.GIVEN_UP: mark("Could not be sent for a day"),
    State.JOINED: mark("Told in one mail with later news"),
    State.NOT_SENT: mark("Not sent"),
    State.UNHEARD: mark("Sent, but it is not known whether it arrived"),
}
WHY_NOT: Mapping[Reason, str] = {
    Reason.OWN_ACTION: mark("the reporter did this, and knows"),
    Reason.NOT_WANTED: mark("the reporter does not want to hear about this"),
    Reason.ADDRESS_MISSING: mark("there is no e-mail address"),
    Reason.ADDRESS_UNUSABLE: mark("mail to this address does not arrive"),
    Reason.TOLD_OTHERWISE: mark("the reporter was told by telephone or letter"),
    Reason.CODE_OVER: mark("the code for this address could no longer be typed"),
    Reason.REPORT_GONE: mark("the report is no longer there"),
}
LETTER_WORDS: Mapping[Letter, str] = {
    Letter.NEWS: mark("There is news"),
    Letter.SURVEY: mark("Invitation to the survey"),
}
# In this order: the first fact that is there decides. A late bounce counts more than an earlier delivery.
_FACTS: tuple[tuple[State, Callable[[Entry], datetime | bool | int | str | None]], ...] = (
    (State.COMPLAINED, lambda entry: entry.complained_at),
    (State.BOUNCED, lambda entry: entry.bounced_at),
    (State.REJECTED, lambda entry: entry.rejected),
    (State.GIVEN_UP, lambda entry: entry.failed_at),
    (State.DELIVERED, lambda entry: entry.delivered_at),
    (State.UNHEARD, lambda entry: entry.unheard),
    (State.DELAYED, lambda entry: entry.delayed_at),
    (State.SENT, lambda entry: entry.accepted_at),
    (State.JOINED, lambda entry: entry.joined),
    (State.NOT_SENT, lambda entry: entry.not_sent),
    (State.BEING_SENT, lambda entry: entry.attempt),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One event and its letter. `at` is when the fact that decides came about, None when that has no time of its own."""

    event: Event
    state: State
    at: datetime | None
    why: str
    letter: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail as its reader gets it, with its codes covered."""

    letter: Letter
    subject: str
    text: str
    neutral: bool


def lines(report: Report, entries: Iterable[Entry]) -> tuple[Line, ...]:
    """Return a line for each event of the report, in the order of the timeline."""
    known = {entry.number: entry for entry in entries}
    return tuple(_line(event, known.get(event.number)) for event in report.timeline)


def preview(letter: Letter, subject: str, text: str, *, neutral: bool) -> Preview:
    """Return what officers may see of a mail."""
    return Preview(letter, subject, _CODE.sub(COVERED, text), neutral)


def state_of(entry: Entry) -> tuple[State, datetime | None]:
    """Return how far a letter has come, and since when."""
    for state, fact_of in _FACTS:
        if fact := fact_of(entry):
            return state, fact if isinstance(fact, datetime) else None
    return State.WAITING, None


def _line(event: Event, entry: Entry | None) -> Line:
    if entry is None:
        return Line(event, State.NOT_YET, None, "", "", Entry(id=""))
    state, at = state_of(entry)
    why = WHY_NOT[Reason(entry.not_sent)] if state is State.NOT_SENT else ""
    letter = LETTER_WORDS[Letter(entry.letter)] if entry.letter else ""
    return Line(event, state, at, why, letter, entry)
