"""Reading the board of a unit: counts only, and on record like any look."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.boards.model import Board
from chalicelib.boards.store import Boards
from chalicelib.desk.actions import Desk
from chalicelib.people.permissions import LookReason, Permission, reasons_of, require

_REASONS = (LookReason.AUDIT, LookReason.SUPERVISION)  # of whose role it is: nobody else reads figures


@dataclass(frozen=True, slots=True)
class Held:
    """The open reports that an officer or a team has, and how many of them are over term."""

    reports: int
    overdue: int


def of_unit(unit: str, *, boards: Boards, desk: Desk) -> Board | None:
    """Return the newest board of one of the officer's own units, None before the first counting."""
    require(desk.officer, Permission.READ_BOARD, unit)
    why = next(reason for reason in _REASONS if reason in reasons_of(desk.officer))
    desk.note(f"board:{unit}", Permission.READ_BOARD, why)
    return boards.get(unit)


def held(board: Board) -> Mapping[str, Held]:
    """Return who has how much, the one with most over term first."""
    found = {who: Held(count, board.held_overdue.get(who, 0)) for who, count in board.held.items()}
    return dict(sorted(found.items(), key=lambda one: (-one[1].overdue, -one[1].reports, one[0])))
