"""Choose, check, done, undo: on the officers' pages and by the API, with the real tables, stream and rounds."""

import re
from datetime import timedelta

import pytest

from chalicelib.letters import due_letters
from chalicelib.letters.stream import StreamRecord, deliver
from chalicelib.reports.contact import Contact
from chalicelib.reports.facts import Reporter
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from tests.support.fakes_letters import FakeMailer
from tests.support.office import OFFICER
from tests.support.samples import NEIGHBOUR, REFERENCE, a_report, answers

PAGE, API = f"/desk/reports/{REFERENCE}", f"/v1/desk/reports/{REFERENCE}"
OPEN = PAGE
OTHER = "CCCC-CCCC-CCCC"
NUMBER, RIGHT = "PL0100-2016123456", "PL0100-2016654321"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Post:
    """The stream of the reports' table, the rounds, and the mails that came of both. Of the clock each moves a second."""

    def __init__(self, services, aws):
        self._services, self._aws, self._known = services, aws, {}
        self.mailer = services.__dict__["mailer"] = FakeMailer()

    def deliver(self):
        items = {item["reference"]["S"]: item for item in self._aws.items("reports")}
        records = [
            StreamRecord(str(number), name_of(reference in self._known), reference, self._known.get(reference), new)
            for number, (reference, new) in enumerate(items.items(), start=1)
            if self._known.get(reference) != new
        ]
        for _ in range(2):
            deliver(records, self._services.mailroom, report_of_image=self._services.reports.report_of_image, attempt="stream")
        self._known = items

    def passes(self, time):
        """Time passes, with a round every half minute."""
        until = self._services.clock.now() + time
        while self._services.clock.now() < until:
            self._services.clock.advance(min(30 * SECOND, until - self._services.clock.now()))
            due_letters.send_due(self._services.mailroom)

    @property
    def letters(self):
        return [letter.partition("#")[2] for letter in self.mailer.letters]


def name_of(is_known):
    return "MODIFY" if is_known else "INSERT"


@pytest.fixture
def report(services):
    return services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))


@pytest.fixture
def post(services, aws, report):
    post = Post(services, aws)
    post.deliver()
    post.mailer.mails.clear()
    return post


def status_form(browser, **typed):
    return {name: value for name, value in browser.get(OPEN).hidden.items() if name in OWN} | typed


OWN = ("_token", "_key", "_seen", "version")  # of the hidden fields of a page with many forms, those of each


def press(browser, typed, *, to, follow=False):
    hidden = {name: value for name, value in browser.get(OPEN).hidden.items() if name in OWN}
    return browser.post(to, hidden | typed, follow=follow)


def main_of(answer):
    return answer.text.partition("<main")[2].partition("</main>")[0]


def test_t8_of_a_text_that_was_undone_its_reader_hears_nothing_and_officers_read_all(portal, services, post):
    browser = portal.browser("handler")
    a = {"status": "checked", "explanation": "Tekst AAA."}
    press(browser, a, to=f"{PAGE}/status")
    post.deliver()
    post.passes(40 * SECOND)

    undone = press(browser, {"number": "2"}, to=f"{PAGE}/undo", follow=True)
    post.deliver()
    post.passes(30 * SECOND)
    press(browser, {"status": "checked", "explanation": "Tekst BBB."}, to=f"{PAGE}/status")
    post.deliver()
    post.passes(7 * MINUTE)

    assert undone.status == 200
    assert post.letters == ["4"]
    assert [(entry.number, entry.not_sent, entry.merged_into) for entry in services.ledger.of_report(REFERENCE)][1:] == [
        (2, "retracted", 0),
        (4, "", 0),
    ]
    officers, reporters = main_of(browser.get(OPEN)), main_of(portal.browser("sanne").get(f"/reports/{REFERENCE}"))
    theirs = portal.api("GET", f"/v1/reports/{REFERENCE}", person="sanne").text
    assert "Tekst AAA." in officers
    assert "Tekst BBB." in officers
    assert "Ongedaan gemaakt" in officers
    for told in (reporters, theirs):
        assert "Tekst BBB." in told
        assert "AAA" not in told
        assert "Ongedaan" not in told
        assert "retracted" not in told
    became = browser.get(f"{PAGE}/letters").text
    assert "een medewerker maakte ongedaan wat erin stond" in became


def test_before_it_is_done_an_officer_reads_what_comes_of_it_and_nothing_is_done(portal, services, aws, post):
    browser, before = portal.browser("handler"), aws.items("reports")

    page = press(
        browser,
        {"status": "referred", "explanation": "Kom langs <b>.", "remark": "Gebeld.", "_step": "check"},
        to=f"{PAGE}/status",
    )

    shown = main_of(page)
    assert page.status == 200
    assert "Dit kan niet online" in shown
    assert "Kom langs &lt;b&gt;." in shown
    assert "1 juli 2016 om 12.02 uur" in shown
    assert "Er is nieuws" in shown
    assert "•••••-•••••" in shown
    assert 'name="remark" value="Gebeld."' in shown
    assert aws.items("reports") == before
    assert post.letters == []

    done = browser.post(f"{PAGE}/status", {**page.hidden, "_step": "do"}, follow=True)

    assert services.reports.get(REFERENCE).status is Status.REFERRED
    assert "Gedaan om 12.00 uur: Doorverwezen." in main_of(done)
    assert "ongedaan maken tot 1 juli 2016 om 12.02 uur" in main_of(done)
    assert f'action="{PAGE}/undo"' in done.text
    post.deliver()
    post.passes(3 * MINUTE)
    assert post.letters == ["2"]
    assert f'action="{PAGE}/undo"' not in browser.get(OPEN).text


def test_what_was_typed_comes_back_to_whoever_wants_to_change_something(portal, services, post):
    browser, why = portal.browser("handler"), "x" * 300
    page = press(browser, {"status": "referred", "explanation": why, "_step": "check"}, to=f"{PAGE}/status")

    back = browser.post(f"{PAGE}/status", {**page.hidden, "_step": "edit"})

    assert f"{why}</textarea>" in back.text
    assert 'value="referred" checked' in back.text
    assert services.reports.get(REFERENCE).status is Status.RECEIVED


def test_the_check_refuses_what_the_change_would_refuse(portal, post):
    browser = portal.browser("handler")
    press(browser, {"status": "referred"}, to=f"{PAGE}/status")

    page = press(browser, {"status": "closed", "remark": "Bewaar mij", "_step": "check"}, to=f"{PAGE}/status")

    assert page.status == 400
    assert "Bewaar mij</textarea>" in page.text
    assert 'href="#explanation"' in page.text


def test_a_status_that_demands_an_explanation_says_so_before_it_is_sent(portal, post):
    browser = portal.browser("handler")
    press(browser, {"status": "referred"}, to=f"{PAGE}/status")

    page = main_of(browser.get(OPEN))

    [closed] = re.findall(r'id="status-closed".*?</div>', page, re.DOTALL)
    assert "Dit kan niet zonder toelichting" in closed
    assert page.count("Dit kan niet zonder toelichting") == 1
    assert "niet verplicht" not in page.partition('id="explanation"')[0].rpartition("<label")[2]


@pytest.mark.parametrize(
    ("contact", "why", "told"),
    [
        (Contact(email=""), "er is geen e-mailadres", True),
        (Contact(email="s@example.org", usable=False), "e-mail naar dit adres komt niet aan", True),
    ],
)
def test_of_whom_no_mail_reaches_the_check_says_so_and_who_must_tell(portal, services, contact, why, told):
    services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers()), contact=contact))

    page = main_of(press(portal.browser("handler"), {"status": "checked", "_step": "check"}, to=f"{PAGE}/status"))

    assert f"Er gaat geen e-mail uit: {why}" in page
    assert ("moet deze aangever het nieuws vertellen" in page) is told


def test_an_address_to_which_no_mail_may_go_is_said_at_the_check(portal, services, post):
    services.suppression.add("sanne@example.org")

    page = main_of(press(portal.browser("handler"), {"status": "checked", "_step": "check"}, to=f"{PAGE}/status"))

    assert "Er gaat geen e-mail uit: e-mail naar dit adres komt niet aan" in page


@pytest.mark.parametrize("step", ["do", "check"])
def test_t3_who_typed_while_somebody_else_acted_is_refused_reads_what_happened_and_keeps_every_word(portal, services, post, step):
    first, why = portal.browser("handler"), "é" * 300
    form = status_form(first, status="referred", explanation=why, _step=step)
    press(portal.browser("supervisor"), {"status": "checked"}, to=f"{PAGE}/status")

    page = first.post(f"{PAGE}/status", form)

    assert page.status == 409
    assert "Iemand heeft deze aangifte intussen gewijzigd" in page.text
    assert "Sinds u het formulier opende:" in page.text
    since = main_of(page).partition("Sinds u het formulier opende:")[2].partition("</ul>")[0]
    assert "Gecontroleerd" in since
    assert "NN4444" in since
    assert f"{why}</textarea>" in page.text
    assert services.reports.get(REFERENCE).status is Status.CHECKED
    assert len(services.reports.get(REFERENCE).timeline) == 2
    post.deliver()
    post.passes(10 * MINUTE)
    assert post.letters == ["2"]


def test_t3_what_is_sent_twice_is_one_event_and_one_letter(portal, services, post):
    browser = portal.browser("handler")
    page = press(browser, {"status": "referred", "_step": "check"}, to=f"{PAGE}/status")
    form = {**page.hidden, "_step": "do"}

    answered = [browser.post(f"{PAGE}/status", form).status for _ in range(2)]
    post.deliver()
    post.passes(10 * MINUTE)

    assert answered == [303, 303]
    assert len(services.reports.get(REFERENCE).timeline) == 2
    assert post.letters == ["2"]


QUESTION = {"questions.0.text": "Was het slot heel?", "questions.0.sort": "choice", "questions.0.choices": "Ja\nNee"}


def test_a_question_is_checked_asked_and_undone(portal, services, post):
    browser = portal.browser("handler")
    page = browser.submit(f"{PAGE}/question", {**QUESTION, "text": "Nog iets.", "_step": "check"})

    shown = main_of(page)
    for told in ("Nog iets.", "Was het slot heel?", '<li class="typed">Ja</li>', "15 juli 2016", "1 juli 2016 om 12.02 uur"):
        assert told in shown
    assert services.reports.get(REFERENCE).questions == ()
    back = browser.post(f"{PAGE}/question", {**page.hidden, "_step": "edit"})
    assert "Was het slot heel?</textarea>" in back.text
    assert "Ja\nNee</textarea>" in back.text

    done = browser.post(f"{PAGE}/question", {**page.hidden, "_step": "do"}, follow=True)
    assert "Gedaan om 12.00 uur: Vraag aan de aangever." in main_of(done)
    undone = press(browser, {"number": "2"}, to=f"{PAGE}/undo", follow=True)
    assert "Ongedaan gemaakt" in undone.text
    post.deliver()
    post.passes(10 * MINUTE)

    assert post.letters == []
    for told in (
        main_of(portal.browser("sanne").get(f"/reports/{REFERENCE}")),
        portal.api("GET", f"/v1/reports/{REFERENCE}", person="sanne").text,
        portal.browser("sanne").get(f"/reports/{REFERENCE}/copy").text,
        portal.browser("sanne").get("/details/data").text,
    ):
        assert "Was het slot heel?" not in told
    assert "Was het slot heel?" in browser.get(OPEN).text


def test_t3_a_question_over_a_change_of_somebody_else_keeps_every_word(portal, services, post):
    first, text = portal.browser("handler"), "Wat gebeurde er? " + "é" * 283
    form = {**first.get(f"{PAGE}/question").hidden, "questions.0.text": text, "questions.0.sort": "text", "_step": "check"}
    press(portal.browser("supervisor"), {"status": "checked"}, to=f"{PAGE}/status")

    page = first.post(f"{PAGE}/question", form)

    assert page.status == 409
    assert "Sinds u het formulier opende:" in page.text
    assert "NN4444" in page.text
    assert f"{text}</textarea>" in page.text
    assert services.reports.get(REFERENCE).questions == ()


def test_who_undoes_too_late_is_told_so_and_shown_the_way(portal, services, post):
    browser = portal.browser("handler")
    press(browser, {"status": "referred"}, to=f"{PAGE}/status")
    form = status_form(browser, number="2")
    post.deliver()
    post.passes(5 * MINUTE)

    page = browser.post(f"{PAGE}/undo", form)

    assert page.status == 409
    assert "is onderweg" in page.text
    assert f'href="{PAGE}/correction"' in page.text
    assert services.reports.get(REFERENCE).status is Status.REFERRED


def test_a_slip_that_was_told_is_corrected_with_an_explanation_that_the_reporter_reads(portal, services, post):
    browser = portal.browser("handler")
    press(browser, {"status": "referred"}, to=f"{PAGE}/status")
    post.deliver()
    post.passes(5 * MINUTE)

    bare = browser.submit(f"{PAGE}/correction", {"status": "received", "_step": "check"})
    assert bare.status == 400
    typed = {"status": "received", "explanation": "Wij hadden ons vergist.", "_step": "check"}
    page = browser.submit(f"{PAGE}/correction", typed)
    assert "Wij hadden ons vergist." in main_of(page)
    assert services.reports.get(REFERENCE).status is Status.REFERRED
    done = browser.post(f"{PAGE}/correction", {**page.hidden, "_step": "do"})
    post.deliver()
    post.passes(10 * MINUTE)

    assert done.status == 303
    assert services.reports.get(REFERENCE).status is Status.RECEIVED
    assert post.letters == ["2", "3"]
    assert "Wij hadden ons vergist." in main_of(portal.browser("sanne").get(f"/reports/{REFERENCE}"))


def registered(services, reference, number=NUMBER):
    somebody = {} if reference == REFERENCE else {"reporter": Reporter(NEIGHBOUR.pseudonym, "sealed-b")}
    report = services.reports.get(reference) or services.reports.add(a_report(reference=reference, **somebody))
    for change in (Change(Status.CHECKED), Change(Status.REGISTERED, registration_number=number)):
        report = services.reports.save(report, report.changed(change, by=OFFICER, at=services.clock.now()))
    return report


def test_a_police_number_of_another_report_is_refused_without_saying_which(portal, services, report):
    registered(services, OTHER)
    services.reports.save(report, report.changed(Change(Status.CHECKED), by=OFFICER, at=services.clock.now()))
    browser = portal.browser("handler")

    page = press(browser, {"status": "registered", "registrationNumber": NUMBER, "remark": "Blijf"}, to=f"{PAGE}/status")

    assert page.status == 400
    assert "Een andere aangifte heeft dit politienummer" in page.text
    assert 'href="#registrationNumber"' in page.text
    assert "Blijf</textarea>" in page.text
    assert OTHER not in page.text
    assert services.reports.get(REFERENCE).status is Status.CHECKED


def test_a_check_refuses_a_police_number_of_another_report_as_the_change_does(portal, services, report):
    registered(services, OTHER)
    services.reports.save(report, report.changed(Change(Status.CHECKED), by=OFFICER, at=services.clock.now()))
    typed = {"status": "registered", "registrationNumber": NUMBER}

    page = press(portal.browser("handler"), {**typed, "remark": "Blijf", "_step": "check"}, to=f"{PAGE}/status")
    asked = portal.api("POST", f"{API}/checks", {**typed, "version": 2}, person="handler")

    assert "Een andere aangifte heeft dit politienummer" in page.text
    assert "Blijf</textarea>" in page.text
    assert (page.status, asked.status) == (400, 400)
    assert [error["code"] for error in asked.json["errors"]] == ["registration_number_taken"]
    assert services.reports.get(REFERENCE).status is Status.CHECKED


def test_a_wrong_police_number_is_corrected_and_free_again(portal, services, report):
    registered(services, REFERENCE)
    browser = portal.browser("handler")

    bare = browser.submit(f"{PAGE}/number", {"registrationNumber": RIGHT, "reason": ""})
    done = browser.submit(f"{PAGE}/number", {"registrationNumber": RIGHT, "reason": "Cijfers verwisseld."}, follow=True)

    assert bare.status == 400
    assert services.reports.get(REFERENCE).registration_number == RIGHT
    assert "Cijfers verwisseld." in done.text
    assert "Cijfers verwisseld." not in portal.browser("sanne").get(f"/reports/{REFERENCE}").text
    assert registered(services, OTHER).registration_number == NUMBER


def test_a_program_asks_what_comes_of_a_change_does_it_and_undoes_it(portal, services, post):
    change = {"status": "referred", "version": 1, "explanation": "Kom langs."}

    found = portal.api("POST", f"{API}/checks", change, person="handler")
    assert found.status == 200
    assert found.json["reads"]["name"] == "Dit kan niet online. Wij nemen contact met u op"
    assert (found.json["mail"]["goesAt"], found.json["undoUntil"]) == ("2016-07-01T10:02:00Z", "2016-07-01T10:02:00Z")
    assert found.json["noMailBecause"] is None
    assert services.reports.get(REFERENCE).version == 1

    done = portal.api("POST", f"{API}/status-changes", change, person="handler", Idempotency_Key="a").json
    assert done["undoable"] == {"number": 2, "until": "2016-07-01T10:02:00Z"}
    undo = {"number": 2, "version": 2}
    undone = [portal.api("POST", f"{API}/undo", undo, person="handler", Idempotency_Key="b") for _ in range(2)]

    assert [answer.status for answer in undone] == [201, 201]
    assert (undone[0].json["status"]["code"], undone[0].json["undoable"]) == ("received", None)
    assert len(services.reports.get(REFERENCE).timeline) == 3
    again = portal.api("POST", f"{API}/undo", {"number": 2, "version": 3}, person="handler")
    assert (again.status, again.json["detail"]) == (409, "Dit is al ongedaan gemaakt")


def test_a_program_corrects_a_status_and_a_number(portal, services, report):
    registered(services, REFERENCE)

    number = {"registrationNumber": RIGHT, "reason": "Verwisseld.", "version": 3}
    renumbered = portal.api("POST", f"{API}/number-corrections", number, person="handler")
    seen = renumbered.json
    back = {"status": "checked", "explanation": "Nog niet compleet.", "version": 4}
    corrected = portal.api("POST", f"{API}/corrections", back, person="handler")

    assert (renumbered.status, seen["registrationNumber"], seen["corrections"]) == (201, RIGHT, ["checked"])
    assert (corrected.status, corrected.json["status"]["code"], corrected.json["registrationNumber"]) == (201, "checked", None)
    wrong = portal.api("POST", f"{API}/corrections", {"status": "closed", "explanation": "x", "version": 5}, person="handler")
    assert wrong.status == 409


def test_undo_of_another_units_report_is_not_there_and_on_record(portal, services, post):
    press(portal.browser("handler"), {"status": "referred"}, to=f"{PAGE}/status")

    answer = portal.api("POST", f"{API}/undo", {"number": 2, "version": 2}, person="stranger")

    assert answer.status == 404
    assert services.audit.of(f"refused:{REFERENCE}")
    assert services.reports.get(REFERENCE).status is Status.REFERRED
