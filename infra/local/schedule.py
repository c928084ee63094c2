"""The schedules of app.py, on the stage's clock: moving the clock makes them due."""

import logging
import re
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.core.clock import Clock, iso
from infra.local.cloud import ACCOUNT, REGION
from infra.local.ending import ended

Handler = Callable[[dict[str, Any]], Any]

_RATE = re.compile(r"rate\((?P<value>[1-9][0-9]*) (?P<unit>minute|hour|day)s?\)")
_LOOK_EVERY_S = 1.0
_MINUTE = timedelta(seconds=2)  # how long `rate(1 minute)` is here: whoever looks into the tray waits for no minute
_logger = logging.getLogger("mijn_politie.local")


@dataclass(slots=True)
class Schedule:
    """One rule: a handler, and when it is due next."""

    name: str
    expression: str
    handler: Handler
    next_at: datetime
    last_at: datetime | None = None
    runs: int = 0
    last_error: str = ""


class Schedules:
    """Runs what is due, one at a time. `start` lets a thread look every second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turn = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedules", daemon=True)
        self._schedules: list[Schedule] = []

    def add(self, name: str, expression: str, handler: Handler) -> None:
        """Add a rule; it is due for the first time after one period. Raises ValueError for anything but a rate."""
        self._schedules.append(Schedule(name, expression, handler, self._clock.now() + period(expression)))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        ended(self._thread)

    def run_due(self) -> list[str]:
        """Run every rule that is due, once however long it has been, and return their names."""
        with self._turn:
            now = self._clock.now()
            due = [schedule for schedule in self._schedules if schedule.next_at <= now]
            for schedule in due:
                _invoke(schedule, now)
            return [schedule.name for schedule in due]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Run nothing meanwhile."""
        with self._turn:
            yield

    def kept(self) -> dict[str, str]:
        """Return when each rule is due next, for a stage that goes on later."""
        return {schedule.name: schedule.next_at.isoformat() for schedule in self._schedules}

    def put_back(self, kept: Mapping[str, str]) -> None:
        for schedule in self._schedules:
            if schedule.name in kept:
                schedule.next_at = datetime.fromisoformat(kept[schedule.name])

    def state(self) -> list[dict[str, Any]]:
        """Return what the state page shows."""
        return [
            {
                "name": schedule.name,
                "expression": schedule.expression,
                "runs": schedule.runs,
                "last_at": iso(schedule.last_at) if schedule.last_at else None,
                "next_at": iso(schedule.next_at),
                "last_error": schedule.last_error,
            }
            for schedule in self._schedules
        ]

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK_EVERY_S):
            self.run_due()


def period(expression: str) -> timedelta:
    """Return the time between two runs of `rate(1 hour)`. Raises ValueError: the local stage reads no cron expressions."""
    match = _RATE.fullmatch(expression)
    if match is None:
        raise ValueError(f"the local stage runs rate(…) schedules only, not {expression}")
    every = timedelta(**{f"{match['unit']}s": int(match["value"])})
    return _MINUTE if every == timedelta(minutes=1) else every


def _invoke(schedule: Schedule, now: datetime) -> None:
    every = period(schedule.expression)
    schedule.next_at += every * ((now - schedule.next_at) // every + 1)
    schedule.last_at, schedule.last_error = now, ""
    schedule.runs += 1
    try:
        schedule.handler(scheduled_event(schedule.name, now))
    except Exception as error:  # a rule that fails must not stop the others; EventBridge goes on too
        _logger.warning("schedule %s failed", schedule.name, exc_info=True)
        schedule.last_error = f"{type(error).__name__}: {error}"


def scheduled_event(name: str, at: datetime) -> dict[str, Any]:
    """Return the event of an EventBridge rule (tests/events/eventbridge-scheduled-event.json)."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": iso(at),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{name}"],
        "detail": {},
    }
