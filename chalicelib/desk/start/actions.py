"""The first page of an officer: the unit's counts, the list behind each of them, and their own first reports."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.boards.model import Board, Number
from chalicelib.boards.store import Boards
from chalicelib.desk.actions import LISTING, Desk
from chalicelib.desk.queue import actions as queue
from chalicelib.desk.queue.query import ALL, ME, NOBODY_HAS_IT, Mark, Query
from chalicelib.people.permissions import Permission, require
from chalicelib.reports.lists import ListPage
from chalicelib.reports.statuses import Status

_LISTS: Mapping[Number, Mapping[str, str]] = {  # of which list each number is the length
    Number.OPEN: {},
    Number.FREE: {"who": NOBODY_HAS_IT},
    Number.OVERDUE: {"mark": Mark.OVERDUE},
    Number.URGENT: {"mark": Mark.URGENT},
    Number.FRESH: {"mark": Mark.FRESH},
    Number.UPDATE_ASKED: {"mark": Mark.UPDATE_ASKED},
    Number.CONTESTED: {"mark": Mark.CONTESTED},
    Number.TO_TELL: {"mark": Mark.TO_TELL},
    Number.CALL_BACK: {"mark": Mark.CALL_BACK},
    Number.TASK: {"mark": Mark.TASK},
}


@dataclass(frozen=True, slots=True)
class Start:
    """The first page of an officer at a unit. `board` is None before the first counting."""

    mine: ListPage
    mine_query: Query
    board: Board | None


def list_of(number: Number, unit: str) -> Query:
    """Return the list of which a number of a unit is the length."""
    return Query(unit=unit, status=ALL, **_LISTS[number])


def list_of_status(status: Status, unit: str) -> Query:
    """Return the list of a unit's reports in a status."""
    return Query(unit=unit, status=status)


def list_held(by: str, unit: str) -> Query:
    """Return the list of a unit's open reports that an officer or a team has."""
    return Query(unit=unit, status=ALL, who=by)


def start(unit: str, *, desk: Desk, boards: Boards) -> Start:
    """Return the first page of an officer at one of their units; the look at their own reports is on record."""
    query = list_held(ME, unit)
    return Start(queue.look(query, desk=desk), query, boards.get(unit))


def board(unit: str, *, desk: Desk, boards: Boards) -> Board | None:
    """Return the counts of one of the officer's own units, None before the first counting; on record, as a list is."""
    require(desk.officer, Permission.READ_REPORT, unit)
    desk.note(f"worklist:{unit}", "board", LISTING)
    return boards.get(unit)
