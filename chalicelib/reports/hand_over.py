"""Which unit had a report when: what is told of a moment in the past names the unit of then. Pure.

A report that the rules sent elsewhere when it was filed says so in its first event; one of before there were rules, or that no
rule sent anywhere, began with the unit of its municipality.
"""

from datetime import datetime

from chalicelib.forms.places import municipalities
from chalicelib.reports.events import EventKind
from chalicelib.reports.model import Report


def unit_at(report: Report, at: datetime) -> str:
    """Return the unit that had the report at a moment (aware); of before it was filed, the one that it came to."""
    moves = [event for event in report.timeline if event.kind is EventKind.MOVED]
    if not moves:
        return report.unit
    earlier = [event.to for event in moves if event.at <= at]
    return earlier[-1] if earlier else report.timeline[0].to or municipalities()[report.municipality].unit
