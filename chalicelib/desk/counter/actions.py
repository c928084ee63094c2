"""The actions at the counter: file for the person who stands there, and hand over the copy. On record before it happens."""

import re
from collections.abc import Callable

from chalicelib.audit.store import Audit
from chalicelib.core import log
from chalicelib.core.clock import Clock
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.text import coded
from chalicelib.desk.actions import Desk, found
from chalicelib.identity.bsn import Vault, is_bsn
from chalicelib.people.model import Officer
from chalicelib.people.permissions import LookReason, Permission, require
from chalicelib.reports import actions
from chalicelib.reports.contact import Contact, Reach
from chalicelib.reports.events import Actor, Channel, Role
from chalicelib.reports.facts import Reporter
from chalicelib.reports.model import Report
from chalicelib.reports.store import Reports
from chalicelib.reports.submission import Submission

FILED, COPIED, IDENTITY_SEEN = "filed_at_desk", "copy_printed", "identity_document_seen"


def number_of(typed: object) -> str:
    """Return a BSN as somebody typed it, with dots, dashes or spaces. Raises Invalid; what was typed is in no message."""
    text = re.sub(r"[\s.-]", "", coded(typed)) if isinstance(typed, str) else ""
    if not text:
        raise Invalid([FieldError("bsn", "required")])
    if not is_bsn(text):
        raise Invalid([FieldError("bsn", "bsn")])
    return text


def file(
    submission: Submission,
    *,
    bsn: str,
    officer: Officer,
    key: str,
    reach_of: Callable[[Contact, str], Reach],
    placed: Callable[[Report], Report] = lambda report: report,
    reports: Reports,
    audit: Audit,
    vault: Vault,
    derivation_key: bytes,
    clock: Clock,
) -> Report:
    """File a report for the person with this number; sent twice (same non-empty `key`) it is one report.

    The reporter finds it after a login with DigiD, by the same number. The officer is on record apart from the reporter.
    `reach_of` adds to what was told here what this person (a pseudonym) chose before to be reached safely; `placed` brings the
    report to the unit and team that take it.
    """
    require(officer, Permission.FILE_REPORT)
    pseudonym = vault.pseudonym(bsn)
    reference = actions.reference_for(pseudonym, key, derivation_key)
    audit.note(reference, officer=officer, what=FILED, why=IDENTITY_SEEN)
    report = actions.file(
        submission,
        reporter=Reporter(pseudonym, vault.seal(bsn, pseudonym)),
        key=key,
        reach=reach_of(submission.contact, pseudonym),
        channel=Channel.DESK,
        placed=placed,
        by=Actor(Role.OFFICER, officer.id),
        reports=reports,
        derivation_key=derivation_key,
        clock=clock,
    )
    log.event("report_filed_at_desk", reference=report.reference, officer=officer.id)
    return report


def copy(reference: str, *, desk: Desk) -> Report:
    """Return a report for its copy on paper: one of the officer's own unit, or one that this officer filed for somebody."""
    require(desk.officer, Permission.FILE_REPORT)

    def filed_here(report: Report) -> bool:
        return report.timeline[0].by.id == desk.officer.id

    report = found(reference, Permission.READ_REPORT, reason=LookReason.REPORTER_CONTACT, also=filed_here, desk=desk)
    desk.note(report.reference, COPIED, LookReason.REPORTER_CONTACT)
    return report
