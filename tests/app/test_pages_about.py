"""The portal's words about itself agree with what it does; and every error has a way on."""

import re
from datetime import timedelta

import pytest

from chalicelib.citizen.about import DECISIONS_EXPLAINED, USUAL_COURSE
from chalicelib.core.language import Language, translate
from chalicelib.drafts import store
from chalicelib.identity.sessions import KEPT_EXPIRED
from chalicelib.letters import ledger
from chalicelib.reports.crimes import KINDS, hints
from chalicelib.reports.statuses import DECISIONS, WORDS
from chalicelib.surveys import store as surveys
from chalicelib.web import html
from chalicelib.web.request import BODY_LIMIT
from tests.support.samples import REFERENCE


def english(portal, person=""):
    browser = portal.browser(person)
    browser.cookies["__Host-language"] = "en"
    return browser


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2]))


def test_how_it_works_uses_the_words_that_a_citizen_reads_later(portal):
    page = portal.browser().get("/how-it-works").text

    for status in (*USUAL_COURSE, *DECISIONS_EXPLAINED):
        assert translate(WORDS[status].name, Language.NL) in page
    assert set(DECISIONS_EXPLAINED) == DECISIONS


def test_how_it_works_names_the_terms_that_the_portal_keeps(portal):
    page, deadlines = text_of(english(portal).get("/how-it-works")), portal.services.deadlines

    assert f"{deadlines.question_days} days to answer" in page
    assert f"{deadlines.survey_after_decision_days} days after the decision" in page
    assert f"at the latest {deadlines.survey_latest_days} days" in page


def test_the_privacy_page_names_the_times_that_the_tables_keep(portal):
    page, settings = text_of(english(portal).get("/privacy")), portal.services.settings

    for said in (
        f"{store.KEPT.days} days after you last worked",
        f"you were told: {ledger.KEPT.days // 365} years",
        f"link to your report: {surveys.KEPT.days // 365} years",
        f"{settings.session_idle_s // 60} minutes without a click",
        f"erased {KEPT_EXPIRED // timedelta(hours=1)} hours later",
        f"guess a code: {settings.limit_window_s // 60} minutes",
    ):
        assert said in page


@pytest.mark.parametrize("path", ["/how-it-works", "/rights", "/help", "/privacy", "/toegankelijkheid"])
def test_every_page_leads_to_what_explains_it(portal, path):
    footer = portal.browser().get("/").text.partition("<footer")[2]

    assert f'href="{path}"' in footer


@pytest.mark.parametrize("number", ["tel:+31343578844", "tel:09000101", "tel:08002000"])
def test_the_numbers_of_help_can_be_dialled(portal, number):
    assert f'href="{number}"' in portal.browser().get("/help").text


def test_no_page_of_explanation_loads_anything_from_elsewhere(portal):
    for path in ("/how-it-works", "/rights", "/help", "/privacy", "/toegankelijkheid"):
        assert not re.search(r'(?:src|href)="https?://', portal.browser().get(path).text)


ERRORS = [
    ("403, for officers", "GET", "/desk", "sanne", {}, 403, "/reports"),
    ("403, for citizens", "GET", "/reports", "handler", {}, 403, "/desk"),
    ("403, forged", "POST", "/logout", "sanne", {"_token": "x"}, 403, "/reports"),
    ("404", "GET", "/report/no-such-kind", "sanne", {}, 404, "/reports"),
    ("404, no such report", "GET", f"/reports/{REFERENCE}", "sanne", {}, 404, "/reports"),
    ("404, no such report at the desk", "GET", f"/desk/reports/{REFERENCE}", "handler", {}, 404, "/desk"),
    ("404, nobody", "GET", "/static/nothing.css", "", {}, 404, "/"),
    ("405", "POST", "/help", "", {}, 405, "/"),
    ("413", "POST", "/verify", "", {"code": "x" * (BODY_LIMIT + 1)}, 413, "/"),
]


@pytest.mark.parametrize(
    ("method", "path", "person", "form", "status", "onward"), [row[1:] for row in ERRORS], ids=[row[0] for row in ERRORS]
)
def test_every_error_says_what_to_do_and_leads_on(portal, method, path, person, form, status, onward):
    browser = english(portal, person)

    page = browser.get(path) if method == "GET" else browser.post(path, form)

    assert page.status == status
    main = page.text.partition("<main")[2].partition("</main>")[0]
    assert "<h1>" in main
    assert f'href="{onward}"' in main
    assert "tel:112" in main
    assert "Allow header" not in main


def test_who_is_refused_because_of_who_they_are_can_log_out_on_the_spot(portal):
    for person, path in (("sanne", "/desk"), ("handler", "/reports")):
        browser = portal.browser(person)

        token = re.search(r'action="/logout"><input type="hidden" name="_token" value="(\w+)"', browser.get(path).text)[1]

        browser.post("/logout", {"_token": token})

        assert browser.get("/session").json["leftS"] == 0


BROKEN = html._environment(Language.EN).from_string("{% block main %}{{ 1 // 0 }}{% endblock %}")


@pytest.mark.parametrize(("fails", "at"), [(lambda: 1 // 0, "_lambda_"), (BROKEN.render, "block_main_")])
def test_a_failure_of_ours_is_a_page_with_a_way_on(portal, caplog, fails, at):
    browser = english(portal, "sanne")
    portal.services.reports.of_reporter = lambda *_, **__: fails()

    page = browser.get("/reports")

    assert page.status == 500
    assert "It is not your fault" in page.text
    assert [each for each in caplog.messages if re.search(rf"unexpected_error error=ZeroDivisionError at=\S+:\d+:{at}$", each)]
    assert 'href="/help"' in page.text.partition("<main")[2]


def test_who_is_in_danger_reads_that_first_and_can_change_a_wrong_tick(portal):
    browser = portal.browser()

    page = browser.post("/report/bicycle-theft/circumstances", {"circumstances": "danger"})

    assert re.search(r'<h1>Bel nu <a class="number" href="tel:112">112</a></h1>', page.text)
    assert "<title>Bel nu 112" in page.text
    assert 'href="/report/bicycle-theft/circumstances"' in page.text.partition("<main")[2]


def test_other_reasons_to_stop_lead_back_too(portal):
    page = english(portal).post("/report/bicycle-theft/circumstances", {"circumstances": "violence"})

    assert "<h1>We cannot take this report online</h1>" in page.text
    assert "Change your answer" in page.text


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_is_given_examples_of_another_crime(kind):
    hints = " ".join(question.hint for question in KINDS[kind].questions)

    assert ("internet" in hints) == (KINDS[kind].crime == "fraud")
    assert "bicycle shed" not in hints or kind == "bicycle-theft"
    assert all(question.hint for question in KINDS[kind].questions if question.name in ("municipality", "place"))


@pytest.mark.parametrize("table", [*hints.BY_CRIME.values(), *hints.BY_KIND.values()])
def test_every_hint_is_one_of_a_question_that_exists(table):
    assert set(table) <= {question.name for question in KINDS["graffiti"].questions}
