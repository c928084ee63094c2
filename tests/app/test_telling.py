"""Officers tell by telephone or letter whom no mail reaches."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.letters.catalogue import Letter
from chalicelib.letters.mailroom import Run
from chalicelib.letters.stream import settle
from chalicelib.reports.contact import Safety
from chalicelib.reports.events import Actor, Role
from tests.support.samples import NOON, REFERENCE, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
PATH = f"/desk/reports/{REFERENCE}"
PAGE = PATH


@pytest.fixture
def bounced(services):
    report = services.reports.add(a_report())
    return services.reports.save(report, report.address_found_unusable(frozenset({report.contact.email}), at=NOON))


def test_an_officer_finds_whom_to_tell_calls_and_notes_it(portal, services, bounced):
    officer = portal.browser("handler")

    listed = officer.get("/desk/to-tell?unit=Noord-Nederland")
    assert f'href="{PATH}"' in listed.text
    done = officer.submit(PAGE, {"how": "phone"}, to=f"{PATH}/told")

    assert done.status == 303
    assert services.reports.get(REFERENCE).to_contact_since is None
    assert REFERENCE not in officer.get("/desk/to-tell?unit=Noord-Nederland").text


def test_who_waits_too_long_stands_out(portal, services, bounced, clock):
    clock.advance(timedelta(days=8))
    officer = portal.browser("handler")

    listed = officer.get("/desk/to-tell?unit=Noord-Nederland").text
    assert "Wacht langer dan acht dagen: open de aangifte, daar staat hoe" in listed
    assert "Bel, of stuur een brief per post" in officer.get(PATH).text


@pytest.mark.parametrize(("safety", "refused"), [(Safety(phone=False), "phone"), (Safety(neutral=True), "letter")])
def test_nobody_is_told_against_their_wish_and_who_comes_by_themselves_can_be(portal, services, bounced, safety, refused):
    safe = bounced.contact_changed(replace(bounced.contact, safety=safety), at=NOON)
    services.reports.save(bounced, safe)
    officer = portal.browser("handler")
    page = officer.get(PATH)

    assert f'name="how" value="{refused}"' not in page.text
    answer = officer.post(f"{PATH}/told", {**page.hidden_for(f"{PATH}/told"), "how": refused})
    assert answer.status == 409
    assert "niet op deze manier" in answer.text
    assert services.reports.get(REFERENCE) == safe
    assert officer.submit(PATH, {"how": "in_person"}, to=f"{PATH}/told").status == 303
    assert "Verteld toen deze persoon belde of langskwam" in officer.get(PATH).text


def test_a_reader_and_another_unit_do_not_see_whom_to_tell(portal, bounced):
    assert portal.browser("reader").get("/desk/to-tell?unit=Noord-Nederland").status == 403
    assert portal.browser("handler").get("/desk/to-tell?unit=Amsterdam").status == 403


@pytest.fixture
def given_up(services):
    """A report whose question could not be mailed for a day."""
    report = services.reports.add(a_report())
    asked = report.asked("Hoe laat?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)
    services.reports.save(report, asked)
    name = f"{REFERENCE}#2"
    services.ledger.wait(name, letter=Letter.NEWS, until=NOON)
    services.ledger.give_up(name, unit=report.unit)
    return name


def test_whose_mail_was_given_up_stands_on_the_list_until_it_is_told_or_mended(portal, services, given_up):
    officer = portal.browser("handler")
    assert REFERENCE in officer.get("/desk/to-tell?unit=Noord-Nederland").text
    assert "1 juli 2016" in officer.get("/desk/to-tell?unit=Noord-Nederland").text, "since the question was asked"
    assert "Verteld per telefoon" in officer.get(PAGE).text

    done = officer.submit(PAGE, {"how": "phone"}, to=f"{PATH}/told")
    report = services.reports.get(REFERENCE)
    settle(report.timeline[-1], report, Run(services.mailroom))

    assert done.status == 303
    assert services.ledger.get(given_up).merged_into == 3
    assert list(services.ledger.given_up("Noord-Nederland")) == []
    assert REFERENCE not in officer.get("/desk/to-tell?unit=Noord-Nederland").text
    assert 'name="how"' not in officer.get(PAGE).text


def test_whose_mail_was_mended_needs_no_call(portal, services, given_up):
    services.ledger.retry(given_up)

    assert REFERENCE not in portal.browser("handler").get("/desk/to-tell?unit=Noord-Nederland").text


def test_the_mail_that_another_unit_gave_up_is_not_seen_here(portal, services, given_up):
    report = services.reports.add(a_report(reference="CCCC-CCCC-CCCC", unit="Amsterdam"))
    services.ledger.wait("CCCC-CCCC-CCCC#1", letter=Letter.NEWS, until=NOON)
    services.ledger.give_up("CCCC-CCCC-CCCC#1", unit=report.unit)

    assert "CCCC-CCCC-CCCC" not in portal.browser("handler").get("/desk/to-tell?unit=Noord-Nederland").text
