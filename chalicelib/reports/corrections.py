"""The acts that officers take back: undone while nobody was told, corrected later, with an explanation. Pure. ADR-0051.

Nothing leaves the timeline. An undone act stays there for officers, with the event that takes it back; its reporter never sees
either. A correction is a change of status like any other, which its reporter hears of and reads.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.reports.events import INTERNAL, Actor, Event, EventKind, Role
from chalicelib.reports.facts import RETRACTED
from chalicelib.reports.information_request import SupplementaryQuestion
from chalicelib.reports.model import Change, Report, checked_number
from chalicelib.reports.placeholders import require_filled
from chalicelib.reports.statuses import TRANSITIONS, UNNUMBERED, Mover, Status

ACTS = frozenset({EventKind.STATUS_CHANGED, EventKind.QUESTION_ASKED, EventKind.UPDATE_GIVEN})
# Acts of a reporter who need not have seen what an officer did last; whatever else happens, rests on that.
_ASIDE = INTERNAL | {
    *(EventKind.WISHES_CHANGED, EventKind.CONTACT_CHANGED, EventKind.ADDRESS_UNUSABLE),
    *(EventKind.ADDED, EventKind.CORRECTED, EventKind.GOODS_FOUND, EventKind.UPDATE_ASKED),
}


def acts(report: Report) -> Iterator[Event]:
    """Yield what officers did that calls for a letter and was not taken back, in order."""
    return (event for event in report.timeline if _is_act(event) and event.number not in report.retracted)


def newest_act(report: Report) -> Event | None:
    """Return the newest act of an officer, if nothing rests on it; None when there is nothing to undo."""
    standing = (event for event in reversed(report.timeline) if event.number not in report.retracted)
    newest = next((event for event in standing if event.kind not in _ASIDE), None)
    return newest if newest and _is_act(newest) else None


def require_undoable(report: Report, number: int) -> Event:
    """Return the act with this number. Raises Conflict(`undone_already`, `nothing_to_undo`, `read_already`) otherwise."""
    if number in report.retracted:
        raise Conflict("undone_already")
    act = newest_act(report)
    if act is None or act.number != number:
        raise Conflict("nothing_to_undo")
    if act.number <= report.read_number:
        raise Conflict("read_already")
    return act


def taken_back(report: Report, number: int, *, by: Actor, at: datetime, key: str = "") -> Report:
    """Return the report as it was before its newest act, with the event that takes it back. Raises as `require_undoable` does.

    All that came between, and does not rest on the act, stays.
    """
    act = require_undoable(report, number)
    status = report.timeline[number - 2].status
    undone = replace(
        report,
        questions=tuple(_before(question, act, status, report, at) for question in report.questions),
        registration_number=_number_before(act, report),
    )
    return undone.with_event(EventKind.RETRACTED, status, by=by, at=at, key=key, undoes=number)


def corrections(report: Report) -> tuple[Status, ...]:
    """Return the statuses to which a correction may take the report back: those it has been in, in the table's order."""
    been = {event.status for event in report.timeline if event.number not in report.retracted}
    return tuple(to for to, mover in TRANSITIONS[report.status].items() if mover is Mover.CORRECTION and to in been)


def corrected(report: Report, change: Change, *, by: Actor, at: datetime) -> Report:
    """Return the report back in an earlier status. Its reporter reads the explanation, which must be there.

    Raises Conflict(`correction_not_allowed`) for a status to which there is no way back. A report that was not registered yet in
    that status has no police number any more.
    """
    if change.status not in corrections(report):
        raise Conflict("correction_not_allowed", current=report.status, wanted=change.status)
    if not change.explanation.strip():
        raise Invalid([FieldError("explanation", "reason_required")])
    require_filled(change.explanation)
    number = "" if change.status in UNNUMBERED else report.registration_number
    freed = "" if number else report.registration_number
    said = {"explanation": change.explanation, "remark": change.remark, "text": change.text, "to": freed}
    after = replace(report, registration_number=number)
    return after.with_event(EventKind.STATUS_CHANGED, change.status, by=by, at=at, key=change.key, **said)


def number_corrected(report: Report, number: str, reason: str, *, by: Actor, at: datetime, key: str = "") -> Report:
    """Return the report with another police number, and why (for officers). Raises Conflict(`no_number`) where there is none."""
    if not report.registration_number:
        raise Conflict("no_number")
    errors = [] if reason.strip() else [FieldError("reason", "required")]
    if number == report.registration_number:
        errors.append(FieldError("registrationNumber", "registration_number_same"))
    if errors:
        raise Invalid(errors)
    after = replace(report, registration_number=checked_number(number))
    return after.with_event(EventKind.NUMBER_CORRECTED, report.status, by=by, at=at, key=key, remark=reason, to=number)


def _is_act(event: Event) -> bool:
    return event.kind in ACTS and event.by.role is Role.OFFICER


def _number_before(act: Event, report: Report) -> str:
    """Return the police number before the act: a change of status keeps which number it gave (or took away, as a correction)."""
    if act.kind is not EventKind.STATUS_CHANGED or not act.to:
        return report.registration_number
    return "" if report.registration_number else act.to


def _before(question: SupplementaryQuestion, act: Event, status: Status, report: Report, at: datetime) -> SupplementaryQuestion:
    """Return a question as it was before the act: the one that it asked is over, the one that it replaced open again."""
    if act.kind is not EventKind.QUESTION_ASKED:
        return question
    if question.number == act.question:
        return replace(question, ended_at=at, end=RETRACTED)
    is_reopened = status is Status.AWAITING_REPORTER and question.number == _replaced(report, act)
    return replace(question, ended_at=None, end="") if is_reopened else question


def _replaced(report: Report, act: Event) -> int:
    """Return the number of the question in whose place the act asked another."""
    return max((q.number for q in report.questions if q.number < act.question and q.end == "replaced"), default=0)
