"""Which reports of a list are wanted: one predicate for lists, for the counts beside them, and for taking the next. Pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.reports.events import Rank
from chalicelib.reports.queue import ASKS, Flag
from chalicelib.reports.statuses import DECISIONS, Status

_LOW, _HIGH = "0", "3"  # before and after every place (reports/queue.py)
OPEN: tuple[Status, ...] = tuple(status for status in Status if status not in DECISIONS)
NOBODY = ""


class Index(StrEnum):
    """The indexes that the lists of the desk are made of."""

    QUEUE = "queue"
    MINE = "mine"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class Run:
    """The reports under one key of an index whose places lie from `low` up to `high`, in that order."""

    index: Index
    key: str
    low: str = _LOW
    high: str = _HIGH

    def holds(self, line: "Listed") -> bool:
        """True for a report that stands in this run."""
        return _KEYS[self.index](line) == self.key and self.low <= line.place <= self.high


class Listed(Protocol):
    """The facts of a report that a filter looks at."""

    @property
    def place(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def status(self) -> Status: ...
    @property
    def kind(self) -> str: ...
    @property
    def municipality(self) -> str: ...
    @property
    def assignee(self) -> str: ...
    @property
    def flags(self) -> Collection[Flag]: ...
    @property
    def rank(self) -> Rank: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def filed_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The reports of a list that are wanted. An empty field asks nothing.

    `assignee` asks nothing when it is None; NOBODY asks for reports that nobody has. `due_before` asks for those whose last day
    for the next step lies before that day, `filed_since` and `filed_before` for those filed from and up to an instant.
    """

    units: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()
    kind: str = ""
    municipality: str = ""
    assignee: str | None = None
    flag: Flag | None = None
    rank: Rank | None = None
    due_before: date | None = None
    filed_since: datetime | None = None
    filed_before: datetime | None = None

    @property
    def narrow(self) -> bool:
        """True when many reports may have to be passed over before one is wanted; age since filing leaves out only the oldest."""
        asked = (self.statuses, self.kind, self.municipality, self.flag, self.rank, self.due_before, self.filed_before)
        return self.assignee is not None or any(asked)

    def fits(self, line: Listed) -> bool:
        """True for a report that is wanted."""
        return (
            (not self.units or line.unit in self.units)
            and (not self.statuses or line.status in self.statuses)
            and self.kind in ("", line.kind)
            and self.municipality in ("", line.municipality)
            and self.assignee in (None, line.assignee)
            and (self.flag is None or self.flag in line.flags)
            and self.rank in (None, line.rank)
            and (self.due_before is None or (line.due_on is not None and line.due_on < self.due_before))
            and (self.filed_since is None or line.filed_at >= self.filed_since)
            and (self.filed_before is None or line.filed_at < self.filed_before)
        )


EVERYTHING = Filters()
_KEYS: Mapping[Index, Callable[[Listed], str]] = {  # the key under which each index has a report; empty where it has it not
    Index.QUEUE: lambda line: f"{line.unit}#{line.status}",
    Index.MINE: lambda line: "" if line.status in DECISIONS else line.assignee,
    Index.ATTENTION: lambda line: line.unit if ASKS & set(line.flags) else "",
}
