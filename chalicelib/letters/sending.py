"""Sending one letter: claim → take waiting news along → hand over to SES → note. A letter that cannot be sent now is put off.

May stop anywhere: the claim lies on the due pile with its lease, and the round (rounds.py) brings it to its end.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from chalicelib.core import ids, log
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Unavailable
from chalicelib.core.language import Language
from chalicelib.letters.catalogue import Letter
from chalicelib.letters.codes import proof_of
from chalicelib.letters.ledger import Ledger
from chalicelib.letters.ledger_entry import LedgerEntry, LetterState, try_again_at
from chalicelib.letters.mailer import Mail, Mailer, OutcomeUnknown, Rejected
from chalicelib.letters.render import Texts
from chalicelib.reports.events import Event
from chalicelib.reports.model import Report

Write = Callable[[Letter, Event, Report], Texts]


class Outcome(StrEnum):
    """How it ended for one letter, this time."""

    SENT = "sent"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    WAITS = "waits"
    PUT_OFF = "put_off"  # SES or something that we need was not there
    UNKNOWN = "unknown"  # SES may have it: its own Send event will tell
    GIVEN_UP = "given_up"  # tried for a day
    SETTLED_BEFORE = "settled_before"
    UNHEARD = "unheard"  # SES took it, and never said what became of it


class Reading(Protocol):
    """The part of the reports that sending needs."""

    def get(self, reference: str) -> Report | None:
        """Return the newest version of a report, None when there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """The parts that letters are sent with. News waits `wait` for more news of its report."""

    reports: Reading
    ledger: Ledger
    mailer: Mailer
    write: Write
    clock: Clock
    wait: timedelta


class Run:
    """One run over many letters: its attempt's id, whether SES was found to be away, or nothing is to be sent at all."""

    def __init__(self, office: Mailroom, attempt: str = "") -> None:
        self.office, self.id, self.ses_is_away, self.only_notes = office, attempt or ids.secret_id(), False, False


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter written out: nothing can go wrong with it any more but on its way."""

    letter: Letter
    language: Language
    entry: LedgerEntry
    mail: Mail
    template: str
    proof: str


def ready(letter: Letter, event: Event, report: Report, entry: LedgerEntry, office: Mailroom) -> Ready:
    """Write a letter out, before its claim: a template or a report that fails leaves nothing in doubt."""
    texts = office.write(letter, event, report)
    mail = Mail.of(entry.id, report.contact.email, texts)
    return Ready(letter, report.contact.language, entry, mail, texts.template, proof_of(texts.code))


def send(ready: Ready, others: Sequence[LedgerEntry], run: Run) -> Outcome:
    """Send a letter that is due, unless somebody else has it; `others` are the letters of its report."""
    entry, ledger = ready.entry, run.office.ledger
    if not _is_claimed(ready, run):
        return Outcome.SETTLED_BEFORE
    try:
        _take_along(ready, others, run)
        message_id = run.office.mailer.send(ready.mail)
    except Rejected as error:
        ledger.note_rejected(entry.id, attempt=run.id, reason=error.reason)
        log.event("letter_rejected", level=logging.WARNING, letter=entry.id, reason=error.reason)
        return Outcome.REJECTED
    except Unavailable as error:
        run.ses_is_away = True
        return _put_off(entry, error, run)
    except OutcomeUnknown as error:
        run.ses_is_away = True
        log.event("letter_in_doubt", level=logging.WARNING, letter=entry.id, error=str(error))
        return Outcome.UNKNOWN
    _note_accepted(entry.id, message_id, run)
    return Outcome.SENT


def _is_claimed(ready: Ready, run: Run) -> bool:
    ledger, entry = run.office.ledger, ready.entry
    if entry.standing(run.id, run.office.clock.now()) is LetterState.IN_DOUBT:
        if ledger.take_over(entry.id, attempt=run.id):
            log.event("letter_repeated", level=logging.WARNING, letter=entry.id)
            return True
        return False
    facts = {"template": ready.template, "proof": ready.proof}
    claim = ledger.claim(entry.id, attempt=run.id, letter=ready.letter, language=ready.language, **facts)
    return claim is LetterState.CLAIMED


def _take_along(ready: Ready, others: Sequence[LedgerEntry], run: Run) -> None:
    """Join what the reader will find on the same page: news that waits, and news that never arrived."""
    for other in others if ready.letter is Letter.NEWS else ():
        if other.id != ready.entry.id and (other.is_waiting_news or other.is_held_back):
            run.office.ledger.join(other.id, into=ready.entry.number)


def _put_off(entry: LedgerEntry, error: Unavailable, run: Run) -> Outcome:
    until = try_again_at(entry.first_at, run.office.clock.now())
    run.office.ledger.release(entry.id, attempt=run.id, until=until)
    log.event("letter_put_off" if until else "letter_given_up", level=logging.WARNING, letter=entry.id, error=str(error))
    return Outcome.PUT_OFF if until else Outcome.GIVEN_UP


def _note_accepted(name: str, message_id: str, run: Run) -> None:
    """Note what SES took. A note that fails fails nothing else: SES's own Send event says the same."""
    try:
        noted = run.office.ledger.note_accepted(name, attempt=run.id, message_id=message_id)
    except Unavailable:
        noted = False
    level = logging.INFO if noted else logging.ERROR
    log.event("letter_sent" if noted else "letter_sent_not_noted", level=level, letter=name, message=message_id)
