"""One click in a mail program, and nobody is asked about the survey again; a GET, a scanner or a guess changes nothing."""

from dataclasses import replace

import pytest

from chalicelib.core import ids
from chalicelib.core.language import Language
from chalicelib.letters.catalogue import Letter
from chalicelib.letters.codes import check_code_of, code_digest, token_of
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.reports.contact import MOST_WISHES, InformationWish
from chalicelib.reports.events import EventKind
from chalicelib.reports.facts import Reporter
from tests.support.samples import NEIGHBOUR, NOON, REFERENCE, a_report

LETTER = f"{REFERENCE}#2"
OTHER, THEIRS = ids.reference(b"other" * 4), ids.reference(b"theirs" * 4)
CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def address(services):
    """Where an invitation of Sanne's says to unsubscribe; she has another report, and her neighbour has one."""
    services.reports.add(a_report())
    services.reports.add(a_report(reference=OTHER))
    services.reports.add(a_report(reference=THEIRS, reporter=Reporter(NEIGHBOUR.pseudonym, "sealed")))
    facts = {"letter": Letter.SURVEY, "language": Language.NL, "template": "t"}
    services.ledger.claim(
        LedgerEntry(id=LETTER),
        attempt="a",
        code_digest=code_digest(services.derivation_key, check_code_of(services.derivation_key, LETTER)),
        **facts,
    )
    return f"/unsubscribe/{token_of(services.derivation_key, LETTER)}"


def wants_survey(services, reference):
    return services.reports.get(reference).contact.survey


def by_a_mail_program(portal, address, body=b"List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"):
    """As a provider posts it: no cookie, no origin, no person."""
    return portal.request("POST", address, body=body, headers={"Content-Type": content_type})


def test_one_click_switches_the_survey_off_for_all_reports_of_its_reader_and_for_nobody_else(portal, services, address):
    answer = by_a_mail_program(portal, address)

    assert answer.status == 200, "a redirect is not allowed (RFC 8058)"
    assert not wants_survey(services, REFERENCE)
    assert not wants_survey(services, OTHER)
    assert wants_survey(services, THEIRS)
    event = services.reports.get(REFERENCE).timeline[-1]
    assert event.kind is EventKind.WISHES_CHANGED


@pytest.mark.parametrize("full", [REFERENCE, OTHER])
def test_whoever_changed_their_wishes_too_often_can_still_unsubscribe(portal, services, address, full):
    before = after = services.reports.get(full)
    for number in range(MOST_WISHES):
        information = [InformationWish.NOTHING, InformationWish.ALL][number % 2]
        after = after.wishes_changed(replace(after.contact, information=information), at=NOON)
    services.reports.save(before, after)

    assert by_a_mail_program(portal, address).status == 200
    assert not wants_survey(services, REFERENCE)
    assert not wants_survey(services, OTHER)


def test_a_form_with_parts_does_the_same(portal, services, address):
    body = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'

    assert by_a_mail_program(portal, address, body, "multipart/form-data; boundary=x").status == 200
    assert not wants_survey(services, REFERENCE)


def test_a_second_click_changes_nothing_and_is_answered_alike(portal, services, address):
    first = by_a_mail_program(portal, address)
    report = services.reports.get(REFERENCE)

    assert by_a_mail_program(portal, address).text == first.text
    assert services.reports.get(REFERENCE) == report


def test_opening_the_address_changes_nothing_and_shows_a_button(portal, services, address):
    for _ in range(2):
        page = portal.browser().get(address)
        assert 'value="One-Click"' in page.text
    assert wants_survey(services, REFERENCE)

    assert "U krijgt geen uitnodigingen meer" in portal.browser().post(address, CLICK).text
    assert not wants_survey(services, REFERENCE)


def test_a_post_that_asks_for_nothing_changes_nothing(portal, services, address):
    for body in (b"", b"List-Unsubscribe=Yes", b"x=One-Click"):
        assert by_a_mail_program(portal, address, body).status == 200
    assert wants_survey(services, REFERENCE)


@pytest.mark.parametrize("how", ["half", "swapped", "another letter", "lower case", "typed code", "nonsense"])
def test_an_address_that_is_in_no_mail_of_ours_does_nothing(portal, services, address, how):
    token = address.rpartition("/")[2]
    wrong = {
        "half": token[:11],
        "swapped": f"{token[12:]}-{token[:11]}",
        "another letter": f"{token[:11]}-{token_of(services.derivation_key, 'x')[12:]}",
        "lower case": token.lower(),
        "typed code": check_code_of(services.derivation_key, LETTER),
        "nonsense": "-----",
    }[how]

    assert by_a_mail_program(portal, f"/unsubscribe/{wrong}").status == 404
    assert wants_survey(services, REFERENCE)


def test_an_address_cannot_be_found_by_trying(portal, services, address):
    for _ in range(10):
        by_a_mail_program(portal, "/unsubscribe/K7MDP-R3W9X-K7MDP-R3W9X")

    assert by_a_mail_program(portal, address).status == 429
    assert by_a_mail_program(replace(portal, source_ip="192.0.2.9"), address).status == 200


def test_a_report_that_is_gone_is_nobodys(portal, services, address):
    services.reports.remove(services.reports.get(REFERENCE))

    assert by_a_mail_program(portal, address).status == 404
