"""Handing a report over: the unit changes and the assignee goes in one write; the former unit is refused from then on."""

from dataclasses import dataclass
from datetime import date

from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.desk.actions import found
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.forms.places import units
from chalicelib.people.permissions import Permission
from chalicelib.reports import actions, queue
from chalicelib.reports.model import Report
from chalicelib.teams.routing import Facts, Route, route


@dataclass(frozen=True, slots=True)
class Check:
    """The consequences of a hand-over, to be read before it is done. It calls for no mail, whatever the reporter wishes."""

    unit: str
    had_it: str
    due_on: date | None


def move(reference: str, unit: str, remark: str, *, version: int, key: str, desk: TeamDesk) -> Report:
    """Hand a report of the officer's own unit over to another one. `remark` is for the officers there.

    The same request once more is answered as it was the first time, although the report is no longer this officer's to see.
    Raises Invalid for a unit that is none or the same, and without a remark.
    """
    before = _loaded(reference, key, desk)
    require_sound(before, unit, remark, key)
    return actions.move(before, unit, remark, by=desk.by, version=version, key=key, reports=desk.reports, clock=desk.clock)


def require_sound(report: Report, unit: str, remark: str, key: str = "") -> None:
    """Raises Invalid for a hand-over that leads nowhere or says nothing; the request that was carried out is sound."""
    if report.handled(key):
        return
    errors = [] if unit in units() and unit != report.unit else [FieldError("unit", "unit_elsewhere")]
    errors += [] if remark.strip() else [FieldError("remark", "remark_required")]
    if errors:
        raise Invalid(errors)


def check(report: Report, unit: str) -> Check:
    return Check(unit, report.assignee, queue.due_on(report))


def suggested(report: Report, *, desk: TeamDesk) -> Route | None:
    """Return where a report would go by the rules of now, None where it is already, or somebody of the unit has it."""
    found_route = route(Facts.of(report), desk.rosters.get)
    is_there = found_route.unit == report.unit and (report.assignee or not found_route.team)
    return None if is_there else found_route


def route_again(reference: str, *, version: int, key: str, desk: TeamDesk) -> Report:
    """Send a report where the rules of now say: to another unit, to a team, or both. Raises Conflict(`routed_already`)."""
    before = _loaded(reference, key, desk)
    way = suggested(before, desk=desk)
    if before.handled(key):
        return before
    if way is None:
        raise Conflict("routed_already")
    return actions.place(before, way.unit, way.team, by=desk.by, version=version, key=key, reports=desk.reports, clock=desk.clock)


def _loaded(reference: str, key: str, desk: TeamDesk) -> Report:
    """Return a report of the officer's own unit, or the one that this very request handed over; on record first."""
    reason = desk.why(reference)
    report = found(reference, Permission.MOVE_REPORT, reason=reason, also=lambda one: one.handled(key), desk=desk)
    desk.note(report.reference, Permission.MOVE_REPORT, reason)
    return report
