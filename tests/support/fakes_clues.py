"""Clues in memory; passes the contract tests of the real store (tests/contract/test_clues_store.py)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from chalicelib.clues.sorts import ClueSort
from chalicelib.clues.store import AT_A_LOOK
from chalicelib.clues.traces import BankTold, FoundThing, Lying, SharedValue, Trace
from chalicelib.core.clock import Clock


class FakeClues:
    """Clues in dictionaries. `looks` counts the reads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.traces: set[Trace] = set()
        self._shared: dict[str, SharedValue] = {}
        self._found: dict[tuple[str, str, str], FoundThing] = {}
        self._banks: dict[str, BankTold] = {}
        self._compared: dict[tuple[ClueSort, date], datetime] = {}
        self.looks = 0

    def write(self, add: Iterable[Trace], remove: Iterable[Trace]) -> None:
        add, remove = list(add), list(remove)
        taken = {_key(one) for one in (*add, *remove)}
        self.traces = {one for one in self.traces if _key(one) not in taken} | set(add)

    def look(self, clue: str) -> Lying:
        self.looks += 1
        now = self._clock.now()
        shared = self._shared.get(clue)
        found = tuple(one for key, one in sorted(self._found.items()) if key[0] == clue and one.until > now)
        bank = self._banks.get(clue)
        traces = sorted(self._on(clue), key=lambda one: (one.unit, one.filed_at, one.reference))
        marks = bool(shared) + bool(bank) + len(found)
        return Lying(
            shared if shared and shared.until > now else None,
            found,
            bank if bank and bank.until > now else None,
            tuple(traces[: AT_A_LOOK - marks]),
            is_whole=marks + len(traces) < AT_A_LOOK,
        )

    def of_unit(self, clue: str, unit: str, *, most: int) -> Sequence[Trace]:
        self.looks += 1
        own = [one for one in self._on(clue) if one.unit == unit]
        return tuple(sorted(own, key=lambda one: (one.filed_at, one.reference), reverse=True)[:most])

    def all_of(self, clue: str, *, most: int) -> Sequence[Trace]:
        self.looks += 1
        return tuple(sorted(self._on(clue), key=lambda one: (one.unit, one.filed_at, one.reference))[:most])

    def put(self, one: SharedValue | FoundThing) -> None:
        if isinstance(one, SharedValue):
            self._shared[one.clue] = one
        else:
            self._found[one.clue, one.unit, one.number] = one

    def note_bank(self, told: BankTold) -> bool:
        known = self._banks.get(told.clue)
        if known and known.until > self._clock.now():
            return False
        self._banks[told.clue] = told
        return True

    def settle_bank(self, told: BankTold) -> None:
        self._banks[told.clue] = replace(told, raised=True)

    def unlist(self, clue: str) -> None:
        self._shared.pop(clue, None)

    def shared(self) -> Iterator[SharedValue]:
        return (one for one in self._shared.values() if one.until > self._clock.now())

    def found_of(self, unit: str) -> Iterator[FoundThing]:
        return (one for one in self._found.values() if one.unit == unit and one.until > self._clock.now())

    def banks(self) -> Iterator[BankTold]:
        return (one for one in self._banks.values() if one.until > self._clock.now())

    def note_compared(self, sort: ClueSort, on: date, until: datetime) -> None:
        self._compared[sort, on] = until

    def compared(self, sort: ClueSort, since: date) -> Sequence[date]:
        now = self._clock.now()
        return tuple(sorted(on for (of, on), until in self._compared.items() if of is sort and on >= since and until > now))

    def _on(self, clue: str) -> Iterator[Trace]:
        return (one for one in self.traces if one.clue == clue and one.until > self._clock.now())


def _key(one: Trace) -> tuple[object, ...]:
    return one.clue, one.unit, one.filed_at, one.reference
