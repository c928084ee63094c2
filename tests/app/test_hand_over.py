"""A report is handed over to another unit: its place and term stay, its assignee goes, and the former unit sees it no more."""

import pytest

from chalicelib.core import ids
from chalicelib.forms.places import municipalities
from chalicelib.people.permissions import LookReason
from chalicelib.reports.events import Actor, EventKind, Role
from chalicelib.reports.hand_over import unit_at
from chalicelib.reports.queue import due_on, place
from chalicelib.teams.model import Roster, Rule
from tests.app.test_teams import BIKES, UNIT, given, manned
from tests.support.samples import HANDLER, REFERENCE, STRANGER, a_report

PAGE = f"/desk/reports/{REFERENCE}/move"
OPEN = f"/desk/reports/{REFERENCE}?reason=handling"
REMARK = "Gepleegd bij ons, verdachte woont bij jullie."
CHOSEN = {"unit": "Amsterdam", "remark": REMARK}


@pytest.fixture
def report(services):
    return given(services, HANDLER.id)


def now(services):
    return services.reports.get(REFERENCE)


def handed_over(browser):
    return browser.submit(PAGE, CHOSEN | {"step": "done"})


def test_before_it_is_done_an_officer_reads_what_will_happen(portal, services, report):
    page = portal.browser("handler").submit(PAGE, CHOSEN | {"step": "check"})

    assert page.status == 200
    assert "Controleer: overdragen aan Amsterdam" in page.text
    assert f"Nu {HANDLER.id}, daarna niemand." in page.text
    assert "Krijgt geen e-mail." in page.text
    assert REMARK in page.text
    assert now(services) == report


def test_a_handed_over_report_keeps_its_place_and_term_loses_its_assignee_and_mails_nobody(portal, services, report, aws):
    """T12."""
    before = (due_on(report), place(report), report.status, report.rank)

    done = handed_over(portal.browser("handler"))

    after = now(services)
    assert "is nu bij Amsterdam" in done.text
    assert (after.unit, after.assignee) == ("Amsterdam", "")
    assert (due_on(after), place(after), after.status, after.rank) == before
    assert (after.timeline[-1].kind, after.timeline[-1].to, after.timeline[-1].remark) == (EventKind.MOVED, "Amsterdam", REMARK)
    [row] = [item for item in aws.items("reports") if item["reference"]["S"] == REFERENCE]
    assert row["unit_status"]["S"] == "Amsterdam#received", "every list of a unit follows in the same write"
    assert "assignee" not in row


def test_the_former_unit_is_refused_on_record_and_the_new_one_reads_the_remark(portal, services, report):
    handed_over(portal.browser("handler"))

    former, new = portal.browser("handler").get(OPEN), portal.browser("stranger").get(OPEN)

    assert (former.status, new.status) == (404, 200)
    assert REMARK in new.text
    assert [(record.officer, record.why) for record in services.audit.of(f"refused:{REFERENCE}")] == [(HANDLER.id, "handling")]


def test_the_reporter_reads_which_unit_handles_it_and_nothing_else_of_it(portal, services, report):
    handed_over(portal.browser("handler"))

    page = portal.browser("sanne").get(f"/reports/{REFERENCE}").text

    assert "Amsterdam" in page
    assert UNIT not in page
    assert REMARK not in page
    assert HANDLER.id not in page


def test_the_press_that_handed_it_over_is_answered_alike_when_it_comes_twice(portal, services, report):
    browser = portal.browser("handler")
    form = {**browser.get(PAGE).hidden, **CHOSEN, "step": "done"}

    first, second = browser.post(PAGE, form), browser.post(PAGE, form)

    assert (first.status, second.status) == (200, 200)
    assert first.text == second.text
    assert now(services).version == report.version + 1


def test_somebody_elses_request_finds_nothing_of_a_report_that_was_handed_over(portal, services, report):
    handed_over(portal.browser("handler"))

    other = portal.api("POST", f"/v1/desk/reports/{REFERENCE}/hand-overs", {**CHOSEN, "version": 3}, person="handler")

    assert other.status == 404


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"remark": "Waarom", "step": "check"}, "Vul dit in"),
        ({"unit": UNIT, "remark": "Waarom", "step": "check"}, "een andere politie-eenheid"),
        ({"unit": "Atlantis", "remark": "Waarom", "step": "done"}, "Kies"),
        ({"unit": "Amsterdam", "step": "done"}, "Schrijf"),
        ({"unit": "Amsterdam", "remark": "x" * 1001, "step": "check"}, "te lang"),
    ],
)
def test_a_hand_over_that_leads_nowhere_comes_back_with_what_was_typed(portal, services, report, form, sentence):
    page = portal.browser("handler").submit(PAGE, form)

    assert page.status == 400
    assert sentence in page.text
    assert form.get("remark", "") in page.text
    assert now(services) == report


def test_who_changes_their_mind_finds_the_form_as_it_was(portal, services, report):
    page = portal.browser("handler").submit(PAGE, CHOSEN | {"step": "change"})

    assert page.status == 200
    assert 'value="Amsterdam" checked' in page.text
    assert f"{REMARK}</textarea>" in page.text


def test_a_report_that_changed_meanwhile_is_looked_at_again(portal, services, report):
    browser = portal.browser("handler")
    form = {**browser.get(PAGE).hidden, **CHOSEN, "step": "done"}
    services.reports.save(report, report.assigned("", by=Actor(Role.OFFICER, HANDLER.id), at=services.clock.now()))

    page = browser.post(PAGE, form)

    assert page.status == 409
    assert f"{REMARK}</textarea>" in page.text
    assert now(services).unit == UNIT


def test_who_looked_is_told_with_the_unit_of_that_time(portal, services, clock, report):
    from datetime import timedelta

    services.audit.note(REFERENCE, officer=HANDLER, what="read_report", why=LookReason.HANDLING)
    clock.advance(timedelta(hours=1))
    handed_over(portal.browser("handler"))
    clock.advance(timedelta(hours=1))
    services.audit.note(REFERENCE, officer=STRANGER, what="read_report", why=LookReason.HANDLING)

    page = portal.browser("sanne").get(f"/reports/{REFERENCE}/views").text

    assert UNIT in page
    assert "Amsterdam" in page
    home = municipalities()[report.municipality].unit
    assert unit_at(now(services), report.filed_at) == home == UNIT


def test_a_report_that_came_before_a_rule_is_sent_where_the_rules_of_now_say(portal, services, report):
    roster = manned(services, HANDLER.id)
    there = services.rosters.save(Roster(unit="Amsterdam"), Roster(unit="Amsterdam").with_team("T-CCCCC-CCCCC", "Landelijk"))
    there = services.rosters.save(there, there.joined("T-CCCCC-CCCCC", STRANGER.id))
    services.rosters.save(there, there.ruled(Rule(id="R-2", team="T-CCCCC-CCCCC"), (UNIT,)))
    services.rosters.save(roster, roster.ruled(Rule(id="R-1", kind="theft", unit="Amsterdam"), ("Amsterdam",)))
    browser = portal.browser("handler")

    shown = browser.get(PAGE).text
    assert "naar team Landelijk van Amsterdam" in shown
    browser.submit(PAGE, {"step": "route"})

    after = now(services)
    assert (after.unit, after.assignee) == ("Amsterdam", "T-CCCCC-CCCCC")
    assert place(after) == place(report)


def test_a_report_that_is_where_the_rules_say_is_not_sent_again(portal, services, report):
    answer = portal.api("POST", f"/v1/desk/reports/{REFERENCE}/routings", {"version": report.version}, person="handler")

    assert (answer.status, answer.json["code"]) == (409, "routed_already")
    assert now(services) == report


def test_a_free_report_goes_to_the_team_of_its_rule_within_the_unit(portal, services):
    services.reports.add(a_report())
    roster = manned(services, HANDLER.id)
    services.rosters.save(roster, roster.ruled(Rule(id="R-1", kind="theft", team=BIKES), ()))

    portal.browser("handler").submit(PAGE, {"step": "route"})

    assert (now(services).unit, now(services).assignee) == (UNIT, BIKES)


def test_a_program_hands_over_too_and_learns_where_it_is(portal, services, report):
    body = {**CHOSEN, "version": report.version}

    first, second = (
        portal.api("POST", f"/v1/desk/reports/{REFERENCE}/hand-overs", body, person="handler", Idempotency_Key="k")
        for _ in range(2)
    )

    assert (first.status, second.status) == (201, 201)
    assert first.json == second.json == {"reference": REFERENCE, "unit": "Amsterdam", "version": report.version + 1}


def test_a_reference_is_not_told_by_the_page_of_a_hand_over(portal, services, report):
    assert portal.browser("handler").get(f"/desk/reports/{ids.reference(b'absent' * 6)}/move").status == 404
