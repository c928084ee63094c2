"""The promises of the feed: one order, nothing changes behind a cursor, and a reader who asks again and again misses nothing."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from chalicelib.core.clock import MovableClock
from chalicelib.core.errors import Gone, Invalid, Unavailable
from chalicelib.feed.model import FULL, HELD_BACK, Cursor, Entry
from chalicelib.feed.store import ChangesItem, FeedStore
from chalicelib.reports.statuses import Status
from tests.support.samples import NOON

UNIT = "Noord-Nederland"


def entry(number, clock, reference="K7MD-PR3W-9XCV"):
    return Entry(reference, number, Status.CHECKED, clock.now(), clock.now())


class Busy(FeedStore):
    """A feed to which somebody else does something right before each of the next writes."""

    def __init__(self, settings, clock):
        super().__init__(settings, clock)
        self.rivals = []

    def _put(self, unit, page, entries):
        if self.rivals:
            self.rivals.pop(0)()
        return super()._put(unit, page, entries)

    def _open_next(self, unit, head):
        if self.rivals:
            self.rivals.pop(0)()
        super()._open_next(unit, head)


@pytest.fixture
def feed(aws, settings, clock):
    return Busy(settings, clock)


class Standing:
    """It is always noon."""

    def now(self):
        return NOON


class Reader:
    """A program that keeps its cursor and asks again and again."""

    def __init__(self, feed):
        self._feed, self.cursor, self.told = feed, "", []

    def ask(self):
        told = self._feed.after(UNIT, self.cursor)
        self.cursor = told.next_cursor
        self.told += [one.id for one in told.entries]
        return len(told.entries)


def test_a_reader_gets_each_entry_once_in_order_and_then_nothing(feed, clock):
    reader = Reader(feed)
    for number in range(1, 2 * FULL + 8):
        feed.append(UNIT, [entry(number, clock)])
    clock.advance(HELD_BACK)

    while reader.ask():
        pass

    assert reader.told == [f"K7MD-PR3W-9XCV-{number}" for number in range(1, 2 * FULL + 8)]
    assert reader.ask() == 0


def test_an_entry_that_comes_again_stands_there_once(feed, clock):
    twice = [entry(1, clock), entry(2, clock)]
    for _ in range(2):
        feed.append(UNIT, twice)
    clock.advance(HELD_BACK)

    assert [one.number for one in feed.after(UNIT, "").entries] == [1, 2]


def test_nothing_is_told_before_its_time_nor_what_stands_behind_it(feed, clock):
    feed.append(UNIT, [entry(1, clock)])
    clock.advance(HELD_BACK - timedelta(seconds=1))
    feed.append(UNIT, [entry(2, clock)])

    assert feed.after(UNIT, "").entries == ()
    clock.advance(timedelta(seconds=1))
    told = feed.after(UNIT, "")
    assert [one.number for one in told.entries] == [1]
    assert feed.after(UNIT, told.next_cursor).entries == ()


def test_what_is_withdrawn_in_time_is_told_to_nobody(feed, clock):
    for number in (1, 2, 3):
        feed.append(UNIT, [entry(number, clock)])

    assert [feed.withdraw(UNIT, "K7MD-PR3W-9XCV-2") for _ in range(2)] == [True, True]
    clock.advance(HELD_BACK)

    assert [one.number for one in feed.after(UNIT, "").entries] == [1, 3]
    assert feed.withdraw(UNIT, "K7MD-PR3W-9XCV-3") is False, "it may have been told"
    assert feed.withdraw(UNIT, "K7MD-PR3W-9XCV-9") is False


def test_a_withdrawal_is_not_lost_to_an_entry_that_comes_at_the_same_moment(feed, clock, settings):
    feed.append(UNIT, [entry(1, clock)])
    feed.rivals = [lambda: FeedStore(settings, clock).withdraw(UNIT, "K7MD-PR3W-9XCV-1")]

    feed.append(UNIT, [entry(2, clock)])
    clock.advance(HELD_BACK)

    assert [one.number for one in feed.after(UNIT, "").entries] == [2]


def test_a_slow_writer_never_writes_behind_a_reader_who_went_on(feed, clock, settings):
    """It saw a page with room; meanwhile that was filled, closed, and read to its end."""
    other, reader = FeedStore(settings, clock), Reader(feed)
    feed.append(UNIT, [entry(1, clock)])

    def fills_and_reads():
        for number in range(2, FULL + 4):
            other.append(UNIT, [entry(number, clock)])
        clock.advance(HELD_BACK)
        while reader.ask():
            pass

    feed.rivals = [fills_and_reads]
    feed.append(UNIT, [entry(999, clock)])
    clock.advance(HELD_BACK)
    while reader.ask():
        pass

    assert Counter(reader.told) == Counter(f"K7MD-PR3W-9XCV-{number}" for number in (*range(1, FULL + 4), 999))


def test_a_writer_that_died_after_it_closed_a_page_stops_nobody(feed, clock):
    for number in range(1, FULL + 1):
        feed.append(UNIT, [entry(number, clock)])
    feed._model(UNIT, 1).update([ChangesItem.is_closed.set(True)])

    feed.append(UNIT, [entry(FULL + 1, clock)])
    clock.advance(HELD_BACK)

    assert len(feed.after(UNIT, "").entries) == FULL + 1


def test_a_unit_that_was_quiet_for_long_goes_on_where_it_was(feed, clock, aws):
    feed.append(UNIT, [entry(1, clock)])
    clock.advance(HELD_BACK)
    first = feed.after(UNIT, "")
    clock.advance(timedelta(days=20))
    feed.append(UNIT, [entry(2, clock)])
    clock.advance(HELD_BACK)

    second = feed.after(UNIT, first.next_cursor)
    assert [one.number for one in second.entries] == [2]
    aws.client("dynamodb").delete_item(TableName="test-changes", Key={"unit": {"S": UNIT}, "page": {"N": "1"}})  # its time came
    with pytest.raises(Gone):
        feed.after(UNIT, first.next_cursor)
    assert [one.number for one in feed.after(UNIT, "").entries] == [2]


def test_who_is_always_second_says_so(feed, clock, settings):
    other = FeedStore(settings, clock)
    feed.rivals = [lambda number=number: other.append(UNIT, [entry(number, clock)]) for number in range(20)]

    with pytest.raises(Unavailable):
        feed.append(UNIT, [entry(999, clock)])


def test_the_feeds_of_two_units_are_apart(feed, clock):
    feed.append("Amsterdam", [entry(1, clock)])
    clock.advance(HELD_BACK)

    assert feed.after(UNIT, "").entries == ()


@pytest.mark.parametrize("cursor", ["x", "1", "1-", "-1-2", "1-2-3", "1" * 13 + "-1", "1-2\n", "¹-²"])
def test_a_cursor_that_no_answer_gave_is_refused(feed, cursor):
    with pytest.raises(Invalid):
        feed.after(UNIT, cursor)


def test_a_cursor_is_what_it_spells():
    assert str(Cursor.parse("12-37")) == "12-37"
    assert Cursor.parse("") == Cursor()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(1, 20)),
        st.tuples(st.just("between"), st.integers(1, 20)),
        st.tuples(st.just("again"), st.integers(1, 20)),
        st.tuples(st.just("ask"), st.just(1)),
        st.tuples(st.just("wait"), st.integers(0, 30 * 60)),
        st.tuples(st.just("withdraw"), st.integers(1, 30)),
    ),
    max_size=40,
)


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(steps=STEPS)
def test_whatever_is_written_in_between_a_reader_misses_nothing_and_is_told_nothing_that_was_withdrawn(aws, settings, steps):
    aws.empty()
    clock = MovableClock(Standing())
    feed, other = Busy(settings, clock), FeedStore(settings, clock)
    reader, written, withdrawn, number = Reader(feed), [], set(), 0
    for what, much in steps:
        fresh = [entry(number + one, clock) for one in range(1, much + 1)]
        if what in ("write", "between"):
            number += much
            written += [one.id for one in fresh]
            if what == "between":  # a reader and another writer come right before the write
                number += 1
                rival = entry(number, clock)
                written.append(rival.id)
                feed.rivals = [lambda rival=rival: (other.append(UNIT, [rival]), reader.ask())]
            feed.append(UNIT, fresh)
        elif what == "again" and written:
            last = int(written[-1].rpartition("-")[2])
            feed.append(UNIT, [entry(last, clock)])
        elif what == "ask":
            reader.ask()
        elif what == "wait":
            clock.advance(timedelta(seconds=much))
        elif what == "withdraw" and len(written) >= much and feed.withdraw(UNIT, written[-much]):
            withdrawn.add(written[-much])
    clock.advance(HELD_BACK)
    while reader.ask():
        pass

    assert set(reader.told) == set(written) - withdrawn
