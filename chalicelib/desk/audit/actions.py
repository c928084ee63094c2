"""The actions of who checks officers. Reading what is on record is on record itself, before anything is read.

Not bound to a unit: whoever checks must see looks across units, and what was refused. No statement is read here, only who did
what, when and why (ADR-0059).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.audit.model import REFUSED, Record, RecordPage, Register, is_act
from chalicelib.core import ids
from chalicelib.core.errors import NotFound
from chalicelib.desk.actions import Desk
from chalicelib.people.permissions import LookReason, Permission, reasons_of, require, require_reason
from chalicelib.reports.events import Event, Role

NOT_ON_RECORD = "report_on_record"
CHECKING = "audit"  # under which the session keeps why an auditor checks, beside the reports of others
AUDITED = "audit:"  # how the subject begins of who read what is on record
SAMPLED = 10  # lines of a sample on a page: of each is looked up whether an act followed


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksAtReport:
    """All that is on record about a report: a page of looks and acts, the newest of what was refused, of who read this, and
    what the system did to it.
    """

    reference: str
    looks: RecordPage
    refused: Sequence[Record]
    audited: Sequence[Record]
    by_system: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Sampled:
    """A record of a register; `followed` says whether its officer did something to the report within a day, None of no report."""

    record: Record
    followed: bool | None


@dataclass(frozen=True, slots=True)
class SampledPage:
    """A page of a register."""

    lines: tuple[Sampled, ...]
    next_cursor: str


def of_report(reference: str, *, cursor: str = "", desk: Desk) -> LooksAtReport:
    """Return what is on record about a report, also about one that was destroyed. Raises NotFound for what can be no number."""
    known = ids.parse_reference(reference)
    if known is None:
        raise NotFound(NOT_ON_RECORD)
    _note(known, "report", desk)
    report, looks = desk.reports.get(known), desk.audit.about(known, cursor=cursor)
    if report is None and not looks.records:
        raise NotFound(NOT_ON_RECORD)
    return LooksAtReport(
        reference=known,
        looks=looks,
        refused=desk.audit.about(f"{REFUSED}{known}").records,
        audited=desk.audit.about(f"{AUDITED}{known}").records,
        by_system=[event for event in report.timeline if event.by.role is Role.SYSTEM] if report else [],
    )


def of_officer(officer: str, month: str, *, cursor: str = "", desk: Desk) -> RecordPage:
    """Return a page of what an officer saw and did in a month, newest first."""
    _note(officer, f"officer:{month}", desk)
    return desk.audit.by_officer(officer, month, cursor=cursor)


def of_week(week: str, register: Register, *, cursor: str = "", desk: Desk) -> SampledPage:
    """Return a page of a week's register; in the sample with whether an act followed each look."""
    _note(week, register, desk)
    if register is not Register.SAMPLE:
        page = desk.audit.in_register(week, register, cursor=cursor)
        return SampledPage(tuple(Sampled(record, None) for record in page.records), page.next_cursor)
    page = desk.audit.in_register(week, register, cursor=cursor, most=SAMPLED)
    return SampledPage(tuple(Sampled(record, _followed(record, desk)) for record in page.records), page.next_cursor)


def reason_of(desk: Desk) -> LookReason:
    """Return why this auditor checks: as a program's request says, or as they chose in this session; else the regular check.

    Raises Forbidden for a program's reason that does not go with the role.
    """
    if desk.stated:
        require_reason(desk.officer, desk.stated)
        return desk.stated
    given = desk.reasons.get(CHECKING, "")
    return LookReason(given) if given in reasons_of(desk.officer) else LookReason.AUDIT


def _followed(record: Record, desk: Desk) -> bool | None:
    if is_act(record) or ids.parse_reference(record.subject) is None:
        return None
    return any(is_act(later) for later in desk.audit.after(record))


def _note(subject: str, what: str, desk: Desk) -> None:
    require(desk.officer, Permission.READ_AUDIT)
    desk.note(f"{AUDITED}{subject}", f"audited:{what}", reason_of(desk))
