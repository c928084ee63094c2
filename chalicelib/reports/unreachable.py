"""A reporter whom no mail reaches: whom the desk tells by telephone or letter, and since when that waits. Pure.

An address counts as unusable when SES says that a mail to it came back for good, or its reader called it spam.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.core.errors import Conflict
from chalicelib.reports.contact import InformationWish
from chalicelib.reports.events import SYSTEM, Actor, EventKind
from chalicelib.reports.model import Report

_NEWS = frozenset({EventKind.ADDRESS_UNUSABLE, EventKind.STATUS_CHANGED, EventKind.QUESTION_ASKED, EventKind.QUESTION_ENDED})


def found_unusable(report: Report, addresses: frozenset[str], *, at: datetime) -> Report:
    """Return the report with its address marked as unusable; unchanged when it has another address by now."""
    contact = report.contact
    if not contact.usable or contact.email.lower() not in addresses:
        return report
    after = replace(report, contact=replace(contact, usable=False))
    return after.told(EventKind.ADDRESS_UNUSABLE, report.status, by=SYSTEM, at=at)


class Telling(StrEnum):
    """How a reporter was told; kept as the event's remark."""

    PHONE = "phone"
    LETTER = "letter"


class Urgency(StrEnum):
    """How long a reporter has been waiting to be told."""

    NEW = "new"
    OVER_A_DAY = "over_a_day"
    OVER_EIGHT_DAYS = "over_eight_days"


def told_otherwise(report: Report, how: Telling, *, by: Actor, at: datetime, key: str = "") -> Report:
    """Return the report after an officer told its reporter what there is to know. Raises Conflict when there is nothing."""
    if to_tell_since(report) is None:
        raise Conflict("nothing_to_tell")
    return report.told(EventKind.TOLD_OTHERWISE, report.status, by=by, at=at, remark=how.value, key=key)


def urgency(since: datetime, now: datetime) -> Urgency:
    """Return how urgent it is: after a day somebody should have called, after eight a letter must go by post."""
    if now - since >= timedelta(days=8):
        return Urgency.OVER_EIGHT_DAYS
    return Urgency.OVER_A_DAY if now - since >= timedelta(days=1) else Urgency.NEW


def to_tell_since(report: Report) -> datetime | None:
    """Return since when there is news that no mail brings to the reporter, None when there is none.

    Who wants to hear nothing is told of a question only: that one asks the reporter to act.
    """
    if report.contact.usable and report.contact.email:
        return None
    wanted = {EventKind.QUESTION_ASKED} if report.contact.information is InformationWish.NOTHING else _NEWS
    since: datetime | None = None
    for event in report.timeline:
        if event.kind is EventKind.TOLD_OTHERWISE:
            since = None
        elif event.kind in wanted:
            since = since or event.at
    return since
