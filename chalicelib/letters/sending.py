"""Sending one letter: claim → its turn → decide once more → hand over to SES → note → tell of other news with it.

Every mail there is goes out here. It is decided upon twice: before the claim, by what is at hand, and right before SES is
called, by what is true then. May stop anywhere: the claim lies in the queue with its lease, until whoever the
run's policy names (`Retry`) brings it to its end. Other news is merged into a letter only once SES has taken that.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core import log
from chalicelib.core.errors import PortalError, Unavailable
from chalicelib.letters.catalogue import HOLDS_BACK, Letter, NoLetter
from chalicelib.letters.ledger_entry import LedgerEntry, Standing, Written, try_again_at
from chalicelib.letters.mailer import Mail, OutcomeUnknown, Rejected
from chalicelib.letters.mailroom import Mailroom, Outcome, Retry, Run
from chalicelib.letters.recalling import recall_unreached
from chalicelib.letters.render import MailOrder
from chalicelib.letters.states import LetterState


class BeingSent(PortalError):
    """Another attempt holds the mail, or died with it less than a lease ago."""


Decision = MailOrder | NoLetter | datetime  # the mail to send, why there is none, or when to look again
Decide = Callable[[], Decision]


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter written out: nothing can go wrong with it any more but on its way."""

    order: MailOrder
    entry: LedgerEntry
    mail: Mail
    written: Written
    code_digest: str


def ready(order: MailOrder, entry: LedgerEntry, mailroom: Mailroom) -> Ready:
    """Write a letter out, before its claim: a template or a report that fails leaves nothing in doubt."""
    texts = mailroom.render(order)
    digest = mailroom.code_digest(order.check_code)
    return Ready(order, entry, Mail.of(entry.id, order.to, texts), Written(order.language, texts.template), digest)


def settle(decision: Decision, entry: LedgerEntry, decide: Decide, run: Run, others: Sequence[LedgerEntry] = ()) -> Outcome:
    """Do with a letter what was decided. `decide` decides once more, right before its mail is handed over.

    `entry` is what the ledger knew of it, `others` the letters of its report. Raises what is not settled when the run's policy
    says so (`Retry.STREAM`).
    """
    if isinstance(decision, MailOrder):
        return send(ready(decision, entry, run.mailroom), decide, run, others)
    ledger = run.mailroom.ledger
    if isinstance(decision, datetime):
        ledger.look_again(entry.id, until=decision)
        return Outcome.WAITS
    if entry.state is LetterState.UNKNOWN:
        ledger.withhold(entry.id, decision)
    else:
        ledger.drop(entry.id, decision, attempt=entry.attempt)
    return _not_sent(decision, entry, run)


def send(prepared: Ready, decide: Decide, run: Run, others: Sequence[LedgerEntry] = ()) -> Outcome:
    """Send a letter that is due, unless somebody else has it."""
    standing = _claimed(prepared, run)
    if standing in _SOMEBODY_ELSES and run.retry is Retry.STREAM:
        raise BeingSent(prepared.entry.id)
    if standing is not Standing.OURS:
        return Outcome.SETTLED_BEFORE
    try:
        run.mailroom.turn()
        latest = decide()
        if not isinstance(latest, MailOrder):
            return _called_off(latest, prepared.entry, run)
        last = prepared if latest == prepared.order else ready(latest, prepared.entry, run.mailroom)
        message_id = run.mailroom.mailer.send(last.mail)
    except Rejected as error:
        return _refused(prepared, last, error, run)
    except OutcomeUnknown as error:
        return _broken_off(_left_in_doubt(prepared.entry, error), error, run)
    except Exception as error:  # noqa: BLE001 — whatever failed, SES was not asked, or did not take it
        return _broken_off(_released(prepared, error, run), error, run)
    if _note_accepted(last, None if last is prepared else last.written, message_id, run):
        _tell_with_it(last, others, run)
    return Outcome.SENT


_SOMEBODY_ELSES = frozenset({Standing.LEASED, Standing.FREE})  # free by now: it is claimed when its record comes again


def _claimed(prepared: Ready, run: Run) -> Standing:
    """Claim a letter, or take it over from an attempt that died; return OURS when it is ours to send."""
    ledger, entry = run.mailroom.ledger, prepared.entry
    known = standing = entry.standing(run.id, run.mailroom.clock.now())
    if known is Standing.FREE:
        standing = _claim(prepared, run)
    is_the_rounds = run.retry is Retry.ROUND and known is not Standing.IN_DOUBT  # the round comes by for it, and knows
    if standing is not Standing.IN_DOUBT or is_the_rounds:
        return standing
    if not ledger.take_over(entry.id, attempt=run.id):
        return Standing.LEASED  # somebody else was first
    log.event("letter_repeated", level=logging.WARNING, letter=entry.id)
    return Standing.OURS


def _claim(prepared: Ready, run: Run) -> Standing:
    """Claim a letter that is nobody's. A claim of which no reply came is given up: nothing was sent."""
    ledger, entry, order = run.mailroom.ledger, prepared.entry, prepared.order
    facts = {"template": prepared.written.template, "code_digest": prepared.code_digest}
    try:
        return ledger.claim(entry, attempt=run.id, letter=order.letter, language=order.language, **facts)
    except Unavailable:
        with suppress(Unavailable):
            ledger.release(entry.id, attempt=run.id, until=run.mailroom.clock.now())
        raise


def _called_off(latest: NoLetter | datetime, entry: LedgerEntry, run: Run) -> Outcome:
    """Let go of a letter that we claimed: what was true before its claim is not any more."""
    ledger = run.mailroom.ledger
    if isinstance(latest, datetime):
        ledger.release(entry.id, attempt=run.id, until=latest)
        return Outcome.WAITS
    ledger.drop(entry.id, latest, attempt=run.id)
    return _not_sent(latest, entry, run)


def _not_sent(none: NoLetter, entry: LedgerEntry, run: Run) -> Outcome:
    """Return how it ended; what was held back while its reader got an address that works is due anew."""
    if none.reason in HOLDS_BACK and none.letter:
        recall_unreached(entry.reference, (entry.number,), run.mailroom)
    return Outcome.NOT_SENT


def _refused(prepared: Ready, last: Ready, error: Rejected, run: Run) -> Outcome:
    """Note what SES will never take: no mail arrives at this address. First the report, so that its desk hears of it.

    Where SES says that there can be no such address, it is written to no more in any report.
    """
    entry = prepared.entry
    try:
        run.mailroom.unusable(entry.reference, frozenset({last.order.to.lower()}))
        if error.is_about_address:
            run.mailroom.suppression.add(last.order.to)
    except Exception as failure:  # noqa: BLE001 — nothing was sent: it is refused again, and then noted
        return _broken_off(_released(prepared, failure, run), failure, run)
    run.mailroom.ledger.note_rejected(entry.id, attempt=run.id, reason=error.reason)
    log.event("letter_rejected", level=logging.WARNING, letter=entry.id, reason=error.reason)
    recall_unreached(entry.reference, (entry.number,), run.mailroom)
    return Outcome.REJECTED


def _left_in_doubt(entry: LedgerEntry, error: OutcomeUnknown) -> Outcome:
    log.event("letter_in_doubt", level=logging.WARNING, letter=entry.id, error=str(error))
    return Outcome.UNKNOWN


def _released(prepared: Ready, error: Exception, run: Run) -> Outcome:
    """Let go of a letter that we claimed and could not send now; nothing was sent."""
    ledger, entry, now = run.mailroom.ledger, prepared.entry, run.mailroom.clock.now()
    until = try_again_at(entry.first_at, now)
    if until:
        ledger.release(entry.id, attempt=run.id, until=until)
    else:
        ledger.give_up(entry.id, attempt=run.id, unit=prepared.order.unit)
    return noted_as_put_off(entry, error, is_given_up=until is None)


def noted_as_put_off(entry: LedgerEntry, error: Exception | None, *, is_given_up: bool) -> Outcome:
    """Log that a letter could not be sent now (no error: its stream has not brought it), and return how that is counted."""
    level = logging.WARNING if error is None or isinstance(error, Unavailable) else logging.ERROR
    log.event("letter_given_up" if is_given_up else "letter_put_off", level=level, letter=entry.id, error=_code_of(error))
    return Outcome.GIVEN_UP if is_given_up else Outcome.PUT_OFF


def _code_of(error: Exception | None) -> str:
    if error is None:
        return "left_to_its_stream"
    return str(error) if isinstance(error, PortalError) else type(error).__name__


def _broken_off(outcome: Outcome, error: Exception, run: Run) -> Outcome:
    """Return how it ended, or raise the error where what brought the letter must come again."""
    run.ses_is_away = run.ses_is_away or isinstance(error, Unavailable | OutcomeUnknown)
    if run.retry is Retry.STREAM:
        raise error
    return outcome


def _note_accepted(last: Ready, written: Written | None, message_id: str, run: Run) -> bool:
    """Note what SES took. A note that fails fails nothing else: SES's own Send event says the same."""
    name = last.entry.id
    try:
        noted = run.mailroom.ledger.note_accepted(name, attempt=run.id, message_id=message_id, written=written)
    except Unavailable:
        noted = False
    level = logging.INFO if noted else logging.ERROR
    log.event("letter_sent" if noted else "letter_sent_not_noted", level=level, letter=name, message=message_id)
    return noted


def _tell_with_it(last: Ready, others: Sequence[LedgerEntry], run: Run) -> None:
    """Merge what the reader of a letter finds on the same page: news that waits, and news that never arrived.

    News that is not merged, because something fails here, has a mail of its own.
    """
    for other in others if last.order.letter is Letter.NEWS else ():
        if other.number in last.order.untold:
            continue
        is_told = other.is_news and (other.state is LetterState.WAITING or other.has_reached_nobody)
        if is_told and other.id != last.entry.id:
            with suppress(Unavailable):
                run.mailroom.ledger.merge(other, into=last.entry.number)
