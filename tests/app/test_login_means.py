"""Several logins side by side: choosing one, coming back the same way, and who a company and a European are to the portal."""

import json
from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.core.logins import IdentityKind
from tests.app.conftest import FakeTokens
from tests.app.test_pages_login import logged_in, to_the_issuer, token_on
from tests.support.logins import LoginWorld, own_keys, with_more
from tests.support.samples import CITIZEN

COMPANY, EUROPE, DIGID = "/login/with/eherkenning", "/login/with/eidas", "/login/with/digid"


@pytest.fixture
def settings(settings):
    return with_more(settings)


@pytest.fixture
def world(settings, clock):
    return LoginWorld(settings, clock)


@pytest.fixture
def services(aws, settings, clock, world):
    made = wiring.Services(settings, clock, access_tokens=FakeTokens(), providers=world.providers, own_keys=own_keys())
    wiring.install(made)
    yield made
    wiring.install(None)


def who(portal, browser):
    return portal.services.sessions.find(browser.cookies["__Host-session"]).principal


def came_in(portal, world, door, person):
    browser = portal.browser()
    browser.cookies["__Host-language"] = "en"
    assert logged_in(browser, world, door, person).location == "/reports"
    return browser


def test_where_there_are_more_logins_the_citizen_chooses_by_name_and_comes_where_they_were_going(portal, world):
    browser = portal.browser()
    browser.cookies["__Host-language"] = "en"
    page = browser.get("/login?next=/report/graffiti")

    assert page.status == 200
    for name, door in (("DigiD", DIGID), ("eHerkenning", COMPANY), ("a European login", EUROPE)):
        assert f'<a href="{door}?next=/report/graffiti">Log in with {name}</a>' in page.text
    assert logged_in(browser, world, f"{EUROPE}?next=/report/graffiti", "eidas-elena").location == "/report/graffiti"


@pytest.mark.parametrize("next_", ["https://evil.example", '"><script>', "//evil.example"])
def test_the_choice_carries_nobody_to_another_website(portal, world, next_):
    page = portal.browser().get(f"/login?next={next_}")

    assert "<script>" not in page.text
    assert logged_in(portal.browser(), world, f"{DIGID}?next={next_}", "boer").location == "/reports"


def test_a_login_that_there_is_not_is_not_found(portal):
    for path in ("/login/with/facebook", "/login/with/staff", "/login/callback/staff", "/login/callback/facebook"):
        assert portal.browser().get(path).status == 404


@pytest.mark.parametrize(("door", "person"), [(DIGID, "boer"), (COMPANY, "bedrijf-donald"), (EUROPE, "eidas-lukas")])
def test_who_has_to_log_in_again_goes_the_same_way_and_who_logged_out_chooses(portal, world, clock, door, person):
    browser = came_in(portal, world, door, person)
    clock.advance(portal.services.sessions.find(browser.cookies["__Host-session"]).ends_at - clock.now())

    again = browser.get("/login?next=/details")
    assert again.location.startswith(world.issuers[door.rpartition("/")[2]].url)
    assert browser.get("/login?choose=yes").status == 200, "another one can be chosen"

    browser.get(to_the_issuer(world, again.location, person=person))
    browser.post("/logout", {"_token": token_on(browser.get("/reports"))})
    assert "<h1>How do you want to log in?</h1>" in browser.get("/login").text


def test_a_login_that_came_to_nothing_can_be_tried_with_another(portal, world):
    browser = portal.browser()
    page = browser.get(to_the_issuer(world, browser.get(f"{COMPANY}?next=/details").location, end="cancelled"))

    assert 'href="/login/with/eherkenning?next=/details"' in page.text
    assert 'href="/login?choose=yes&amp;next=/details"' in page.text


def test_the_answer_of_one_issuer_cannot_be_carried_to_the_door_of_another(portal, world):
    for door, person, other in (
        (COMPANY, "bedrijf-donald", ""),
        (DIGID, "boer", "/eidas"),
        (EUROPE, "eidas-elena", "/eherkenning"),
    ):
        browser = portal.browser()
        back = to_the_issuer(world, browser.get(door).location, person=person)

        assert browser.get(f"/login/callback{other}?{back.partition('?')[2]}").status == 403
        assert "__Host-session" not in browser.cookies


def test_a_company_is_known_by_its_number_whoever_it_lets_log_in(portal, world):
    anna, bob, other = (
        who(portal, came_in(portal, world, COMPANY, person))
        for person in ("bedrijf-donald", "bedrijf-donald-2", "bedrijf-katrien")
    )

    assert anna == bob
    assert (anna.kind, anna.company, anna.sealed_bsn) == (IdentityKind.COMPANY, "68750110", "")
    assert other.pseudonym != anna.pseudonym


def test_somebody_from_elsewhere_in_europe_is_found_again_and_is_nobody_else(portal, world):
    first, again, other = (
        who(portal, came_in(portal, world, EUROPE, person)) for person in ("eidas-elena", "eidas-elena", "eidas-lukas")
    )

    assert first == again
    assert (first.kind, first.company, first.sealed_bsn) == (IdentityKind.EIDAS, "", "")
    assert other.pseudonym != first.pseudonym


def test_what_a_european_or_a_company_is_called_elsewhere_stands_in_no_log_and_no_table(portal, world, aws, caplog):
    caplog.set_level("DEBUG", logger="mijn_politie")
    browser = came_in(portal, world, EUROPE, "eidas-elena")

    assert "T5930A" not in caplog.text + str(aws.items("sessions")) + str(browser.cookies)


def with_claims(world, key, **changes):
    def change(claims):
        return {name: value for name, value in (claims | changes).items() if value is not None}

    world.issuers[key].mint.tamper.claims = change


@pytest.mark.parametrize(
    "represents", [None, {}, {"sub": "1234567"}, {"sub": 68750110}, {"sub": "123456789"}, "68750110", ["68750110"]]
)
def test_a_login_for_no_company_is_refused_and_says_what_to_do(portal, world, represents):
    with_claims(world, "eherkenning", represents=represents)
    browser = portal.browser()
    browser.cookies["__Host-language"] = "en"
    page = logged_in(browser, world, COMPANY, "bedrijf-donald")

    assert (page.status, "You did not log in for a company" in page.text) == (403, True)


def test_a_company_with_the_other_number_of_the_trade_register_is_one_too(portal, world):
    with_claims(world, "eherkenning", represents={"sub": "123456782"})

    assert who(portal, came_in(portal, world, COMPANY, "bedrijf-donald")).company == "123456782"


@pytest.mark.parametrize(("key", "door", "person"), [("digid", DIGID, "boer"), ("eidas", EUROPE, "eidas-elena")])
def test_nobody_logs_in_for_somebody_else_where_that_was_not_agreed(portal, world, key, door, person):
    with_claims(world, key, represents={"sub": "68750110"})

    assert logged_in(portal.browser(), world, door, person).status == 403


@pytest.mark.parametrize("sub", ["", " ", "ES/NL/\n", "é", "x" * 257])
def test_an_identifier_that_is_none_lets_nobody_in(portal, world, sub):
    with_claims(world, "eidas", sub=sub)

    assert logged_in(portal.browser(), world, EUROPE, "eidas-elena").status == 403


def test_too_weak_a_login_of_another_means_is_told_in_its_own_words(portal, world):
    browser = portal.browser()
    browser.cookies["__Host-language"] = "en"
    page = browser.get(to_the_issuer(world, browser.get(COMPANY).location, person="bedrijf-donald", level="low"))

    assert (page.status, "Log in in a safer way" in page.text, "DigiD app" in page.text) == (403, True, False)


def test_the_form_of_who_logged_in_for_a_company_says_so_already(portal, world):
    browser = came_in(portal, world, COMPANY, "bedrijf-donald")
    page = browser.get("/report/bicycle-theft?circumstances=none", follow=True)
    address = page.text.split('formaction="')[1].split('"')[0]
    browser.post(address, page.hidden | {"story": "De fiets van de zaak is weg."})

    [draft] = portal.services.drafts.of_owner(who(portal, browser).pseudonym)

    assert {name: draft.content[name] for name in ("victim", "companyNumber")} == {
        "victim": "company",
        "companyNumber": "68750110",
    }


def test_a_page_names_every_login_that_there_is(portal):
    browser = portal.browser()
    browser.cookies["__Host-language"] = "en"

    assert "You log in with DigiD, eHerkenning or a European login." in browser.get("/").text


@pytest.mark.parametrize(("door", "person"), [(DIGID, "boer"), (COMPANY, "bedrijf-donald"), (EUROPE, "eidas-lukas")])
def test_who_logs_out_at_the_site_of_their_login_is_logged_out_here(portal, world, door, person):
    browser, other = came_in(portal, world, door, person), came_in(portal, world, DIGID, "haci")
    session = portal.services.sessions.find(browser.cookies["__Host-session"])
    issuer = world.issuers[door.rpartition("/")[2]]
    subject = next(one.subject for one in issuer.people if one.id == person)

    notice = {"logout_token": issuer.mint.logout_token(subject, session.session_id)}
    answer = portal.browser().post("/login/backchannel-logout", notice)

    assert answer.status == 200
    assert portal.services.sessions.find(browser.cookies["__Host-session"]).ended
    assert not portal.services.sessions.find(other.cookies["__Host-session"]).ended


def test_where_one_broker_brings_two_logins_its_notice_ends_the_session_at_the_client_it_names(aws, settings, clock, portal):
    shared = json.loads(settings.more_logins)
    settings = replace(settings, more_logins=json.dumps([{**shared[0], "issuer": settings.digid_issuer}]))
    world = LoginWorld(settings, clock)
    portal.services = wiring.Services(settings, clock, access_tokens=FakeTokens(), providers=world.providers, own_keys=own_keys())
    wiring.install(portal.services)
    claims = {"aud": "mijn-politie-companies"}
    world.digid_issuer.mint.tamper.claims = lambda made: made | claims
    facts = {"issuer": settings.digid_issuer, "subject": "donald", "session_id": "sid-9"}
    secret = portal.services.sessions.open(CITIZEN, means="eherkenning", **facts)

    notice = {"logout_token": world.digid_issuer.mint.logout_token("donald", "sid-9")}
    assert portal.browser().post("/login/backchannel-logout", notice).status == 200
    assert portal.services.sessions.find(secret).ended
    claims["aud"] = "somebody else"
    notice = {"logout_token": world.digid_issuer.mint.logout_token("donald", "sid-9")}
    assert portal.browser().post("/login/backchannel-logout", notice).status == 400
