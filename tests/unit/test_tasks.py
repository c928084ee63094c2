"""Whatever a reporter ticks leads to work, and notes leave room for the reporter."""

import pytest

from chalicelib.core.errors import Conflict
from chalicelib.reports import queue
from chalicelib.reports.additions import Sort
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import SIZE_LIMIT, Change
from chalicelib.reports.queue import Flag
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from chalicelib.reports.tasks import TICKED, Task, ticked
from tests.support.samples import NOON, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")


def told(**answers):
    return a_report(statement=Statement.of("bicycle-theft", {"story": "Weg.", **answers}))


@pytest.mark.parametrize(
    ("answers", "tasks"),
    [
        ({"wantsVictimSupport": True}, (Task.VICTIM_SUPPORT,)),
        ({"confirmation": "post"}, (Task.POST_COPY,)),
        ({"cameras": True}, (Task.CAMERA_IMAGES,)),
        ({"wantsVictimSupport": False, "confirmation": "portal", "cameras": False, "wantsCompensation": False}, ()),
        ({}, ()),
    ],
)
def test_what_a_reporter_ticks_is_a_task_from_the_first_day(answers, tasks):
    report = told(**answers)

    assert report.open_tasks == tasks
    assert (Flag.TASK in queue.flags(report)) is bool(tasks)


def test_compensation_is_told_to_the_prosecutor_when_the_case_goes_there():
    report = told(wantsCompensation=True)
    assert report.open_tasks == ()

    for status in (Status.CHECKED, Status.REGISTERED, Status.INVESTIGATING, Status.WITH_PROSECUTOR):
        report = report.changed(Change(status, registration_number="PL0100-2016123456"), by=OFFICER, at=NOON)

    assert report.open_tasks == (Task.COMPENSATION,)


def test_every_ticked_task_lies_open_until_it_is_done_and_can_be_opened_again():
    for task, by in TICKED.items():
        status = min(by.statuses)
        assert ticked({by.question: by.answer}, status) == (task,)
    report = told(wantsVictimSupport=True)

    done = report.task_done(Task.VICTIM_SUPPORT, by=OFFICER, at=NOON)

    assert done.open_tasks == ()
    assert done.task_raised(Task.VICTIM_SUPPORT, by=OFFICER, at=NOON).open_tasks == (Task.VICTIM_SUPPORT,)
    with pytest.raises(Conflict, match="task_not_open"):
        done.task_done(Task.VICTIM_SUPPORT, by=OFFICER, at=NOON)


def test_a_note_moves_no_report_and_hides_nothing_that_waits():
    report = told(wantsVictimSupport=True)

    noted = report.noted("KWARTEL-7F3", by=OFFICER, at=NOON)

    assert queue.place(noted) == queue.place(report)
    assert noted.open_tasks == report.open_tasks
    assert noted.told == report.told


def test_notes_leave_the_last_fifth_of_the_room_to_the_reporter():
    report = told()
    while not report.is_nearly_full:
        report = report.noted("n" * 1_000, by=OFFICER, at=NOON)

    with pytest.raises(Conflict, match="notes_full"):
        report.noted("n", by=OFFICER, at=NOON)
    assert report.size < SIZE_LIMIT * 0.81
    assert report.added(Sort.MORE, {"text": "a" * 4_000}, at=NOON).additions
