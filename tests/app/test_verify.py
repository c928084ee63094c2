"""Whoever holds a copy learns whether it is genuine, when it was filed, and nothing else; and nobody finds a code by trying."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.copies.model import code_of
from chalicelib.core import ids
from chalicelib.core.language import Language, translate
from chalicelib.reports.statement import Statement
from tests.support.samples import NOON, REFERENCE, a_report, answers

WRONG = ids.code(b"w" * 32)
NOBODYS = ids.reference(b"n" * 32)
ANSWER = {"satisfaction": 8}


@pytest.fixture
def report(services):
    return services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers()), at=NOON - timedelta(days=30)))


@pytest.fixture
def code(services, report):
    return code_of(services.derivation_key, REFERENCE, report.statement, 0)


def verify(portal, reference, code):
    return portal.browser().post("/verify", {"reference": reference, "code": code})


def verdict(page):
    """The page without what somebody typed into it."""
    return re.sub(r' value="[^"]*"', "", page.text)


def test_a_genuine_copy_is_told_with_its_day_and_nothing_else(portal, report, code):
    page = verify(portal, REFERENCE, code)

    assert page.status == 200
    assert "1 juni 2016" in page.text
    for secret in (REFERENCE, code, report.statement.sha256, "Sanne", "Gazelle", report.unit, "ontvangen"):
        assert secret not in page.text.partition("<main")[2].partition("</main>")[0]


def test_number_and_code_may_be_typed_as_people_do(portal, report, code):
    typed = verify(portal, f" {REFERENCE.lower().replace('-', ' ')} ", code.lower().replace("-", ""))

    assert "1 juni 2016" in typed.text


def test_a_wrong_number_and_a_wrong_code_look_the_same(portal, report, code):
    pages = [
        verify(portal, reference, typed)
        for reference, typed in [
            (REFERENCE, WRONG),
            (NOBODYS, code),
            (NOBODYS, WRONG),
            (REFERENCE, "x"),
            ("x", code),
            ("é" * 300, "\U0001f6b2"),
        ]
    ]

    assert {page.status for page in pages} == {200}
    assert len({verdict(page) for page in pages}) == 1
    assert "1 juni 2016" not in pages[0].text
    assert f"<h1>{translate('We do not know this copy', Language.NL)}</h1>" in pages[0].text


def test_a_code_of_another_report_does_not_fit(portal, services, report, code):
    other = services.reports.add(a_report(reference=NOBODYS))

    assert verdict(verify(portal, NOBODYS, code)) == verdict(verify(portal, REFERENCE, WRONG))
    assert "1 juli 2016" in verify(portal, NOBODYS, code_of(services.derivation_key, NOBODYS, other.statement, 0)).text


def test_what_was_typed_stays_and_nothing_of_it_is_markup(portal, report):
    page = verify(portal, '"><b>x', "<i>")

    assert "&#34;&gt;&lt;b&gt;x" in page.text
    assert "<b>x" not in page.text


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({}, ["reference", "code"]),
        ({"reference": REFERENCE, "code": " "}, ["code"]),
        ({"code": ["a", "b"]}, ["reference", "code"]),
    ],
)
def test_what_is_left_empty_is_told_at_its_field_and_is_no_try(portal, aws, form, wrong):
    page = portal.browser().post("/verify", form)

    assert page.status == 400
    assert re.findall(r'id="(\w+)-error"', page.text) == wrong
    assert aws.items("limits") == []


def test_an_address_never_verifies_anything(portal, report, code):
    page = portal.browser().get(f"/verify?reference={REFERENCE}&code={code}")

    assert page.status == 200
    assert verdict(page).replace(f"?reference={REFERENCE}&amp;code={code}", "") == verdict(portal.browser().get("/verify"))


def test_every_page_leads_to_it(portal):
    for path in ("/", "/help"):
        assert 'href="/verify"' in portal.browser().get(path).text.partition("<footer")[2]


def test_after_ten_failed_tries_even_the_right_code_has_to_wait(portal, clock, report, code):
    for _ in range(10):
        assert verify(portal, REFERENCE, WRONG).status == 200

    refused = verify(portal, REFERENCE, code)

    assert (refused.status, refused.headers["retry-after"]) == (429, "600")
    assert "10 minut" in refused.text
    clock.advance(timedelta(minutes=10))
    assert "1 juni 2016" in verify(portal, REFERENCE, code).text


def test_genuine_copies_can_be_checked_all_day(portal, report, code):
    for _ in range(12):
        assert "1 juni 2016" in verify(portal, REFERENCE, code).text


def test_another_address_is_not_kept_waiting_and_a_header_does_not_make_one(portal, report, code):
    for _ in range(10):
        verify(portal, REFERENCE, WRONG)
    forged = portal.browser().post("/verify", {"reference": REFERENCE, "code": code}, **{"X-Forwarded-For": "192.0.2.9"})

    assert forged.status == 429
    assert verify(replace(portal, source_ip="192.0.2.9"), REFERENCE, code).status == 200


def test_tries_with_copies_leave_those_with_survey_codes_alone(portal, report):
    for _ in range(10):
        verify(portal, REFERENCE, WRONG)

    assert portal.browser().post("/survey", {"code": WRONG}).status == 400


TRIES = {
    "the page": lambda portal: portal.browser().post("/survey", {"code": WRONG}),
    "the form behind it": lambda portal: portal.browser().post("/survey/answer", ANSWER | {"code": WRONG}),
    "that form with a mistake": lambda portal: portal.browser().post("/survey/answer", {"code": WRONG}),
    "reading": lambda portal: portal.api("GET", "/v1/survey", Survey_Code=WRONG),
    "answering": lambda portal: portal.api("POST", "/v1/survey-answers", ANSWER | {"code": WRONG}),
}


@pytest.mark.parametrize("first", TRIES)
def test_a_survey_code_cannot_be_found_by_trying_at_any_door(portal, first):
    for _ in range(10):
        assert TRIES[first](portal).status in (400, 404)

    refused = {name: one(portal) for name, one in TRIES.items()}

    assert {name: answer.status for name, answer in refused.items()} == dict.fromkeys(TRIES, 429)
    assert {answer.headers["retry-after"] for answer in refused.values()} == {"600"}
    problem = refused["reading"].json
    assert (problem["status"], bool(problem["title"]), bool(problem["detail"])) == (429, True, True)


def test_the_description_says_where_one_may_be_told_to_wait(portal):
    described = portal.api("GET", "/v1/openapi.json").json
    paths = described["paths"]

    limited = {(method, path) for path, methods in paths.items() for method, one in methods.items() if "429" in one["responses"]}

    assert limited == {("get", "/survey"), ("post", "/survey-answers"), ("post", "/reports")}
    for method, path in limited:
        refused = described["components"]["responses"][paths[path][method]["responses"]["429"]["$ref"].rpartition("/")[2]]
        assert "Retry-After" in refused["headers"]


def test_a_survey_answered_before_and_a_form_with_a_mistake_are_no_failed_tries(portal, services, clock, report):
    from chalicelib.surveys import actions
    from chalicelib.surveys.model import code_of as survey_code_of

    clock.advance(timedelta(days=60))
    actions.invite_due([REFERENCE], services.survey_dispatch)
    code = survey_code_of(services.derivation_key, REFERENCE)

    mistakes = [portal.browser().post("/survey/answer", {"code": code}).status for _ in range(11)]
    first = portal.api("POST", "/v1/survey-answers", ANSWER | {"code": code}).status
    again = [portal.api("POST", "/v1/survey-answers", ANSWER | {"code": code}).status for _ in range(11)]

    assert (set(mistakes), first, set(again)) == ({400}, 201, {410})
