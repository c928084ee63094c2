"""The acts of officers beside a report's status: a note for each other, and the tasks that a report asks for.

A note and a task rest on nothing that was seen: of two at the same moment both stand, and one that is sent twice stands once.
"""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.core.errors import Conflict
from chalicelib.core.retry import load_decide_save
from chalicelib.desk.actions import Desk, permitted
from chalicelib.people.permissions import LookReason, Permission, require
from chalicelib.reports.model import Report
from chalicelib.reports.retention import Sight, sight
from chalicelib.reports.store import Page
from chalicelib.reports.tasks import Task

_TRIES = 3


def note(reference: str, text: str, *, key: str, desk: Desk) -> Report:
    """Write a note on a report of the officer's own unit. Only officers read it, and no mail goes."""
    before = permitted(reference, Permission.WRITE_NOTE, desk)
    return changed(before, lambda report: report.noted(text, by=desk.by, at=desk.clock.now(), key=key), key, desk)


def raise_task(reference: str, task: Task, remark: str, *, key: str, desk: Desk) -> Report:
    """Open a task on a report of the officer's own unit; one that is open takes the remark too, if there is one."""
    before = permitted(reference, Permission.DO_TASKS, desk)
    at = desk.clock.now()
    return changed(before, lambda report: report.task_noted(task, by=desk.by, at=at, remark=remark, key=key), key, desk)


def finish_task(reference: str, task: Task, remark: str, *, key: str, desk: Desk) -> Report:
    """Note that a task was done. Raises Conflict(`task_not_open`) when somebody else did, or it never was."""
    before = permitted(reference, Permission.DO_TASKS, desk)
    at = desk.clock.now()
    return changed(before, lambda report: report.task_done(task, by=desk.by, at=at, remark=remark, key=key), key, desk)


def tasks(unit: str, task: Task | None, *, cursor: str = "", desk: Desk) -> Page:
    """Return a page of a unit's reports with open tasks, or with one of them; a page can have fewer lines than another."""
    require(desk.officer, Permission.DO_TASKS, unit)
    desk.note(f"worklist:{unit}", f"listed:tasks:{task or 'all'}", desk.why("", LookReason.HANDLING))
    page, now = desk.reports.with_tasks(unit, task, cursor=cursor), desk.clock.now()
    return replace(page, lines=tuple(line for line in page.lines if sight(line.filed_at, now) is not Sight.NONE))


def changed(before: Report, change: Callable[[Report], Report], key: str, desk: Desk) -> Report:
    """Save the change of a report as it is now; the first time that is the one that was looked at."""
    seen = iter([before])

    def load() -> Report:
        report = next(seen, None) or desk.reports.get(before.reference)
        if report is None or report.unit != before.unit:  # it was handed over while this officer wrote
            raise Conflict("stale_version", current=0)
        return report

    def decide(report: Report) -> Report:
        return report if report.handled(key) else change(report)

    return load_decide_save(load, decide, desk.reports.save, tries=_TRIES)[1]
