"""A session ends after a quarter of an hour of nothing; its owner is warned, may stay, and loses nothing."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from chalicelib.web.assets import STATIC
from tests.app.forms import begin, page_of

IDLE = timedelta(minutes=15)


@pytest.fixture
def browser(portal):
    return portal.browser("sanne")


def timing(answer):
    return {name: int(value) for name, value in re.findall(r'data-(left|warn)="(\d+)"', answer.text)}


def test_every_page_of_somebody_logged_in_says_when_the_session_ends_and_asks_two_minutes_before(browser):
    answer = browser.get("/reports")

    assert timing(answer) == {"left": 900, "warn": 780}
    assert '<dialog id="session"' in answer.text


def test_who_is_not_logged_in_is_not_asked_anything(portal):
    answer = portal.browser().get("/")

    assert "<dialog" not in answer.text
    assert "refresh" not in answer.text


def test_without_a_script_a_page_that_is_only_read_leads_to_the_question_in_time(browser):
    answer = browser.get("/reports")

    assert '<noscript><meta http-equiv="refresh" content="780;url=/session/ending?next=/reports"></noscript>' in answer.text


def test_a_page_on_which_somebody_types_is_never_taken_away(portal, browser):
    page = begin(browser, "bicycle-theft")

    assert "refresh" not in browser.get(page).text


def test_asking_how_long_the_session_lasts_does_not_make_it_last_longer(browser, clock):
    browser.get("/reports")
    clock.advance(timedelta(minutes=13))

    for _ in range(3):
        assert browser.get("/session").json == {"leftS": 120, "warnS": 0}
    clock.advance(timedelta(minutes=2))

    assert browser.get("/session").json == {"leftS": 0, "warnS": 0}


def test_who_says_to_stay_stays_in_every_window(browser, clock):
    browser.get("/reports")
    clock.advance(timedelta(minutes=14))

    answer = browser.submit("/session/ending?next=/reports", {}, to="/session/stay")

    assert answer.location == "/reports"
    clock.advance(timedelta(minutes=14))
    assert browser.get("/session").json["leftS"] == 60
    assert browser.get("/reports").status == 200


def test_who_says_so_too_late_reads_what_was_kept_and_comes_back_to_the_same_page(browser, clock):
    browser.get("/reports")
    clock.advance(IDLE)

    answer = browser.post("/session/stay", {"next": "/reports?cursor=a&b=c"}, follow=True)

    assert "U bent uitgelogd" in answer.text
    assert 'href="/reports?cursor=a&amp;b=c"' in answer.text


def test_who_logged_out_in_another_window_reads_so_and_that_what_was_typed_is_kept(browser):
    page = page_of(browser, "story")
    browser.post("/logout", {"_token": token_on(browser.get("/reports"))})

    answer = browser.get(f"/session/ended?next={page}")

    assert "in een ander venster" in answer.text
    assert "komt terug als u die pagina weer opent" in answer.text


def test_who_left_in_a_hurry_in_another_window_is_not_promised_what_could_not_be_kept(browser):
    page = page_of(browser, "story")
    browser.post("/session/end", {"_token": token_on(browser.get("/reports"))})

    answer = browser.get(f"/session/ended?next={page}")

    assert "konden wij niet bewaren" in answer.text
    assert "komt terug als u" not in answer.text


def test_the_question_itself_does_not_make_the_session_last_and_leads_on_when_it_is_over(browser, clock):
    browser.get("/reports")
    clock.advance(timedelta(minutes=14))

    answer = browser.get("/session/ending?next=/reports")

    assert "Bent u er nog?" in answer.text
    assert 'content="61;url=/session/ended?next=/reports"' in answer.text
    clock.advance(timedelta(minutes=1))
    assert browser.get("/session/ending?next=/reports").location == "/session/ended?next=/reports"


def test_who_stayed_in_another_window_goes_back_to_the_page(browser):
    assert browser.get("/session/ended?next=/reports").location == "/reports"


@pytest.mark.parametrize("onward", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""])
def test_nobody_is_led_to_another_site(browser, clock, onward):
    for path in (f"/session/ended?next={onward}", f"/session/ending?next={onward}"):
        answer = browser.get(path)
        assert "evil" not in answer.text.partition("<main")[2]
        assert "evil" not in answer.headers.get("location", "")
    assert browser.post("/session/stay", {"next": onward}).location == "/"
    clock.advance(IDLE)
    assert "evil" not in browser.get(f"/session/ended?next={onward}").text.partition("<main")[2]


def test_who_leaves_in_a_hurry_is_logged_out_and_finds_what_was_typed(portal, browser):
    page = page_of(browser, "story")
    hidden = browser.get(page).hidden
    old = browser.cookies["__Host-session"]

    answer = browser.post("/session/end", {"_token": hidden["_token"], "_path": page, "story": "Ik zette hem neer"})

    assert answer.status == 204
    assert portal.services.sessions.find(old) is None
    assert "__Host-session" not in browser.cookies
    again = portal.browser("sanne").get(page)
    assert "Ik zette hem neer" in again.text
    assert "staat hier weer" in again.text


def test_another_site_cannot_end_a_session(portal, browser):
    answers = [
        browser.post("/session/end", {"_token": "x" * 64, "_path": "/reports"}),
        browser.post("/session/end", {}, Origin="https://evil.example"),
    ]

    assert [answer.status for answer in answers] == [403, 403]
    assert browser.get("/reports").status == 200


def test_who_leaves_in_a_hurry_after_logging_out_in_another_window_leaves_no_cookie_either(browser):
    token = token_on(browser.get("/reports"))
    browser.post("/logout", {"_token": token})

    browser.post("/session/end", {"_token": token})

    assert "__Host-session" not in browser.cookies


def test_leaving_twice_is_no_error(browser):
    token = token_on(browser.get("/reports"))

    assert [browser.post("/session/end", {"_token": token}).status for _ in range(2)] == [204, 204]


@pytest.mark.parametrize("path", ["/report", "/report/bicycle-theft/circumstances", "/reports", "/report/saved"])
def test_pages_about_a_report_have_a_way_to_leave_quickly(browser, portal, path):
    body = browser.get(path).text

    link = re.search(r'<a class="exit" href="([^"]+)" rel="noreferrer nofollow">', body)
    assert urlsplit(link[1]).netloc == urlsplit(portal.services.settings.quick_exit_url).netloc
    assert f'data-exit="{link[1]}"' in body


@pytest.mark.parametrize("path", ["/", "/privacy", "/verify"])
def test_other_pages_do_without(browser, path):
    assert 'class="exit"' not in browser.get(path).text


def token_on(page):
    """Return the form token of the logout button in the page's head."""
    return re.search(r'action="/logout"><input type="hidden" name="_token" value="([0-9a-f]{64})"', page.text)[1]


def test_logging_out_tells_how_many_reports_are_unfinished_and_only_once(portal, browser):
    for kind in ("bicycle-theft", "graffiti"):
        browser.submit(page_of(browser, "story", kind), {"story": "Het was weg."})

    browser.post("/logout", {"_token": token_on(browser.get("/reports"))})

    answer = browser.get("/logged-out")
    assert "U hebt 2 aangiften die nog niet af zijn" in answer.text
    assert "niet af" not in browser.get("/logged-out").text


@pytest.mark.parametrize("value", ["-1", "<b>", "1e9", "٣", "999"])
def test_a_forged_number_of_unfinished_reports_is_ignored(browser, value):
    browser.cookies = {"__Host-unfinished": value}

    assert "niet af" not in browser.get("/logged-out").text


def test_the_script_is_small():
    assert len((STATIC / "site.js").read_bytes()) <= 3_500
