"""A reporter whom no mail reaches: whom the desk tells by telephone or letter, and since when that waits. Pure.

An address counts as unusable when SES says that a mail to it came back for good, or its reader called it spam.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.reports.contact import InformationWish
from chalicelib.reports.model import SYSTEM, Actor, EventKind, Report

_NEWS = frozenset({EventKind.ADDRESS_UNUSABLE, EventKind.STATUS_CHANGED, EventKind.QUESTION_ASKED, EventKind.QUESTION_ENDED})


def found_unusable(report: Report, addresses: frozenset[str], *, at: datetime) -> Report:
    """Return the report with its address marked as unusable; unchanged when it has another address by now."""
    contact = report.contact
    if not contact.usable or contact.email.lower() not in addresses:
        return report
    after = replace(report, contact=replace(contact, usable=False))
    return after.told(EventKind.ADDRESS_UNUSABLE, report.status, by=SYSTEM, at=at)


def told_otherwise(report: Report, *, by: Actor, at: datetime, remark: str = "", key: str = "") -> Report:
    """Return the report after an officer told its reporter by telephone or letter what there is to know."""
    return report.told(EventKind.TOLD_OTHERWISE, report.status, by=by, at=at, remark=remark, key=key)


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
