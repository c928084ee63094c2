"""A report's life, without store or clock."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.errors import Conflict, Invalid
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import SYSTEM, Actor, EventKind, Role
from chalicelib.reports.model import Change, Report, new_events
from chalicelib.reports.statuses import REASON_REQUIRED, TRANSITIONS, WORDS, Mover, Status
from tests.support.samples import NOON, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
TERMS = Deadlines()


def moved(report: Report, *statuses: Status, days: int = 0) -> Report:
    for step, status in enumerate(statuses):
        at = NOON + timedelta(days=days, minutes=step)
        report = report.changed(Change(status, explanation="Omdat.", registration_number="PL0100-2016123456"), by=OFFICER, at=at)
    return report


def way_to(wanted: Status) -> tuple[Status, ...]:
    """Return the shortest way on which officers bring a new report to a status, by the table."""
    ways: list[tuple[Status, ...]] = [()]
    for way in ways:  # grows while it is walked
        at = way[-1] if way else Status.RECEIVED
        if at is wanted:
            return way
        ways += [(*way, to) for to, mover in TRANSITIONS[at].items() if mover is Mover.OFFICER and to not in way]
    raise LookupError(wanted)


def not_investigated(days: int = 0) -> Report:
    return moved(a_report(), Status.CHECKED, Status.REGISTERED, Status.NOT_INVESTIGATED, days=days)


def test_a_new_report_is_received_and_its_timeline_says_so():
    report = a_report()

    assert report.status is Status.RECEIVED
    assert [(e.number, e.kind, e.at) for e in report.timeline] == [(1, EventKind.RECEIVED, NOON)]


def test_a_change_appends_exactly_one_event_and_one_version():
    before = a_report()

    after = before.changed(Change(Status.CHECKED, explanation="Alles is duidelijk.", remark="intern"), by=OFFICER, at=NOON)

    assert after.version == before.version + 1
    assert new_events(before, after) == (after.timeline[-1],)
    assert (after.timeline[-1].status, after.timeline[-1].explanation) == (Status.CHECKED, "Alles is duidelijk.")


@pytest.mark.parametrize("start", Status)
@pytest.mark.parametrize("wanted", Status)
def test_an_officer_takes_the_edges_of_the_table_and_no_other(start, wanted):
    report = replace(a_report(), status=start)
    allowed = TRANSITIONS[start].get(wanted) is Mover.OFFICER

    if allowed:
        after = report.changed(Change(wanted, explanation="Omdat.", registration_number="PL0100-2016123456"), by=OFFICER, at=NOON)
        assert after.status is wanted
    else:
        with pytest.raises(Conflict, match="transition_not_allowed"):
            report.changed(Change(wanted, explanation="Omdat."), by=OFFICER, at=NOON)


def test_the_table_is_complete_and_every_status_has_an_exit():
    assert set(TRANSITIONS) == set(Status) == set(WORDS)
    assert all(TRANSITIONS[status] for status in Status)


@pytest.mark.parametrize("status", sorted(REASON_REQUIRED))
def test_some_decisions_need_an_explanation(status):
    start = {Status.REOPENED: not_investigated(), Status.CLOSED: moved(a_report(), Status.REFERRED)}.get(
        status, moved(a_report(), Status.CHECKED, Status.REGISTERED)
    )

    with pytest.raises(Invalid) as refused:
        start.changed(Change(status, explanation="  "), by=OFFICER, at=NOON)

    assert [(e.field, e.code) for e in refused.value.errors] == [("explanation", "reason_required")]


@pytest.mark.parametrize(("number", "code"), [("", "registration_number_required"), ("PL01-1", "registration_number")])
def test_a_registered_report_has_a_police_number(number, code):
    with pytest.raises(Invalid) as refused:
        checked = a_report().changed(Change(Status.CHECKED), by=OFFICER, at=NOON)
        checked.changed(Change(Status.REGISTERED, registration_number=number), by=OFFICER, at=NOON)

    assert [(e.field, e.code) for e in refused.value.errors] == [("registrationNumber", code)]


@pytest.mark.parametrize("start", [s for s in Status if TRANSITIONS[s].get(Status.AWAITING_REPORTER) is Mover.QUESTION])
def test_after_the_answer_a_report_is_back_where_it_was(start):
    report = moved(a_report(), *way_to(start))

    asked = report.asked("Was het slot heel?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)
    answered = asked.answered(1, "Nee", at=NOON)

    assert asked.status is Status.AWAITING_REPORTER
    assert answered.status is start
    assert (answered.questions[0].answers, answered.questions[0].end) == ({"answer": "Nee"}, "answered")


def test_a_newer_question_replaces_the_open_one_and_the_older_cannot_be_answered():
    first = a_report().asked("Eén?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)

    second = first.asked("Twee?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)

    assert [q.end for q in second.questions] == ["replaced", ""]
    with pytest.raises(Conflict, match="question_replaced"):
        second.answered(1, "Te laat", at=NOON)
    assert second.answered(2, "Ja", at=NOON).status is Status.RECEIVED


def test_a_question_ends_by_itself_the_day_after_its_deadline_and_not_before():
    asked = a_report().asked("Eén?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)

    on_the_day = asked.question_expired(at=NOON + timedelta(days=19))
    the_day_after = asked.question_expired(at=NOON + timedelta(days=20))

    assert on_the_day is asked
    assert (the_day_after.status, the_day_after.timeline[-1].by) == (Status.RECEIVED, SYSTEM)
    assert the_day_after.question_expired(at=NOON + timedelta(days=21)) is the_day_after


def test_nothing_can_be_asked_after_a_decision():
    with pytest.raises(Conflict, match="question_not_allowed"):
        not_investigated().asked("Nog iets?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)


def test_the_survey_is_due_two_weeks_after_the_decision_and_sixty_days_after_filing_at_the_latest():
    assert a_report().survey_due_on(TERMS) == date(2016, 8, 30)
    assert not_investigated(days=3).survey_due_on(TERMS) == date(2016, 7, 18)
    assert not_investigated(days=50).survey_due_on(TERMS) == date(2016, 8, 30)


def test_a_reopened_report_has_no_decision_to_count_from():
    reopened = not_investigated().changed(Change(Status.REOPENED, explanation="Nieuwe informatie"), by=OFFICER, at=NOON)

    assert reopened.decided_at is None
    assert reopened.survey_due_on(TERMS) == date(2016, 8, 30)


def test_a_report_is_invited_to_the_survey_once():
    invited = a_report().invited_to_survey(at=NOON)

    assert invited.survey_due_on(TERMS) is None
    assert invited.invited_to_survey(at=NOON) is invited


def test_the_agenda_shows_whatever_comes_first():
    asked = a_report().asked("Eén?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)

    assert asked.due_on(TERMS) == date(2016, 7, 21)
    assert asked.answered(1, "Ja", at=NOON).due_on(TERMS) == date(2016, 8, 30)


@given(st.lists(st.sampled_from(Status), max_size=12))
def test_whatever_officers_try_the_timeline_has_no_gaps_and_tells_where_the_report_stands(tries):
    report = a_report()
    for status in tries:
        try:
            report = moved(report, status)
        except Conflict:
            continue
    assert [e.number for e in report.timeline] == list(range(1, len(report.timeline) + 1))
    assert report.timeline[-1].status is report.status
    assert report.version == len(report.timeline)
