"""Which unit had a report when: what is told of a moment in the past names the unit of then; and whether it has just come. Pure.

A report that the rules sent elsewhere when it was filed says so in its first event; one of before there were rules, or that no
rule sent anywhere, began with the unit of its municipality.
"""

from datetime import datetime

from chalicelib.forms.places import municipalities
from chalicelib.reports.events import EventKind, Role
from chalicelib.reports.model import Report


def unit_at(report: Report, at: datetime) -> str:
    """Return the unit that had the report at a moment (aware); of before it was filed, the one that it came to."""
    moves = [event for event in report.timeline if event.kind is EventKind.MOVED]
    if not moves:
        return report.unit
    earlier = [event.to for event in moves if event.at <= at]
    return earlier[-1] if earlier else report.timeline[0].to or municipalities()[report.municipality].unit


def is_new_here(report: Report) -> bool:
    """True for a report that another unit handed over, as long as no officer of the unit that has it now did anything with it.

    After a hand-over only officers of that unit act. Which rule sent it there when it was filed is no hand-over: nobody had it.
    """
    acts = (event for event in reversed(report.timeline) if event.by.role is Role.OFFICER)
    newest = next(acts, None)
    return newest is not None and newest.kind is EventKind.MOVED
