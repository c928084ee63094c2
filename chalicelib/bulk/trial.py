"""The fate of one report in a batch: the same functions as for one act, and the sender's own choice of a letter. Pure.

The trial and the act itself both ask here, so that they cannot say different things of the same report.
"""

from datetime import datetime

from chalicelib.bulk.model import NEEDS, Act, Order, Outcome, Telling, Verdict
from chalicelib.core.errors import Conflict, Invalid
from chalicelib.letters.catalogue import NoLetter, choose
from chalicelib.people.model import Officer
from chalicelib.people.permissions import may
from chalicelib.reports.events import Actor, Event, EventKind, Role
from chalicelib.reports.model import Change, Report
from chalicelib.reports.retention import Sight, sight
from chalicelib.reports.statuses import DECISIONS
from chalicelib.surveys.model import is_wanted

NOT_THERE = Verdict(outcome=Outcome.REFUSED, why="batch_report_unknown")  # another unit's, too old, or never there: all alike
STALE = Verdict(outcome=Outcome.DROPPED, why="stale_version")
FAILED = Verdict(outcome=Outcome.REFUSED, why="batch_row_failed")


def is_theirs(report: Report, order: Order, officer: Officer, now: datetime) -> bool:
    """True when the officer may do this with the report: it is of their unit, and not too old for the police."""
    return may(officer, NEEDS[order.act], report.unit) and sight(report.filed_at, now) is not Sight.NONE


def acted(report: Report, order: Order, *, batch: str, key: str, by: Officer, at: datetime) -> Report:
    """Return the report after the act. Raises Conflict or Invalid as the act on one report does."""
    actor = Actor(Role.OFFICER, by.id)
    if order.act is Act.NOTE:
        return report.noted(order.remark, by=actor, at=at, key=key, batch=batch)
    if order.status is None:
        raise Conflict("batch_not_tried")
    change = Change(order.status, order.explanation, order.remark, key=key, text=order.text, batch=batch)
    return report.changed(change, by=actor, at=at)


def forecast(report: Report | None, order: Order, *, officer: Officer, at: datetime) -> Verdict:
    """Return what would become of a report."""
    if report is None or not is_theirs(report, order, officer, at):
        return NOT_THERE
    try:
        after = acted(report, order, batch="", key="", by=officer, at=at)
    except Conflict as conflict:
        return Verdict(outcome=Outcome.REFUSED, why=conflict.code, status=report.status)
    except Invalid as invalid:
        return Verdict(outcome=Outcome.REFUSED, why=invalid.errors[0].code, status=report.status)
    return told(after.timeline[-1], after)


def told(event: Event, report: Report) -> Verdict:
    """Return how the reporter hears of an event that was done, or would be."""
    letter, status = choose(event, report), report.timeline[event.number - 2].status
    is_decision = event.kind is EventKind.STATUS_CHANGED and event.status in DECISIONS
    survey = is_decision and report.survey_invited_at is None and is_wanted(report.contact)
    if not isinstance(letter, NoLetter):
        return Verdict(outcome=Outcome.DONE, status=status, telling=Telling.MAIL, survey=survey)
    telling = Telling.OFFLINE if letter.letter and report.to_contact_since else Telling.NOT
    return Verdict(outcome=Outcome.DONE, status=status, telling=telling, unsaid=letter.reason, survey=survey)
