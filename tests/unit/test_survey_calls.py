"""A call after the survey: only asked for, once, while the survey is open; and nothing of it leads to the answers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.core.errors import Conflict
from chalicelib.reports import queue
from chalicelib.reports.contact import Safety
from chalicelib.reports.events import INTERNAL, SYSTEM, Actor, EventKind, Role
from chalicelib.reports.queue import Flag
from chalicelib.reports.statement import Statement
from chalicelib.reports.tasks import Task
from chalicelib.surveys.calls import asked_on, call_asked, last_day_to_ask
from tests.support.samples import NOON, a_report, answers

DAYS = 30
OFFICER = Actor(Role.OFFICER, "NN1234")


def invited(**answered):
    told = Statement.of("bicycle-theft", answers(**{"phone": "06 12345678", **answered}))
    return a_report(statement=told).invited_to_survey(at=NOON)


def refusal(report, at=NOON):
    with pytest.raises(Conflict) as refused:
        call_asked(report, open_days=DAYS, at=at)
    return refused.value.code


def test_who_asks_is_called_back_and_the_report_keeps_its_place():
    report = invited()

    asked = call_asked(report, open_days=DAYS, at=NOON)

    assert set(asked.open_tasks) - set(report.open_tasks) == {Task.SURVEY_CALL}
    assert Flag.CALL_BACK in queue.flags(asked)
    assert Flag.CALL_BACK not in queue.flags(report)
    assert (queue.place(asked), queue.fresh_at(asked)) == (queue.place(report), queue.fresh_at(report))
    assert (asked_on(report), asked_on(asked)) == (None, date(2016, 7, 1))


def test_the_task_says_nothing_of_any_answer_and_no_letter_or_page_of_others_knows_it():
    [event] = call_asked(invited(), open_days=DAYS, at=NOON).timeline[len(invited().timeline) :]

    assert (event.kind, event.by, event.to, event.remark, event.explanation) == (
        EventKind.TASK_RAISED, SYSTEM, Task.SURVEY_CALL, "", ""
    )  # fmt: skip
    assert event.kind in INTERNAL


def test_it_is_asked_once_also_when_the_call_was_made():
    asked = call_asked(invited(), open_days=DAYS, at=NOON)
    called = asked.task_done(Task.SURVEY_CALL, by=OFFICER, at=NOON)

    assert (refusal(asked), refusal(called)) == ("call_twice", "call_twice")
    assert (asked_on(called), Flag.CALL_BACK in queue.flags(called)) == (None, False)


def test_a_task_that_an_officer_laid_is_not_what_the_reporter_asked():
    laid = invited().task_raised(Task.SURVEY_CALL, by=OFFICER, at=NOON)

    assert asked_on(laid) is None


def test_it_can_be_asked_until_the_last_day_of_the_survey_and_not_after():
    last = NOON + timedelta(days=DAYS)

    assert last_day_to_ask(invited(), DAYS) == date(2016, 7, 31)
    assert Task.SURVEY_CALL in call_asked(invited(), open_days=DAYS, at=last).open_tasks
    assert refusal(invited(), at=last + timedelta(days=1)) == "call_too_late"


def test_who_was_not_invited_has_no_number_or_wants_no_calls_reads_why_not():
    uncalled = replace(invited(), contact=replace(invited().contact, safety=Safety(phone=False)))

    assert refusal(a_report()) == "call_before_survey"
    assert refusal(invited(phone="")) == "call_no_number"
    assert refusal(uncalled) == "call_unwanted"
