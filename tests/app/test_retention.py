"""How long the police, and its reporter, can see a report; on the pages and in the API, with a moved clock."""

from datetime import timedelta

import pytest

from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from infra.local.schedule import scheduled_event
from tests.support.samples import NOON, REFERENCE, a_report, answers

YEAR = timedelta(days=365)
OFFICER = Actor(Role.OFFICER, "NN1234")
LISTS = "/desk/queue?unit=Noord-Nederland&status={}"


@pytest.fixture
def decided(services):
    report = services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))
    for status in (Status.CHECKED, Status.REGISTERED, Status.NOT_INVESTIGATED):
        number = "PL0100-2016123456" if status is Status.REGISTERED else ""
        after = report.changed(Change(status, explanation="Geen sporen.", registration_number=number), by=OFFICER, at=NOON)
        report = services.reports.save(report, after)
    return report


def test_after_a_year_a_decided_report_is_found_by_its_number_only_and_with_a_reason(portal, clock, services, decided):
    closed = LISTS.format("not_investigated")
    assert REFERENCE in portal.browser("handler").get(closed).text

    clock.advance(YEAR)
    officer = portal.browser("handler", why="")

    assert REFERENCE not in officer.get(closed).text
    assert "Waarom bekijkt u deze aangifte?" in officer.get(f"/desk/reports/{REFERENCE}").text
    found = officer.submit("/desk", {"number": REFERENCE.lower().replace("-", " ")})
    assert found.location == f"/desk/reports/{REFERENCE}", "where the reason is asked first"
    officer.why = "reporter_contact"
    assert officer.get(found.location).status == 200
    assert [record.why for record in services.audit.of(REFERENCE)] == ["reporter_contact"]
    listed = portal.api("GET", "/v1/desk/reports?unit=Noord-Nederland&status=not_investigated&reason=handling", person="handler")
    assert listed.json["reports"] == []


def test_what_nobody_decided_stays_on_the_worklist_after_a_year(portal, clock, services):
    services.reports.add(a_report())
    clock.advance(2 * YEAR)

    assert REFERENCE in portal.browser("handler").get(LISTS.format("received")).text


@pytest.mark.parametrize(
    ("person", "reason"),
    [("handler", "handling"), ("reader", "handling"), ("supervisor", "supervision")],
)
def test_after_five_years_no_officer_sees_it_and_its_reporter_does(portal, clock, services, decided, person, reason):
    clock.advance(5 * YEAR + timedelta(days=2))
    officer = portal.browser(person, why=reason)

    assert officer.get(f"/desk/reports/{REFERENCE}").status == 404
    assert portal.api("GET", f"/v1/desk/reports/{REFERENCE}?reason={reason}", person=person).status == 404
    assert list(services.audit.of(REFERENCE)) == []
    assert portal.browser("sanne").get(f"/reports/{REFERENCE}").status == 200


@pytest.mark.parametrize("page", ["copy", "letters", "question"])
def test_after_five_years_no_other_page_of_officers_shows_it_either(portal, clock, services, decided, page):
    clock.advance(5 * YEAR + timedelta(days=2))

    answer = portal.browser("handler").get(f"/desk/reports/{REFERENCE}/{page}")

    assert answer.status == 404
    assert list(services.audit.of(REFERENCE)) == []


def test_after_five_years_it_is_not_on_the_list_of_whom_to_tell(portal, clock, services, decided):
    services.reports.save(decided, decided.address_found_unusable(frozenset({decided.contact.email}), at=NOON))
    assert REFERENCE in portal.browser("handler").get("/desk/to-tell?unit=Noord-Nederland").text

    clock.advance(5 * YEAR + timedelta(days=2))

    assert REFERENCE not in portal.browser("handler").get("/desk/to-tell?unit=Noord-Nederland").text


def test_after_five_years_no_officer_changes_it(portal, clock, decided):
    clock.advance(5 * YEAR + timedelta(days=2))
    change = {"status": "reopened", "version": decided.version, "explanation": "Toch."}

    answer = portal.api("POST", f"/v1/desk/reports/{REFERENCE}/status-changes", change, person="handler", Idempotency_Key="k1")

    assert answer.status == 404


def test_after_ten_years_the_day_destroys_it_and_it_never_was(portal, clock, services, decided):
    from app import every_day

    clock.advance(10 * YEAR + timedelta(days=2))
    assert portal.browser("sanne").get(f"/reports/{REFERENCE}").status == 200

    for _ in range(2):
        every_day(scheduled_event("every_day", clock.now()), None)

    assert portal.browser("sanne").get(f"/reports/{REFERENCE}").status == 404
    assert [(one.kind, one.unit) for one in services.archive.tombstones.of_month("2016-07")] == [
        ("bicycle-theft", "Noord-Nederland")
    ]
    on_record = portal.api("GET", f"/v1/desk/audit/reports/{REFERENCE}", person="auditor").json["records"]
    assert [(one["officer"], one["what"], one["why"]) for one in on_record][:1] == [("every_day", "erased", "time_over")]


@pytest.mark.parametrize("typed", ["K7MD-PR3W-9XCW", "PL0100-2016123456", "999990019", "Sanne de Jong", "<script>"])
def test_what_is_no_number_of_a_report_is_said_at_the_field_and_kept_nowhere(portal, aws, caplog, typed):
    page = portal.browser("handler").submit("/desk", {"number": typed})

    assert page.status == 400
    assert "Dit is geen nummer van een aangifte" in page.text
    assert typed not in page.text + caplog.text
    assert aws.items("drafts") == []


def test_what_was_looked_for_when_the_login_ran_out_waits_nowhere(portal, aws, clock):
    officer = portal.browser("handler")
    officer.get("/desk")
    clock.advance(timedelta(minutes=16))

    answer = officer.submit("/desk", {"number": "Sanne de Jong"})

    assert answer.location == "/staff/login?next=/desk"
    assert aws.items("drafts") == []
