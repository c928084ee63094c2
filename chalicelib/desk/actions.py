"""What officers do: look (recorded, with a reason), change a status, ask. Access is decided here, on the report's own unit."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from chalicelib.core import ids
from chalicelib.core.clock import Clock
from chalicelib.core.errors import NotFound
from chalicelib.desk.access import Permission, Reason, may, require
from chalicelib.desk.audit import Audit
from chalicelib.evidence.model import sent_with
from chalicelib.identity.model import Officer
from chalicelib.reports import actions
from chalicelib.reports.model import Actor, Report, Role
from chalicelib.reports.retention import Sight, listed_since, sight
from chalicelib.reports.statement import Attachment
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import Page, Reports
from chalicelib.reports.supplementary import Part
from chalicelib.reports.terms import Terms
from chalicelib.reports.unreachable import Telling

NOT_AT_DESK = "report_at_desk"


def worklist(
    unit: str, status: Status, *, officer: Officer, reason: Reason, cursor: str = "", reports: Reports, audit: Audit, clock: Clock
) -> Page:
    """Return a page of a unit's reports in a status, the longest unchanged first; those that are too old are not listed."""
    require(officer, Permission.READ_REPORT, unit)
    audit.note(f"worklist:{unit}", officer=officer, what=f"listed:{status}", why=reason)
    return reports.worklist(unit, status, since=listed_since(status, clock.now()), cursor=cursor)


def read(reference: str, *, officer: Officer, reason: Reason, reports: Reports, audit: Audit, clock: Clock) -> Report:
    """Return a report of the officer's own unit; the look is on record before the report is handed over."""
    return _permitted(reference, Permission.READ_REPORT, officer, reports, audit, reason, clock)


def read_file(
    reference: str, file_id: str, what: str, *, officer: Officer, reason: Reason, reports: Reports, audit: Audit, clock: Clock
) -> tuple[Report, Attachment]:
    """Return a file that came with a report of the officer's own unit; on record is which one, and whether its original.

    Raises NotFound, also for a file of another report.
    """
    allowed = Permission.READ_REPORT
    report = found(reference, allowed, officer=officer, reason=reason, reports=reports, audit=audit, clock=clock)
    file = next((one for one in sent_with(report) if one.id == file_id), None)
    if file is None:
        raise NotFound("file")
    audit.note(report.reference, officer=officer, what=f"file_{what}:{file.id}", why=reason)
    return report, file


def to_tell(unit: str, *, officer: Officer, cursor: str = "", reports: Reports, audit: Audit, clock: Clock) -> Page:
    """Return a page of a unit's reports whose reporter must be told by telephone or letter, the longest waiting first.

    Those that are too old for the police are not on it; a page can have fewer lines than another.
    """
    require(officer, Permission.TELL_REPORTER, unit)
    audit.note(f"worklist:{unit}", officer=officer, what="listed:to_tell", why=Reason.REPORTER_CONTACT)
    page, now = reports.to_tell(unit, cursor=cursor), clock.now()
    return replace(page, lines=tuple(line for line in page.lines if sight(line.filed_at, now) is not Sight.NONE))


def tell_otherwise(
    reference: str, how: Telling, *, officer: Officer, version: int, key: str, reports: Reports, audit: Audit, clock: Clock
) -> Report:
    """Note that the reporter of a report of the officer's own unit was told by telephone or letter."""
    reason = Reason.REPORTER_CONTACT
    before = _permitted(reference, Permission.TELL_REPORTER, officer, reports, audit, reason, clock)
    by = Actor(Role.OFFICER, officer.id)
    return actions.tell_otherwise(before, how, by=by, version=version, key=key, reports=reports, clock=clock)


def change_status(
    reference: str,
    status: Status,
    *,
    officer: Officer,
    version: int,
    explanation: str,
    remark: str,
    registration_number: str,
    key: str,
    reports: Reports,
    audit: Audit,
    clock: Clock,
) -> Report:
    """Change the status of a report of the officer's own unit."""
    before = _permitted(reference, Permission.CHANGE_STATUS, officer, reports, audit, Reason.HANDLING, clock)
    return actions.change_status(
        before,
        status,
        by=Actor(Role.OFFICER, officer.id),
        version=version,
        explanation=explanation,
        remark=remark,
        registration_number=registration_number,
        key=key,
        reports=reports,
        clock=clock,
    )


def ask(
    reference: str,
    text: str,
    parts: Sequence[Part] = (),
    *,
    officer: Officer,
    version: int,
    deadline_on: date | None,
    terms: Terms,
    key: str,
    reports: Reports,
    audit: Audit,
    clock: Clock,
) -> Report:
    """Ask the reporter of a report of the officer's own unit one or more questions."""
    before = _permitted(reference, Permission.ASK_REPORTER, officer, reports, audit, Reason.HANDLING, clock)
    by = Actor(Role.OFFICER, officer.id)
    return actions.ask(
        before,
        text,
        parts,
        by=by,
        version=version,
        deadline_on=deadline_on,
        terms=terms,
        key=key,
        reports=reports,
        clock=clock,
    )


def found(
    reference: str,
    permission: Permission,
    *,
    officer: Officer,
    reason: Reason,
    also: Callable[[Report], bool] = lambda _: False,
    reports: Reports,
    audit: Audit,
    clock: Clock,
) -> Report:
    """Return a report of the officer's own unit, or one that `also` allows.

    One of another unit, one too old for the police and one that is not there answer alike (NotFound), at the same cost: nobody
    learns which numbers exist. That it was asked for is on record each time, apart from the looks that a reporter reads.
    """
    require(officer, permission)
    known = ids.parse_reference(reference)
    if known is None:
        raise NotFound(NOT_AT_DESK)
    report = reports.get(known)
    is_theirs = report is not None and (may(officer, permission, report.unit) or also(report))
    if report is None or not is_theirs or sight(report.filed_at, clock.now()) is Sight.NONE:
        audit.note(f"refused:{known}", officer=officer, what=permission, why=reason)
        raise NotFound(NOT_AT_DESK)
    return report


def _permitted(
    reference: str, permission: Permission, officer: Officer, reports: Reports, audit: Audit, reason: Reason, clock: Clock
) -> Report:
    report = found(reference, permission, officer=officer, reason=reason, reports=reports, audit=audit, clock=clock)
    audit.note(report.reference, officer=officer, what=permission, why=reason)
    return report
