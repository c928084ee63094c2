"""A report at the counter: an officer types it for who stands there, reads it back, files it, and hands over the copy."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.language import Language
from chalicelib.desk.counter.model import at_counter, flat
from chalicelib.people.model import Level, form_token
from chalicelib.profiles import actions
from chalicelib.reports.contact import Safety
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.crimes.triage import CIRCUMSTANCES
from chalicelib.reports.events import Channel
from tests.app.conftest import PEOPLE
from tests.app.forms import typed
from tests.support.samples import DERIVATION, REFERENCE, a_report

BSN = "999990019"
PAGE = "/desk/new/bicycle-theft"
LAST = {"bsn": BSN, "identity": "yes", "truth": "yes", "_go": "send"}


def told(kind="bicycle-theft", **changes):
    return typed(kind, circumstances=None, **changes)


def read_back(browser, page=PAGE, **changes):
    """Fill in the form, and return the hidden fields of the page on which it is read back."""
    kind = page.rpartition("/")[2]
    answer = browser.submit(page, told(kind, **changes))
    assert answer.status == 200, answer.text
    assert "Lees het voor" in answer.text
    return hidden_of(answer)


def hidden_of(answer):
    """The hidden fields of the page's own form, in which a name may stand more than once."""
    main = answer.text.rpartition("<main")[2].partition("</main>")[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main):
        fields.setdefault(name, []).append(re.sub("&#39;", "'", value))
    return fields


def filed(portal, browser, **changes):
    answer = browser.post(PAGE, {**read_back(browser, **changes), **LAST})
    assert answer.status == 303, answer.text
    return portal.services.reports.get(re.search(r"/desk/reports/([A-Z0-9-]+)/copy", answer.location)[1]), answer.location


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_filed_at_the_counter(kind, portal):
    browser = portal.browser("handler")
    page = f"/desk/new/{kind}"

    answer = browser.post(page, {**read_back(browser, page), **LAST})

    assert answer.status == 303
    assert browser.get(answer.location).status == 200


def test_the_reporter_finds_the_report_after_logging_in_with_the_same_number(portal):
    report, _ = filed(portal, portal.browser("handler"))
    citizen = portal.services.vault.citizen(BSN, Level.SUBSTANTIAL)

    mine = portal.services.reports.of_reporter(citizen.pseudonym).lines

    assert [line.reference for line in mine] == [report.reference]
    assert report.channel is Channel.DESK
    assert report.timeline[0].by.id == PEOPLE["handler"].id
    assert portal.browser("sanne").get(f"/reports/{report.reference}").status == 404


def test_the_number_is_shown_by_no_page_and_in_no_log(portal, caplog):
    browser = portal.browser("handler")
    form = read_back(browser)
    wrong = browser.post(PAGE, {**form, "bsn": BSN, "_go": "send"})

    _, copy = filed(portal, browser)

    assert wrong.status == 400
    assert BSN not in wrong.text + browser.get(copy).text + copy
    assert BSN not in caplog.text


def test_filing_at_the_counter_is_on_record_before_it_happens(portal):
    report, copy = filed(portal, portal.browser("handler"))
    portal.browser("handler").get(copy)

    records = portal.services.audit.of(report.reference)

    assert {(one.what, one.why) for one in records} == {
        ("filed_at_desk", "identity_document_seen"),
        ("copy_printed", "reporter_contact"),
    }


def test_a_double_click_is_one_report(portal):
    browser = portal.browser("handler")
    form = {**read_back(browser), **LAST}

    first, second = browser.post(PAGE, form), browser.post(PAGE, form)

    assert (first.status, second.status) == (303, 303)
    assert first.location == second.location


def test_nothing_is_filed_that_was_not_read_back(portal, aws):
    browser = portal.browser("handler")
    form = read_back(browser)

    answer = browser.post(PAGE, {**form, **LAST, "story": "Iets anders."})

    assert answer.status == 409
    assert aws.items("reports") == []


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        ({"bsn": ""}, "nummer"),
        ({"bsn": "123456789"}, "Dit is geen BSN"),
        ({"bsn": ["999990019", "999997683"]}, "nummer"),
        ({"identity": ""}, "identiteitsbewijs"),
        ({"truth": ""}, "waarheid"),
    ],
)
def test_without_a_sound_number_the_document_and_the_truth_nothing_is_filed(last, sentence, portal, aws):
    browser = portal.browser("handler")

    answer = browser.post(PAGE, {**read_back(browser), **LAST, **last})

    assert answer.status == 400
    assert sentence in answer.text
    assert "Gazelle" in answer.text  # nothing typed is lost
    assert aws.items("reports") == aws.items("audit") == []


def test_a_form_whose_session_ran_out_is_kept_nowhere_least_of_all_its_number(portal, clock, aws):
    browser = portal.browser("handler")
    form = {**read_back(browser), **LAST}
    clock.advance(timedelta(minutes=16))

    answer = browser.post(PAGE, form)

    assert answer.location.startswith("/staff/login")
    assert aws.items("drafts") == []
    assert "aan de balie" in portal.browser().get(f"/session/ended?next={PAGE}").text


def test_leaving_the_counter_in_a_hurry_and_a_form_of_an_earlier_login_keep_nothing_either(portal, aws):
    browser = portal.browser("handler")
    form = {**read_back(browser), **LAST}

    earlier = portal.browser("handler").post(
        PAGE, {**form, "_token": form_token("earlier", PEOPLE["handler"], lambda: DERIVATION.names)}
    )
    left = browser.post("/session/end", {**form, "_path": PAGE})

    assert (earlier.status, left.status) == (403, 204)
    assert aws.items("drafts") == []


def test_another_language_halfway_shows_the_form_as_it_was_typed_and_keeps_nothing(portal, aws):
    browser = portal.browser("handler")

    answer = browser.post(PAGE, {**read_back(browser, story="Mijn fiets is weg."), "bsn": BSN, "_language": "en"})

    assert '<html lang="en">' in answer.text
    assert ">\nMijn fiets is weg.</textarea>" in answer.text
    assert BSN not in answer.text
    assert aws.items("drafts") == []


def test_what_is_wrong_in_the_form_is_said_all_at_once_and_nothing_typed_is_lost(portal):
    answer = portal.browser("handler").submit(PAGE, told(postcode="12", familyName="", story="Weg."))

    assert answer.status == 400
    assert answer.text.count('class="message"') == 2
    assert ">\nWeg.</textarea>" in answer.text


def test_what_was_read_back_can_be_changed_and_keeps_all_that_was_typed(portal):
    browser = portal.browser("handler")

    answer = browser.post(PAGE, {**read_back(browser, story="Mijn fiets is weg."), "_go": "change"})

    assert answer.status == 200
    assert ">\nMijn fiets is weg.</textarea>" in answer.text
    assert 'value="Gazelle"' in answer.text


def test_rows_are_added_and_removed_and_survive_being_read_back(portal):
    browser = portal.browser("handler")
    page, goods = "/desk/new/other-theft", {"goods.0.what": "Tas", "goods.1.what": "Jas"}
    more = browser.submit(page, {**told("other-theft", goods=None), **goods, "_go": "more.goods"})
    assert more.text.count("goods.2.what") > 0

    form = read_back(browser, page, **goods)

    assert form["goods.1.what"] == ["Jas"]


def test_nobody_is_sent_away_from_the_counter_where_people_are_sent(portal):
    child = told(dateOfBirth="2010-01-01")

    answer = portal.browser("handler").submit(PAGE, child)

    assert answer.status == 200
    assert CIRCUMSTANCES.name not in {question.name for question in at_counter("bicycle-theft").questions}


def test_who_has_no_email_can_report_at_the_counter_and_it_is_said_that_no_mail_comes(portal):
    report, _ = filed(portal, portal.browser("handler"), email="")

    assert report.contact.email == ""
    assert portal.browser("handler").get(f"/desk/reports/{report.reference}").status == 200


def test_who_chose_neutral_mail_at_home_gets_no_other_mail_for_a_report_made_at_the_counter(portal):
    citizen = portal.services.vault.citizen(BSN, Level.SUBSTANTIAL)
    safe = Safety(neutral=True, phone=False)
    actions.choose(
        lambda before: replace(before, safety=safe, survey=False),
        pseudonym=citizen.pseudonym,
        language=Language.NL,
        desk=portal.services.details,
    )

    report, _ = filed(portal, portal.browser("handler"))

    assert (report.contact.safety, report.contact.survey) == (safe, False)


def test_the_copy_is_for_the_own_unit_or_for_who_filed_it(portal):
    portal.services.reports.add(a_report())
    report, copy = filed(portal, portal.browser("stranger"))
    assert report.unit not in PEOPLE["stranger"].units or report.timeline[0].by.id == PEOPLE["stranger"].id

    assert portal.browser("stranger").get(copy).status == 200
    assert portal.browser("stranger").get(f"/desk/reports/{REFERENCE}/copy").status == 404


@pytest.mark.parametrize("person", ["reader", "auditor", "supervisor"])
def test_who_may_not_file_does_not(person, portal, aws):
    browser = portal.browser(person)

    answers = (browser.get("/desk/new"), browser.get(PAGE), browser.post(PAGE, LAST))

    assert {answer.status for answer in answers} == {403}
    assert "/desk/new" not in browser.get("/desk").text
    assert aws.items("reports") == []


def test_a_form_comes_back_as_it_was_sent():
    sent = {
        "goods": [{"what": "Tas"}, {"what": "Jas"}],
        "when": {"date": "1-7-2016", "time": "12:00"},
        "some": ["a", "b"],
        "x": "1",
    }

    assert list(flat(sent)) == [
        ("goods.0.what", "Tas"),
        ("goods.1.what", "Jas"),
        ("when.date", "1-7-2016"),
        ("when.time", "12:00"),
        ("some", "a"),
        ("some", "b"),
        ("x", "1"),
    ]
