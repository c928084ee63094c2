"""Giving reports to somebody, to a team or back, and ranking them. The rules stand in `teams/assignment.py`."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.core import ids, log
from chalicelib.core.errors import Conflict, FieldError, Invalid, NotFound
from chalicelib.core.retry import load_decide_save
from chalicelib.desk.actions import NOT_AT_DESK, permitted
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.people.permissions import Permission
from chalicelib.reports import actions
from chalicelib.reports.events import Rank
from chalicelib.reports.model import Report
from chalicelib.teams.assignment import require_may_give
from chalicelib.teams.model import Roster

MOST = 50  # lines of one page of the queue
FAILED = "line_failed"
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of many: who has the report now, or why it was not given (`refused`: the code of a sentence)."""

    reference: str
    assignee: str = ""
    refused: Conflict | NotFound | None = None


def assign(reference: str, to: str, *, seen: str | None = None, key: str, desk: TeamDesk) -> Report:
    """Give a report of the officer's own unit to `to`: a staff id, a team's id, or nobody (empty).

    `seen` is who had it on the page from which it was given. Raises Conflict(`assigned_meanwhile`) when somebody else has it now.
    """
    before = _loaded(reference, desk)
    return _given(before.reference, to, seen, key, desk.rosters.get(before.unit), desk)


def assign_many(references: Sequence[str], to: str, *, key: str, desk: TeamDesk) -> tuple[Outcome, ...]:
    """Give several reports to one, each on its own: one that is refused stops no other. Raises Invalid for none or too many.

    All are looked up, on record, before the first is given; sent again, what was done is found and not done twice.
    """
    wanted = tuple(dict.fromkeys(references))
    if not wanted:
        raise Invalid([FieldError("references", "lines_required")])
    if len(wanted) > MOST:
        raise Invalid([FieldError("references", "too_many_rows", {"most": MOST})])
    looked_up = [(reference, _one(reference, desk)) for reference in wanted]
    rosters = _rosters_of((one for _, one in looked_up if isinstance(one, Report)), desk)
    return tuple(_outcomes(looked_up, rosters, to, key, desk))


def rank(reference: str, to: Rank, reason: str, *, version: int, key: str, desk: TeamDesk) -> Report:
    """Say how soon a report must be done. Raises Conflict(`stale_version`), Invalid without a reason."""
    before = _loaded(reference, desk)
    if not reason.strip():
        raise Invalid([FieldError("reason", "required")])
    return actions.rank(before, to, reason, by=desk.by, version=version, key=key, reports=desk.reports, clock=desk.clock)


def _loaded(reference: str, desk: TeamDesk) -> Report:
    return permitted(reference, Permission.ASSIGN, desk)


def _one(reference: str, desk: TeamDesk) -> Report | NotFound:
    try:
        return _loaded(reference, desk)
    except NotFound as missing:
        return missing


def _rosters_of(reports: Iterable[Report], desk: TeamDesk) -> dict[str, Roster]:
    return {roster.unit: roster for roster in desk.rosters.of_units(report.unit for report in reports)}


def _outcomes(
    looked_up: Iterable[tuple[str, Report | NotFound]], rosters: dict[str, Roster], to: str, key: str, desk: TeamDesk
) -> Iterator[Outcome]:
    for reference, one in looked_up:
        if isinstance(one, NotFound):
            yield Outcome(reference, refused=one)
            continue
        try:
            line_key = ids.digest(f"{key} {one.reference}") if key else ""
            given = _given(one.reference, to, None, line_key, rosters[one.unit], desk)
            yield Outcome(one.reference, given.assignee)
        except (Conflict, NotFound) as refused:
            yield Outcome(one.reference, refused=refused)
        except Exception:  # noqa: BLE001 — one report that fails must not hide what was done with the others
            log.event("assignment_failed", level=logging.ERROR, reference=one.reference)
            yield Outcome(one.reference, refused=Conflict(FAILED))


def _given(reference: str, to: str, seen: str | None, key: str, roster: Roster, desk: TeamDesk) -> Report:
    """Load, decide, save: a reporter's addition meanwhile is no reason to refuse, somebody else who took it is."""

    def given(before: Report) -> Report:
        if before.unit != roster.unit:  # handed over meanwhile
            raise NotFound(NOT_AT_DESK)
        if before.handled(key) or before.assignee == to:
            return before
        if seen is not None and before.assignee not in ("", seen):
            raise Conflict("assigned_meanwhile", who=roster.name_of(before.assignee))
        require_may_give(desk.officer, roster, has_it=before.assignee, to=to)
        return before.assigned(to, by=desk.by, at=desk.clock.now(), key=key)

    load: Callable[[], Report] = lambda: actions.get(reference, desk.reports)  # noqa: E731
    before, after = load_decide_save(load, given, desk.reports.save, tries=_TRIES)
    if after is not before:
        log.event("report_assigned", reference=reference, version=after.version)
    return after
