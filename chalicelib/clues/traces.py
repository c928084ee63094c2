"""The things that lie on a clue: reports, that its value is shared, things that were found, that a bank was told. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.clues.sorts import ClueSort


@dataclass(frozen=True, slots=True)
class Trace:
    """A report on a clue. `reporter` tells only whether two reports are of one person."""

    clue: str
    unit: str
    filed_at: datetime
    reference: str
    reporter: str
    until: datetime


@dataclass(frozen=True, slots=True)
class SharedValue:
    """A value that many have who have nothing else in common: why, until when, and by which officer it was put down."""

    clue: str
    sort: ClueSort
    value: str = field(repr=False)
    reason: str
    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class FoundThing:
    """A thing that was found. `number` is that of the list of found property, `unit` that of the officer (`by`) who put it in."""

    clue: str
    sort: ClueSort
    value: str = field(repr=False)
    unit: str
    number: str
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class BankTold:
    """The account was reported by a third person, in this report; `raised` when that is a task on it."""

    clue: str
    reference: str
    until: datetime
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Lying:
    """The first of all that lies on a clue. `is_whole` when it is all."""

    shared: SharedValue | None
    found: tuple[FoundThing, ...]
    bank: BankTold | None
    traces: tuple[Trace, ...]
    is_whole: bool
