"""The JSON of a unit's figures."""

from datetime import datetime

from chalicelib.boards.model import Board, Number
from chalicelib.desk.board import actions
from chalicelib.desk.changes.schemas import Unit
from chalicelib.reports.statuses import Status
from chalicelib.web.schema import Body, Out


class FiguresQuery(Body):
    """Of which unit."""

    unit: Unit


class LeadTimeOut(Out):
    """How long open reports of a kind stand in a status, in whole days. Of fewer than ten only how many there are."""

    status: Status
    kind: str
    reports: int
    median_days: float | None
    longest_days: int | None


class HeldOut(Out):
    """The open reports that an officer or a team has."""

    assignee: str
    reports: int
    overdue: int


class FiguresOut(Out):
    """The figures of a unit, as they were counted at `countedAt`."""

    unit: str
    counted_at: datetime
    numbers: dict[Number, int]
    lead_times: tuple[LeadTimeOut, ...]
    held: tuple[HeldOut, ...]

    @classmethod
    def of(cls, board: Board) -> "FiguresOut":
        times = [
            LeadTimeOut(status=status, kind=kind, reports=one.n, median_days=one.median, longest_days=one.longest)
            for status, kinds in board.lead_times.items()
            for kind, one in kinds.items()
        ]
        held = [HeldOut(assignee=who, reports=one.reports, overdue=one.overdue) for who, one in actions.held(board).items()]
        return cls(
            unit=board.unit,
            counted_at=board.counted_at,
            numbers=dict(board.numbers),
            lead_times=tuple(times),
            held=tuple(held),
        )
