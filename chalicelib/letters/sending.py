"""Sending one letter: claim → take waiting news along → hand over to SES → note. A letter that cannot be sent now is put off.

Every mail there is goes out here. May stop anywhere: the claim lies in the queue with its lease, until whoever the run's
policy names (`Retry`) brings it to its end.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from chalicelib.core import ids, log
from chalicelib.core.clock import Clock
from chalicelib.core.errors import PortalError, Unavailable
from chalicelib.core.language import Language
from chalicelib.letters.catalogue import Letter, NoLetter
from chalicelib.letters.codes import code_digest
from chalicelib.letters.ledger import Ledger
from chalicelib.letters.ledger_entry import LedgerEntry, LetterState, try_again_at
from chalicelib.letters.mailer import Mail, Mailer, OutcomeUnknown, Rejected
from chalicelib.letters.render import MailOrder, Texts
from chalicelib.reports.events import Event
from chalicelib.reports.model import Report

OrderOf = Callable[[Letter, Event, Report], MailOrder]
Render = Callable[[MailOrder], Texts]


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
    """The parts that letters are sent with. News waits `wait` for more news of its report.

    `order_of` makes the mail of a report's event, `render` writes out any mail.
    """

    reports: Reading
    ledger: Ledger
    mailer: Mailer
    order_of: OrderOf
    render: Render
    clock: Clock
    wait: timedelta


class Retry(StrEnum):
    """The part that comes back for a mail that could not be settled now: the policy of a run."""

    ROUND = "round"  # it lies in the queue until the round sends it: how it ended this time is all that is told
    STREAM = "stream"  # what brought it must come again, so it must fail: BeingSent, Unavailable or OutcomeUnknown is raised


class BeingSent(PortalError):
    """Another attempt holds the mail, or died with it less than a lease ago."""


class Run:
    """One run over many letters: its attempt's id, whether SES was found to be away, or nothing is to be sent at all."""

    def __init__(self, mailroom: Mailroom, attempt: str = "", retry: Retry = Retry.ROUND) -> None:
        self.mailroom, self.id, self.retry = mailroom, attempt or ids.secret_id(), retry
        self.ses_is_away = self.only_notes = False


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter written out: nothing can go wrong with it any more but on its way."""

    letter: Letter
    language: Language
    entry: LedgerEntry
    mail: Mail
    template: str
    code_digest: str


def ready(order: MailOrder, entry: LedgerEntry, mailroom: Mailroom) -> Ready:
    """Write a letter out, before its claim: a template or a report that fails leaves nothing in doubt."""
    texts = mailroom.render(order)
    digest = code_digest(order.check_code) if order.check_code else ""
    return Ready(order.letter, order.language, entry, Mail.of(entry.id, order.to, texts), texts.template, digest)


def send_order(order: MailOrder | NoLetter, name: str, run: Run, others: Sequence[LedgerEntry] = ()) -> Outcome:
    """Send a mail of which the ledger may know already, or note why none is sent."""
    if isinstance(order, NoLetter):
        run.mailroom.ledger.note_not_sent(name, order.reason)
        return Outcome.NOT_SENT
    return send(ready(order, LedgerEntry(id=name), run.mailroom), run, others)


def send(ready: Ready, run: Run, others: Sequence[LedgerEntry] = ()) -> Outcome:
    """Send a letter that is due, unless somebody else has it; `others` are the letters of its report.

    Raises what is not settled when the run's policy says so (`Retry.STREAM`).
    """
    entry, ledger = ready.entry, run.mailroom.ledger
    state = _claimed(ready, run)
    if state is LetterState.LEASED and run.retry is Retry.STREAM:
        raise BeingSent(entry.id)
    if state is not LetterState.CLAIMED:
        return Outcome.SETTLED_BEFORE
    try:
        _take_along(ready, others, run)
        message_id = run.mailroom.mailer.send(ready.mail)
    except Rejected as error:
        ledger.note_rejected(entry.id, attempt=run.id, reason=error.reason)
        log.event("letter_rejected", level=logging.WARNING, letter=entry.id, reason=error.reason)
        return Outcome.REJECTED
    except (Unavailable, OutcomeUnknown) as error:
        run.ses_is_away = True
        outcome = _put_off(entry, error, run) if isinstance(error, Unavailable) else _left_in_doubt(entry, error)
        if run.retry is Retry.STREAM:
            raise
        return outcome
    _note_accepted(entry.id, message_id, run)
    return Outcome.SENT


def _claimed(ready: Ready, run: Run) -> LetterState:
    """Claim a letter, or take it over from an attempt that died; return CLAIMED when it is ours to send."""
    ledger, entry = run.mailroom.ledger, ready.entry
    known = state = entry.standing(run.id, run.mailroom.clock.now())
    if known is not LetterState.IN_DOUBT:
        facts = {"template": ready.template, "code_digest": ready.code_digest}
        state = ledger.claim(entry.id, attempt=run.id, letter=ready.letter, language=ready.language, **facts)
    is_the_rounds = run.retry is Retry.ROUND and known is not LetterState.IN_DOUBT  # the round comes by for it, and knows
    if state is not LetterState.IN_DOUBT or is_the_rounds:
        return state
    if not ledger.take_over(entry.id, attempt=run.id):
        return LetterState.LEASED  # somebody else was first
    log.event("letter_repeated", level=logging.WARNING, letter=entry.id)
    return LetterState.CLAIMED


def _left_in_doubt(entry: LedgerEntry, error: OutcomeUnknown) -> Outcome:
    log.event("letter_in_doubt", level=logging.WARNING, letter=entry.id, error=str(error))
    return Outcome.UNKNOWN


def _take_along(ready: Ready, others: Sequence[LedgerEntry], run: Run) -> None:
    """Join what the reader will find on the same page: news that waits, and news that never arrived."""
    for other in others if ready.letter is Letter.NEWS else ():
        if other.id != ready.entry.id and (other.is_waiting_news or other.is_held_back):
            run.mailroom.ledger.join(other.id, into=ready.entry.number)


def _put_off(entry: LedgerEntry, error: Unavailable, run: Run) -> Outcome:
    until = try_again_at(entry.first_at, run.mailroom.clock.now())
    run.mailroom.ledger.release(entry.id, attempt=run.id, until=until)
    log.event("letter_put_off" if until else "letter_given_up", level=logging.WARNING, letter=entry.id, error=str(error))
    return Outcome.PUT_OFF if until else Outcome.GIVEN_UP


def _note_accepted(name: str, message_id: str, run: Run) -> None:
    """Note what SES took. A note that fails fails nothing else: SES's own Send event says the same."""
    try:
        noted = run.mailroom.ledger.note_accepted(name, attempt=run.id, message_id=message_id)
    except Unavailable:
        noted = False
    level = logging.INFO if noted else logging.ERROR
    log.event("letter_sent" if noted else "letter_sent_not_noted", level=level, letter=name, message=message_id)
