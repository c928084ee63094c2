"""Logging in and out as people see it: the portal's pages with both simulated issuers behind them."""

import html
import json
import re
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from joserfc.jwk import RSAKey

from chalicelib import wiring
from chalicelib.reports.contact import Contact
from chalicelib.reports.facts import Reporter
from tests.app.conftest import FakeTokens
from tests.support.logins import LoginWorld, keys_json, own_keys, portal_keys
from tests.support.samples import a_report


@pytest.fixture
def world(settings, clock):
    return LoginWorld(settings, clock)


@pytest.fixture
def services(aws, settings, clock, world):
    made = wiring.Services(settings, clock, access_tokens=FakeTokens(), digid=world.digid, staff=world.staff)
    wiring.install(made)
    yield made
    wiring.install(None)


def to_the_issuer(world, url, **choice):
    """Follow the browser to the issuer, choose there, and return the address it sends the browser back to."""
    answer = world.choose_at(url, **choice)
    split = urlsplit(answer.headers["Location"])
    return f"{split.path}?{split.query}"


def logged_in(browser, world, start="/login", person="bultenaar", **choice):
    return browser.get(to_the_issuer(world, browser.get(start).location, person=person, **choice))


def token_on(page):
    """Return the form token of the logout button in the page's head."""
    return re.search(r'action="/logout"><input type="hidden" name="_token" value="([0-9a-f]{64})"', page.text)[1]


def goes_to(page):
    """Return where a page goes on to by itself, empty when it stays."""
    found = re.search(r'<meta http-equiv="refresh" content="0;url=([^"]+)">', page.text)
    return html.unescape(found[1]) if found else ""


def link_at(page):
    """Return the link to another site that a page has."""
    return re.search(r'<main.*?href="(https://[^"]+)"', page.text, re.DOTALL)[1]


def test_a_citizen_logs_in_and_lands_on_the_page_they_wanted(portal, world):
    browser = portal.browser()
    answer = logged_in(browser, world, "/login?next=/reports")

    assert (answer.status, answer.location) == (303, "/reports")
    assert "__Host-login" not in browser.cookies
    assert browser.get("/reports").status == 200


def test_the_cookies_are_for_this_host_only_and_out_of_reach_of_scripts(portal, world):
    browser = portal.browser()
    begun = browser.get("/login")
    answer = browser.get(to_the_issuer(world, begun.location, person="boer"))
    session = next(cookie for cookie in answer.cookies if cookie.startswith("__Host-session="))

    assert "Max-Age=900" in begun.cookies[0]
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in session.split("; ")
        assert part in begun.cookies[0].split("; ")


def test_an_officer_logs_in_at_the_desk(portal, world):
    browser = portal.browser()
    answer = logged_in(browser, world, "/staff/login", "handler")

    assert answer.location == "/desk"
    assert browser.get("/reports").status == 403


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/..//evil.example", "/\r\nX: y", "reports", "/a b"],
)
def test_nobody_is_sent_to_another_website_after_logging_in(portal, world, elsewhere):
    browser = portal.browser()
    answer = logged_in(browser, world, f"/login?{urlencode({'next': elsewhere})}")

    assert answer.location == "/reports"


def test_an_answer_that_another_browser_began_lets_nobody_in(portal, world):
    thief, victim = portal.browser(), portal.browser()
    link = to_the_issuer(world, thief.get("/login").location, person="haci")

    answer = victim.get(link)

    assert answer.status == 403
    assert "__Host-session" not in victim.cookies


def test_the_same_answer_twice_lets_in_once(portal, world):
    browser = portal.browser()
    begun = browser.get("/login")
    secret = browser.cookies["__Host-login"]
    back = to_the_issuer(world, begun.location, person="boer")
    browser.get(back)
    browser.cookies = {"__Host-login": secret}

    assert browser.get(back).status == 403
    assert "__Host-session" not in browser.cookies


def test_a_citizens_answer_does_not_open_the_desk(portal, world):
    browser = portal.browser()
    back = to_the_issuer(world, browser.get("/login").location, person="boer")

    assert browser.get(back.replace("/login/callback", "/staff/login/callback")).status == 403


def test_a_new_login_gets_a_new_session_and_ends_the_old_one(portal, world):
    browser = portal.browser()
    logged_in(browser, world)
    old = browser.cookies["__Host-session"]
    logged_in(browser, world)

    assert browser.cookies["__Host-session"] != old
    assert portal.services.sessions.find(old) is None


ENDINGS = [
    ({"end": "cancelled"}, 200, "You did not log in"),
    ({"end": "outage"}, 503, "Logging in does not work for the moment"),
    ({"person": "boer", "level": "low"}, 403, "Log in with a safer form of DigiD"),
]


@pytest.mark.parametrize(("choice", "status", "title"), ENDINGS)
def test_a_login_that_comes_to_nothing_says_why_and_what_to_do(portal, world, choice, status, title):
    browser = portal.browser()
    browser.cookies["__Host-language"] = "en"
    answer = browser.get(to_the_issuer(world, browser.get("/login").location, **choice))

    assert answer.status == status
    assert f"<h1>{title}</h1>" in answer.text
    assert 'href="/login"' in answer.text
    assert "0900-8844" in answer.text
    assert "state=" not in answer.text
    assert "__Host-login" not in browser.cookies


@pytest.mark.parametrize("choice", [{"end": "cancelled"}, {"end": "outage"}, {"person": "boer", "level": "low"}])
def test_who_tries_again_after_a_login_that_failed_comes_where_they_were_going(portal, world, choice):
    browser = portal.browser()
    begun = browser.get("/login?next=/report/bicycle-theft?circumstances%3Dnone")
    page = browser.get(to_the_issuer(world, begun.location, **choice))

    again = re.search(r'href="(/login\?next=[^"]+)"', page.text)[1]
    answer = logged_in(browser, world, html.unescape(again))

    assert answer.location == "/report/bicycle-theft?circumstances=none"


def test_while_digid_is_down_the_way_on_is_kept_too(portal, world):
    world.digid_issuer.down = True

    assert 'href="/login?next=/report/graffiti"' in portal.browser().get("/login?next=/report/graffiti").text


def test_while_digid_is_down_the_login_says_so(portal, world):
    world.digid_issuer.down = True
    browser = portal.browser()
    browser.cookies["__Host-language"] = "en"
    answer = browser.get("/login")

    assert answer.status == 503
    assert "We get no answer from DigiD" in answer.text


def test_an_officer_without_a_role_is_told_whom_to_ask(portal, world):
    world.staff_issuer.mint.tamper.claims = lambda claims: {**claims, "roles": ["cook"]}
    browser = portal.browser()
    browser.cookies["__Host-language"] = "en"
    answer = logged_in(browser, world, "/staff/login", "handler")

    assert (answer.status, "Ask your supervisor for a role" in answer.text) == (403, True)


def test_a_forged_token_lets_nobody_in_and_its_reason_is_logged_without_its_contents(portal, world, caplog):
    caplog.set_level("INFO")
    world.digid_issuer.mint.tamper.claims = lambda claims: {**claims, "nonce": "z" * 43}
    answer = logged_in(portal.browser(), world)

    assert answer.status == 403
    assert "login_ended door=/login reason=nonce" in caplog.text
    assert "999990019" not in caplog.text


def test_the_bsn_is_in_no_log_no_cookie_and_no_table(portal, world, aws, caplog):
    caplog.set_level("DEBUG", logger="mijn_politie")
    browser = portal.browser()
    logged_in(browser, world)

    assert aws.items("sessions")
    assert "999990019" not in caplog.text + str(aws.items("sessions")) + str(browser.cookies)


def test_logging_out_ends_the_session_here_and_leads_nowhere_by_itself(portal, world):
    browser = portal.browser()
    logged_in(browser, world)
    secret = browser.cookies["__Host-session"]
    answer = browser.post("/logout", {"_token": token_on(browser.get("/reports"))})

    assert (answer.status, goes_to(answer)) == (200, "")
    assert html.unescape(link_at(answer)).startswith("https://digid.example/logout?client_id=mijn-politie&")
    assert 'action="/logout"' not in answer.text, "nobody is logged in on that page"
    assert portal.services.sessions.find(secret).expired
    assert browser.get("/reports").location.startswith("/login")
    assert browser.get("/session").json == {"leftS": 0, "warnS": 0}
    assert portal.browser().get("/logged-out").status == 200


def test_logging_out_works_while_digid_is_down(portal, world, clock):
    browser = portal.browser()
    logged_in(browser, world)
    for _ in range(7):  # past the hour for which the issuer's addresses are kept
        clock.advance(timedelta(minutes=10))
        page = browser.get("/reports")
    world.digid_issuer.down = True

    answer = browser.post("/logout", {"_token": token_on(page)})

    assert (answer.status, "digid.example" in answer.text) == (200, False)
    assert portal.services.sessions.find(browser.cookies["__Host-session"]).ended


def test_logging_out_without_the_forms_token_does_nothing(portal):
    browser = portal.browser("sanne")

    assert browser.post("/logout").status == 403
    assert portal.services.sessions.find(browser.cookies["__Host-session"])


def test_logging_out_in_a_window_of_an_earlier_login_ends_the_present_one(portal, world):
    browser = portal.browser()
    logged_in(browser, world)
    older = browser.get("/reports")
    logged_in(browser, world)

    assert browser.post("/logout", {"_token": token_on(older)}).status == 200
    assert portal.services.sessions.find(browser.cookies["__Host-session"]).ended


def test_logging_out_with_the_token_of_somebody_else_does_nothing(portal):
    browser, other = portal.browser("sanne"), portal.browser("neighbour")

    assert browser.post("/logout", {"_token": token_on(other.get("/reports"))}).status == 403
    assert not portal.services.sessions.find(browser.cookies["__Host-session"]).ended


def test_logging_out_without_a_session_is_no_error(portal):
    assert portal.browser().post("/logout").location == "/logged-out"


@pytest.mark.parametrize(("issuer", "start", "person"), [("digid", "/login", "boer"), ("staff", "/staff/login", "handler")])
def test_who_logs_out_elsewhere_is_logged_out_here(portal, world, issuer, start, person):
    browser = portal.browser()
    logged_in(browser, world, start, person)
    secret = browser.cookies["__Host-session"]
    session_id = portal.services.sessions.find(secret).session_id
    simulator = world.digid_issuer if issuer == "digid" else world.staff_issuer
    subject = next(person_.subject for person_ in simulator.people if person_.id == person)

    answer = portal.browser().post(
        "/login/backchannel-logout", {"logout_token": simulator.mint.logout_token(subject, session_id)}
    )

    assert answer.status == 200
    assert portal.services.sessions.find(secret).expired


@pytest.mark.parametrize("start", ["/login", "/staff/login"])
@pytest.mark.parametrize("header", [{}, {"typ": None}, {"typ": "JWT"}])
@pytest.mark.parametrize("encrypted", [False, True])
def test_a_notice_of_logout_in_every_form_that_the_standard_allows_ends_exactly_that_session(
    portal, world, start, header, encrypted
):
    portal.services.__dict__["own_keys"] = own_keys()
    issuer, person = (world.digid_issuer, "boer") if start == "/login" else (world.staff_issuer, "handler")
    here, elsewhere = portal.browser(), portal.browser()
    for browser in (here, elsewhere):
        logged_in(browser, world, start, person)
    session, other = (portal.services.sessions.find(browser.cookies["__Host-session"]) for browser in (here, elsewhere))
    issuer.mint.tamper.header = header
    issuer.mint.tamper.claims = lambda claims: {name: value for name, value in claims.items() if name != "sub"}
    notice = issuer.mint.logout_token("", session.session_id)
    if encrypted:
        notice = world.digid_issuer.mint.encrypted(notice)

    answer = portal.browser().post("/login/backchannel-logout", {"logout_token": notice})

    assert session.session_id != other.session_id
    assert answer.status == 200
    assert portal.services.sessions.find(here.cookies["__Host-session"]).expired
    assert not portal.services.sessions.find(elsewhere.cookies["__Host-session"]).expired
    assert portal.browser().post("/login/backchannel-logout", {"logout_token": notice}).status == 400  # once


def test_a_notice_of_logout_that_comes_again_ends_no_later_session(portal, world):
    boer = next(person for person in world.digid_issuer.people if person.id == "boer")
    notice = {"logout_token": world.digid_issuer.mint.logout_token(boer.subject, "")}
    first = portal.browser().post("/login/backchannel-logout", notice)
    browser = portal.browser()
    logged_in(browser, world, "/login", "boer")

    again = portal.browser().post("/login/backchannel-logout", notice)

    assert (first.status, again.status) == (200, 400)
    assert not portal.services.sessions.find(browser.cookies["__Host-session"]).expired


def test_a_notice_of_logout_that_failed_half_way_can_be_sent_again(portal, world):
    browser = portal.browser()
    logged_in(browser, world, "/login", "boer")
    boer = next(person for person in world.digid_issuer.people if person.id == "boer")
    notice = {"logout_token": world.digid_issuer.mint.logout_token(boer.subject, "")}
    honest = portal.services.sessions

    class NoAnswer:
        def __getattr__(self, name):
            if name == "close_of":
                raise OSError("sessions: no answer")
            return getattr(honest, name)

    portal.services.__dict__["sessions"] = NoAnswer()
    failed = portal.browser().post("/login/backchannel-logout", notice)
    portal.services.__dict__["sessions"] = honest

    assert (failed.status, portal.browser().post("/login/backchannel-logout", notice).status) == (500, 200)
    assert honest.find(browser.cookies["__Host-session"]).expired


@pytest.fixture
def own_secret(aws, settings):
    secrets, name = aws.client("secretsmanager"), settings.oidc_keys_secret
    secrets.create_secret(Name=name, SecretString=keys_json())
    yield secrets
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def test_issuers_fetch_the_portals_public_keys_old_and_new_and_never_a_private_part(portal, settings, own_secret):
    fresh = RSAKey.generate_key(2048, {"use": "sig", "kid": "fresh-sig"}).as_dict(private=True)
    keys = [*portal_keys().as_dict(private=True)["keys"], fresh]
    own_secret.put_secret_value(SecretId=settings.oidc_keys_secret, SecretString=json.dumps({"keys": keys}))

    answer = portal.request("GET", "/.well-known/jwks.json")

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert [key["kid"] for key in answer.json["keys"]] == ["portal-sig", "portal-enc", "fresh-sig"]
    assert {name for key in answer.json["keys"] for name in key} <= {"kty", "n", "e", "kid", "use"}


def test_before_the_portal_has_keys_it_says_that_they_are_not_there_yet(portal):
    assert portal.request("GET", "/.well-known/jwks.json").status == 503


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b.c.d.e"])
def test_a_notice_of_logout_that_is_nonsense_is_refused(portal, token):
    portal.services.__dict__["own_keys"] = own_keys()

    assert portal.request("POST", "/login/backchannel-logout", body=f"logout_token={token}".encode()).status == 400


def test_a_notice_of_logout_that_is_no_form_is_refused(portal):
    assert portal.request("POST", "/login/backchannel-logout", body=b"\xff").status == 400


def test_who_gets_no_mail_reads_so_at_the_first_page_after_logging_in(portal, world, services):
    browser = portal.browser()
    logged_in(browser, world)
    citizen = services.sessions.find(browser.cookies["__Host-session"]).principal
    contact = Contact(email="weg@example.org", usable=False)
    services.reports.add(a_report(reporter=Reporter(citizen.pseudonym, citizen.sealed_bsn), contact=contact))
    assert "kwam bij ons terug" not in browser.get("/help").text

    again = portal.browser()
    logged_in(again, world)

    assert "kwam bij ons terug" in again.get("/help").text
