"""Where a new report goes: to which unit, and there to which team. Pure; the tables are the policy.

The national table (data/national.csv) comes first: a desk that handles a crime for the whole country. Then the rules that the
supervisors of the unit made. A rule may send a report on to another unit once; there only its teams count, so that no report
goes round. Of the rules that hold, the most precise one is followed.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chalicelib.forms.places import municipalities, units
from chalicelib.reports.crimes import CRIMES, KINDS
from chalicelib.reports.model import Report
from chalicelib.teams.bands import Band, amount_of
from chalicelib.teams.model import Roster, Rule

_NATIONAL = Path(__file__).parent / "data" / "national.csv"


@dataclass(frozen=True, slots=True)
class Facts:
    """By these a report finds its way. `cents` is None where the amount is not known: then no rule that asks for one holds."""

    kind: str
    municipality: str
    cents: int | None

    @classmethod
    def of(cls, report: Report) -> "Facts":
        return cls(report.kind, report.municipality, amount_of(report.kind, report.statement.answers))


@dataclass(frozen=True, slots=True)
class Route:
    """Where a report goes. `team` is empty where it waits for whoever takes it; `rule` is the one that said so, if one did."""

    unit: str
    team: str = ""
    rule: str = ""


def route(facts: Facts, roster_of: Callable[[str], Roster], national: Iterable[Rule] | None = None) -> Route:
    """Return where a report of these facts goes by the rules of now; `roster_of` is asked for two units at most."""
    home = municipalities()[facts.municipality].unit
    first = best(national_rules() if national is None else national, facts)
    unit = first.unit if first else home
    own = best(_sound(roster_of(unit)), facts)
    if own is None:
        return Route(unit, rule=first.id if first else "")
    if own.team:
        return Route(unit, own.team, own.id)
    there = best((rule for rule in _sound(roster_of(own.unit)) if rule.team), facts)
    return Route(own.unit, there.team if there else "", own.id)


def best(rules: Iterable[Rule], facts: Facts) -> Rule | None:
    """Return the most precise rule that holds, None when none does."""
    return max((rule for rule in rules if holds(rule, facts)), key=lambda rule: rule.precision, default=None)


def holds(rule: Rule, facts: Facts) -> bool:
    """True when a rule is about such a report."""
    is_kind = rule.kind in ("", facts.kind, KINDS[facts.kind].crime)
    is_place = rule.municipality in ("", facts.municipality)
    return is_kind and is_place and (rule.band is Band.ANY or (facts.cents is not None and rule.band.holds(facts.cents)))


def _sound(roster: Roster) -> Iterable[Rule]:
    """The rules of a unit that lead somewhere: a team that lost its members takes no work until it has one again."""
    takers = {team.id for team in roster.teams if team.takes_work}
    return (rule for rule in roster.rules if rule.unit or rule.team in takers)


@cache
def national_rules() -> tuple[Rule, ...]:
    """Return the rules of the whole country, as they are shipped."""
    with _NATIONAL.open(encoding="utf-8") as file:
        return read_national(csv.DictReader(file))


def read_national(rows: Iterable[dict[str, str]]) -> tuple[Rule, ...]:
    """Read the national table. Raises ValueError for a row that leads nowhere: a deploy must not lose reports."""
    rules = tuple(
        Rule(
            id=f"N-{number}",
            kind=row["kind"],
            municipality=row["municipality"],
            band=Band(row["band"] or Band.ANY),
            unit=row["unit"],
        )
        for number, row in enumerate(rows, start=1)
    )
    for rule in rules:
        if rule.unit not in units() or not (rule.kind in KINDS or rule.kind in (*CRIMES, "")):
            raise ValueError(f"the national table: {rule.id} names a unit or kind that is not there")
        if rule.municipality and rule.municipality not in municipalities():
            raise ValueError(f"the national table: {rule.id} names a municipality that is not there")
    return rules
