"""The place of a report among others, the days by which something is to be done for it, and what is to be seen of it at a glance.

All of it follows from the report alone. A reporter's own words flag it and never move it: the order is that of since when it
waits for the police. Terms for officers count working days, those of the law calendar days (docs/domain.md, "Added after
the first trial"). Pure.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum

from chalicelib.core.clock import day_of
from chalicelib.core.working_days import add_working_days
from chalicelib.reports import hand_over, promises
from chalicelib.reports.events import EventKind, Rank
from chalicelib.reports.model import Report
from chalicelib.reports.statuses import DECISIONS, Status
from chalicelib.reports.tasks import CALLS

DUE_DAYS: Mapping[Status, int] = {  # working days until the next step; no row for what waits for the reporter or is decided
    Status.RECEIVED: 3,
    Status.CHECKED: 5,
    Status.REGISTERED: 10,
    Status.INVESTIGATING: 30,
    Status.REFERRED: 5,
    Status.REOPENED: 10,
}
DUE_DAYS_OF_KIND: Mapping[tuple[Status, str], int] = {  # where a kind has another term than its status
    (Status.REGISTERED, "web-shop-fraud"): 20,  # many reports are looked at together
    (Status.REGISTERED, "marketplace-purchase-fraud"): 20,
}
_TURNS = frozenset(  # the events after which somebody else is to act, or the same one anew
    {
        EventKind.RECEIVED,
        EventKind.STATUS_CHANGED,
        EventKind.QUESTION_ASKED,
        EventKind.QUESTION_ANSWERED,
        EventKind.QUESTION_ENDED,
    }
)
_SAID = frozenset(  # a reporter's own words
    {
        EventKind.ADDED,
        EventKind.CORRECTED,
        EventKind.GOODS_FOUND,
        EventKind.QUESTION_ANSWERED,
        EventKind.UPDATE_ASKED,
        EventKind.CONTESTED,
    }
)
_HEARD = frozenset(  # an officer's acts that show that the report was read since
    {
        EventKind.STATUS_CHANGED,
        EventKind.QUESTION_ASKED,
        EventKind.UPDATE_GIVEN,
        EventKind.CONTACTED_OFFLINE,
        EventKind.NOTED,
        EventKind.TASK_DONE,
    }
)
_RANKS: Mapping[Rank, int] = {Rank.URGENT: 0, Rank.NORMAL: 1, Rank.LATER: 2}


class Flag(StrEnum):
    """Something of a report that an officer should see in a list."""

    FRESH = "fresh"
    UPDATE_ASKED = "update_asked"
    CONTESTED = "contested"
    TO_TELL = "to_tell"
    JOINT = "joint"
    NO_CALLS = "no_calls"
    SHARED = "shared"
    CALL_BACK = "call_back"
    TASK = "task"
    FROM_ELSEWHERE = "from_elsewhere"


ASKS = frozenset(  # something beside handling
    {Flag.FRESH, Flag.UPDATE_ASKED, Flag.CONTESTED, Flag.TO_TELL, Flag.CALL_BACK, Flag.TASK, Flag.FROM_ELSEWHERE}
)


def stands_since(report: Report) -> datetime:
    """Return since when the report stands where it stands: since then it waits for whoever is to act."""
    return next(event.at for event in reversed(report.effective) if event.kind in _TURNS)


def place(report: Report) -> str:
    """Return the place of a report among those of its unit and status, as a text that sorts: its rank, then since when it waits.

    Of decided reports the place is the instant of filing, by which they leave the lists. The reference at its end tells those of
    one instant apart: no two reports have one place, so that a page of several lists ends between two reports.
    """
    if report.status in DECISIONS:
        return f"{place_of_filing(report.filed_at)}-{report.reference}"
    return f"{_RANKS[report.rank]}-{_stamp(stands_since(report))}-{report.reference}"


def place_of_filing(at: datetime) -> str:
    """Return where the places begin of decided reports that were filed `at`."""
    return f"{_RANKS[Rank.NORMAL]}-{_stamp(at)}"


def due_on(report: Report) -> date | None:
    """Return the last day, in Amsterdam, on which an officer's next step is in time; None when none is waited for.

    A promise to the reporter counts, where its day is earlier.
    """
    days = DUE_DAYS_OF_KIND.get((report.status, report.kind), DUE_DAYS.get(report.status))
    step = None if days is None else add_working_days(day_of(stands_since(report)), days)
    return min(filter(None, (step, promises.promised_on(report))), default=None)


def notice_due_on(report: Report) -> date | None:
    """Return the last day on which the reporter has the decision in writing; None when there is none to be had, or they have."""
    return promises.notice_due_on(report)


def fresh_at(report: Report) -> datetime | None:
    """Return when the reporter first said something that no officer has answered or noted since; None when nothing is new."""
    fresh: datetime | None = None
    for event in report.effective:
        if event.kind in _SAID:
            fresh = fresh or event.at
        elif event.kind in _HEARD:
            fresh = None
    return fresh


def flags(report: Report) -> tuple[Flag, ...]:
    """Return what is to be seen of the report at a glance, in the order of the table."""
    shown = {
        Flag.FRESH: fresh_at(report) is not None,
        Flag.UPDATE_ASKED: promises.open_request(report) is not None,
        Flag.CONTESTED: promises.open_contest(report) is not None,
        Flag.TO_TELL: report.to_contact_since is not None,
        Flag.JOINT: bool(report.joint_case),
        Flag.NO_CALLS: not report.contact.safety.phone,
        Flag.SHARED: report.contact.safety.neutral,
        Flag.CALL_BACK: not CALLS.isdisjoint(report.open_tasks),
        Flag.TASK: bool(report.open_tasks),
        Flag.FROM_ELSEWHERE: hand_over.is_new_here(report),
    }
    return tuple(flag for flag, is_shown in shown.items() if is_shown)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")
