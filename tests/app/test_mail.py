"""Whoever doubts a mail learns whether it is ours and when it was sent, and nothing else; and nobody finds a code by trying."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core import ids
from chalicelib.core.language import Language, translate
from chalicelib.letters.catalogue import Letter
from chalicelib.letters.codes import check_code_of, code_digest
from chalicelib.letters.ledger_entry import LedgerEntry
from tests.app.test_verify import verdict
from tests.support.samples import REFERENCE

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
    facts = {"letter": Letter.NEWS, "language": Language.NL, "template": "t", "code_digest": code_digest(code)}
    services.ledger.claim(LedgerEntry(id=LETTER), attempt="a", **facts)
    return code


def ask(portal, code):
    return portal.browser().post("/mail", {"code": code})


def test_who_only_opens_the_page_is_not_told_that_a_mail_was_not_ours(portal):
    page = portal.browser().get("/mail")

    assert f"<h1>{translate('Did we send you this e-mail?', Language.NL)}</h1>" in page.text
    assert f"<h1>{translate('We did not send an e-mail with this code', Language.NL)}</h1>" in ask(portal, "AAAAA-BBBBB").text


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


def test_what_is_no_code_and_a_code_that_nobody_has_look_the_same(portal, code):
    pages = [ask(portal, typed) for typed in (WRONG, "x", REFERENCE, "\U0001f6b2" * 300, "<b>")]

    assert {page.status for page in pages} == {200}
    assert len({verdict(page) for page in pages}) == 1
    assert "komt hij niet van ons" in pages[0].text


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
