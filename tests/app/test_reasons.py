"""Why an officer looks: asked once for each report and session, with a press, and never in an address."""

import pytest

from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from tests.support.samples import REFERENCE, a_report, answers

PAGE = f"/desk/reports/{REFERENCE}"
ASKED = "Waarom bekijkt u deze aangifte?"


@pytest.fixture
def report(services):
    return services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))


def looks(services):
    return [(record.what, record.why) for record in services.audit.of(REFERENCE)]


def test_nothing_is_chosen_for_an_officer_beforehand(portal, report):
    page = portal.browser("handler", why="").get(PAGE).text

    assert page.count('name="reason"') == 2
    assert " checked" not in page
    assert " selected" not in page


def test_a_reason_is_asked_once_for_a_report_and_stands_by_every_look_after_it(portal, services, report):
    officer = portal.browser("handler", why="reporter_contact")
    officer.get(PAGE)
    officer.why = ""

    for page in (PAGE, f"{PAGE}/letters", f"{PAGE}/question"):
        assert ASKED not in officer.get(page).text
    assert {why for _, why in looks(services)} == {"reporter_contact"}


def test_who_logs_in_again_is_asked_again(portal, report):
    portal.browser("handler").get(PAGE)

    assert ASKED in portal.browser("handler", why="").get(PAGE).text


def test_an_act_stands_on_record_with_the_reason_of_its_officer(portal, services, report):
    officer = portal.browser("supervisor", why="supervision")

    officer.submit(PAGE, {"status": "checked"}, to=f"{PAGE}/status")

    assert services.reports.get(REFERENCE).status is Status.CHECKED
    assert ("change_status", "supervision") in looks(services)
    assert {why for _, why in looks(services)} == {"supervision"}


def test_a_reason_that_does_not_go_with_the_role_is_asked_again(portal, services, report):
    officer = portal.browser("handler", why="")
    form = {**officer.get(PAGE).hidden, "reason": "audit"}

    assert ASKED in officer.post(f"{PAGE}/reason", form, follow=True).text
    assert looks(services) == []


def test_the_page_on_which_it_was_asked_opens_after_it(portal, report):
    officer = portal.browser("handler", why="")
    form = {**officer.get(f"{PAGE}/letters").hidden, "reason": "handling"}

    assert officer.post(f"{PAGE}/reason", form).location == f"{PAGE}/letters"


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/logout", f"{PAGE}.evil", "", "/desk/reports/\nx"])
def test_the_reason_leads_nowhere_but_to_its_own_report(portal, report, onward):
    officer = portal.browser("handler", why="")
    form = {**officer.get(PAGE).hidden, "reason": "handling", "next": onward}

    assert officer.post(f"{PAGE}/reason", form).location == PAGE


def test_no_link_of_the_desk_holds_a_reason(portal, report):
    officer = portal.browser("handler")

    for page in (PAGE, f"{PAGE}/letters", f"{PAGE}/question", "/desk/to-tell?unit=Noord-Nederland"):
        assert "reason=" not in officer.get(page).text


def test_a_program_says_why_in_a_header(portal, services, report):
    answer = portal.api("GET", f"/v1{PAGE}", person="handler", Look_Reason="reporter_contact")

    assert answer.status == 200
    assert looks(services) == [("read_report", "reporter_contact")]


def test_a_program_that_acts_says_why_in_the_same_header(portal, services, report):
    body = {"status": "checked", "version": 1}
    portal.api("POST", f"/v1{PAGE}/status-changes", body, person="supervisor", Look_Reason="supervision")
    portal.api("POST", f"/v1{PAGE}/questions", {"text": "Hoe laat?", "version": 2}, person="handler")

    assert sorted(looks(services)) == [("ask_reporter", "handling"), ("change_status", "supervision")]


@pytest.mark.parametrize(("header", "status"), [("curiosity", 400), ("audit", 403)])
def test_a_program_does_nothing_for_a_reason_that_is_none_or_not_of_its_officer(portal, services, report, header, status):
    body = {"status": "checked", "version": 1}
    answer = portal.api("POST", f"/v1{PAGE}/status-changes", body, person="handler", Look_Reason=header)

    assert answer.status == status
    assert services.reports.get(REFERENCE) == report


@pytest.mark.parametrize(("header", "status"), [("", 400), ("curiosity", 400), ("audit", 403)])
def test_without_a_good_reason_a_program_reads_nothing_and_hears_which_header_is_wrong(portal, services, report, header, status):
    answer = portal.api("GET", f"/v1{PAGE}", person="handler", **({"Look_Reason": header} if header else {}))

    assert answer.status == status
    assert status == 403 or answer.json["errors"][0]["field"] == "Look-Reason"
    assert looks(services) == []


def test_version_one_still_takes_the_reason_in_the_address_and_says_that_it_will_not_stay(portal, services, report):
    assert portal.api("GET", f"/v1{PAGE}?reason=handling", person="handler").status == 200

    read = portal.api("GET", "/v1/openapi.json").json["paths"]["/desk/reports/{reference}"]["get"]["parameters"]
    assert [one["name"] for one in read if one.get("deprecated")] == ["reason"]
    assert "Look-Reason" in [one["name"] for one in read]
