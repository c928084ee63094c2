"""Officers see what became of each letter, why one was not sent, and the mail as the reporter gets it."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.language import Language, translate
from chalicelib.desk.letters_overview import STATE_WORDS, LetterOutcome
from chalicelib.letters.catalogue import Letter, NoLetter, NotSentReason
from chalicelib.letters.codes import check_code_of, code_digest
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.reports.contact import Safety
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
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


NEWS = Change(Status.CHECKED)
FATES = {  # what SES said of the mail, in its order, and what an officer reads of it
    "sent": ([], "sent"),
    "delivered": (["delivered_at"], "delivered"),
    "came back after it was delivered": (["delivered_at", "bounced_at"], "bounced"),
    "delivered late": (["delayed_at", "delivered_at"], "delivered"),
    "called unwanted": (["delivered_at", "complained_at"], "complained"),
}


@pytest.fixture
def news(services, report):
    """A report of which its reporter had a mail about an officer's news."""
    after = services.reports.save(report, report.changed(NEWS, by=Actor(Role.OFFICER, "NN1"), at=report.filed_at))
    facts = {"letter": Letter.NEWS, "language": Language.NL, "template": "t", "code_digest": ""}
    services.ledger.claim(LedgerEntry(id=f"{REFERENCE}#2"), attempt="a", **facts)
    services.ledger.note_accepted(f"{REFERENCE}#2", attempt="a", message_id="m")
    return after


def told(portal, number=2):
    answer = portal.api("GET", f"/v1{PAGE}", person="handler", Look_Reason="handling")
    assert answer.status == 200, answer.text
    return next(one for one in answer.json["letters"] if one["number"] == number)


@pytest.mark.parametrize("what", FATES)
def test_of_what_became_of_a_mail_an_officer_and_a_program_read_the_same(portal, services, clock, news, what):
    facts, outcome = FATES[what]
    accepted = clock.now()
    for fact in facts:
        clock.advance(timedelta(minutes=1))
        services.ledger.note_receipt(
            f"{REFERENCE}#2", {fact: clock.now()}, message_id="m", accepted_at=accepted, is_final=fact != "delayed_at"
        )

    letter, page = told(portal), portal.browser("handler").get(PAGE).text

    assert (letter["outcome"], letter["at"]) == (outcome, clock.now().isoformat().replace("+00:00", "Z"))
    assert translate(STATE_WORDS[LetterOutcome(outcome)], Language.NL) in html.unescape(page)


def test_an_officer_and_a_program_read_when_it_was_read_after_login_and_only_then(portal, services, clock, news):
    unread = portal.browser("handler").get(PAGE).text, told(portal)
    clock.advance(timedelta(minutes=5))
    portal.browser("sanne").get(f"/reports/{REFERENCE}")

    page, letter = portal.browser("handler").get(PAGE).text, told(portal)

    assert "na het inloggen" not in unread[0]
    assert unread[1]["readBy"] is None
    assert "Gelezen na het inloggen, uiterlijk op 1 juli 2016 om 12.05 uur" in page
    assert (letter["outcome"], letter["readBy"]) == ("sent", "2016-07-01T10:05:00Z")


def test_what_came_after_it_was_read_is_not_read_and_the_reporters_own_acts_are_no_news(portal, services, news):
    portal.browser("sanne").get(f"/reports/{REFERENCE}")
    report = services.reports.get(REFERENCE)
    services.reports.save(report, report.noted("KWARTEL-7F3", by=Actor(Role.OFFICER, "NN1"), at=report.filed_at))
    report = services.reports.get(REFERENCE)
    number = Change(Status.REGISTERED, registration_number="PL0100-2016123456")
    services.reports.save(report, report.changed(number, by=Actor(Role.OFFICER, "NN1"), at=report.filed_at))

    answer = portal.api("GET", f"/v1{PAGE}", person="handler", Look_Reason="handling")

    assert [(one["number"], bool(one["readBy"])) for one in answer.json["letters"]] == [(1, False), (2, True), (4, False)]
    assert "KWARTEL" not in answer.text
    assert "sanne@example.org" not in answer.text


def test_one_that_waits_says_until_when_and_one_that_was_withheld_says_why(portal, services, report):
    at = report.filed_at + timedelta(minutes=30)
    services.ledger.wait(LETTER, letter=Letter.NEWS, until=at)

    waits = told(portal, 1)
    page = portal.browser("handler").get(PAGE).text
    services.ledger.drop(LETTER, NoLetter(NotSentReason.NOT_WANTED))
    withheld = told(portal, 1)

    assert (waits["outcome"], waits["goesAt"]) == ("waiting", "2016-07-01T10:30:00Z")
    assert "gaat weg op 1 juli 2016 om 12.30 uur" in page
    assert (withheld["outcome"], withheld["whyNot"]) == ("not_sent", "not_wanted")
    assert withheld["whyNotText"] == "de aangever wil hier niets over horen"


def test_a_programs_look_is_on_record_and_another_units_report_is_not_there(portal, services, report):
    told(portal, 1)

    assert [(record.what, record.why) for record in services.audit.of(REFERENCE)] == [("read_report", "handling")]
    assert portal.api("GET", f"/v1{PAGE}", person="stranger", Look_Reason="handling").status == 404
    assert portal.api("GET", f"/v1{PAGE}", person="sanne", Look_Reason="handling").status == 403
