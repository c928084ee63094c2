"""The actions of readers of our mail: ask whether a mail is ours, and want no more invitations to the survey."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.core import log
from chalicelib.core.clock import Clock, day_of
from chalicelib.core.codes import CodeKind, kept_names, read
from chalicelib.core.derivation import Derivation
from chalicelib.core.errors import NotFound
from chalicelib.letters.codes import code_in, is_token_of
from chalicelib.letters.ledger import Ledger
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.reports import actions as reports_actions
from chalicelib.reports.actions import OwnReports
from chalicelib.reports.model import Report
from chalicelib.reports.store import Reports
from chalicelib.surveys import actions as surveys_actions
from chalicelib.surveys.store import Surveys


class Verdict(StrEnum):
    """The answer to whoever found a code in a mail."""

    OURS = "ours"  # we sent a mail with this check code
    SURVEY = "survey"  # it opens a questionnaire, and stood in the mail with the invitation
    ADDRESS = "address"  # it has the form of a code for an address: nobody but its asker can tell more
    COPY = "copy"  # it says that it is of a copy on paper
    NUMBER = "number"  # it is the number of a report
    UNKNOWN = "unknown"  # it might be a code of ours, and we know of none such
    IMPOSSIBLE = "impossible"  # it cannot be a code of ours


@dataclass(frozen=True, slots=True)
class Recognised:
    """The verdict about a code, and the day on which we sent it where we did."""

    verdict: Verdict
    sent_on: date | None = None


class NotRecognised(NotFound):
    """Nothing of ours has this code; `verdict` says whether anything could."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__("mail")
        self.verdict = verdict


def recognise(text: str, *, ledger: Ledger, surveys: Surveys, names_key: bytes) -> Recognised:
    """Tell of a code that stands in a mail, as people type it, what it is and on which day we sent it; and nothing else.

    A mail of which nobody noted that SES took it (our note was lost) was sent on the day it was claimed: its code is known
    to nobody who did not get it. Raises NotRecognised for what can be no code, and for a code that we know nothing of.
    """
    typed = read(text)
    if typed is None:
        raise _not_recognised(Verdict.IMPOSSIBLE)
    if typed.kind in BY_SHAPE:
        return Recognised(BY_SHAPE[typed.kind])
    if sent_at := _mailed_at(typed.code, ledger, names_key):
        log.event("mail_recognised")
        return Recognised(Verdict.OURS, day_of(sent_at))
    if invited := surveys_actions.invitation_of(typed.code, surveys=surveys, names_key=names_key):
        log.event("mail_recognised")
        return Recognised(Verdict.SURVEY, invited.invited_on)
    if typed.kind is CodeKind.COPY:
        return Recognised(Verdict.COPY)
    raise _not_recognised(Verdict.UNKNOWN)


def kind_of(text: str, *, ledger: Ledger, surveys: Surveys, names_key: bytes) -> CodeKind | None:
    """Return the kind of a code that was typed where another was asked: by its letter, or by what is known of an old one.

    None for what is no code, and OLD for an old one that nothing is known of.
    """
    typed = read(text)
    if typed is None or typed.kind is not CodeKind.OLD:
        return typed.kind if typed else None
    if _mailed_at(typed.code, ledger, names_key):
        return CodeKind.CHECK
    is_survey = surveys_actions.invitation_of(typed.code, surveys=surveys, names_key=names_key)
    return CodeKind.SURVEY if is_survey else CodeKind.OLD


def unsubscribe(token: str, *, ledger: Ledger, reports: Reports, derivation: Derivation, clock: Clock) -> None:
    """Switch the survey off for every report of whoever got the invitation with this token; again changes nothing.

    Raises NotFound("unsubscribe") for a token that stands in no mail of ours.
    """
    invited = _invited(token, ledger, reports, derivation)
    for reference in _references_of(invited.reporter.pseudonym, reports):
        reports_actions.refuse_survey(
            reference, mine=OwnReports(pseudonym=invited.reporter.pseudonym, reports=reports, clock=clock)
        )


def letter_of_token(token: str, *, ledger: Ledger, derivation: Derivation) -> LedgerEntry | None:
    """Return the letter in whose address to unsubscribe this token stands, None when it stands in no mail of ours."""
    code = code_in(token)
    letter = _with_code(code, ledger, derivation.names) if code else None
    ours = letter and any(is_token_of(token, key, letter.id) for key in derivation.proofs.all)
    return letter if ours else None


def _not_recognised(verdict: Verdict) -> NotRecognised:
    log.event("mail_not_recognised")
    return NotRecognised(verdict)


def _mailed_at(code: str, ledger: Ledger, names_key: bytes) -> datetime | None:
    """Return when SES was last handed a mail with this check code; None when it never had one, or would not take it.

    A letter that was refused when it was written again had been taken before: its first mail is ours.
    """
    found = _with_code(code, ledger, names_key)
    if found is None or (found.rejected and not found.returned):
        return None
    return found.accepted_at or found.claimed_at


def _with_code(code: str, ledger: Ledger, names_key: bytes) -> LedgerEntry | None:
    return next(filter(None, map(ledger.with_code, kept_names(names_key, code))), None)


BY_SHAPE: Mapping[CodeKind, Verdict] = {CodeKind.ADDRESS: Verdict.ADDRESS, CodeKind.NUMBER: Verdict.NUMBER}


def _invited(token: str, ledger: Ledger, reports: Reports, derivation: Derivation) -> Report:
    """Return the report whose reporter was sent this token."""
    letter = letter_of_token(token, ledger=ledger, derivation=derivation)
    if letter and (report := reports.get(letter.reference)):
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
