"""Notes that only officers read, and the tasks of a report and of a unit."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.letters.catalogue import Letter
from chalicelib.reports.contact import Safety
from chalicelib.reports.events import EventKind
from chalicelib.reports.statement import Statement
from chalicelib.reports.tasks import Task
from tests.support.samples import REFERENCE, a_report, answers

PAGE = f"/desk/reports/{REFERENCE}"
PLANTED = "KWARTEL-7F3"


@pytest.fixture
def report(services):
    told = answers() | {"wantsVictimSupport": True, "confirmation": "post"}
    return services.reports.add(a_report(statement=Statement.of("bicycle-theft", told)))


def form_of(browser, **typed):
    """Return the fields that a browser sends of one form of the page: its own hidden fields, and of no other."""
    hidden = browser.get(PAGE).hidden
    return {"_token": hidden["_token"], "_key": hidden["_key"], **typed}


def send(browser, form, *, follow=False, **typed):
    return browser.post(f"{PAGE}/{form}", form_of(browser, **typed), follow=follow)


def events(services, kind):
    return [event for event in services.reports.get(REFERENCE).timeline if event.kind is kind]


def test_a_note_stands_in_the_timeline_marked_as_internal_and_changes_no_status(portal, services, report):
    page = send(portal.browser("handler"), "notes", note="De winkel belt terug.", follow=True)

    assert "De winkel belt terug." in page.text
    assert "alleen intern" in page.text
    assert services.reports.get(REFERENCE).status is report.status


def test_a_note_that_is_sent_twice_stands_once(portal, services, report):
    officer = portal.browser("handler")
    form = form_of(officer, note="Gebeld.")

    assert [officer.post(f"{PAGE}/notes", form).status for _ in range(2)] == [303, 303]
    assert len(events(services, EventKind.NOTED)) == 1


def test_two_officers_note_at_once_and_both_notes_stand(portal, services, report):
    first, second = portal.browser("handler"), portal.browser("supervisor")
    forms = form_of(first, note="Een."), form_of(second, note="Twee.")
    first.post(f"{PAGE}/notes", forms[0])
    second.post(f"{PAGE}/notes", forms[1])

    assert [event.remark for event in events(services, EventKind.NOTED)] == ["Een.", "Twee."]


@pytest.mark.parametrize("note", ["", "n" * 1_001])
def test_an_empty_note_and_one_that_is_too_long_come_back_with_what_was_typed(portal, services, report, note):
    page = send(portal.browser("handler"), "notes", note=note)

    assert page.status == 400
    assert 'href="#note"' in page.text
    assert not note or note in page.text
    assert events(services, EventKind.NOTED) == []


def test_a_reader_and_another_unit_write_no_note(portal, services, report):
    reader, stranger = portal.browser("reader"), portal.browser("stranger")
    token = {"_token": reader.get("/desk/reports/" + REFERENCE).hidden.get("_token", ""), "note": "x"}

    assert 'action="/desk/reports' not in reader.get(PAGE).text
    assert reader.post(f"{PAGE}/notes", token).status == 403
    answer = portal.api("POST", f"/v1{PAGE}/notes", {"note": "x"}, person="stranger")
    assert answer.status == 404
    assert stranger.get(PAGE).status == 404
    assert services.reports.get(REFERENCE) == report


def test_a_planted_word_in_notes_remarks_and_tasks_is_on_no_page_of_the_reporter_and_in_no_mail_or_log(
    portal, services, report, caplog
):
    officer = portal.browser("handler")
    send(officer, "notes", note=PLANTED)
    send(officer, "tasks", newTask="call_back", newRemark=PLANTED)
    send(officer, "tasks/done", doneTask="victim_support", doneRemark=PLANTED)
    explained = {"status": "referred", "explanation": "Kom langs.", "remark": PLANTED}
    officer.submit(PAGE, explained, to=f"{PAGE}/status")
    after = services.reports.get(REFERENCE)

    assert sum(event.remark == PLANTED for event in after.timeline) == 4
    sanne = portal.browser("sanne")
    own = f"/reports/{REFERENCE}"
    pages = [sanne.get(path).text for path in (own, f"{own}/copy", f"{own}/views", f"{own}/receipt", "/reports", "/details/data")]
    pages += [portal.api("GET", f"/v1{path}", person="sanne").text for path in (own, "/reports")]
    pages += [str(services.write_letter(letter, after.timeline[-1], after)) for letter in Letter if letter.value == "news"]
    assert "Kom langs." in pages[0]
    assert [PLANTED in page for page in pages] == [False] * len(pages)
    for word in (PLANTED, "noted", "task_raised", "task_done"):
        assert word not in pages[6]
    assert PLANTED not in caplog.text


def test_what_was_ticked_is_on_the_list_until_somebody_notes_that_it_is_done(portal, services, report):
    officer = portal.browser("handler")
    assert REFERENCE in officer.get("/desk/tasks?task=victim_support").text
    assert REFERENCE not in officer.get("/desk/tasks?task=call_back").text

    page = send(officer, "tasks/done", doneTask="victim_support", doneRemark="Doorgegeven.", follow=True)

    assert "Taak gedaan: Doorgeven aan Slachtofferhulp" in page.text
    assert REFERENCE not in officer.get("/desk/tasks?task=victim_support").text
    assert REFERENCE in officer.get("/desk/tasks").text, "the copy by post is still to be sent"


def test_a_task_that_somebody_else_did_is_refused_with_a_sentence_and_what_was_typed(portal, services, report):
    officer = portal.browser("handler")
    form = form_of(officer, doneTask="post_copy", doneRemark="Vandaag gepost.")
    portal.api("POST", f"/v1{PAGE}/tasks/done", {"task": "post_copy"}, person="supervisor")

    page = officer.post(f"{PAGE}/tasks/done", form)

    assert page.status == 409
    assert "Vandaag gepost.</textarea>" in page.text
    assert len(events(services, EventKind.TASK_DONE)) == 1


def test_the_page_says_no_post_and_no_call_at_the_tasks_of_who_is_not_safe(portal, services, report):
    safety = Safety(neutral=True, phone=False)
    services.reports.save(report, report.contact_changed(replace(report.contact, safety=safety), at=report.filed_at))

    page = portal.browser("handler").get(PAGE).text

    assert page.index("Let op de veiligheid") < page.index("<h1>")
    assert page.count("Stuur geen post naar dit adres.") == 2
    assert "Bel niet." in page


def test_programs_note_open_finish_and_list(portal, services, report):
    noted = portal.api("POST", f"/v1{PAGE}/notes", {"note": "Gebeld."}, person="handler", Idempotency_Key="k")
    again = portal.api("POST", f"/v1{PAGE}/notes", {"note": "Gebeld."}, person="handler", Idempotency_Key="k")
    opened = portal.api("POST", f"/v1{PAGE}/tasks", {"task": "forward"}, person="handler")
    listed = portal.api("GET", "/v1/desk/tasks?unit=Noord-Nederland&task=forward", person="handler")

    assert (noted.status, again.status, opened.status) == (201, 201, 201)
    assert len(events(services, EventKind.NOTED)) == 1
    assert "forward" in opened.json["openTasks"]
    assert [line["reference"] for line in listed.json["reports"]] == [REFERENCE]
    assert Task.FORWARD in services.reports.get(REFERENCE).open_tasks


def test_a_note_that_was_typed_when_the_login_ran_out_waits_for_its_writer(portal, services, report):
    officer = portal.browser("handler")
    form = form_of(officer, note="Half getypt.")
    services.clock.advance(timedelta(hours=1))
    officer.post(f"{PAGE}/notes", form)
    again = portal.browser("handler")

    page = again.get(f"{PAGE}/notes", follow=True)

    assert "Half getypt.</textarea>" in page.text
    assert events(services, EventKind.NOTED) == []
