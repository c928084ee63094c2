"""Whoever ticked Victim Support comes on a list: safe to call, new or not, handed over once, all of it on record."""

import csv
import io
from dataclasses import replace

import pytest

from chalicelib.core import ids
from chalicelib.people.permissions import Permission
from chalicelib.reports.contact import Safety
from chalicelib.reports.statement import Statement
from chalicelib.reports.tasks import Task
from tests.support.samples import a_report, answers

PAGE, UNIT = "/desk/victim-support", "Noord-Nederland"
LISTS, OVER = "/v1/desk/victim-support-lists", "/v1/desk/victim-support-hand-overs"


def file(services, number=1, *, wants=True, unit=UNIT, safety=None, **told):
    said = answers() | {"wantsVictimSupport": wants} | told
    report = a_report(reference=ids.reference(number.to_bytes(16)), statement=Statement.of("bicycle-theft", said), unit=unit)
    if safety:
        report = replace(report, contact=replace(report.contact, safety=safety))
    return services.reports.add(report)


def make(browser):
    return browser.submit(PAGE, {"act": "make"})


def download(browser, made):
    number = made.hidden["list"]
    page = browser.submit(PAGE, {"act": "download", "list": number})
    assert page.status == 200, page.text
    return number, page, list(csv.DictReader(io.StringIO(page.text.removeprefix("\ufeff"), newline="")))


def test_the_list_is_a_file_for_spreadsheets_of_who_ticked_it_and_nobody_else(portal, services, aws):
    wants, elsewhere = file(services, 1), file(services, 2, unit="Amsterdam")
    file(services, 3, wants=False)
    supervisor = portal.browser("supervisor")

    number, page, rows = download(supervisor, make(supervisor))

    assert page.headers["content-type"] == "text/csv; charset=utf-8"
    assert page.headers["content-disposition"] == f'attachment; filename="slachtofferhulp-{number}.csv"'
    assert page.text.startswith('\ufeff"lijst","aangiftenummer"')
    assert page.text.endswith("\r\n")
    assert [row["aangiftenummer"] for row in rows] == [wants.reference]
    assert elsewhere.reference not in page.text
    assert {one.what for one in services.audit.of(wants.reference)} == {f"{Permission.VICTIM_LIST}:{number}"}
    assert {one.what for one in services.audit.of(f"victims:{UNIT}")} == {f"{Permission.VICTIM_LIST}:{number}"}
    assert aws.mails() == []


@pytest.mark.parametrize("name", ["=1+1", "+SOM(A1)", "-2", "@x", '=HYPERLINK("http://evil.example";"Bel")'])
def test_a_name_that_a_spreadsheet_would_run_is_text(name, portal, services):
    file(services, familyName=name, givenNames="")
    supervisor = portal.browser("supervisor")

    _, _, [row] = download(supervisor, make(supervisor))

    assert row["naam"] == f"'{name}"
    assert row["telefoon"][:1] in "'0"


def test_who_may_not_be_called_or_ticked_nothing_is_told_apart_and_keeps_the_task(portal, services):
    unsafe = file(services, 1, safety=Safety(neutral=True, phone=False))
    shared = file(services, 2, safety=Safety(neutral=True, phone=True))
    by_hand = file(services, 3, wants=False)
    raised = by_hand.task_raised(Task.VICTIM_SUPPORT, by=by_hand.timeline[0].by, at=by_hand.filed_at)
    services.reports.save(by_hand, raised)
    supervisor = portal.browser("supervisor")

    made = make(supervisor)
    _, _, rows = download(supervisor, made)

    assert [row["aangiftenummer"] for row in rows] == [shared.reference]
    assert rows[0]["e-mail"] == ""
    assert "Zeg niet wie u bent" in rows[0]["let op"]
    assert unsafe.reference in made.text
    assert by_hand.reference in made.text
    assert "niet aangekruist" in made.text
    assert Task.VICTIM_SUPPORT in services.reports.get(unsafe.reference).open_tasks


def test_a_second_list_says_who_is_new_and_a_list_that_was_handed_over_leaves_the_others(portal, services, clock):
    first = file(services, 1)
    supervisor = portal.browser("supervisor")
    number, _, _ = download(supervisor, make(supervisor))
    second = file(services, 2)

    again = make(supervisor)
    _, _, rows = download(supervisor, again)
    done = supervisor.submit(PAGE, {"act": "done", "list": number})

    assert "Mensen: 2. Nieuw, op geen eerdere lijst: 1." in again.text
    assert {row["aangiftenummer"]: bool(row["eerder op een lijst"]) for row in rows} == {
        first.reference: True,
        second.reference: False,
    }
    assert "1 taken zijn klaar" in done.text
    assert [Task.VICTIM_SUPPORT in services.reports.get(one.reference).open_tasks for one in (first, second)] == [False, True]


def test_the_same_press_twice_makes_one_list_and_handing_it_over_twice_is_told(portal, services):
    report = file(services)
    supervisor = portal.browser("supervisor")
    form = supervisor.get(PAGE).hidden | {"act": "make"}

    made = [supervisor.post(PAGE, form) for _ in range(2)]
    number = made[0].hidden["list"]
    done = [supervisor.submit(PAGE, {"act": "done", "list": number}) for _ in range(2)]

    assert made[1].hidden["list"] == number
    assert services.reports.get(report.reference).task_remarks(Task.VICTIM_SUPPORT) == ()
    assert [event.remark for event in services.reports.get(report.reference).timeline[1:]] == [number, number]
    assert [page.status for page in done] == [200, 409]
    assert "de lijst is overgedragen" in done[1].text


def test_a_number_that_is_none_and_a_unit_that_is_not_theirs_are_refused_in_a_sentence(portal, services):
    file(services)
    supervisor, handler = portal.browser("supervisor"), portal.browser("handler")

    wrong = supervisor.submit(PAGE, {"act": "download", "list": "Jansen"})

    assert wrong.status == 400
    assert "geen nummer van een lijst" in wrong.text
    assert supervisor.submit(PAGE, {"act": "make", "unit": "Amsterdam"}).status == 403
    assert handler.get(PAGE).status == 403
    assert "/desk/victim-support" not in handler.get("/desk/tasks").text
    assert "/desk/victim-support" in supervisor.get("/desk/tasks").text
    assert portal.api("POST", LISTS, {"unit": UNIT}, person="handler").status == 403


def test_a_program_makes_the_list_and_hands_it_over(portal, services):
    report = file(services)
    headers = {"person": "supervisor", "Idempotency_Key": "one"}

    first, again = (portal.api("POST", LISTS, {"unit": UNIT}, **headers) for _ in range(2))
    body = {"unit": UNIT, "list": first.json["list"]}
    done, twice = (portal.api("POST", OVER, body, person="supervisor") for _ in range(2))

    assert (first.status, first.json) == (201, again.json)
    assert [(one["reference"], one["listedOn"]) for one in first.json["people"]] == [(report.reference, None)]
    assert (done.status, done.json) == (201, {"done": 1})
    assert (twice.status, twice.json["code"]) == (409, "victim_list_over")
