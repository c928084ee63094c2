"""The roster of a unit: its teams, who is in them, whose work is set free, and where new reports go."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, Invalid
from chalicelib.forms.places import municipalities, units
from chalicelib.people.model import Officer, StaffRole
from chalicelib.reports.crimes import KINDS
from chalicelib.teams.assignment import choices, require_may_give
from chalicelib.teams.bands import Band, amount_of
from chalicelib.teams.model import MOST_ABSENT, MOST_MEMBERS, MOST_RULES, MOST_TEAMS, NAME_LENGTH, Roster, Rule
from chalicelib.teams.routing import Facts, Route, best, national_rules, read_national, route
from tests.support.samples import HANDLER, SUPERVISOR, answers

UNIT, OTHER = "Noord-Nederland", "Amsterdam"
AT = datetime(2016, 7, 1, 10, tzinfo=UTC)
BIKES, FRAUD = "T-AAAAA-AAAAA", "T-BBBBB-BBBBB"
COLLEAGUE = "NN5555"


def a_roster(**members):
    """A unit with a team for bicycles (with HANDLER) and one for fraud (with nobody, unless said otherwise)."""
    roster = Roster(unit=UNIT).with_team(BIKES, "Fietsen").with_team(FRAUD, "Internetfraude")
    for team, people in ({BIKES: (HANDLER.id,)} | members).items():
        for person in people:
            roster = roster.joined(team, person)
    return roster


def refused(act, *arguments, **named):
    with pytest.raises((Conflict, Invalid)) as raised:
        act(*arguments, **named)
    error = raised.value
    return error.code if isinstance(error, Conflict) else error.errors[0].code


def test_a_unit_has_teams_with_people_in_them():
    roster = a_roster(**{FRAUD: (COLLEAGUE, HANDLER.id)})

    assert [team.name for team in roster.open_teams] == ["Fietsen", "Internetfraude"]
    assert roster.staff == (HANDLER.id, COLLEAGUE)
    assert roster.teams_of(HANDLER.id) == (BIKES, FRAUD)
    assert (roster.name_of(FRAUD), roster.name_of(COLLEAGUE)) == ("Internetfraude", COLLEAGUE)


def test_two_open_teams_of_a_unit_never_have_one_name():
    roster = a_roster()

    assert refused(roster.with_team, "T-CCCCC-CCCCC", " fietsen ") == "team_exists"
    assert refused(roster.renamed, FRAUD, "FIETSEN") == "team_exists"
    assert roster.renamed(BIKES, "FIETSEN").team(BIKES).name == "FIETSEN"


@pytest.mark.parametrize(("name", "code"), [("", "required"), (" \n ", "required"), ("x" * (NAME_LENGTH + 1), "too_long")])
def test_a_team_has_a_name_that_fits(name, code):
    assert refused(Roster(unit=UNIT).with_team, BIKES, name) == code


@pytest.mark.parametrize("typed", ["", "x", "NN 1234", "a@b/c", BIKES, "n" * 65])
def test_only_a_staff_id_can_be_in_a_team(typed):
    assert refused(a_roster().joined, BIKES, typed) == "staff_id"


def test_what_was_done_before_is_not_done_again():
    roster = a_roster()

    assert roster.joined(BIKES, HANDLER.id) is roster
    assert roster.with_team(BIKES, "Fietsen") is roster
    assert roster.left(FRAUD, HANDLER.id, by=SUPERVISOR.id, at=AT) is roster
    assert roster.unruled("R-NONE") is roster
    assert roster.renamed(BIKES, "Fietsen") is roster


def test_who_leaves_their_last_team_has_their_work_set_free():
    roster = a_roster(**{FRAUD: (HANDLER.id,)})

    once = roster.left(FRAUD, HANDLER.id, by=SUPERVISOR.id, at=AT)
    twice = once.left(BIKES, HANDLER.id, by=SUPERVISOR.id, at=AT)

    assert once.absences == ()
    assert [(each.officer, each.by) for each in twice.absences] == [(HANDLER.id, SUPERVISOR.id)]
    assert twice.version == once.version + 1, "in the same write"


def test_an_absence_is_over_when_all_work_is_free_and_one_that_was_ordered_anew_is_not():
    roster = a_roster().absent(HANDLER.id, by=SUPERVISOR.id, at=AT)
    [older] = roster.absences
    anew = roster.absent(HANDLER.id, by=SUPERVISOR.id, at=AT.replace(hour=12))

    assert roster.freed(older).absences == ()
    assert anew.freed(older) is anew
    assert len(anew.absences) == 1


def test_a_team_with_open_work_or_a_rule_is_not_closed():
    roster = a_roster().ruled(Rule(id="R-1", kind="bicycle-theft", team=BIKES), units())

    assert refused(roster.closed, BIKES, open_work=1) == "team_has_work"
    assert refused(roster.closed, BIKES, open_work=0) == "team_in_rules"
    closed = roster.unruled("R-1").closed(BIKES, open_work=0)
    assert closed.name_of(BIKES) == "Fietsen", "timelines still tell its name"
    assert closed.staff == ()
    assert refused(closed.joined, BIKES, HANDLER.id) == "team_unknown"


def test_the_last_member_of_a_team_to_which_reports_go_does_not_leave_unnoticed():
    roster = a_roster().ruled(Rule(id="R-1", team=BIKES), units())

    assert refused(roster.left, BIKES, HANDLER.id, by=SUPERVISOR.id, at=AT) == "team_in_rules"


def test_a_roster_has_an_end():
    roster = Roster(unit=UNIT)
    for number in range(MOST_TEAMS):
        roster = roster.with_team(f"T-{number:05}-AAAAA", f"Team {number}")
    assert refused(roster.with_team, BIKES, "Te veel") == "teams_full"

    full = a_roster(**{BIKES: [f"NN{number:04}" for number in range(MOST_MEMBERS)]})
    assert refused(full.joined, BIKES, "NN9999") == "members_full"

    absent = a_roster()
    for number in range(MOST_ABSENT):
        absent = absent.absent(f"NN{number:04}", by=SUPERVISOR.id, at=AT)
    assert refused(absent.absent, "NN9999", by=SUPERVISOR.id, at=AT) == "absences_full"
    assert absent.absent("NN0001", by=SUPERVISOR.id, at=AT), "who is absent already can be told again"

    ruled = a_roster()
    for code in list(municipalities())[:MOST_RULES]:
        ruled = ruled.ruled(Rule(id=f"R-{code}", municipality=code, team=BIKES), units())
    assert refused(ruled.ruled, Rule(id="R-more", team=BIKES), units()) == "rules_full"


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (Rule(id="R-1", team=FRAUD), "team_takes_no_work"),
        (Rule(id="R-1", team="T-ZZZZZ-ZZZZZ"), "team_takes_no_work"),
        (Rule(id="R-1", unit="Atlantis"), "unit_elsewhere"),
        (Rule(id="R-1", unit=UNIT), "unit_elsewhere"),
        (Rule(id="R-1"), "team_or_unit"),
        (Rule(id="R-1", team=BIKES, unit=OTHER), "team_or_unit"),
        (Rule(id="R-1", kind="murder", team=BIKES), "not_a_choice"),
        (Rule(id="R-1", municipality="GM9999", team=BIKES), "not_a_choice"),
    ],
)
def test_a_rule_that_leads_nowhere_is_refused(rule, code):
    assert refused(a_roster().ruled, rule, units()) == code


def test_two_rules_never_say_something_else_of_the_same_reports():
    roster = a_roster().ruled(Rule(id="R-1", kind="fraud", team=BIKES), units())

    assert refused(roster.ruled, Rule(id="R-2", kind="fraud", unit=OTHER), units()) == "rule_exists"
    assert roster.ruled(Rule(id="R-1", kind="fraud", team=BIKES), units()) is roster, "the same press twice"


GRONINGEN = Facts("web-shop-fraud", "GM0014", 70_000)


def routed(*rules, national=(), facts=GRONINGEN, elsewhere=()):
    rosters = {UNIT: a_roster(**{FRAUD: (COLLEAGUE,)}), OTHER: Roster(unit=OTHER).with_team("T-CCCCC-CCCCC", "Landelijk")}
    rosters[OTHER] = rosters[OTHER].joined("T-CCCCC-CCCCC", "AM1234")
    for rule in rules:
        rosters[UNIT] = rosters[UNIT].ruled(rule, units())
    for rule in elsewhere:
        rosters[OTHER] = rosters[OTHER].ruled(rule, units())
    return route(facts, rosters.__getitem__, national)


def test_without_rules_a_report_goes_to_the_unit_of_its_municipality_and_to_nobody():
    assert routed() == Route(UNIT)


def test_the_most_precise_rule_is_followed():
    fraud = Rule(id="R-1", kind="fraud", team=FRAUD)
    large = Rule(id="R-2", kind="fraud", band=Band.FROM_500, team=BIKES)
    kind = Rule(id="R-3", kind="web-shop-fraud", team=FRAUD)
    here = Rule(id="R-4", municipality="GM0014", team=BIKES)

    assert routed(fraud).team == FRAUD
    assert routed(fraud, large).rule == "R-2"
    assert routed(large, fraud, kind).rule == "R-3"
    assert routed(kind, here, fraud).rule == "R-4"
    assert routed(Rule(id="R-5", kind="theft", team=BIKES)) == Route(UNIT)


def test_an_amount_that_nobody_knows_meets_no_rule_that_asks_for_one():
    large = Rule(id="R-2", band=Band.FROM_500, team=BIKES)

    assert routed(large, facts=Facts("web-shop-fraud", "GM0014", None)) == Route(UNIT)
    assert routed(large, facts=Facts("web-shop-fraud", "GM0014", 49_999)) == Route(UNIT)
    assert routed(large, facts=Facts("web-shop-fraud", "GM0014", 50_000)).team == BIKES


def test_internet_fraud_goes_to_a_national_desk_and_there_to_its_team():
    national = (Rule(id="N-1", kind="fraud", unit=OTHER),)

    assert routed(national=national) == Route(OTHER, rule="N-1")
    assert routed(national=national, elsewhere=[Rule(id="R-9", kind="fraud", team="T-CCCCC-CCCCC")]) == Route(
        OTHER, "T-CCCCC-CCCCC", "R-9"
    )
    assert routed(national=national, facts=Facts("bicycle-theft", "GM0014", 0)) == Route(UNIT)


def test_no_report_goes_round_between_two_units():
    there, back = Rule(id="R-1", unit=OTHER), Rule(id="R-2", unit=UNIT)

    assert routed(there, elsewhere=[back]) == Route(OTHER, rule="R-1")


def test_a_team_that_lost_its_members_gets_nothing():
    roster = a_roster(**{FRAUD: (COLLEAGUE,)}).ruled(Rule(id="R-1", kind="fraud", team=FRAUD), units())
    emptied = Roster(unit=UNIT, teams=tuple(each if each.id == BIKES else Roster(unit=UNIT).with_team(FRAUD, "F").teams[0]
                                            for each in roster.teams), rules=roster.rules)  # fmt: skip

    assert route(GRONINGEN, lambda _: emptied, ()) == Route(UNIT)


_CODES, _KINDS = sorted(municipalities()), sorted(KINDS)
_RULES = st.builds(
    Rule,
    id=st.integers(1, 10**6).map("R-{}".format),
    kind=st.sampled_from(["", "fraud", "theft", *KINDS]),
    municipality=st.sampled_from(["", "", *_CODES[:3]]),
    band=st.sampled_from(Band),
    unit=st.sampled_from(units()),
)


@given(st.dictionaries(st.sampled_from(units()), st.lists(_RULES, max_size=5)), st.sampled_from(_CODES), st.sampled_from(_KINDS))
def test_every_report_finds_its_way_by_any_rules(rules, municipality, kind):
    """However supervisors send each other reports: it ends, in a unit that there is, and after one step from home at most."""
    asked = []

    def roster_of(unit):
        asked.append(unit)
        return Roster(unit=unit, rules=tuple(rules.get(unit, ())))

    found = route(Facts(kind, municipality, 10**7), roster_of, ())
    home = municipalities()[municipality].unit
    own = best(rules.get(home, ()), Facts(kind, municipality, 10**7))

    assert found.unit == (own.unit if own else home)
    assert len(asked) <= 2


def test_the_national_table_is_read_and_a_row_that_leads_nowhere_is_refused():
    row = {"kind": "fraud", "municipality": "", "band": "500", "unit": OTHER}

    assert isinstance(national_rules(), tuple)
    assert read_national([row]) == (Rule(id="N-1", kind="fraud", band=Band.FROM_500, unit=OTHER),)
    for wrong in ({"unit": "Atlantis"}, {"kind": "murder"}, {"municipality": "GM9999"}, {"band": "7"}):
        with pytest.raises(ValueError, match=r"national table|Band"):
            read_national([row | wrong])


def test_an_amount_is_all_that_was_lost_in_cents():
    assert amount_of("bicycle-theft", answers("bicycle-theft", value=64_950)) >= 64_950
    assert amount_of("other-theft", {"goods": [{"what": "Ring", "value": 10_000}, {"what": "Bril", "value": 5_000}]}) == 15_000
    assert amount_of("graffiti", {}) == 0


BOSS = Officer("NN4444", frozenset({StaffRole.SUPERVISOR}), frozenset({UNIT}))


@pytest.mark.parametrize("has_it", ["", HANDLER.id, BIKES])
@pytest.mark.parametrize("to", ["", HANDLER.id, BIKES])
def test_a_handler_takes_what_is_free_or_their_teams_and_gives_it_back(has_it, to):
    require_may_give(HANDLER, a_roster(), has_it=has_it, to=to)


@pytest.mark.parametrize(
    ("has_it", "to", "code"),
    [
        (COLLEAGUE, HANDLER.id, "assigned_to_other"),
        (FRAUD, HANDLER.id, "assigned_to_other"),
        ("", COLLEAGUE, "assigns_own_only"),
        ("", FRAUD, "assigns_own_only"),
    ],
)
def test_a_handler_takes_nothing_from_a_colleague_and_gives_nobody_work(has_it, to, code):
    assert refused(require_may_give, HANDLER, a_roster(**{FRAUD: (COLLEAGUE,)}), has_it=has_it, to=to) == code


def test_a_supervisor_gives_anything_to_anybody_in_a_team_of_the_unit():
    roster = a_roster(**{FRAUD: (COLLEAGUE,)})

    for to in ("", BOSS.id, COLLEAGUE, FRAUD, BIKES):
        require_may_give(BOSS, roster, has_it=HANDLER.id, to=to)
    assert refused(require_may_give, BOSS, roster, has_it="", to="AM1234") == "assignee_not_of_unit"
    assert refused(require_may_give, BOSS, a_roster(), has_it="", to=FRAUD) == "team_takes_no_work"
    assert refused(require_may_give, BOSS, roster, has_it="", to="T-ZZZZZ-ZZZZZ") == "team_unknown"


_PEOPLE = st.sampled_from(["", HANDLER.id, COLLEAGUE, SUPERVISOR.id, BIKES, FRAUD])


@given(st.sampled_from([HANDLER, BOSS]), _PEOPLE, st.booleans())
def test_exactly_those_are_offered_to_whom_one_may_give(officer, has_it, is_manned):
    roster = a_roster(**({FRAUD: (COLLEAGUE,)} if is_manned else {}))

    offered = set(choices(officer, roster, has_it=has_it))

    allowed = set()
    for to in ("", HANDLER.id, COLLEAGUE, BOSS.id, BIKES, FRAUD, "AM1234"):
        try:
            require_may_give(officer, roster, has_it=has_it, to=to)
        except Conflict:
            continue
        allowed.add(to)
    assert offered == allowed - {has_it}


def test_an_id_of_a_team_is_never_that_of_somebody():
    assert ids.code(b"t" * 32)[5] == "-"
    assert refused(a_roster().joined, BIKES, "T-1234") == "staff_id"
