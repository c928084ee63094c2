"""Callers who may not come in, typed text that is shown as text, and what happens at the very same moment.

test_bad_input.py has odd forms.
"""

import re
import threading
import unicodedata
from datetime import timedelta

import pytest

from app import app
from chalicelib.web.access import Who
from chalicelib.web.routes import declared
from infra.local.aws_tap import AwsTap
from tests.app.forms import page_of, told, typed
from tests.app.test_api_rules import person_for
from tests.support.addresses import NAMED
from tests.support.samples import CITIZEN, REFERENCE, a_report, answers

STARTS = ("/login", "/staff/login")  # they ask the issuer first, and here is none: tests/app/test_pages_login.py has them
PAGES = [operation for operation in declared(app) if not operation.is_api and operation.path not in STARTS]
CLOSED = [operation for operation in PAGES if operation.access.who is not Who.ANYONE]
HTML = "<script>alert('x')</script><b>\"&"


def named(operation):
    return f"{operation.method} {operation.path}"


def every(operations):
    assert operations
    return pytest.mark.parametrize("operation", operations, ids=named)


def address(operation):
    return re.sub(r"{(\w+)}", lambda name: NAMED[name[1]], operation.path)


def person(operation):
    return person_for(operation)


@pytest.fixture
def world(portal):
    """A portal with one report of Sanne, so that every address leads somewhere."""
    from chalicelib.reports.statement import Statement

    portal.services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))
    return portal


def tables(aws):
    return {name: aws.items(name) for name in ("reports", "drafts", "surveys", "letters")}


@every(CLOSED)
def test_nobody_comes_in_without_logging_in(operation, world, aws):
    before = tables(aws)
    send = world.browser().post if operation.method == "POST" else world.browser().get

    answer = send(address(operation))

    assert answer.status == 303
    assert answer.location.startswith(("/login?next=/", "/staff/login?next=/"))
    assert tables(aws) == before


@every(CLOSED)
def test_a_citizen_is_no_officer_and_an_officer_no_citizen(operation, world, aws):
    before, other = tables(aws), "handler" if operation.access.who is Who.CITIZEN else "sanne"
    browser = world.browser(other)

    answer = browser.post(address(operation)) if operation.method == "POST" else browser.get(address(operation))

    assert answer.status == 403
    assert tables(aws) == before


@pytest.mark.parametrize("name", ["../app.py", "..%2f..%2fapp.py", "site.css%00", "SITE.CSS", ".", "site"])
def test_a_file_that_is_not_ours_to_give_is_not_found(world, name):
    assert world.browser().get(f"/static/{name}").status == 404


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0aSet-Cookie: a=b", "javascript:1"]
)
def test_nobody_is_sent_to_another_site(world, next_):
    answer = world.browser().post("/language", {"to": "en", "next": next_})

    assert answer.status in (303, 400)
    assert "evil" not in answer.headers.get("location", "")
    assert "\n" not in answer.headers.get("location", "")


def test_html_is_shown_as_text_to_the_citizen_and_to_the_officer(portal):
    citizen = portal.browser("sanne")
    check = told(citizen, story=HTML, brand=HTML, familyName=HTML)
    receipt = citizen.submit(check, {"truth": "yes"}).location
    reference = receipt.split("/")[2]

    pages = [
        citizen.get(f"/reports/{reference}").text,
        portal.browser("handler").get(f"/desk/reports/{reference}").text,
    ]

    for page in pages:
        assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&lt;b&gt;&#34;&amp;" in page
        assert HTML not in page


SCRIPTS = ("مرحبا بالعالم", "🚲🔒 weg 👨‍👩‍👧", "e\u0301tage", "İstanbul ß ǆ", "𝒳" * 50)


def test_every_script_and_emoji_comes_back_as_typed(portal):
    citizen = portal.browser("sanne")

    receipt = citizen.submit(told(citizen, story=" · ".join(SCRIPTS)), {"truth": "yes"}).location
    page = citizen.get(f"/reports/{receipt.split('/')[2]}").text

    assert [text for text in SCRIPTS if unicodedata.normalize("NFC", text) not in page] == []


@pytest.fixture
def atomic():
    """moto's conditional writes are not atomic under threads; the local stage's one lock makes them so."""
    tap = AwsTap()
    tap.connect()
    yield
    tap.disconnect()


@pytest.mark.usefixtures("atomic")
def test_two_windows_at_the_very_same_moment_make_one_report(portal):
    browser = portal.browser("sanne")
    check = told(browser)
    form, answers_ = {**browser.get(check).hidden, "truth": "yes"}, []
    windows = [threading.Thread(target=lambda: answers_.append(browser.post(check, form))) for _ in range(4)]

    for window in windows:
        window.start()
    for window in windows:
        window.join()

    assert {answer.status for answer in answers_} == {303}
    assert len({answer.location for answer in answers_}) == 1
    assert len(portal.services.reports.of_reporter(CITIZEN.pseudonym).lines) == 1


@pytest.mark.usefixtures("atomic")
def test_two_officers_at_the_very_same_moment_make_one_change(world):
    path, done = f"/v1/desk/reports/{REFERENCE}/status-changes", []
    changes = [{"status": status, "version": 1} for status in ("checked", "referred")]
    officers = [
        threading.Thread(target=lambda c=change: done.append(world.api("POST", path, c, person="handler"))) for change in changes
    ]

    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()

    assert sorted(answer.status for answer in done) == [201, 409]
    assert len(world.services.reports.get(REFERENCE).timeline) == 2


def test_what_one_person_typed_before_the_session_ended_is_never_shown_to_the_next(portal, clock):
    browser = portal.browser("sanne")
    page = page_of(browser, "story")
    form = {**browser.get(page).hidden, "story": typed()["story"]}
    clock.advance(timedelta(minutes=20))
    browser.post(page, form)

    assert "stationsplein" not in portal.browser("neighbour").get(page).text.lower()
    assert "Mijn fiets" not in portal.browser("neighbour").get(page).text
    assert "Mijn fiets" in portal.browser("sanne").get(page).text
