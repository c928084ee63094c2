"""Officers find reports by a clue: why first, on record, so often in a day; of other units a number at most."""

from dataclasses import replace

import pytest

from chalicelib.clues.indexing import derive
from chalicelib.clues.model import Clue, short
from chalicelib.clues.sorts import SORTS, ClueSort
from chalicelib.clues.traces import SharedValue
from chalicelib.core import ids
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Change, Reporter
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from tests.support.samples import NOON, a_report, answers

IBAN, ACCOUNT = "NL91ABNA0417164300", Clue(ClueSort.IBAN, "NL91ABNA0417164300")
PLANTED = ("NL91ABNA0417164300", "GZ1234567", "van den Berg", "+31612345678", "sanne@example.org", "1012AB", "1012 AB")
OWN, ELSEWHERE = "Noord-Nederland", "Amsterdam"


def file(services, number=0, *, kind="marketplace-purchase-fraud", unit=OWN, **changes):
    statement = Statement.of(kind, answers(kind, **changes))
    reporter = Reporter(f"V1-{number:04}", "sealed")
    reference = ids.reference(number.to_bytes(16))
    report = services.reports.add(a_report(reference=reference, statement=statement, unit=unit, reporter=reporter))
    derive(reference, services.clue_room)
    return report


def search(browser, value, *, sort="", reason="handling"):
    return browser.submit("/desk/search", {"value": value, "sort": sort, "reason": reason})


@pytest.mark.parametrize(
    ("kind", "sort"),
    [
        ("marketplace-purchase-fraud", ClueSort.IBAN),
        ("marketplace-purchase-fraud", ClueSort.WALLET),
        ("marketplace-purchase-fraud", ClueSort.PHONE),
        ("marketplace-purchase-fraud", ClueSort.EMAIL),
        ("marketplace-purchase-fraud", ClueSort.USER_NAME),
        ("marketplace-purchase-fraud", ClueSort.ADVERT),
        ("web-shop-fraud", ClueSort.HOST),
        ("bicycle-theft", ClueSort.FRAME),
        ("electronics-theft", ClueSort.IMEI),
        ("electronics-theft", ClueSort.SERIAL),
        ("theft-from-car", ClueSort.PLATE),
        ("bicycle-theft", ClueSort.REPORTER_PHONE),
        ("bicycle-theft", ClueSort.REPORTER_EMAIL),
        ("bicycle-theft", ClueSort.PERSON),
        ("bicycle-theft", ClueSort.ADDRESS),
    ],
)
def test_a_report_is_found_by_each_sort_of_clue_in_one_search(kind, sort, portal, services):
    """Three interactions: why, what, search. Nobody has to say which sort it is."""
    report = file(services, kind=kind)
    typed = "1012 AB 1-hs" if sort is ClueSort.ADDRESS else SORTS[sort].example

    recognised, chosen = (search(portal.browser("handler"), typed, sort=given) for given in ("", sort.value))

    assert report.reference in recognised.text
    assert report.reference in chosen.text


def test_a_report_is_found_by_its_police_number_and_by_its_own(portal, services):
    report = file(services)
    number = Change(Status.REGISTERED, registration_number="PL0100-2016123456")
    checked = report.changed(Change(Status.CHECKED), by=Actor(Role.OFFICER, "NN1"), at=NOON)
    services.reports.save(report, checked)
    services.reports.save(checked, checked.changed(number, by=Actor(Role.OFFICER, "NN1"), at=NOON))
    derive(report.reference, services.clue_room)

    assert report.reference in search(portal.browser("handler"), "pl0100-2016 123456").text
    assert search(portal.browser("handler"), report.reference.lower()).location.endswith(f"/desk/reports/{report.reference}")


def test_a_search_is_on_record_with_its_reason_its_sorts_and_no_value(portal, services, aws):
    file(services)
    search(portal.browser("handler"), IBAN, sort="iban")
    search(portal.browser("handler"), " nl91 ABNA 0417164300", sort="iban")
    records = aws.items("audit")

    assert {record["what"]["S"] for record in records} == {"searched:iban"}
    assert {record["why"]["S"] for record in records} == {"handling"}
    assert {record["officer"]["S"] for record in records} == {"NN1234"}
    assert len({record["subject"]["S"] for record in records}) == 1  # the same value, so that an auditor can ask for it
    assert "ABNA" not in str(records)


def test_what_was_sought_and_told_stands_in_no_log_no_key_and_no_index(portal, services, aws, caplog):
    caplog.set_level("INFO")
    browser = portal.browser("handler")
    for number, kind in enumerate(("marketplace-purchase-fraud", "bicycle-theft")):
        file(services, number, kind=kind)
    for value in (IBAN, "GZ1234567", "van den Berg 12-7-1980", "06-12345678", "sanne@example.org", "1012 AB 1-hs"):
        assert search(browser, value).status == 200
    stored = [{name: value for name, value in item.items() if name != "value"} for item in aws.items("clues")]

    assert stored
    assert [value for value in PLANTED if value in caplog.text] == []
    assert [value for value in PLANTED if value in str(stored)] == []
    assert [value for value in PLANTED if value in str(aws.items("audit"))] == []
    assert [value for value in PLANTED if value in str(aws.items("limits"))] == []


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("van den Berg", "Op alleen een naam kunt u niet zoeken"),
        ("", "Vul dit in"),
        ("0000", "Hierop kunt u niet zoeken"),
        ("onbekend", "Op alleen een naam kunt u niet zoeken"),
        ("9" * 600, "Dit is te lang om op te zoeken"),
    ],
)
def test_what_finds_nobody_is_refused_in_a_sentence_and_counts_for_nothing(value, sentence, portal, services, aws):
    page = search(portal.browser("handler"), value)

    assert page.status == 400
    assert sentence in page.text
    assert aws.items("audit") == []
    assert aws.items("limits") == []


@pytest.mark.parametrize("changes", [{"reason": ""}, {"reason": "audit"}, {"reason": "curiosity"}, {"sort": "bsn"}])
def test_without_a_reason_of_ones_role_or_with_a_forged_sort_nothing_is_sought(changes, portal, services, aws):
    page = portal.browser("handler").submit("/desk/search", {"value": IBAN, "sort": "", "reason": "handling"} | changes)

    assert page.status == 400
    assert aws.items("audit") == []


def test_no_reason_is_chosen_for_an_officer(portal, services):
    assert "checked" not in portal.browser("handler").get("/desk/search").text


def test_a_sort_that_is_not_for_the_role_is_refused_and_not_offered(portal, services, aws):
    browser = portal.browser("supervisor")

    assert "van den Berg" not in browser.get("/desk/search").text
    assert 'value="person"' not in browser.get("/desk/search").text
    assert search(browser, "van den Berg 12-7-1980", sort="person").status == 403
    assert aws.items("audit") == []
    assert portal.browser("reader").get("/desk/search").status == 403


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, ""), (1, "Ook in andere eenheden."), (2, "Ook in andere eenheden."), (3, "Ook in andere eenheden: 3 aangiften.")],
)
def test_of_other_units_nobody_learns_more_than_a_number_from_three_on(count, told, portal, services):
    mine = file(services, 100)
    theirs = [file(services, number, unit=ELSEWHERE) for number in range(count)]

    page = search(portal.browser("handler"), IBAN, sort="iban")

    shown = page.text.partition("<main")[2].partition("</main>")[0]
    assert mine.reference in shown
    assert [report.reference for report in theirs if report.reference in shown] == []
    assert ELSEWHERE not in shown
    assert told in shown
    assert ("Ook in andere" in shown) == bool(count)


def test_one_and_two_elsewhere_are_the_same_page(portal, services):
    file(services, 1, unit=ELSEWHERE)
    browser = portal.browser("handler")
    one = search(browser, IBAN, sort="iban").text
    file(services, 2, unit=ELSEWHERE)
    two = search(browser, IBAN, sort="iban").text

    def shown(text):
        return text.partition("<main")[2].partition("</main>")[0]

    assert "Ook in andere eenheden." in shown(one)
    assert shown(one) == shown(two)


def test_an_officer_searches_so_often_in_a_day_and_is_told(portal, services):
    services.__dict__["settings"] = replace(services.settings, searches_most=2)
    browser = portal.browser("handler")

    assert [search(browser, IBAN).status for _ in range(3)] == [200, 200, 429]
    assert "zo vaak gezocht" in search(browser, IBAN).text
    assert search(portal.browser("stranger"), IBAN).status == 200


def test_a_shared_value_is_found_and_said_to_be_one(portal, services):
    reports = [file(services, number) for number in range(2)]
    digest = services.clue_keys.digest(ACCOUNT)
    services.clue_room.clues.put(SharedValue(digest, ClueSort.IBAN, IBAN, "gateway", NOON.replace(year=2017), "NN1"))

    page = search(portal.browser("handler"), IBAN, sort="iban")

    assert reports[0].reference in page.text
    assert "gedeeld gegeven" in page.text
    assert "als lijst" not in page.text


def test_beside_a_report_stands_how_many_share_a_clue_and_the_reporters_other_reports(portal, services):
    reports = [file(services, number) for number in range(3)]
    other = services.reports.add(replace(a_report(reference=ids.reference(b"o" * 16)), reporter=reports[0].reporter))
    hidden = services.reports.add(
        replace(a_report(reference=ids.reference(b"h" * 16)), reporter=reports[0].reporter, unit=ELSEWHERE)
    )

    page = portal.browser("handler").get(f"/desk/reports/{reports[0].reference}").text

    assert "2 aangiften in uw eenheid" in page
    assert other.reference in page
    assert hidden.reference not in page
    assert "Hoort dit bij elkaar" not in portal.browser("reader").get(f"/desk/reports/{reports[0].reference}").text


def test_one_press_makes_linked_reports_a_list_and_it_is_on_record(portal, services):
    reports, theirs = [file(services, number) for number in range(60)], file(services, 99, unit=ELSEWHERE)
    clue = short(services.clue_keys.digest(ACCOUNT))
    at = f"/desk/reports/{reports[0].reference}/linked/{clue}"
    browser = portal.browser("handler")

    first, second = browser.get(at), browser.get(f"{at}?page=2")

    listed = [report.reference for report in reports if f">{report.reference}</a>" in first.text + second.text]
    assert len(listed) == 60
    assert theirs.reference not in first.text + second.text
    assert [record.what for record in services.audit.of(f"clue:{clue}")] == ["listed:iban"] * 2
    assert "ABNA" not in at


@pytest.mark.parametrize("clue", ["V1-0000000000000000", "x", "V1-"])
def test_a_clue_that_a_report_has_not_is_not_found(clue, portal, services):
    report = file(services)

    assert portal.browser("handler").get(f"/desk/reports/{report.reference}/linked/{clue}").status == 404


def test_the_links_of_another_units_report_are_not_there(portal, services):
    report = file(services)
    clue = short(services.clue_keys.digest(ACCOUNT))

    assert portal.browser("stranger").get(f"/desk/reports/{report.reference}/linked/{clue}").status == 404
