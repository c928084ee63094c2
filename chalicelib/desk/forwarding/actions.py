"""Passing a report on: on record before the sheet is handed over, with the task that says whether it was sent."""

from dataclasses import dataclass

from chalicelib.core.language import Language
from chalicelib.desk import notes
from chalicelib.desk.actions import Desk, permitted
from chalicelib.desk.forwarding import sheet
from chalicelib.desk.forwarding.sheet import Order, Sheet
from chalicelib.people.permissions import Permission
from chalicelib.reports.model import Report
from chalicelib.reports.tasks import Task


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A report after it was passed on, the order as it was carried out, and the sheet."""

    report: Report
    order: Order
    sheet: Sheet


def forward(reference: str, order: Order, language: Language, *, key: str, desk: Desk) -> Forwarded:
    """Pass a report of the officer's own unit on to an organisation; the task lies open until somebody notes that it was sent.

    The sheet again is on record again, and changes nothing else. Raises Invalid for what may not go.
    """
    before = permitted(reference, Permission.FORWARD, desk)
    allowed = sheet.checked(order, before)
    desk.note(before.reference, allowed.what, desk.why(before.reference))
    remark = sheet.remark_of(allowed, before, language)
    report = notes.changed(
        before,
        lambda report: report.task_noted(Task.FORWARD, by=desk.by, at=desk.clock.now(), remark=remark, key=key),
        key,
        desk,
    )
    return Forwarded(report, allowed, sheet.sheet_of(allowed, report, language, at=desk.clock.now()))
