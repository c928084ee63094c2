"""Another language in the middle of a form: nothing typed is lost, nothing is carried out, with and without a login."""

import re
from datetime import timedelta

import pytest

from tests.app.forms import page_of
from tests.app.world import built
from tests.support.samples import REFERENCE


@pytest.fixture
def forms(portal, services):
    return built(services)


def switch(browser, page, typed, *, to="en"):
    """Press the language button of a page in whose form `typed` stands."""
    shown = browser.get(page)
    button = re.search(r'form="typed" formaction="([^"]+)" name="_language"', shown.text)[1].replace("&amp;", "&")
    return browser.post(button, shown.hidden | typed | {"_language": to}, follow=True)


def test_a_story_half_told_is_there_in_the_other_language_too(portal):
    browser = portal.browser("sanne")

    page = switch(browser, page_of(browser, "story"), {"story": "Hij stond op slot."})

    assert '<html lang="en">' in page.text
    assert "Hij stond op slot." in page.text
    assert "What you typed stands here again" in page.text
    assert "draft_" not in page.text


def test_choosing_a_language_sends_nothing_and_complains_of_nothing(portal, aws):
    browser = portal.browser("sanne")

    page = switch(browser, page_of(browser, "you"), {"givenNames": "", "dateOfBirth": "gisteren"})

    assert page.status == 200
    assert 'value="gisteren"' in page.text
    assert 'id="errors"' not in page.text
    assert aws.items("reports") == []


def test_back_and_forth_keeps_the_last_that_was_typed(portal):
    browser = portal.browser("sanne")
    story = page_of(browser, "story")

    switch(browser, story, {"story": "Eerst dit."})
    page = switch(browser, story, {"story": "En toen dat."}, to="nl")

    assert '<html lang="nl">' in page.text
    assert "En toen dat." in page.text
    assert "Eerst dit." not in page.text


def test_the_choice_aid_stays_ticked_without_a_login(portal):
    browser = portal.browser()

    page = switch(browser, "/report/bicycle-theft/circumstances", {"circumstances": ["violence", "abroad"]})

    assert page.status == 200
    assert '<html lang="en">' in page.text
    assert len(re.findall(r'value="(?:violence|abroad)" checked', page.text)) == 2
    assert '<html lang="en">' in browser.get("/").text


def test_a_code_half_typed_is_neither_tried_nor_lost(portal):
    browser = portal.browser()

    page = switch(browser, "/verify", {"reference": REFERENCE, "code": "K7MDP"})

    assert page.status == 200
    assert 'value="K7MDP"' in page.text


def test_answers_to_the_survey_stay_and_are_not_sent(portal, forms):
    form, browser = forms["/survey/answer"], portal.browser()
    survey = browser.post("/survey", {"code": form.fields["code"]})

    page = browser.post("/survey", survey.hidden | form.fields | {"why": "Half af", "_language": "en"})
    again = browser.post("/survey/answer", survey.hidden | form.fields | {"why": "Half af", "_language": "en"})

    for shown in (page, again):
        assert shown.status == 200
        assert '<html lang="en">' in shown.text
        assert "Half af" in shown.text
    assert browser.post("/survey/answer", survey.hidden | form.fields).location == "/survey/thanks"


@pytest.mark.parametrize("value", ["de", "", "<b>", ["en", "nl"]])
def test_a_language_that_we_do_not_speak_is_not_a_language_button(portal, value):
    browser = portal.browser("sanne")
    story = page_of(browser, "story")

    answer = browser.post(story, browser.get(story).hidden | {"story": "Weg.", "_language": value})

    assert answer.location.rpartition("/")[2] != "story"  # the step was sent, and the next one comes
    assert "__Host-language" not in browser.cookies


def test_another_site_cannot_make_us_keep_a_text(portal):
    browser = portal.browser("sanne")
    story = page_of(browser, "story")

    assert browser.post(story, {"story": "Gelogen", "_language": "en", "_token": "x"}).status == 403
    assert "Gelogen" not in browser.get(story).text


def test_a_session_that_ran_out_meanwhile_keeps_the_text_all_the_same(portal, clock):
    browser = portal.browser("sanne")
    story = page_of(browser, "story")
    hidden = browser.get(story).hidden
    clock.advance(timedelta(minutes=16))

    answer = browser.post(story, hidden | {"story": "Lang over nagedacht.", "_language": "en"})

    assert answer.location.startswith("/login?next=")
    assert "Lang over nagedacht." in portal.browser("sanne").get(story).text


def test_enter_in_a_field_goes_on_and_does_not_change_the_language(portal):
    page = portal.browser().get("/report/bicycle-theft/circumstances").text

    buttons = re.findall(r"<button[^>]*form=\"typed\"[^>]*>", page)

    assert "name=" not in buttons[0]
    assert page.index(buttons[0]) < page.index(buttons[1]) < page.index('<form id="typed"')


@pytest.mark.parametrize(
    ("header", "spoken"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("EN", "en"),
        ("nl-NL", "nl"),
        ("de, en", "en"),
        ("nl;q=0.3, en;q=0.7", "en"),
        ("en;q=0, nl;q=0.1", "nl"),
        ("en;q=0", "nl"),
        ("endless", "nl"),
        ("*", "nl"),
        ("", "nl"),
        ("e", "nl"),
    ],
)
def test_a_program_is_answered_in_the_language_that_it_likes_best_of_ours_or_in_dutch(portal, header, spoken):
    from chalicelib.core.language import accepted_language

    assert accepted_language(header) == spoken


def test_every_other_language_is_offered_in_its_own_name(portal):
    from chalicelib.core.language import LANGUAGES

    for path in ("/", "/report/bicycle-theft/circumstances"):
        page = portal.browser().get(path).text
        offered = re.findall(r'value="(\w+)" lang="\1">([^<]+)</button>', page)
        assert offered == [(language, written.name) for language, written in LANGUAGES.items() if language != "nl"]
