"""What readers of our mail do: ask whether a mail is ours."""

from datetime import date

from chalicelib.core import ids, log
from chalicelib.core.clock import day_of
from chalicelib.core.errors import NotFound
from chalicelib.letters.codes import proof_of
from chalicelib.letters.ledger import Ledger


def recognise(code: str, *, ledger: Ledger) -> date:
    """Return the day on which we sent the mail that carries a code, as people type it; and tell nothing else of it.

    A mail of which nobody noted that SES took it (our note was lost) was sent on the day it was claimed: its code is known
    to nobody who did not get it. Raises NotFound("mail") alike for what can be no code, a code that no mail carries, and a
    mail that SES refused.
    """
    typed = ids.parse_code(code)
    found = ledger.with_proof(proof_of(typed)) if typed else None
    sent_at = None if found is None or found.rejected else found.accepted_at or found.claimed_at
    if sent_at is None:
        log.event("mail_not_recognised")
        raise NotFound("mail")
    log.event("mail_recognised")
    return day_of(sent_at)
