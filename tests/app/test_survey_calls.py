"""A reporter asks to be called after the survey: pages, API, and what the desk sees of it."""

from datetime import timedelta

import pytest

from chalicelib.reports.events import EventKind
from chalicelib.reports.statement import Statement
from chalicelib.reports.tasks import Task
from chalicelib.surveys import actions
from tests.support.samples import REFERENCE, a_report, answers

PAGE, API = f"/reports/{REFERENCE}", f"/v1/reports/{REFERENCE}"
WHY = "Nooit iets gehoord."


@pytest.fixture
def invited(services, clock):
    services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers(phone="06 12345678"))))
    clock.advance(timedelta(days=60))
    actions.invite_due([REFERENCE], services.survey_dispatch)


def calls(services):
    report = services.reports.get(REFERENCE)
    return [event for event in report.timeline if event.kind is EventKind.TASK_RAISED and event.to == Task.SURVEY_CALL]


@pytest.mark.usefixtures("invited")
def test_who_answered_is_asked_whether_we_may_call_and_an_officer_finds_only_that(portal, services):
    sanne, officer = portal.browser("sanne"), portal.browser("handler")

    done = sanne.submit(f"{PAGE}/survey", {"satisfaction": "1", "why": WHY})
    assert (done.status, done.location) == (303, f"{PAGE}/call?saved=survey#saved")
    asking = sanne.get(f"{PAGE}/call?saved=survey")
    assert "We hebben uw antwoorden ontvangen" in asking.text
    assert "tot en met 29 september 2016" in asking.text
    assert calls(services) == [], "asking is not consenting"
    assert sanne.submit(f"{PAGE}/call", {}).location == f"{PAGE}?saved=call#saved"

    assert "gevraagd om u te bellen" in sanne.get(PAGE).text
    tasks = officer.get("/desk/tasks?unit=Noord-Nederland&task=survey_call").text
    assert REFERENCE in tasks
    assert "wil praten over hoe wij op de hoogte hielden" in tasks
    assert WHY not in str(services.reports.get(REFERENCE))


@pytest.mark.usefixtures("invited")
def test_a_double_click_asks_once_and_a_second_time_is_told(portal, services):
    sanne = portal.browser("sanne")
    form = sanne.get(f"{PAGE}/call").hidden

    assert [sanne.post(f"{PAGE}/call", form).status for _ in range(2)] == [303, 303]
    again = sanne.post(f"{PAGE}/call", form | {"_key": "another"})

    assert again.status == 409
    assert "al eerder gevraagd" in again.text
    assert "U hebt ons op 30 augustus 2016 gevraagd" in sanne.get(f"{PAGE}/call").text
    assert len(calls(services)) == 1


@pytest.mark.usefixtures("invited")
def test_who_answered_with_the_code_of_the_mail_is_told_where_to_ask(portal):
    assert 'href="/reports"' in portal.browser().get("/survey/thanks").text


@pytest.mark.usefixtures("invited")
def test_a_low_mark_alone_calls_for_nothing(portal, services):
    before = services.reports.get(REFERENCE)

    portal.browser("sanne").submit(f"{PAGE}/survey", {"satisfaction": "1"})

    assert services.reports.get(REFERENCE) == before


@pytest.mark.usefixtures("invited")
def test_after_the_last_day_nobody_can_ask_and_the_page_says_so(portal, services, clock):
    clock.advance(timedelta(days=31))
    sanne = portal.browser("sanne")

    assert f"{PAGE}/call" not in sanne.get(PAGE).text
    assert "tot en met 29 september 2016" in sanne.get(f"{PAGE}/call").text
    assert calls(services) == []


@pytest.mark.usefixtures("invited")
def test_a_program_asks_for_a_call_once_and_reads_since_when_it_waits(portal, services):
    first = portal.api("POST", f"{API}/requests", {"sort": "call"}, person="sanne", Idempotency_Key="k1")
    again = portal.api("POST", f"{API}/requests", {"sort": "call"}, person="sanne", Idempotency_Key="k1")
    other = portal.api("POST", f"{API}/requests", {"sort": "call"}, person="sanne")
    reasoned = portal.api("POST", f"{API}/requests", {"sort": "call", "reason": WHY}, person="sanne")

    assert (first.status, again.status) == (201, 201)
    assert first.json["callAskedOn"] == "2016-08-30"
    assert (other.status, other.json["code"]) == (409, "call_twice")
    assert reasoned.status == 400
    assert len(calls(services)) == 1
    assert portal.api("POST", f"{API}/requests", {"sort": "call"}, person="neighbour").status == 404


def test_before_the_survey_the_page_says_when_it_can_be_asked(portal, services):
    services.reports.add(a_report())
    page = portal.browser("sanne").get(f"{PAGE}/call")

    assert page.status == 200
    assert "nadat wij u hebben gevraagd" in page.text
    assert portal.browser("neighbour").get(f"{PAGE}/call").status == 404
