"""The teams table: one item a unit, changed whole under its version. Staff ids stand in it, and nobody else's."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.core.settings import Settings
from chalicelib.core.tables import bind, find, require_first, wrote
from chalicelib.teams.bands import Band
from chalicelib.teams.model import Absence, Roster, Rule, Team


class Rosters(Protocol):
    """The store of rosters that the features need."""

    def get(self, unit: str) -> Roster:
        """Return the roster of a unit as it is now; an empty one where nobody made a team yet."""
        ...

    def of_units(self, units: Iterable[str]) -> tuple[Roster, ...]:
        """Return the rosters of some units by one call, in the order in which they were asked for."""
        ...

    def save(self, before: Roster, after: Roster) -> Roster:
        """Keep `after` where `before` was. Raises Conflict(`stale_version`) when somebody was first."""
        ...


class RosterItem(Model):
    """A roster as DynamoDB keeps it."""

    unit = UnicodeAttribute(hash_key=True)
    version = NumberAttribute()
    teams = JSONAttribute()
    rules = JSONAttribute()
    absences = JSONAttribute()


class RosterStore:
    """Rosters in DynamoDB."""

    def __init__(self, settings: Settings) -> None:
        self._model = bind(RosterItem, "teams", settings)

    def get(self, unit: str) -> Roster:
        item = find(self._model, unit)
        return _roster(item) if item else Roster(unit=unit)

    def of_units(self, units: Iterable[str]) -> tuple[Roster, ...]:
        asked = tuple(dict.fromkeys(units))
        found = {item.unit: _roster(item) for item in self._model.batch_get(asked, consistent_read=True)} if asked else {}
        return tuple(found.get(unit) or Roster(unit=unit) for unit in asked)

    def save(self, before: Roster, after: Roster) -> Roster:
        item = self._model(
            unit=after.unit,
            version=after.version,
            teams=[asdict(team) for team in after.teams],
            rules=[asdict(rule) for rule in after.rules],
            absences=[{**asdict(absence), "at": absence.at.isoformat()} for absence in after.absences],
        )
        unchanged = RosterItem.version == before.version if before.version else RosterItem.unit.does_not_exist()
        is_first = wrote(item.save, condition=unchanged)
        return require_first(is_first, after, lambda: self.get(after.unit))


def _roster(item: Any) -> Roster:
    return Roster(
        unit=item.unit,
        version=int(item.version),
        teams=tuple(Team(**{**team, "members": tuple(team["members"])}) for team in item.teams),
        rules=tuple(Rule(**{**rule, "band": Band(rule["band"])}) for rule in item.rules),
        absences=tuple(
            Absence(absence["officer"], absence["by"], datetime.fromisoformat(absence["at"])) for absence in item.absences
        ),
    )
