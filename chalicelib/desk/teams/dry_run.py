"""Where the reports of the past days would have gone by the rules of now: counted, and nothing is moved.

The list of filings has no amounts. A rule that asks for one is not followed here, and it is said how many reports it may concern.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.core.clock import day_of, month_of, months
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.reports.store import Filing
from chalicelib.teams.model import Roster
from chalicelib.teams.routing import Facts, Route, route

DAYS = 30
MOST = 20_000  # reports that one look counts: more than a unit gets in a month
_MUCH = 10**15  # cents: with so much, every rule that asks for an amount holds


@dataclass(frozen=True, slots=True)
class Line:
    """How many reports would go one way."""

    route: Route
    count: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where so many reports (`total`) would go, the most first. `depends` of them may go elsewhere by what they cost."""

    lines: tuple[Line, ...]
    total: int
    depends: int
    is_cut: bool


def tried(roster: Roster, *, desk: TeamDesk) -> Outcome:
    """Return where the reports that a unit got in the past days would go. Each roster that a rule leads to is read once."""
    rosters = {roster.unit: roster}

    def roster_of(unit: str) -> Roster:
        return rosters.get(unit) or rosters.setdefault(unit, desk.rosters.get(unit))

    kinds = Counter((filing.kind, filing.municipality) for filing in islice(_filings(roster.unit, desk), MOST + 1))
    counted, depends = Counter[Route](), 0
    for (kind, municipality), count in kinds.items():
        found = route(Facts(kind, municipality, None), roster_of)
        counted[found] += count
        depends += count * (route(Facts(kind, municipality, _MUCH), roster_of) != found)
    lines = tuple(Line(way, count) for way, count in counted.most_common())
    return Outcome(lines, kinds.total(), depends, is_cut=kinds.total() > MOST)


def _filings(unit: str, desk: TeamDesk) -> Iterator[Filing]:
    now: datetime = desk.clock.now()
    since = now - timedelta(days=DAYS)
    for month in months(month_of(day_of(since)), month_of(day_of(now))):
        yield from (one for one in desk.reports.filed_in(month) if one.unit == unit and one.filed_at >= since)
