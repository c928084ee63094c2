"""A report as its reader sees it: answers with their labels, and the timeline in plain words. Pure.

Remarks, staff ids and the desk's own events are not in anything made here; the desk's page adds them itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.core.language import N_, Language, translate
from chalicelib.forms.answer_lines import Line, lines
from chalicelib.people.model import StaffRole
from chalicelib.reports.additions import Addition
from chalicelib.reports.contact import Hours
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Channel, Event, EventKind
from chalicelib.reports.model import Report
from chalicelib.reports.statuses import WORDS

EVENT_WORDS: Mapping[EventKind, str] = {
    EventKind.RECEIVED: N_("We have received your report"),
    EventKind.QUESTION_ASKED: N_("We asked you a question"),
    EventKind.QUESTION_ANSWERED: N_("You answered our question"),
    EventKind.QUESTION_ENDED: N_("The time to answer our question was over. We went on with your report"),
    EventKind.WISHES_CHANGED: N_("You changed what you want to hear about"),
    EventKind.CONTACT_CHANGED: N_("You changed your details"),
    EventKind.SURVEY_INVITED: N_("We asked you what you think of our service"),
    EventKind.ADDED: N_("You told us something more"),
    EventKind.CORRECTED: N_("You corrected something"),
    EventKind.GOODS_FOUND: N_("You told us that something was found again"),
    EventKind.ADDRESS_UNUSABLE: N_("Our e-mail did not arrive"),
    EventKind.CONTACTED_OFFLINE: N_("We told you the news by telephone or letter"),
    EventKind.UPDATE_ASKED: N_("You asked how your case is going"),
    EventKind.CONTESTED: N_("You asked us to look at our decision again"),
    EventKind.UPDATE_GIVEN: N_("News about your case"),
    EventKind.NOTHING_CHANGED: N_("Nothing has changed yet. Your report is still with us"),
    EventKind.REMINDED: N_("We reminded you of our question"),
}
HOUR_WORDS: Mapping[Hours, str] = {
    Hours.ANY: N_("At any time"),
    Hours.DAY: N_("Only between 9:00 and 17:00"),
    Hours.MORNING: N_("Only in the morning, between 9:00 and 12:00"),
    Hours.AFTERNOON: N_("Only in the afternoon, between 12:00 and 17:00"),
    Hours.EVENING: N_("Only in the evening, between 17:00 and 21:00"),
}
CHANNEL_WORDS: Mapping[Channel, str] = {  # where a report was received; online goes without saying
    Channel.ONLINE: "",
    Channel.DESK: N_("at a police station"),
}
STAFF_WORDS: Mapping[str, str] = {
    StaffRole.READER: N_("employee who may read reports"),
    StaffRole.HANDLER: N_("employee who handles reports"),
    StaffRole.DESK: N_("employee of the service desk"),
    StaffRole.SUPERVISOR: N_("team leader"),
    StaffRole.AUDITOR: N_("employee who checks who looks at reports"),
    StaffRole.REGISTRY: N_("the police's own system, to make the official report"),
}
QUESTION_END_WORDS: Mapping[str, str] = {
    "answered": N_("You answered this question"),
    "expired": N_("The time to answer was over. We went on without your answer"),
    "replaced": N_("We asked a newer question in its place"),
}


@dataclass(frozen=True, slots=True)
class Block:
    """The answers under one heading; `name` is the part of the report that asked for them."""

    name: str
    title: str
    lines: tuple[Line, ...]


def reporter_name(report: Report) -> str:
    """Return how the reporter is called, as they wrote it; some have one name."""
    answers = report.statement.answers
    return " ".join(filter(None, (answers.get("givenNames"), answers.get("familyName"))))


def blocks(kind: str, answers: Mapping[str, Any], language: Language) -> tuple[Block, ...]:
    """Return what was answered, in the order of the form; what was left empty is not shown."""
    parts = KINDS[kind].sections
    found = (Block(part.name, translate(part.title, language), lines(part.questions, answers, language)) for part in parts)
    return tuple(block for block in found if block.lines)


def event_words(event: Event) -> str:
    """Return the message that tells the reporter of an event: a new status is told by its own name."""
    return EVENT_WORDS.get(event.kind) or WORDS[event.status].name


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline for its reporter. `to` is where the page tells it in full, `files` how many came along."""

    words: str
    at: datetime
    explanation: str
    to: str = ""
    files: int = 0


def timeline(report: Report) -> tuple[Moment, ...]:
    """Return the timeline, the oldest first; what was asked, answered and added leads to its text."""
    additions = iter(report.additions)  # each addition has one event, in the same order
    return tuple(_moment(event, report, next(additions) if event.kind in _ADDED else None) for event in report.told)


_ADDED = frozenset({EventKind.ADDED, EventKind.CORRECTED, EventKind.GOODS_FOUND})


def _moment(event: Event, report: Report, addition: Addition | None) -> Moment:
    words = event_words(event)
    if addition:
        return Moment(words, event.at, event.explanation, f"addition-{addition.number}", len(addition.evidence))
    asked = next((one for one in report.questions if one.number == event.question and not one.is_open), None)
    if asked:
        files = len(asked.evidence) if event.kind is EventKind.QUESTION_ANSWERED else 0
        return Moment(words, event.at, event.explanation, f"question-{asked.number}", files)
    return Moment(words, event.at, event.explanation, files=len(report.statement.evidence) if event.number == 1 else 0)


def reason(report: Report) -> str:
    """Return the explanation of the last change of status, empty when none was given."""
    return next((e.explanation for e in reversed(report.told) if e.kind is EventKind.STATUS_CHANGED), "")
