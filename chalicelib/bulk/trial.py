"""The fate of one report in a batch: the same functions as for one act, and the sender's own choice of a letter. Pure.

The trial and the act itself both ask here, so that they cannot say different things of the same report.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.bulk.model import NEEDS, Act, Order, Outcome, Telling, Verdict
from chalicelib.core.errors import Conflict, Invalid
from chalicelib.letters.catalogue import NoLetter, choose
from chalicelib.people.model import Officer
from chalicelib.people.permissions import may
from chalicelib.reports import promises
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Actor, Event, EventKind, Role
from chalicelib.reports.model import Change, Report
from chalicelib.reports.retention import Sight, sight
from chalicelib.reports.statuses import DECISIONS
from chalicelib.surveys.model import is_wanted
from chalicelib.teams.assignment import require_may_give
from chalicelib.teams.model import Roster
from chalicelib.texts.filling import fill

NOT_THERE = Verdict(outcome=Outcome.REFUSED, why="batch_report_unknown")  # another unit's, too old, or never there: all alike
STALE = Verdict(outcome=Outcome.DROPPED, why="stale_version")
FAILED = Verdict(outcome=Outcome.REFUSED, why="batch_row_failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """The officer who acts, the moment, and the names under which it is kept. `roster_of` gives a roster as it is now."""

    by: Officer
    at: datetime
    roster_of: Callable[[str], Roster]
    batch: str = ""
    key: str = ""

    @property
    def kept(self) -> dict[str, str]:
        return {"batch": self.batch, "key": self.key}

    @property
    def actor(self) -> Actor:
        return Actor(Role.OFFICER, self.by.id)


def is_theirs(report: Report, order: Order, officer: Officer, now: datetime) -> bool:
    """True when the officer may do this with the report: it is of their unit, and not too old for the police."""
    return may(officer, NEEDS[order.act], report.unit) and sight(report.filed_at, now) is not Sight.NONE


def acted(report: Report, order: Order, doing: Doing) -> Report:
    """Return the report after the act. Raises Conflict or Invalid as the act on one report does, and Conflict(`batch_has_it`,
    `batch_joined`) where nothing is left to do.
    """
    return _ACTS[order.act](report, order, doing)


def refused(why: Conflict | Invalid, report: Report) -> Verdict:
    """Return how it ends for a report for which the act is refused, with what stands in the sentence of why."""
    error = why if isinstance(why, Conflict) else why.errors[0]
    values = {name: str(value) for name, value in error.values.items()}
    return Verdict(outcome=Outcome.REFUSED, why=error.code, status=report.status, values=values)


def forecast(report: Report | None, order: Order, doing: Doing) -> Verdict:
    """Return what would become of a report."""
    if report is None or not is_theirs(report, order, doing.by, doing.at):
        return NOT_THERE
    try:
        after = acted(report, order, doing)
    except (Conflict, Invalid) as why:
        return refused(why, report)
    return told(after.timeline[-1], after)


def told(event: Event, report: Report) -> Verdict:
    """Return how the reporter hears of an event that was done, or would be."""
    letter, status = choose(event, report), report.timeline[event.number - 2].status
    is_decision = event.kind is EventKind.STATUS_CHANGED and event.status in DECISIONS
    survey = is_decision and report.survey_invited_at is None and is_wanted(report.contact)
    if not isinstance(letter, NoLetter):
        return Verdict(outcome=Outcome.DONE, status=status, telling=Telling.MAIL, survey=survey)
    telling = Telling.OFFLINE if letter.letter and report.to_contact_since else Telling.NOT
    return Verdict(outcome=Outcome.DONE, status=status, telling=telling, unsaid=letter.reason, survey=survey)


def words_for(report: Report, order: Order) -> str:
    """Return what the reporter reads: the standard text in their language, or what was typed, filled in for this report.

    Raises Conflict for a text that is not meant for this report.
    """
    wording = order.wording
    if wording is None:
        return fill(order.explanation, report)
    if wording.unit not in ("", report.unit):
        raise Conflict("batch_text_of_other_unit")
    if wording.crime not in ("", KINDS[report.kind].crime):
        raise Conflict("batch_text_of_other_crime")
    return fill(wording.bodies[report.contact.language], report)


def _had_before(event: Event, report: Report) -> str:
    """Return who had a report before it was given to somebody: a staff id, a team, or empty for nobody."""
    had = ""
    for one in report.timeline[: event.number - 1]:
        if one.kind in (EventKind.ASSIGNED, EventKind.MOVED):
            had = one.to if one.kind is EventKind.ASSIGNED else ""
    return had


def given_back(report: Report, event: Event, doing: Doing) -> Report:
    """Return the report in the hands in which it was. Raises Conflict(`batch_given_on`) when somebody else gave it on since."""
    since = (one for one in report.timeline[event.number :] if one.kind in (EventKind.ASSIGNED, EventKind.MOVED))
    if any(since):
        raise Conflict("batch_given_on")
    had = _had_before(event, report)
    require_may_give(doing.by, doing.roster_of(report.unit), has_it=report.assignee, to=had)
    return report.assigned(had, by=doing.actor, at=doing.at, **doing.kept)


def taken_out(report: Report, event: Event, doing: Doing) -> Report:
    """Return the report out of the case that it came into. Raises Conflict(`batch_left`) when it is not in that any more."""
    if report.joint_case != event.to:
        raise Conflict("batch_left")
    return report.left(by=doing.actor, at=doing.at, **doing.kept)


def _status(report: Report, order: Order, doing: Doing) -> Report:
    if order.status is None:
        raise Conflict("batch_not_tried")
    change = Change(order.status, words_for(report, order), order.remark, text=order.text, **doing.kept)
    return report.changed(change, by=doing.actor, at=doing.at)


def _note(report: Report, order: Order, doing: Doing) -> Report:
    return report.noted(order.remark, by=doing.actor, at=doing.at, **doing.kept)


def _update(report: Report, order: Order, doing: Doing) -> Report:
    words = words_for(report, order)
    return promises.update_given(report, words, by=doing.actor, at=doing.at, text=order.text, **doing.kept)


def _assign(report: Report, order: Order, doing: Doing) -> Report:
    roster, to = doing.roster_of(report.unit), order.to or ""
    if report.assignee == to:
        raise Conflict("batch_has_it", who=roster.name_of(to))
    require_may_give(doing.by, roster, has_it=report.assignee, to=to)
    return report.assigned(to, by=doing.actor, at=doing.at, remark=order.remark, **doing.kept)


def _join(report: Report, order: Order, doing: Doing) -> Report:
    if order.case and report.joint_case == order.case:
        raise Conflict("batch_joined", case=order.case)
    return report.joined(order.case, by=doing.actor, at=doing.at, **doing.kept)


def _undo(report: Report, order: Order, doing: Doing) -> Report:  # noqa: ARG001 — it has the parts of an act
    raise Conflict("batch_not_tried")  # it is tried by nobody: each report has its own act to take back


_ACTS: Mapping[Act, Callable[[Report, Order, Doing], Report]] = {
    Act.STATUS: _status,
    Act.NOTE: _note,
    Act.UPDATE: _update,
    Act.ASSIGN: _assign,
    Act.JOIN: _join,
    Act.UNDO: _undo,
}
