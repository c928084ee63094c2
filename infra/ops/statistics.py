"""How much was reported, where and when, so that no row tells of fewer than ten reports, also not by subtraction.

Every report that is counted is counted in exactly one row. A group that is too small for a row of its own is counted with the
other small ones of its unit (`other`), or those of all units; what is still too small is left out, and no number says how much.

A month is exported when it is over: the export of yesterday and that of today would tell what one person reported in between. For
the same reason a month of which reports are being destroyed, one day after the other, is told without places (ADR-0046).
"""

import csv
import io
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.core.clock import day_of, first_day, month_of, months
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.forms.places import municipalities
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.retention import years_later
from infra.ops.stage import Refused, Stage

FEWEST = 10
OTHER = "other"
HEADER = ("month", "crime", "unit", "municipality", "reports")
LONGEST = 120  # months


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the export."""

    month: str
    crime: str
    unit: str
    municipality: str
    reports: int


@dataclass(frozen=True, slots=True)
class Counted:
    """One report as it is counted; `municipality` is empty when it was destroyed: a tombstone does not know."""

    month: str
    crime: str
    unit: str
    municipality: str


def export(stage: Stage, arguments: Namespace) -> int:
    """Write the statistics of the months from `--first` to `--last` as CSV."""
    today = day_of(stage.services.clock.now())
    counted = Counter(
        each for month in _months(arguments.first, arguments.last, today) for each in _of_month(stage, month, today)
    )
    rows = list(rows_of(counted))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([HEADER, *((row.month, row.crime, row.unit, row.municipality, row.reports) for row in rows)])
    is_whole = counted.total() == sum(row.reports for row in rows)
    stage.say(text.getvalue().rstrip("\n"))
    every = "every report is in one" if is_whole else f"a crime with fewer than {FEWEST} reports in a month is in none"
    stage.note(f"{len(rows)} rows; {every}")
    return 0


def rows_of(counted: Mapping[Counted, int]) -> Iterator[Row]:
    """Yield the rows, sorted by month, crime, unit and municipality. Pure."""
    months: dict[tuple[str, str], dict[str, Counter[str]]] = {}
    for each, number in counted.items():
        units = months.setdefault((each.month, each.crime), {})
        units.setdefault(each.unit, Counter())[each.municipality or OTHER] += number
    for (month, crime), units in sorted(months.items()):
        shown, rest = merged({unit: places.total() for unit, places in units.items()})
        for unit in sorted(shown):
            places, others = merged(units[unit])
            named = [Row(month, crime, unit, place, number) for place, number in sorted(places.items())]
            yield from (*named, Row(month, crime, unit, OTHER, others)) if others else named
        if rest:
            yield Row(month, crime, OTHER, OTHER, rest)


def merged(groups: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """Return the groups that may be shown, and how many all others hold together: nothing, or at least ten.

    Small groups go together; while they are fewer than ten, the smallest large one joins them. A rest that stays under ten
    is left out: then nothing is shown at all, and nobody can subtract.
    """
    shown = {name: number for name, number in groups.items() if number >= FEWEST and name != OTHER}
    rest = sum(groups.values()) - sum(shown.values())
    while shown and 0 < rest < FEWEST:
        smallest = min(shown, key=lambda name: (shown[name], name))
        rest += shown.pop(smallest)
    return shown, rest if rest >= FEWEST else 0


def _of_month(stage: Stage, month: str, today: date) -> Iterator[Counted]:
    names = municipalities()
    is_going = today >= years_later(first_day(month), RETENTION[Kept.REPORTS].years)
    for filing in stage.services.reports.filed_in(month):
        place = None if is_going else names.get(filing.municipality)
        yield Counted(month, KINDS[filing.kind].crime, filing.unit, place.name if place else "")
    for stone in stage.services.archive.tombstones.of_month(month):
        yield Counted(month, KINDS[stone.kind].crime, stone.unit, "")


def _months(first: str, last: str, today: date) -> tuple[str, ...]:
    try:
        found = months(first, last)
    except ValueError:
        raise Refused("Write a month as 2016-07.") from None
    if not 0 < len(found) <= LONGEST:
        raise Refused(f"The last month must not be before the first, and at most {LONGEST} months fit in one export.")
    if found[-1] >= month_of(today):
        raise Refused(f"{found[-1]} is not over: its numbers would still change. Ask for the months before this one.")
    return found
