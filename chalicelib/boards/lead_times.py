"""How long open reports stand where they stand: per status and kind of crime, the median and the longest. Pure.

One population, said with its number: the open reports of a unit at the moment of counting. Of fewer than ten nothing is said but
that they are few: neither a median of three tells anything, nor is anybody's single case a figure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Protocol

from chalicelib.reports.statuses import Status

LEAST = 10


class Standing(Protocol):
    """The facts of a line that are counted."""

    @property
    def place(self) -> str: ...
    @property
    def status(self) -> Status: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class LeadTime:
    """The whole days that `n` reports stand in a status: the median and the longest, None of fewer than LEAST."""

    n: int
    median: float | None = None
    longest: int | None = None


LeadTimes = Mapping[Status, Mapping[str, LeadTime]]


def lead_times(lines: Iterable[Standing], now: datetime) -> LeadTimes:
    """Return how long reports stand, by their status and kind."""
    days: dict[Status, dict[str, list[int]]] = {}
    for line in lines:
        days.setdefault(line.status, {}).setdefault(line.kind, []).append((now - since(line.place)).days)
    return {status: {kind: _of(found) for kind, found in kinds.items()} for status, kinds in days.items()}


def since(place: str) -> datetime:
    """Return since when an open report stands where it stands, as its place spells it (reports/queue.py)."""
    return datetime.strptime(place.split("-")[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)


def _of(days: list[int]) -> LeadTime:
    return LeadTime(len(days)) if len(days) < LEAST else LeadTime(len(days), float(median(days)), max(days))
