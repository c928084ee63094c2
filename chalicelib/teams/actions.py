"""The actions on rosters, and setting free the work of somebody who left or is absent.

Setting free is an order on the roster, carried out in bounded steps that can be repeated: at once for a first part, and by
`every_minute` for the rest. A report keeps its place; what somebody took after the order stays theirs.
"""

import logging
from collections.abc import Callable
from dataclasses import replace

from chalicelib.core import log
from chalicelib.core.clock import Clock
from chalicelib.core.retry import load_decide_save
from chalicelib.forms.places import units
from chalicelib.reports import actions as reports_actions
from chalicelib.reports.events import SYSTEM, Actor, EventKind, Role
from chalicelib.reports.model import Report
from chalicelib.reports.store import Reports
from chalicelib.teams.model import Absence, Roster
from chalicelib.teams.routing import Facts, route
from chalicelib.teams.store import Rosters

AT_ONCE, A_MINUTE = 50, 250  # reports that one press, and one minute, set free
_TRIES = 3


def edit(unit: str, change: Callable[[Roster], Roster], rosters: Rosters) -> Roster:
    """Change a roster; and again when another supervisor was first."""
    return load_decide_save(lambda: rosters.get(unit), change, rosters.save, tries=_TRIES)[1]


def has_work(assignee: str, reports: Reports) -> bool:
    """True when somebody, or a team, has a report that waits for nobody else. Decided ones are no work."""
    return next(iter(reports.held_by(assignee)), None) is not None


def place(report: Report, *, rosters: Rosters) -> Report:
    """Return a new report at the unit and with the team that take it by the rules of now. Its first event keeps where it went."""
    way = route(Facts.of(report), rosters.get)
    if way.unit != report.unit:
        received, *later = report.timeline
        report = replace(report, unit=way.unit, timeline=(replace(received, to=way.unit), *later))
    return report.assigned(way.team, by=SYSTEM, at=report.filed_at) if way.team else report


def free_absent(roster: Roster, *, rosters: Rosters, reports: Reports, clock: Clock, most: int) -> Roster:
    """Set free at most so many reports of those who are absent from a unit, and return its roster.

    Run twice it does nothing more. An absence ends when a whole look at somebody's work found nothing left to free.
    """
    left = most
    for absence in roster.absences:
        freed, is_done = _free(absence, roster.unit, left, reports, clock)
        if is_done:
            roster = edit(roster.unit, _ended(absence), rosters)
        log.event("work_set_free", freed=freed, left=not is_done)
        left -= freed
        if left <= 0:
            break
    return roster


def free_all(rosters: Rosters, reports: Reports, clock: Clock) -> None:
    """Go on with what supervisors ordered to be set free, in every unit."""
    for roster in rosters.of_units(units()):
        if roster.absences:
            free_absent(roster, rosters=rosters, reports=reports, clock=clock, most=A_MINUTE)


def _ended(absence: Absence) -> Callable[[Roster], Roster]:
    return lambda roster: roster.freed(absence)


def _free(absence: Absence, unit: str, most: int, reports: Reports, clock: Clock) -> tuple[int, bool]:
    """Return how many reports were set free, and whether none is left."""
    freed = failed = 0
    for line in reports.held_by(absence.officer):
        if line.unit != unit:
            continue
        if freed + failed >= most:
            return freed, False
        try:
            freed += _set_free(line.reference, absence, unit, reports, clock)
        except Exception:  # noqa: BLE001 — one report must not keep the rest; it stays ordered, and is tried again
            failed += 1
            log.event("set_free_failed", level=logging.ERROR, reference=line.reference)
    return freed, not failed


def _set_free(reference: str, absence: Absence, unit: str, reports: Reports, clock: Clock) -> bool:
    """Set a report free if it still is what was ordered: of this unit, and theirs since before the order."""

    def freed(before: Report) -> Report:
        is_theirs = (before.unit, before.assignee) == (unit, absence.officer)
        if not is_theirs or any(event.kind is EventKind.ASSIGNED and event.at > absence.at for event in before.timeline):
            return before
        return before.assigned("", by=Actor(Role.OFFICER, absence.by), at=clock.now())

    def load() -> Report:
        return reports_actions.get(reference, reports)

    before, after = load_decide_save(load, freed, reports.save, tries=_TRIES)
    return after is not before
