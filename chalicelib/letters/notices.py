"""The law's 14 days: a decision of which no mail arrived, and which nobody read, goes to who tells by telephone or letter.

Looked up once for each decision, three days before its day, so that a letter by post is still in time (ADR-0058). The agenda
brings the reports; it may run twice, and stop anywhere.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from chalicelib.core import log
from chalicelib.core.clock import Clock, day_of
from chalicelib.letters.ledger import Ledger
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.letters.states import LetterState
from chalicelib.reports import promises
from chalicelib.reports.model import Report
from chalicelib.reports.store import Reports


def check_due(due: Iterable[str], *, reports: Reports, ledger: Ledger, clock: Clock) -> int:
    """Look up whether the notices of the reports on the agenda (`due`: references) arrived; return how many did not.

    The others come on the list of reporters to tell by telephone or letter. A report that fails stays due.
    """
    missing, failed, today = 0, 0, day_of(clock.now())
    for reference in due:
        try:
            report = reports.get(reference)
            if report and _is_due(report, today):
                missing += _checked(report, reports=reports, ledger=ledger)
        except Exception as error:  # noqa: BLE001 — one report must not keep the schedule from the others; it stays due
            failed += 1
            log.event("notice_check_failed", level=logging.ERROR, reference=reference, error=type(error).__name__)
    log.event("notices_checked", missing=missing, failed=failed)
    return missing


def _is_due(report: Report, today: date) -> bool:
    day = promises.notice_check_on(report)
    return day is not None and day <= today


def _checked(report: Report, *, reports: Reports, ledger: Ledger) -> bool:
    """Note what became of the notice of the decision that stands; return True when it has not arrived."""
    number = report.decision.number if report.decision else 0
    has_come = has_arrived(number, ledger.of_report(report.reference))
    checked = replace(report, arrived_number=number) if has_come else replace(report, missing_number=number)
    reports.mark(report, checked)
    if not has_come:
        log.event("notice_missing", reference=report.reference)
    return not has_come


def has_arrived(number: int, entries: Sequence[LedgerEntry]) -> bool:
    """True when the letter of an event, or the one that told of it too, was delivered and did not come back."""
    known, seen = {entry.number: entry for entry in entries}, set[int]()
    while number in known and number not in seen:
        seen.add(number)
        entry = known[number]
        if entry.state is not LetterState.MERGED:
            return entry.delivered_at is not None and entry.state is LetterState.ACCEPTED
        number = entry.merged_into
    return False
