"""The promises to a reporter: an update when they ask for one, a second look, word when nothing changes, a reminder. Pure.

Each promise is a day that follows from the timeline, and an event that keeps it. An officer's word keeps the first two, the
agenda the others. News of the machine ("nothing has changed") never shuts the door for who wants to hear a person. ADR-0057.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.core.clock import AMSTERDAM, day_of
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.working_days import add_working_days, is_working_day
from chalicelib.reports.contact import InformationWish
from chalicelib.reports.deadlines import WRITTEN_NOTICE, Deadlines
from chalicelib.reports.events import REPORTER, SYSTEM, Actor, Event, EventKind, Role
from chalicelib.reports.model import Report
from chalicelib.reports.placeholders import require_filled
from chalicelib.reports.statuses import DECISIONS, OBJECTIONABLE, Status

QUIET = timedelta(days=14)  # after news: an update has just been given
BETWEEN = timedelta(days=28)  # from one request for an update to the next
ANSWER_WORKING_DAYS = 10  # within which an officer answers who asked for an update, or for a second look
SILENCE = timedelta(days=60)  # after which we say that nothing has changed
MOST_SILENCES = 6  # one after the other: after a year of them only a person's word counts
REMINDER = timedelta(days=3)  # before the last day of a question
NOTICE_MARGIN = timedelta(days=3)  # before the last day of a notice, in which a letter by post still arrives
OFFICE_HOURS = range(9, 17)  # in Amsterdam: nothing that can wait goes out at night

_SPOKEN = frozenset(
    {EventKind.STATUS_CHANGED, EventKind.QUESTION_ASKED, EventKind.UPDATE_GIVEN, EventKind.CONTACTED_OFFLINE}
)  # by an officer
_NEWS = _SPOKEN | {EventKind.RECEIVED, EventKind.QUESTION_ENDED}
_WORD = _NEWS | {EventKind.NOTHING_CHANGED}
_SPEAKS_FOR_ITSELF = DECISIONS | {Status.AWAITING_REPORTER, Status.REFERRED}  # where silence means no more than was said


# An update on request


def ask_from(report: Report) -> date | None:
    """Return the first day on which the reporter may ask for an update; None while there is nothing to ask."""
    if report.status in DECISIONS or report.open_question:
        return None
    days = [day_of(event.at) + QUIET for event in report.told if event.kind in _NEWS]
    return max(days + [day_of(event.at) + BETWEEN for event in report.told if event.kind is EventKind.UPDATE_ASKED])


def update_asked(report: Report, *, at: datetime, key: str = "") -> Report:
    """Return the report in which its reporter asks how it stands; its place in the queue stays.

    Raises Conflict: `update_decided`, `update_question_open`, or `update_too_soon` with the day from which it can be asked.
    """
    if report.status in DECISIONS:
        raise Conflict("update_decided")
    first = ask_from(report)
    if first is None:
        raise Conflict("update_question_open")
    if day_of(at) < first:
        raise Conflict("update_too_soon", day=first)
    return _fitting(report.with_event(EventKind.UPDATE_ASKED, report.status, by=REPORTER, at=at, key=key))


def update_given(
    report: Report, explanation: str, *, by: Actor, at: datetime, key: str = "", text: str = "", batch: str = ""
) -> Report:
    """Return the report with an officer's word on how it stands; it answers all that its reporter asked.

    `text` names the standard text, `batch` the action on many reports that this is a part of.

    Raises Invalid for nothing said, and for a text in which something is still to be filled in.
    """
    if not explanation.strip():
        raise Invalid([FieldError("explanation", "required")])
    require_filled(explanation)
    said = {"explanation": explanation, "text": text, "key": key, "batch": batch}
    return _fitting(report.with_event(EventKind.UPDATE_GIVEN, report.status, by=by, at=at, **said))


def open_request(report: Report) -> Event | None:
    """Return the event in which the reporter asked how it stands, and to which nobody has said anything yet."""
    return _waiting(report, EventKind.UPDATE_ASKED)


def update_due_on(report: Report) -> date | None:
    """Return the day before whose end the reporter gets the update that they asked for; None when they wait for none."""
    return _answered_by(report, EventKind.UPDATE_ASKED)


# A second look at a decision


def may_contest(report: Report) -> bool:
    """True when the reporter may ask us to look again at the decision that stands: once for each."""
    decided = report.decision
    if decided is None or report.status not in OBJECTIONABLE:
        return False
    return not any(event.kind is EventKind.CONTESTED and event.number > decided.number for event in report.timeline)


def contested(report: Report, reason: str, *, at: datetime, key: str = "") -> Report:
    """Return the report in which its reporter asks us to look again, and says why. It reopens nothing by itself.

    Raises Conflict: `contest_no_decision`, `contest_twice`; Invalid for no reason.
    """
    if report.status not in OBJECTIONABLE:
        raise Conflict("contest_no_decision")
    if not may_contest(report):
        raise Conflict("contest_twice")
    if not reason.strip():
        raise Invalid([FieldError("reason", "required")])
    return _fitting(report.with_event(EventKind.CONTESTED, report.status, by=REPORTER, at=at, explanation=reason, key=key))


def contest_due_on(report: Report) -> date | None:
    """Return the day before whose end we say what the second look brought; None when nobody waits for that."""
    return _answered_by(report, EventKind.CONTESTED)


def open_contest(report: Report) -> Event | None:
    """Return the event in which the reporter asked to look again, and to which nobody has said anything yet."""
    return _waiting(report, EventKind.CONTESTED)


def _answered_by(report: Report, kind: EventKind) -> date | None:
    """Return until when what the reporter asked is answered, None when nothing waits."""
    waiting = _waiting(report, kind)
    return add_working_days(day_of(waiting.at), ANSWER_WORKING_DAYS) if waiting else None


def _waiting(report: Report, kind: EventKind) -> Event | None:
    """Return the first event of this kind since an officer spoke; None when there is none."""
    found: Event | None = None
    for event in report.told:
        if event.kind is kind:
            found = found or event
        elif event.kind in _SPOKEN and event.by.role is Role.OFFICER:
            found = None
    return found


# Word when nothing changes


def silent_on(report: Report) -> date | None:
    """Return the working day on which we say that nothing has changed; None where silence needs no word.

    None too for who does not want that, and for whom no mail reaches: nobody calls to say that nothing happened.
    """
    contact = report.contact
    if report.status in _SPEAKS_FOR_ITSELF or contact.information is not InformationWish.ALL:
        return None
    if not (contact.email and contact.usable):
        return None
    said = [event for event in report.told if event.kind in _WORD]
    last_spoken = max((event.number for event in said if event.kind is not EventKind.NOTHING_CHANGED), default=0)
    if sum(event.number > last_spoken for event in said) >= MOST_SILENCES:
        return None
    return _working_day_from(day_of(said[-1].at) + SILENCE)


def looks_again_on(report: Report) -> date | None:
    """Return the day before which we said to look again; None when the last word was not that nothing has changed."""
    last = next((event for event in reversed(report.told) if event.kind in _WORD), None)
    return silent_on(report) if last and last.kind is EventKind.NOTHING_CHANGED else None


def promised_on(report: Report) -> date | None:
    """Return the first day on which an officer is to have kept a promise; None when nothing is promised."""
    return min(filter(None, (update_due_on(report), contest_due_on(report), looks_again_on(report))), default=None)


# A reminder


def reminder_on(report: Report) -> date | None:
    """Return the working day on which we remind the reporter of the open question; None when there is no time for that."""
    asked = report.open_question
    if asked is None or any(event.kind is EventKind.REMINDED and event.question == asked.number for event in report.timeline):
        return None
    day = asked.deadline_on - REMINDER
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day if day > day_of(asked.asked_at) + timedelta(days=1) else None


# The notice of a decision


def notice_due_on(report: Report) -> date | None:
    """Return the day until which a decision must have reached its reporter in writing (the law's 14 days).

    None when it did: they read it after login, somebody told them, or its mail is known to have arrived. None too for
    who chose to hear of nothing.
    """
    decided = report.decision
    return None if decided is None or report.has_reached(decided) else notice_by(report)


def notice_by(report: Report) -> date | None:
    """Return the law's day for the notice of the decision that stands, had or not; None for who chose to hear of nothing."""
    decided = report.decision
    if decided is None or report.contact.information is InformationWish.NOTHING:
        return None
    return day_of(decided.at + WRITTEN_NOTICE)


def notice_check_on(report: Report) -> date | None:
    """Return the day on which it is looked up whether the notice arrived: when a letter by post would still be in time."""
    due, decided = notice_due_on(report), report.decision
    return due - NOTICE_MARGIN if due and decided and report.missing_number < decided.number else None


# All that the agenda keeps


def due_on(report: Report, deadlines: Deadlines) -> date | None:
    """Return the first day on which the system has something to do for this report, None when never."""
    days = (report.due_on(deadlines), silent_on(report), reminder_on(report), notice_check_on(report))
    return min(filter(None, days), default=None)


def may_speak_at(at: datetime) -> bool:
    """True on working days within office hours: what the system says by itself disturbs nobody's night or Sunday."""
    return is_working_day(day_of(at)) and at.astimezone(AMSTERDAM).hour in OFFICE_HOURS


def kept(report: Report, *, at: datetime) -> Report:
    """Return the report with the word that is due at this moment; unchanged when none is."""
    asked, today = report.open_question, day_of(at)
    if not may_speak_at(at):
        return report
    if asked and _is_due(reminder_on(report), today) and today <= asked.deadline_on:
        return report.with_event(EventKind.REMINDED, report.status, by=SYSTEM, at=at, question=asked.number)
    if _is_due(silent_on(report), today):
        return report.with_event(EventKind.NOTHING_CHANGED, report.status, by=SYSTEM, at=at)
    return report


def _fitting(report: Report) -> Report:
    report.require_within_size_limit()
    return report


def _is_due(day: date | None, today: date) -> bool:
    return day is not None and day <= today


def _working_day_from(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def read(report: Report, *, at: datetime) -> Report:
    """Return the report as read by its reporter after login; unchanged when they read all of its news before."""
    news = max((event.number for event in report.told if event.by.role is not Role.REPORTER), default=0)
    return replace(report, read_number=news, read_at=at) if news > report.read_number else report
