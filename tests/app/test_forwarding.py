"""A report is passed on to an organisation outside: on paper, no more than it needs, on record, never its reporter unasked."""

from dataclasses import replace

import pytest

from chalicelib.people.permissions import Permission
from chalicelib.reports.contact import Safety
from chalicelib.reports.events import EventKind
from chalicelib.reports.statement import Statement
from chalicelib.reports.tasks import Task
from tests.support.samples import REFERENCE, a_report, answers

PAGE, API = f"/desk/reports/{REFERENCE}/forward", f"/v1/desk/reports/{REFERENCE}/forwards"
LEAST = {"receiver": "fraud_helpdesk", "ground": "article_19"}
INSURER = {"receiver": "insurer", "receiverName": "Kwartel Verzekeringen", "ground": "article_18"}
PERSONAL = ("van den Berg", "sanne@example.org", "0612345678", "+31612345678")


@pytest.fixture
def report(services):
    return services.reports.add(a_theft())


def a_theft(**told):
    return a_report(statement=Statement.of("bicycle-theft", answers(**told)))


def tasks(services, kind=EventKind.TASK_RAISED):
    return [event.remark for event in services.reports.get(REFERENCE).timeline if event.kind is kind]


def test_the_least_is_number_kind_and_day_and_it_is_on_record_with_its_receiver(portal, services, report, aws):
    officer = portal.browser("handler")

    page = officer.submit(PAGE, LEAST)

    assert page.status == 200
    sheet = page.text.partition('<div class="letter"')[2]
    assert REFERENCE in sheet
    assert "artikel 19" in sheet
    assert "<h2>" not in sheet
    assert [word for word in PERSONAL if word in sheet] == []
    assert Task.FORWARD in services.reports.get(REFERENCE).open_tasks
    assert tasks(services) == ["De Fraudehelpdesk: nummer, soort en dag"]
    whats = [one.what for one in services.audit.of(REFERENCE)]
    assert {Permission.FORWARD, "forwarded:fraud_helpdesk:least"} <= set(whats)
    assert aws.mails() == []


def test_what_was_ticked_stands_on_the_sheet_and_nothing_else(portal, report):
    page = portal.browser("handler").submit(PAGE, INSURER | {"parts": ["bicycle", "place"]})

    sheet = page.text.partition('<div class="letter"')[2]
    assert "Kwartel Verzekeringen" in sheet
    assert sheet.count("<h2>") == 2
    assert [word for word in PERSONAL if word in sheet] == []


def test_the_reporters_own_details_go_only_if_they_agreed(portal, services, report):
    officer = portal.browser("handler")

    refused = officer.submit(PAGE, LEAST | {"parts": "reporter"})
    agreed = officer.submit(PAGE, LEAST | {"parts": "reporter", "agreed": "yes"})

    assert refused.status == 400
    assert "alleen mee als de aangever het goedvindt" in refused.text
    assert 'value="reporter" checked' in refused.text
    assert agreed.status == 200
    assert "van den Berg" in agreed.text.partition('<div class="letter"')[2]
    assert len(tasks(services)) == 1


@pytest.mark.parametrize("receiver", ["victim_support", "fraud_helpdesk"])
def test_a_tick_for_victim_support_lets_the_details_go_to_victim_support_and_nowhere_else(receiver, portal, services):
    services.reports.add(a_theft(wantsVictimSupport=True))

    page = portal.browser("handler").submit(PAGE, LEAST | {"receiver": receiver, "parts": "reporter"})

    assert page.status == (200 if receiver == "victim_support" else 400)


def test_who_may_not_be_called_has_no_number_on_the_sheet_and_who_shares_a_mailbox_no_address(portal, services):
    filed = a_theft()
    services.reports.add(replace(filed, contact=replace(filed.contact, safety=Safety(neutral=True, phone=False))))

    sheet = portal.browser("handler").submit(PAGE, LEAST | {"parts": "reporter", "agreed": "yes"})

    assert "sanne@example.org" not in sheet.text
    assert filed.statement.answers["phone"] not in sheet.text


def test_the_same_form_twice_is_one_forwarding_and_a_second_receiver_is_one_more_remark(portal, services, report):
    officer = portal.browser("handler")
    form = officer.get(PAGE).hidden | LEAST

    first, again = officer.post(PAGE, form), officer.post(PAGE, form)
    officer.submit(PAGE, INSURER)

    assert (first.status, again.status) == (200, 200)
    assert tasks(services) == [
        "De Fraudehelpdesk: nummer, soort en dag",
        "Kwartel Verzekeringen: nummer, soort en dag",
    ]


def test_a_forwarded_task_is_done_once_with_its_receiver_and_the_second_time_is_told(portal, services, report):
    officer = portal.browser("handler")
    done = officer.submit(PAGE, LEAST).hidden
    path = f"/desk/reports/{REFERENCE}/tasks/done"

    first, again = officer.post(path, done), officer.post(path, done | {"_key": "another"})

    assert (first.status, again.status) == (303, 409)
    assert "Deze taak staat niet open" in again.text
    assert tasks(services, EventKind.TASK_DONE) == ["De Fraudehelpdesk"]


def test_the_answer_that_comes_back_is_one_remark_more_about_the_open_task(portal, services, report):
    officer = portal.browser("handler")
    officer.submit(PAGE, LEAST)
    form = {"newTask": "forward", "newRemark": "De helpdesk belde: ontvangen."}
    hidden = officer.get(f"/desk/reports/{REFERENCE}").hidden

    officer.post(f"/desk/reports/{REFERENCE}/tasks", {"_token": hidden["_token"], "_key": hidden["_key"], **form})

    assert services.reports.get(REFERENCE).task_remarks(Task.FORWARD)[-1] == "De helpdesk belde: ontvangen."
    assert "De helpdesk belde" in officer.get(f"/desk/reports/{REFERENCE}").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"receiver": ""}, "Vul dit in"),
        ({"ground": ""}, "Vul dit in"),
        ({"receiver": "insurer"}, "Vul de naam van de organisatie in"),
        ({"parts": "you"}, "Kies een van de antwoorden die er staan"),
        ({"parts": "../secret"}, "Kies een van de antwoorden die er staan"),
    ],
)
def test_an_order_that_is_not_whole_is_refused_in_a_sentence_and_nothing_is_laid(changes, sentence, portal, services, report):
    page = portal.browser("handler").submit(PAGE, LEAST | changes)

    assert page.status == 400
    assert sentence in page.text
    assert tasks(services) == []
    assert [one.what for one in services.audit.of(REFERENCE) if one.what.startswith("forwarded")] == []


def test_a_sheet_for_a_report_of_another_unit_is_refused_on_record_and_a_reader_makes_none(portal, services):
    services.reports.add(a_report(unit="Amsterdam"))

    elsewhere = portal.api("POST", API, LEAST, person="handler", Look_Reason="handling")
    reader = portal.api("POST", API, LEAST, person="reader", Look_Reason="handling")

    assert (elsewhere.status, reader.status) == (404, 403)
    assert [one.what for one in services.audit.of(f"refused:{REFERENCE}")] == [Permission.FORWARD]
    assert tasks(services) == []


def test_a_program_gets_the_sheet_as_lines_and_the_same_request_twice_is_one(portal, services, report):
    body = INSURER | {"parts": ["place"]}
    headers = {"person": "handler", "Look_Reason": "handling", "Idempotency_Key": "one"}

    first, again = (portal.api("POST", API, body, **headers) for _ in range(2))

    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    assert len(first.json["parts"]) == 1
    assert first.json["facts"][0]["text"] == REFERENCE
    assert len(tasks(services)) == 1
    refused = portal.api("POST", API, body | {"parts": ["bank"]}, person="handler", Look_Reason="handling")
    assert refused.status == 400
