"""The counts of one unit. Each number is that of a list: the same filter says what is in the list and what is counted. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chalicelib.boards.lead_times import LeadTimes, lead_times
from chalicelib.core.clock import day_of
from chalicelib.reports.events import Rank
from chalicelib.reports.filters import NOBODY, Filters, Listed
from chalicelib.reports.queue import Flag
from chalicelib.reports.statuses import Status


class Number(StrEnum):
    """The counts of a unit beside those per status and crime."""

    OPEN = "open"
    FREE = "free"
    OVERDUE = "overdue"
    URGENT = "urgent"
    FRESH = "fresh"
    UPDATE_ASKED = "update_asked"
    CONTESTED = "contested"
    TO_TELL = "to_tell"
    CALL_BACK = "call_back"
    TASK = "task"
    FROM_ELSEWHERE = "from_elsewhere"


FLAG_OF: Mapping[Number, Flag] = {  # the numbers of what asks for something beside its handling: decided reports count too
    Number.FRESH: Flag.FRESH,
    Number.UPDATE_ASKED: Flag.UPDATE_ASKED,
    Number.CONTESTED: Flag.CONTESTED,
    Number.TO_TELL: Flag.TO_TELL,
    Number.CALL_BACK: Flag.CALL_BACK,
    Number.TASK: Flag.TASK,
    Number.FROM_ELSEWHERE: Flag.FROM_ELSEWHERE,
}
_OF_OPEN: Mapping[Number, Callable[[date], Filters]] = {
    Number.OPEN: lambda _: Filters(),
    Number.FREE: lambda _: Filters(assignee=NOBODY),
    Number.OVERDUE: lambda today: Filters(due_before=today),
    Number.URGENT: lambda _: Filters(rank=Rank.URGENT),
}


def filters_of(number: Number, today: date) -> Filters:
    """Return which reports of a unit a number counts, on a day in Amsterdam."""
    return Filters(flag=FLAG_OF[number]) if number in FLAG_OF else _OF_OPEN[number](today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The work that lies at a unit, as it was counted at `counted_at`.

    `kinds` counts open reports per status and crime, `held` per assignee (an officer or a team), `held_overdue` those of them
    over term. `oldest_at` is when the report was filed that lies longest in a status.
    """

    unit: str
    counted_at: datetime
    numbers: Mapping[Number, int] = field(default_factory=dict)
    kinds: Mapping[Status, Mapping[str, int]] = field(default_factory=dict)
    oldest_at: Mapping[Status, datetime] = field(default_factory=dict)
    lead_times: LeadTimes = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    held_overdue: Mapping[str, int] = field(default_factory=dict)

    def of_status(self, status: Status) -> int:
        """Return how many open reports have this status."""
        return sum(self.kinds.get(status, {}).values())


def count(unit: str, opened: Iterable[Listed], asking: Iterable[Listed], *, at: datetime) -> Board:
    """Return the board of a unit: of its open reports, and of those that ask for something beside their handling."""
    today, opened = day_of(at), tuple(opened)
    of_open = {number: filters_of(number, today) for number in _OF_OPEN}
    of_asking = {number: filters_of(number, today) for number in FLAG_OF}
    numbers: Counter[Number] = Counter()
    kinds: dict[Status, Counter[str]] = {}
    oldest: dict[Status, datetime] = {}
    held: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    for line in opened:
        fitting = [number for number, filters in of_open.items() if filters.fits(line)]
        numbers.update(fitting)
        kinds.setdefault(line.status, Counter())[line.kind] += 1
        oldest[line.status] = min(oldest.get(line.status, line.filed_at), line.filed_at)
        if line.assignee:
            held[line.assignee] += 1
            overdue[line.assignee] += Number.OVERDUE in fitting
    for line in asking:
        numbers.update(number for number, filters in of_asking.items() if filters.fits(line))
    every = {number: numbers[number] for number in Number}
    return Board(
        unit=unit,
        counted_at=at,
        numbers=every,
        kinds=kinds,
        oldest_at=oldest,
        lead_times=lead_times(opened, at),
        held=dict(held),
        held_overdue=dict(+overdue),
    )
