"""The round, every minute: look at every letter that is due, and bring it to its end.

News that waited long enough, letters that could not be sent, claims whose attempt died, mails of which SES said nothing
more. Each is read anew, with the wishes and the address that its report has now; two rounds at once harm nobody.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.core import log
from chalicelib.letters.catalogue import ABOUT_A_REPORT, NoLetter, NotSentReason, choose
from chalicelib.letters.ledger_entry import LedgerEntry, LetterState, try_again_at
from chalicelib.letters.sending import Mailroom, Outcome, Ready, Run, ready, send
from chalicelib.reports.contact import may_be_sent_at

LASTS = timedelta(seconds=50)  # the next round goes on where this one stopped


def send_due(mailroom: Mailroom, *, lasts: timedelta = LASTS) -> Mapping[Outcome, int]:
    """Go round once: until nothing is due, the time is over, or SES turns out to be away. Return letters per outcome."""
    run, until = Run(mailroom), mailroom.clock.now() + lasts
    outcomes: Counter[Outcome] = Counter()
    for letter_id in mailroom.ledger.due(mailroom.clock.now()):
        try:
            outcomes[_looked_at(letter_id, run)] += 1
        except Exception as error:  # noqa: BLE001 — one letter must not keep the round from the others; it stays due
            log.event("letter_failed", level=logging.ERROR, letter=letter_id, error=type(error).__name__)
        if run.ses_is_away or mailroom.clock.now() >= until:
            break
    counts: dict[str, Any] = {outcome.value: outcomes[outcome] for outcome in Outcome if outcomes[outcome]}
    log.event("round_made", **counts)
    return outcomes


def _looked_at(letter_id: str, run: Run) -> Outcome:
    """Bring one letter as far as it can come now. The index may be behind: what counts is the entry itself."""
    reference, now = letter_id.rpartition("#")[0], run.mailroom.clock.now()
    entries = run.mailroom.ledger.of_report(reference)
    entry = next((one for one in entries if one.id == letter_id), LedgerEntry(id=letter_id))
    if entry.next_attempt_at is None or entry.next_attempt_at > now or entry.standing(run.id, now) is LetterState.LEASED:
        return Outcome.SETTLED_BEFORE
    if entry.is_settled or entry.letter not in ABOUT_A_REPORT:
        return _closed(entry, run) if entry.is_settled else _left_to_its_stream(entry, run)
    try:
        decision = _decided(entry, run.mailroom, now)
    except Exception as error:  # noqa: BLE001 — a report that cannot be read or written about is tried again, for a day
        return _put_off(entry, error, run)
    if isinstance(decision, Ready):
        return send(decision, run, entries)
    if isinstance(decision, NoLetter):
        run.mailroom.ledger.note_not_sent(letter_id, decision.reason, attempt=entry.attempt)
        return Outcome.NOT_SENT
    run.mailroom.ledger.look_again(letter_id, until=decision, tried=False)
    return Outcome.WAITS


def _decided(entry: LedgerEntry, mailroom: Mailroom, now: datetime) -> Ready | NoLetter | datetime:
    """Return the letter to send now, why none is sent any more, or when to look again."""
    report = mailroom.reports.get(entry.reference)
    if report is None:
        return NoLetter(NotSentReason.REPORT_GONE)
    event = report.timeline[entry.number - 1]
    letter = choose(event, report, held_back=True)  # it is in the ledger: its event did call for it
    if isinstance(letter, NoLetter):
        return letter
    safe_at = may_be_sent_at(report.contact, now)
    return safe_at if safe_at > now else ready(mailroom.order_of(letter, event, report), entry, mailroom)


def _closed(entry: LedgerEntry, run: Run) -> Outcome:
    """Take a letter that is settled from the queue; say so when SES never told what became of it."""
    no_receipt = not entry.is_heard_of
    run.mailroom.ledger.close(entry.id, no_receipt=no_receipt)
    if no_receipt:
        log.event("letter_unheard", level=logging.WARNING, letter=entry.id)
    return Outcome.UNHEARD if no_receipt else Outcome.SETTLED_BEFORE


def _left_to_its_stream(entry: LedgerEntry, run: Run) -> Outcome:
    """A mail about somebody's own address is no report's (ADR-0017): its stream sends it, or a day later nobody does."""
    until = try_again_at(entry.first_at, run.mailroom.clock.now())
    run.mailroom.ledger.look_again(entry.id, until=until, tried=True)
    return Outcome.PUT_OFF if until else Outcome.GIVEN_UP


def _put_off(entry: LedgerEntry, error: Exception, run: Run) -> Outcome:
    until = try_again_at(entry.first_at, run.mailroom.clock.now())
    run.mailroom.ledger.look_again(entry.id, until=until, tried=True)
    log.event("letter_put_off" if until else "letter_given_up", level=logging.ERROR, letter=entry.id, error=type(error).__name__)
    return Outcome.PUT_OFF if until else Outcome.GIVEN_UP
