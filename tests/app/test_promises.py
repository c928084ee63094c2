"""The promises to reporters as they and officers use them: pages and API."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.reports import promises
from chalicelib.reports.contact import Safety
from chalicelib.reports.events import Actor, EventKind, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from tests.support.samples import NOON, REFERENCE, a_report, answers

OFFICER = Actor(Role.OFFICER, "NN1234")
PAGE, DESK = f"/reports/{REFERENCE}", f"/desk/reports/{REFERENCE}"
API, DESK_API = f"/v1/reports/{REFERENCE}", f"/v1/desk/reports/{REFERENCE}"
REASON = "Er hangt een camera op de hoek"


@pytest.fixture
def report(services):
    return services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))


@pytest.fixture
def decided(services, report):
    now = services.clock.now()
    change = Change(Status.REGISTERED, registration_number="PL0100-2016123456")
    registered = report.changed(Change(Status.CHECKED), by=OFFICER, at=now).changed(change, by=OFFICER, at=now)
    said = Change(Status.NOT_INVESTIGATED, explanation="Er zijn geen aanknopingspunten.")
    return services.reports.save(report, registered.changed(said, by=OFFICER, at=now))


def kinds(services):
    return [event.kind for event in services.reports.get(REFERENCE).timeline]


def test_a_reporter_asks_how_it_stands_and_an_officer_answers(portal, services, report, clock):
    assert "Vanaf 15 juli 2016" in portal.browser("sanne").get(PAGE).text
    clock.advance(timedelta(days=14))
    sanne, officer = portal.browser("sanne"), portal.browser("handler")

    assert f"{PAGE}/update" in sanne.get(PAGE).text
    assert "uiterlijk op 29 juli 2016" in sanne.get(f"{PAGE}/update").text
    assert sanne.submit(f"{PAGE}/update", {}).status == 303
    assert "U hoort uiterlijk op 29 juli 2016 van ons" in sanne.get(PAGE).text

    assert "uiterlijk op 29 juli 2016" in officer.get(f"{DESK}/update").text
    done = officer.submit(f"{DESK}/update", {"explanation": "Wij wachten op beelden.", "_step": "do"})
    assert done.status == 303
    assert kinds(services)[-2:] == [EventKind.UPDATE_ASKED, EventKind.UPDATE_GIVEN]
    page = sanne.get(PAGE).text
    assert "Wij wachten op beelden." in page
    assert "uiterlijk op 29 juli 2016" not in page


def test_asking_too_soon_is_refused_with_the_day_on_the_page_and_in_the_api(portal, services, report):
    sanne = portal.browser("sanne")

    page, sent = sanne.get(f"{PAGE}/update"), sanne.post(f"{PAGE}/update", {"_token": token(sanne)})
    told = portal.api("POST", f"{API}/requests", {"sort": "update"}, person="sanne", Accept_Language="en")

    assert page.status == 200
    assert "U kunt dit vragen vanaf 15 juli 2016" in page.text
    assert sent.status == 409
    assert "U kunt dit vragen vanaf 15 juli 2016" in sent.text
    assert told.status == 409
    assert told.json["detail"] == "You can ask for an update from 15 July 2016 on"
    assert kinds(services) == [EventKind.RECEIVED]


def token(browser):
    return browser.get(f"{PAGE}/add/more").hidden["_token"]


def test_a_form_sent_twice_asks_once(portal, services, report, clock):
    clock.advance(timedelta(days=20))
    sanne = portal.browser("sanne")
    form = sanne.get(f"{PAGE}/update").hidden

    assert [sanne.post(f"{PAGE}/update", form).status for _ in range(2)] == [303, 303]
    assert kinds(services).count(EventKind.UPDATE_ASKED) == 1


def test_a_program_asks_contests_and_answers(portal, services, decided, clock):
    told = portal.api("POST", f"{API}/requests", {"sort": "second_look", "reason": REASON}, person="sanne", Idempotency_Key="k1")
    again = portal.api("POST", f"{API}/requests", {"sort": "second_look", "reason": REASON}, person="sanne", Idempotency_Key="k1")
    other = portal.api(
        "POST", f"{API}/requests", {"sort": "second_look", "reason": "Anders."}, person="sanne", Idempotency_Key="k1"
    )

    assert (told.status, again.status, other.status) == (201, 201, 409)
    assert told.json["contestBy"] == "2016-07-15"
    assert told.json["mayContest"] is False
    version = portal.api("GET", DESK_API, person="handler", Look_Reason="handling").json["version"]
    body = {"explanation": "De camera was stuk.", "version": version}
    assert portal.api("POST", f"{DESK_API}/updates", body | {"version": version - 1}, person="handler").status == 409
    assert portal.api("POST", f"{DESK_API}/updates", body, person="handler").status == 201
    assert portal.api("GET", API, person="sanne").json["contestBy"] is None
    assert portal.api("POST", f"{API}/requests", {"sort": "second_look"}, person="sanne").status == 409
    assert portal.api("POST", f"{API}/requests", {"sort": "update", "reason": "Ja."}, person="sanne").status == 400
    assert portal.api("POST", f"{DESK_API}/updates", {"version": 1, "explanation": ""}, person="handler").status == 400


def test_a_reporter_asks_to_look_again_with_a_reason_and_what_was_typed_is_not_lost(portal, services, decided):
    sanne = portal.browser("sanne")
    assert f"{PAGE}/contest" in sanne.get(PAGE).text

    empty = sanne.submit(f"{PAGE}/contest", {"reason": ""})
    long = sanne.submit(f"{PAGE}/contest", {"reason": REASON + "x" * 1_000})
    done = sanne.submit(f"{PAGE}/contest", {"reason": REASON})
    twice = sanne.get(f"{PAGE}/contest")

    assert (empty.status, long.status, done.status) == (400, 400, 303)
    assert REASON in long.text
    assert services.reports.get(REFERENCE).status is Status.NOT_INVESTIGATED, "it reopens nothing by itself"
    assert "U hebt dit al eerder gevraagd" in twice.text
    page = sanne.get(PAGE).text
    assert "uiterlijk op 15 juli 2016" in page
    assert f"{PAGE}/objection" in page, "the letter to the prosecutor is still there"
    assert REASON in portal.browser("handler").get(f"{DESK}/update").text


def test_nobody_else_asks_contests_or_answers(portal, services, decided):
    assert portal.api("POST", f"{API}/requests", {"sort": "second_look", "reason": REASON}, person="neighbour").status == 404
    assert portal.api("POST", f"{API}/requests", {"sort": "update"}, person="neighbour").status == 404
    body = {"explanation": "Nee.", "version": decided.version}
    assert portal.api("POST", f"{DESK_API}/updates", body, person="stranger").status == 404
    assert portal.api("POST", f"{DESK_API}/updates", body, person="reader").status == 403
    assert portal.browser("auditor").get(f"{DESK}/notice").status == 403
    assert portal.browser("stranger").get(f"{DESK}/notice").status == 404


def test_what_somebody_says_stands_in_no_log(portal, services, decided, caplog):
    caplog.set_level("INFO")

    portal.api("POST", f"{API}/requests", {"sort": "second_look", "reason": REASON}, person="sanne")
    portal.api("POST", f"{DESK_API}/updates", {"explanation": "KWARTEL-7F3", "version": decided.version + 1}, person="handler")

    assert "contested" in caplog.text
    assert REASON not in caplog.text
    assert "KWARTEL-7F3" not in caplog.text


def test_an_officer_who_was_late_gets_back_what_was_typed(portal, services, report):
    officer = portal.browser("handler")
    form = officer.get(f"{DESK}/update").hidden
    services.reports.save(report, report.changed(Change(Status.CHECKED), by=OFFICER, at=NOON))

    late = officer.post(f"{DESK}/update", form | {"explanation": "Wij wachten op beelden.", "_step": "do"})

    assert late.status == 409
    assert "Wij wachten op beelden." in late.text
    assert EventKind.UPDATE_GIVEN not in kinds(services)


# Read


@pytest.mark.parametrize("how", ["page", "copy", "api"])
def test_reading_the_news_is_noted_once_and_makes_no_officers_form_stale(portal, services, report, clock, how):
    after = services.reports.save(report, report.changed(Change(Status.CHECKED), by=OFFICER, at=NOON))
    officer, sanne = portal.browser("handler"), portal.browser("sanne")
    form = officer.get(f"{DESK}/update").hidden
    reads = {
        "page": lambda: sanne.get(PAGE),
        "copy": lambda: sanne.get(f"{PAGE}/copy"),
        "api": lambda: portal.api("GET", API, person="sanne"),
    }
    clock.advance(timedelta(minutes=5))
    first = clock.now()

    for _ in range(2):
        assert reads[how]().status == 200
        clock.advance(timedelta(minutes=1))

    read = services.reports.get(REFERENCE)
    assert (read.read_number, read.read_at) == (2, first)
    assert (read.version, read.timeline) == (after.version, after.timeline)
    assert officer.post(f"{DESK}/update", form | {"explanation": "Wij wachten op beelden.", "_step": "do"}).status == 303


def test_a_head_or_a_list_or_an_officers_look_is_no_reading(portal, services, report):
    services.reports.save(report, report.changed(Change(Status.CHECKED), by=OFFICER, at=NOON))

    portal.api("HEAD", API, person="sanne")
    portal.browser("sanne").get("/reports")
    portal.browser("handler").get(f"{DESK}")

    assert services.reports.get(REFERENCE).read_number == 0


# The notice of a decision


def test_a_decision_nobody_has_got_is_told_by_a_printed_letter(portal, services, decided):
    services.reports.mark(decided, replace(decided, missing_number=decided.decision.number))
    officer = portal.browser("handler")
    assert REFERENCE in officer.get("/desk/to-tell?unit=Noord-Nederland").text

    letter = officer.get(f"{DESK}/notice")
    english = officer.get(f"{DESK}/notice?language=en")
    told = answers()
    assert letter.status == english.status == 200
    for line in (told["familyName"], told["street"], told["city"], "Er zijn geen aanknopingspunten.", "officier van justitie"):
        assert line in letter.text, line
    assert "Subject: news about your report" in english.text
    assert "NN1234" not in letter.text.partition('class="letter posted"')[2], "no officer's name goes out"
    assert [record.what for record in services.audit.of(REFERENCE)][-2:] == ["notice_printed"] * 2

    done = officer.submit(f"{DESK}/notice", {"how": "letter"}, to=f"{DESK}/told")
    assert done.status == 303
    assert REFERENCE not in officer.get("/desk/to-tell?unit=Noord-Nederland").text
    assert promises.notice_due_on(services.reports.get(REFERENCE)) is None


def test_a_letter_offers_itself_only_where_post_may_go(portal, services, decided):
    told = services.reports.mark(decided, replace(decided, missing_number=decided.decision.number))
    officer, letter = portal.browser("handler", why="handling"), f'href="{DESK}/notice"'
    offered = officer.get(DESK).text
    now = services.reports.get(REFERENCE)
    safe = replace(now.contact, safety=Safety(neutral=True))
    services.reports.save(now, now.contact_changed(safe, at=NOON))

    assert told
    assert letter in offered
    assert letter not in officer.get(DESK).text


def test_a_letter_to_who_has_no_address_says_that_it_cannot_be_posted(portal, services, report):
    nowhere = answers(street=None, houseNumber=None, postcode=None, city=None)
    services.reports.remove(report)
    services.reports.add(replace(report, statement=Statement.of("bicycle-theft", nowhere), version=1))

    assert "Deze brief kan niet op de post" in portal.browser("handler").get(f"{DESK}/notice").text


def test_no_letter_is_printed_for_a_household_where_somebody_else_may_read_it(portal, services, decided):
    safe = replace(decided.contact, safety=Safety(neutral=True, phone=False))
    services.reports.save(decided, decided.contact_changed(safe, at=NOON))

    page = portal.browser("handler").get(f"{DESK}/notice")

    assert "Stuur geen brief" in page.text
    assert answers()["street"] not in page.text
    assert "Bellen is ook niet veilig" in page.text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_status_can_be_told_on_paper_without_speaking_of_a_page(portal, services, report, language):
    officer = portal.browser("handler")
    for status in Status:
        stored = services.reports.get(REFERENCE)
        now = services.clock.now()
        services.reports.save(stored, stored.with_event(EventKind.STATUS_CHANGED, status, by=OFFICER, at=now))

        letter = (
            officer.get(f"{DESK}/notice?language={language}").text.partition('class="letter posted"')[2].partition("</main>")[0]
        )

        assert letter, status
        for untrue in ("deze pagina", "this page", "e-mail"):
            assert untrue not in letter, status
