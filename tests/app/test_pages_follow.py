"""Following a report on the pages: the list, the report, its question, and the wishes."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.core import ids
from chalicelib.reports import actions, store
from chalicelib.reports.contact import Contact
from chalicelib.reports.events import Actor, EventKind, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import WORDS, Status
from tests.support.samples import CITIZEN, REFERENCE, a_report, answers

OFFICER = Actor(Role.OFFICER, "NN1234")
PAGE = f"/reports/{REFERENCE}"


@pytest.fixture
def report(services):
    return services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))


def changed(services, *steps, explanation="", **facts):
    for status in steps:
        before = services.reports.get(REFERENCE)
        actions.change_status(
            before,
            Change(status, explanation=explanation, **facts),
            by=OFFICER,
            version=before.version,
            reports=services.reports,
            clock=services.clock,
        )


def test_the_list_shows_only_the_reporters_own_reports(portal, report):
    mine, theirs = portal.browser("sanne").get("/reports").text, portal.browser("neighbour").get("/reports").text

    assert f'href="{PAGE}"' in mine
    assert "Diefstal van een fiets of e-bike" in mine
    assert REFERENCE not in theirs
    assert "U hebt hier nog geen aangifte gedaan" in theirs


def test_a_long_list_goes_on_on_the_next_page(portal, services):
    for number in range(store.PAGE + 1):
        reference = ids.reference(f"{number:032}".encode())
        services.reports.add(a_report(reference=reference, at=services.clock.now() + timedelta(minutes=number)))
    browser = portal.browser("sanne")

    first = browser.get("/reports").text
    second = browser.get(re.search(r'href="(/reports\?cursor=[^"]+)"', first)[1]).text

    assert first.count('<td><a href="/reports/') == store.PAGE
    assert second.count('<td><a href="/reports/') == 1


def test_another_persons_report_is_not_found(portal, report):
    assert portal.browser("neighbour").get(PAGE).status == 404


def test_the_report_says_where_it_stands_and_what_comes_next(portal, report):
    page = portal.browser("sanne").get(PAGE).text

    assert "<h1>We hebben uw aangifte ontvangen</h1>" in page
    assert "controleert of uw aangifte compleet is" in page
    assert "Gazelle" in page
    assert report.statement.sha256 in page
    assert "een aangifte niet kunt intrekken" in page


def test_a_decision_shows_its_reason_and_what_one_can_do(portal, services, report):
    changed(services, Status.CHECKED)
    changed(services, Status.REGISTERED, registration_number="PL0100-2016123456", remark="geheim dossier")
    changed(services, Status.NOT_INVESTIGATED, explanation="Er zijn <geen> sporen.")

    page = portal.browser("sanne").get(PAGE).text

    assert "<h1>We doen geen onderzoek</h1>" in page
    assert "Er zijn &lt;geen&gt; sporen." in page
    assert "artikel 12-procedure" in page
    assert "PL0100-2016123456" in page
    assert "tel:09000101" in page
    assert "geheim dossier" not in page
    assert "NN1234" not in page


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_own_words_in_both_languages(portal, services, report, status):
    event = replace(report.timeline[0], number=2, kind=EventKind.STATUS_CHANGED, status=status)
    services.reports.save(report, replace(report, status=status, version=2, timeline=(*report.timeline, event)))
    browser = portal.browser("sanne")

    dutch = browser.get(PAGE).text
    browser.post("/language", {"to": "en", "next": PAGE})
    english = browser.get(PAGE).text

    assert f"<h1>{WORDS[status].name}</h1>" in english
    assert f"<h1>{WORDS[status].name}</h1>" not in dutch


def test_wishes_can_be_changed_any_day(portal, services, report):
    browser = portal.browser("sanne")

    page = browser.submit(PAGE, {"information": "nothing"}, to=f"{PAGE}/wishes")

    contact = services.reports.get(REFERENCE).contact
    assert (contact.information, contact.survey) == ("nothing", False)
    assert page.location == f"{PAGE}?saved=wishes#wishes"
    assert "We hebben uw keuze bewaard" in browser.get(f"{PAGE}?saved=wishes").text


def test_a_form_without_its_token_is_refused(portal, report):
    answer = portal.browser("sanne").post(f"{PAGE}/wishes", {"information": "nothing"})

    assert answer.status == 403


def test_an_address_that_bounced_is_told_on_the_page(portal, services):
    services.reports.add(a_report(contact=Contact(email="sanne@example.org", usable=False)))

    assert "Onze e-mail komt niet meer bij u aan" in portal.browser("sanne").get(PAGE).text


def test_pseudonym_and_seal_stand_on_no_page(portal, report):
    browser = portal.browser("sanne")

    for path in ("/reports", PAGE, f"{PAGE}/receipt", f"{PAGE}/question"):
        page = browser.get(path)
        assert page.status == 200
        assert CITIZEN.pseudonym not in page.text
        assert CITIZEN.sealed_bsn not in page.text


def test_the_reporter_sees_when_and_in_which_role_the_police_looked_but_not_who(portal, report):
    assert "Nog niemand" in portal.browser("sanne").get(f"{PAGE}/views").text
    portal.browser("reader").get(f"/desk/reports/{REFERENCE}")

    page = portal.browser("sanne").get(f"{PAGE}/views").text

    assert "medewerker die aangiften mag lezen, politie-eenheid Noord-Nederland" in page
    assert "1 juli 2016 om 12.00 uur" in page
    assert "NN2222" not in page
    assert portal.browser("neighbour").get(f"{PAGE}/views").status == 404


# My reports: what is new, what is asked, what is not finished.


def asked(services, reference=REFERENCE):
    before = services.reports.get(reference)
    facts = {"by": OFFICER, "version": before.version, "deadline_on": date(2016, 7, 15), "deadlines": services.deadlines}
    return actions.ask(before, "Was het slot nog heel?", **facts, reports=services.reports, clock=services.clock)


def test_what_the_police_did_since_the_visit_before_is_new_and_what_one_did_oneself_is_not(portal, services, report, clock):
    portal.browser("sanne")
    clock.advance(timedelta(days=1))
    changed(services, Status.CHECKED)
    clock.advance(timedelta(days=1))
    second = portal.browser("sanne")
    news = second.get("/reports").text
    second.submit(f"{PAGE}/add/more", {"text": "Nog iets."})
    clock.advance(timedelta(days=1))
    third = portal.browser("sanne").get("/reports").text

    assert "Nieuw: 2 juli 2016" in news
    assert "1 juli 2016 om 12.00 uur" in news
    assert "Nieuw:" not in third


def test_at_a_first_visit_what_the_police_did_is_new_and_a_report_just_filed_is_not(portal, services, report, clock):
    assert "Nieuw:" not in portal.browser("neighbour").get("/reports").text
    first = portal.browser("sanne").get("/reports").text
    clock.advance(timedelta(hours=1))
    changed(services, Status.CHECKED)

    assert "Nieuw:" not in first
    assert "Nieuw: 1 juli 2016" in portal.browser("sanne").get("/reports").text


def test_what_is_asked_stands_on_top_with_its_last_day_and_the_answer_that_was_begun(portal, services, report, clock):
    asked(services)
    browser = portal.browser("sanne")

    page = browser.get("/reports").text
    assert page.index("Wij hebben iets van u nodig") < page.index("list-title")
    assert "15 juli 2016" in page
    browser.submit(f"{PAGE}/question", {"answer": "Ik zoek het op.", "_go": "stop"})
    assert "Ga verder met uw antwoord" in browser.get("/reports").text
    clock.advance(timedelta(days=14))

    assert "Vandaag is de laatste dag" in portal.browser("sanne").get("/reports").text


def test_unfinished_reports_stand_on_the_list_and_lead_on(portal, services):
    services.drafts.put(CITIZEN.pseudonym, "DDDD-DDDD-DDDD", "bicycle-theft", {"story": "Weg."})

    assert 'href="/report/bicycle-theft/DDDD-DDDD-DDDD/check"' in portal.browser("sanne").get("/reports").text
    assert "DDDD-DDDD-DDDD" not in portal.browser("neighbour").get("/reports").text
