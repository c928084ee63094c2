"""The pages that belong to nobody in particular: entry, static files, language, and what the law wants to be said."""

import re
from pathlib import Path

import pytest

from app import app
from chalicelib.web import assets
from chalicelib.web.assets import ASSETS, STATIC
from chalicelib.web.html import TEMPLATES
from chalicelib.web.routes import declared
from tests.app.forms import page_of

PUBLIC_PAGES = ("/", "/report", "/how-it-works", "/rights", "/help", "/privacy", "/toegankelijkheid", "/verify", "/mail")


@pytest.mark.parametrize("path", PUBLIC_PAGES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_public_page_is_whole_in_both_languages(portal, path, language):
    browser = portal.browser()
    browser.post("/language", {"to": language, "next": "/"})

    page = browser.get(path)

    assert page.status == 200
    assert f'<html lang="{language}">' in page.text
    assert page.text.count("<h1>") == 1
    assert "no-store" in page.headers["cache-control"]


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_the_emergency_number_comes_first_in_the_page(portal, path):
    page = portal.browser().get(path).text

    main = page.partition("<main")[2]
    assert main.index("tel:112") < main.index("tel:09008844") < main.index("<h1>")


WAYS = {"/report", "/reports", "/desk"}


@pytest.mark.parametrize(
    ("person", "ways"), [("", WAYS), ("sanne", {"/report", "/reports"}), ("handler", {"/desk"}), ("auditor", set())]
)
def test_the_first_page_leads_everybody_to_what_they_may_open_and_nowhere_else(portal, person, ways):
    browser = portal.browser(person)
    main = browser.get("/").text.partition("<main")[2]

    assert set(re.findall(r'href="(/[a-z]+)"', main)) & WAYS == ways
    if person:
        assert {browser.get(way).status for way in ways} <= {200}


def test_outside_production_a_banner_says_that_this_is_not_the_police(portal):
    assert "Dit is niet de website van de politie" in portal.browser().get("/").text


def test_links_of_the_entry_lead_to_pages_that_exist(portal):
    page = portal.browser().get("/").text

    targets = set(re.findall(r'href="(/[^"#]*)"', page))

    assert {"/report", "/reports", "/survey", "/desk", "/help"} <= targets
    known = {operation.path for operation in declared(app) if operation.method == "GET"}
    assert {target.partition("?")[0] for target in targets if not target.startswith("/static/")} <= known


@pytest.mark.parametrize("name", ASSETS)
def test_a_static_file_is_kept_a_year_only_under_its_own_fingerprint(portal, name):
    address = f"/static/{name}?v={assets.version(name)}"

    exact, plain = portal.browser().get(address), portal.browser().get(f"/static/{name}")

    assert "immutable" in exact.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"
    assert exact.headers["content-type"] == ASSETS[name].media_type
    assert exact.text == "".join((STATIC / part).read_text("utf-8") for part in ASSETS[name].parts)


@pytest.mark.parametrize("name", ["secret.css", "..", "site.css.map"])
def test_no_other_file_is_served(portal, name):
    assert portal.browser().get(f"/static/{name}").status == 404


def test_all_static_files_are_known_and_the_styles_stay_small():
    assert {file.name for file in STATIC.iterdir()} == {part for asset in ASSETS.values() for part in asset.parts}
    assert len((STATIC / "site.css").read_bytes()) < 11_500
    assert len((STATIC / "desk.css").read_bytes()) < 5_500


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x=1", ""])
def test_the_language_form_leads_nowhere_else(portal, target):
    answer = portal.browser().post("/language", {"to": "en", "next": target})

    assert answer.location == "/"
    assert len(answer.cookies) == 1


def test_the_language_form_comes_back_to_the_same_page_with_its_query(portal):
    browser = portal.browser()

    hidden = re.search(r'name="next" value="([^"]+)"', browser.get("/help?from=mail").text)[1]
    answer = browser.post("/language", {"to": "en", "next": hidden})

    assert answer.location == "/help?from=mail"
    assert '<html lang="en">' in browser.get("/help").text


def test_security_txt_says_where_to_tell_of_a_weak_spot(portal):
    answer = portal.browser().get("/.well-known/security.txt")

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Contact: https://portal.example/help#security" in answer.text
    assert "Expires: 2016-12-28T10:00:00Z" in answer.text


def test_no_template_runs_script_or_style_of_its_own():
    sources = [path.read_text("utf-8") for path in Path(TEMPLATES).rglob("*.html")]

    assert sources
    for source in sources:
        assert not re.search(r"<script(?! defer src=)|<style|\sstyle=|\son[a-z]+=|\|\s*safe\b|autoescape false", source)


def test_who_comes_back_is_led_on_to_the_report_that_was_begun(portal):
    browser = portal.browser("sanne")
    assert "Ga verder met uw aangifte" not in browser.get("/").text
    page = page_of(browser, "story")
    browser.submit(page, {"story": "Mijn fiets is weg.", "_go": "stop"})

    entry = browser.get("/").text

    assert "Ga verder met uw aangifte" in entry
    assert f'href="{page.rpartition("/")[0]}/check"' in entry
    assert "Ga verder met uw aangifte" not in portal.browser("neighbour").get("/").text
    assert "Ga verder met uw aangifte" not in portal.browser().get("/").text
