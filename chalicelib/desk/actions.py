"""The actions of officers: look (recorded, with a reason), change a status, ask.

Access is decided here, on the report's own unit.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import Self

from chalicelib.audit.store import Audit
from chalicelib.core import ids, log
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict, NotFound
from chalicelib.desk.instructions import instructions
from chalicelib.desk.stated import stated_by
from chalicelib.evidence.model import sent_with
from chalicelib.letters.ledger import Ledger
from chalicelib.letters.states import LetterState
from chalicelib.people.model import Officer
from chalicelib.people.permissions import LookReason, Permission, may, reasons_of, require, require_reason
from chalicelib.reports import actions
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, OfflineMeans, Role
from chalicelib.reports.information_request import Part
from chalicelib.reports.model import Change, Report
from chalicelib.reports.retention import Sight, sight
from chalicelib.reports.statement import Attachment
from chalicelib.reports.store import Page, ReportLine, Reports, line_of
from chalicelib.web.request import Request

NOT_AT_DESK = "report_at_desk"
LISTING = "worklist"  # why a list was looked at: to see what is to be done. It shows nobody's name, so nobody has to say why


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An officer at work, and what their work is done with.

    `reasons`: why they look at each report, as they chose in this session; `stated`: why, as a program's request says.
    """

    officer: Officer
    reports: Reports
    ledger: Ledger
    audit: Audit
    clock: Clock
    reasons: Mapping[str, str] = field(default_factory=dict)
    stated: LookReason | None = None

    @classmethod
    def of(cls, request: Request) -> Self:
        """Return the desk of the officer who is logged in."""
        services = request.services
        return cls(
            officer=request.officer,
            reports=services.reports,
            ledger=services.ledger,
            audit=services.audit,
            clock=services.clock,
            reasons=request.session.reasons if request.session else {},
            stated=stated_by(request) if request.session is None else None,
        )

    @property
    def by(self) -> Actor:
        return Actor(Role.OFFICER, self.officer.id)

    def why(self, reference: str, usual: LookReason = LookReason.HANDLING) -> LookReason:
        """Return the reason to record with an act: the officer's own, else the act's usual one if it goes with their work.

        Raises Forbidden for a program's reason that does not go with the officer's roles.
        """
        if self.stated:
            require_reason(self.officer, self.stated)
            return self.stated
        own, given = reasons_of(self.officer), self.reasons.get(ids.parse_reference(reference) or "", "")
        return next((LookReason(one) for one in (given, usual) if one in own), own[0] if own else usual)

    def note(self, subject: str, what: str, why: str) -> None:
        """Put on record what this officer sees or does."""
        self.audit.note(subject, officer=self.officer, what=what, why=why)


def load_report(reference: str, *, reason: LookReason, uncover: bool = False, desk: Desk) -> Report:
    """Return a report of the officer's own unit; the look is on record before the report is handed over.

    `uncover` also how to reach its reporter: that is another right, and stands on record as such.
    """
    return _noted(reference, Permission.SEE_CONTACT if uncover else Permission.READ_REPORT, reason, desk)


def read_file(reference: str, file_id: str, what: str, *, reason: LookReason, desk: Desk) -> tuple[Report, Attachment]:
    """Return a file that came with a report of the officer's own unit; on record is which one, and whether its original.

    Raises NotFound, also for a file of another report.
    """
    report = found(reference, Permission.READ_REPORT, reason=reason, desk=desk)
    file = next((one for one in sent_with(report) if one.id == file_id), None)
    if file is None:
        raise NotFound("file")
    desk.note(report.reference, f"file_{what}:{file.id}", reason)
    return report, file


def to_contact_offline(unit: str, *, cursor: str = "", desk: Desk) -> Page:
    """Return a page of a unit's reports whose reporter must be told by telephone or letter, the longest waiting first.

    On the first page are also those whose mail was given up, which an operator has not mended yet. Those that are too old for
    the police are on none; a page can have fewer lines than another.
    """
    require(desk.officer, Permission.TELL_REPORTER, unit)
    desk.note(f"worklist:{unit}", "listed:to_tell", LookReason.REPORTER_CONTACT)
    page, now = desk.reports.to_contact(unit, cursor=cursor), desk.clock.now()
    lines = [*page.lines, *([] if cursor else _given_up(unit, page.lines, desk))]
    seen = (line for line in lines if sight(line.filed_at, now) is not Sight.NONE)
    return replace(page, lines=tuple(sorted(seen, key=lambda line: line.tell_since or now)))


def note_contacted_offline(reference: str, how: OfflineMeans, *, version: int, key: str, desk: Desk) -> Report:
    """Note that the reporter of a report of the officer's own unit was told by telephone or letter."""
    before = permitted(reference, Permission.TELL_REPORTER, desk, usual=LookReason.REPORTER_CONTACT)
    if how not in instructions(before).means and not before.handled(key):
        raise Conflict("against_wish")
    return actions.note_contacted_offline(
        before,
        how,
        by=desk.by,
        version=version,
        key=key,
        is_mail_given_up=mail_given_up_since(before, desk) is not None,
        reports=desk.reports,
        clock=desk.clock,
    )


def mail_given_up_since(report: Report, desk: Desk) -> datetime | None:
    """Return since when there is news of a report whose mail could not be sent for a day, None when there is none."""
    given_up = (entry for entry in desk.ledger.of_report(report.reference) if entry.state is LetterState.GIVEN_UP)
    return min((report.timeline[entry.number - 1].at for entry in given_up), default=None)


def _given_up(unit: str, known: Sequence[ReportLine], desk: Desk) -> Iterator[ReportLine]:
    """Yield the lines of a unit's reports whose mail was given up, but for those that are `known`."""
    listed = {line.reference for line in known}
    references = dict.fromkeys(name.rpartition("#")[0] for name in desk.ledger.given_up(unit))
    for reference in islice((one for one in references if one not in listed), _MOST_GIVEN_UP):
        if (report := desk.reports.get(reference)) and report.unit == unit:  # it may have been handed over since
            yield line_of(report, tell_since=mail_given_up_since(report, desk))


_MOST_GIVEN_UP = 20  # of many the operator has an alarm, and mends them at once


def change_status(reference: str, change: Change, *, version: int, desk: Desk) -> Report:
    """Change the status of a report of the officer's own unit."""
    before = permitted(reference, Permission.CHANGE_STATUS, desk)
    return actions.change_status(before, change, by=desk.by, version=version, reports=desk.reports, clock=desk.clock)


def tried(before: Report, change: Change, *, version: int, desk: Desk) -> Report:
    """Return a report that an officer looks at as a change would leave it, and write nothing. Raises what the change raises."""
    actions.require_version(before, version)
    after = before.changed(change, by=desk.by, at=desk.clock.now())
    desk.reports.require_number(after)
    return after


def ask(
    reference: str,
    text: str,
    parts: Sequence[Part] = (),
    *,
    version: int,
    deadline_on: date | None,
    deadlines: Deadlines,
    key: str,
    mark: str = "",
    desk: Desk,
) -> Report:
    """Ask the reporter of a report of the officer's own unit one or more questions; `mark` names the standard text."""
    before = permitted(reference, Permission.ASK_REPORTER, desk)
    return actions.ask(
        before,
        text,
        parts,
        by=desk.by,
        version=version,
        deadline_on=deadline_on,
        deadlines=deadlines,
        key=key,
        mark=mark,
        reports=desk.reports,
        clock=desk.clock,
    )


def found(
    reference: str, permission: Permission, *, reason: LookReason, also: Callable[[Report], bool] = lambda _: False, desk: Desk
) -> Report:
    """Return a report of the officer's own unit, or one that `also` allows.

    One of another unit, one too old for the police and one that is not there answer alike (NotFound), at the same cost: nobody
    learns which numbers exist. That it was asked for is on record each time, apart from the looks that a reporter reads.
    """
    require(desk.officer, permission)
    require_reason(desk.officer, reason)
    known = ids.parse_reference(reference)
    if known is None:
        raise NotFound(NOT_AT_DESK)
    report = desk.reports.get(known)
    is_theirs = report is not None and (may(desk.officer, permission, report.unit) or also(report))
    if report is None or not is_theirs or sight(report.filed_at, desk.clock.now()) is Sight.NONE:
        desk.note(f"refused:{known}", permission, reason)
        log.event("not_of_own_unit", level=logging.WARNING, officer=desk.officer.id, reference=known)
        raise NotFound(NOT_AT_DESK)
    return report


def permitted(reference: str, permission: Permission, desk: Desk, *, usual: LookReason = LookReason.HANDLING) -> Report:
    """Return a report of the officer's own unit for an act on it, which is on record first with the officer's reason."""
    return _noted(reference, permission, desk.why(reference, usual), desk)


def _noted(reference: str, permission: Permission, reason: LookReason, desk: Desk) -> Report:
    report = found(reference, permission, reason=reason, desk=desk)
    desk.note(report.reference, permission, reason)
    return report
