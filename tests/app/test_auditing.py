"""An auditor reads looks and acts, each by its name, and no statement; reading them is on record too."""

import re
from datetime import timedelta

import pytest

from chalicelib.audit.model import Register
from chalicelib.reports.statement import Statement
from tests.app import world
from tests.support.samples import AUDITOR, HANDLER, REFERENCE, a_report

STORY = "KWARTEL-7F3 stond in de tuin"


@pytest.fixture
def report(services):
    return services.reports.add(a_report(statement=Statement.of("bicycle-theft", {"story": STORY})))


def noted(services, what, subject=REFERENCE, officer=HANDLER):
    services.audit.note(subject, officer=officer, what=what, why="handling")


def a_day(services):
    """One search, two looks, and a batch of three reports."""
    noted(services, "search:iban:0f3a", "search:Noord-Nederland")
    noted(services, "read_report")
    noted(services, "see_contact")
    for reference in (REFERENCE, "CCCC-CCCC-CCCC", "DDDD-DDDD-DDDD"):
        noted(services, "batch:B-7KMD", reference)


def rows_of(page):
    return re.findall(r"<tr><td>.*?</tr>", page, re.DOTALL)


def test_an_auditor_reads_a_search_two_looks_and_a_batch_of_three_each_by_name(portal, services, report):
    a_day(services)

    page = portal.browser("auditor").get(f"/desk/audit/officers?officer={HANDLER.id}&month=2016-07").text

    rows = rows_of(page)
    assert len(rows) == 6
    assert sum("Gezocht" in row for row in rows) == 1
    assert sum("De aangifte bekeken" in row or "hoe de aangever te bereiken is" in row for row in rows) == 2
    assert sum("Met meer aangiften tegelijk gedaan" in row and "B-7KMD" in row for row in rows) == 3
    assert STORY not in page


def test_the_look_of_the_auditor_adds_one(portal, services, report):
    a_day(services)
    browser = portal.browser("auditor")

    pages = [browser.get(f"/desk/audit/reports/{REFERENCE}").text for _ in range(2)]

    of_auditor = [sum(AUDITOR.id in row for row in rows_of(page)) for page in pages]
    assert of_auditor == [1, 2]
    assert [len(rows_of(page)) - found for page, found in zip(pages, of_auditor, strict=True)] == [3, 3]
    assert [look.what for look in services.audit.by_officer(AUDITOR.id, "2016-07").records] == ["audited:report"] * 2
    assert not any(STORY in page for page in pages)


def test_an_auditor_chooses_why_they_check_once_in_a_session_and_each_reading_is_on_record_with_it(portal, services, report):
    browser = portal.browser("auditor")
    browser.get(f"/desk/audit/reports/{REFERENCE}")

    assert browser.submit("/desk/audit", {"reason": "audit_complaint"}).location.endswith("/desk/audit")
    page = browser.get("/desk/audit").text
    browser.get(f"/desk/audit/reports/{REFERENCE}")
    browser.submit("/desk/audit", {"reason": "handling"})  # goes with another role: nothing is kept
    browser.get("/desk/audit/officers?officer=NN1234&month=2016-07")
    portal.browser("auditor").get(f"/desk/audit/reports/{REFERENCE}")  # another session asks anew

    assert "Vastgelegd als reden:</strong>" not in page
    assert "<strong>Iemand klaagde, of vroeg wie er keek</strong>" in page
    whys = [look.why for look in services.audit.by_officer(AUDITOR.id, "2016-07").records]
    assert sorted(whys) == ["audit", "audit", "audit_complaint", "audit_complaint"]


@pytest.mark.parametrize(("reason", "status"), [("audit_suspicion", 200), ("handling", 403), ("curiosity", 400)])
def test_a_program_of_an_auditor_says_why_in_a_header(reason, status, portal, services, report):
    path = f"/v1/desk/audit/reports/{REFERENCE}"

    assert portal.api("GET", path, person="auditor", Look_Reason=reason).status == status

    looks = [look.why for look in services.audit.by_officer(AUDITOR.id, "2016-07").records]
    assert looks == ([reason] if status == 200 else [])


def test_the_reporter_does_not_read_the_auditors_check_as_a_look_at_their_report(portal, services):
    portal.browser("auditor").get(f"/desk/audit/reports/{REFERENCE}")

    assert list(services.audit.of(REFERENCE)) == []


def test_a_number_or_a_staff_id_leads_to_its_page_and_what_is_neither_comes_into_no_address(portal, services):
    browser = portal.browser("auditor")

    by_number = browser.submit("/desk/audit", {"number": REFERENCE.lower()})
    by_officer = browser.submit("/desk/audit", {"officer": "NN1234", "month": "2016-07"})

    assert by_number.location.endswith(f"/desk/audit/reports/{REFERENCE}")
    assert by_officer.location.endswith("/desk/audit/officers?officer=NN1234&month=2016-07")
    for typed, told in (
        ({"number": "Jan Jansen"}, "Dit is geen nummer van een aangifte"),
        ({"number": ""}, "Vul dit in"),
        ({"officer": "Jan Jansen", "month": "2016-07"}, "Schrijf het personeelsnummer"),
        ({"officer": "NN1234", "month": "juli"}, "Schrijf de maand"),
        ({"officer": "", "month": ""}, "Schrijf het personeelsnummer"),
    ):
        answer = browser.submit("/desk/audit", typed)
        assert answer.status == 400
        assert told in answer.text
        assert "location" not in answer.headers


def test_what_was_refused_and_done_out_of_hours_is_listed_and_the_rest_is_sampled(portal, services, clock, report):
    noted(services, "read_report")
    clock.advance(timedelta(minutes=5))
    noted(services, "change_status")
    noted(services, "read_report", world.OTHER_REFERENCE)
    noted(services, "read_report", f"refused:{world.OTHER_REFERENCE}")
    clock.advance(timedelta(hours=10))
    noted(services, "read_report", "CCCC-CCCC-CCCC")

    auditor = portal.browser("auditor")
    pages = {each: auditor.get(f"/desk/audit/registers?week=2016-W26&register={each}").text for each in Register}

    assert [world.OTHER_REFERENCE in row for row in rows_of(pages[Register.REFUSED])] == [True]
    evening = [row for row in rows_of(pages[Register.OUT_OF_HOURS]) if AUDITOR.id not in row]
    assert ["CCCC-CCCC-CCCC" in row for row in evening] == [True]
    sampled = {(REFERENCE in row, "<td>Ja</td>" in row, "<td>Nee</td>" in row) for row in rows_of(pages[Register.SAMPLE])}
    assert {(True, True, False), (False, False, True), (True, False, False)} == sampled


def test_a_report_that_was_destroyed_can_still_be_checked(portal, services):
    services.audit.note("CCCC-CCCC-CCCC", officer=HANDLER, what="read_report", why="handling")

    page = portal.browser("auditor").get("/desk/audit/reports/CCCC-CCCC-CCCC")

    assert page.status == 200
    assert HANDLER.id in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/desk/audit/reports/nope",
        "/desk/audit/officers",
        "/desk/audit/officers?officer=NN1234&month=2016-13",
        "/desk/audit/officers?officer=NN1234&month=2016-07&cursor=zz",
        "/desk/audit/registers?week=2016-W54&register=sample",
        "/desk/audit/registers?week=2016-W26&register=all",
        f"/desk/audit/reports/{REFERENCE}?cursor=zz",
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(portal, path):
    assert portal.browser("auditor").get(path).status in (400, 404)


@pytest.mark.parametrize("person", ["reader", "handler", "supervisor", "stranger"])
def test_nobody_else_reads_what_is_on_record(portal, services, person):
    assert portal.browser(person).get("/desk/audit").status == 403
    assert portal.browser(person).get(f"/desk/audit/reports/{REFERENCE}").status == 403
    assert portal.api("GET", f"/v1/desk/audit/reports/{REFERENCE}", person=person).status == 403


def test_programs_read_the_same_page_by_page(portal, services, clock):
    a_day(services)
    for _ in range(50):
        noted(services, "read_report")

    path = f"/v1/desk/audit/officers?officer={HANDLER.id}&month=2016-07"
    first = portal.api("GET", path, person="auditor").json
    second = portal.api("GET", f"{path}&cursor={first['nextCursor']}", person="auditor").json
    report = portal.api("GET", f"/v1/desk/audit/reports/{REFERENCE}", person="auditor").json
    sample = portal.api("GET", "/v1/desk/audit/registers?week=2016-W26&register=sample", person="auditor").json

    assert len(first["records"]) == 50
    assert len(second["records"]) == 6
    assert second["nextCursor"] is None
    assert [one["officer"] for one in report["audited"]] == [AUDITOR.id]
    assert {"subject", "at", "officer", "roles", "what", "why"} == set(report["records"][0])
    assert len(sample["lines"]) == 10
    assert portal.api("GET", f"{path}&cursor=zz", person="auditor").status == 400
