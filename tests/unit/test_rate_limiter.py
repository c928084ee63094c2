"""However many functions send at once: no second ever holds more mails than SES allows, and a backlog goes as fast as it may."""

import heapq
import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.letters.mailer import Mail, Throttled
from chalicelib.letters.rate_limiter import LATE, PATIENCE, SKEW, Pacer
from tests.support.fakes_letters import FakeTurns
from tests.support.samples import NOON

SECOND = timedelta(seconds=1)
MAIL = Mail(letter_id="K7MD-PR3W-9XCV#1", to="sanne@example.org", subject="", text="", html="")
LETTERS = 100_000  # over all rates of the simulation together


@dataclass(order=True)
class Worker:
    """One function that sends: it has a clock of its own, which is off, and needs time for each mail."""

    time: float  # true seconds since noon
    number: int
    off: float = field(compare=False)
    busy: float = field(compare=False)
    chance: random.Random = field(compare=False)
    pacer: Pacer = field(compare=False, default=None)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.time + self.off)

    def sleep(self, seconds: float) -> None:
        """Sleep as machines do: a little longer, and now and then much longer."""
        self.time += seconds + (self.chance.uniform(0.02, 0.1) if self.chance.random() < 0.002 else self.chance.uniform(0, 0.001))

    def work(self) -> None:
        self.time += self.chance.lognormvariate(0, 0.3) * self.busy


def simulate(rate: int, letters: int, *, workers: int, busy: float, seed: int = 0, skew: timedelta = SKEW) -> list[float]:
    """Let workers send letters through the real pacer, and return the true times at which they handed them to SES."""
    chance, turns = random.Random(seed), FakeTurns()  # noqa: S311 — no secret: the same run every time
    off = skew.total_seconds()
    crowd = [Worker(chance.uniform(0, 0.5), n, chance.uniform(-off, off), busy, chance) for n in range(workers)]
    for worker in crowd:
        worker.pacer = Pacer(turns, rate, worker, worker.sleep)
    heapq.heapify(crowd)
    sent: list[float] = []
    while len(sent) < letters:
        worker = heapq.heappop(crowd)
        try:
            if worker.pacer.is_in_time():  # one try at a time: what others do meanwhile comes first
                sent.append(worker.time)
                worker.work()
        except Throttled:
            worker.time += 1  # put off, as the post does
        heapq.heappush(crowd, worker)
    return sorted(sent)


def fullest_second(sent: list[float]) -> int:
    """The most mails in any second, wherever it begins."""
    return max(bisect_left(sent, begins + 1) - number for number, begins in enumerate(sent))


def enough(rate: int, busy: float) -> int:
    return int(rate * busy * 1.5) + 2


RATES = [(1, 300), (2, 700), (5, 2_000), (14, 7_000), (50, 20_000), (200, 30_000), (500, 40_000)]


def test_the_simulation_sends_as_many_letters_as_it_says():
    assert sum(letters for _, letters in RATES) == LETTERS


@pytest.mark.parametrize(("rate", "letters"), RATES)
def test_a_backlog_goes_at_ninety_five_percent_of_the_rate_at_least_and_never_above_it(rate, letters):
    sent = simulate(rate, letters, workers=enough(rate, 0.08), busy=0.08, seed=rate)

    assert fullest_second(sent) <= rate
    assert (letters - 1) / (sent[-1] - sent[0]) >= 0.95 * rate


@settings(max_examples=60)
@given(
    rate=st.integers(1, 500),
    workers=st.integers(1, 120),
    busy=st.floats(0.0005, 0.5),
    seed=st.integers(0, 1_000),
)
def test_no_second_holds_more_than_the_rate_whatever_the_workers_are_like(rate, workers, busy, seed):
    sent = simulate(rate, 3 * rate, workers=workers, busy=busy, seed=seed)

    assert fullest_second(sent) <= rate


def test_without_the_margin_for_clocks_the_rate_would_be_passed():
    """The simulation finds what it is there to find: clocks that are further off than the margin."""
    fullest = max(fullest_second(simulate(50, 2_000, workers=20, busy=0.08, seed=n, skew=20 * SKEW)) for n in range(3))

    assert fullest > 50


class StepClock:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.at = NOON
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Iterator[StepClock]:
    return StepClock()


def pacer(clock, turns=None, rate=10):
    return Pacer(turns or FakeTurns(), rate, clock, clock.sleep)


def test_a_single_letter_waits_for_nothing_and_costs_one_write(clock):
    turns = FakeTurns()

    pacer(clock, turns).wait()

    assert (clock.slept, turns.writes) == ([], 1)


def test_who_sends_quickly_takes_turns_ahead_and_writes_less(clock):
    turns = FakeTurns()
    one = pacer(clock, turns, rate=100)

    for _ in range(100):
        one.wait()

    assert turns.writes <= 7
    assert clock.at - NOON >= 99 * one.interval


def test_a_missed_turn_is_forfeited_and_not_caught_up_with(clock):
    turns = FakeTurns()
    one = pacer(clock, turns)
    one.wait()
    one.sleep = lambda seconds: clock.sleep(seconds + 0.3)  # a machine that hangs: it wakes long after its turn

    one.wait()

    woke = NOON + one.interval + timedelta(seconds=0.3)
    assert clock.at == woke
    assert turns.next == woke + one.interval, "it took a turn that was not missed"


@pytest.mark.parametrize("milliseconds", [5, 15, 40, 120])
def test_a_table_that_answers_slowly_delays_a_letter_and_does_not_stop_it(clock, milliseconds):
    class SlowTurns(FakeTurns):
        def start(self, now, by):
            clock.sleep(milliseconds / 1000)
            return super().start(now, by)

        def join(self, now, by, patience):
            clock.sleep(milliseconds / 1000)
            return super().join(now, by, patience)

    slow = pacer(clock, SlowTurns())

    for _ in range(20):
        slow.wait()
        clock.sleep(3)


def test_turns_that_were_taken_ahead_and_passed_are_not_used(clock):
    turns = FakeTurns()
    one = pacer(clock, turns, rate=100)
    for _ in range(3):
        one.wait()
    clock.at += SECOND

    held = turns.next
    one.wait()

    assert turns.next > held
    assert clock.slept[-1] < 0.02


def test_a_queue_of_more_than_five_seconds_puts_the_letter_off(clock):
    turns = FakeTurns()
    turns.start(NOON, PATIENCE + SECOND)

    with pytest.raises(Throttled):
        pacer(clock, turns).wait()
    assert clock.slept == []


def test_the_interval_leaves_room_for_clocks_and_late_turns(clock):
    for rate in (1, 7, 14, 499, 500):
        assert pacer(clock, rate=rate).interval * rate >= SECOND + 2 * SKEW + LATE
