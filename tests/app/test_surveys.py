"""The survey as citizens and supervisors meet it: on the page with a code, after login, and over the API."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core import ids
from chalicelib.core.codes import kept_name, read_long
from chalicelib.surveys import actions
from chalicelib.surveys.model import Scores, code_of
from tests.support.samples import REFERENCE, a_report

ANSWER = {"satisfaction": 8, "why": "Snel bericht.", "easyToFind": 5}


@pytest.fixture
def code(services, clock):
    """The code of a reporter who was invited today."""
    services.reports.add(a_report())
    clock.advance(timedelta(days=60))
    actions.invite_due([REFERENCE], services.survey_dispatch)
    return code_of(services.derivation_key, REFERENCE)


@pytest.fixture
def stored(services, code):
    """The row of the invitation in the table."""
    return lambda: services.surveys.get(kept_name(services.derivation_key, read_long(code)))


def test_a_citizen_types_the_code_answers_and_is_thanked(portal, code, stored):
    browser = portal.browser()

    page = browser.post("/survey", {"code": code.lower().replace("-", " ")})
    assert page.status == 200
    assert code not in portal.browser().get("/survey").text
    form = page.hidden | {"satisfaction": "9", "why": "Fijn.", "understood": "5", "easyToFind": ""}
    done = browser.post("/survey/answer", form)

    assert (done.status, done.location) == (303, "/survey/thanks")
    assert browser.get("/survey/thanks").status == 200
    assert stored().answer.scores == Scores(satisfaction=9, understood=5)
    assert stored().answer.why == "Fijn."


def test_a_double_click_is_one_answer_and_a_second_answer_is_gone(portal, code):
    browser = portal.browser()
    form = browser.post("/survey", {"code": code}).hidden | {"satisfaction": "9"}

    first, again = browser.post("/survey/answer", form), browser.post("/survey/answer", form)
    second = browser.post("/survey/answer", form | {"_key": "another"})

    assert (first.status, again.status, second.status) == (303, 303, 410)
    assert browser.post("/survey", {"code": code}).status == 410


@pytest.mark.parametrize("typed", ["", "K7MDP-R3W9X", "CCCCC-CCCCC", "x" * 500])
def test_a_wrong_code_is_told_at_its_field(portal, typed):
    page = portal.browser().post("/survey", {"code": typed})

    assert page.status == 400
    assert 'id="code-error"' in page.text


def test_a_form_without_a_mark_comes_back_with_what_was_typed(portal, code, stored):
    browser = portal.browser()
    form = browser.post("/survey", {"code": code}).hidden | {"why": "Omdat <b>.", "understood": "7"}

    page = browser.post("/survey/answer", form)

    assert page.status == 400
    assert 'href="#satisfaction"' in page.text
    assert 'href="#understood"' in page.text
    assert "Omdat &lt;b&gt;." in page.text
    assert page.hidden["code"] == code
    assert stored().answer is None


def test_opening_addresses_as_a_mail_scanner_does_changes_nothing(portal, code, stored):
    before = stored()

    for path in ("/survey", "/survey/answer", "/survey/thanks", f"/survey?code={code}"):
        portal.browser().get(path)
        portal.request("HEAD", path)

    assert stored() == before


def test_a_reporter_who_logged_in_needs_no_code(portal, code, stored):
    browser = portal.browser("sanne")
    path = f"/reports/{REFERENCE}/survey"
    assert path in browser.get(f"/reports/{REFERENCE}").text
    assert code not in browser.get(path).text

    done = browser.submit(path, {"satisfaction": "6"})

    assert (done.status, done.location) == (303, "/survey/thanks")
    assert stored().answer.scores.satisfaction == 6
    assert browser.get(path).status == 410


def test_another_person_s_survey_is_not_found(portal, code):
    assert code
    assert portal.browser("neighbour").get(f"/reports/{REFERENCE}/survey").status == 404


def test_who_was_not_invited_yet_finds_no_survey(portal, services):
    services.reports.add(a_report())

    assert portal.browser("sanne").get(f"/reports/{REFERENCE}/survey").status == 404


def test_the_api_tells_what_is_asked_in_the_reader_s_language(portal, code):
    answer = portal.api("GET", "/v1/survey", Survey_Code=code, Accept_Language="en")

    assert answer.status == 200
    assert answer.json["lastDay"] == "2016-09-29"
    assert [one["name"] for one in answer.json["statements"]] == [
        "understood",
        "easyToFind",
        "takenSeriously",
        "knewWhatToExpect",
    ]
    assert answer.json["statements"][2]["text"] == "I felt taken seriously"


def test_the_api_takes_an_answer_once(portal, code, stored):
    body = ANSWER | {"code": code}

    first = portal.api("POST", "/v1/survey-answers", body, Idempotency_Key="k1")
    repeated = portal.api("POST", "/v1/survey-answers", body, Idempotency_Key="k1")
    second = portal.api("POST", "/v1/survey-answers", body)

    assert (first.status, first.json) == (201, {"answeredOn": "2016-08-30"})
    assert repeated.status == 201
    assert (second.status, second.json["code"]) == (410, "survey_answered")
    assert portal.api("GET", "/v1/survey", Survey_Code=code).json["code"] == "survey_answered"
    assert stored().answer.scores == Scores(satisfaction=8, easy_to_find=5)


def test_after_its_last_day_the_api_says_that_the_survey_expired(portal, code, clock):
    clock.advance(timedelta(days=31))

    answer = portal.api("POST", "/v1/survey-answers", ANSWER | {"code": code})

    assert (answer.status, answer.json["code"]) == (410, "survey_expired")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"satisfaction": 11}, "satisfaction"),
        ({"satisfaction": True}, "satisfaction"),
        ({"understood": 0}, "understood"),
        ({"why": "x" * 2_001}, "why"),
        ({"why": "\x07"}, "why"),
        ({"code": ""}, "code"),
        ({"code": "K7MDP-R3W9X"}, "code"),
        ({"name": "Sanne"}, "name"),
    ],
)
def test_a_bad_answer_is_refused_at_its_field(portal, code, stored, body, field):
    answer = portal.api("POST", "/v1/survey-answers", ANSWER | {"code": code} | body)

    assert answer.status == 400
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert stored().answer is None


def test_an_unknown_code_is_not_found(portal):
    known = ids.code(b"x" * 32)

    assert portal.api("GET", "/v1/survey", Survey_Code=known).status == 404
    assert portal.api("POST", "/v1/survey-answers", ANSWER | {"code": known}).status == 404


def test_a_supervisor_or_auditor_reads_the_results_of_a_closed_month_and_nobody_else(portal, services, code, clock):
    invitation = services.surveys.get(kept_name(services.derivation_key, read_long(code)))
    for n in range(12):
        services.surveys.add(replace(invitation, id=str(n)))
        services.surveys.answer(str(n), actions.Answer(Scores(satisfaction=7 + n % 2), "", invitation.invited_on), key="k")
    path = "/v1/survey-results?month=2016-07"

    early = portal.api("GET", path, person="auditor").json
    clock.advance(timedelta(days=62))
    answer = portal.api("GET", path, person="auditor")

    assert early == {"month": "2016-07", "state": "not_yet", "closedOn": "2016-10-31", "groups": []}
    assert answer.status == 200
    [group] = answer.json["groups"]
    assert (group["crime"], group["unit"]) == ("theft", "Noord-Nederland")
    assert (group["n"], group["invited"], group["responseRate"]) == (12, 13, 0.9231)
    assert group["satisfaction"]["mean"] == 7.5
    assert group["satisfaction"]["low"] < 7.5 < group["satisfaction"]["high"]
    assert [portal.api("GET", path, person=person).status for person in ("handler", "sanne", "")] == [403, 403, 401]


@pytest.mark.parametrize(
    "query",
    ["", "month=2016-13", "month=2016", "from=2016-07&to=2016-08", "month=2016-07&groupBy=unit", "month=2016-07&month=2016-08"],
)
def test_results_are_asked_for_one_month_at_a_time_and_in_no_other_grouping(portal, query):
    assert portal.api("GET", f"/v1/survey-results?{query}", person="auditor").status == 400
