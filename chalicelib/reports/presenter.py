"""A report as its reader sees it: answers with their labels, and the timeline in plain words. Pure.

Remarks and staff ids are not in anything made here; the desk's page adds them itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.core.language import Language, long_date, long_time, mark, money, translate
from chalicelib.forms.places import municipalities
from chalicelib.forms.questions import Input, Question
from chalicelib.identity.model import StaffRole
from chalicelib.reports.additions import Addition
from chalicelib.reports.contact import Hours
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Event, EventKind, Report
from chalicelib.reports.statuses import WORDS

YES, NO = mark("Yes"), mark("No")

EVENT_WORDS: Mapping[EventKind, str] = {
    EventKind.RECEIVED: mark("We have received your report"),
    EventKind.QUESTION_ASKED: mark("We asked you a question"),
    EventKind.QUESTION_ANSWERED: mark("You answered our question"),
    EventKind.QUESTION_ENDED: mark("The time to answer our question was over. We went on with your report"),
    EventKind.WISHES_CHANGED: mark("You changed what you want to hear about"),
    EventKind.CONTACT_CHANGED: mark("You changed your details"),
    EventKind.SURVEY_INVITED: mark("We asked you what you think of our service"),
    EventKind.ADDED: mark("You told us something more"),
    EventKind.CORRECTED: mark("You corrected something"),
    EventKind.GOODS_FOUND: mark("You told us that something was found again"),
    EventKind.ADDRESS_UNUSABLE: mark("Our e-mail did not arrive"),
    EventKind.TOLD_OTHERWISE: mark("We told you the news by telephone or letter"),
}
HOUR_WORDS: Mapping[Hours, str] = {
    Hours.ANY: mark("At any time"),
    Hours.DAY: mark("Only between 9:00 and 17:00"),
    Hours.MORNING: mark("Only in the morning, between 9:00 and 12:00"),
    Hours.AFTERNOON: mark("Only in the afternoon, between 12:00 and 17:00"),
    Hours.EVENING: mark("Only in the evening, between 17:00 and 21:00"),
}
STAFF_WORDS: Mapping[str, str] = {
    StaffRole.READER: mark("employee who may read reports"),
    StaffRole.HANDLER: mark("employee who handles reports"),
    StaffRole.DESK: mark("employee of the service desk"),
    StaffRole.SUPERVISOR: mark("team leader"),
    StaffRole.AUDITOR: mark("employee who checks who looks at reports"),
    StaffRole.REGISTRY: mark("the police's own system, to make the official report"),
}
QUESTION_END_WORDS: Mapping[str, str] = {
    "answered": mark("You answered this question"),
    "expired": mark("The time to answer was over. We went on without your answer"),
    "replaced": mark("We asked a newer question in its place"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: `name` is the field, `label` and `text` are in the reader's language; rows hold lines of their own."""

    name: str
    label: str
    text: str = ""
    rows: tuple[tuple["Line", ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """The answers under one heading; `name` is the part of the report that asked for them."""

    name: str
    title: str
    lines: tuple[Line, ...]


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
    return tuple(_moment(event, report, next(additions) if event.kind in _ADDED else None) for event in report.timeline)


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
    return next((e.explanation for e in reversed(report.timeline) if e.kind is EventKind.STATUS_CHANGED), "")


def lines(questions: tuple[Question, ...], answers: Mapping[str, Any], language: Language, prefix: str = "") -> tuple[Line, ...]:
    """Return what was answered, in the order of the questions."""
    return tuple(_line(q, answers[q.name], language, prefix + q.name) for q in questions if q.name in answers)


def _line(question: Question, answer: Any, language: Language, name: str) -> Line:
    label = translate(question.label, language)
    if question.input is not Input.ROWS:
        return Line(name, label, _RENDERED.get(question.input, _plain)(answer, question, language))
    rows = tuple(lines(question.rows, row, language, f"{name}.{number}.") for number, row in enumerate(answer))
    return Line(name, label, rows=rows)


def _plain(answer: Any, _question: Question, _language: Language) -> str:
    return str(answer)


def _choice(answer: Any, question: Question, language: Language) -> str:
    labels = {choice.value: choice.label for choice in question.choices}
    return translate(labels.get(answer, str(answer)), language)  # an answer of an older edition of the form stays readable


def _choices(answer: Any, question: Question, language: Language) -> str:
    return "; ".join(_choice(one, question, language) for one in answer)


def _yes_no(answer: Any, _question: Question, language: Language) -> str:
    return translate(YES if answer else NO, language)


def _municipality(answer: Any, _question: Question, _language: Language) -> str:
    place = municipalities().get(answer)
    return place.name if place else str(answer)


def _date(answer: Any, _question: Question, language: Language) -> str:
    return long_date(date.fromisoformat(answer), language)


_RENDERED: Mapping[Input, Callable[[Any, Question, Language], str]] = {
    Input.CHOICE: _choice,
    Input.CHOICES: _choices,
    Input.YES_NO: _yes_no,
    Input.TICK: _yes_no,
    Input.DATE: _date,
    Input.DAY: _date,
    Input.MOMENT: lambda answer, _, language: long_time(datetime.fromisoformat(answer), language),
    Input.MONEY: lambda answer, _, language: money(answer, language),
    Input.MUNICIPALITY: _municipality,
}
