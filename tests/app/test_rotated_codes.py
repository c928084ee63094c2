"""The key of codes is replaced: what was sent before keeps its codes, what is sent later has new ones, and names stay."""

import re
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.citizen.following.schemas import example_of
from chalicelib.core.derivation import Derivation, ProofKey, ProofKeys
from chalicelib.core.language import Language
from chalicelib.letters.catalogue import Letter, letter_id
from chalicelib.letters.codes import code_digest
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.profiles import actions as details
from chalicelib.profiles.model import code_of as address_code_of
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.statement import Statement
from chalicelib.surveys import actions as surveys
from tests.app.conftest import FakeTokens, Services
from tests.support.samples import CITIZEN, DERIVATION, REFERENCE, a_report, answers

FRESH = b"n" * 64
ME = {"pseudonym": CITIZEN.pseudonym, "language": Language.NL}


@pytest.fixture
def later(portal, settings, clock):
    """Goes on ten minutes later, on a stage whose codes are made with another key from now on; `retired`: with no older one."""

    def later(*, retired=False):
        clock.advance(timedelta(minutes=5))
        fresh = ProofKey(clock.now(), FRESH)
        clock.advance(timedelta(minutes=5))
        older = () if retired else DERIVATION.proofs.keys
        keys = Derivation(DERIVATION.names, ProofKeys((fresh, *older)))
        portal.services = Services(settings, clock, access_tokens=FakeTokens(), derivation=keys)
        wiring.install(portal.services)
        return portal.services

    return later


@pytest.fixture
def invited(services, clock):
    """Sanne's report, of which the invitation was mailed ten minutes ago; returns what writes that letter."""
    services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))
    clock.advance(timedelta(days=60))
    surveys.invite_due([REFERENCE], services.survey_dispatch)
    report = services.reports.get(REFERENCE)
    event = report.timeline[-1]

    def written(services):
        return services.write_letter(Letter.SURVEY, event, report)

    mail = written(services)
    facts = {
        "letter": Letter.SURVEY,
        "language": Language.NL,
        "template": "t",
        "code_digest": code_digest(services.derivation_key, mail.check_code),
    }
    services.ledger.claim(LedgerEntry(id=letter_id(REFERENCE, event.number)), attempt="a", **facts)
    return written


def survey_code_in(mail):
    return re.search(r"\bV-[A-Z0-9]{5}-[A-Z0-9]{5}\b", mail.text)[0]


def copy_code(portal):
    return re.search(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b", portal.browser("sanne").get(f"/reports/{REFERENCE}/copy").text)[0]


def verdict(portal, code):
    return "1 juli 2016" in portal.browser().post("/verify", {"reference": REFERENCE, "code": code}).text


def test_what_was_mailed_and_printed_before_still_counts(portal, services, later, invited):
    mail, printed = invited(services), copy_code(portal)

    after = later()

    again = invited(after)
    assert (again.check_code, again.unsubscribe_at, again.text) == (mail.check_code, mail.unsubscribe_at, mail.text)
    assert portal.browser().post("/mail", {"code": mail.check_code}).status == 200
    assert portal.browser().post("/survey", {"code": survey_code_in(mail)}).status == 200
    assert portal.browser("sanne").get(f"/reports/{REFERENCE}/survey").status == 200
    assert verdict(portal, printed)
    click = mail.unsubscribe_at.removeprefix("https://portal.example")
    assert portal.browser().post(click, {"List-Unsubscribe": "One-Click"}).status == 200
    assert not after.reports.get(REFERENCE).contact.survey


def test_a_copy_printed_after_it_has_a_code_of_the_new_key_and_those_of_a_retired_key_prove_nothing(portal, later, invited):
    printed = copy_code(portal)

    later()
    newly = copy_code(portal)

    assert newly != printed
    assert verdict(portal, newly)
    later(retired=True)
    assert not verdict(portal, printed)


def test_a_code_for_an_address_that_was_on_its_way_can_be_typed_and_the_next_is_made_with_the_new_key(services, later):
    waiting = details.ask_code("nieuw@example.org", **ME, desk=services.details)
    code = address_code_of(DERIVATION.names, waiting.id, waiting.challenge)

    after = later()

    assert details.confirm(code, waiting.challenge.number, **ME, desk=after.details).email == "nieuw@example.org"
    newer = details.ask_code("ander@example.org", **ME, desk=after.details)
    code = address_code_of(FRESH, newer.id, newer.challenge)
    assert details.confirm(code, newer.challenge.number, **ME, desk=after.details).email == "ander@example.org"


def test_a_report_filed_again_is_still_the_same_report(portal, later):
    body = example_of(KINDS["graffiti"])
    first = portal.api("POST", "/v1/reports", body, person="sanne", Idempotency_Key="once")

    later()
    again = portal.api("POST", "/v1/reports", body, person="sanne", Idempotency_Key="once")

    assert first.json["reference"] == again.json["reference"]
