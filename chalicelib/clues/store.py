"""The clues table: all that lies on one clue stands under its digest. Reports of a unit stand together, the newest first.

Beside the reports a clue may have: that it is a shared value, which links nobody; things that were found and bear it; that its
bank was told of. Their range keys begin with an exclamation mark, so that they come before every unit: one query finds the first
of everything. No value of a report stands here; those of shared values and found things do, in no key and no index.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Protocol

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.clues.sorts import ClueSort
from chalicelib.clues.traces import BankTold, FoundThing, Lying, SharedValue, Trace
from chalicelib.core.clock import Clock
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, expiry, wrote

GLANCE = 41  # rows of a clue at one look: as many as tell up to twenty of one's own, and up to twenty of others
_instant = InstantAttribute()


class Clues(Protocol):
    """The store of clues that the portal needs; what it returns has not expired."""

    def write(self, add: Iterable[Trace], remove: Iterable[Trace]) -> None:
        """Put some reports on clues, and take others off. Twice changes nothing."""
        ...

    def look(self, clue: str) -> Lying:
        """Return the first of all that lies on a clue, in one query."""
        ...

    def of_unit(self, clue: str, unit: str, *, most: int) -> Sequence[Trace]:
        """Return a unit's reports on a clue, the newest first, at most `most`."""
        ...

    def all_of(self, clue: str, *, most: int) -> Sequence[Trace]:
        """Return the reports on a clue of every unit, at most `most`."""
        ...

    def put(self, one: SharedValue | FoundThing) -> None:
        """Put down a shared value or a found thing, over what stands there of it."""
        ...

    def note_bank(self, told: BankTold) -> bool:
        """Note that the bank of an account is to be told; False when that was noted before."""
        ...

    def settle_bank(self, told: BankTold) -> None:
        """Note that the task to tell the bank lies on the report."""
        ...

    def unlist(self, clue: str) -> None:
        """Let a value link again."""
        ...

    def shared(self) -> Iterator[SharedValue]:
        """Return every shared value that an officer put down."""
        ...

    def found_of(self, unit: str) -> Iterator[FoundThing]:
        """Return the found things that officers of a unit put in, the newest list last."""
        ...

    def banks(self) -> Iterator[BankTold]:
        """Return every account that was reported a third time within a year."""
        ...

    def note_compared(self, sort: ClueSort, on: date, until: datetime) -> None:
        """Note that found things of a sort were compared on a day. Twice changes nothing."""
        ...

    def compared(self, sort: ClueSort, since: date) -> Sequence[date]:
        """Return the days from `since` on, the oldest first, on which found things of a sort were compared."""
        ...


class Listed(GlobalSecondaryIndex[Any]):
    """The things that are no reports, by list: shared values, found things of a unit, accounts. Keys alone: no value."""

    class Meta:
        index_name = "listed"
        projection = KeysOnlyProjection()

    list = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)


class ClueItem(Model):
    """One thing on one clue as DynamoDB keeps it."""

    clue = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    reporter = UnicodeAttribute(null=True)
    list = UnicodeAttribute(null=True)
    sort = UnicodeAttribute(null=True)
    value = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    reference = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()

    listed = Listed()


_SHARED, _BANK, _FOUND = "!shared", "!bank", "!found"
_RAISED = "raised"
_COMPARED = "!compared"  # no digest begins so: the days of a sort, of nobody's thing
_YEAR = 367  # days: a thing is looked for so long


class ClueStore:
    """Clues in DynamoDB."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._model, self._clock = bind(ClueItem, "clues", settings), clock

    def write(self, add: Iterable[Trace], remove: Iterable[Trace]) -> None:
        with self._model.batch_write() as batch:
            for trace in add:
                batch.save(self._of_trace(trace))
            for trace in remove:
                batch.delete(self._model(trace.clue, _place(trace)))

    def look(self, clue: str) -> Lying:
        items = [item for item in self._model.query(clue, limit=AT_A_LOOK, page_size=AT_A_LOOK) if self._is_there(item)]
        shared = [_shared_of(item) for item in items if item.place == _SHARED]
        bank = [_bank_of(item) for item in items if item.place == _BANK]
        traces = tuple(_trace_of(item) for item in items if not item.place.startswith("!"))
        return Lying(
            shared=shared[0] if shared else None,
            found=tuple(_found_of(item) for item in items if item.place.startswith(_FOUND)),
            bank=bank[0] if bank else None,
            traces=traces,
            is_whole=len(items) < AT_A_LOOK,
        )

    def of_unit(self, clue: str, unit: str, *, most: int) -> Sequence[Trace]:
        # An item that has expired and is not gone yet takes its place among the oldest: it may be read, and is not told.
        found = self._model.query(
            clue, ClueItem.place.startswith(f"{unit}#"), scan_index_forward=False, limit=most, page_size=most
        )
        return tuple(_trace_of(item) for item in found if self._is_there(item))

    def all_of(self, clue: str, *, most: int) -> Sequence[Trace]:
        found = self._model.query(clue, ClueItem.place > _AFTER_MARKS, limit=most, page_size=most)
        return tuple(_trace_of(item) for item in found if self._is_there(item))

    def put(self, one: SharedValue | FoundThing) -> None:
        if isinstance(one, SharedValue):
            place, listed, reason = _SHARED, _SHARED, one.reason
        else:
            place, listed, reason = f"{_FOUND}#{one.unit}#{one.number}", f"{_FOUND}#{one.unit}", None
        known: dict[str, Any] = {"sort": one.sort.value, "value": one.value, "reason": reason, "by": one.by}
        self._model(one.clue, place, list=listed, expires_at=expiry(one.until), **known).save()

    def note_bank(self, told: BankTold) -> bool:
        item = self._model(told.clue, _BANK, list=_BANK, reference=told.reference, expires_at=expiry(told.until))
        free = ClueItem.clue.does_not_exist() | (ClueItem.expires_at < expiry(self._clock.now()))
        return wrote(item.save, condition=free)

    def settle_bank(self, told: BankTold) -> None:
        item = self._model(told.clue, _BANK, list=_BANK, reference=told.reference, reason=_RAISED, expires_at=expiry(told.until))
        item.save()

    def unlist(self, clue: str) -> None:
        self._model(clue, _SHARED).delete()

    def shared(self) -> Iterator[SharedValue]:
        return map(_shared_of, self._of_list(_SHARED))

    def found_of(self, unit: str) -> Iterator[FoundThing]:
        return map(_found_of, self._of_list(f"{_FOUND}#{unit}"))

    def banks(self) -> Iterator[BankTold]:
        return map(_bank_of, self._of_list(_BANK))

    def note_compared(self, sort: ClueSort, on: date, until: datetime) -> None:
        self._model(f"{_COMPARED}-{sort}", on.isoformat(), expires_at=expiry(until)).save()

    def compared(self, sort: ClueSort, since: date) -> Sequence[date]:
        found = self._model.query(f"{_COMPARED}-{sort}", ClueItem.place >= since.isoformat(), limit=_YEAR, page_size=_YEAR)
        return tuple(date.fromisoformat(item.place) for item in found if self._is_there(item))

    def _of_list(self, name: str) -> Iterator[ClueItem]:
        """Yield the things of a list, of which the index has the keys; a hundred are read at once."""
        keys = ((key.clue, key.place) for key in self._model.listed.query(name))
        while some := list(islice(keys, _AT_ONCE)):
            found = {(item.clue, item.place): item for item in self._model.batch_get(some, consistent_read=True)}
            yield from (found[key] for key in some if key in found and self._is_there(found[key]))

    def _of_trace(self, trace: Trace) -> ClueItem:
        return self._model(trace.clue, _place(trace), reporter=trace.reporter, expires_at=expiry(trace.until))

    def _is_there(self, item: ClueItem) -> bool:
        """False for what TTL has not taken away yet."""
        return item.expires_at > expiry(self._clock.now())


_MARKS = 20  # of what is no report, at one look: found things that bear one number are few
AT_A_LOOK = GLANCE + _MARKS
_AT_ONCE = 100  # as many as DynamoDB answers in one read
_AFTER_MARKS = '"'  # the sign behind the exclamation mark


def _place(trace: Trace) -> str:
    return f"{trace.unit}#{_instant.serialize(trace.filed_at)}#{trace.reference}"


def _trace_of(item: ClueItem) -> Trace:
    unit, filed_at, reference = item.place.split("#")
    return Trace(item.clue, unit, _instant.deserialize(filed_at), reference, item.reporter or "", _until(item))


def _shared_of(item: ClueItem) -> SharedValue:
    return SharedValue(item.clue, ClueSort(item.sort or ""), item.value or "", item.reason or "", _until(item), item.by or "")


def _found_of(item: ClueItem) -> FoundThing:
    _, unit, number = item.place.split("#")
    return FoundThing(item.clue, ClueSort(item.sort or ""), item.value or "", unit, number, item.by or "", _until(item))


def _bank_of(item: ClueItem) -> BankTold:
    return BankTold(item.clue, item.reference or "", _until(item), raised=item.reason == _RAISED)


def _until(item: ClueItem) -> datetime:
    return datetime.fromtimestamp(int(item.expires_at), UTC)
