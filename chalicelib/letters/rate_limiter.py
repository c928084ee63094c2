"""Not faster than SES allows, however many functions send at once: each mail has a turn of its own, one interval after another.

One item holds when the next turn is. A function that wants to send moves it on by an interval in one conditional write, waits
for the turn it got, and sends then or not at all: a turn that was missed is forfeited, never caught up with. The interval is a
little longer than the rate allows, by as much as clocks may differ and a turn may be taken late; so no second ever holds more
mails than the rate (ADR-0023).
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core.clock import Clock
from chalicelib.core.errors import Unavailable
from chalicelib.core.limits import LimitItem
from chalicelib.core.settings import Settings
from chalicelib.core.tables import bind, expiry, wrote
from chalicelib.letters.mailer import Throttled

SKEW = timedelta(milliseconds=5)  # that a clock may be off; those of Lambda are kept within one
LATE = timedelta(milliseconds=35)  # that a turn may be taken after its time: a slow write, a function short of CPU
PATIENCE = timedelta(seconds=5)  # that a mail waits for its turn before it is put off
BLOCK = timedelta(milliseconds=250)  # that turns are taken ahead, by who uses each of them
_TRIES = 4
_MOST_AHEAD = timedelta(seconds=1)  # that a new queue begins after its first write


class Turns(Protocol):
    """The one queue of turns of all functions. Both raise core.errors.Unavailable when the outcome is not known."""

    def join(self, now: datetime, by: timedelta, patience: timedelta) -> datetime | None:
        """Move the next turn on by `by`; return when it was. None when it has passed, or is further off than `patience`."""
        ...

    def start(self, now: datetime, by: timedelta) -> bool:
        """Let the next turn be now, and the one after it `by` later. False when the next turn has not passed yet."""
        ...


@dataclass(slots=True)
class Pacer:
    """Hands out the turns of one process. `rate` is in mails a second."""

    turns: Turns
    rate: int
    clock: Clock
    sleep: Callable[[float], None]
    _held: list[datetime] = field(default_factory=list)
    _is_queue: bool = False  # whether the last turn was still to come when it was taken
    _sent: datetime | None = None
    _lead: timedelta = timedelta()  # how long the write itself takes, if that is long: a turn at once would be missed
    _lock: threading.Lock = field(default_factory=threading.Lock)  # on a laptop, threads of one process send

    @property
    def interval(self) -> timedelta:
        """The time between two turns: in a second and the most by which two turns can move together there are `rate` of them."""
        return (timedelta(seconds=1) + 2 * SKEW + LATE) / self.rate + timedelta.resolution

    def wait(self) -> None:
        """Return when it is this mail's turn. Raises Throttled when that would take too long."""
        if not any(self.is_in_time() for _ in range(_TRIES)):
            raise Throttled("turns_missed")

    def is_in_time(self) -> bool:
        """Take a turn and sleep until it comes; False when it was missed. Raises Throttled when it is too far off."""
        with self._lock:
            turn = self._turn()
        ahead = turn - self.clock.now()
        if ahead > timedelta():
            self.sleep(ahead.total_seconds())
        woke = self.clock.now()
        is_in_time = woke - turn <= LATE
        self._sent = woke if is_in_time else None
        return is_in_time

    def _turn(self) -> datetime:
        """Return a turn that was taken ahead, if there is one in time; else take turns."""
        now = self.clock.now()
        while self._held:
            if (turn := self._held.pop(0)) >= now - LATE:
                return turn
        first, *self._held = self._taken(now, self._wanted(now))
        return first

    def _wanted(self, now: datetime) -> int:
        """Return how many turns to take: more than one only for who is back for each in time."""
        is_fast = self._sent is not None and now - self._sent < self.interval / 2
        return max(1, BLOCK // self.interval) if is_fast else 1

    def _taken(self, now: datetime, count: int) -> list[datetime]:
        by = self.interval * count
        for _ in range(_TRIES):
            first = self._joined(now, by) if self._is_queue else self._started(now, by)
            if first is not None:
                self._is_queue = first > now
                return [first + self.interval * number for number in range(count)]
            self._is_queue = not self._is_queue
        raise Throttled("no_turn")

    def _started(self, now: datetime, by: timedelta) -> datetime | None:
        at = now + self._lead
        is_begun = self.turns.start(at, by)
        took = self.clock.now() - now
        self._lead = min(max(took, self._lead * 15 / 16), _MOST_AHEAD) if took > LATE / 2 else timedelta()
        return at if is_begun else None

    def _joined(self, now: datetime, by: timedelta) -> datetime | None:
        return self.turns.join(now, by, PATIENCE)


ID = "mail-turns"
_KEPT = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class TurnStore:
    """The queue of turns in DynamoDB: one item of the limits table, which says when the next turn is.

    The item's id is no digest, so it can be nobody's window of tries.
    """

    def __init__(self, settings: Settings) -> None:
        self._model = bind(LimitItem, "limits", settings)

    def join(self, now: datetime, by: timedelta, patience: timedelta) -> datetime | None:
        ahead = LimitItem.next_turn.between(_ticks(now), _ticks(now + patience))
        item = self._updated(LimitItem.next_turn.set(LimitItem.next_turn + _span(by)), ahead, now)
        return _EPOCH + _TICK * item.next_turn - by if item else None

    def start(self, now: datetime, by: timedelta) -> bool:
        passed = LimitItem.next_turn.does_not_exist() | (LimitItem.next_turn < _ticks(now))
        return self._updated(LimitItem.next_turn.set(_ticks(now + by)), passed, now) is not None

    def _updated(self, action: Action, condition: Condition, now: datetime) -> LimitItem | None:
        """Return the item after the write, None when its condition did not hold."""
        item = self._model(ID)
        expires = LimitItem.expires_at.set(expiry(now + _KEPT))
        try:
            return item if wrote(item.update, [action, expires], condition) else None
        except PynamoDBException as error:
            raise Unavailable("turns") from error


def _ticks(at: datetime) -> int:
    return _span(at - _EPOCH)


def _span(length: timedelta) -> int:
    return length // _TICK
