"""Logging out, and what becomes of the issuer's own session: what is shown to it, where it is kept, and who is asked again."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib import wiring
from chalicelib.core.logins import AtLogout
from chalicelib.core.settings import BadSetting, load
from chalicelib.identity.model import LoginRefused
from infra.local.http import LocalRequest
from tests.app.conftest import FakeTokens
from tests.app.test_pages_login import goes_to, logged_in, token_on
from tests.support.logins import STAFF_CALLBACK, LoginWorld, with_more
from tests.support.samples import environment

DOORS = [("digid", "/login/with/digid", "boer", "/reports"), ("staff", "/staff/login", "handler", "/desk")]
DOORS += [("eherkenning", "/login/with/eherkenning", "bedrijf-donald", "/reports")]
DOORS += [("eidas", "/login/with/eidas", "eidas-elena", "/reports")]


@pytest.fixture
def stage(aws, settings, clock):
    """Return a portal whose logins end as asked: its world of issuers, and its services."""

    def built(**changes):
        at_logout = changes.pop("more", "encrypted")
        asked = with_more(replace(settings, **changes), at_logout=at_logout)
        world = LoginWorld(asked, clock)
        services = wiring.Services(asked, clock, access_tokens=FakeTokens(), providers=world.providers)
        wiring.install(services)
        return world, services

    yield built
    wiring.install(None)


def at(portal, services):
    portal.services = services
    return portal.browser()


def ended_at(world, address):
    """Follow a browser to the issuer's end of session; return where it sends the browser."""
    split = urlsplit(address)
    issuer = next(one for one in world.issuers.values() if address.startswith(one.url))
    return issuer.handle(LocalRequest("GET", split.path, parse_qs(split.query), {}, b""))


def logged_out(browser, home):
    return browser.post("/logout", {"_token": token_on(browser.get(home))})


@pytest.mark.parametrize(("key", "door", "person", "home"), DOORS)
def test_the_issuers_own_session_ends_by_its_id_token_which_tells_nobody_who_a_citizen_is(
    portal, stage, caplog, key, door, person, home
):
    caplog.set_level("DEBUG", logger="mijn_politie")
    world, services = stage(digid_at_logout="encrypted", staff_at_logout="signed")
    browser = at(portal, services)
    logged_in(browser, world, door, person)

    address = goes_to(logged_out(browser, home))
    hint = parse_qs(urlsplit(address).query)["id_token_hint"][0]
    back = ended_at(world, address)

    assert back.headers["Location"] == "https://portal.example/logged-out"
    assert hint.count(".") == (2 if key == "staff" else 4), "a citizen's is encrypted"
    assert world.issuers[key].mint.session_of(hint)
    assert hint not in caplog.text


@pytest.mark.parametrize(("key", "door", "person", "home"), DOORS)
def test_a_copy_of_the_table_of_sessions_shows_no_id_token(portal, stage, aws, key, door, person, home):
    world, services = stage(digid_at_logout="encrypted")
    browser = at(portal, services)
    logged_in(browser, world, door, person)
    secret = browser.cookies["__Host-session"]
    hint = services.sessions.hint(secret)

    assert hint
    assert hint not in str(aws.items("sessions"))
    assert services.sessions.hint("x" * 43) == ""
    logged_out(browser, home)
    assert services.sessions.hint(secret) == "", "it goes with the session"
    assert "hint" not in str(aws.items("sessions"))


def test_an_issuer_that_publishes_no_key_to_encrypt_to_is_shown_no_token(portal, stage):
    world, services = stage(digid_at_logout="encrypted")
    mint = world.digid_issuer.mint
    published = mint.published()
    mint.published = lambda: {"keys": [key for key in published["keys"] if key["use"] == "sig"]}
    browser = at(portal, services)
    logged_in(browser, world, "/login/with/digid", "boer")

    page = logged_out(browser, "/reports")

    assert goes_to(page) == ""
    assert "id_token_hint" not in page.text
    assert "https://digid.example/logout?" in page.text


def test_a_token_that_is_too_long_for_an_address_is_not_shown(portal, stage):
    world, services = stage()
    world.staff_issuer.mint.tamper.claims = lambda claims: {**claims, "groups": ["g" * 40] * 200}
    browser = at(portal, services)
    logged_in(browser, world, "/staff/login", "handler")

    page = logged_out(browser, "/desk")

    assert (page.status, goes_to(page)) == (200, "")


@pytest.mark.parametrize(
    ("how", "goes", "named"),
    [("session", True, "logout_hint"), ("link", False, "logout_hint"), ("encrypted", True, "id_token_hint")],
)
def test_how_digid_is_told_is_agreed_with_the_broker(portal, stage, how, goes, named):
    world, services = stage(digid_at_logout=how)
    browser = at(portal, services)
    logged_in(browser, world, "/login/with/digid", "boer")

    page = logged_out(browser, "/reports")

    assert bool(goes_to(page)) is goes
    assert named in page.text
    assert ("id_token_hint" in page.text) is (how == "encrypted")


def test_a_session_of_before_there_were_hints_is_logged_out_with_a_link(portal, stage, aws):
    world, services = stage(digid_at_logout="encrypted")
    browser = at(portal, services)
    logged_in(browser, world, "/login/with/digid", "boer")
    table, [item] = "sessions", [one for one in aws.items("sessions") if "principal" in one and "means" in one]
    old = {name: value for name, value in item.items() if name not in ("means", "hint")}
    aws.client("dynamodb").put_item(TableName=services.settings.table_prefix + table, Item=old)

    page = logged_out(browser, "/reports")

    assert (goes_to(page), "https://digid.example/logout?" in page.text) == ("", True)


def test_who_logged_in_with_a_login_that_is_taken_away_can_still_log_out(portal, stage):
    world, services = stage()
    browser = at(portal, services)
    logged_in(browser, world, "/login/with/eidas", "eidas-elena")
    page = browser.get("/reports")
    _, after = stage()
    fewer = wiring.Services(replace(after.settings, more_logins=""), after.clock, providers=world.providers)
    wiring.install(fewer)

    answer = browser.post("/logout", {"_token": token_on(page)})

    assert (answer.status, goes_to(answer)) == (200, "")
    assert fewer.sessions.find(browser.cookies["__Host-session"]).ended


def test_no_setting_shows_a_readable_token_of_a_citizen(settings):
    for changes in ({"DIGID_AT_LOGOUT": "signed"}, {"MORE_LOGINS": with_more(settings, at_logout="signed").more_logins}):
        with pytest.raises(BadSetting, match=r"(DIGID_AT_LOGOUT|`at_logout`) must be encrypted, session or link"):
            load(environment(settings) | changes)
    assert settings.citizen_logins[0].at_logout is AtLogout.LINK


def test_the_page_on_which_somebody_logs_out_lets_no_form_end_elsewhere(portal, stage):
    _, services = stage()
    page = at(portal, services).get("/")

    assert "form-action 'self';" in page.headers["content-security-policy"]


def test_whoever_comes_from_a_page_of_ours_goes_on_over_a_page(portal, stage):
    _, services = stage()
    for came in ({"Sec-Fetch-Site": "same-origin"}, {"Referer": "https://portal.example/report"}):
        browser = at(portal, services)
        page = browser.get("/login/with/digid", **came)

        assert (page.status, goes_to(page)[:30]) == (200, "https://digid.example/authoriz")
        assert browser.cookies["__Host-login"]
        assert link(page) == goes_to(page)
    assert at(portal, services).get("/login/with/digid").status == 303, "typed into the browser: no form can be in between"


def link(page):
    return re.search(r'<a class="button" href="([^"]+)"', page.text)[1].replace("&amp;", "&")


# Asking again


def asked_of(world, callback=STAFF_CALLBACK):
    return parse_qs(urlsplit(world.begin(callback).url).query)


@pytest.mark.parametrize(("how", "expected"), [("prompt", {"prompt": ["login"]}), ("max_age", {"max_age": ["0"]}), ("never", {})])
def test_the_next_reader_of_a_shared_computer_is_asked_again(settings, clock, how, expected):
    asked = asked_of(LoginWorld(replace(settings, staff_ask_again=how), clock))

    assert {name: asked[name] for name in ("prompt", "max_age") if name in asked} == expected


@pytest.mark.parametrize(
    ("stated", "is_let_in"),
    [
        (lambda at: at, True),
        (lambda at: at - 29, True),
        (lambda at: at - 31, False),
        (lambda _: None, False),
        (lambda _: "x", False),
    ],
)
def test_an_issuer_that_did_not_ask_lets_nobody_in_where_that_was_agreed(settings, clock, stated, is_let_in):
    world = LoginWorld(replace(settings, staff_ask_again="max_age"), clock)
    now = int(clock.now().timestamp())
    world.staff_issuer.mint.tamper.claims = lambda claims: {**claims, "auth_time": stated(now)}

    if is_let_in:
        assert world.log_in_officer().subject
    else:
        with pytest.raises(LoginRefused, match="auth_time"):
            world.log_in_officer()
