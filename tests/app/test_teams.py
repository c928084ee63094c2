"""Supervisors run the teams of their unit: who is in them, whose work is set free, and where new reports go."""

import pytest

from chalicelib.people.model import StaffRole
from chalicelib.reports.events import EventKind, Role
from chalicelib.teams.model import Roster
from tests.support.samples import HANDLER, REFERENCE, STRANGER, SUPERVISOR, a_report, answers

UNIT = "Noord-Nederland"
BIKES = "T-AAAAA-AAAAA"
COLLEAGUE = "NN5555"


@pytest.fixture
def boss(portal):
    return portal.browser("supervisor")


def manned(services, *people, team=BIKES, name="Fietsen"):
    """The unit with a team with these people in it."""
    before = services.rosters.get(UNIT)
    after = before.with_team(team, name)
    for person in people:
        after = after.joined(team, person)
    return services.rosters.save(before, after) if after != before else before


def test_a_supervisor_makes_a_team_and_adds_people(boss, services):
    page = boss.submit("/desk/teams", {"name": "Fietsen & brommers", "act": "make"}, follow=True)

    [team] = services.rosters.get(UNIT).open_teams
    assert "Fietsen &amp; brommers" in page.text
    assert "nog niemand" in page.text
    address = f"/desk/teams/{team.id}?unit={UNIT}"
    boss.submit(address, {"member": HANDLER.id, "act": "added"}, to=f"/desk/teams/{team.id}")
    assert services.rosters.get(UNIT).team(team.id).members == (HANDLER.id,)
    assert HANDLER.id in boss.get(address).text
    noted = [record.what for record in services.audit.of(f"teams:{UNIT}")]
    assert f"team_made:{team.id}" in noted
    assert f"member_added:{team.id}" in noted


def test_a_team_form_that_is_sent_twice_makes_one_team(boss, services):
    form = {**boss.get("/desk/teams").hidden, "name": "Fietsen", "act": "make"}

    first, second = boss.post("/desk/teams", form), boss.post("/desk/teams", form)

    assert (first.status, second.status) == (303, 303)
    assert len(services.rosters.get(UNIT).open_teams) == 1


@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"name": "", "act": "make"}, 400, "Vul dit in"),
        ({"name": "x" * 61, "act": "make"}, 400, "Dit is te lang"),
        ({"name": "fietsen", "act": "make"}, 409, "heeft al een team met deze naam"),
        ({"officer": "", "act": "free"}, 400, "Vul dit in"),
        ({"officer": "NN 12", "act": "free"}, 400, "personeelsnummer"),
    ],
)
def test_what_cannot_be_made_is_told_in_a_sentence(boss, services, form, status, sentence):
    manned(services)

    page = boss.submit("/desk/teams", form)

    assert page.status == status
    assert sentence in page.text
    assert [team.name for team in services.rosters.get(UNIT).open_teams] == ["Fietsen"]


def test_another_units_teams_are_neither_shown_nor_changed(portal, services, aws):
    browser = portal.browser("supervisor")
    token = browser.get("/desk/teams").hidden

    assert browser.get("/desk/teams?unit=Amsterdam").status == 403
    assert browser.post("/desk/teams", token | {"unit": "Amsterdam", "name": "Van hen", "act": "make"}).status == 403
    assert browser.post("/desk/teams", {name: value for name, value in token.items() if name != "unit"}).status == 403
    assert services.rosters.get("Amsterdam") == Roster(unit="Amsterdam")


def test_a_team_that_is_closed_or_never_was_is_not_there(boss, services):
    assert boss.get(f"/desk/teams/{BIKES}?unit={UNIT}").status == 404
    manned(services)
    assert boss.submit(f"/desk/teams/{BIKES}?unit={UNIT}", {"act": "closed"}, to=f"/desk/teams/{BIKES}").status == 303
    assert boss.get(f"/desk/teams/{BIKES}?unit={UNIT}").status == 404
    assert boss.get("/desk/teams").status == 200


def test_a_team_with_open_work_is_not_closed(boss, services):
    manned(services, HANDLER.id)
    report = services.reports.add(a_report())
    services.reports.save(report, report.assigned(BIKES, by=report.timeline[0].by, at=services.clock.now()))

    page = boss.submit(f"/desk/teams/{BIKES}?unit={UNIT}", {"act": "closed"}, to=f"/desk/teams/{BIKES}")

    assert page.status == 409
    assert "heeft nog aangiften" in page.text
    assert services.rosters.get(UNIT).team(BIKES).members == (HANDLER.id,)


def test_who_leaves_the_last_team_has_their_work_set_free_in_the_same_place(boss, services):
    manned(services, HANDLER.id)
    mine = given(services, HANDLER.id)
    place = services.reports.get(REFERENCE).timeline[0].at

    boss.submit(f"/desk/teams/{BIKES}?unit={UNIT}", {"member": HANDLER.id, "act": "removed"}, to=f"/desk/teams/{BIKES}")

    after = services.reports.get(REFERENCE)
    assert (mine.assignee, after.assignee) == (HANDLER.id, "")
    assert after.timeline[-1].kind is EventKind.ASSIGNED
    assert (after.timeline[-1].by.role, after.timeline[-1].by.id) == (Role.OFFICER, SUPERVISOR.id)
    assert after.timeline[0].at == place
    assert services.rosters.get(UNIT).absences == (), "all of it was free at once"


def given(services, to, reference=REFERENCE, **facts):
    report = services.reports.add(a_report(reference=reference, **facts))
    return services.reports.save(report, report.assigned(to, by=report.timeline[0].by, at=services.clock.now()))


def test_an_absent_colleagues_work_is_free_with_one_press_and_nobody_elses(boss, services):
    given(services, COLLEAGUE)
    given(services, HANDLER.id, "AAAA-AAAA-AAAA")
    given(services, COLLEAGUE, "CCCC-CCCC-CCCC", unit="Amsterdam")

    page = boss.submit("/desk/teams", {"officer": COLLEAGUE, "act": "free"}, follow=True)

    assert "wordt vrijgegeven" in page.text
    assert services.reports.get(REFERENCE).assignee == ""
    assert services.reports.get("AAAA-AAAA-AAAA").assignee == HANDLER.id
    assert services.reports.get("CCCC-CCCC-CCCC").assignee == COLLEAGUE, "of another unit: not this supervisor's"


def test_a_handler_neither_makes_teams_nor_sees_the_page(portal, services):
    browser = portal.browser("handler")

    assert browser.get("/desk/teams").status == 403
    assert browser.get("/desk/routing").status == 403
    assert portal.api("POST", "/v1/desk/teams", {"unit": UNIT, "name": "Fietsen"}, person="handler").status == 403


def test_a_program_runs_teams_too(portal, services):
    made = portal.api("POST", "/v1/desk/teams", {"unit": UNIT, "name": "Fietsen"}, person="supervisor", Idempotency_Key="a")
    again = portal.api("POST", "/v1/desk/teams", {"unit": UNIT, "name": "Fietsen"}, person="supervisor", Idempotency_Key="a")
    team = made.json["teams"][0]["id"]
    added = portal.api("POST", f"/v1/desk/teams/{team}/members", {"unit": UNIT, "member": HANDLER.id}, person="supervisor")
    read = portal.api("GET", f"/v1/desk/teams?unit={UNIT}", person="handler")

    assert (made.status, again.status, added.status) == (201, 201, 201)
    assert len(again.json["teams"]) == 1
    assert read.json["teams"] == [{"id": team, "name": "Fietsen", "members": [HANDLER.id]}]
    gone = portal.api("POST", f"/v1/desk/teams/{team}/departures", {"unit": UNIT, "member": HANDLER.id}, person="supervisor")
    assert gone.json["teams"][0]["members"] == []
    closed = portal.api("POST", f"/v1/desk/teams/{team}/closings", {"unit": UNIT}, person="supervisor")
    assert closed.json["teams"] == []


def test_a_rule_sends_new_reports_to_a_team_and_says_so_on_the_report(boss, portal, services):
    manned(services, HANDLER.id)
    page = boss.submit("/desk/routing", {"kind": "bicycle-theft", "to": BIKES}, follow=True)
    assert "De regel staat erin" in page.text

    filed = portal.api("POST", "/v1/reports", {"kind": "bicycle-theft", "answers": answers(), "truth": True}, person="sanne")

    report = services.reports.get(filed.json["reference"])
    assert (report.unit, report.assignee) == (services_unit(report), BIKES)
    assert [event.kind for event in report.timeline] == [EventKind.RECEIVED, EventKind.ASSIGNED]
    assert report.timeline[-1].by.role is Role.SYSTEM
    assert [event["kind"] for event in filed.json["timeline"]] == ["received"], "its reporter hears nothing of it"


def services_unit(report):
    from chalicelib.forms.places import municipalities

    return municipalities()[report.municipality].unit


def test_a_rule_to_another_unit_is_followed_and_the_reporters_page_stays_true(boss, portal, services):
    boss.submit("/desk/routing", {"kind": "theft", "to": "Limburg"})

    filed = portal.api("POST", "/v1/reports", {"kind": "bicycle-theft", "answers": answers(), "truth": True}, person="sanne")

    reference = filed.json["reference"]
    assert filed.json["unit"] == "Limburg"
    assert "Limburg" in portal.browser("sanne").get(f"/reports/{reference}").text
    assert portal.browser("handler").get(f"/desk/reports/{reference}?reason=handling").status == 404


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"to": "T-ZZZZZ-ZZZZZ"}, "neemt geen werk"),
        ({"to": BIKES}, "neemt geen werk"),
        ({"to": UNIT}, "een andere politie-eenheid"),
        ({"kind": "murder", "to": "Limburg"}, "Kies"),
        ({}, "Vul dit in"),
    ],
)
def test_a_rule_that_leads_nowhere_is_refused_in_a_sentence(boss, services, form, sentence):
    manned(services)

    page = boss.submit("/desk/routing", form)

    assert page.status == 400
    assert sentence in page.text
    assert services.rosters.get(UNIT).rules == ()


def test_a_rule_is_taken_away_again(boss, services):
    boss.submit("/desk/routing", {"kind": "fraud", "to": "Limburg"})
    [rule] = services.rosters.get(UNIT).rules

    page = boss.submit("/desk/routing", {"taken": rule.id}, follow=True)

    assert "De regel is weg" in page.text
    assert services.rosters.get(UNIT).rules == ()


def test_the_rules_are_tried_on_what_came_and_nothing_moves(boss, portal, services):
    manned(services, HANDLER.id)
    for number, kind in enumerate(["bicycle-theft", "bicycle-theft", "graffiti", "other-theft"]):
        services.reports.add(a_report(reference=f"AAAA-AAAA-AAA{'ACDF'[number]}", kind=kind) if False else of_kind(number, kind))
    services.reports.add(of_kind(7, "bicycle-theft", unit="Amsterdam"))
    boss.submit("/desk/routing", {"kind": "bicycle-theft", "to": BIKES})
    boss.submit("/desk/routing", {"kind": "graffiti", "to": "Limburg"})
    boss.submit("/desk/routing", {"kind": "other-theft", "band": "500", "to": "Limburg"})
    before = [services.reports.get(of_kind(number, "graffiti").reference) for number in range(4)]

    page = boss.get(f"/desk/routing/tried?unit={UNIT}").text

    assert "4 aangiften" in page
    assert "Fietsen" in page
    assert "Limburg" in page
    assert "Hiervan kunnen er 1" in page
    assert [services.reports.get(one.reference) for one in before] == before


def of_kind(number, kind, **facts):
    from chalicelib.core import ids
    from chalicelib.reports.statement import Statement

    reference = ids.reference(bytes([number]) * 32)
    return a_report(reference=reference, statement=Statement.of(kind, {"story": "Weg."}), **facts)


def test_nobody_is_a_stranger_in_a_team_of_their_own_unit():
    assert StaffRole.SUPERVISOR in SUPERVISOR.roles
    assert STRANGER.units != HANDLER.units
