"""Batches in memory, under the contract of the table (tests/contract/test_batches_store.py)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.bulk.model import Batch, Phase, Row
from chalicelib.bulk.store import KEPT, PAGE, BatchLine, BatchPage
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict


class FakeBatches:
    """Heads in one dictionary, chunks in another: a batch is put together when it is read."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heads: dict[str, tuple[Batch, datetime]] = {}
        self._chunks: dict[tuple[str, int], tuple[int, Sequence[Row]]] = {}

    def add(self, batch: Batch) -> Batch:
        for number, rows in enumerate(batch.chunks, start=1):
            self._chunks.setdefault((batch.id, number), (batch.trial, rows))
        self._heads.setdefault(batch.id, (batch, self._clock.now() + KEPT))
        return self.get(batch.id) or batch

    def get(self, batch_id: str) -> Batch | None:
        head, kept_until = self._heads.get(batch_id, (None, self._clock.now()))
        if head is None or kept_until < self._clock.now():
            return None
        rows = [row for number in range(len(head.chunks)) for row in self._chunks[batch_id, number + 1][1]]
        return replace(head, rows=tuple(rows))

    def save(self, before: Batch, after: Batch) -> Batch:
        if self._heads[before.id][0].edition != before.edition and self.get(after.id) != after:
            raise Conflict("batch_changed")
        self._heads[after.id] = after, self._clock.now() + KEPT
        return after

    def try_chunk(self, batch: Batch, number: int, rows: Sequence[Row]) -> None:
        if self._chunks[batch.id, number][0] < batch.trial:
            self._chunks[batch.id, number] = batch.trial, rows

    def end_chunk(self, batch: Batch, number: int, rows: Sequence[Row]) -> bool:
        trial, known = self._chunks[batch.id, number]
        if trial != batch.trial or _ended(known) != _ended(batch.chunks[number - 1]):
            return False
        self._chunks[batch.id, number] = trial, rows
        return True

    def of_officer(self, officer: str, *, cursor: str = "") -> BatchPage:
        mine = [head for head, _ in self._heads.values() if head.maker.id == officer]
        lines = [BatchLine(b.id, b.made_at, b.phase, len(b.rows)) for b in sorted(mine, key=_made, reverse=True)]
        start = next((place + 1 for place, line in enumerate(lines) if line.id == cursor), 0)
        page = lines[start : start + PAGE]
        return BatchPage(tuple(page), page[-1].id if len(lines) > start + PAGE else "")

    def running(self) -> Iterator[str]:
        yield from [b.id for b in self._sorted() if b.phase is Phase.RUNNING]

    def to_confirm(self) -> Iterator[str]:
        yield from [b.id for b in self._sorted() if b.phase is Phase.TRIED and b.is_large]

    def _sorted(self) -> list[Batch]:
        return sorted((head for head, _ in self._heads.values()), key=_made)


def _made(batch: Batch) -> datetime:
    return batch.made_at


def _ended(rows: Sequence[Row]) -> int:
    return sum(row.result is not None for row in rows)
