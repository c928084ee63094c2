"""Filing, answering, asking: what a citizen and an officer can do, on stores in memory."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from chalicelib.core.clock import day_of
from chalicelib.core.errors import Conflict, Forbidden, NotFound
from chalicelib.desk import actions as desk
from chalicelib.desk.actions import Desk
from chalicelib.desk.queue import actions as queue
from chalicelib.desk.queue.query import Query
from chalicelib.people.permissions import LookReason
from chalicelib.reports import actions, agenda
from chalicelib.reports.actions import OwnReports
from chalicelib.reports.contact import Contact, InformationWish, Reach
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import REPORTER, Actor, Channel, Role
from chalicelib.reports.facts import Reporter
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from chalicelib.reports.submission import parse
from tests.support.fakes import FakeAudit, FakeReports
from tests.support.fakes_letters import FakeLedger
from tests.support.samples import AUDITOR, CITIZEN, HANDLER, NEIGHBOUR, NOON, READER, STRANGER, answers

KEY = b"k" * 32


@pytest.fixture
def reports():
    return FakeReports()


@pytest.fixture
def audit():
    return FakeAudit()


@pytest.fixture
def file(reports, clock):
    def file(citizen=CITIZEN, key="", kind="bicycle-theft", **changes):
        facts = {name: changes.pop(name) for name in ("channel", "by", "reach") if name in changes}
        told = parse(KINDS[kind], answers(kind, **changes), now=NOON)
        reporter = Reporter(citizen.pseudonym, citizen.sealed_bsn)
        return actions.file(told, reporter=reporter, key=key, reports=reports, derivation_key=KEY, clock=clock, **facts)

    return file


@pytest.fixture
def at(reports, audit, clock):
    """The desk of an officer."""
    return partial(_desk, reports=reports, audit=audit, ledger=FakeLedger(clock), clock=clock)


def _desk(officer, **parts):
    return Desk(officer=officer, **parts)


@pytest.fixture
def change(at):
    def change(report, status=Status.CHECKED, officer=HANDLER, key="", **changes):
        version = changes.pop("version", report.version)
        wanted = Change(status, key=key, **{"explanation": "Omdat."} | changes)
        return desk.change_status(report.reference, wanted, version=version, desk=at(officer))

    return change


@pytest.fixture
def ask(at):
    def ask(report, text="Was het slot heel?", officer=HANDLER, deadline_on=None, key=""):
        return desk.ask(
            report.reference,
            text,
            version=report.version,
            deadline_on=deadline_on,
            deadlines=Deadlines(),
            key=key,
            desk=at(officer),
        )

    return ask


@pytest.fixture
def of_person(reports, clock):
    def of_person(person):
        return OwnReports(pseudonym=person.pseudonym, reports=reports, clock=clock)

    return of_person


def test_a_filed_report_goes_to_the_unit_of_its_municipality(file, reports):
    report = file()

    assert reports.get(report.reference) == report
    assert (report.unit, report.municipality) == ("Noord-Nederland", "GM0014")


def test_the_same_request_twice_is_one_report(file, reports):
    first, second = file(key="k1"), file(key="k1")

    assert first == second
    assert len(reports.writes) == 1


def test_without_a_key_two_requests_are_two_reports(file):
    assert file().reference != file().reference


def test_a_report_at_the_counter_has_its_officer_its_channel_and_how_its_reporter_is_reached(file):
    officer = Actor(Role.OFFICER, HANDLER.id)

    report = file(key="k1", channel=Channel.DESK, by=officer, reach=Reach(Contact(email="nieuw@example.org")))
    online = file(citizen=NEIGHBOUR, email="zelf@example.org")

    assert (report.channel, report.timeline[0].by, report.timeline[0].key) == (Channel.DESK, officer, "k1")
    assert report.contact == Contact(email="nieuw@example.org")
    assert (online.channel, online.timeline[0].by, online.contact.email) == (Channel.ONLINE, REPORTER, "zelf@example.org")


def test_a_key_leads_to_one_reference_whatever_its_request_says_and_another_key_to_another():
    def found(key):
        return actions.reference_for(CITIZEN.pseudonym, key, KEY)

    assert found("k1.one") == found("k1.two") == found("k1")
    assert found("k1") != found("k2")
    assert found("k1.one") != found("k2.one")


def test_a_reference_that_somebody_else_holds_is_not_handed_out(file, reports, clock):
    stranger = replace(file(key="k1"), reporter=Reporter(NEIGHBOUR.pseudonym, NEIGHBOUR.sealed_bsn))
    reports._reports[stranger.reference] = stranger

    with pytest.raises(Conflict, match="idempotency_key_reused"):
        file(key="k1")


def test_a_key_used_again_for_another_report_is_refused(file):
    file(key="k1")

    with pytest.raises(Conflict, match="idempotency_key_reused"):
        file(key="k1", story="Iets anders")


def test_the_same_key_of_two_people_makes_two_reports(file):
    assert file(key="k1").reference != file(citizen=NEIGHBOUR, key="k1").reference


def test_another_persons_report_is_not_found_like_one_that_does_not_exist(file, of_person):
    report = file()

    for reference in (report.reference, "K7MD-PR3W-9XCV", "nonsense", ""):
        with pytest.raises(NotFound):
            actions.own(reference, mine=of_person(NEIGHBOUR))


def test_a_reference_is_found_however_it_is_typed(file, of_person):
    report = file()

    assert actions.own(report.reference.lower().replace("-", " "), mine=of_person(CITIZEN)) == report


def test_a_change_is_made_once_however_often_it_is_sent(file, change, reports):
    report = file()

    first, again = change(report, key="k1"), change(report, key="k1")

    assert first == again
    assert len(reports.writes) == 2


def test_an_officer_who_saw_an_older_version_is_told_so(file, change):
    report = file()
    change(report)

    with pytest.raises(Conflict, match="stale_version") as refused:
        change(report, Status.REFERRED)

    assert refused.value.values == {"current": 2}


@pytest.mark.parametrize(
    ("officer", "refusal"),
    [(READER, Forbidden), (AUDITOR, Forbidden), (STRANGER, NotFound)],
    ids=["reader", "auditor", "other unit"],
)
def test_who_may_not_change_a_report_changes_nothing(file, change, reports, officer, refusal):
    report = file()

    with pytest.raises(refusal):
        change(report, officer=officer)

    assert reports.get(report.reference) == report


def test_every_look_of_an_officer_is_on_record_with_its_reason(file, at, audit):
    report = file()

    desk.load_report(report.reference, reason=LookReason.REPORTER_CONTACT, desk=at(READER))

    assert [(r.officer, r.what, r.why) for r in audit.of(report.reference)] == [("NN2222", "read_report", "reporter_contact")]


def test_if_the_look_cannot_be_recorded_there_is_no_look(file, at, audit):
    report = file()
    audit.broken = True

    with pytest.raises(OSError, match="audit"):
        desk.load_report(report.reference, reason=LookReason.HANDLING, desk=at(READER))


def test_an_officer_of_another_unit_sees_nothing(file, at, audit):
    report = file()

    with pytest.raises(NotFound):
        desk.load_report(report.reference, reason=LookReason.HANDLING, desk=at(STRANGER))
    with pytest.raises(Forbidden):
        queue.look(Query(unit="Noord-Nederland"), desk=at(STRANGER))


def test_a_question_without_a_deadline_gets_the_usual_term(file, ask):
    asked = ask(file())

    assert asked.open_question.deadline_on == date(2016, 7, 15)


def test_an_answer_is_given_once_however_often_it_is_sent(file, ask, of_person):
    asked = ask(file())
    facts = {"key": "k1", "mine": of_person(CITIZEN)}

    first = actions.answer(asked.reference, 1, "Nee", **facts)
    again = actions.answer(asked.reference, 1, "Nee", **facts)

    assert first == again
    assert first.status is Status.RECEIVED


def test_a_neighbour_cannot_answer(file, ask, of_person):
    asked = ask(file())

    with pytest.raises(NotFound):
        actions.answer(asked.reference, 1, "Ja", mine=of_person(NEIGHBOUR))


def test_an_answer_after_the_deadline_is_told_so_and_the_question_ends(file, ask, reports, clock, of_person):
    asked = ask(file())
    clock.advance(timedelta(days=15))

    with pytest.raises(Conflict, match="question_expired"):
        actions.answer(asked.reference, 1, "Ja", mine=of_person(CITIZEN))

    assert reports.get(asked.reference).questions[0].end == "expired"


def test_the_hourly_round_ends_overdue_questions_once(file, ask, reports, clock):
    ask(file())
    file(citizen=NEIGHBOUR)
    clock.advance(timedelta(days=15))

    assert agenda.end_overdue_questions(reports.due(day_of(clock.now())), reports=reports, clock=clock) == 1
    assert agenda.end_overdue_questions(reports.due(day_of(clock.now())), reports=reports, clock=clock) == 0


def test_one_report_that_fails_does_not_keep_the_round_from_the_others(file, ask, reports, clock):
    broken, sound = ask(file()), ask(file(citizen=NEIGHBOUR))
    reports.broken = {broken.reference}
    clock.advance(timedelta(days=15))

    assert agenda.end_overdue_questions(reports.due(day_of(clock.now())), reports=reports, clock=clock) == 1
    assert reports.get(sound.reference).questions[0].end == "expired"


def test_wishes_change_any_day_and_the_same_wish_writes_nothing(file, reports, of_person):
    report = file()
    facts = {"survey": False, "mine": of_person(CITIZEN)}

    changed = actions.change_wishes(report.reference, information=InformationWish.NOTHING, **facts)
    again = actions.change_wishes(report.reference, information=InformationWish.NOTHING, **facts)

    assert (changed.contact.information, changed.contact.survey) == (InformationWish.NOTHING, False)
    assert again == changed
    assert len(reports.writes) == 2
