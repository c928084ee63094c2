"""The boards table: one item for each unit, written over by every counting."""

import json
from datetime import datetime
from typing import Any, Protocol

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib.boards.lead_times import LeadTime
from chalicelib.boards.model import Board, Number
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, find
from chalicelib.reports.statuses import Status


class Boards(Protocol):
    """The store of boards."""

    def get(self, unit: str) -> Board | None:
        """Return the newest board of a unit, None before the first counting."""
        ...

    def put(self, board: Board) -> None:
        """Keep a board in the place of an older one."""
        ...


class BoardItem(Model):
    """A board as DynamoDB keeps it. A number that is not there was not counted yet."""

    unit = UnicodeAttribute(hash_key=True)
    counted_at = InstantAttribute()
    counts = UnicodeAttribute()


class BoardStore:
    """Boards in DynamoDB."""

    def __init__(self, settings: Settings) -> None:
        self._model = bind(BoardItem, "boards", settings)

    def get(self, unit: str) -> Board | None:
        item = find(self._model, unit)
        return _board(item) if item else None

    def put(self, board: Board) -> None:
        self._model(unit=board.unit, counted_at=board.counted_at, counts=json.dumps(_counts(board), separators=(",", ":"))).save()


def _counts(board: Board) -> dict[str, Any]:
    return {
        "numbers": board.numbers,
        "kinds": board.kinds,
        "oldest": {status: at.isoformat() for status, at in board.oldest_at.items()},
        "times": {
            status: {kind: [one.n, one.median, one.longest] for kind, one in kinds.items()}
            for status, kinds in board.lead_times.items()
        },
        "held": board.held,
        "overdue": board.held_overdue,
    }


def _board(item: BoardItem) -> Board:
    counts = json.loads(item.counts)
    return Board(
        unit=item.unit,
        counted_at=item.counted_at,
        numbers={number: counts["numbers"].get(number, 0) for number in Number},
        kinds={Status(status): kinds for status, kinds in counts["kinds"].items()},
        oldest_at={Status(status): datetime.fromisoformat(at) for status, at in counts["oldest"].items()},
        lead_times={
            Status(status): {kind: LeadTime(*one) for kind, one in kinds.items()}
            for status, kinds in counts.get("times", {}).items()
        },
        held=counts["held"],
        held_overdue=counts["overdue"],
    )
