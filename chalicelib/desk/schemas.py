"""The JSON that the API takes and gives at the desk. The officers' pages read their forms with the same models."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema, field_validator

from chalicelib.core.language import Language, translate
from chalicelib.desk.foresight import Foresight
from chalicelib.desk.masks import ContactView, answers_of
from chalicelib.forms.dates import read_date
from chalicelib.forms.places import units
from chalicelib.forms.schemas import DAY, SEEN, SEEN_AND_PRINTED
from chalicelib.forms.text import BadInput
from chalicelib.letters.undoing import Undoable
from chalicelib.people.permissions import LookReason
from chalicelib.reports import corrections, queue
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Event, OfflineMeans, Rank
from chalicelib.reports.information_request import CHOICE_LENGTH, MOST_CHOICES, MOST_PARTS, QUESTION_LENGTH, AnswerSort, Part
from chalicelib.reports.model import EXPLANATION_LENGTH, REGISTRATION_NUMBER, Change, Report
from chalicelib.reports.queue import Flag
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import Page, ReportLine
from chalicelib.reports.tasks import Task
from chalicelib.web.report_schemas import (
    Cursor,
    EventOut,
    LineOut,
    LongText,
    NumberText,
    QuestionOut,
    ReportOut,
    StatusOut,
    as_told,
)
from chalicelib.web.schema import JSON, Body, Out


def _unit(value: str) -> str:
    if value not in units():
        raise ValueError("not_a_choice")
    return value


def _of_units(schema: dict[str, Any]) -> None:
    schema["enum"] = list(units())


_OLD = "Why you look. Deprecated: send the header `Look-Reason` instead, because addresses are kept in too many places."
_OLD_SCHEMA = {"type": "string", "enum": [reason.value for reason in LookReason], "deprecated": True}
ReasonInAddress = Annotated[LookReason | None, WithJsonSchema(_OLD_SCHEMA), Field(description=_OLD, examples=["handling"])]


class ReasonQuery(Body):
    """Why the officer looks, and whether to see how the reporter is reached."""

    reason: ReasonInAddress = None
    contact: ContactView = Field(
        ContactView.COVERED,
        description="`shown` uncovers address, birth, e-mail and telephone; for who may reach reporters, and on record.",
        examples=["covered"],
    )


_SEEN: dict[str, Any] = {"pattern": SEEN_AND_PRINTED}
MARK = "The standard text that the explanation came from: its `mark`, kept with the event"
TEXT_MARK = "^((STD-[0-9]{3}|TXT(-[A-Z0-9]{4}){2})-[0-9]{1,5})?$"
NO_TEXT = "none"  # as a form says that none was chosen


def text_mark(value: str) -> str:
    """Read which standard text was chosen, empty for none. Raises ValueError."""
    mark = "" if value == NO_TEXT else value
    if not re.fullmatch(TEXT_MARK, mark):
        raise ValueError("not_a_choice")
    return mark


class StatusChange(Body):
    """A report to another status. `version` is what the officer saw; `explanation` is for the reporter, `remark` is not."""

    status: Status = Field(examples=["checked"])
    version: int = Field(ge=1, examples=[1])
    explanation: LongText = Field("", max_length=EXPLANATION_LENGTH, examples=["Wij hebben geen aanknopingspunten gevonden."])
    remark: LongText = Field("", max_length=EXPLANATION_LENGTH, examples=["Gebeld met de winkel."])
    registration_number: NumberText = Field(
        "", max_length=20, examples=["PL0100-2016123456"], json_schema_extra={"pattern": f"^({REGISTRATION_NUMBER.pattern})?$"}
    )

    text: str = Field("", max_length=30, examples=["STD-001-1"], description=MARK, json_schema_extra={"pattern": TEXT_MARK})

    _check_text = field_validator("text")(text_mark)

    def change(self, key: str) -> Change:
        """Return the change that was asked for, under the digest of the request's idempotency key."""
        return Change(self.status, self.explanation, self.remark, self.registration_number, key, self.text)


class Correction(Body):
    """A report back to an earlier status. `explanation` is for the reporter, who reads what went wrong; `remark` is not."""

    status: Status = Field(examples=["received"])
    version: int = Field(ge=1, examples=[1])
    explanation: LongText = Field("", max_length=EXPLANATION_LENGTH, examples=["Wij hadden ons vergist. U hoeft niets te doen."])
    remark: LongText = Field("", max_length=EXPLANATION_LENGTH, examples=["Verkeerde aangifte open."])

    def change(self, key: str) -> Change:
        """Return the change that was asked for, under the digest of the request's idempotency key."""
        return Change(self.status, self.explanation, self.remark, key=key)


class NumberCorrection(Body):
    """The right police number, and for officers why the other one was wrong."""

    registration_number: NumberText = Field(
        max_length=20, examples=["PL0100-2016123456"], json_schema_extra={"pattern": f"^{REGISTRATION_NUMBER.pattern}$"}
    )
    reason: LongText = Field(min_length=1, max_length=EXPLANATION_LENGTH, examples=["Twee cijfers verwisseld."])
    version: int = Field(ge=1, examples=[1])


class Undo(Body):
    """The act to take back: the number of its event in the timeline. `version` is what the officer saw."""

    number: int = Field(ge=2, examples=[2])
    version: int = Field(ge=1, examples=[2])


class NewNote(Body):
    """A note that only officers read."""

    note: LongText = Field(min_length=1, max_length=EXPLANATION_LENGTH, json_schema_extra=_SEEN, examples=["De bank is gebeld."])


class TaskChange(Body):
    """A task of a report, to open or to note as done; `remark` is for officers alone."""

    task: Task = Field(examples=["camera_images"])
    remark: LongText = Field("", max_length=EXPLANATION_LENGTH, examples=["De winkel bewaart de beelden."])


class TaskForm(Body):
    """A task to open, as the page of a report asks for it."""

    new_task: Task
    new_remark: LongText = Field("", max_length=EXPLANATION_LENGTH)


class DoneForm(Body):
    """A task that was done, as the page of a report asks for it."""

    done_task: Task
    done_remark: LongText = Field("", max_length=EXPLANATION_LENGTH)


class TasksQuery(Body):
    """Which reports of a unit have a task open: any, or one."""

    unit: str = Field(description="The police unit, by its name", examples=["Noord-Nederland"], json_schema_extra=_of_units)
    task: Annotated[Task | None, WithJsonSchema({"type": "string", "enum": [task.value for task in Task]})] = Field(
        None, description="The task; without it, any", examples=["victim_support"]
    )
    cursor: Cursor = ""

    _check_unit = field_validator("unit")(_unit)


class ToldOtherwise(Body):
    """How the reporter was told. `version` is what the officer saw."""

    how: OfflineMeans = Field(examples=["phone"])
    version: int = Field(ge=1, examples=[1])


_DEADLINE_YEARS = range(2000, 2100)  # of which a deadline may name the last two digits
_EXAMPLE = [
    {"sort": "text", "text": "Was het slot nog heel?"},
    {"sort": "choice", "text": "Hoeveel sleutels hebt u nog?", "choices": ["Geen", "Eén", "Twee"]},
]


def _lines(value: object, info: ValidationInfo) -> object:
    """A form has one choice a line."""
    return (
        [line.strip() for line in value.splitlines() if line.strip()]
        if isinstance(value, str) and info.context != JSON
        else value
    )


_CHOICES: dict[str, Any] = {
    "minItems": 2,
    "maxItems": MOST_CHOICES,
    "uniqueItems": True,
    "items": {"maxLength": CHOICE_LENGTH, "pattern": SEEN},
}


class NewPart(Body):
    """One of the questions of a request. `choices` belong to the sort `choice`: 2 to 10 texts to choose from."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["sort"], "properties": {"sort": {"const": "choice"}}},
            "then": {"required": ["choices"], "properties": {"choices": _CHOICES}},
        }
    )

    sort: AnswerSort = Field(AnswerSort.TEXT, examples=["choice"])
    text: LongText = Field(min_length=1, max_length=QUESTION_LENGTH, json_schema_extra=_SEEN, examples=["Was het slot nog heel?"])
    choices: Annotated[tuple[LongText, ...], BeforeValidator(_lines)] = Field((), examples=[["Ja", "Nee"]], validate_default=True)

    @field_validator("choices")
    @classmethod
    def _check_choices(cls, choices: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if info.data.get("sort") is not AnswerSort.CHOICE:
            return ()
        if not 1 < len(choices) <= MOST_CHOICES or len(set(choices)) < len(choices):
            raise ValueError("choices")
        if not all(0 < len(choice) <= CHOICE_LENGTH for choice in choices):
            raise ValueError("choices")
        return choices

    def part(self) -> Part:
        return Part(self.text, self.sort, self.choices)


_FILES_ONCE: dict[str, Any] = {
    "contains": {"required": ["sort"], "properties": {"sort": {"const": "files"}}},
    "minContains": 0,
    "maxContains": 1,
}


class NewQuestion(Body):
    """A request to the reporter: `text` explains the `questions`, or is itself the question when there are none.

    Files can be asked for once. Without `deadlineOn` the usual term applies.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"not": {"required": ["questions"], "properties": {"questions": {"minItems": 1}}}},
            "then": {"required": ["text"], "properties": {"text": {"minLength": 1, "pattern": SEEN}}},
        }
    )

    questions: tuple[NewPart, ...] = Field((), max_length=MOST_PARTS, examples=[_EXAMPLE], json_schema_extra=_FILES_ONCE)
    text: LongText = Field("", max_length=QUESTION_LENGTH, examples=["Wij willen nog iets weten."])
    standard_text: str = Field(
        "", max_length=30, examples=["STD-012-1"], description=MARK, json_schema_extra={"pattern": TEXT_MARK}
    )
    version: int = Field(ge=1, examples=[1])
    deadline_on: Annotated[date | None, WithJsonSchema({"type": "string", "format": "date", "pattern": DAY})] = Field(
        None, examples=["2016-07-20"]
    )

    @field_validator("questions")
    @classmethod
    def _check_files(cls, questions: tuple[NewPart, ...]) -> tuple[NewPart, ...]:
        if sum(question.sort is AnswerSort.FILES for question in questions) > 1:
            raise ValueError("files_once")
        return questions

    _check_text = field_validator("standard_text")(text_mark)

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(question.part() for question in self.questions)

    @field_validator("deadline_on", mode="before")
    @classmethod
    def _read_deadline(cls, value: object) -> object:
        if value is None or value == "":
            return None
        try:
            return read_date(value, _DEADLINE_YEARS)
        except BadInput as refused:
            raise ValueError(refused.code) from None


class TaskLineOut(LineOut):
    """A report in the list of tasks."""

    tasks: tuple[Task, ...]

    @classmethod
    def of(cls, line: ReportLine) -> "TaskLineOut":
        return cls(**LineOut.of(line).model_dump(), tasks=line.tasks)


class TasksOut(Out):
    """A page of the reports on which a task is open; `nextCursor` is null on the last one."""

    reports: tuple[TaskLineOut, ...]
    next_cursor: str | None

    @classmethod
    def of_page(cls, page: Page) -> "TasksOut":
        return cls(reports=tuple(map(TaskLineOut.of, page.lines)), next_cursor=page.next_cursor or None)


class DeskEventOut(EventOut):
    """A line of the timeline, as officers see it."""

    officer: str
    remark: str

    @classmethod
    def of(cls, event: Event) -> "DeskEventOut":
        return cls(**EventOut.of(event).model_dump(), officer=event.by.id, remark=event.remark)


class UndoableOut(Out):
    """The act that can be undone, by the number of its event, and until when: its letter waits so long."""

    number: int
    until: datetime


class MailOut(Out):
    """A mail as its reader will get it, with its codes covered, and when."""

    goes_at: datetime
    subject: str
    text: str


class CheckOut(Out):
    """The outcome of a change, of which nothing was done. `reads` is in the reporter's language.

    `mail` is null when none goes out, and `noMailBecause` says why. `mustBeTold`: somebody must call or write.
    """

    language: Language
    reads: StatusOut
    explanation: str
    mail: MailOut | None
    no_mail_because: str | None
    must_be_told: bool
    survey_on: date | None
    undo_until: datetime

    @classmethod
    def of(cls, status: Status, found: Foresight, language: Language) -> "CheckOut":
        mail = (
            MailOut(goes_at=found.goes_at, subject=found.mail.subject, text=found.mail.text)
            if found.mail and found.goes_at
            else None
        )
        return cls(
            language=found.language,
            reads=StatusOut(code=status, name=found.name, meaning=found.meaning, next=found.next),
            explanation=found.explanation,
            mail=mail,
            no_mail_because=translate(found.why_not, language) or None,
            must_be_told=found.must_be_told,
            survey_on=found.survey_on,
            undo_until=found.undo_until,
        )


class DeskReportOut(ReportOut):
    """A report as officers see it: with remarks, and with the statuses to which it can go.

    `corrections` are the earlier statuses to which a correction may take it back; `undoable` is null when nothing can be undone.
    `assignee`, `rank`, `jointCase`, `dueOn`, `freshAt` and `flags` are as in a line of a list.
    """

    timeline: tuple[DeskEventOut, ...]
    next_statuses: tuple[Status, ...]
    can_be_asked: bool
    corrections: tuple[Status, ...]
    undoable: UndoableOut | None
    open_tasks: tuple[Task, ...]
    assignee: str | None
    rank: Rank
    joint_case: str | None
    due_on: date | None
    fresh_at: datetime | None
    flags: tuple[Flag, ...]

    @classmethod
    def of_desk(
        cls, report: Report, language: Language, *, is_open: bool = False, undoable: Undoable | None = None
    ) -> "DeskReportOut":
        """Return the report as an officer sees it; `is_open` when they uncovered how to reach its reporter."""
        shared = ReportOut.of(report, language).model_dump() | {
            "timeline": tuple(map(DeskEventOut.of, report.timeline)),
            "questions": tuple(map(QuestionOut.of, report.questions)),
            "answers": as_told(KINDS[report.kind].questions, answers_of(report, is_open=is_open)),
        }
        return cls(
            **shared,
            next_statuses=report.next_statuses(),
            can_be_asked=report.can_be_asked,
            open_tasks=report.open_tasks,
            assignee=report.assignee or None,
            rank=report.rank,
            joint_case=report.joint_case or None,
            due_on=queue.due_on(report),
            fresh_at=queue.fresh_at(report),
            flags=queue.flags(report),
            corrections=corrections.corrections(report),
            undoable=UndoableOut(number=undoable.act.number, until=undoable.until) if undoable else None,
        )
