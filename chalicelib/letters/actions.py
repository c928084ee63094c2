"""The actions of readers of our mail: ask whether a mail is ours, and want no more invitations to the survey."""

from collections.abc import Iterator
from datetime import date

from chalicelib.core import ids, log
from chalicelib.core.clock import Clock, day_of
from chalicelib.core.derivation import ProofKeys
from chalicelib.core.errors import NotFound
from chalicelib.letters.codes import code_digest, code_in, is_token_of
from chalicelib.letters.ledger import Ledger
from chalicelib.reports import actions as reports_actions
from chalicelib.reports.actions import OwnReports
from chalicelib.reports.model import Report
from chalicelib.reports.store import Reports


def recognise(code: str, *, ledger: Ledger) -> date:
    """Return the day on which we sent the mail that carries a code, as people type it; and tell nothing else of it.

    A mail of which nobody noted that SES took it (our note was lost) was sent on the day it was claimed: its code is known
    to nobody who did not get it. Raises NotFound("mail") alike for what can be no code, a code that no mail carries, and a
    mail that SES refused.
    """
    typed = ids.parse_code(code)
    found = ledger.with_code(code_digest(typed)) if typed else None
    sent_at = None if found is None or found.rejected else found.accepted_at or found.claimed_at
    if sent_at is None:
        log.event("mail_not_recognised")
        raise NotFound("mail")
    log.event("mail_recognised")
    return day_of(sent_at)


def unsubscribe(token: str, *, ledger: Ledger, reports: Reports, proof_keys: ProofKeys, clock: Clock) -> None:
    """Switch the survey off for every report of whoever got the invitation with this token; again changes nothing.

    Raises NotFound("unsubscribe") for a token that stands in no mail of ours.
    """
    invited = _invited(token, ledger, reports, proof_keys)
    for reference in _references_of(invited.reporter.pseudonym, reports):
        reports_actions.refuse_survey(
            reference, mine=OwnReports(pseudonym=invited.reporter.pseudonym, reports=reports, clock=clock)
        )


def _invited(token: str, ledger: Ledger, reports: Reports, proof_keys: ProofKeys) -> Report:
    """Return the report whose reporter was sent this token."""
    code = code_in(token)
    letter = ledger.with_code(code_digest(code)) if code else None
    ours = letter and any(is_token_of(token, key, letter.id) for key in proof_keys.all)
    if letter and ours and (report := reports.get(letter.id.partition("#")[0])):
        return report
    raise NotFound("unsubscribe")


def _references_of(pseudonym: str, reports: Reports) -> Iterator[str]:
    cursor = ""
    while True:
        page = reports.of_reporter(pseudonym, cursor=cursor)
        yield from (line.reference for line in page.lines)
        cursor = page.next_cursor
        if not cursor:
            return
