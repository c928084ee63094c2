"""How long a report may be seen, and by whom; when it is destroyed. Pure; the numbers stand in core/retention.py. ADR-0027.

Years count from filing, in calendar days of Amsterdam: a report of 1 July 2016 is one year old on 1 July 2017.
Source: docs/domain.md, "Officers"; police data act (Wpg), art. 8 and 14.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.core.clock import day_of, start_of_day
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.reports.statuses import DECISIONS, Status

_LISTED, _READ, _KEPT = (RETENTION[kept].years for kept in (Kept.LISTED_REPORTS, Kept.READ_REPORTS, Kept.REPORTS))


class Sight(StrEnum):
    """How the police may come by a report."""

    LISTED = "listed"
    BY_REFERENCE = "by_reference"
    NONE = "none"


TERMS = ((_LISTED, Sight.LISTED), (_READ, Sight.BY_REFERENCE))


def sight(filed_at: datetime, now: datetime) -> Sight:
    """Return how the police may come by a report of this age."""
    today, filed_on = day_of(now), day_of(filed_at)
    return next((sight for years, sight in TERMS if today < years_later(filed_on, years)), Sight.NONE)


def listed_since(status: Status, now: datetime) -> datetime:
    """Return the instant from which on reports in this status are filed that a list may show.

    A report that is decided leaves the lists after a year. A report that is not stays on the worklist until nobody may read it
    any more: a report that nobody lists is one that nobody answers.
    """
    return _first_instant(_LISTED if status in DECISIONS else _READ, now)


def read_since(now: datetime) -> datetime:
    """Return the instant from which on reports are filed that the police may still read at all."""
    return _first_instant(_READ, now)


def destroyed_before(now: datetime) -> datetime:
    """Return the instant before which reports were filed that have to be destroyed now."""
    return _first_instant(_KEPT, now)


def years_later(on: date, years: int) -> date:
    """Return the same day so many years on; 29 February becomes 1 March."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return date(on.year + years, 3, 1)


def _first_instant(years: int, now: datetime) -> datetime:
    """Return the start of the first day of filing that is not yet `years` years ago."""
    today = day_of(now)
    day = today - timedelta(days=366 * years)
    while years_later(day, years) <= today:
        day += timedelta(days=1)
    return start_of_day(day)
