"""People as they are: without a postcode, a second name or a known birthday, and with evidence that cannot be true."""

import html
import re

import pytest

from chalicelib.copies.objection import letter_of
from chalicelib.core.language import Language
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.statement import Statement
from tests.app.forms import page_of, told, typed, walked
from tests.app.test_api_rules import assert_problem
from tests.support.samples import REFERENCE, a_report, answers

STRANGERS = {"website": "geen site", "otherEmail": "topdeals", "otherPhone": "ING Bank", "accounts": [{"iban": "P 1234567"}]}
WITHOUT = {
    "one name": {"givenNames": None, "oneName": "yes", "familyName": "Sukarno"},
    "the year of birth only": {"dateOfBirth": "00-00-1950"},
    "no day of birth": {"dateOfBirth": None, "birthUnknown": "yes"},
    "a boat": {"addressKind": "boat", "houseNumber": None, "postcode": None, "street": "Ligplaats 3, Zandhaven", "city": "Delft"},
    "Bonaire": {"addressKind": "caribbean", "postcode": None, "street": "Kaya Grandi", "city": "Kralendijk"},
    "France": {"addressKind": "abroad", "postcode": "75001", "street": "Rue de Rivoli", "city": "Paris", "country": "Frankrijk"},
    "no address": {"addressKind": "none", "houseNumber": None, "postcode": None, "street": None, "city": None},
}
SHOWN = {
    "one name": "Sukarno",
    "the year of birth only": "1950 (dag en maand niet bekend)",
    "no day of birth": "Mijn geboortedatum is niet bekend",
    "a boat": "Ligplaats 3, Zandhaven",
    "Bonaire": "Kralendijk",
    "France": "Frankrijk",
    "no address": "Nee, ik heb geen vast adres",
}


def confirmed(browser, page):
    shown = browser.get(page)
    assert shown.status == 200, shown.location
    answer = browser.post(page, shown.hidden | {"truth": "yes"})
    assert answer.status == 303, answer.text
    return re.search(r"/reports/([A-Z0-9-]+)/receipt", answer.location)[1]


def parts_of(changes):
    """The pages on which these are asked."""
    sections = KINDS["bicycle-theft"].sections
    return [part for part in sections if {question.name for question in part.questions} & set(changes)]


@pytest.mark.parametrize("who", WITHOUT)
def test_whoever_lacks_something_can_report_and_is_found_at_the_desk_as_they_are(portal, services, who):
    browser, changes = portal.browser("sanne"), WITHOUT[who]
    fields, page = typed(**changes), walked(browser)
    for part in parts_of(changes):
        address = page.replace("/check", f"/{part.name}")
        names = {question.name for question in part.questions}
        answer = browser.post(address, browser.get(address).hidden | {name: fields[name] for name in names if name in fields})
        assert answer.status == 303, answer.text

    reference = confirmed(browser, page)

    desk = portal.browser("handler").get(f"/desk/reports/{reference}?contact=shown").text
    assert SHOWN[who] in html.unescape(desk)
    assert SHOWN[who] in html.unescape(browser.get(f"/reports/{reference}/copy").text)


@pytest.mark.parametrize("who", WITHOUT)
def test_the_same_is_taken_over_the_api_and_at_the_counter(portal, who):
    changes = {name: True if value == "yes" else value for name, value in WITHOUT[who].items()}
    body = {"kind": "bicycle-theft", "answers": answers(**changes), "truth": True}

    filed = portal.api("POST", "/v1/reports", body, person="sanne")
    read = portal.browser("handler").submit("/desk/new/bicycle-theft", typed(circumstances=None, **WITHOUT[who]))

    assert filed.status == 201, filed.text
    assert read.status == 200, read.text
    assert SHOWN[who] in html.unescape(read.text)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"givenNames": None}, "givenNames"),
        ({"givenNames": None, "oneName": "no"}, "givenNames"),
        ({"dateOfBirth": None}, "dateOfBirth"),
        ({"postcode": None}, "postcode"),
        ({"postcode": "75001"}, "postcode"),
        ({"postcode": None, "addressKind": "postcode"}, "postcode"),
        ({"city": None, "addressKind": "boat"}, "city"),
        ({"addressKind": "abroad"}, "country"),
    ],
)
def test_what_exists_is_still_asked(portal, changes, field):
    answer = portal.browser("handler").submit("/desk/new/bicycle-theft", typed(circumstances=None, **changes))

    assert answer.status == 400
    assert re.findall(r'<a href="#(\w+)"', answer.text.partition('id="errors"')[2].partition("</ul>")[0]) == [field]


def test_a_tick_that_was_saved_stands_there_again(portal):
    browser = portal.browser("sanne")
    page = page_of(browser, "you")

    browser.submit(page, {"oneName": "yes", "familyName": "Sukarno", "dateOfBirth": "1950", "placeOfBirth": "Assen"})

    assert re.search(r'id="oneName" value="yes" checked', browser.get(page).text)


def test_evidence_that_cannot_be_true_stops_nothing_and_is_pointed_out_to_all_who_read_it(portal):
    browser = portal.browser("sanne")
    page = told(browser, "phishing", **STRANGERS)

    shown = browser.get(page)
    reference = confirmed(browser, page)

    desk = portal.browser("handler").get(f"/desk/reports/{reference}?contact=shown").text
    assert shown.text.count("Dit kan niet kloppen zoals u het hebt getypt") == len(STRANGERS)
    assert desk.count("kan niet kloppen zoals het is getypt") == len(STRANGERS)
    assert all(value in desk for value in ("geen site", "topdeals", "ING Bank", "P 1234567"))


def test_evidence_that_can_be_true_is_pointed_out_to_nobody_and_kept_in_one_spelling(portal):
    sound = {
        "website": "Https://ing.nl@Evil.example/Login",
        "otherEmail": "info@CAFÉ.nl",
        "otherPhone": "0900\u20118844",
        "accounts": [{"iban": "be68\u00a05390 0754 7034"}],
    }
    body = {"kind": "phishing", "answers": answers("phishing", **sound), "truth": True}

    filed = portal.api("POST", "/v1/reports", body, person="sanne").json

    kept = {name: filed["answers"][name] for name in sound}
    assert kept == {
        "website": "https://ing.nl@evil.example/Login",
        "otherEmail": "info@café.nl",
        "otherPhone": "09008844",
        "accounts": [{"iban": "BE68539007547034"}],
    }
    desk = portal.browser("handler").get(f"/desk/reports/{filed['reference']}?contact=shown").text
    assert "kan niet kloppen" not in desk


def test_at_the_counter_what_cannot_be_true_is_said_where_it_is_read_back(portal):
    fields = typed("phishing", circumstances=None, website="geen site")

    answer = portal.browser("handler").submit("/desk/new/phishing", fields)

    assert answer.status == 200
    assert "kan niet kloppen zoals het is getypt" in answer.text


def test_a_name_of_two_places_is_asked_as_a_choice_and_the_choice_is_kept_by_its_name(portal, services):
    browser = portal.browser("sanne")
    page = page_of(browser, "place")

    asked = browser.submit(page, {"municipality": "Bergen", "place": "Plein 1"})
    chosen = browser.post(page, asked.hidden | {"municipality": ["Bergen", "GM0373"], "place": "Plein 1"})

    assert asked.status == 400
    assert re.findall(r'type="radio" name="municipality" id="[^"]+" value="(\w+)"', asked.text) == ["GM0893", "GM0373"]
    assert "Bedoelt u een van deze?" in asked.text
    assert 'value="Bergen"' in asked.text
    assert chosen.status == 303, chosen.text
    assert 'value="Bergen (NH.)"' in browser.get(page).text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (["Utrecht", "GM0373"], "Utrecht"),  # they changed the name after all
        (["Zaadnam", "GM0479"], "Zaanstad"),  # mistyped, and offered
        (["Bergen", "GM0014"], None),
        (["Bergen", "'\"><script>"], None),
        (["Bergen", "GM0373", "GM0893"], None),
    ],
)
def test_a_choice_counts_only_for_the_name_above_it(portal, sent, kept):
    browser = portal.browser("sanne")
    page = page_of(browser, "place")

    answer = browser.post(page, browser.get(page).hidden | {"municipality": sent, "place": "Plein 1"})

    assert answer.status == (303 if kept else 400)
    assert kept is None or f'value="{kept}"' in browser.get(page).text
    assert "<script>" not in answer.text


def test_at_the_counter_a_place_is_chosen_in_the_same_way(portal):
    browser = portal.browser("handler")
    fields = typed(circumstances=None)

    asked = browser.submit("/desk/new/bicycle-theft", fields | {"municipality": "Bergen"})
    read = browser.post("/desk/new/bicycle-theft", asked.hidden | fields | {"municipality": ["Bergen", "GM0373"]})

    assert asked.status == 400
    assert read.status == 200, read.text
    assert "Bergen (NH.)" in read.text


def test_a_program_is_told_what_a_place_can_mean(portal):
    body = {"kind": "bicycle-theft", "answers": answers(municipality="Bergen"), "truth": True}

    answer = portal.api("POST", "/v1/reports", body, person="sanne")

    assert_problem(answer, 400)
    [error] = answer.json["errors"]
    assert (error["field"], error["code"]) == ("municipality", "municipality_which")
    assert "Bergen (L.), Limburg; Bergen (NH.), Noord-Holland" in error["detail"]


@pytest.mark.parametrize("place", ["Zaandam", "Bergen NH", "Gemeente Zaanstad"])
def test_a_report_goes_to_the_unit_of_the_place(portal, place):
    body = {"kind": "bicycle-theft", "answers": answers(municipality=place), "truth": True}

    assert portal.api("POST", "/v1/reports", body, person="sanne").json["unit"] == "Noord-Holland"


OLD = (
    '{"answers":{"accounts":[{"iban":"NL91\u00a0ABNA0417164300"}],"circumstances":["none"],"city":"Amsterdam","claimedToBe":"x",'
    '"dateOfBirth":"1980-07-12","familyName":"van den Berg","frameNumber":"GZ\u20111234567",'
    '"givenNames":"Sanne","houseNumber":"1-hs",'
    '"municipality":"GM0014","otherEmail":"verkoper@example.net","otherPhone":"+31611223344","place":"Plein",'
    '"plate":"12ABC3","postcode":"1012AB","street":"Damrak","victimDateOfBirth":"1955-03-04",'
    '"website":"HTTPS://Example.com"},"kind":"phishing"}'
)


def test_a_report_of_before_is_read_and_shown_as_it_was_confirmed(portal, services):
    services.reports.add(a_report(statement=Statement(OLD)))

    desk = portal.browser("handler").get(f"/desk/reports/{REFERENCE}?contact=shown")
    mine = portal.browser("sanne").get(f"/reports/{REFERENCE}/copy")

    for page in (desk, mine):
        assert page.status == 200
        text = html.unescape(page.text)
        assert "kan niet kloppen" not in text
        assert all(told in text for told in ("12 juli 1980", "NL91\u00a0ABNA0417164300", "HTTPS://Example.com", "1012AB"))


def test_an_objection_from_abroad_bears_the_country():
    report = a_report(statement=Statement.of("bicycle-theft", answers(**WITHOUT["France"])))

    assert letter_of(report, Language.NL).sender == ("Sanne van den Berg", "Rue de Rivoli 1-hs", "75001 Paris", "Frankrijk")
