"""The promises of every queue of turns: the same test bodies on the table (moto) and on the fake."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.errors import Unavailable
from chalicelib.letters.rate_limiter import TurnStore
from tests.support.fakes_letters import FakeTurns
from tests.support.samples import NOON

SECOND, PATIENCE = timedelta(seconds=1), timedelta(seconds=5)


@pytest.fixture(params=["table", "fake"])
def turns(request, settings):
    if request.param == "fake":
        return FakeTurns()
    request.getfixturevalue("aws")
    return TurnStore(settings)


def test_nobody_joins_a_queue_that_nobody_started(turns):
    assert turns.join(NOON, SECOND, PATIENCE) is None


def test_who_comes_first_has_the_turn_and_the_next_ones_follow_each_at_its_distance(turns):
    assert turns.start(NOON, SECOND)

    assert turns.join(NOON, 2 * SECOND, PATIENCE) == NOON + SECOND
    assert turns.join(NOON, SECOND, PATIENCE) == NOON + 3 * SECOND
    assert turns.join(NOON, SECOND, PATIENCE) == NOON + 4 * SECOND


def test_a_queue_is_started_again_only_when_its_last_turn_has_passed(turns):
    turns.start(NOON, SECOND)

    assert not turns.start(NOON, SECOND)
    assert not turns.start(NOON + SECOND, SECOND)
    assert turns.start(NOON + 1.5 * SECOND, SECOND)
    assert turns.join(NOON + 1.5 * SECOND, SECOND, PATIENCE) == NOON + 2.5 * SECOND


def test_a_turn_that_has_passed_is_nobodys(turns):
    turns.start(NOON, SECOND)

    assert turns.join(NOON + timedelta(microseconds=1_000_001), SECOND, PATIENCE) is None


def test_nobody_joins_a_queue_that_is_too_long(turns):
    turns.start(NOON, 6 * SECOND)

    assert turns.join(NOON, SECOND, PATIENCE) is None
    assert turns.join(NOON + SECOND, SECOND, PATIENCE) == NOON + 6 * SECOND


def test_a_table_that_does_not_answer_is_unavailable(aws, settings):
    turns = TurnStore(replace(settings, table_prefix="no-such-"))

    with pytest.raises(Unavailable):
        turns.start(NOON, SECOND)
    with pytest.raises(Unavailable):
        turns.join(NOON, SECOND, PATIENCE)


def test_the_queue_is_one_item_without_anything_of_anybody(aws, settings):
    turns = TurnStore(settings)
    turns.start(NOON, SECOND)
    turns.join(NOON, SECOND, PATIENCE)

    [item] = aws.items("limits")
    assert set(item) == {"id", "next_turn", "expires_at"}
