"""Standard texts at the desk: a supervisor writes, a colleague publishes, and officers find what is in use."""

from dataclasses import replace

import pytest

from chalicelib.core.language import Language
from chalicelib.people.model import Officer, StaffRole
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from chalicelib.texts import actions
from chalicelib.texts.actions import TextEdit
from tests.support.samples import a_report, answers

UNIT = "Noord-Nederland"
TYPED = {
    "unit": UNIT,
    "occasion": "closed",
    "crime": "fraud",
    "name": "Rekening opgeheven",
    "nl": "De bank heft de rekening op. Reden: {reden}.",
    "en": "The bank closes the account. Reason: {reason}.",
}
EDIT = TextEdit(
    unit=UNIT,
    occasion="closed",
    crime="fraud",
    name="Van een collega",
    bodies={Language.NL: "Het is klaar.", Language.EN: "It is done."},
)
COLLEAGUE = Officer("NN9876", frozenset({StaffRole.SUPERVISOR}), frozenset({UNIT}))


@pytest.fixture
def draft(services):
    return actions.write(EDIT, officer=COLLEAGUE, texts=services.texts, clock=services.clock)


def test_a_text_is_written_on_the_page_and_waits_for_a_second_reader(portal, services):
    browser = portal.browser("supervisor")
    page = browser.submit("/desk/texts/new", TYPED)
    shown = browser.get(page.location).text

    assert "Iemand anders moet hem lezen en publiceren" in shown
    assert "De bank heft de rekening op. Reden: {reden}." in shown
    assert 'value="publish"' not in shown
    text_id = page.location.rpartition("/")[2]
    assert [(look.what, look.officer) for look in services.audit.of(f"text:{text_id}")] == [("wrote:1", "NN4444")]


def test_a_colleague_publishes_it_and_officers_find_it(portal, services, draft):
    browser = portal.browser("supervisor")
    browser.submit(f"/desk/texts/{draft.id}", {"version": "1", "_go": "publish"})

    found = portal.api("GET", f"/v1/desk/texts?unit={UNIT}", person="handler").json["texts"]
    assert draft.id in {text["id"] for text in found}
    assert draft.name in portal.browser("handler").get("/desk/texts").text


def test_a_button_pressed_on_an_older_version_does_nothing(portal, services, draft):
    newer = replace(EDIT, name="Nieuwer")
    actions.write(newer, text_id=draft.id, seen=1, officer=COLLEAGUE, texts=services.texts, clock=services.clock)

    answer = portal.browser("supervisor").submit(f"/desk/texts/{draft.id}", {"version": "1", "_go": "publish"})

    assert answer.status == 409
    assert "Iemand heeft deze tekst intussen gewijzigd" in answer.text
    assert draft.id not in {text.id for text in actions.usable(UNIT, services.texts)}


def test_what_was_typed_stays_when_something_is_wrong_and_nothing_is_kept(portal, services):
    answer = portal.browser("supervisor").submit("/desk/texts/new", {**TYPED, "en": "The bank closes the account."})

    assert answer.status == 400
    assert "niet evenveel plekken" in answer.text
    assert "De bank heft de rekening op" in answer.text
    assert list(services.texts.of_unit(UNIT)) == []


def test_a_preview_keeps_nothing_and_says_what_is_hard_to_read(portal, services):
    hard = "Teneinde het voorval te beoordelen verzoeken wij u ons {politienummer} te doen toekomen, indien u dat hebt."
    page = portal.browser("supervisor").submit("/desk/texts/new", {**TYPED, "nl": hard, "_go": "preview"}).text

    assert "PL0100-2026123456" in page
    assert "is een kantoorwoord" in page
    assert list(services.texts.of_unit(UNIT)) == []


def test_a_text_of_the_portal_is_not_changed_by_a_unit(portal):
    body = {**TYPED, "unit": "", "seen": 1}
    answer = portal.api("POST", "/v1/desk/texts/STD-001/versions", body, person="supervisor")

    assert (answer.status, answer.json["code"]) == (409, "text_of_portal")


def test_the_api_writes_publishes_and_retires(portal, services, draft):
    path = f"/v1/desk/texts/{draft.id}"
    published = portal.api("POST", f"{path}/publication", {"version": 1}, person="supervisor")
    second = portal.api("POST", f"{path}/versions", {**TYPED, "seen": 1}, person="supervisor")
    own = portal.api("POST", f"{path}/publication", {"version": 2}, person="supervisor")
    gone = portal.api("POST", f"{path}/retirement", {"version": 2}, person="supervisor")

    assert (published.json["state"], second.status, second.json["version"]) == ("published", 201, 2)
    assert (own.status, own.json["code"]) == (409, "text_needs_another_reader")
    assert gone.json["code"] == "text_not_published"


@pytest.mark.parametrize("person", ["handler", "reader", "auditor", "sanne"])
def test_nobody_but_a_supervisor_writes_publishes_or_retires(portal, draft, person):
    path = f"/v1/desk/texts/{draft.id}"
    acts = {path.rpartition("/")[0]: TYPED, f"{path}/versions": {**TYPED, "seen": 1}}
    acts |= {f"{path}/{act}": {"version": 1} for act in ("publication", "retirement")}

    assert {portal.api("POST", act, body, person=person).status for act, body in acts.items()} == {403}
    assert portal.browser(person).get("/desk/texts/new").status == 403


def test_a_supervisor_writes_over_the_api(portal):
    assert portal.api("POST", "/v1/desk/texts", TYPED, person="supervisor").status == 201


def test_a_unit_writes_no_text_of_another_unit_and_does_not_find_one(portal, draft):
    elsewhere = portal.api("POST", "/v1/desk/texts", {**TYPED, "unit": "Limburg"}, person="supervisor")

    assert elsewhere.status == 403
    assert portal.browser("stranger").get(f"/desk/texts/{draft.id}").status == 404
    assert portal.api("GET", f"/v1/desk/texts?unit={UNIT}", person="stranger").status == 403


@pytest.fixture
def report(services):
    received = services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))
    by = Actor(Role.OFFICER, "NN1234")
    checked = services.reports.save(received, received.changed(Change(Status.CHECKED), by=by, at=received.filed_at))
    change = Change(Status.REGISTERED, registration_number="PL0100-2016123456")
    return services.reports.save(checked, checked.changed(change, by=by, at=received.filed_at))


def act(browser, report, **fields):
    page = f"/desk/reports/{report.reference}"
    return browser.submit(page, {"version": str(report.version), **fields}, to=f"{page}/status")


def test_an_officer_chooses_a_text_sees_it_filled_in_and_the_event_keeps_which_version(portal, services, report):
    browser = portal.browser("handler", why="handling")
    checked = act(browser, report, status="not_investigated", text="STD-001-1", explanation="", _step="check")

    assert f"We kunnen uw aangifte {report.reference} niet onderzoeken" in checked.text
    browser.post(f"/desk/reports/{report.reference}/status", {**checked.hidden, "_step": "do"})
    told = services.reports.get(report.reference).timeline[-1]
    assert (told.status, told.text) == (Status.NOT_INVESTIGATED, "STD-001-1")
    assert told.explanation.startswith("We kunnen uw aangifte")
    citizen = portal.browser("sanne").get(f"/reports/{report.reference}").text
    assert "STD-001" not in citizen


def test_t9_a_text_with_something_left_to_fill_in_is_not_sent_and_comes_back_to_be_filled_in(portal, services, report):
    browser = portal.browser("handler", why="handling")
    draft = actions.write(
        replace(EDIT, occasion="not_investigated", crime="", bodies=dict.fromkeys(Language, "Geen spoor van {wat u zocht}.")),
        officer=COLLEAGUE,
        texts=services.texts,
        clock=services.clock,
    )
    reader = replace(COLLEAGUE, id="NN9877")
    actions.publish(draft, officer=reader, texts=services.texts, clock=services.clock)

    refused = act(browser, report, status="not_investigated", text=draft.mark, explanation="", _step="check")

    assert refused.status == 400
    assert "wat u zocht" in refused.text
    assert "Geen spoor van {wat u zocht}." in refused.text
    assert services.reports.get(report.reference) == report


def test_a_text_for_another_status_is_not_used(portal, services, report):
    browser = portal.browser("handler", why="handling")
    refused = act(browser, report, status="not_investigated", text="STD-005-1", explanation="", _step="check")

    assert refused.status == 400
    assert services.reports.get(report.reference) == report


def test_an_update_is_written_from_a_text_read_before_it_goes_and_keeps_which_version(portal, services, report):
    officer, page = portal.browser("handler", why="handling"), f"/desk/reports/{report.reference}/update"
    assert "Standaardtekst" in officer.get(page).text
    version = {"version": str(report.version)}

    checked = officer.submit(page, version | {"text": "STD-010-1", "explanation": "", "_step": "check"})

    assert checked.status == 200
    assert services.reports.get(report.reference) == report, "reading it changes nothing"
    assert "Er gaat een e-mail" in checked.text
    back = officer.post(page, {**checked.hidden, "_step": "edit"})
    assert back.status == 200
    assert checked.hidden["explanation"].splitlines()[0] in back.text, "the text can still be changed"
    done = officer.post(page, {**checked.hidden, "_step": "do"})
    told = services.reports.get(report.reference).timeline[-1]
    assert done.location == f"/desk/reports/{report.reference}#done", "where Tab comes to the button that takes it back first"
    assert 'id="done" tabindex="-1"' in officer.get(done.location).text
    assert (told.kind, told.text, told.explanation) == ("update_given", "STD-010-1", checked.hidden["explanation"])
    assert checked.hidden["explanation"].splitlines()[0] in portal.browser("sanne").get(f"/reports/{report.reference}").text


def test_a_text_of_another_occasion_is_no_update_and_what_was_typed_goes_before_a_text(portal, services, report):
    officer, page = portal.browser("handler", why="handling"), f"/desk/reports/{report.reference}/update"
    form = {"version": str(report.version), "_step": "check"}

    refused = officer.submit(page, form | {"text": "STD-001-1", "explanation": ""})
    typed = officer.submit(page, form | {"text": "STD-010-1", "explanation": "Eigen woorden."})

    assert (refused.status, typed.status) == (400, 200)
    assert typed.hidden["explanation"] == "Eigen woorden."
    assert services.reports.get(report.reference) == report


def published(services, occasion, told):
    edit = replace(EDIT, occasion=occasion, crime="", bodies=dict.fromkeys(Language, told))
    draft = actions.write(edit, officer=COLLEAGUE, texts=services.texts, clock=services.clock)
    actions.publish(draft, officer=replace(COLLEAGUE, id="NN9877"), texts=services.texts, clock=services.clock)
    return draft.mark


def test_a_question_is_written_from_a_text_and_keeps_which_version(portal, services, report):
    mark = published(services, "question_asked", "We willen nog iets weten over {aangiftenummer}.")
    officer, page = portal.browser("handler", why="handling"), f"/desk/reports/{report.reference}/question"
    assert "Standaardtekst" in officer.get(page).text
    form = {"version": str(report.version), "standardText": mark, "text": "", "questions.0.sort": "text"}

    checked = officer.submit(page, form | {"questions.0.text": "Was het slot nog heel?", "_step": "check"})
    assert checked.status == 200, checked.text
    officer.post(page, {**checked.hidden, "_step": "do"})

    after = services.reports.get(report.reference)
    assert (after.timeline[-1].kind, after.timeline[-1].text) == ("question_asked", mark)
    assert after.open_question.explanation == f"We willen nog iets weten over {report.reference}."
    assert [part.text for part in after.open_question.parts] == ["Was het slot nog heel?"]


@pytest.mark.parametrize("field", ["update", "question"])
def test_a_place_that_nobody_filled_in_comes_back_with_its_name_and_all_that_was_typed(portal, services, report, field):
    occasion = {"update": "update_given", "question": "question_asked"}[field]
    told = "We zoeken {wat u zocht}."
    mark = published(services, occasion, told)
    chosen = {"update": {"text": mark, "explanation": ""}, "question": {"standardText": mark, "text": ""}}[field]
    page = f"/desk/reports/{report.reference}/{field}"

    refused = portal.browser("handler", why="handling").submit(page, {"version": "3", **chosen, "_step": "check"})

    assert refused.status == 400
    assert "Hier moet nog iets worden ingevuld: wat u zocht" in refused.text
    assert told in refused.text
    assert services.reports.get(report.reference) == report


def test_a_program_names_the_text_of_an_update_and_of_a_question(portal, services, report):
    path = f"/v1/desk/reports/{report.reference}"
    update = {"version": report.version, "explanation": "Wij wachten op beelden.", "text": "STD-010-1"}
    question = {"version": report.version + 1, "text": "Waar?", "standardText": "STD-012-1"}

    answers = [
        portal.api("POST", f"{path}/updates", update, person="handler").status,
        portal.api("POST", f"{path}/questions", question, person="handler").status,
        portal.api("POST", f"{path}/updates", update | {"text": "een tekst"}, person="handler").status,
    ]

    assert answers == [201, 201, 400]
    assert [event.text for event in services.reports.get(report.reference).timeline[-2:]] == ["STD-010-1", "STD-012-1"]


@pytest.mark.parametrize("form", [{"explanation": "Wij wachten."}, {"questions.0.text": "Waar?", "questions.0.sort": "text"}])
def test_enter_in_a_form_to_the_reporter_shows_what_happens_and_sends_nothing(portal, services, report, form):
    page = f"/desk/reports/{report.reference}/{'update' if 'explanation' in form else 'question'}"

    answer = portal.browser("handler", why="handling").submit(page, {"version": "3", **form})

    assert (answer.status, services.reports.get(report.reference)) == (200, report)
    assert [look.what for look in services.audit.of(report.reference)][1:] == ["read_report"], "one look, one line"
