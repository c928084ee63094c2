"""Joining reports into a case, leaving it, reading its list. Both reports are of the officer's own units, or nothing is done."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid, NotFound
from chalicelib.desk.actions import permitted
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.people.permissions import LookReason, Permission, require, require_reason
from chalicelib.reports import actions
from chalicelib.reports.model import Report
from chalicelib.reports.store import ReportLine

CASE = re.compile(r"C-[A-Z0-9]{5}-[A-Z0-9]{5}")


@dataclass(frozen=True, slots=True)
class CasePage:
    """The reports of a case that are of the reader's units, and whether there are others of it elsewhere."""

    case: str
    lines: tuple[ReportLine, ...]
    next_cursor: str
    has_others: bool


def join(reference: str, other: str, *, key: str, desk: TeamDesk) -> Report:
    """Put a report into the case of another one; a new case for both where that one has none.

    Two writes, this report's first: sent again after a crash between them, the second finds the case that the first made.
    Raises Conflict(`in_other_case`, `same_report`), NotFound for a report that is not of the officer's units.
    """
    mine, theirs = _loaded(reference, desk), _loaded(other, desk)
    if mine.reference == theirs.reference:
        raise Invalid([FieldError("other", "same_report")])
    case = mine.joint_case or theirs.joint_case or _new_case(mine.reference, key, desk)
    if theirs.joint_case and mine.joint_case and theirs.joint_case != mine.joint_case:
        raise Conflict("in_other_case", case=theirs.joint_case)
    joined = _joined(mine, case, key, desk)
    _joined(theirs, case, key, desk)
    return joined


def leave(reference: str, *, case: str = "", key: str, desk: TeamDesk) -> Report:
    """Take a report out of its case; unchanged when it is in none. Raises Conflict when it is in another one than `case`."""
    before = _loaded(reference, desk)
    if case and before.joint_case not in ("", case):
        raise Conflict("already_joint", case=before.joint_case)
    return actions.leave(before.reference, by=desk.by, key=key, reports=desk.reports, clock=desk.clock)


def of_case(case: str, *, cursor: str = "", reason: LookReason, desk: TeamDesk) -> CasePage:
    """Return a page of a case. Raises NotFound for a case of which this page has nothing of the officer's units."""
    require(desk.officer, Permission.READ_REPORT)
    require_reason(desk.officer, reason)
    if not CASE.fullmatch(case):
        raise NotFound("joint_case")
    page = desk.reports.joint(case, cursor=cursor)
    own = tuple(line for line in page.lines if line.unit in desk.officer.units)
    if not own and not cursor:
        desk.note(f"refused:{case}", "listed:joint", reason)
        raise NotFound("joint_case")
    desk.note(f"case:{case}", "listed:joint", reason)
    return CasePage(case, own, page.next_cursor, len(own) < len(page.lines))


def members(case: str, *, desk: TeamDesk) -> Iterator[ReportLine]:
    """Yield the lines of all reports of a case that are of the officer's units. Nobody acts on a case: who acts, chooses them."""
    cursor = ""
    while True:
        page = desk.reports.joint(case, cursor=cursor)
        yield from (line for line in page.lines if line.unit in desk.officer.units)
        cursor = page.next_cursor
        if not cursor:
            return


def _new_case(reference: str, key: str, desk: TeamDesk) -> str:
    return f"C-{ids.code(ids.derive(desk.derivation_key, 'case', reference, key or ids.secret_id()))}"


def _loaded(reference: str, desk: TeamDesk) -> Report:
    return permitted(reference, Permission.JOIN, desk)


def _joined(report: Report, case: str, key: str, desk: TeamDesk) -> Report:
    return actions.join(report.reference, case, by=desk.by, key=key, reports=desk.reports, clock=desk.clock)
