"""Whose work a report is: taken, given, ranked, joined; of two officers at once the second reads who has it."""

import pytest

from chalicelib.core import ids
from chalicelib.people.model import Officer, StaffRole
from chalicelib.reports.additions import Sort
from chalicelib.reports.events import INTERNAL, EventKind, Rank
from chalicelib.reports.queue import place
from tests.app.conftest import PEOPLE
from tests.app.test_teams import BIKES, COLLEAGUE, UNIT, manned
from tests.support.samples import HANDLER, REFERENCE, SUPERVISOR, a_report

PAGE = f"/desk/reports/{REFERENCE}/work"
OTHER = ids.reference(b"another one" * 3)
PEOPLE["colleague"] = Officer(COLLEAGUE, frozenset({StaffRole.HANDLER}), frozenset({UNIT}))


@pytest.fixture
def report(services):
    return services.reports.add(a_report())


def now(services, reference=REFERENCE):
    return services.reports.get(reference)


def test_a_handler_takes_a_report_and_gives_it_back(portal, services, report):
    browser = portal.browser("handler")

    page = browser.submit(PAGE, {"to": HANDLER.id, "act": "assigned"}, follow=True)

    assert now(services).assignee == HANDLER.id
    assert "<strong>u</strong>" in page.text
    browser.submit(PAGE, {"to": "-", "act": "assigned"})
    assert now(services).assignee == ""
    assert [event.to for event in now(services).timeline[1:]] == [HANDLER.id, ""]


def test_a_press_that_comes_twice_is_one_event(portal, services, report):
    browser = portal.browser("handler")
    form = {**browser.get(PAGE).hidden, "seen": "-", "to": HANDLER.id, "act": "assigned"}

    assert [browser.post(PAGE, form).status for _ in range(2)] == [303, 303]
    assert now(services).version == 2


def test_of_two_officers_at_once_the_second_reads_who_has_it(portal, services, report):
    slow, fast = portal.browser("handler"), portal.browser("colleague")
    form = {**slow.get(PAGE).hidden, "seen": "-", "to": HANDLER.id, "act": "assigned"}
    fast.submit(PAGE, {"seen": "-", "to": COLLEAGUE, "act": "assigned"})

    page = slow.post(PAGE, form)

    assert page.status == 409
    assert f"{COLLEAGUE} heeft deze aangifte" in page.text
    assert now(services).assignee == COLLEAGUE


def test_what_a_reporter_adds_meanwhile_keeps_nobody_from_taking_it(portal, services, report):
    browser = portal.browser("handler")
    form = {**browser.get(PAGE).hidden, "seen": "-", "to": HANDLER.id, "act": "assigned"}
    services.reports.save(report, report.added(Sort.MORE, {"text": "Een getuige."}, at=services.clock.now()))

    assert browser.post(PAGE, form).status == 303
    assert now(services).assignee == HANDLER.id


def test_a_handler_takes_nothing_from_a_colleague(portal, services, report):
    portal.browser("colleague").submit(PAGE, {"to": COLLEAGUE, "act": "assigned"})

    shown = portal.browser("handler").get(PAGE).text
    refused = portal.api("POST", f"/v1/desk/reports/{REFERENCE}/assignments", {"to": HANDLER.id}, person="handler")

    assert "Een collega heeft deze aangifte" in shown
    assert (refused.status, refused.json["code"]) == (409, "assigned_to_other")
    assert now(services).assignee == COLLEAGUE


def test_a_supervisor_gives_a_report_to_a_team_or_somebody_in_one(portal, services, report):
    manned(services, COLLEAGUE)
    boss = portal.browser("supervisor")

    shown = boss.get(PAGE).text
    assert f'value="{BIKES}">Fietsen' in shown
    assert f'value="{COLLEAGUE}"' in shown
    boss.submit(PAGE, {"to": BIKES, "act": "assigned"})
    assert now(services).assignee == BIKES
    boss.submit(PAGE, {"to": COLLEAGUE, "act": "assigned"})
    assert now(services).assignee == COLLEAGUE
    nobody_knows = boss.submit(PAGE, {"to": "NN9999", "act": "assigned"})
    assert nobody_knows.status == 409
    assert "in een team van deze eenheid" in nobody_knows.text


def test_a_team_without_members_takes_no_work(portal, services, report):
    manned(services)

    page = portal.browser("supervisor").submit(PAGE, {"to": BIKES, "act": "assigned"})

    assert page.status == 409
    assert "Team Fietsen heeft geen leden" in page.text
    assert now(services).assignee == ""


def test_whose_work_it_is_moves_no_place_and_mails_nobody(portal, services, report, aws):
    before = place(report)

    portal.browser("handler").submit(PAGE, {"to": HANDLER.id, "act": "assigned"})

    assert place(now(services)) == before
    assert now(services).timeline[-1].kind in INTERNAL
    assert HANDLER.id not in portal.browser("sanne").get(f"/reports/{REFERENCE}").text


def test_a_rank_has_a_reason_and_moves_the_report(portal, services, report):
    browser = portal.browser("handler")

    refused = browser.submit(PAGE, {"rank": "urgent", "act": "ranked"})
    assert refused.status == 400
    assert 'href="#reason"' in refused.text
    browser.submit(PAGE, {"rank": "urgent", "reason": "Vertrekt vrijdag.", "act": "ranked"})

    assert now(services).rank is Rank.URGENT
    assert now(services).timeline[-1].remark == "Vertrekt vrijdag."
    assert place(now(services)) < place(report)
    assert "Vertrekt vrijdag." not in portal.browser("sanne").get(f"/reports/{REFERENCE}").text


def test_a_rank_from_an_older_page_comes_back_with_what_was_typed(portal, services, report):
    browser = portal.browser("handler")
    form = {**browser.get(PAGE).hidden, "rank": "later", "reason": "Kan wachten, want verzekerd.", "act": "ranked"}
    browser.submit(PAGE, {"to": HANDLER.id, "act": "assigned"})

    page = browser.post(PAGE, form)

    assert page.status == 409
    assert "Kan wachten, want verzekerd.</textarea>" in page.text
    assert now(services).rank is Rank.NORMAL


def many(services, count):
    references = [ids.reference(bytes([number + 1]) * 32) for number in range(count)]
    for reference in references:
        services.reports.add(a_report(reference=reference))
    return references


def test_ticked_lines_are_given_each_on_its_own(portal, services, report):
    manned(services, HANDLER.id, COLLEAGUE)
    free, foreign = many(services, 2), services.reports.add(a_report(reference=OTHER, unit="Amsterdam"))
    services.reports.save(report, report.assigned(COLLEAGUE, by=report.timeline[0].by, at=services.clock.now()))
    browser = portal.browser("handler")
    hidden = {"_token": browser.get(PAGE).hidden["_token"], "_key": "k"}
    ticked = [*free, REFERENCE, foreign.reference, "nonsense"]

    page = browser.post("/desk/assignments", {**hidden, "reference": ticked, "to": HANDLER.id})

    assert page.status == 200
    assert [now(services, one).assignee for one in free] == [HANDLER.id] * 2
    assert now(services).assignee == COLLEAGUE
    assert "Gegeven: 2" in page.text
    assert "Niet gegeven: 3" in page.text
    assert f"{COLLEAGUE} heeft deze aangifte" in page.text
    assert now(services, OTHER).version == 1
    assert [record.what for record in services.audit.of(f"refused:{OTHER}")] == ["assign"]


def test_fifty_lines_at_a_time_and_none_is_told(portal, services, report):
    browser = portal.browser("handler")
    token = browser.get(PAGE).hidden["_token"]

    none = browser.post("/desk/assignments", {"_token": token, "to": HANDLER.id})
    much = browser.post("/desk/assignments", {"_token": token, "to": HANDLER.id, "reference": many(services, 51)})
    whole = browser.post("/desk/assignments", {"_token": token, "to": HANDLER.id, "reference": many(services, 50)})

    assert (none.status, much.status, whole.status) == (400, 400, 200)
    assert "Gegeven: 50" in whole.text


def test_who_ticked_nothing_reads_it_and_goes_back_to_the_same_list(portal, report):
    browser = portal.browser("handler")
    token = browser.get(PAGE).hidden["_token"]

    page = browser.post("/desk/assignments", {"_token": token, "to": HANDLER.id, "list": "unit=Amsterdam&status=received"})

    assert (page.status, "Vink minstens één aangifte aan" in page.text) == (400, True)
    assert 'href="/desk/queue?unit=Amsterdam&amp;status=received"' in page.text


def test_lines_that_are_sent_twice_are_given_once(portal, services):
    lines = many(services, 3)
    body = {"references": lines, "to": HANDLER.id}

    first, second = (portal.api("POST", "/v1/desk/assignments", body, person="handler", Idempotency_Key="k") for _ in range(2))

    assert first.json == second.json
    assert [one["refused"] for one in first.json["outcomes"]] == [None] * 3
    assert [now(services, one).version for one in lines] == [2] * 3


class Failing:
    """Reports of which one cannot be written."""

    def __init__(self, reports, failing):
        self._reports, self._failing = reports, failing

    def __getattr__(self, name):
        return getattr(self._reports, name)

    def save(self, before, after):
        if before.reference == self._failing:
            raise OSError("reports: no answer")
        return self._reports.save(before, after)


def test_a_line_that_fails_hides_not_what_was_done_with_the_others(portal, services):
    first, broken, last = many(services, 3)
    services.__dict__["reports"] = Failing(services.reports, broken)
    body = {"references": [first, broken, last], "to": HANDLER.id}

    answer = portal.api("POST", "/v1/desk/assignments", body, person="handler")

    assert [one["refused"] for one in answer.json["outcomes"]] == [None, "line_failed", None]
    assert [now(services, one).assignee for one in (first, broken, last)] == [HANDLER.id, "", HANDLER.id]


def test_two_reports_are_joined_and_each_stays_itself(portal, services, report):
    other = services.reports.add(a_report(reference=OTHER))
    browser = portal.browser("handler")

    page = browser.submit(PAGE, {"other": OTHER.lower(), "act": "joined"}, follow=True)

    case = now(services).joint_case
    assert case.startswith("C-")
    assert now(services, OTHER).joint_case == case
    assert case in page.text
    listed = browser.get(f"/desk/cases/{case}").text
    assert REFERENCE in listed
    assert OTHER in listed
    assert [record.what for record in services.audit.of(f"case:{case}")] == ["listed:joint"]
    assert (now(services, OTHER).status, now(services, OTHER).assignee) == (other.status, "")


def test_a_third_report_comes_into_the_same_case_and_leaving_is_an_event(portal, services, report):
    third = ids.reference(b"third" * 8)
    for reference in (OTHER, third):
        services.reports.add(a_report(reference=reference))
    browser = portal.browser("handler")
    browser.submit(PAGE, {"other": OTHER, "act": "joined"})
    browser.submit(f"/desk/reports/{third}/work", {"other": REFERENCE, "act": "joined"})

    assert now(services, third).joint_case == now(services).joint_case
    case = now(services).joint_case
    browser.submit(PAGE, {"act": "left"})

    assert now(services).joint_case == ""
    assert (now(services).timeline[-1].kind, now(services).timeline[-1].to) == (EventKind.LEFT, case)
    assert REFERENCE not in browser.get(f"/desk/cases/{case}").text
    assert now(services, third).joint_case == case


def test_a_report_of_another_unit_is_not_pulled_into_a_case(portal, services, report):
    services.reports.add(a_report(reference=OTHER, unit="Amsterdam"))

    answer = portal.browser("handler").submit(PAGE, {"other": OTHER, "act": "joined"})

    assert answer.status == 404
    assert (now(services).joint_case, now(services, OTHER).joint_case) == ("", "")
    assert services.audit.of(f"refused:{OTHER}")


def test_reports_of_two_cases_do_not_flow_together(portal, services, report):
    others = many(services, 3)
    browser = portal.browser("handler")
    browser.submit(PAGE, {"other": others[0], "act": "joined"})
    browser.submit(f"/desk/reports/{others[1]}/work", {"other": others[2], "act": "joined"})

    page = browser.submit(PAGE, {"other": others[1], "act": "joined"})

    assert page.status == 409
    assert "in een andere zaak" in page.text
    assert now(services).joint_case != now(services, others[1]).joint_case


def test_a_report_is_not_joined_with_itself_or_with_nothing(portal, services, report):
    browser = portal.browser("handler")

    assert browser.submit(PAGE, {"other": REFERENCE, "act": "joined"}).status == 400
    assert browser.submit(PAGE, {"act": "joined"}).status == 400
    assert browser.get("/desk/cases/C-AAAAA-AAAAA").status == 404
    assert browser.get("/desk/cases/nonsense").status == 404
    assert now(services).version == 1


class Dying:
    """Reports that die at the second write."""

    def __init__(self, reports):
        self._reports, self._left = reports, 1

    def __getattr__(self, name):
        return getattr(self._reports, name)

    def save(self, before, after):
        if not self._left:
            raise OSError("died")
        self._left -= 1
        return self._reports.save(before, after)


def test_a_join_that_died_half_way_is_whole_when_it_is_sent_again(portal, services, report):
    services.reports.add(a_report(reference=OTHER))
    whole, body = services.reports, {"other": OTHER}
    services.__dict__["reports"] = Dying(whole)
    join = f"/v1/desk/reports/{REFERENCE}/joinings"
    assert portal.api("POST", join, body, person="handler", Idempotency_Key="k").status == 500

    services.__dict__["reports"] = whole
    again = portal.api("POST", join, body, person="handler", Idempotency_Key="k")

    assert again.status == 201
    assert now(services).joint_case == now(services, OTHER).joint_case != ""
    assert (now(services).version, now(services, OTHER).version) == (2, 2)


def test_a_supervisor_may_take_from_a_colleague(portal, services, report):
    portal.browser("colleague").submit(PAGE, {"to": COLLEAGUE, "act": "assigned"})

    portal.browser("supervisor").submit(PAGE, {"to": SUPERVISOR.id, "act": "assigned"})

    assert now(services).assignee == SUPERVISOR.id
