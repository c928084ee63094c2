"""A session comes to its end in front of a reader; and a reader who has to be gone at once."""

from datetime import timedelta

import pytest

from tests.browser import eyes
from tests.browser.tally import TALLY
from tests.browser.world import REGULAR

PERSON = REGULAR


def nearly_over(tab):
    """Make the page believe that thirteen minutes went by: its timers are those of the page's own clock."""
    tab.clock.fast_forward(timedelta(minutes=13, seconds=1).total_seconds() * 1000)


@pytest.fixture
def state():
    """The portal's answer when it is asked how long the session lasts."""
    return {"leftS": 119, "warnS": 0}


@pytest.fixture
def opened(browse, world, state):
    """Open a page as somebody whose session the portal tells of as `state` says."""
    tabs = []

    def opened(path, *, width=320, who=PERSON, language="nl"):
        window = browse(who, width=width, language=language)
        tab = window.__enter__()
        tabs.append(window)
        tab.clock.install()
        tab.route("**/session", lambda route: route.fulfill(json=state))
        tab.goto(world.address(path))
        return tab

    yield opened
    for window in tabs:
        window.__exit__(None, None, None)


@pytest.mark.parametrize(("width", "language"), [(320, "nl"), (1280, "en")])
def test_the_question_is_asked_once_and_everybody_can_answer_it(opened, width, language):
    tab = opened("/reports", width=width, language=language)

    nearly_over(tab)
    tab.locator("#session[open]").wait_for()
    tab.evaluate(eyes._AXE)

    eyes.begin_axe(tab)
    assert eyes.axe(tab, TALLY) == []
    assert tab.evaluate("document.activeElement.closest('#session-stay') !== null")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_stays_goes_on_reading(opened, state):
    tab = opened("/reports")
    nearly_over(tab)
    tab.locator("#session[open]").wait_for()

    state.update(leftS=900, warnS=780)
    tab.keyboard.press("Enter")

    tab.locator("#session:not([open])").wait_for(state="attached")
    assert tab.url.endswith("/reports")


def test_escape_means_that_somebody_is_there(opened, state):
    tab = opened("/reports")
    nearly_over(tab)
    tab.locator("#session[open]").wait_for()

    with tab.expect_request("**/session/stay"):
        tab.keyboard.press("Escape")


def test_who_was_busy_in_another_window_is_not_asked(opened, state):
    state.update(leftS=800, warnS=680)
    tab = opened("/reports")

    with tab.expect_response("**/session"):
        nearly_over(tab)

    assert not tab.locator("#session").is_visible()


def test_when_time_is_up_what_was_typed_is_sent_to_be_kept_and_the_page_goes_away(opened, world, state):
    tab = opened("/report/bicycle-theft/{empty-story}/story")
    tab.locator("textarea").first.fill("Hij stond bij het station.")
    state.update(leftS=0, warnS=0)
    cookie = next(one for one in tab.context.cookies() if one["name"] == "session")
    world.services.sessions.close(cookie["value"])

    with tab.expect_request(lambda request: request.method == "POST" and "/report/" in request.url) as sent:
        nearly_over(tab)
    tab.wait_for_url("**/session/ended**")

    assert tab.inner_text("h1") == "U bent uitgelogd"
    assert "Hij+stond+bij+het+station." in sent.value.post_data


def test_who_logs_out_in_another_window_loses_nothing_that_stood_in_this_one(browse, world):
    with browse(PERSON) as tab:
        tab.goto(world.address("/report/bicycle-theft?circumstances=none"))  # leads to a draft of its own
        page = tab.url
        tab.locator("textarea").first.fill("Hij stond bij de kerk.")
        other = tab.context.new_page()
        other.goto(world.address("/reports"))
        other.locator('form[action="/logout"] button').first.click()

        tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        tab.wait_for_url("**/session/ended**")

        assert "in een ander venster" in tab.inner_text("main")
    with browse(PERSON) as again:
        again.goto(page)
        assert again.locator("textarea").first.input_value() == "Hij stond bij de kerk."


def test_three_times_escape_leaves_at_once_and_ends_the_session(opened, world):
    tab = opened("/reports")
    tab.route("https://**", lambda route: route.fulfill(body="elsewhere"))

    with tab.expect_request("**/session/end"):
        for _ in range(3):
            tab.keyboard.press("Escape")
    tab.wait_for_url("https://**")

    tab.unroute("**/session")
    tab.goto(world.address("/reports"))
    assert tab.inner_text("h1") == "Hoe wilt u inloggen?"


def test_two_times_escape_and_a_pause_leave_nothing(opened):
    tab = opened("/reports")

    for _ in range(2):
        tab.keyboard.press("Escape")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Escape")

    assert tab.url.endswith("/reports")


def test_the_link_leaves_without_a_script_too(browse, world):
    with browse(PERSON, script=False) as tab:
        tab.route("https://**", lambda route: route.fulfill(body="elsewhere"))
        tab.goto(world.address("/reports"))

        tab.locator(".exit").click()

        tab.wait_for_url("https://**")
