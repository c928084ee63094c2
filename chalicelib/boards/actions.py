"""Counting: every unit's board, one after the other. Each is written by itself; one that dies is done again by the next."""

from chalicelib.boards.model import Board, count
from chalicelib.boards.store import Boards
from chalicelib.core.clock import Clock
from chalicelib.forms.places import units
from chalicelib.reports import lists
from chalicelib.reports.filters import EVERYTHING, OPEN
from chalicelib.reports.store import Reports


def count_all(*, reports: Reports, boards: Boards, clock: Clock) -> None:
    """Count the work of every unit anew."""
    for unit in units():
        boards.put(counted(unit, reports=reports, clock=clock))


def counted(unit: str, *, reports: Reports, clock: Clock) -> Board:
    """Return what lies at a unit now."""
    now = clock.now()
    opened = lists.every(lists.queue([unit], OPEN, EVERYTHING, now=now), reports)
    asking = lists.every(lists.attention([unit], EVERYTHING, now=now), reports)
    return count(unit, opened, asking, at=now)
