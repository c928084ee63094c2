"""A reporter adds to a report: the report stays as it was confirmed, and everybody who reads it reads the addition too."""

import html
import re
from datetime import timedelta

import pytest

from chalicelib.evidence.scanner import EICAR
from chalicelib.reports.additions import MOST, Sort
from chalicelib.reports.events import Actor, EventKind, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from tests.app import files
from tests.app.test_evidence import HEADERS, PHOTO, links, looked_at
from tests.support.samples import REFERENCE, a_report, answers

PAGE = f"/reports/{REFERENCE}"
OFFICER = Actor(Role.OFFICER, "NN1002")
TOLD = {
    Sort.MORE: {"text": "De buurvrouw zag een <witte> bus."},
    Sort.WRONG: {"part": "story", "text": "Het was dinsdag."},
    Sort.FOUND: {"what": "Mijn fiets", "foundOn": "1-7-2016", "where": "In de gracht"},
}


@pytest.fixture
def report(services):
    return services.reports.add(a_report())


@pytest.fixture
def browser(portal, report):
    return portal.browser("sanne")


@pytest.mark.parametrize("sort", Sort)
def test_what_is_added_stands_with_the_report_dated_and_apart(browser, services, report, sort):
    answer = browser.submit(f"{PAGE}/add/{sort}", TOLD[sort])

    assert answer.location == f"{PAGE}?saved={sort}#saved"
    stored = services.reports.get(REFERENCE)
    assert [addition.sort for addition in stored.additions] == [sort]
    assert stored.statement == report.statement
    assert stored.timeline[-1].kind in (EventKind.ADDED, EventKind.CORRECTED, EventKind.GOODS_FOUND)
    page = browser.get(answer.location.partition("#")[0])
    assert "De politie heeft ontvangen wat u toevoegde" in page.text
    for text in TOLD[sort].values():
        if text not in ("story", "1-7-2016"):
            assert text.replace("<", "&lt;").replace(">", "&gt;") in page.text


def test_who_found_something_chooses_from_what_was_listed_by_what_it_was_called(portal, services):
    listed = [{"what": "Telefoon", "brand": "Fairphone", "value": 525}, {"what": "Tas"}]
    services.reports.add(a_report(statement=Statement.of("other-theft", answers("other-theft", goods=listed))))

    page = portal.browser("sanne").get(f"{PAGE}/add/found").text

    assert all(f">{name}</label>" in page for name in ("1. Telefoon, Fairphone", "2. Tas"))


def test_the_page_leads_to_adding_and_says_why_a_report_cannot_be_withdrawn(browser):
    assert f'href="{PAGE}/add"' in browser.get(PAGE).text

    page = browser.get(f"{PAGE}/add").text

    assert all(f'href="{PAGE}/add/{sort}"' in page for sort in Sort)
    assert "niet intrekken" in page or "niet kunt intrekken" in page


def test_officer_and_copy_show_the_addition(portal, browser):
    browser.submit(f"{PAGE}/add/more", TOLD[Sort.MORE])

    desk = portal.browser("handler").get(f"/desk{PAGE}").text
    copy = browser.get(f"{PAGE}/copy").text

    for page in (desk, copy):
        assert "De buurvrouw zag een &lt;witte&gt; bus." in page


def test_a_copy_made_before_is_genuine_and_no_longer_the_latest(portal, browser):
    def code():
        return re.search(r"[A-Z0-9]{5}-[A-Z0-9]{5}", browser.get(f"{PAGE}/copy").text)[0]

    def verified(code):
        return portal.browser().post("/verify", {"reference": REFERENCE, "code": code}).text

    before = code()
    assert "staat nog zoals" in verified(before) or "niets" in verified(before)

    browser.submit(f"{PAGE}/add/found", TOLD[Sort.FOUND])

    assert "Dit afschrift is niet het laatste" in verified(before)
    assert code() != before
    assert "Dit afschrift is niet het laatste" not in verified(code())


def test_the_same_form_sent_twice_adds_once(browser, services):
    hidden = browser.get(f"{PAGE}/add/more").hidden

    for _ in range(2):
        answer = browser.post(f"{PAGE}/add/more", hidden | TOLD[Sort.MORE])
        assert answer.status == 303

    assert len(services.reports.get(REFERENCE).additions) == 1


def test_everything_wrong_is_said_at_once_and_nothing_typed_is_lost(browser, services):
    answer = browser.submit(f"{PAGE}/add/found", {"what": "", "foundOn": "31-2-2016", "where": "x" * 201})

    assert answer.status == 400
    assert 'value="31-2-2016"' in answer.text
    assert "x" * 201 in answer.text
    assert answer.text.count('class="message"') == 3
    assert services.reports.get(REFERENCE).additions == ()


@pytest.mark.parametrize("part", ["", "nonsense", "goods"])
def test_a_part_that_the_report_does_not_have_is_refused(browser, part):
    assert browser.submit(f"{PAGE}/add/wrong", {"part": part, "text": "Anders."}).status == 400


def test_adding_stops_with_a_sentence_before_the_report_is_too_large_to_keep(browser, services, clock):
    before = services.reports.get(REFERENCE)
    full = before
    for number in range(MOST):
        full = full.added(Sort.MORE, {"text": f"{number}"}, at=clock.now())
    services.reports.save(before, full)

    answer = browser.submit(f"{PAGE}/add/more", {"text": "Nog iets."})

    assert answer.status == 409
    assert "Meer kunnen wij niet bewaren" in answer.text
    assert "Nog iets." in answer.text


@pytest.mark.parametrize("status", [Status.REFERRED])
def test_a_report_that_goes_no_further_online_can_still_be_added_to(browser, services, clock, status):
    before = services.reports.get(REFERENCE)
    services.reports.save(before, before.changed(Change(status, explanation="Bel ons."), by=OFFICER, at=clock.now()))

    assert browser.submit(f"{PAGE}/add/more", TOLD[Sort.MORE]).status == 303


@pytest.mark.parametrize("path", ["add", "add/more", "objection"])
def test_somebody_elses_report_does_not_exist(portal, report, path):
    assert portal.browser("neighbour").get(f"{PAGE}/{path}").status == 404


def test_an_unknown_sort_does_not_exist(browser):
    assert browser.get(f"{PAGE}/add/withdraw").status == 404
    assert browser.post(f"{PAGE}/add/withdraw", browser.get(f"{PAGE}/add/more").hidden).status == 404


def test_what_was_typed_when_the_session_ran_out_stands_there_again(portal, browser, clock):
    hidden = browser.get(f"{PAGE}/add/more").hidden
    clock.advance(timedelta(minutes=16))
    assert browser.post(f"{PAGE}/add/more", hidden | TOLD[Sort.MORE]).status == 303

    page = portal.browser("sanne").get(f"{PAGE}/add/more").text

    assert "De buurvrouw zag een &lt;witte&gt; bus." in page


def test_a_program_adds_and_reads_what_was_added(portal, report):
    path = f"/v1{PAGE}/additions"
    body = {"sort": "more", "answers": {"text": "Een getuige."}}

    answers = [portal.api("POST", path, body, person="sanne", Idempotency_Key="a") for _ in range(2)]

    assert [answer.status for answer in answers] == [201, 201]
    found = portal.api("GET", path, person="sanne").json["additions"]
    assert [(one["number"], one["sort"], one["answers"]) for one in found] == [(1, "more", {"text": "Een getuige."})]
    assert portal.api("GET", path, person="neighbour").status == 404


def test_a_program_hears_every_field_that_is_wrong(portal, report):
    answer = portal.api("POST", f"/v1{PAGE}/additions", {"sort": "found", "answers": {"foundOn": "1"}}, person="sanne")

    assert answer.status == 400
    assert {error["field"] for error in answer.json["errors"]} == {"what", "foundOn"}


def decided(services, clock):
    before = services.reports.get(REFERENCE)
    report = before
    for status, facts in (
        (Status.CHECKED, {}),
        (Status.REGISTERED, {"registration_number": "PL0100-2016123456"}),
        (Status.NOT_INVESTIGATED, {"explanation": "Er zijn geen <beelden>."}),
    ):
        report = report.changed(Change(status, **facts), by=OFFICER, at=clock.now())
        services.reports.save(before, report)
        before = report
    return report


def test_a_decision_comes_with_its_last_day_and_a_letter_to_object(browser, services, clock):
    assert browser.get(f"{PAGE}/objection").status == 404
    decided(services, clock)

    page = browser.get(PAGE).text
    letter = browser.get(f"{PAGE}/objection").text

    assert "uiterlijk op 15 juli 2016" in page
    assert f'href="{PAGE}/objection"' in page
    for text in ("Geachte officier van justitie,", REFERENCE, "PL0100-2016123456", "Er zijn geen &lt;beelden&gt;.", "artikel 12"):
        assert text in letter


def test_before_a_decision_the_page_promises_no_day(browser):
    assert "geen vaste tijd" in browser.get(PAGE).text


# Files that go along.


def with_files(browser, sort, *chosen, **fields):
    page = f"{PAGE}/add/{sort}"
    form = files.encoded(browser.get(page).hidden | fields, {})[: -len(files.BOUNDARY) - 6]
    parts = [files.encoded({}, {"file": one})[: -len(files.BOUNDARY) - 6] for one in chosen]
    return browser._send("POST", page, b"".join([form, *parts, f"--{files.BOUNDARY}--\r\n".encode()]), HEADERS)


def test_a_file_goes_along_with_an_addition_and_the_police_can_fetch_it(portal, browser, services):
    added = with_files(browser, "more", PHOTO, _go="add", text="De buurvrouw zag een bus.")
    looked_at(portal)
    sent = with_files(browser, "more", text="De buurvrouw zag een bus.")

    assert (added.status, sent.status) == (200, 303)
    assert "De buurvrouw zag een bus.</textarea>" in added.text
    assert "foto café.jpg" in added.text
    [addition] = services.reports.get(REFERENCE).additions
    [file] = addition.evidence
    assert (addition.answers["text"], file.name, file.part) == ("De buurvrouw zag een bus.", PHOTO[0], "addition-more-1")
    own, copy = browser.get(PAGE).text, browser.get(f"{PAGE}/copy").text
    desk = portal.browser("handler").get(f"/desk{PAGE}").text
    assert all(file.sha256 in page and page.count("foto café.jpg") >= 2 for page in (own, copy, desk))
    assert "met 1 bestand" in own
    assert 'href="#addition-1"' in own
    assert 'id="addition-1"' in own
    assert browser.get(links(own)[0]).status == 303
    assert portal.browser("handler").get(html.unescape(links(desk)[0])).status == 303
    assert portal.browser("neighbour").get(links(own)[0]).status == 404
    assert portal.api("GET", f"/v1{PAGE}/additions", person="sanne").json["additions"][0]["files"][0]["sha256"] == file.sha256


def test_a_file_chosen_and_sent_with_one_button_waits_until_it_was_looked_at(portal, browser, services):
    first = with_files(browser, "found", PHOTO, **TOLD[Sort.FOUND])
    looked_at(portal)
    second = with_files(browser, "found", **TOLD[Sort.FOUND])

    assert (first.status, second.status) == (409, 303)
    assert "onderweg" in first.text
    assert "Mijn fiets</textarea>" in first.text
    assert [file.name for file in services.reports.get(REFERENCE).additions[0].evidence] == [PHOTO[0]]


def test_a_harmful_file_does_not_go_along_and_says_so(portal, browser, services):
    with_files(browser, "more", ("bon.pdf", "application/pdf", b"%PDF-1.4\n" + EICAR + b"\n%%EOF"), _go="add")
    looked_at(portal)

    page = browser.get(f"{PAGE}/add/more").text
    sent = with_files(browser, "more", text="Zonder bon.")

    assert "schadelijks" in page
    assert sent.status == 303
    assert services.reports.get(REFERENCE).additions[0].evidence == ()


def test_files_wait_for_their_owner_and_go_along_once(portal, browser, services):
    with_files(browser, "more", PHOTO, _go="add", text="Een.")
    looked_at(portal)
    hidden = portal.browser("sanne").get(f"{PAGE}/add/more")
    assert "foto café.jpg" in hidden.text

    form = browser.get(f"{PAGE}/add/more").hidden | {"text": "Een."}
    statuses = [browser.post(f"{PAGE}/add/more", form).status for _ in range(2)]
    browser.submit(f"{PAGE}/add/more", {"text": "Twee."})

    assert statuses == [303, 303]
    assert [len(one.evidence) for one in services.reports.get(REFERENCE).additions] == [1, 0]
    assert "foto café.jpg" not in browser.get(f"{PAGE}/add/more").text


def test_a_file_can_be_taken_away_before_sending(portal, browser, services):
    page = with_files(browser, "more", PHOTO, _go="add", text="Een.")
    [remove] = re.findall(r'value="(remove\.[0-9a-f]{32})"', page.text)

    after = with_files(browser, "more", _go=remove, text="Een.")
    with_files(browser, "more", text="Een.")

    assert "foto café.jpg" not in after.text
    assert services.reports.get(REFERENCE).additions[0].evidence == ()


def test_nothing_is_kept_of_the_files_while_the_words_are_wrong(portal, browser, services):
    with_files(browser, "more", PHOTO, _go="add")
    looked_at(portal)

    wrong = with_files(browser, "more", text=" ")

    assert wrong.status == 400
    assert re.search(r'value="remove\.[0-9a-f]{32}"', wrong.text)
    assert with_files(browser, "more", _go=re.search(r'value="(remove[^"]+)"', wrong.text)[1]).status == 200
