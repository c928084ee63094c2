"""The JSON that the API takes and gives about reports. The same models read, answer, and make the OpenAPI document."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, JsonValue

from chalicelib.core.language import Language, translate
from chalicelib.forms import schemas
from chalicelib.forms.questions import Input, Question
from chalicelib.forms.text import BadInput, clean, code
from chalicelib.reports import promises
from chalicelib.reports.additions import FILES
from chalicelib.reports.contact import InformationWish
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Event, EventKind, Role
from chalicelib.reports.information_request import AnswerSort, SupplementaryQuestion, name_of
from chalicelib.reports.model import Report
from chalicelib.reports.statement import Attachment
from chalicelib.reports.statuses import WORDS, Status
from chalicelib.reports.store import Page, ReportLine
from chalicelib.surveys import calls
from chalicelib.web.request import BODY_LIMIT
from chalicelib.web.schema import Out


def _long_text(value: object) -> str:
    try:
        return clean(value, BODY_LIMIT, lines=True)  # how long it may be, each field says
    except BadInput as refused:
        raise ValueError(refused.code) from None


def _number(value: object) -> str:
    try:
        return code(value, BODY_LIMIT).upper()
    except BadInput as refused:
        raise ValueError(refused.code) from None


NumberText = Annotated[str, BeforeValidator(_number)]  # a number that somebody copied from elsewhere
Cursor = Annotated[
    str,
    Field(
        max_length=60,
        description="Where the page begins: the `nextCursor` of the page before it, empty for the first",
        json_schema_extra={"pattern": "^([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}-[0-9]{16,17})?$"},
    ),
]
LongText = Annotated[
    str, BeforeValidator(_long_text), Field(json_schema_extra={"pattern": schemas.PRINTED})
]  # every free text that people will read, cleaned as in a report


def as_told(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as the API takes them: amounts, which are kept in cents, in euros again."""
    asked = {question.name: question for question in questions}
    return {name: _as_told(asked.get(name), answer) for name, answer in answers.items()}


def _as_told(question: Question | None, answer: Any) -> Any:
    if question is not None and question.input is Input.MONEY:
        return answer / 100
    if question is not None and question.input is Input.ROWS:
        return [as_told(question.rows, row) for row in answer]
    return answer


class StatusOut(Out):
    """A status: its code, and the words for it in the reader's language."""

    code: Status
    name: str
    meaning: str
    next: str

    @classmethod
    def of(cls, status: Status, language: Language) -> "StatusOut":
        words = WORDS[status]
        name, meaning, following = (translate(text, language) for text in (words.name, words.meaning, words.next))
        return cls(code=status, name=name, meaning=meaning, next=following)


class EventOut(Out):
    """A line of the timeline, as the reporter sees it: no remark, and no officer's name."""

    number: int
    kind: EventKind
    at: datetime
    by: Role
    status: Status
    explanation: str
    question: int | None

    @classmethod
    def of(cls, event: Event) -> "EventOut":
        return cls(
            number=event.number,
            kind=event.kind,
            at=event.at,
            by=event.by.role,
            status=event.status,
            explanation=event.explanation,
            question=event.question or None,
        )


class PartOut(Out):
    """One question of a request. `choices` are the texts of the numbers 1, 2, … with which a choice is answered."""

    name: str
    sort: AnswerSort
    text: str
    choices: tuple[str, ...]


class FileOut(Out):
    """A file that was sent along, as it was confirmed."""

    id: str
    name: str
    kind: str
    size: int
    sha256: str

    @classmethod
    def of(cls, file: Attachment) -> "FileOut":
        return cls(id=file.id, name=file.name, kind=file.kind, size=file.size, sha256=file.sha256)


class QuestionOut(Out):
    """A request of the police and what came of it. `answers` are by name of the question."""

    number: int
    explanation: str
    parts: tuple[PartOut, ...]
    asked_at: datetime
    deadline_on: date
    state: Literal["open", "answered", "expired", "replaced"]
    answers: dict[str, JsonValue]
    files: tuple[FileOut, ...]

    @classmethod
    def of(cls, question: SupplementaryQuestion) -> "QuestionOut":
        return cls(
            number=question.number,
            explanation=question.explanation,
            parts=tuple(
                PartOut(name=name_of(place), sort=part.sort, text=part.text, choices=part.choices)
                for place, part in enumerate(question.parts)
            ),
            asked_at=question.asked_at,
            deadline_on=question.deadline_on,
            state=question.end or "open",  # type: ignore[arg-type]
            answers={name: value for name, value in question.answers.items() if name != FILES},
            files=tuple(map(FileOut.of, question.evidence)),
        )


class LineOut(Out):
    """A report in a list."""

    reference: str
    registration_number: str | None
    kind: str
    unit: str
    status: Status
    filed_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, line: ReportLine) -> "LineOut":
        return cls(
            reference=line.reference,
            registration_number=line.registration_number or None,
            kind=line.kind,
            unit=line.unit,
            status=line.status,
            filed_at=line.filed_at,
            changed_at=line.changed_at,
        )


class PageOut(Out):
    """A page of a list; `nextCursor` is null on the last one."""

    reports: tuple[LineOut, ...]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page) -> "PageOut":
        return cls(reports=tuple(map(LineOut.of, page.lines)), next_cursor=page.next_cursor or None)


class ReportOut(Out):
    """A report as its reporter sees it.

    `updateFrom` is the first day on which an update can be asked for (null: nothing to ask), `updateBy` and `contestBy` the
    last days on which the police answer what was asked (null: nothing was). `callAskedOn` is when a call about how they were kept
    informed was asked for (null: none is waited for).
    """

    reference: str
    registration_number: str | None
    kind: str
    unit: str
    municipality: str
    status: StatusOut
    version: int
    filed_at: datetime
    changed_at: datetime
    answers: dict[str, JsonValue]
    sha256: str
    information: InformationWish
    survey: bool
    timeline: tuple[EventOut, ...]
    questions: tuple[QuestionOut, ...]
    update_from: date | None
    update_by: date | None
    may_contest: bool
    contest_by: date | None
    call_asked_on: date | None

    @classmethod
    def of(cls, report: Report, language: Language) -> "ReportOut":
        return cls(
            reference=report.reference,
            registration_number=report.registration_number or None,
            kind=report.kind,
            unit=report.unit,
            municipality=report.municipality,
            status=StatusOut.of(report.status, language),
            version=report.version,
            filed_at=report.filed_at,
            changed_at=report.changed_at,
            answers=as_told(KINDS[report.kind].questions, report.statement.answers),
            sha256=report.statement.sha256,
            information=report.contact.information,
            survey=report.contact.survey,
            timeline=tuple(map(EventOut.of, report.told)),
            questions=tuple(map(QuestionOut.of, report.told_questions)),
            update_from=promises.ask_from(report),
            update_by=promises.update_due_on(report),
            may_contest=promises.may_contest(report),
            contest_by=promises.contest_due_on(report),
            call_asked_on=calls.asked_on(report),
        )
