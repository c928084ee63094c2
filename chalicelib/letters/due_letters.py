"""The round, every minute: look at every letter that is due, and bring it to its end.

News that waited long enough, letters that could not be sent, claims whose attempt died, mails of which SES said nothing
more. Each is read anew, with the wishes and the address that its report has now; two rounds at once harm nobody.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from chalicelib.core import log
from chalicelib.letters.catalogue import ABOUT_A_REPORT
from chalicelib.letters.decision import decide_last, decide_now
from chalicelib.letters.ledger_entry import LedgerEntry, Standing, try_again_at
from chalicelib.letters.mailroom import Mailroom, Outcome, Run
from chalicelib.letters.sending import noted_as_put_off, settle

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
    if entry.next_attempt_at is None or entry.next_attempt_at > now or entry.standing(run.id, now) is Standing.LEASED:
        return Outcome.SETTLED_BEFORE
    if entry.is_settled:
        return _closed(entry, run)
    try:
        if entry.letter in ABOUT_A_REPORT:
            decision = decide_now(reference, entry.number, run.mailroom)
            return settle(decision, entry, partial(decide_last, reference, entry.number, run.mailroom), run, entries)
        if decide := run.mailroom.others(entry):
            return settle(decide(), entry, decide, run)
        return _put_off(entry, None, run)  # a mail about a citizen's own address: its stream sends it (ADR-0017)
    except Exception as error:  # noqa: BLE001 — a report that cannot be read or written about is tried again, for a day
        return _put_off(entry, error, run)


def _closed(entry: LedgerEntry, run: Run) -> Outcome:
    """Take a letter that is settled from the queue; say so when SES never told what became of it."""
    no_receipt = not entry.is_heard_of
    run.mailroom.ledger.close(entry.id, no_receipt=no_receipt)
    if no_receipt:
        log.event("letter_unheard", level=logging.WARNING, letter=entry.id)
    return Outcome.UNHEARD if no_receipt else Outcome.SETTLED_BEFORE


def _put_off(entry: LedgerEntry, error: Exception | None, run: Run) -> Outcome:
    """Look at a letter again later, or give it up when that has gone on for a day."""
    ledger, until = run.mailroom.ledger, try_again_at(entry.first_at, run.mailroom.clock.now())
    if until:
        ledger.look_again(entry.id, until=until, tried=True)
    else:
        ledger.give_up(entry.id)
    return noted_as_put_off(entry, error, is_given_up=until is None)
