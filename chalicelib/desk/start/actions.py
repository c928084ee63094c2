"""The first page of an officer: the unit's counts, the list behind each of them, and their own first reports."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.boards.model import Board, Number
from chalicelib.boards.store import Boards
from chalicelib.desk.actions import LISTING, Desk
from chalicelib.desk.queue import actions as queue
from chalicelib.desk.queue.query import ALL, ME, NOBODY_HAS_IT, Mark, Query
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.people.permissions import Permission, require
from chalicelib.reports.lists import ListPage
from chalicelib.reports.statuses import Status
from chalicelib.teams.model import Roster

MOST_TEAMS = 3  # of one officer, whose work the first page shows: each is a list to read
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
    Number.FROM_ELSEWHERE: {"mark": Mark.FROM_ELSEWHERE},
}


@dataclass(frozen=True, slots=True)
class TeamWork:
    """A team of the officer's: what waits with it, of which nobody in the team has taken anything yet."""

    name: str
    query: Query
    page: ListPage


@dataclass(frozen=True, slots=True)
class Start:
    """The first page of an officer at a unit. `board` is None before the first counting."""

    mine: ListPage
    mine_query: Query
    teams: tuple[TeamWork, ...]
    roster: Roster
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


def start(unit: str, *, desk: TeamDesk, boards: Boards) -> Start:
    """Return the first page of an officer at one of their units; the look at the reports on it is on record."""
    query, roster = list_held(ME, unit), desk.rosters.get(unit)
    mine = queue.look(query, desk=desk)
    teams = tuple(_of_team(team, roster, desk) for team in roster.teams_of(desk.officer.id)[:MOST_TEAMS])
    return Start(mine, query, teams, roster, boards.get(unit))


def _of_team(team: str, roster: Roster, desk: TeamDesk) -> TeamWork:
    query = list_held(team, roster.unit)
    return TeamWork(roster.name_of(team), query, queue.look(query, desk=desk))


def board(unit: str, *, desk: Desk, boards: Boards) -> Board | None:
    """Return the counts of one of the officer's own units, None before the first counting; on record, as a list is."""
    require(desk.officer, Permission.READ_REPORT, unit)
    desk.note(f"worklist:{unit}", "board", LISTING)
    return boards.get(unit)
