"""One act for many reports, as officers and programs do it: choose, try, confirm, look."""

import re
from datetime import timedelta

import pytest

import app
from chalicelib.bulk import actions
from chalicelib.clues.indexing import derive
from chalicelib.clues.model import short
from chalicelib.reports.statuses import Status
from infra.local.schedule import scheduled_event
from tests.app.test_policies import written
from tests.support.batches import CASE, OFFICER, STOP, reference, registered, tried
from tests.support.frauds import ACCOUNT, a_fraud
from tests.support.samples import HANDLER, a_report

GOOD, NO_MAIL, WRONG, FOREIGN, ERASED = (reference(number) for number in range(1, 6))
ALL = [GOOD, NO_MAIL, WRONG, FOREIGN, ERASED]
STOPPED = {"act": "status", "status": "not_investigated", "explanation": "Er zijn geen sporen.", "remark": "Reeks van mei."}


@pytest.fixture
def reports(services):
    services.reports.add(registered(1))
    services.reports.add(registered(2, email=""))
    services.reports.add(a_report(reference=WRONG))
    services.reports.add(registered(4, unit="Amsterdam"))
    return services.reports


def main(page):
    return re.sub(r"\s+", " ", page.text.partition("<main")[2].partition("</main>")[0])


def test_an_officer_decides_for_many_in_three_steps_and_reads_how_it_ends_for_each(portal, reports):
    browser = portal.browser("handler")

    chosen = browser.submit("/desk/batches/new", {"references": "\n".join(ALL)})
    page = chosen.location
    assert "5 aangiften tegelijk" in main(browser.get(page))
    tried_at = browser.submit(page, {**STOPPED, "_go": "try"})
    shown = main(browser.get(tried_at.location))
    assert "de aangever krijgt een e-mail" in shown
    assert "te vertellen per telefoon of brief: er is geen e-mailadres" in shown
    assert "Van “Ontvangen” kan hij niet naar “Geen onderzoek”" in shown
    assert shown.count("Geen aangifte van uw eenheid heeft dit nummer") == 2
    assert reports.get(GOOD).status is Status.REGISTERED

    done = browser.submit(page, {"_go": "confirm"})

    ended = main(browser.get(done.location))
    assert "Klaar" in ended
    assert "Bevestigd door" in ended
    assert [reports.get(one).status for one in (GOOD, NO_MAIL, WRONG)] == [
        Status.NOT_INVESTIGATED, Status.NOT_INVESTIGATED, Status.RECEIVED,
    ]  # fmt: skip
    assert page.rpartition("/")[2] in main(browser.get("/desk/batches"))


def test_reports_that_were_ticked_come_as_they_are(portal, reports):
    browser = portal.browser("handler")
    hidden = browser.get("/desk/batches/new").hidden

    chosen = browser.post("/desk/batches/new", {**hidden, "references": [GOOD, NO_MAIL, GOOD]})

    assert "2 aangiften tegelijk" in main(browser.get(chosen.location))


def test_the_lines_of_the_queue_have_a_tick_each_and_what_is_ticked_is_chosen_or_taken(portal, reports, services):
    browser = portal.browser("handler")
    page = browser.get("/desk/queue?status=registered")
    ticks = re.findall(r'type="checkbox" name="references" value="([^"]+)" aria-label="Kies [^"]*\1"', page.text)
    form = {name: value for name, value in page.hidden.items() if name in ("_token", "_key", "list")}

    chosen = browser.post("/desk/batches/new", {**form, "references": ticks[:1], "_go": "ticked"})
    offered = re.findall(r'<option value="([^"]+)"', page.text.partition('<select id="to"')[2].partition("</select>")[0])
    taken = browser.post("/desk/assignments", {**form, "references": ticks[1:], "to": offered[0]})
    nothing = browser.post("/desk/batches/new", {**form, "_go": "ticked"})

    assert set(ticks) == {GOOD, NO_MAIL}
    assert "1 aangifte tegelijk" in main(browser.get(chosen.location))
    assert offered == [HANDLER.id, "-"]
    assert "Gegeven: 1" in taken.text
    assert sorted(services.reports.get(one).assignee for one in ticks) == ["", HANDLER.id]
    assert "Kies minstens één aangifte" in nothing.text


def test_all_reports_of_a_case_that_are_of_ones_unit_are_chosen_with_one_button(portal, reports, services):
    for one in (GOOD, NO_MAIL, FOREIGN):
        before = reports.get(one)
        reports.save(before, before.joined(CASE, by=OFFICER, at=services.clock.now()))
    browser = portal.browser("handler")
    hidden = browser.get(f"/desk/cases/{CASE}").hidden

    chosen = browser.post("/desk/batches/new", {**hidden, "case": CASE, "_go": "case"})
    unknown = browser.post("/desk/batches/new", {**hidden, "_key": "", "case": "C-AAAAA-AAAAA", "_go": "case"})

    rows = services.batch_room.batches.get(chosen.location.rpartition("/")[2]).rows
    assert {row.reference for row in rows} == {GOOD, NO_MAIL}
    assert unknown.status == 404


def test_linked_reports_are_chosen_all_or_some_of_them(portal, services):
    reports = [services.reports.add(a_fraud(number=number)) for number in range(3)]
    for report in reports:
        derive(report.reference, services.clue_room)
    browser, clue = portal.browser("handler"), short(services.clue_keys.digest(ACCOUNT))
    page = browser.get(f"/desk/reports/{reports[0].reference}/linked/{clue}")
    form = page.hidden

    whole = browser.post("/desk/batches/new", {**form, "_go": "whole"})
    some = browser.post("/desk/batches/new", {**form, "_key": "", "references": [reports[1].reference], "_go": "ticked"})

    frozen = [services.batch_room.batches.get(one.location.rpartition("/")[2]).rows for one in (whole, some)]
    assert "Eén handeling voor alle 3 aangiften" in page.text
    assert {row.reference for row in frozen[0]} == {report.reference for report in reports}
    assert [row.reference for row in frozen[1]] == [reports[1].reference]


def test_who_may_only_look_has_no_ticks(portal, reports):
    page = portal.browser("reader").get("/desk/queue?status=registered").text

    assert GOOD in page
    assert "checkbox" not in page


def test_all_of_a_list_are_those_that_were_in_it_at_that_moment_counted_aloud(portal, services):
    many = [services.reports.add(registered(number)).reference for number in range(60)]
    services.reports.add(registered(70, unit="Amsterdam"))
    browser = portal.browser("handler")
    page = browser.get("/desk/queue?status=registered")

    chosen = browser.post("/desk/batches/new", {**page.hidden, "list": "status=registered", "_go": "all"})
    services.reports.add(registered(80))

    assert "Eén handeling voor heel deze lijst" in page.text
    assert "60 aangiften tegelijk" in main(browser.get(chosen.location))
    rows = services.batch_room.batches.get(chosen.location.rpartition("/")[2]).rows
    assert {row.reference for row in rows} == set(many)


def test_a_list_of_more_than_can_be_taken_is_refused_in_words(portal, services):
    for number in range(501):
        services.reports.add(registered(number))
    browser = portal.browser("handler")
    hidden = browser.get("/desk/batches/new").hidden

    page = browser.post("/desk/batches/new", {**hidden, "list": "status=registered", "_go": "all"})
    forged = browser.post("/desk/batches/new", {**hidden, "list": "status=lost", "_go": "all"})
    empty = browser.post("/desk/batches/new", {**hidden, "list": "status=closed", "_go": "all"})

    assert (page.status, forged.status, empty.status) == (400, 400, 400)
    assert "In deze lijst staan meer dan 500 aangiften" in page.text
    assert "Kies minstens één aangifte" in empty.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Kies minstens één aangifte"),
        (f"{GOOD}\nJansen\n{NO_MAIL}", "kijk naar nummer 2 van uw lijst"),
        (",".join(reference(number) for number in range(501)), "Dit zijn 501 aangiften. Neem er hooguit 500 tegelijk"),
    ],
)
def test_a_list_that_cannot_be_taken_is_refused_with_all_that_was_typed(typed, said, portal):
    page = portal.browser("handler").submit("/desk/batches/new", {"references": typed})

    assert page.status == 400
    assert said in page.text
    assert all(one.strip() in page.text for one in typed.splitlines())


def test_without_a_reason_nothing_is_tried_and_what_was_typed_stands_there(portal, reports, services):
    browser, batch = portal.browser("handler"), actions.choose(ALL, officer=HANDLER, key="", room=services.batch_room)

    page = browser.submit(f"/desk/batches/{batch.id}", {**STOPPED, "explanation": " ", "_go": "try"})

    assert page.status == 400
    assert "Leg de aangever uit waarom" in page.text
    assert "Reeks van mei." in page.text
    assert services.batch_room.batches.get(batch.id).order is None


def test_a_trial_of_before_another_one_is_not_confirmed(portal, reports, services):
    browser, batch = portal.browser("handler"), tried(services.batch_room, ALL)
    old = browser.get(f"/desk/batches/{batch.id}").hidden
    browser.post(f"/desk/batches/{batch.id}", {**old, **STOPPED, "explanation": "Anders.", "_go": "try"})

    page = browser.post(f"/desk/batches/{batch.id}", {**old, "_go": "confirm"})

    assert page.status == 409
    assert "Er is intussen iets anders geprobeerd" in page.text
    assert reports.get(GOOD).status is Status.REGISTERED


def test_confirmed_twice_by_a_double_click_it_is_done_once(portal, reports, services):
    browser, batch = portal.browser("handler"), tried(services.batch_room, ALL)
    form = {**browser.get(f"/desk/batches/{batch.id}").hidden, "_go": "confirm"}

    answers = [browser.post(f"/desk/batches/{batch.id}", form) for _ in range(2)]

    assert [answer.status for answer in answers] == [303, 303]
    assert reports.get(GOOD).version == 4


def test_the_api_describes_each_act_by_itself_with_an_example_that_is_taken(portal, reports, services):
    document = portal.api("GET", "/v1/openapi.json").json
    told = document["components"]["schemas"]
    acts = told["BatchOrder"]["discriminator"]["mapping"]
    assert set(acts) == {"status", "note", "update", "assign", "join"}

    for act, name in acts.items():
        schema = told[name.rpartition("/")[2]]
        body = schema["examples"][0] | ({"case": ""} if act == "join" else {}) | ({"to": HANDLER.id} if act == "assign" else {})
        batch = actions.choose(ALL, officer=HANDLER, key="", room=services.batch_room)
        tried_ = portal.api("POST", f"/v1/desk/batches/{batch.id}/trials", body, person="handler")

        assert tried_.status == 201, tried_.text
        assert tried_.json["counts"]["done"] >= 2, act
        assert set(body) <= set(schema["properties"])


def test_over_fifty_a_handler_reads_who_confirms_and_a_supervisor_finds_it(portal, services):
    many = [services.reports.add(registered(number)).reference for number in range(51)]
    batch = tried(services.batch_room, many)

    page = portal.browser("handler").get(f"/desk/batches/{batch.id}")
    supervisor = portal.browser("supervisor")
    listed = supervisor.get("/desk/batches")

    assert "Boven 50 aangiften bevestigt een leidinggevende van uw eenheid" in page.text
    assert 'value="confirm"' not in page.text
    assert "Wacht op uw bevestiging" in listed.text
    assert batch.id in listed.text
    assert "Pagina 1 van 2" in page.text
    assert many[0] in page.text + portal.browser("handler").get(f"/desk/batches/{batch.id}?page=2").text
    supervisor.submit(f"/desk/batches/{batch.id}", {"_go": "confirm"})
    running = supervisor.get(f"/desk/batches/{batch.id}").text
    assert "50 van 51 zijn klaar" in running

    for _ in range(2):
        app.every_minute_batches(scheduled_event("every_minute_batches", services.clock.now()), None)

    assert "zijn klaar" not in main(supervisor.get(f"/desk/batches/{batch.id}"))
    assert {services.reports.get(one).status for one in many} == {Status.NOT_INVESTIGATED}


@pytest.mark.parametrize("page", ["0", "9999", "x", "-1", "99", "١"])
def test_a_page_that_is_not_there_is_the_nearest_one(page, portal, services):
    batch = tried(services.batch_room, ALL)

    assert portal.browser("handler").get(f"/desk/batches/{batch.id}?page={page}").status == 200


def test_a_list_of_another_unit_is_not_found(portal, services):
    batch = tried(services.batch_room, ALL)

    for path in (batch.id, "B-CCCC-CCCC-CCCC", "x"):
        page = portal.browser("stranger").get(f"/desk/batches/{path}")
        assert page.status == 404
        assert "Deze lijst van aangiften is er niet" in page.text


def test_a_program_does_the_same(portal, reports, services):
    chosen = portal.api("POST", "/v1/desk/batches", {"references": ALL}, person="handler", Idempotency_Key="k1")
    again = portal.api("POST", "/v1/desk/batches", {"references": ALL}, person="handler", Idempotency_Key="k1")
    other = portal.api("POST", "/v1/desk/batches", {"references": [GOOD]}, person="handler", Idempotency_Key="k1")
    assert (chosen.status, again.json["id"], other.status) == (201, chosen.json["id"], 409)
    path = f"/v1/desk/batches/{chosen.json['id']}"

    trial = portal.api("POST", f"{path}/trials", STOPPED, person="handler")
    assert (trial.status, trial.json["phase"]) == (201, "tried")
    assert trial.json["counts"] == {
        "done": 2, "refused": 3, "dropped": 0, "mail": 1, "offline": 1, "silent": 0, "survey": 2,
    }  # fmt: skip
    done = portal.api("POST", f"{path}/confirmations", {"fingerprint": trial.json["fingerprint"]}, person="handler")

    assert (done.status, done.json["phase"], done.json["ended"]) == (201, "done", 5)
    assert portal.api("GET", path, person="handler").json == done.json
    rows = portal.api("GET", f"{path}/rows", person="handler").json
    assert [(row["reference"], row["outcome"], row["telling"]) for row in rows["rows"]] == [
        (GOOD, "done", "mail"), (NO_MAIL, "done", "offline"),
        (WRONG, "refused", None), (FOREIGN, "refused", None), (ERASED, "refused", None),
    ]  # fmt: skip
    assert rows["nextCursor"] is None
    [line] = portal.api("GET", "/v1/desk/batches", person="handler").json["batches"]
    assert (line["id"], line["phase"], line["size"]) == (chosen.json["id"], "done", 5)


def test_a_program_reads_many_rows_in_pages(portal, services):
    batch = tried(services.batch_room, [reference(number) for number in range(101)])
    seen, cursor = [], ""
    while cursor is not None:
        page = portal.api("GET", f"/v1/desk/batches/{batch.id}/rows?cursor={cursor}", person="handler").json
        seen, cursor = [*seen, *(row["reference"] for row in page["rows"])], page["nextCursor"]

    assert seen == [row.reference for row in batch.rows]
    assert portal.api("GET", f"/v1/desk/batches/{batch.id}/rows?cursor=x", person="handler").status == 400


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"act": "undo"}, "act"),
        ({"act": "status"}, "status"),
        ({"act": "status", "status": "closed"}, "explanation"),
        ({"act": "note"}, "remark"),
        ({}, "act"),
        ({"act": "note", "remark": "Reeks.", "status": "closed"}, "status"),
        ({"act": "join", "to": "NN1002"}, "to"),
    ],
)
def test_a_program_hears_what_an_order_lacks_and_what_its_act_does_not_take(body, field, portal, services):
    batch = actions.choose(ALL, officer=HANDLER, key="", room=services.batch_room)

    answer = portal.api("POST", f"/v1/desk/batches/{batch.id}/trials", body, person="handler")

    assert answer.status == 400
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_a_program_that_confirms_something_else_than_was_tried_hears_so(portal, reports, services):
    batch = tried(services.batch_room, ALL)

    answer = portal.api("POST", f"/v1/desk/batches/{batch.id}/confirmations", {"fingerprint": "0" * 64}, person="handler")

    assert (answer.status, answer.json["code"]) == (409, "batch_changed")
    assert reports.get(GOOD).version == 3


def test_five_hundred_and_one_is_refused_in_words_and_five_hundred_is_taken(portal):
    many = [reference(number) for number in range(501)]

    refused = portal.api("POST", "/v1/desk/batches", {"references": many}, person="handler")
    taken = portal.api("POST", "/v1/desk/batches", {"references": many[:500]}, person="handler")

    assert refused.json["errors"][0]["code"] == "batch_too_large"
    assert (taken.status, taken.json["size"], taken.json["needsSupervisor"]) == (201, 500, True)


def test_nothing_personal_is_in_what_a_list_keeps_or_logs(portal, reports, services, aws, caplog):
    batch = tried(services.batch_room, ALL)
    actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=services.batch_room)

    kept = str(aws.items("batches"))
    assert "sanne@example.org" not in kept + caplog.text
    assert "V1-aaaa" not in kept
    assert STOP.explanation not in caplog.text


def test_of_six_reports_one_is_mailed_once_however_often_the_stream_comes(portal, reports, services, aws, clock):
    """T7: two done, one of them mailed, one to be told; the others hear nothing, because nothing happened to them."""
    before, batch = aws.items("reports"), tried(services.batch_room, ALL)
    actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=services.batch_room)
    event = written(aws, "reports", "reference", before)

    for _ in range(2):
        assert app.on_report_changed(event, None) == {"batchItemFailures": []}
        clock.advance(timedelta(minutes=10))
        app.every_minute(scheduled_event("every_minute", clock.now()), None)

    assert [mail.destinations["ToAddresses"] for mail in aws.mails()] == [["sanne@example.org"]]
    assert [line.reference for line in reports.to_contact("Noord-Nederland").lines] == [NO_MAIL]


def test_all_of_it_is_undone_with_a_press_while_the_letters_wait_and_nobody_hears_of_it(portal, reports, services, aws, clock):
    browser, before, batch = portal.browser("handler"), aws.items("reports"), tried(services.batch_room, ALL)
    actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=services.batch_room)
    app.on_report_changed(written(aws, "reports", "reference", before), None)

    undone = browser.submit(f"/desk/batches/{batch.id}", {"_go": "undo"})

    page = main(browser.get(undone.location))
    assert "2 aangiften tegelijk" in page
    assert page.count("Gedaan") >= 2
    assert [reports.get(one).status for one in (GOOD, NO_MAIL)] == [Status.REGISTERED] * 2
    assert "Dit is teruggedraaid" in browser.get(f"/desk/batches/{batch.id}").text
    clock.advance(timedelta(hours=1))
    app.every_minute(scheduled_event("every_minute", clock.now()), None)
    assert aws.mails() == []


def test_a_program_undoes_it_and_hears_for_each_report_why_not(portal, reports, services, aws, clock):
    before, batch = aws.items("reports"), tried(services.batch_room, ALL)
    actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=services.batch_room)
    app.on_report_changed(written(aws, "reports", "reference", before), None)
    clock.advance(timedelta(hours=1))
    app.every_minute(scheduled_event("every_minute", clock.now()), None)

    undone = portal.api("POST", f"/v1/desk/batches/{batch.id}/undo", person="handler")
    again = portal.api("POST", f"/v1/desk/batches/{batch.id}/undo", person="handler")

    assert (undone.status, undone.json["undoes"], again.json["id"]) == (201, batch.id, undone.json["id"])
    rows = portal.api("GET", f"/v1/desk/batches/{undone.json['id']}/rows", person="handler").json["rows"]
    assert {row["outcome"] for row in rows} == {"refused"}
    assert all(row["why"] for row in rows)


def test_many_are_given_by_the_form_and_taken_back_by_the_same_page(portal, reports, services):
    browser, batch = portal.browser("handler"), actions.choose([GOOD, NO_MAIL], officer=HANDLER, key="", room=services.batch_room)
    page = f"/desk/batches/{batch.id}"

    offered = main(browser.get(page))
    tried_at = browser.submit(page, {"act": "assign", "to": HANDLER.id, "remark": "Reeks.", "_go": "try"})
    shown = main(browser.get(tried_at.location))
    done = main(browser.get(browser.submit(page, {"_go": "confirm"}).location))
    given = [reports.get(one).assignee for one in (GOOD, NO_MAIL)]
    back = main(browser.get(browser.submit(page, {"_go": "undo"}).location))

    assert "Wie krijgt ze?" in offered
    assert "Geef ze aan iemand: <strong>NN1234</strong>" in shown
    assert "zolang niemand haar verder gaf" in shown
    assert "Klaar" in done
    assert given == [HANDLER.id] * 2
    assert "Terugnemen wat voor veel aangiften is gedaan" in back or "Gedaan" in back
    assert [reports.get(one).assignee for one in (GOOD, NO_MAIL)] == ["", ""]


def test_a_note_for_many_says_before_and_after_that_there_is_no_way_back(portal, reports, services):
    browser, batch = portal.browser("handler"), actions.choose([GOOD], officer=HANDLER, key="", room=services.batch_room)
    page = f"/desk/batches/{batch.id}"

    shown = main(browser.get(browser.submit(page, {"act": "note", "remark": "Reeks.", "_go": "try"}).location))
    done = main(browser.get(browser.submit(page, {"_go": "confirm"}).location))

    assert "Een notitie is niet terug te nemen" in shown
    assert "Een notitie is niet terug te nemen" in done
    assert 'value="undo"' not in done


def test_t9_a_standard_text_is_chosen_in_the_form_and_what_it_lacks_is_said_of_each_report(portal, reports, services):
    browser, batch = portal.browser("handler"), actions.choose([GOOD, WRONG], officer=HANDLER, key="", room=services.batch_room)
    page, order = f"/desk/batches/{batch.id}", {"act": "status", "status": "not_investigated"}

    form = main(browser.get(page))
    both = browser.submit(page, {**order, "text": "STD-001-1", "explanation": "Omdat.", "_go": "try"})
    shown = main(browser.get(browser.submit(page, {**order, "text": "STD-001-1", "explanation": "", "_go": "try"}).location))
    browser.submit(page, {"_go": "confirm"})

    assert "Geen sporen: niet onderzocht" in form
    assert both.status == 400
    assert "Kies een standaardtekst of schrijf zelf, niet allebei" in both.text
    assert "{aangiftenummer}" in shown
    assert "Standaardtekst STD-001-1" in shown
    event = reports.get(GOOD).timeline[-1]
    assert (event.text, GOOD in event.explanation, "{" in event.explanation) == ("STD-001-1", True, False)


def test_words_that_an_act_has_no_place_for_are_not_lost_but_refused(portal, reports, services):
    browser, batch = portal.browser("handler"), actions.choose([GOOD], officer=HANDLER, key="", room=services.batch_room)

    page = browser.submit(
        f"/desk/batches/{batch.id}", {"act": "join", "explanation": "KWARTEL-7F3", "remark": "Reeks.", "_go": "try"}
    )

    assert page.status == 400
    assert "Bij deze handeling kan deze tekst niet mee" in page.text
    assert "KWARTEL-7F3" in page.text


def test_reports_are_joined_by_the_api_and_come_out_again(portal, reports, services):
    api = lambda path, body: portal.api("POST", f"/v1/desk/batches{path}", body, person="handler")  # noqa: E731
    made = api("", {"references": [GOOD, NO_MAIL, FOREIGN]}).json
    at = f"/{made['id']}"

    trial = api(f"{at}/trials", {"act": "join"}).json
    done = api(f"{at}/confirmations", {"fingerprint": trial["fingerprint"]}).json
    cases = {reports.get(one).joint_case for one in (GOOD, NO_MAIL)}
    undone = api(f"{at}/undo", None).json

    assert (trial["counts"]["done"], trial["case"] in cases, len(cases)) == (2, True, 1)
    assert (done["phase"], undone["counts"]["done"]) == ("done", 2)
    assert {reports.get(one).joint_case for one in (GOOD, NO_MAIL, FOREIGN)} == {""}


def test_a_list_may_be_typed_with_police_numbers(portal, services):
    report = services.reports.add(a_report(reference="CCCC-CCCC-CCCC"))
    for status, number in (("checked", ""), ("registered", "PL0100-2016777777")):
        body = {"status": status, "version": services.reports.get(report.reference).version, "registrationNumber": number}
        assert portal.api("POST", f"/v1/desk/reports/{report.reference}/status-changes", body, person="handler").status == 201
    browser = portal.browser("handler")

    found = browser.submit("/desk/batches/new", {"references": "pl0100-2016777777"}, follow=True)
    unknown = browser.submit("/desk/batches/new", {"references": f"{GOOD}\nPL0100-2016000099"})

    assert "CCCC-CCCC-CCCC" in found.text
    assert unknown.status == 400
    assert "kijk naar nummer 2 van uw lijst" in unknown.text
