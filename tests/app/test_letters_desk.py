"""Officers see what became of each letter, why one was not sent, and the mail as the reporter gets it."""

import re
from dataclasses import replace

import pytest

from chalicelib.core.language import Language
from chalicelib.letters.catalogue import Letter, NoLetter, NotSentReason
from chalicelib.letters.codes import check_code_of, code_digest
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.reports.contact import Safety
from chalicelib.surveys.model import code_of as survey_code_of
from tests.support.samples import REFERENCE, a_report

PAGE = f"/desk/reports/{REFERENCE}/letters"
LETTER = f"{REFERENCE}#1"


@pytest.fixture
def report(services):
    return services.reports.add(a_report())


def sent(services):
    facts = {"letter": Letter.NEWS, "language": Language.NL, "template": "t"}
    services.ledger.claim(
        LedgerEntry(id=LETTER),
        attempt="a",
        code_digest=code_digest(services.derivation_key, check_code_of(services.derivation_key, LETTER)),
        **facts,
    )
    services.ledger.note_accepted(LETTER, attempt="a", message_id="m")


def test_an_officer_reads_what_was_sent_and_the_mail_without_its_codes(portal, services, report):
    sent(services)

    page = portal.browser("handler").get(PAGE).text

    assert "Verstuurd" in page
    assert "1 juli 2016" in page
    assert "Er is nieuws over uw aangifte." in page
    assert "Houden wij u goed op de hoogte?" in page
    for code in (check_code_of(services.derivation_key, LETTER), survey_code_of(services.derivation_key, REFERENCE)):
        assert code not in page
    assert not re.search(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b", page)


def test_a_reader_reads_why_nothing_was_sent_and_sees_no_address(portal, services, report):
    services.ledger.withhold(LETTER, NoLetter(NotSentReason.NOT_WANTED))

    page = portal.browser("reader").get(PAGE).text

    assert "de aangever wil hier niets over horen" in page
    assert "sanne@example.org" not in page


def test_who_is_not_safe_gets_a_mail_that_officers_see_as_it_is(portal, services, report):
    services.reports.save(
        report, report.contact_changed(replace(report.contact, safety=Safety(neutral=True)), at=report.filed_at)
    )

    page = portal.browser("handler").get(PAGE).text

    assert "Er staat een nieuw bericht voor u klaar" in page
    assert "Er is nieuws over uw aangifte." not in page


def test_nobody_looks_without_a_reason_and_every_look_is_on_record(portal, services, report):
    officer = portal.browser("handler", why="")

    assert "Waarom bekijkt u deze aangifte" in officer.get(PAGE).text
    assert services.audit.of(REFERENCE) == []
    officer.why = "handling"
    officer.get(PAGE)
    assert [record.why for record in services.audit.of(REFERENCE)] == ["handling"]


def test_the_report_leads_to_its_letters(portal, report):
    page = portal.browser("handler").get(f"/desk/reports/{REFERENCE}").text

    assert f'href="{PAGE}"' in page
