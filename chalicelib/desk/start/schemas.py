"""The JSON of a unit's counts."""

from datetime import datetime

from chalicelib.boards.model import Board, Number
from chalicelib.desk.queue.schemas import unit_field
from chalicelib.reports.statuses import Status
from chalicelib.web.schema import Body, Out


class BoardQuery(Body):
    """Whose counts."""

    unit: str = unit_field()


class BoardOut(Out):
    """The counts of a unit, as they were at `countedAt`; null before the first counting."""

    unit: str
    counted_at: datetime | None
    numbers: dict[Number, int]
    kinds: dict[Status, dict[str, int]]
    oldest_at: dict[Status, datetime]

    @classmethod
    def of(cls, unit: str, board: Board | None) -> "BoardOut":
        if board is None:
            return cls(unit=unit, counted_at=None, numbers={}, kinds={}, oldest_at={})
        kinds = {status: dict(counts) for status, counts in board.kinds.items()}
        return cls(
            unit=unit, counted_at=board.counted_at, numbers=dict(board.numbers), kinds=kinds, oldest_at=dict(board.oldest_at)
        )
