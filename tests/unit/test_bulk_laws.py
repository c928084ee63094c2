"""The law of many reports at once: the trial says of a report what happens to it, whatever its state."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from chalicelib.bulk import actions
from chalicelib.bulk.model import Act, Order, Outcome, Telling
from chalicelib.core.clock import MovableClock
from chalicelib.reports.statuses import Status
from tests.conftest import StillClock
from tests.support.batches import ORDERS, a_room, any_done, done, tried
from tests.support.random_reports import drawn
from tests.support.samples import HANDLER


def ends_as_tried(seed: int) -> list[Outcome]:
    """Try and carry out one order over reports in drawn states; return how it ended, having compared each row."""
    chance, clock = random.Random(seed), MovableClock(StillClock())  # noqa: S311 — a draw to repeat
    room = a_room(clock)
    references = [room.reports.add(report).reference for report in drawn(chance, clock)]
    order = chance.choice(ORDERS)
    before = {one: room.reports.get(one) for one in references}

    ended = done(room, references, order) if any_done(room, references, order) else tried(room, references, order)

    for row in ended.rows:
        assert (row.result or row.forecast) == row.forecast, (seed, row)
        after = room.reports.get(row.reference)
        is_changed = row.result is not None and row.result.is_done
        assert after.version == before[row.reference].version + is_changed
        if is_changed and row.result.telling is Telling.MAIL:
            assert after.contact.usable
            assert after.contact.email
        if is_changed and row.result.telling is Telling.OFFLINE:
            assert after.to_contact_since is not None
    return [row.verdict.outcome for row in ended.rows]


@given(seed=some.integers(0, 10**9))
def test_what_was_tried_is_what_happens(seed):
    ends_as_tried(seed)


def test_the_states_that_are_drawn_are_of_every_sort():
    seen = [outcome for seed in range(60) for outcome in ends_as_tried(seed)]

    assert {Outcome.DONE, Outcome.REFUSED} == set(seen)
    clock = MovableClock(StillClock())
    lives = [drawn(random.Random(seed), clock) for seed in range(60)]  # noqa: S311 — a draw to repeat
    assert {report.status for life in lives for report in life} == set(Status)


@given(seed=some.integers(0, 10**9))
def test_what_changed_after_the_trial_drops_out_and_nothing_of_it_is_touched(seed):
    chance, clock = random.Random(seed), MovableClock(StillClock())  # noqa: S311 — a draw to repeat
    room = a_room(clock)
    references = [room.reports.add(report).reference for report in drawn(chance, clock)]
    batch = tried(room, references, Order(act=Act.NOTE, remark="Reeks."))
    changed = [one for one in references if chance.random() < 0.5]
    for one in changed:
        before = room.reports.get(one)
        room.reports.save(before, replace(before, version=before.version + 1))
    if batch.counts.done == 0:
        return

    ended = actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)

    for row in ended.rows:
        dropped = row.forecast.is_done and row.reference in changed
        assert row.result.outcome is (Outcome.DROPPED if dropped else row.forecast.outcome)
