"""Telling, checking and sending a report on the pages: what the citizen sees at each step."""

import re
from datetime import timedelta

import pytest

from chalicelib.reports.crimes import KINDS
from tests.app.forms import begin, page_of, told, typed, walked
from tests.support.samples import CITIZEN

PARTS = (
    "circumstances", "story", "bicycle", "marks", "lock", "place", "time",
    "help", "damage", "victim", "you", "address", "contact", "wishes",
)  # fmt: skip


def sent(browser, kind="bicycle-theft"):
    return browser.submit(told(browser, kind), {"truth": "yes"})


def references(portal):
    return [line.reference for line in portal.services.reports.of_reporter(CITIZEN.pseudonym).lines]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_crime_can_be_told_checked_and_sent(portal, kind):
    browser = portal.browser("sanne")

    receipt = browser.submit(walked(browser, kind), {"truth": "yes"}, follow=True)

    assert receipt.status == 200
    assert "We hebben uw aangifte ontvangen" in receipt.text
    [reference] = references(portal)
    assert reference in receipt.text


def test_who_is_not_logged_in_is_sent_to_digid_and_back(portal):
    answer = portal.browser().get("/report/bicycle-theft")

    assert answer.status == 303
    assert answer.location == "/login?next=/report/bicycle-theft"


def test_the_choice_of_crimes_says_who_is_sent_elsewhere(portal):
    page = portal.browser().get("/report").text

    assert page.index("tel:112") < page.index("<h1>")
    assert "Er was een vuurwapen" in page
    assert all(f'href="/report/{kind}/circumstances"' in page for kind in KINDS)


def test_the_choice_aid_stops_before_the_login_with_the_reason_and_whom_to_call(portal):
    visitor, address = portal.browser(), "/report/bicycle-theft/circumstances"

    stopped = visitor.post(address, {"circumstances": ["violence"]})
    empty = visitor.post(address, {})
    clear = visitor.post(address, {"circumstances": "none"})

    assert (stopped.status, empty.status, clear.status) == (409, 400, 303)
    assert "tel:09008844" in stopped.text
    assert clear.location == "/report/bicycle-theft?circumstances=none"


def test_what_the_choice_aid_asked_is_not_asked_again_and_is_in_the_report(portal):
    browser = portal.browser("sanne")

    page = browser.get("/report/bicycle-theft?circumstances=none").location
    assert page.endswith("/story?circumstances=none")
    browser.submit(page, {"story": "Weg."}, to=page.partition("?")[0])
    draft = portal.services.drafts.of_owner(CITIZEN.pseudonym)[0]

    assert draft.content["circumstances"] == "none"
    assert "stap 2 van 15" in browser.get(page.partition("?")[0]).text


def test_who_skips_the_choice_aid_is_asked_first(portal):
    assert begin(portal.browser("sanne")).endswith("/circumstances")


def test_the_wizard_asks_one_part_at_a_time_and_says_how_far_it_is(portal):
    browser, seen = portal.browser("sanne"), []
    fields, page = typed(), begin(browser)
    while not page.endswith("/check"):
        text = browser.get(page).text
        seen.append(page.rpartition("/")[2])
        assert f"stap {len(seen)} van 15" in text
        names = set(re.findall(r' name="([^".]+)', text))
        page = browser.submit(page, {name: value for name, value in fields.items() if name.split(".")[0] in names}).location

    assert tuple(seen) == (*PARTS, "evidence")


def test_an_empty_page_comes_back_with_every_error_and_a_link_to_each_field(portal):
    browser = portal.browser("sanne")

    page = browser.submit(page_of(browser, "time"), {"happenedFrom.date": "<b>gisteren</b> & 'toen'"})

    assert page.status == 400
    assert "<title>Fout: " in page.text
    links = re.findall(r'<li><a href="#([^"]+)"', page.text)
    assert links == ["happenedFrom", "happenedUntil"]
    assert all(f' id="{name}"' in page.text for name in links)
    assert 'value="&lt;b&gt;gisteren&lt;/b&gt; &amp; &#39;toen&#39;"' in page.text


def test_a_report_for_a_company_has_a_page_more(portal):
    browser = portal.browser("sanne")
    page = page_of(browser, "victim")

    browser.submit(page, {"victim": "company"})
    details = browser.get(page.replace("/victim", "/victim-details")).text

    assert "KVK" in details
    assert "stap 11 van 16" in details


def test_going_back_keeps_what_was_typed_without_judging_it(portal):
    browser = portal.browser("sanne")
    page = page_of(browser, "time")

    answer = browser.submit(page, {"happenedFrom.date": "onzin", "_go": "back"})

    assert answer.location.endswith("/place")
    assert 'value="onzin"' in browser.get(page).text


def test_who_stops_finds_the_draft_again_also_on_another_device_and_weeks_later(portal, clock):
    phone = portal.browser("sanne")
    page = page_of(phone, "bicycle")
    phone.submit(page, {"brand": "Koga", "_go": "stop"}, follow=True)
    clock.advance(timedelta(days=29))
    laptop = portal.browser("sanne")

    saved = laptop.get("/report/saved").text
    again = re.search(r'href="(/report/bicycle-theft/[^"]+)"', saved)[1]

    assert laptop.get(again).location.endswith("/circumstances"), "on to the first page that is not done"
    assert 'value="Koga"' in laptop.get(page).text
    clock.advance(timedelta(days=2))
    assert "Koga" not in portal.browser("sanne").get(page).text


def test_every_input_has_a_label_and_every_description_exists(portal):
    browser = portal.browser("sanne")
    checked, seen = 0, set()
    for kind in KINDS.values():
        address = begin(browser, kind.code).rpartition("/")[0]
        parts = [part for part in kind.sections if id(part) not in seen]  # many kinds share a page
        seen |= set(map(id, parts))
        for part in parts:
            page = browser.submit(f"{address}/{part.name}", {}).text or browser.get(f"{address}/{part.name}").text
            found = re.findall(r' id="([^"]+)"', page)
            labelled = set(re.findall(r'<label for="([^"]+)"', page))
            inputs = re.findall(r'<(?:input|textarea|select) (?![^>]*type="hidden")[^>]*\bid="([^"]+)"', page)
            described = {name for names in re.findall(r'aria-describedby="([^"]+)"', page) for name in names.split()}
            assert len(found) == len(set(found)), part.name
            assert set(inputs) <= labelled
            assert described <= set(found)
            checked += len(inputs)
    assert checked > 150
    assert len(seen) > 50


def test_rows_can_be_added_changed_and_removed_without_judging_what_was_typed(portal):
    browser = portal.browser("sanne")
    page = page_of(browser, "goods", "other-theft")

    more = browser.submit(page, {"goods.0.what": "Ring", "_go": "more.goods"})
    browser.submit(page, {"goods.0.what": "Ring", "goods.1.what": "Tas", "goods.2.what": "Pen", "_go": "more.goods"})
    less = browser.submit(page, {"goods.0.what": "Ring", "goods.1.what": "Tas", "goods.2.what": "Pen", "_go": "less.goods.2"})

    assert (more.status, less.status) == (200, 200)
    assert 'name="goods.1.what"' in more.text
    assert re.findall(r'name="goods.\d.what" type="text" value="([^"]*)"', less.text) == ["Ring", "Pen"]


def test_a_row_with_an_error_is_named_in_the_summary(portal):
    browser = portal.browser("sanne")

    page = browser.submit(page_of(browser, "goods", "other-theft"), {"goods.0.what": "Fiets", "goods.1.brand": "Canon"})

    assert '<a href="#goods.1.what">Wat is het? (regel 2): Vul dit in</a>' in page.text


def test_who_must_call_is_told_so_and_keeps_what_was_typed(portal):
    browser = portal.browser("sanne")
    page = begin(browser)

    stopped = browser.submit(page, {"circumstances": ["danger"]})

    assert stopped.status == 409
    assert "Bel nu" in stopped.text
    assert 'href="tel:112"' in stopped.text
    assert 'value="danger" checked' in browser.get(page).text


def test_a_child_is_told_to_come_with_a_parent(portal):
    browser = portal.browser("sanne")
    child = typed(dateOfBirth="1-7-2006")

    page = browser.submit(
        page_of(browser, "you"), {name: child[name] for name in ("givenNames", "familyName", "dateOfBirth", "placeOfBirth")}
    )

    assert page.status == 409
    assert "ouder" in page.text


def test_a_circumstance_that_is_normal_for_fraud_is_not_asked_there(portal):
    page = portal.browser().get("/report/phishing/circumstances").text

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


def test_change_leads_to_the_page_of_that_answer_and_back_to_the_check(portal):
    browser = portal.browser("sanne")
    check = told(browser)
    change = re.search(r'href="([^"]+)#colour"', browser.get(check).text)[1]

    again = browser.submit(
        change, {"bicycleKind": "ordinary", "brand": "Gazelle", "colour": "paars"}, to=change.partition("?")[0]
    )

    assert again.location == check
    assert "paars" in browser.get(check).text


def test_who_skips_to_the_check_is_led_to_the_first_part_that_is_not_done(portal):
    browser = portal.browser("sanne")
    page = page_of(browser, "circumstances")
    browser.submit(page, {"circumstances": "none"})

    assert browser.get(page.replace("/circumstances", "/check")).location.endswith("/story")


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
    browser.submit(check.replace("/check", "/bicycle"), {"bicycleKind": "ordinary", "brand": "Gazelle", "colour": "paars"})

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


def test_what_was_typed_after_the_session_ran_out_fills_the_page_again(portal, clock):
    browser = portal.browser("sanne")
    page = page_of(browser, "bicycle")
    form = {**browser.get(page).hidden, "brand": "Koga"}
    clock.advance(timedelta(minutes=20))
    assert browser.post(page, form).location == f"/login?next={page}"

    again = portal.browser("sanne").get(page)

    assert 'value="Koga"' in again.text
    assert "staat hier weer" in again.text


def test_a_kind_that_does_not_exist_is_not_found(portal):
    assert portal.browser("sanne").get("/report/murder").status == 404


def test_the_receipt_shows_number_time_and_fingerprint(portal):
    browser = portal.browser("sanne")

    page = browser.get(sent(browser).location)

    report = portal.services.reports.get(references(portal)[0])
    assert report.reference in page.text
    assert "1 juli 2016 om 12.00 uur" in page.text
    assert report.statement.sha256 in page.text


def test_english_readers_get_every_page_in_english(portal):
    browser = portal.browser("sanne")
    browser.post("/language", {"to": "en", "next": "/"})
    address = begin(browser).rpartition("/")[0]
    for part in PARTS:
        page = browser.get(f"{address}/{part}").text
        assert '<html lang="en">' in page
        assert "Wat " not in page


def test_a_part_or_a_draft_that_cannot_be_is_not_found(portal):
    browser = portal.browser("sanne")
    address = begin(browser).rpartition("/")[0]

    for path in (
        f"{address}/accounts",
        f"{address}/nothing",
        "/report/bicycle-theft/nonsense/story",
        "/report/murder/circumstances",
    ):
        assert browser.get(path).status == 404


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
    "a button that is not there": {"_go": "less.story.99"},
    "control characters": {"story": "a\x00b\u202ec"},
}


@pytest.mark.parametrize("fields", ODD.values(), ids=ODD)
def test_odd_forms_are_answered_with_the_page(portal, fields):
    browser = portal.browser("sanne")
    address = begin(browser, "other-theft").rpartition("/")[0]
    for part in ("story", "goods", "time", "victim"):
        page = browser.submit(f"{address}/{part}", {"_go": "more.goods.x", **fields})
        shown = browser.get(f"{address}/{part}")
        assert page.status in (200, 303, 400)
        assert shown.status == 200
        assert "<script>" not in page.text + shown.text


def test_a_second_report_of_the_same_kind_is_asked_about_and_never_refused(portal, clock):
    browser = portal.browser("sanne")
    sent(browser)

    check = told(browser)

    assert f'<a href="/reports/{references(portal)[0]}">' in browser.get(check).text
    assert browser.submit(check, {"truth": "yes"}).status == 303
    assert len(references(portal)) == 2
    clock.advance(timedelta(days=31))
    later = portal.browser("sanne")
    assert "Hebt u dit al eerder aangegeven" not in later.get(told(later)).text


@pytest.mark.parametrize("name", ["victim.a", "victim.0", "victim.a.b"])
def test_an_answer_of_a_forged_shape_is_refused_at_its_field(portal, name):
    browser = portal.browser("sanne")

    answer = browser.submit(page_of(browser, "victim"), {name: "person"})

    assert answer.status == 400


def test_each_of_several_is_called_by_what_it_is(portal):
    page = page_of(portal.browser("sanne"), "goods", "other-theft")
    browser = portal.browser("sanne")

    more = browser.submit(page, {"goods.0.what": "Tas", "_go": "more.goods"}).text

    assert [name for name in ("Ding 1", "Ding 2") if f"<legend>{name}</legend>" in more] == ["Ding 1", "Ding 2"]
    assert ">Weghalen: Ding 2</button>" in more
