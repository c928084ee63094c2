"""Rosters in memory; they pass the contract tests of the table (tests/contract/test_rosters.py)."""

from chalicelib.core.errors import Conflict
from chalicelib.teams.model import Roster


class FakeRosters:
    """Rosters in a dictionary."""

    def __init__(self, *rosters: Roster) -> None:
        self._rosters = {roster.unit: roster for roster in rosters}

    def get(self, unit):
        return self._rosters.get(unit) or Roster(unit=unit)

    def of_units(self, units):
        return tuple(self.get(unit) for unit in dict.fromkeys(units))

    def save(self, before, after):
        stored = self.get(after.unit)
        if stored.version != before.version and stored != after:
            raise Conflict("stale_version")
        self._rosters[after.unit] = after
        return after
