"""Whose work a report is, as the desk shows it: names, and to whom this officer may give it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.core.language import N_
from chalicelib.people.model import Officer
from chalicelib.people.permissions import Permission, may
from chalicelib.reports.events import Rank
from chalicelib.reports.model import Report
from chalicelib.teams.assignment import choices
from chalicelib.teams.model import Roster

NOBODY = "-"  # what a form sends for nobody: an empty field is one that was not sent
RANK_WORDS: Mapping[Rank, str] = {
    Rank.URGENT: N_("Urgent: before all others"),
    Rank.NORMAL: N_("Normal: in its turn"),
    Rank.LATER: N_("Later: after the others"),
}


@dataclass(frozen=True, slots=True)
class WorkPanel:
    """The facts of a report's panel: whose work it is. `choices` are (value, words) of who may get it now."""

    assignee: str
    is_mine: bool
    choices: tuple[tuple[str, str], ...]
    rank: str
    joint_case: str
    me: str
    may_take: bool
    may_assign: bool
    may_move: bool
    may_join: bool


def name_among(rosters: Iterable[Roster], assignee: str) -> str:
    """Return how an assignee is called: a team by its name, wherever it is; somebody by their staff id."""
    names = (roster.name_of(assignee) for roster in rosters)
    return next((name for name in names if name != assignee), assignee)


def work_of(report: Report, officer: Officer, roster: Roster) -> WorkPanel:
    may_assign = may(officer, Permission.ASSIGN, report.unit)
    return WorkPanel(
        assignee=roster.name_of(report.assignee),
        is_mine=report.assignee == officer.id,
        choices=choices_of(officer, roster, has_it=report.assignee) if may_assign else (),
        rank=RANK_WORDS[report.rank],
        joint_case=report.joint_case,
        me=officer.id,
        may_take=may_assign and officer.id in choices(officer, roster, has_it=report.assignee),
        may_assign=may_assign,
        may_move=may(officer, Permission.MOVE_REPORT, report.unit),
        may_join=may(officer, Permission.JOIN, report.unit),
    )


def choices_of(officer: Officer, roster: Roster, *, has_it: str) -> tuple[tuple[str, str], ...]:
    """Return to whom an officer may give a report, with how each is called: oneself and nobody as messages, the rest by name."""
    return tuple((to or NOBODY, _words(to, officer, roster)) for to in choices(officer, roster, has_it=has_it))


def receivers_of(officer: Officer, rosters: Iterable[Roster]) -> tuple[tuple[str, str], ...]:
    """Return to whom an officer may give reports of these units that are free, and last of all nobody."""
    found = {to: name for roster in rosters for to, name in choices_of(officer, roster, has_it="")}
    return tuple({officer.id: N_("myself"), **found, NOBODY: N_("nobody: they are free for others")}.items())


def _words(to: str, officer: Officer, roster: Roster) -> str:
    if to == officer.id:
        return N_("myself")
    return roster.name_of(to) if to else N_("nobody: it is free for others")
