"""The promises of every store of rosters: on the table (moto) and on the fake."""

import pytest

from chalicelib.core.errors import Conflict
from chalicelib.forms.places import units
from chalicelib.teams.bands import Band
from chalicelib.teams.model import Roster, Rule
from chalicelib.teams.store import RosterStore
from tests.support.fakes_teams import FakeRosters
from tests.support.samples import NOON

TEAM, UNIT = "T-AAAAA-AAAAA", "Den Haag"


@pytest.fixture(params=["table", "fake"])
def rosters(request, settings):
    if request.param == "fake":
        return FakeRosters()
    request.getfixturevalue("aws")
    return RosterStore(settings)


def whole():
    roster = Roster(unit=UNIT).with_team(TEAM, "Fietsen & zo").joined(TEAM, "DH1234").absent("DH9999", by="DH1111", at=NOON)
    return roster.ruled(Rule(id="R-1", kind="fraud", municipality="GM0518", band=Band.FROM_500, team=TEAM), units())


def test_a_unit_without_teams_has_an_empty_roster(rosters):
    assert rosters.get(UNIT) == Roster(unit=UNIT)


def test_a_roster_comes_back_whole(rosters):
    kept = rosters.save(Roster(unit=UNIT), whole())

    assert rosters.get(UNIT) == kept == whole()


def test_the_rosters_of_several_units_come_in_the_order_in_which_they_were_asked_for(rosters):
    rosters.save(Roster(unit=UNIT), whole())

    assert rosters.of_units(["Limburg", UNIT, "Limburg"]) == (Roster(unit="Limburg"), whole())
    assert rosters.of_units([]) == ()


def test_of_two_supervisors_at_once_the_second_is_told(rosters):
    seen = rosters.save(Roster(unit=UNIT), whole())
    rosters.save(seen, seen.renamed(TEAM, "Fietsen"))

    with pytest.raises(Conflict, match="stale_version"):
        rosters.save(seen, seen.renamed(TEAM, "Brommers"))
    with pytest.raises(Conflict, match="stale_version"):
        rosters.save(Roster(unit=UNIT), Roster(unit=UNIT).with_team("T-BBBBB-BBBBB", "Eerste"))
    assert rosters.get(UNIT).team(TEAM).name == "Fietsen"


def test_a_write_that_was_repeated_because_its_answer_was_lost_is_no_conflict(rosters):
    rosters.save(Roster(unit=UNIT), whole())

    assert rosters.save(Roster(unit=UNIT), whole()) == whole()
