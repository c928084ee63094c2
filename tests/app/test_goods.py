"""Officers put in found property and shared values: a row and a reason for each line, on record, and nothing half done."""

from datetime import timedelta

import pytest

from chalicelib.clues.indexing import derive
from chalicelib.clues.model import Clue, short
from chalicelib.clues.sorts import ClueSort
from chalicelib.core import ids
from chalicelib.reports.statement import Statement
from chalicelib.reports.tasks import Task
from tests.app.files import TYPE, encoded
from tests.support.samples import REFERENCE, a_report, answers

IBAN = "NL91ABNA0417164300"
THING = {"sort": "frame", "value": "gz 1234-567", "number": "nn-2016-1"}


def a_theft(services, unit="Noord-Nederland", number=1):
    statement = Statement.of("bicycle-theft", answers())
    report = services.reports.add(a_report(reference=ids.reference(number.to_bytes(16)), statement=statement, unit=unit))
    derive(report.reference, services.clue_room)
    return report


def test_a_found_thing_leads_to_the_report_and_is_a_task_there_and_no_mail(portal, services, aws):
    report = a_theft(services)

    page = portal.browser("handler").submit("/desk/goods", THING)

    assert page.status == 200
    assert f'href="/desk/reports/{report.reference}"' in page.text
    assert Task.GOODS_HIT in services.reports.get(report.reference).open_tasks
    assert aws.mails() == []
    assert [(one.officer, one.what) for one in services.audit.of("goods:Noord-Nederland")] == [("NN1234", "found_things:1")]


def test_a_reporter_reads_on_how_many_days_their_things_were_looked_for_and_not_whether_they_were_found(portal, services, clock):
    report, officer = a_theft(services), portal.browser("handler")
    before = portal.browser("sanne").get(f"/reports/{report.reference}/views").text
    for number in ("nn-1", "nn-2"):
        officer.submit("/desk/goods", THING | {"number": number, "sort": "serial", "value": "ZZ9999999"})
    clock.advance(timedelta(days=1))
    again = portal.browser("handler").submit("/desk/goods", THING)
    page = portal.browser("sanne").get(f"/reports/{report.reference}/views").text

    assert again.status == 200
    assert "Sinds uw aangifte zijn er geen ingevoerd." in before
    assert "Sinds uw aangifte gebeurde dat op 2 dagen, voor het laatst op 2 juli 2016." in page
    assert "NN-2016-1" not in page


def test_of_a_report_without_a_stolen_number_nothing_of_it_is_told(portal, services):
    services.reports.add(a_report())

    assert "Zochten we naar uw spullen?" not in portal.browser("sanne").get(f"/reports/{REFERENCE}/views").text


def test_a_hit_in_another_unit_is_told_without_its_number_and_is_a_task_there(portal, services):
    report = a_theft(services, "Amsterdam")

    page = portal.browser("handler").submit("/desk/goods", THING)

    assert report.reference not in page.text
    assert "Amsterdam" not in page.text
    assert "een treffer in een andere eenheid" in page.text
    assert Task.GOODS_HIT in services.reports.get(report.reference).open_tasks


def test_the_broken_lines_of_a_list_are_named_and_the_good_ones_put_in(portal, services):
    a_theft(services)
    text = "soort;nummer;lijst\nframe;GZ1234567;NN-1\nimei;123;NN-2\nfiets;1;NN-3\nframe;GZ7654321;NN-4\nframe;x"

    page = portal.browser("handler").submit("/desk/goods", {"list": text}).text

    assert "Ingevoerd: 2" in page
    assert [line for line in range(1, 7) if f"Regel {line}:" in page] == [3, 4, 6]
    assert sorted({thing.number for thing in services.clue_room.clues.found_of("Noord-Nederland")}) == ["NN-1", "NN-4"]
    assert "fiets;1;NN-3" in page  # the list stands there again, to be mended


def upload(browser, content, **form):
    """Send a list as a file, as a browser does."""
    fields = {"list": ""} | browser.get("/desk/goods").hidden | form
    body = encoded(fields, {"file": ("gevonden.csv", "text/csv", content)})
    headers = {"Content-Type": TYPE, "Origin": "https://portal.example"}
    return browser._send("POST", "/desk/goods", body, headers)


LISTS = [
    b"\xef\xbb\xbfsoort;nummer;lijst\r\nframe;GZ1234567;NN-1\r\n\r\nfiets;1;NN-2\r\n",
    "soort,nummer,lijst\nframe,GZ1234567,NN-1\n\nvélo,1,NN-2".encode("cp1252"),
    b'"soort"\t"nummer"\t"lijst"\rframe\tGZ1234567\tNN-1\r\rfiets\t1\tNN-2\r',
    b"soort;nummer;lijst\nframe;GZ1234567;NN-1\n\nframe;GZ1234567\n",
]


@pytest.mark.parametrize("content", LISTS)
def test_a_list_comes_as_a_file_however_a_spreadsheet_saves_it_and_broken_lines_are_named(content, portal, services):
    report, browser = a_theft(services), portal.browser("handler")

    page, again = upload(browser, content), upload(browser, content)

    assert (page.status, again.status) == (200, 200)
    assert "Ingevoerd: 1" in page.text
    assert [line for line in range(1, 6) if f"Regel {line}:" in page.text] == [4]
    assert services.reports.get(report.reference).task_remarks(Task.GOODS_HIT) == ("Noord-Nederland NN-1",)
    assert "GZ1234567" in page.text.partition("<textarea")[2]  # it stands there to be mended


@pytest.mark.parametrize(
    ("content", "form", "sentence"),
    [
        (b"PK\x03\x04\x14\x00\x00\x00", {}, "Bewaar hem in uw spreadsheet als CSV"),
        ("soort;nummer;lijst".encode("utf-16"), {}, "Bewaar hem in uw spreadsheet als CSV"),
        (b"\x81\x8d", {}, "Bewaar hem in uw spreadsheet als CSV"),
        (b"", {}, "Bewaar hem in uw spreadsheet als CSV"),
        (b"frame;GZ1234567;NN-1\n" * 3_200, {}, "Dit bestand is groter dan 64 KB"),
        (b"frame;GZ1234567;NN-1", {"list": "frame;GZ7654321;NN-2"}, "niet allebei"),
        (b"frame;GZ1234567;NN-1", {"unit": "Amsterdam"}, ""),
    ],
)
def test_of_a_file_that_is_no_list_nothing_is_put_in_and_what_was_pasted_stays(content, form, sentence, portal, services, aws):
    page = upload(portal.browser("handler"), content, **form)

    assert page.status == (403 if "unit" in form else 400)
    assert sentence in page.text
    assert form.get("list", "") in page.text
    assert aws.items("clues") == []


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Kies een van de antwoorden"),
        (THING | {"value": ""}, "Vul dit in"),
        (THING | {"value": "onbekend"}, "Dit kan niet het nummer op een voorwerp zijn"),
        (THING | {"number": "N_1"}, "hooguit 30 letters"),
        ({"list": ""}, "Vul dit in"),
    ],
)
def test_what_is_no_thing_is_refused_in_a_sentence(form, sentence, portal, services, aws):
    page = portal.browser("handler").submit("/desk/goods", form)

    assert page.status == 400
    assert sentence in page.text
    assert aws.items("clues") == []
    assert aws.items("audit") == []


def test_nobody_puts_in_things_for_a_unit_that_is_not_theirs(portal, services, aws):
    assert portal.browser("handler").submit("/desk/goods", THING | {"unit": "Amsterdam"}).status == 403
    assert portal.browser("reader").get("/desk/goods").status == 403
    assert aws.items("clues") == []


def test_a_program_puts_in_things_and_is_told_of_each(portal, services):
    report = a_theft(services)
    body = {"unit": "Noord-Nederland", "things": [{**THING}, {**THING, "sort": "fiets", "number": "NN-2"}]}

    answers_ = [portal.api("POST", "/v1/desk/found-things", body, person="handler") for _ in range(2)]

    assert [answer.status for answer in answers_] == [200, 200]
    assert answers_[0].json == answers_[1].json
    assert answers_[0].json["things"] == [
        {"number": "NN-2016-1", "error": "", "reports": [report.reference], "elsewhere": False},
        {"number": "NN-2", "error": "line_sort", "reports": [], "elsewhere": False},
    ]


def test_a_program_searches_reads_links_and_lists_them(portal, services):
    reports = [a_theft(services, number=number) for number in (1, 2, 3)]
    a_theft(services, "Amsterdam", 9)
    body, why = {"value": "GZ 1234567"}, {"person": "handler", "Look_Reason": "handling"}

    found = portal.api("POST", "/v1/desk/searches", body, **why).json["found"]
    path = f"/v1/desk/reports/{reports[0].reference}/links"
    links = portal.api("GET", path, **why).json
    clue = next(one["clue"] for one in links["clues"] if one["sort"] == "frame")
    listed = portal.api("GET", f"{path}/{clue}", **why).json

    frame = next(one for one in found if one["sort"] == "frame")
    assert (frame["own"], frame["ownIsMore"], frame["elsewhere"], len(frame["reports"])) == (3, False, "some", 3)
    assert next(one["own"] for one in links["clues"] if one["sort"] == "frame") == 2
    assert set(listed["references"]) == {report.reference for report in reports}
    assert listed["nextPage"] is None
    assert portal.api("POST", "/v1/desk/searches", {**body, "value": "van den Berg"}, **why).status == 400


def test_a_supervisor_puts_down_a_shared_value_and_takes_it_off_again_on_record(portal, services):
    browser = portal.browser("supervisor")
    form = {"sort": "iban", "value": "nl91 abna 0417 1643 00", "reason": "gateway", "until": "30-6-2017"}

    assert browser.submit("/desk/shared", form).status == 303
    page = browser.get("/desk/shared").text
    assert IBAN in page
    assert "30 juni 2017" in page
    clue = short(services.clue_keys.digest(Clue(ClueSort.IBAN, IBAN)))
    assert browser.post(f"/desk/shared/{clue}/end", browser.get("/desk/shared").hidden).status == 303
    assert f"/desk/shared/{clue}/end" not in browser.get("/desk/shared").text
    assert browser.post(f"/desk/shared/{clue}/end", browser.get("/desk/shared").hidden).status == 303
    whats = [one.what for one in services.audit.of("shared_values") if one.what != "listed"]
    assert sorted(whats) == [f"put_down:iban:{clue}", f"unlisted:iban:{clue}"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": "geen rekening"}, "Hierop kunt u niet zoeken"),
        ({"until": "1-7-2016"}, "Kies een dag vanaf morgen"),
        ({"until": "2-7-2021"}, "Kies een dag vanaf morgen"),
        ({"sort": "person"}, "Kies een van de antwoorden"),
        ({"reason": ""}, "Kies een van de antwoorden"),
    ],
)
def test_a_shared_value_without_end_or_that_is_none_is_refused(changes, sentence, portal, services, aws):
    form = {"sort": "iban", "value": IBAN, "reason": "gateway", "until": "30-6-2017"} | changes

    page = portal.browser("supervisor").submit("/desk/shared", form)

    assert page.status == 400
    assert sentence in page.text
    assert aws.items("clues") == []
    assert portal.browser("handler").get("/desk/shared").status == 403
