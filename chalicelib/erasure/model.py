"""The little that stays of a report that was destroyed: enough to count it, nothing that leads to a person. Pure.

Which part may stay, and why, is ADR-0027.
"""

from dataclasses import dataclass
from datetime import date

from chalicelib.core.clock import day_of, month_of
from chalicelib.reports.model import Report


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A report was here. `month` is that of its filing (`2016-07`); the reference is a random number."""

    reference: str
    month: str
    kind: str
    unit: str
    erased_on: date


def tombstone_of(report: Report, on: date) -> Tombstone:
    """Return what stays of a report that is destroyed on that day."""
    return Tombstone(report.reference, month_of(day_of(report.filed_at)), report.kind, report.unit, on)
