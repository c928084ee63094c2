"""What nobody should send, to every page and every form: refused in words, nothing half-written, and never a failure of ours."""

import threading
from datetime import timedelta

import pytest

from app import app
from chalicelib.web.access import Who
from chalicelib.web.routes import declared
from infra.local.wire import Wire
from tests.app.forms import page_of, told, typed
from tests.samples import CITIZEN, REFERENCE, a_report, answers

STARTS = ("/login", "/staff/login")  # they ask the issuer first, and here is none: tests/app/test_pages_login.py has them
PAGES = [operation for operation in declared(app) if not operation.is_api and operation.path not in STARTS]
FORMS = [operation for operation in PAGES if operation.method == "POST" and not operation.path.startswith("/login/")]
CLOSED = [operation for operation in PAGES if operation.access.who is not Who.ANYONE]
VALUES = {
    "{reference}": REFERENCE,
    "{kind}": "bicycle-theft",
    "{draft}": "K7MD-PR3W-9XCV",
    "{step}": "story",
    "{name}": "site.css",
    "{token}": "K7MDP-R3W9X-K7MDP-R3W9X",
}
HTML = "<script>alert('x')</script><b>\"&"


def named(operation):
    return f"{operation.method} {operation.path}"


def every(operations):
    assert operations
    return pytest.mark.parametrize("operation", operations, ids=named)


def address(operation):
    path = operation.path
    for part, value in VALUES.items():
        path = path.replace(part, value)
    return path


def person(operation):
    return {Who.ANYONE: "", Who.CITIZEN: "sanne", Who.OFFICER: "handler"}[operation.access.who]


@pytest.fixture
def world(portal):
    """A portal with one report of Sanne, so that every address leads somewhere."""
    from chalicelib.reports.statement import Statement

    portal.services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))
    return portal


def tables(aws):
    return {name: aws.items(name) for name in ("reports", "drafts", "surveys", "letters")}


def token(world, who):
    return world.browser(who).get("/reports" if who == "sanne" else "/desk").hidden.get("_token", "")


@every(FORMS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://portal.example.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_form_that_another_site_sends_changes_nothing(operation, headers, world, aws):
    browser, before = world.browser(person(operation)), tables(aws)

    answer = browser.post(address(operation), {"truth": "yes"}, **headers)

    assert answer.status == 403
    assert tables(aws) == before


@every([one for one in FORMS if one.access.who is not Who.ANYONE])
@pytest.mark.parametrize("form_token", [None, "", "x" * 64, ["a", "b"]])
def test_a_form_without_the_sessions_own_token_changes_nothing(operation, form_token, world, aws):
    browser, before = world.browser(person(operation)), tables(aws)

    answer = browser.post(address(operation), {} if form_token is None else {"_token": form_token})

    assert answer.status == 403
    assert tables(aws) == before


@every([one for one in FORMS if one.access.who is not Who.ANYONE])
def test_the_token_of_another_session_is_worth_nothing(operation, world, aws):
    who, before = person(operation), tables(aws)
    other = world.browser("neighbour" if who == "sanne" else "reader").get("/reports" if who == "sanne" else "/desk").hidden

    answer = world.browser(who).post(address(operation), other)

    assert answer.status == 403
    assert tables(aws) == before


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


ODD_BODIES = {
    "nothing": b"",
    "no pairs": b"&&&===",
    "broken UTF-8": b"story=%ff%fe&why=\xff",
    "control characters": b"story=a%00b&text=a%00b&answer=a%1bb&code=%00",
    "json": b'{"a": 1}',
    "thousands of fields": b"&".join(b"a%d=1" % number for number in range(6_000)),
    "deep names": b"a.b.c.d.e.f.g=1&goods.0.0.0.0=1&goods.0=1&goods=1",
    "a value that is also a tree": b"story=1&story.a=2&happenedFrom=1&happenedFrom.date=2",
    "everything twice": b"story=1&story=2&_go=back&_go=stop&status=checked&status=closed&version=1&version=2",
    "forged buttons": b"_go=less.goods.-1&_to=https://evil.example&_key=%00&_draft=../x",
    "html": b"story=%3Cscript%3E&text=%3Cscript%3E&answer=%3Cscript%3E&explanation=%3Cscript%3E&code=%3Cscript%3E",
}


@every(FORMS)
@pytest.mark.parametrize("body", ODD_BODIES.values(), ids=ODD_BODIES)
def test_odd_forms_never_make_us_fail(operation, body, world):
    browser = world.browser(person(operation))
    secret = token(world, person(operation)) if person(operation) else ""
    own = browser.get("/reports" if person(operation) == "sanne" else "/desk").hidden.get("_token", "") if secret else ""

    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://portal.example"}
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    answer = world.request(
        "POST", address(operation), body=b"_token=" + own.encode() + b"&" + body, headers=headers | {"Cookie": cookie}
    )

    assert answer.status in (200, 204, 303, 400, 403, 404, 409, 410, 413), answer.text
    assert "<script>" not in answer.text.replace('<script src="', "")


@every(FORMS)
def test_a_form_that_is_too_large_is_not_read(operation, world, aws):
    before = tables(aws)

    answer = world.browser(person(operation)).post(address(operation), {"story": "x" * 300_000})

    assert answer.status == 413
    assert tables(aws) == before


@every([one for one in PAGES if one.method == "GET"])
@pytest.mark.parametrize(
    "query",
    [
        "?cursor=zzz&unit=x&status=y&reason=z",
        "?cursor=K7MD-PR3W-9XCV-9999999999999999",
        "?language=xx&next=//evil.example&to=check&saved=1",
        "?a=1&a=2&reason=handling&reason=audit",
        "?%ff=%ff&reason=%00",
        "?" + "a" * 4_000,
    ],
)
def test_odd_addresses_never_make_us_fail(operation, query, world):
    answer = world.browser(person(operation)).get(address(operation) + query)

    assert answer.status in (200, 303, 400, 403, 404, 409, 410), answer.text
    assert "evil.example" not in answer.headers.get("location", "")


@every([one for one in PAGES if one.method == "GET"])
def test_asking_for_the_head_of_a_page_says_what_the_page_would(operation, world):
    browser = world.browser(person(operation))
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())} if browser.cookies else {}

    head = world.request("HEAD", address(operation), headers=cookie)

    assert head.status == browser.get(address(operation)).status


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
        portal.browser("handler").get(f"/desk/reports/{reference}?reason=handling").text,
    ]

    for page in pages:
        assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&lt;b&gt;&#34;&amp;" in page
        assert HTML not in page


@pytest.mark.parametrize("text", ["مرحبا بالعالم", "🚲🔒 weg 👨‍👩‍👧", "e\u0301tage", "İstanbul ß ǆ", "𝒳" * 50], ids=ascii)
def test_every_script_and_emoji_comes_back_as_typed(portal, text):
    citizen = portal.browser("sanne")

    receipt = citizen.submit(told(citizen, story=text), {"truth": "yes"}).location

    import unicodedata

    assert unicodedata.normalize("NFC", text) in citizen.get(f"/reports/{receipt.split('/')[2]}").text


@pytest.fixture
def atomic():
    """moto's conditional writes are not atomic under threads; the local stage's one lock makes them so."""
    wire = Wire()
    wire.connect()
    yield
    wire.disconnect()


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
