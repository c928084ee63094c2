"""The officers' pages: the worklist, a report with the reason for looking, and the two forms."""

import pytest

from chalicelib.core.ids import reference
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from tests.support.samples import REFERENCE, a_report, answers

PAGE = f"/desk/reports/{REFERENCE}"
OPEN = PAGE


@pytest.fixture
def report(services):
    return services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))


def looks(services):
    return [(record.officer, record.what, record.why) for record in services.audit.of(REFERENCE)]


def test_officers_log_in_at_their_own_door(portal):
    assert portal.browser().get("/desk").location == "/staff/login?next=/desk"


def test_a_citizen_does_not_get_in(portal, report):
    browser = portal.browser("sanne")

    assert browser.get("/desk").status == 403
    assert browser.get(OPEN).status == 403


def test_the_worklist_shows_the_units_reports_and_is_on_record(portal, services, report):
    page = portal.browser("handler").get("/desk/queue").text

    assert f'href="{PAGE}?' in page
    assert [(r.officer, r.what) for r in services.audit.of("worklist:Noord-Nederland")] == [("NN1234", "listed:received")]


def test_the_worklist_can_be_filtered_by_status(portal, report):
    page = portal.browser("handler").get("/desk/queue?unit=Noord-Nederland&status=closed").text

    assert REFERENCE not in page
    assert '<option value="closed" selected>' in page


def test_another_units_worklist_is_refused(portal, services, report):
    for list_of in ("/desk", "/desk/queue"):
        assert portal.browser("stranger").get(f"{list_of}?unit=Noord-Nederland").status == 403
    assert looks(services) == []


def test_another_units_report_and_one_that_is_not_there_answer_alike_and_who_asked_is_on_record(portal, services, report, caplog):
    browser, absent = portal.browser("stranger"), reference(b"no such report" * 2)

    theirs, none = browser.get(OPEN), browser.get(f"/desk/reports/{absent}")

    assert (theirs.status, none.status) == (404, 404)
    assert "bij uw politie-eenheid" in theirs.text
    assert theirs.text.replace(REFERENCE, absent) == none.text
    asked = [services.audit.of(f"refused:{one}")[0] for one in (REFERENCE, absent)]
    assert [(record.officer, record.what, record.why) for record in asked] == [("AM1234", "read_report", "handling")] * 2
    assert caplog.text.count("not_of_own_unit officer=AM1234") == 2  # whoever tries numbers stands out
    assert looks(services) == []  # its reporter reads who looked, and nobody did


@pytest.mark.parametrize("page", ["", "/letters", "/files/abc"])
def test_what_can_be_no_number_of_a_report_is_not_asked_for_with_a_reason_and_not_shown(portal, report, page):
    answer = portal.browser("handler").get(f"/desk/reports/999990019{page}")

    assert answer.status == 404
    assert "999990019" not in answer.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}?reason=curiosity", f"{PAGE}?reason=handling"])
def test_without_a_reason_nothing_is_read(portal, services, report, address):
    page = portal.browser("handler", why="").get(address)

    assert "Waarom bekijkt u deze aangifte?" in page.text
    assert "Gazelle" not in page.text
    assert looks(services) == []


def test_with_a_reason_the_report_is_shown_and_the_look_recorded(portal, services, report):
    page = portal.browser("handler", why="reporter_contact").get(PAGE).text

    assert "Gazelle" in page
    assert "s•••@example.org" in page
    assert looks(services) == [("NN1234", "read_report", "reporter_contact")]


def test_who_must_reach_the_reporter_uncovers_how_and_that_is_on_record(portal, services, report):
    browser = portal.browser("handler")
    covered = browser.get(OPEN).text

    assert "contact=shown" in covered
    assert "Damrak" not in covered
    assert "12 juli 1980" not in covered
    shown = browser.get(f"{OPEN}?contact=shown").text
    assert "Damrak" in shown
    assert "12 juli 1980" in shown
    assert "sanne@example.org" in shown
    assert "Toon hoe de aangever" not in shown
    assert sorted(what for _, what, _ in looks(services)) == ["read_report", "see_contact"]


@pytest.mark.parametrize(("person", "offered"), [("handler", 2), ("supervisor", 3)])
def test_an_officer_is_offered_the_reasons_of_their_role_alone(portal, report, person, offered):
    browser = portal.browser(person, why="")

    assert browser.get(PAGE).text.count('name="reason"') == offered
    assert browser.get(f"{PAGE}?reason=nonsense").text.count('name="reason"') == offered


def test_an_auditor_reads_no_statement_and_begins_where_looks_are_read(portal, services, report):
    auditor = portal.browser("auditor")

    for page in (PAGE, f"{PAGE}/letters", f"{PAGE}/question", "/desk/queue"):
        assert auditor.get(page).status == 403
    assert portal.api("GET", f"/v1{PAGE}", person="auditor", Look_Reason="audit").status == 403
    assert looks(services) == []
    assert 'href="/desk/audit"' in auditor.get("/").text.partition("<main")[2]


def test_who_need_not_reach_the_reporter_sees_masked_contact_data_and_no_forms(portal, report):
    page = portal.browser("reader").get(PAGE).text

    assert portal.browser("reader").get(f"{PAGE}?contact=shown").status == 403
    assert "contact=shown" not in page
    assert "sanne@example.org" not in page
    assert "s•••@example.org" in page
    assert "+31612345678" not in page
    assert "06 12345678" not in page
    assert 'action="/desk/reports' not in page


def test_an_officer_works_with_short_names_and_sees_what_the_reporter_will_read(portal, services, report):
    page = portal.browser("handler").get(OPEN).text

    assert ">Ontvangen</span><br>" in page
    assert "De aangever leest: We hebben uw aangifte ontvangen" in page
    assert 'Gecontroleerd<br><span class="aside">We hebben uw aangifte gecontroleerd</span>' in page


def test_a_police_number_is_asked_only_where_the_report_can_come_to_have_one(portal, services, report):
    browser = portal.browser("handler")
    assert 'name="registrationNumber"' not in browser.get(OPEN).text

    browser.submit(OPEN, {"status": "checked"}, to=f"{PAGE}/status")

    assert 'name="registrationNumber"' in browser.get(OPEN).text


def test_what_happened_is_read_before_what_can_be_done(portal, report):
    page = portal.browser("handler").get(OPEN).text

    assert page.index("Gazelle") < page.index('name="status"')


def test_an_officer_changes_the_status(portal, services, report):
    browser = portal.browser("handler")

    page = browser.submit(OPEN, {"status": "checked", "remark": "Gebeld."}, to=f"{PAGE}/status", follow=True)

    assert services.reports.get(REFERENCE).status is Status.CHECKED
    assert "Gebeld." in page.text
    assert "NN1234" in page.text


def test_the_reporter_never_sees_the_remark(portal, services, report):
    portal.browser("handler").submit(OPEN, {"status": "checked", "remark": "Verdacht verhaal."}, to=f"{PAGE}/status")

    assert "Verdacht verhaal." not in portal.browser("sanne").get(f"/reports/{REFERENCE}").text


def test_a_status_without_its_explanation_comes_back_with_what_was_typed(portal, services, report):
    browser = portal.browser("handler")
    browser.submit(OPEN, {"status": "referred"}, to=f"{PAGE}/status")

    page = browser.submit(OPEN, {"status": "closed", "remark": "Bewaar mij"}, to=f"{PAGE}/status")

    assert page.status == 400
    assert 'href="#explanation"' in page.text
    assert "Bewaar mij</textarea>" in page.text
    assert 'value="closed" checked' in page.text


def test_who_was_second_sees_the_present_state_and_keeps_what_was_typed(portal, services, report):
    browser = portal.browser("handler")
    seen = browser.get(OPEN).hidden_for(f"{PAGE}/status")
    browser.submit(OPEN, {"status": "checked"}, to=f"{PAGE}/status")

    stale = {**seen, "_key": "another", "status": "referred", "explanation": "Kom langs."}
    page = browser.post(f"{PAGE}/status", stale)

    assert page.status == 409
    assert "Iemand heeft deze aangifte intussen gewijzigd" in page.text
    assert "Kom langs.</textarea>" in page.text
    assert 'name="version" value="2"' in page.text
    assert services.reports.get(REFERENCE).status is Status.CHECKED


def test_a_status_form_that_is_sent_twice_works_once(portal, services, report):
    browser = portal.browser("handler")
    form = {**browser.get(OPEN).hidden_for(f"{PAGE}/status"), "status": "checked"}

    first, second = browser.post(f"{PAGE}/status", form), browser.post(f"{PAGE}/status", form)

    assert (first.status, second.status) == (303, 303)
    assert services.reports.get(REFERENCE).version == 2


def test_an_officer_asks_with_a_day_as_people_write_it(portal, services, report):
    browser = portal.browser("handler")

    asked = {"questions.0.text": "Was het slot heel?", "questions.0.sort": "text", "deadlineOn": "20-7-2016", "_step": "do"}
    page = browser.submit(f"{PAGE}/question", asked, follow=True)

    assert "Was het slot heel?" in page.text
    assert "Open tot en met 20 juli 2016" in page.text


def test_a_question_with_a_deadline_that_passed_comes_back(portal, report):
    page = portal.browser("handler").submit(f"{PAGE}/question", {"text": "Nog iets?", "deadlineOn": "1-6-2016"})

    assert page.status == 400
    assert "Laatste dag om te antwoorden: De laatste dag moet morgen of later zijn" in page.text
    assert "Nog iets?</textarea>" in page.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_on_another_site_chooses_no_reason_for_an_officer(portal, aws, site):
    portal.services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))
    browser = portal.browser("handler")
    assert "Gazelle" in browser.get(PAGE, **{"Sec-Fetch-Site": "same-origin"}).text
    looks, browser.why = len(aws.items("audit")), ""

    lured = browser.get(PAGE, **{"Sec-Fetch-Site": site})

    assert lured.status == 200
    assert "Gazelle" not in lured.text
    assert len(aws.items("audit")) == looks
