"""The acts with the list for Victim Support. On record per list and per person before anything is handed over.

Made again it is the same list, with who is on it by now; a list that was lost on its way is made or downloaded again, because the
tasks stay open until somebody says that it was handed over. Each step may end anywhere, and is done again without harm.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.desk import notes
from chalicelib.desk.actions import Desk
from chalicelib.desk.victim_support.listing import PREFIX, LeftOut, Row, is_on, row_of
from chalicelib.people.permissions import LookReason, Permission, require
from chalicelib.reports.model import Report
from chalicelib.reports.retention import Sight, sight
from chalicelib.reports.tasks import Task

MOST = 100  # people on one list: each is read, put on record and marked while the officer waits
_PAGES = 20  # of the reports of a unit that ask for something
LIST = re.compile(rf"{PREFIX}[0-9A-Z]{{4}}-[0-9A-Z]{{4}}")


@dataclass(frozen=True, slots=True)
class VictimList:
    """A list: the people on it, which reports with the task are not, and why; `is_cut` when there may be more than it holds."""

    id: str
    unit: str
    rows: tuple[Row, ...]
    left_out: tuple[tuple[str, LeftOut], ...]
    is_cut: bool

    @property
    def new(self) -> int:
        """How many were on no list before."""
        return sum(row.listed_on is None for row in self.rows)


def list_id(key: str) -> str:
    """Return the number of the list that a request (its key, as a digest) makes; a fresh one without a key."""
    return PREFIX + ids.short_code(bytes.fromhex(ids.digest(f"victims {key or ids.secret_id()}")))


def make(unit: str, number: str, *, desk: Desk) -> VictimList:
    """Put all who wait for Victim Support in a unit of the officer's own on a list."""
    _note(unit, number, desk)
    rows: list[Row] = []
    left_out: list[tuple[str, LeftOut]] = []
    waiting = list(_waiting(unit, desk))
    for report in waiting:
        row = row_of(report, number)
        if not isinstance(row, Row):
            left_out.append((report.reference, row))
            continue
        _note_person(report, number, desk)
        with suppress(Conflict):  # it went to another unit meanwhile, and is on that one's list
            _mark(report, number, desk)
            rows.append(row)
    return VictimList(number, unit, tuple(rows), tuple(left_out), is_cut=len(waiting) >= MOST)


def of(unit: str, number: str, *, desk: Desk) -> VictimList:
    """Return a list that was made, for its file. Raises Conflict(`victim_list_over`) when nobody waits on it any more."""
    found = _found(unit, number, desk)
    rows = tuple(row for report in found if isinstance(row := row_of(report, number), Row))
    for report in found:
        _note_person(report, number, desk)
    return VictimList(number, unit, rows, (), is_cut=False)


def hand_over(unit: str, number: str, *, desk: Desk) -> int:
    """Note that a list was handed over: its tasks are done. Return of how many. Raises Conflict(`victim_list_over`)."""
    found = _found(unit, number, desk)
    for report in found:
        _note_person(report, number, desk)
        notes.changed(report, lambda now: _done(now, number, desk), _key("done", number), desk)
    return len(found)


def _done(report: Report, number: str, desk: Desk) -> Report:
    """Somebody else may have noted meanwhile that the task is done: then it is."""
    if not is_on(report, number):
        return report
    at, key = desk.clock.now(), _key("done", number)
    return report.task_done(Task.VICTIM_SUPPORT, by=desk.by, at=at, remark=number, key=key)


def _found(unit: str, number: str, desk: Desk) -> list[Report]:
    if not LIST.fullmatch(number):
        raise Invalid([FieldError("list", "victim_list")])
    _note(unit, number, desk)
    found = [report for report in _waiting(unit, desk) if is_on(report, number)]
    if not found:
        raise Conflict("victim_list_over")
    return found


def _mark(report: Report, number: str, desk: Desk) -> None:
    at, key = desk.clock.now(), _key("listed", number)

    def marked(now: Report) -> Report:
        return now.task_remarked(Task.VICTIM_SUPPORT, by=desk.by, at=at, remark=number, key=key)

    notes.changed(report, marked, key, desk)


def _key(act: str, number: str) -> str:
    return f"victims-{act}-{number}"


def _waiting(unit: str, desk: Desk) -> Iterator[Report]:
    """Yield the reports of a unit on which the task lies open, in the order of the queue, at most MOST of them."""
    cursor, left, now = "", MOST, desk.clock.now()
    for _ in range(_PAGES):
        page = desk.reports.with_tasks(unit, Task.VICTIM_SUPPORT, cursor=cursor)
        for line in page.lines[:left]:
            report = desk.reports.get(line.reference)
            if report and report.unit == unit and _is_open(report) and sight(report.filed_at, now) is not Sight.NONE:
                left -= 1
                yield report
        cursor = page.next_cursor
        if not cursor or not left:
            return


def _is_open(report: Report) -> bool:
    return Task.VICTIM_SUPPORT in report.open_tasks


def _note(unit: str, number: str, desk: Desk) -> None:
    require(desk.officer, Permission.VICTIM_LIST, unit)
    desk.note(f"victims:{unit}", f"{Permission.VICTIM_LIST}:{number}", _reason(desk))


def _note_person(report: Report, number: str, desk: Desk) -> None:
    desk.note(report.reference, f"{Permission.VICTIM_LIST}:{number}", _reason(desk))


def _reason(desk: Desk) -> LookReason:
    return desk.why("", LookReason.HANDLING)
