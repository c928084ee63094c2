"""The order of the queue: who waits longest comes first, and whoever speaks up stays where they are."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reports import queue
from chalicelib.reports.additions import Sort
from chalicelib.reports.contact import InformationWish
from chalicelib.reports.events import Actor, EventKind, Rank, Role
from chalicelib.reports.model import Change
from chalicelib.reports.queue import Flag
from chalicelib.reports.statuses import Status
from chalicelib.reports.tasks import Task
from tests.support.samples import a_report

OFFICER = Actor(Role.OFFICER, "P-100")
HOUR = timedelta(hours=1)
MOVES_NOTHING = {
    "an addition": lambda report, at: report.added(Sort.MORE, {"text": "Ik zag een bus."}, at=at),
    "a wish": lambda report, at: report.wishes_changed(
        replace(report.contact, information=InformationWish.NOTHING, survey=not report.contact.survey), at=at
    ),
    "a bounce": lambda report, at: report.address_found_unusable(frozenset({report.contact.email.lower()}), at=at),
    "a survey invitation": lambda report, at: report.invited_to_survey(at=at),
    "a note": lambda report, at: report.noted("KWARTEL", by=OFFICER, at=at),
    "an assignment": lambda report, at: report.assigned("P-200" if report.assignee != "P-200" else "", by=OFFICER, at=at),
    "a hand-over": lambda report, at: report.moved("Oost-Nederland", by=OFFICER, at=at),
    "a task": lambda report, at: report.task_raised(Task.CALL_BACK, by=OFFICER, at=at),
    "joining": lambda report, at: report.joined("C-1", by=OFFICER, at=at),
}


def test_a_reporter_who_speaks_up_keeps_the_first_place_of_34():
    reports = [a_report(at=a_report().filed_at + number * HOUR) for number in range(34)]
    oldest = reports[0]
    at = reports[-1].filed_at + HOUR
    for what in ("an addition", "a wish", "a bounce", "a survey invitation"):
        oldest = MOVES_NOTHING[what](oldest, at)

    assert min([oldest, *reports[1:]], key=queue.place) is oldest
    assert queue.fresh_at(oldest) == at


@given(st.lists(st.sampled_from(sorted(MOVES_NOTHING)), max_size=12))
def test_nothing_but_a_step_of_the_police_moves_a_report(happenings):
    report = before = a_report()
    for number, what in enumerate(happenings):
        report = MOVES_NOTHING[what](report, before.filed_at + (number + 1) * HOUR)

    assert (queue.place(report), queue.due_on(report)) == (queue.place(before), queue.due_on(before))


@pytest.mark.parametrize("what", ["a wish", "a bounce", "a survey invitation", "a note", "an assignment"])
def test_only_the_reporters_own_words_flag_a_report(what):
    report = MOVES_NOTHING[what](a_report(), a_report().filed_at + HOUR)

    assert queue.fresh_at(report) is None
    assert Flag.FRESH not in queue.flags(report)


def test_a_step_of_the_police_sets_the_place_and_the_term_anew():
    before = a_report()
    after = before.changed(Change(Status.CHECKED), by=OFFICER, at=before.filed_at + HOUR)

    assert queue.place(after) > queue.place(before)
    assert queue.due_on(before) == date(2016, 7, 6)  # filed on Friday 1 July: three working days
    assert queue.due_on(after) == date(2016, 7, 8)


def test_urgent_reports_come_before_older_ones_and_later_ones_after():
    older, younger = a_report(), a_report(at=a_report().filed_at + HOUR)
    urgent = younger.ranked(Rank.URGENT, by=OFFICER, at=younger.filed_at)
    later = older.ranked(Rank.LATER, by=OFFICER, at=older.filed_at)

    assert sorted([later, older, younger, urgent], key=queue.place) == [urgent, older, younger, later]


def test_a_request_for_news_is_flagged_until_an_officer_gives_news():
    report = a_report()
    asked = report.with_event(EventKind.UPDATE_ASKED, report.status, by=report.timeline[0].by, at=report.filed_at + HOUR)
    noted = asked.noted("bekeken", by=OFFICER, at=report.filed_at + 2 * HOUR)
    told = noted.with_event(EventKind.UPDATE_GIVEN, report.status, by=OFFICER, at=report.filed_at + 3 * HOUR)

    assert Flag.UPDATE_ASKED in queue.flags(asked)
    assert Flag.UPDATE_ASKED in queue.flags(noted)
    assert Flag.UPDATE_ASKED not in queue.flags(told)


def test_nobody_outside_the_desk_sees_what_is_its_own():
    report = a_report()
    for what in ("a note", "an assignment", "a task", "joining"):
        report = MOVES_NOTHING[what](report, report.filed_at + HOUR)

    assert report.told == a_report().told
    assert report.changed_at == a_report().changed_at
    assert report.news_at is None


def test_a_task_is_open_until_it_is_done_and_can_be_raised_again():
    report = a_report()
    raised = report.task_raised(Task.CALL_BACK, by=OFFICER, at=report.filed_at)
    done = raised.task_done(Task.CALL_BACK, by=OFFICER, at=report.filed_at)

    assert raised.task_raised(Task.CALL_BACK, by=OFFICER, at=report.filed_at) is raised
    assert (raised.open_tasks, done.open_tasks) == ((Task.CALL_BACK,), ())
    assert done.task_raised(Task.CALL_BACK, by=OFFICER, at=report.filed_at).open_tasks == (Task.CALL_BACK,)
