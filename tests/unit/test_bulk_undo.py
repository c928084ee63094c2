"""An act on many reports is taken back for many: each by itself, once, and as undoing one act does."""

from dataclasses import replace

import pytest

from chalicelib.bulk import actions
from chalicelib.bulk.model import Act, Order, Outcome, Phase
from chalicelib.core.errors import Conflict
from chalicelib.reports.statuses import Status
from tests.support.batches import STOP, a_room, changed_since, done, reference, registered, tried
from tests.support.samples import HANDLER

GOOD, READ, CHANGED, MOVED = (reference(number) for number in range(1, 5))


@pytest.fixture
def room(clock):
    room = a_room(clock)
    for number in range(1, 5):
        room.reports.add(registered(number))
    return room


@pytest.fixture
def stopped(room):
    """Four reports that were stopped at once; then one was read, one changed by its reporter, and one went to another unit."""
    batch = done(room, [GOOD, READ, CHANGED, MOVED])
    for one, change in (
        (CHANGED, changed_since),
        (MOVED, lambda report: replace(report, unit="Amsterdam", version=report.version + 1)),
    ):
        before = room.reports.get(one)
        room.reports.save(before, change(before))
    read = room.reports.get(READ)
    room.reports.mark(read, replace(read, read_number=len(read.timeline)))
    return batch


def outcomes(batch):
    return [(row.reference, row.result.outcome, row.result.why) for row in batch.rows]


UNDONE = [
    (GOOD, Outcome.DONE, ""),
    (READ, Outcome.REFUSED, "read_already"),
    (CHANGED, Outcome.DONE, ""),
    (MOVED, Outcome.REFUSED, "batch_report_unknown"),
]


def test_each_report_is_taken_back_or_says_why_not(room, stopped):
    undo = actions.undo(stopped.id, officer=HANDLER, room=room)

    assert outcomes(undo) == UNDONE
    assert (undo.phase, undo.of, room.batches.get(stopped.id).undone_by) == (Phase.DONE, stopped.id, undo.id)
    assert [room.reports.get(one).status for one in (GOOD, READ, CHANGED)] == [
        Status.REGISTERED, Status.NOT_INVESTIGATED, Status.REGISTERED,
    ]  # fmt: skip


def test_taken_back_twice_it_is_taken_back_once(room, stopped):
    first = actions.undo(stopped.id, officer=HANDLER, room=room)
    writes = len(room.reports.writes)

    assert outcomes(actions.undo(stopped.id, officer=HANDLER, room=room)) == outcomes(first)
    assert len(room.reports.writes) == writes


@pytest.mark.parametrize("name", ["save", "get"])
def test_a_taking_back_that_dies_anywhere_ends_the_same(room, stopped, name):
    call, count = getattr(room.reports, name), 0

    def dying(*args):
        nonlocal count
        count += 1
        answer = call(*args)
        if count % 2 and count < 8:
            raise OSError("died")
        return answer

    setattr(room.reports, name, dying)
    for _ in range(4):
        actions.undo(stopped.id, officer=HANDLER, room=room)
        actions.carry_on_all(room)

    assert outcomes(room.batches.get(room.batches.get(stopped.id).undone_by)) == UNDONE
    assert [event.kind for event in room.reports.get(GOOD).timeline].count("retracted") == 1


def test_a_report_that_others_change_at_that_very_moment_is_tried_again(room, stopped):
    inner, left = room.reports.save, [2]

    def save(before, after):
        if left[0]:
            left[0] -= 1
            raise Conflict("stale_version")
        return inner(before, after)

    room.reports.save = save

    assert outcomes(actions.undo(stopped.id, officer=HANDLER, room=room)) == UNDONE


def test_what_is_not_finished_or_was_a_note_or_an_undo_is_not_taken_back(room, stopped):
    fresh = tried(room, [GOOD])
    undo = actions.undo(stopped.id, officer=HANDLER, room=room)
    noted = done(room, [GOOD], Order(act=Act.NOTE, remark="Reeks."))

    for batch, why in ((fresh, "batch_not_done"), (undo, "batch_stays"), (noted, "batch_stays")):
        with pytest.raises(Conflict, match=why):
            actions.undo(batch.id, officer=HANDLER, room=room)


def test_a_note_is_made_for_many_and_nobody_hears_of_it(room):
    ended = done(room, [GOOD, READ], Order(act=Act.NOTE, remark="KWARTEL-7F3"))

    assert (ended.counts.done, ended.counts.mail, ended.counts.offline, ended.counts.survey) == (2, 0, 0, 0)
    assert room.reports.get(GOOD).timeline[-1].remark == "KWARTEL-7F3"
    assert room.reports.get(GOOD).timeline[-1].batch == ended.id


def test_an_act_of_many_stands_in_each_report_with_its_list(room):
    ended = done(room, [GOOD], STOP)

    assert room.reports.get(GOOD).timeline[-1].batch == ended.id
