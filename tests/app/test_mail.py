"""Whoever doubts a mail learns whether it is ours and when it was sent, and nothing else; and nobody finds a code by trying."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.copies.model import code_of as copy_code_of
from chalicelib.core import ids
from chalicelib.core.language import Language, translate
from chalicelib.letters.catalogue import Letter
from chalicelib.letters.codes import check_code_of, code_digest
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.surveys import actions as surveys
from chalicelib.surveys.model import code_of as survey_code_of
from chalicelib.web.messages import FIELD
from tests.support.samples import REFERENCE, a_report

LETTER = f"{REFERENCE}#1"
WRONG = ids.code(b"w" * 32)


@pytest.fixture
def code(services):
    """The code in the mail of a letter that SES took."""
    code = claimed(services)
    services.ledger.note_accepted(LETTER, attempt="a", message_id="m")
    return code


def claimed(services):
    code = check_code_of(services.derivation_key, LETTER)
    facts = {
        "letter": Letter.NEWS,
        "language": Language.NL,
        "template": "t",
        "code_digest": code_digest(services.derivation_key, code),
    }
    services.ledger.claim(LedgerEntry(id=LETTER), attempt="a", **facts)
    return code


def ask(portal, code):
    return portal.browser().post("/mail", {"code": code})


def test_who_only_opens_the_page_is_not_told_that_a_mail_was_not_ours(portal):
    page = portal.browser().get("/mail")

    assert f"<h1>{translate('Did we send you this e-mail?', Language.NL)}</h1>" in page.text
    assert f"<h1>{translate('This is no code of ours', Language.NL)}</h1>" in ask(portal, "AAAAA-BBBBB").text


def test_a_mail_of_ours_is_told_with_its_day_and_nothing_else(portal, code):
    page = ask(portal, code)

    assert page.status == 200
    assert "1 juli 2016" in page.text
    for secret in (REFERENCE, code, "Sanne", "sanne@", "Gazelle", "fiets"):
        assert secret not in page.text.partition("<main")[2].partition("</main>")[0]


def test_a_code_may_be_typed_as_people_do(portal, code):
    assert "1 juli 2016" in ask(portal, f" {code.lower().replace('-', ' ')} ").text


def test_a_mail_whose_acceptance_was_never_noted_is_ours_as_well(portal, services):
    assert "1 juli 2016" in ask(portal, claimed(services)).text


def test_a_mail_that_ses_refused_was_sent_to_nobody(portal, services):
    code = claimed(services)
    services.ledger.note_rejected(LETTER, attempt="a", reason="MessageRejected")

    assert "1 juli 2016" not in ask(portal, code).text


def test_only_what_can_be_no_code_of_ours_is_said_not_to_come_from_us(portal, code):
    for typed in ("x", code[:-1], "\U0001f6b2" * 300, "<b>"):
        page = ask(portal, typed)
        assert page.status == 200
        assert "komt hij niet van ons" in page.text
    unknown = ask(portal, WRONG)
    assert "komt hij niet van ons" not in unknown.text
    assert "Vertrouw de e-mail dan niet" in unknown.text
    assert "/verify" in unknown.text.partition("<main")[2].partition("<form")[0], "an old code without a letter may be a copy's"


@pytest.mark.parametrize("spelled", ["{}.", "“{}”", "\u200e{}\u200e", "{}\n", "({})", "\ufeff{}", " {} ;"])
@pytest.mark.parametrize("dash", "-‐‑–—−")
def test_a_code_is_known_however_a_mail_program_set_it(portal, code, spelled, dash):
    assert "1 juli 2016" in ask(portal, spelled.format(code.replace("-", dash))).text


def test_the_code_of_a_mail_from_before_there_were_letters_is_known(portal, services):
    old = check_code_of(services.derivation_key, LETTER).removeprefix("C-")
    facts = {"letter": Letter.NEWS, "language": Language.NL, "template": "t"}
    services.ledger.claim(LedgerEntry(id=LETTER), attempt="a", code_digest=ids.digest(old), **facts)

    assert "1 juli 2016" in ask(portal, old).text


def test_a_mail_stays_ours_when_its_letter_was_refused_at_another_address_later(portal, services, code):
    bounced = {"bounced_at": services.clock.now(), "bounce": "permanent"}
    services.ledger.note_receipt(LETTER, bounced, message_id="m", accepted_at=services.clock.now(), is_final=True)
    services.ledger.recall(services.ledger.get(LETTER), letter=Letter.NEWS, until=services.clock.now())
    facts = {"letter": Letter.NEWS, "language": Language.NL, "template": "t"}
    services.ledger.claim(
        services.ledger.get(LETTER), attempt="b", code_digest=code_digest(services.derivation_key, code), **facts
    )
    services.ledger.note_rejected(LETTER, attempt="b", reason="MessageRejected")

    assert "1 juli 2016" in ask(portal, code).text


@pytest.fixture
def survey_code(services, clock):
    report = services.reports.add(a_report())
    clock.advance(timedelta(days=60))
    surveys.invite_due([REFERENCE], services.survey_dispatch)
    return survey_code_of(services.derivation_key, report.reference)


OTHERS = {  # a code of ours that was typed on a page for another: where that page leads
    "check": ("/mail", "C-"),
    "survey": ("/survey", "V-"),
    "copy": ("/verify", "K-"),
    "address": ("/details/code", ""),
    "number": ("/reports", ""),
}


@pytest.fixture
def codes(services, code, survey_code):
    found = {
        "check": code,
        "survey": survey_code,
        "copy": copy_code_of(services.derivation_key, REFERENCE, services.reports.get(REFERENCE).statement, 0),
        "address": ids.short_code(b"a" * 32),
        "number": REFERENCE,
    }
    assert all(found[name].startswith(letter) for name, (_, letter) in OTHERS.items())
    return found


def main_of(page):
    return page.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("name", [name for name in OTHERS if name != "check"])
@pytest.mark.parametrize("old", [False, True])
def test_no_code_of_ours_is_called_false_and_each_is_led_to_its_page(portal, codes, name, old):
    typed = codes[name].removeprefix(OTHERS[name][1]) if old else codes[name]

    page = main_of(ask(portal, typed))

    assert "komt hij niet van ons" not in page
    assert OTHERS[name][0] in page.replace('action="/mail"', "")
    assert ("30 augustus 2016" in page) is (name == "survey")


@pytest.mark.parametrize("here", ["/survey", "/verify", "/details/code"])
@pytest.mark.parametrize("name", OTHERS)
def test_every_page_that_takes_a_code_knows_the_others_and_leads_to_their_page(portal, codes, here, name):
    if OTHERS[name][0] == here:
        return
    browser = portal.browser("sanne")
    if here == "/details/code":
        browser.post("/details/address", browser.get("/details/address").hidden | {"email": "nieuw@example.org"})
    form = {"code": codes[name], "reference": REFERENCE, "challenge": "1"} | browser.get("/details/address").hidden

    page = browser.post(here, form)

    assert page.status == 400
    assert translate(FIELD[f"code_is_{name}"], Language.NL) in page.text
    assert f'"{OTHERS[name][0]}"' in main_of(page)


@pytest.mark.parametrize("here", ["/survey", "/verify"])
def test_an_old_check_code_without_its_letter_is_told_apart_by_what_we_know_of_it(portal, codes, here):
    page = portal.browser().post(here, {"code": codes["check"].removeprefix("C-"), "reference": REFERENCE})

    assert translate(FIELD["code_is_check"], Language.NL) in page.text


def test_the_questionnaire_opens_with_its_code_from_the_page_about_mail(portal, codes):
    page = ask(portal, codes["survey"])

    assert portal.browser().post("/survey", page.hidden).status == 200


def test_nothing_typed_is_told_at_the_field_and_is_no_try(portal, aws):
    for form in ({}, {"code": " "}, {"code": ["a", "b"]}):
        page = portal.browser().post("/mail", form)
        assert page.status == 400
        assert 'id="code-error"' in page.text
    assert aws.items("limits") == []


def test_an_address_never_tells_anything(portal, code):
    assert "1 juli 2016" not in portal.browser().get(f"/mail?code={code}").text


def test_after_ten_wrong_codes_even_the_right_one_has_to_wait_but_only_from_there(portal, clock, code):
    for _ in range(10):
        assert ask(portal, WRONG).status == 200

    refused = ask(portal, code)

    assert (refused.status, refused.headers["retry-after"]) == (429, "600")
    assert "1 juli 2016" in ask(replace(portal, source_ip="192.0.2.9"), code).text
    clock.advance(timedelta(minutes=10))
    assert "1 juli 2016" in ask(portal, code).text


def test_a_mail_of_ours_can_be_checked_all_day(portal, code):
    for _ in range(12):
        assert "1 juli 2016" in ask(portal, code).text


def test_the_table_holds_no_code(aws, code):
    [item] = aws.items("letters")

    assert code not in str(item)
    assert code.replace("-", "") not in str(item)


def test_every_page_leads_to_it(portal):
    for path in ("/", "/help"):
        assert 'href="/mail"' in portal.browser().get(path).text
