"""The table of batches: a head that says how far a batch is, and its rows in chunks of 25.

Every write has a condition. A chunk takes what a trial says only from the newest trial, and how its rows ended only over what
was read: two that carry out the same chunk do the same, and the first of them writes it down.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.bulk.model import Act, Batch, Order, Outcome, Phase, Row, Telling, Verdict, Wording
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, expiry, wrote
from chalicelib.people.model import Officer, StaffRole
from chalicelib.reports.statuses import Status

KEPT = RETENTION[Kept.BATCHES].length
PAGE = 20
RUNNING, TO_CONFIRM = "running", "to_confirm"


@dataclass(frozen=True, slots=True)
class BatchLine:
    """The line of a batch in a list."""

    id: str
    made_at: datetime
    phase: Phase
    size: int


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One page of an officer's batches, and where the next one starts (empty on the last page)."""

    lines: tuple[BatchLine, ...]
    next_cursor: str


class Batches(Protocol):
    """The store of batches; tests/support/fakes_bulk.py has another one under the same contract."""

    def add(self, batch: Batch) -> Batch:
        """Write a new batch; when its id is taken, return the one that has it (the caller compares)."""
        ...

    def get(self, batch_id: str) -> Batch | None:
        """Return a batch as it is now, None when there is none, or its term is over."""
        ...

    def save(self, before: Batch, after: Batch) -> Batch:
        """Write how far a batch is; rows have writes of their own. Raises Conflict(`batch_changed`) when somebody was first."""
        ...

    def try_chunk(self, batch: Batch, number: int, rows: Sequence[Row]) -> None:
        """Write what this trial says of a chunk, unless a later trial has said something."""
        ...

    def end_chunk(self, batch: Batch, number: int, rows: Sequence[Row]) -> bool:
        """Write how the rows of a chunk ended. False when somebody else wrote that."""
        ...

    def of_officer(self, officer: str, *, cursor: str = "") -> BatchPage:
        """Return the batches that an officer made, the newest first."""
        ...

    def running(self) -> Iterator[str]:
        """Return the ids of the batches that are being carried out, the longest made first."""
        ...

    def to_confirm(self) -> Iterator[str]:
        """Return the ids of the batches that wait for a supervisor, the longest made first."""
        ...


class ByOfficer(GlobalSecondaryIndex[Any]):
    """An officer's own batches by when they were made; sparse: heads only."""

    class Meta:
        index_name = "by_officer"
        projection = IncludeProjection(["phase", "size"])

    officer = UnicodeAttribute(hash_key=True)
    made_at = InstantAttribute(range_key=True)
    phase = UnicodeAttribute(null=True)
    size = NumberAttribute(null=True)


class Pile(GlobalSecondaryIndex[Any]):
    """The batches with which something is to be done: carried out, or confirmed by a supervisor; sparse."""

    class Meta:
        index_name = "pile"
        projection = KeysOnlyProjection()

    pile = UnicodeAttribute(hash_key=True)
    made_at = InstantAttribute(range_key=True)


class BatchItem(Model):
    """A part of a batch as DynamoDB keeps it: part 0 is the head, each other one a chunk of rows."""

    id = UnicodeAttribute(hash_key=True)
    part = NumberAttribute(range_key=True)
    edition = NumberAttribute()
    trial = NumberAttribute()
    expires_at = NumberAttribute()
    rows = UnicodeAttribute(null=True)
    officer = UnicodeAttribute(null=True)
    maker = UnicodeAttribute(null=True)
    made_at = InstantAttribute(null=True)
    size = NumberAttribute(null=True)
    phase = UnicodeAttribute(null=True)
    order = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    confirmed_at = InstantAttribute(null=True)
    undoes = UnicodeAttribute(null=True)
    undone_by = UnicodeAttribute(null=True)
    pile = UnicodeAttribute(null=True)

    by_officer = ByOfficer()
    by_pile = Pile()


class BatchStore:
    """Batches in DynamoDB."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._model, self._clock = bind(BatchItem, "batches", settings), clock

    def add(self, batch: Batch) -> Batch:
        for number, rows in enumerate(batch.chunks, start=1):  # first: whoever finds a head finds all of it
            item = self._part(batch, number, edition=1, rows=_packed(rows))
            wrote(item.save, condition=BatchItem.id.does_not_exist())
        is_first = wrote(self._head(batch).save, condition=BatchItem.id.does_not_exist())
        return batch if is_first else self.get(batch.id) or batch

    def get(self, batch_id: str) -> Batch | None:
        found = list(self._model.query(batch_id, consistent_read=True))
        if not found or found[0].part or found[0].expires_at < self._clock.now().timestamp():
            return None  # none, or one whose maker never came to write its head
        return batch_of(found)

    def save(self, before: Batch, after: Batch) -> Batch:
        is_first = wrote(self._head(after).save, condition=BatchItem.edition == before.edition)
        if not is_first and self.get(after.id) != after:  # the reply to our own first try may have been lost
            raise Conflict("batch_changed")
        return after

    def try_chunk(self, batch: Batch, number: int, rows: Sequence[Row]) -> None:
        item = self._part(batch, number, edition=1, rows=_packed(rows))
        wrote(item.save, condition=BatchItem.trial < batch.trial)

    def end_chunk(self, batch: Batch, number: int, rows: Sequence[Row]) -> bool:
        known = batch.chunks[number - 1]
        item = self._part(batch, number, edition=1 + _ended(rows), rows=_packed(rows))
        is_as_read = (BatchItem.trial == batch.trial) & (BatchItem.edition == 1 + _ended(known))
        return wrote(item.save, condition=is_as_read)

    def of_officer(self, officer: str, *, cursor: str = "") -> BatchPage:
        window = _window(cursor, officer)
        found = self._model.by_officer.query(officer, scan_index_forward=False, **window)
        lines = tuple(BatchLine(item.id, item.made_at, Phase(item.phase), int(item.size)) for item in found)
        if len(lines) < PAGE or found.last_evaluated_key is None:
            return BatchPage(lines, "")
        return BatchPage(lines, f"{lines[-1].id}-{_instant.serialize(lines[-1].made_at)}")

    def running(self) -> Iterator[str]:
        yield from (item.id for item in self._model.by_pile.query(RUNNING))

    def to_confirm(self) -> Iterator[str]:
        yield from (item.id for item in self._model.by_pile.query(TO_CONFIRM))

    def _head(self, batch: Batch) -> BatchItem:
        return self._part(
            batch,
            0,
            edition=batch.edition,
            officer=batch.maker.id,
            maker=_officer_text(batch.maker),
            made_at=batch.made_at,
            size=len(batch.rows),
            phase=batch.phase.value,
            order=json.dumps(asdict(batch.order)) if batch.order else None,
            by=_officer_text(batch.by) if batch.by else None,
            confirmed_at=batch.confirmed_at,
            undoes=batch.of or None,
            undone_by=batch.undone_by or None,
            pile=_pile_of(batch),
        )

    def _part(self, batch: Batch, number: int, *, edition: int, **facts: Any) -> BatchItem:
        kept = expiry(self._clock.now() + KEPT)
        return self._model(id=batch.id, part=number, edition=edition, trial=batch.trial, expires_at=kept, **facts)


_instant = InstantAttribute()
_CURSOR = re.compile(r"(?P<id>B-[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})-(?P<at>[0-9]{16,17})")


def _window(cursor: str, officer: str) -> dict[str, Any]:
    window: dict[str, Any] = {"limit": PAGE, "page_size": PAGE}
    match = _CURSOR.fullmatch(cursor)
    if cursor and not match:
        raise Invalid([FieldError("cursor", "cursor")])
    if match:
        key = {"officer": {"S": officer}, "made_at": {"N": match["at"]}}
        window["last_evaluated_key"] = {**key, "id": {"S": match["id"]}, "part": {"N": "0"}}
    return window


def _pile_of(batch: Batch) -> str | None:
    if batch.phase is Phase.RUNNING:
        return RUNNING
    return TO_CONFIRM if batch.phase is Phase.TRIED and batch.is_large else None


def _ended(rows: Sequence[Row]) -> int:
    """Return how many rows of a chunk have ended: their number only grows, so it tells one state of the chunk from the next."""
    return sum(row.result is not None for row in rows)


def _packed(rows: Sequence[Row]) -> str:
    return json.dumps([[r.reference, r.version, _verdict_text(r.forecast), _verdict_text(r.result)] for r in rows])


def _unpacked(text: str) -> list[Row]:
    return [
        Row(reference=reference, version=version, forecast=_verdict(forecast), result=_verdict(result))
        for reference, version, forecast, result in json.loads(text)
    ]


def _verdict_text(verdict: Verdict | None) -> list[Any] | None:
    if verdict is None:
        return None
    facts = [verdict.outcome, verdict.why, verdict.status, verdict.telling, verdict.unsaid, verdict.survey]
    return [*facts, dict(verdict.values)] if verdict.values else facts


def _verdict(kept: list[Any] | None) -> Verdict | None:
    if kept is None:
        return None
    outcome, why, status, telling, unsaid, survey, *values = kept
    facts = {"why": why, "status": status, "telling": Telling(telling), "unsaid": unsaid, "survey": survey}
    facts["values"] = values[0] if values else {}
    return Verdict(outcome=Outcome(outcome), **facts)


def _officer_text(officer: Officer) -> str:
    return json.dumps([officer.id, sorted(officer.roles), sorted(officer.units)])


def _officer(text: str) -> Officer:
    name, roles, units = json.loads(text)
    return Officer(name, frozenset(map(StaffRole, roles)), frozenset(units))


def _order(text: str) -> Order:
    facts = json.loads(text)
    wording = Wording(**facts["wording"]) if facts.get("wording") else None
    status = Status(facts["status"]) if facts["status"] else None
    return replace(Order(**facts), act=Act(facts["act"]), status=status, wording=wording)


def batch_of(items: Sequence[BatchItem]) -> Batch:
    """Return the batch that these items hold: its head, and its chunks in their order."""
    head, *parts = items
    rows = tuple(row for part in parts for row in _unpacked(part.rows or ""))
    return Batch(
        id=head.id,
        maker=_officer(head.maker),
        made_at=head.made_at,
        rows=rows,
        phase=Phase(head.phase),
        order=_order(head.order) if head.order else None,
        trial=int(head.trial),
        by=_officer(head.by) if head.by else None,
        confirmed_at=head.confirmed_at,
        of=head.undoes or "",
        undone_by=head.undone_by or "",
        edition=int(head.edition),
    )
