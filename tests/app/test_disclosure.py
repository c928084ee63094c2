"""All that the portal holds about somebody, for that person alone, to read and to keep."""

import json
from datetime import timedelta

import pytest

from chalicelib.core.language import Language
from chalicelib.drafts.store import ANSWER, answer_id
from chalicelib.evidence.model import File, folder_id
from chalicelib.letters.catalogue import Letter, NoLetter, NotSentReason
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.profiles.access_request import SHOWN
from chalicelib.profiles.model import code_of
from chalicelib.reports import actions
from chalicelib.reports.additions import Sort
from chalicelib.reports.events import Channel
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from chalicelib.reports.wizard import filing_key
from tests.app import world
from tests.app.test_evidence import PHOTO, send
from tests.app.test_pages_details import asked
from tests.support.fakes_letters import FakeMailer
from tests.support.samples import CITIZEN, HANDLER, REFERENCE, a_report, answers

REMARK = "Intern: de verdachte is bekend"
OWN = ("Mijn fiets", "Gazelle", "sanne@example.org", "nieuw@example.org", REFERENCE)


@pytest.fixture
def browser(portal, services, forms):
    """A citizen of whom there is something in every table."""
    services.__dict__["mailer"] = FakeMailer()
    report = services.reports.get(REFERENCE)
    added = report.added(Sort.MORE, {"text": "De buurvrouw zag een bus."}, at=services.clock.now())
    services.reports.save(report, added)
    officer = world.OFFICER
    other = services.reports.get(world.OTHER_REFERENCE)
    told = other.changed(Change(Status.CHECKED, explanation="Wij gaan door.", remark=REMARK), by=officer, at=services.clock.now())
    services.reports.save(other, told)
    services.audit.note(REFERENCE, officer=HANDLER, what="report", why="handling")
    services.ledger.claim(LedgerEntry(id=f"{REFERENCE}#2"), attempt="a", letter=Letter.NEWS, language=Language.NL, template="t")
    services.ledger.note_accepted(f"{REFERENCE}#2", attempt="a", message_id="message")
    services.ledger.withhold(f"{REFERENCE}#3", NoLetter(NotSentReason.NOT_WANTED))
    browser = portal.browser("sanne")
    asked(browser, "nieuw@example.org")
    return browser


def held(browser, cursor=""):
    answer = browser.get("/details/data.json" + (f"?cursor={cursor}" if cursor else ""))
    assert answer.status == 200
    return answer.json


def names_in(content):
    """Every name in a JSON document."""
    if isinstance(content, dict):
        return set(content).union(*map(names_in, content.values()))
    return set().union(*map(names_in, content)) if isinstance(content, list) else set()


def test_the_file_holds_something_of_every_table_that_is_shown(browser):
    content = held(browser)

    assert set(SHOWN.values()) <= names_in(content)
    for part in ("details", "sessions", "drafts", "reports"):
        assert content[part], part
    report = next(one for one in content["reports"] if one["reference"] == REFERENCE)
    assert report["statement"]["answers"] == Statement.of("bicycle-theft", answers()).answers
    assert [look["roles"] for look in report["looks"]] == ["handler"]
    assert [(letter["letter"], letter["notSent"]) for letter in report["letters"]] == [
        ("survey", ""),
        ("news", ""),
        ("", "not_wanted"),
    ]
    assert report["letters"][1]["acceptedAt"] == "2016-07-01T10:00:00Z"
    assert report["contact"]["safety"] == {"neutral": False, "hours": "0-24", "phone": True}
    assert report["questions"][0]["parts"][0]["text"] == "Was het slot heel?"
    assert report["additions"][0]["answers"]["text"] == "De buurvrouw zag een bus."
    assert content["details"]["challenge"]["email"] == "nieuw@example.org"
    assert content["sessions"][0]["isThis"]


def test_the_page_shows_the_same_in_words(browser):
    page = browser.get("/details/data").text

    for told in (*OWN, "De buurvrouw zag een bus.", "Wij gaan door.", "Was het slot heel?", "medewerker die aangiften behandelt"):
        assert told in page, told
    assert "niet verstuurd: u wilde het niet" in page
    assert "Er is nieuws: verstuurd (1 juli 2016 om 12.00 uur)" in page
    assert "dit is nu" in page
    assert "Uw antwoorden op onze vragenlijsten" in page
    assert "Notities van de politie" in page


def test_what_may_not_be_shown_is_on_neither(browser, services):
    page, content = browser.get("/details/data").text, json.dumps(held(browser))
    secret = services.sessions.find(browser.cookies["__Host-session"])

    for hidden in (REMARK, HANDLER.id, CITIZEN.sealed_bsn, CITIZEN.pseudonym, secret.id, "V1-aaaa"):
        assert hidden not in page, hidden
        assert hidden not in content, hidden
    assert secret.form_token not in content
    code = mailed_code_of(services)
    assert code not in page + content


def mailed_code_of(services):
    profile = services.profiles.get(CITIZEN.pseudonym)
    return code_of(services.derivation_key, profile.id, profile.challenge)


def test_nobody_reads_of_somebody_else(browser, portal):
    theirs = portal.browser("neighbour")
    page, content = theirs.get("/details/data"), json.dumps(held(theirs))

    for own in (*OWN, "buurvrouw"):
        assert own not in page.text
        assert own not in content
    assert "U hebt hier nog geen aangifte gedaan" in page.text
    assert portal.browser("handler").get("/details/data").status == 403
    assert portal.browser().get("/details/data.json").status == 303


def test_the_file_is_a_download_that_nobody_keeps_on_the_way(browser):
    answer = browser.get("/details/data.json")

    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"] == "application/json"
    assert "no-store" in answer.headers["cache-control"]


def test_looking_changes_nothing_and_writes_no_line_about_anybody(browser, aws, caplog):
    caplog.set_level("INFO")
    before = world.contents(aws)

    browser.get("/details/data")
    held(browser)

    assert world.contents(aws) == before
    assert "example.org" not in caplog.text


def test_the_files_of_an_unfinished_report_are_listed(browser, services):
    address = f"/report/bicycle-theft/{world.WHOLE_DRAFT}/evidence"
    send(browser, address, PHOTO)

    content = held(browser)

    [draft] = [draft for draft in content["drafts"] if draft["kind"] == "bicycle-theft"]
    assert [file["name"] for file in draft["files"]] == ["foto café.jpg"]
    page = browser.get("/details/data").text
    assert "foto café.jpg" in page
    assert '<dt>Voor wie doet u aangifte?</dt><dd class="typed">Voor mijzelf</dd>' in page


def test_who_has_very_many_reports_reads_on(browser, services, portal):
    before = len(held(browser)["reports"])
    for number in range(60):
        reference = actions.reference_for(CITIZEN.pseudonym, f"k{number}", services.derivation_key)
        services.reports.add(a_report(reference=reference, at=services.clock.now() - timedelta(days=number + 1)))

    pages = [held(browser)]
    while pages[-1]["nextCursor"]:
        pages.append(held(browser, pages[-1]["nextCursor"]))

    assert len(pages) > 1
    assert len({report["reference"] for page in pages for report in page["reports"]}) == before + 60
    assert "Oudere aangiften" in browser.get("/details/data").text
    assert browser.get("/details/data?cursor=onzin").status == 400


def test_another_window_and_another_login_are_both_in_it(browser, portal, services):
    portal.browser("sanne")

    sessions = held(browser)["sessions"]

    assert len(sessions) == 2
    assert [one["isThis"] for one in sessions].count(True) == 1


def test_the_code_that_was_mailed_is_listed_as_a_mail_without_its_address(browser, services):
    profile = services.profiles.get(CITIZEN.pseudonym)
    services.ledger.claim(
        LedgerEntry(id=f"{profile.id}#1"), attempt="a", letter=Letter.ADDRESS_CODE, language=Language.NL, template="t"
    )

    assert [one["letter"] for one in held(browser)["details"]["letters"]] == ["address_code"]
    assert "Code voor een e-mailadres: onderweg" in browser.get("/details/data").text


@pytest.mark.parametrize("channel", Channel)
def test_who_reported_at_a_police_station_reads_that(portal, services, channel):
    services.reports.add(a_report(channel=channel))

    page = portal.browser("sanne").get("/details/data").text

    assert REFERENCE in page
    assert (", op een politiebureau" in page) is (channel is Channel.DESK)


EVENT = {"number", "kind", "at", "by", "status", "explanation", "question"}
LETTER = {
    *("id", "letter", "language", "template", "claimedAt", "acceptedAt", "rejected", "notSent", "joined", "repeated"),
    *("failedAt", "deliveredAt", "delayedAt", "bouncedAt", "bounce", "complainedAt", "unheard"),
}
QUESTION = {"number", "parts", "askedAt", "deadlineOn", "explanation", "answers", "endedAt", "end"}
CONTACT = {"email", "language", "information", "survey", "own", "proven", "usable", "safety"}


def test_a_report_is_disclosed_field_by_field_and_nothing_else_is(browser):
    [report] = [one for one in held(browser)["reports"] if one["reference"] == REFERENCE]

    assert set(report["timeline"][0]) == EVENT
    assert set(report["timeline"][0]["by"]) == {"role"}
    assert set(report["questions"][0]) == QUESTION
    assert set(report["contact"]) == CONTACT
    assert set(report["statement"]) == {"answers", "sha256"}
    assert set(report["looks"][0]) == {"subject", "at", "roles", "what"}
    assert set(report["additions"][0]) == {"number", "sort", "at", "answers"}
    assert report["questions"][0]["deadlineOn"] == "2016-07-15"
    assert report["questions"][0]["endedAt"] is None
    assert report["timeline"][0]["at"] == "2016-07-01T10:00:00Z"


def folder_of(services, reference, part, name):
    """Put a file into a folder of the citizen's."""
    folders = services.evidence_storage.folders
    empty = folders.get(folder_id(services.derivation.names, CITIZEN.pseudonym, reference, part))
    folders.save(empty, empty.added(File(id="f", name=name, kind="jpeg", added_at=services.clock.now())))


def names_of_files(browser, draft_id):
    [draft] = [one for one in held(browser)["drafts"] if one["id"] == draft_id]
    return [file["name"] for file in draft["files"]]


def test_the_files_of_an_answer_that_was_not_sent_are_listed_with_it_while_it_is_asked_for(browser, services):
    folder_of(services, REFERENCE, "answer-1", "slot.jpg")
    folder_of(services, REFERENCE, "report", "elders.jpg")

    assert names_of_files(browser, answer_id(REFERENCE)) == ["slot.jpg"]
    mine = actions.OwnReports(pseudonym=CITIZEN.pseudonym, reports=services.reports, clock=services.clock)
    actions.answer(REFERENCE, 1, "Nee.", mine=mine)
    assert names_of_files(browser, answer_id(REFERENCE)) == []


def test_what_was_typed_about_a_report_that_is_gone_or_about_nothing_has_no_files(browser, services):
    gone = "CCCC-CCCC-CCCC"
    services.drafts.put(CITIZEN.pseudonym, answer_id(gone), ANSWER, {"answer": "Ja."})
    services.drafts.put(CITIZEN.pseudonym, "typed", "form", {"text": "x"})
    folder_of(services, "", "report", "niets.jpg")

    assert names_of_files(browser, answer_id(gone)) == []
    assert names_of_files(browser, "typed") == []


def test_another_reports_files_stand_with_that_one(browser, services):
    folder_of(services, world.OTHER_REFERENCE, "report", "anders.jpg")
    name = actions.reference_for(CITIZEN.pseudonym, filing_key(world.WHOLE_DRAFT), services.derivation.names)
    folder_of(services, name, "report", "fiets.jpg")

    assert names_of_files(browser, world.WHOLE_DRAFT) == ["fiets.jpg"]
