"""One person can do so much in a day, which nobody honest meets, and reads a sentence at its end; the station has no limit."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.citizen.following.schemas import example_of
from chalicelib.core.language import Language, translate
from chalicelib.reports.crimes import KINDS
from chalicelib.web import form_recovery
from chalicelib.web.form_recovery import KIND, MOST
from chalicelib.web.messages import TOO_MANY, TOO_MANY_TITLE
from tests.support.samples import CITIZEN

BODY = example_of(KINDS["graffiti"])


@pytest.fixture
def settings(settings):
    return replace(settings, reports_most=2, drafts_most=2)


def file(portal, key, **headers):
    return portal.api("POST", "/v1/reports", BODY, person="sanne", Idempotency_Key=key, **headers)


def test_after_the_last_report_of_the_day_there_is_none_until_the_next(portal, clock):
    assert [file(portal, key).status for key in "ab"] == [201, 201]

    refused = file(portal, "c")

    assert refused.status == 429
    assert refused.json["detail"] == translate(TOO_MANY["reports of a person"], Language.NL)
    assert refused.json["title"] == translate(TOO_MANY_TITLE, Language.NL)
    assert int(refused.headers["retry-after"]) > 0
    clock.advance(timedelta(days=1))
    assert file(portal, "c").status == 201


def test_a_request_that_comes_again_is_no_other_report(portal):
    first = [file(portal, key).json["reference"] for key in "ab"]

    assert [file(portal, key).json["reference"] for key in "ab"] == first


def test_a_report_that_is_refused_takes_no_place(portal):
    for _ in range(5):
        assert portal.api("POST", "/v1/reports", BODY | {"truth": False}, person="sanne", Idempotency_Key="x").status == 400

    assert [file(portal, key).status for key in "ab"] == [201, 201]


def test_as_many_drafts_can_be_begun_and_those_be_gone_on_with(portal):
    browser = portal.browser("sanne")
    begun = [browser.get("/report/graffiti").location for _ in range(3)]
    token = browser.get("/details/address").hidden

    answers = [browser.post(one, token | {"story": "Er staat iets op mijn muur."}) for one in begun]

    assert [answer.status == 429 for answer in answers] == [False, False, True]
    assert translate(TOO_MANY["drafts of a person"], Language.NL).split(".")[0] in answers[2].text
    assert browser.post(begun[0], token | {"story": "Er staat nog iets."}).status != 429


def test_of_the_forms_that_wait_for_a_login_the_oldest_make_room(services, clock, portal):
    wiring.install(services)

    class Asked:
        def __init__(self):
            self.services = services

    for number in range(MOST + 5):
        clock.advance(timedelta(seconds=1))
        form_recovery.keep(Asked(), CITIZEN, f"/reports/{number}", {"text": str(number)})

    waiting = [draft.content["text"] for draft in services.drafts.of_owner(CITIZEN.pseudonym) if draft.kind == KIND]
    assert waiting == [str(number) for number in reversed(range(5, MOST + 5))]


def test_the_receipt_asks_for_the_code_that_proves_an_address_until_it_was_typed(portal, services):
    reference = file(portal, "a").json["reference"]
    browser = portal.browser("sanne")

    page = browser.get(f"/reports/{reference}/receipt")

    assert 'action="/details/address"' in page.text
    assert browser.post("/details/address", page.hidden).location == "/details/code"
    report = services.reports.get(reference)
    services.reports.save(report, replace(report, contact=replace(report.contact, proven=True), version=report.version + 1))
    assert 'action="/details/address"' not in browser.get(f"/reports/{reference}/receipt").text
