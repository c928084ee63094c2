"""To be called about how somebody was kept informed: asked for after login, apart from the answers, by the reporter alone. Pure.

Nothing leads from the answers to a report, and nothing of this leads back: no code, no mark, no moment of answering. An officer
reads that this reporter wants a call, and nothing else (ADR-0058).
"""

from datetime import date, datetime

from chalicelib.core.clock import day_of
from chalicelib.core.errors import Conflict
from chalicelib.reports.events import SYSTEM, Event, EventKind
from chalicelib.reports.model import Report
from chalicelib.reports.tasks import Task
from chalicelib.surveys.model import last_day

_PHONE = "phone"  # the question of a report for the reporter's own number


def asked_on(report: Report) -> date | None:
    """Return the day on which the reporter asked for the call that they still wait for; None when they wait for none."""
    asked = _asked(report)
    return day_of(asked.at) if asked and Task.SURVEY_CALL in report.open_tasks else None


def last_day_to_ask(report: Report, open_days: int) -> date | None:
    """Return the last day on which a call can be asked for: that of the survey. None before the invitation."""
    return last_day(day_of(report.survey_invited_at), open_days) if report.survey_invited_at else None


def call_asked(report: Report, *, open_days: int, at: datetime, key: str = "") -> Report:
    """Return the report with the task to call its reporter; its place in the queue stays.

    Raises Conflict: `call_before_survey`, `call_too_late`, `call_twice`, `call_unwanted`, `call_no_number`.
    """
    until = last_day_to_ask(report, open_days)
    if until is None:
        raise Conflict("call_before_survey")
    if _asked(report):
        raise Conflict("call_twice")
    if until < day_of(at):
        raise Conflict("call_too_late", day=until)
    if not report.contact.safety.phone:
        raise Conflict("call_unwanted")
    if not report.statement.answers.get(_PHONE):
        raise Conflict("call_no_number")
    return report.task_raised(Task.SURVEY_CALL, by=SYSTEM, at=at, key=key)


def _asked(report: Report) -> Event | None:
    """Return the event in which the reporter asked; an officer who lays this task on a report stands in its event."""
    raised = (one for one in report.timeline if one.kind is EventKind.TASK_RAISED and one.to == Task.SURVEY_CALL)
    return next((one for one in raised if one.by == SYSTEM), None)
