"""What a list tells a reporter of a report at a glance: whether there is news, and until when something is asked. Pure."""

from datetime import date, datetime

from chalicelib.reports.events import Role
from chalicelib.reports.model import Report


def news_at(report: Report) -> datetime | None:
    """Return when something last happened that the reporter did not do; None while all of the timeline is their own."""
    return next((event.at for event in reversed(report.timeline) if event.by.role is not Role.REPORTER), None)


def answer_by(report: Report) -> date | None:
    """Return the last day on which the open question can be answered; None when nothing is asked."""
    return report.open_question.deadline_on if report.open_question else None
