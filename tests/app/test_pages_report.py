"""Telling, checking and sending a report on the pages: what the citizen sees at each step."""

import re
from datetime import timedelta

import pytest

from chalicelib.reports.crimes import KINDS
from tests.app.forms import typed
from tests.samples import CITIZEN

FORM = "/report/bicycle-theft"


def told(browser, kind="bicycle-theft", **changes):
    """Fill in the form and return the address of the page to check."""
    answer = browser.submit(f"/report/{kind}", typed(kind, **changes))
    assert answer.status == 303, answer.text
    return answer.location


def sent(browser, kind="bicycle-theft"):
    return browser.submit(told(browser, kind), {"truth": "yes"})


def references(portal):
    return [line.reference for line in portal.services.reports.of_reporter(CITIZEN.pseudonym).lines]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_crime_can_be_told_checked_and_sent(portal, kind):
    browser = portal.browser("sanne")

    receipt = browser.submit(told(browser, kind), {"truth": "yes"}, follow=True)

    assert receipt.status == 200
    assert "We hebben uw aangifte ontvangen" in receipt.text
    [reference] = references(portal)
    assert reference in receipt.text


def test_who_is_not_logged_in_is_sent_to_digid_and_back(portal):
    answer = portal.browser().get(FORM)

    assert answer.status == 303
    assert answer.location == f"/login?next={FORM}"


def test_the_choice_of_crimes_says_who_is_sent_elsewhere(portal):
    page = portal.browser().get("/report").text

    assert page.index("tel:112") < page.index("<h1>")
    assert "Er was een vuurwapen" in page
    assert all(f'href="/report/{kind}"' in page for kind in KINDS)


def test_an_empty_form_comes_back_with_every_error_and_a_link_to_each_field(portal):
    browser = portal.browser("sanne")

    page = browser.submit(FORM, {"story": "<b>Weg</b> & 'foetsie'", "happenedFrom.date": "gisteren"})

    assert page.status == 400
    assert "<title>Fout: " in page.text
    links = re.findall(r'<li><a href="#([^"]+)"', page.text)
    assert {"circumstances", "brand", "happenedFrom", "email"} <= set(links)
    assert all(f' id="{name}"' in page.text for name in links)
    assert "&lt;b&gt;Weg&lt;/b&gt; &amp; &#39;foetsie&#39;</textarea>" in page.text
    assert 'value="gisteren"' in page.text


def test_errors_follow_the_order_of_the_form(portal):
    page = portal.browser("sanne").submit(FORM, {}).text

    links = re.findall(r'<li><a href="#([^"]+)"', page)

    assert links == sorted(links, key=lambda name: page.index(f' id="{name}"'))


def test_every_input_has_a_label_and_every_description_exists(portal):
    browser = portal.browser("sanne")
    for kind in KINDS:
        page = browser.submit(f"/report/{kind}", {}).text
        found = re.findall(r' id="([^"]+)"', page)
        labelled = set(re.findall(r'<label for="([^"]+)"', page))
        inputs = re.findall(r'<(?:input|textarea|select) (?![^>]*type="hidden")[^>]*\bid="([^"]+)"', page)
        described = {name for names in re.findall(r'aria-describedby="([^"]+)"', page) for name in names.split()}
        assert len(found) == len(set(found))
        assert inputs
        assert set(inputs) <= labelled
        assert described <= set(found)


def test_a_row_with_an_error_is_open_and_named_in_the_summary(portal):
    browser = portal.browser("sanne")

    page = browser.submit("/report/other-theft", typed("other-theft", **{"goods.1.brand": "Canon"}))

    assert '<a href="#goods.1.what">Wat is het? (regel 2): Vul dit in</a>' in page.text
    assert page.text.count('<details class="row" open>') == 1


def test_more_rows_come_without_judging_what_was_typed(portal):
    rows = {f"goods.{number}.what": "Ring" for number in range(3)}

    page = portal.browser("sanne").submit("/report/other-theft", {**rows, "_more": "goods"})

    assert page.status == 200
    assert 'name="goods.5.what"' in page.text
    assert page.text.count('value="Ring"') == 3


def test_who_must_call_is_told_so_before_anything_else(portal):
    page = portal.browser("sanne").submit(FORM, {"circumstances": ["danger"]})

    assert page.status == 409
    assert "Bel nu" in page.text
    assert 'href="tel:112"' in page.text
    assert portal.services.drafts.get(CITIZEN.pseudonym, FORM) is None


def test_a_circumstance_that_is_normal_for_fraud_is_not_asked_there(portal):
    page = portal.browser("sanne").get("/report/phishing").text

    assert 'value="violence"' in page
    assert 'value="suspect"' not in page


def test_the_check_shows_what_was_received_and_what_could_be_added(portal):
    browser = portal.browser("sanne")

    page = browser.get(told(browser, frameNumber="", story="<script>alert(1)</script>"))

    assert "Er is nog niets naar de politie gestuurd" in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "30 juni 2016 om 09.15 uur" in page.text
    assert "€ 649,50" in page.text
    assert re.search(r'#frameNumber">Framenummer</a>: Dit hebt u leeg gelaten', page.text)
    assert 'name="truth" id="truth" value="yes">' in page.text.replace(' aria-invalid="true"', "")


def test_change_brings_back_the_form_as_it_was_typed(portal):
    browser = portal.browser("sanne")
    check = told(browser)
    change = re.search(r'href="([^"]+)#story"', browser.get(check).text)[1]

    again = browser.submit(change, typed(colour="paars"), to=FORM)

    assert 'value="Gazelle"' in browser.get(change).text
    assert again.location == check
    assert "paars" in browser.get(check).text


def test_without_the_tick_nothing_is_sent(portal):
    browser = portal.browser("sanne")

    page = browser.submit(told(browser), {})

    assert page.status == 400
    assert 'href="#truth"' in page.text
    assert references(portal) == []


def test_what_changed_in_another_window_must_be_checked_again(portal):
    browser = portal.browser("sanne")
    check = told(browser)
    first = browser.get(check).hidden
    change = f"{FORM}?draft={check.rpartition('/')[2]}"
    browser.submit(change, typed(colour="paars"), to=FORM)

    page = browser.post(check, {**first, "truth": "yes"})

    assert page.status == 409
    assert "in een ander venster gewijzigd" in page.text
    assert f'href="{check}"' in page.text
    assert references(portal) == []


def test_a_double_click_files_one_report_and_gives_its_receipt_twice(portal):
    browser = portal.browser("sanne")
    check = told(browser)
    form = {**browser.get(check).hidden, "truth": "yes"}

    first, second = browser.post(check, form), browser.post(check, form)

    assert first.status == second.status == 303
    assert first.location == second.location
    assert browser.get(check).location == first.location
    assert len(references(portal)) == 1


def test_a_draft_is_found_only_by_its_owner(portal):
    check = told(portal.browser("sanne"))

    assert portal.browser("neighbour").get(check).status == 404


def test_what_was_typed_after_the_session_ran_out_fills_the_form_again(portal, clock):
    browser = portal.browser("sanne")
    form = {**browser.get(FORM).hidden, **typed(brand="Koga")}
    clock.advance(timedelta(minutes=20))
    assert browser.post(FORM, form).location == f"/login?next={FORM}"

    page = portal.browser("sanne").get(FORM)

    assert 'value="Koga"' in page.text
    assert "U was uitgelogd" in page.text


def test_a_kind_that_does_not_exist_is_not_found(portal):
    assert portal.browser("sanne").get("/report/murder").status == 404


def test_the_receipt_shows_number_time_and_fingerprint(portal):
    browser = portal.browser("sanne")

    page = browser.get(sent(browser).location)

    report = portal.services.reports.get(references(portal)[0])
    assert report.reference in page.text
    assert "1 juli 2016 om 12.00 uur" in page.text
    assert report.statement.sha256 in page.text


def test_english_readers_get_the_whole_form_in_english(portal):
    browser = portal.browser("sanne")

    browser.post("/language", {"to": "en", "next": FORM})
    page = browser.get(FORM).text

    assert '<html lang="en">' in page
    assert "What kind of bicycle is it?" in page
    assert 'id="language-en" value="en" checked' in page
    assert "Wat " not in page


ODD = {
    "rows that are text": {"goods": "x", "goods.0.what": "Ring"},
    "a row that is text": {"goods.0": "x"},
    "rows without numbers": {"goods.first.what": "Ring"},
    "deep rows": {"goods.0.what": None, "goods.0.what.more.still": "x"},
    "a moment that is text": {"happenedFrom": "gisteren"},
    "a moment of lists": {"happenedFrom.date": ["1-7-2016", "2-7-2016"], "happenedFrom.time": ["1", "2"]},
    "a story sent twice": {"story": ["een", "twee"]},
    "a tree for a choice": {"victim": None, "victim.a": "self", "circumstances": None, "circumstances.x": "none"},
    "names nobody asked for": {"<script>": "1", "a" * 300: "2", "": "3"},
    "a foreign draft": {"_draft": "parked-1", "_more": "x"},
    "control characters": {"story": "a\x00b\u202ec"},
}


@pytest.mark.parametrize("fields", ODD.values(), ids=ODD)
def test_odd_forms_are_answered_with_the_form(portal, fields):
    page = portal.browser("sanne").submit("/report/other-theft", typed("other-theft", **fields))

    assert page.status in (200, 400), page.location
    assert "<script>" not in page.text
    assert "Fietsenmakerij" not in page.text
    assert 'value="van den Berg"' in page.text
