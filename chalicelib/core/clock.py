"""The one clock. Instants are aware UTC (`_at`); days on which people count are Europe/Amsterdam dates (`_on`)."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    """Tells the time; the local stage and the tests bring one that can be moved."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC, whole microseconds."""
        ...


class SystemClock:
    """The machine's clock. The only caller of `datetime.now`."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """The machine's clock plus a distance that can only grow: the local stage's and the tests' way to wait two weeks."""

    def __init__(self, base: Clock) -> None:
        self._base = base
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        return self._base.now() + self._ahead

    @property
    def ahead(self) -> timedelta:
        """How far this clock is ahead of the one below it."""
        return self._ahead

    def advance(self, by: timedelta) -> None:
        """Move forward by `by`. Raises ValueError for a step back: no handler is written for time that runs backwards."""
        if by < timedelta(0):
            raise ValueError("the clock only moves forward")
        self._ahead += by


def day_of(at: datetime) -> date:
    """Return the Amsterdam calendar day of an aware instant: 22:30 UTC in summer is already the next day."""
    return at.astimezone(AMSTERDAM).date()


def month_of(on: date) -> str:
    """Return the month of a day as tables and statistics name it: `2016-07`."""
    return on.isoformat()[:7]


def months(first: str, last: str) -> tuple[str, ...]:
    """Return the months from `first` to `last`, both with it; none when the last is before the first. Raises ValueError."""
    start, end = (_number_of_month(month) for month in (first, last))
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1))


def first_day(month: str) -> date:
    """Return the first day of a month (`2016-07`). Raises ValueError."""
    return date.fromisoformat(f"{month}-01")


def next_month(month: str) -> str:
    """Return the month after a month. Raises ValueError."""
    return month_of(first_day(month) + timedelta(days=31))


def _number_of_month(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number) - 1


def iso(at: datetime) -> str:
    """Render an aware instant as the API does: UTC, whole seconds, ending in Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def start_of_day(on: date) -> datetime:
    """Return the instant, in UTC, at which the Amsterdam day `on` begins."""
    return datetime(on.year, on.month, on.day, tzinfo=AMSTERDAM).astimezone(UTC)


def second_time(at: datetime) -> datetime:
    """Return the second instant at which clocks in Amsterdam show this time, when an hour comes twice; else `at` itself."""
    local = at.astimezone(AMSTERDAM)
    return local.replace(fold=1).astimezone(UTC)
