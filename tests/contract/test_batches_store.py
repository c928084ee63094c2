"""The promises of every store of batches: on the table (moto) and on the fake."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.bulk.model import Act, Batch, Order, Outcome, Phase, Row, Telling, Verdict
from chalicelib.bulk.store import KEPT, BatchStore
from chalicelib.core import ids
from chalicelib.core.errors import Conflict, Invalid
from chalicelib.reports.statuses import Status
from tests.support.fakes_bulk import FakeBatches
from tests.support.samples import HANDLER, NOON, SUPERVISOR

ID = "B-K7MD-PR3W-9XCV"
WILL = Verdict(outcome=Outcome.DONE, status="registered", telling=Telling.MAIL, survey=True)
CANNOT = Verdict(outcome=Outcome.REFUSED, why="transition_not_allowed", status="closed", unsaid="")
ORDER = Order(act=Act.STATUS, status=Status.CLOSED, explanation="Klaar.", remark="Reeks.")


@pytest.fixture(params=["table", "fake"])
def batches(request, settings, clock):
    if request.param == "fake":
        return FakeBatches(clock)
    request.getfixturevalue("aws")
    return BatchStore(settings, clock)


def a_batch(count: int = 60, **facts) -> Batch:
    rows = tuple(Row(reference=ids.reference(f"row {number:030}".encode())) for number in range(count))
    return Batch(**{"id": ID, "maker": HANDLER, "made_at": NOON, "rows": rows, **facts})


def tried(batches, batch, verdict=WILL):
    before = batches.save(batch, batch.retried())
    rows = [replace(row, version=3, forecast=verdict) for row in batch.rows]
    for number in range(len(before.chunks)):
        batches.try_chunk(before, number + 1, rows[25 * number : 25 * number + 25])
    return batches.save(before, before.tried(ORDER, rows))


def running(batches, batch):
    trial = tried(batches, batch)
    return batches.save(trial, replace(trial, phase=Phase.RUNNING, by=SUPERVISOR, confirmed_at=NOON, edition=trial.edition + 1))


def test_a_batch_comes_back_as_it_was_made_and_as_it_was_tried_and_confirmed(batches):
    batch = batches.add(a_batch())
    assert batches.get(ID) == batch

    trial = tried(batches, batch)
    assert batches.get(ID) == trial
    assert trial.fingerprint == batches.get(ID).fingerprint

    undone = replace(running(batches, batches.add(a_batch(id="B-CCCC-CCCC-CCCC"))), of=ID, undone_by=ID)
    assert batches.save(replace(undone, of="", undone_by=""), replace(undone, edition=undone.edition + 1)).of == ID
    assert batches.get(undone.id).undone_by == ID


def test_a_batch_that_is_made_twice_is_the_first(batches):
    first = batches.add(a_batch())

    assert batches.add(a_batch(count=2)) == first


def test_a_batch_that_nobody_made_is_none(batches):
    assert batches.get(ID) is None


def test_a_batch_is_forgotten_when_its_term_is_over(batches, clock):
    batches.add(a_batch())

    clock.advance(KEPT + timedelta(seconds=2))

    assert batches.get(ID) is None


def test_of_two_who_move_a_batch_at_once_the_second_hears_of_it(batches):
    batch = batches.add(a_batch())
    batches.save(batch, batch.retried())

    with pytest.raises(Conflict, match="batch_changed"):
        batches.save(batch, replace(batch.retried(), maker=SUPERVISOR))


def test_a_write_whose_answer_was_lost_is_known_again(batches):
    batch = batches.add(a_batch())

    assert batches.save(batch, batch.retried()) == batches.save(batch, batch.retried())


def test_an_older_trial_writes_nothing_over_a_newer_one(batches):
    batch = batches.add(a_batch())
    older = batches.save(batch, batch.retried())
    newer = tried(batches, older)

    batches.try_chunk(older, 1, [replace(row, forecast=CANNOT) for row in older.chunks[0]])

    assert batches.get(ID) == newer


def test_how_a_chunk_ended_is_written_once_and_each_chunk_by_itself(batches):
    batch = running(batches, batches.add(a_batch()))
    ended = [replace(row, result=CANNOT) for row in batch.chunks[1]]

    assert batches.end_chunk(batch, 2, ended)
    assert not batches.end_chunk(batch, 2, [replace(row, result=WILL) for row in batch.chunks[1]])

    assert [row.result for row in batches.get(ID).rows] == [None] * 25 + [CANNOT] * 25 + [None] * 10
    assert not batches.end_chunk(replace(batch, trial=7), 1, [replace(row, result=WILL) for row in batch.chunks[0]])


def test_a_chunk_of_which_a_part_has_ended_is_ended_later(batches):
    batch = running(batches, batches.add(a_batch(count=2)))
    half = (replace(batch.rows[0], result=WILL), batch.rows[1])

    assert batches.end_chunk(batch, 1, half)
    assert batches.end_chunk(batches.get(ID), 1, [replace(row, result=WILL) for row in half])

    assert batches.get(ID).ended == 2


def test_an_officers_batches_are_listed_the_newest_first_in_pages(batches):
    made = [
        batches.add(a_batch(id=f"B-{ids.reference(f'batch {number:030}'.encode())}", made_at=NOON + timedelta(minutes=number)))
        for number in range(25)
    ]
    batches.add(a_batch(maker=SUPERVISOR))

    first = batches.of_officer(HANDLER.id)
    second = batches.of_officer(HANDLER.id, cursor=first.next_cursor)

    assert [line.id for line in (*first.lines, *second.lines)] == [batch.id for batch in reversed(made)]
    assert (len(first.lines), second.next_cursor) == (20, "")
    assert (first.lines[0].size, first.lines[0].phase) == (60, Phase.CHOSEN)


def test_a_cursor_that_no_page_gave_is_refused(settings, clock, aws):
    with pytest.raises(Invalid):
        BatchStore(settings, clock).of_officer(HANDLER.id, cursor="B-2")


def test_what_is_to_be_done_is_found_the_oldest_first(batches):
    large = tried(batches, batches.add(a_batch()))
    tried(batches, batches.add(a_batch(count=3, id="B-CCCC-CCCC-CCCC")))
    later = running(batches, batches.add(a_batch(count=3, id="B-FFFF-FFFF-FFFF", made_at=NOON + timedelta(days=1))))
    sooner = running(batches, batches.add(a_batch(count=3, id="B-GGGG-GGGG-GGGG")))

    assert list(batches.to_confirm()) == [large.id]
    assert list(batches.running()) == [sooner.id, later.id]

    batches.save(sooner, replace(sooner, phase=Phase.DONE, edition=sooner.edition + 1))
    assert list(batches.running()) == [later.id]
