"""The JSON that programs send about reports, and the kinds they may file."""

from typing import Annotated, Any

from pydantic import Field, JsonValue, WithJsonSchema

from chalicelib.citizen.following import kind_schemas
from chalicelib.forms import schemas
from chalicelib.reports.contact import InformationWish
from chalicelib.reports.crimes import KINDS, CrimeKind
from chalicelib.reports.information_request import ANSWER_LENGTH
from chalicelib.web.report_schemas import Cursor
from chalicelib.web.schema import Body, Out


class NewReport(Body):
    """A report to file. `answers` follow the questions of its kind; `truth`: I know that a false report is a crime."""

    kind: str
    answers: dict[str, JsonValue]
    truth: bool = False

    @classmethod
    def examples(cls) -> dict[str, dict[str, Any]]:
        return {code: example_of(kind) for code, kind in KINDS.items()}

    @classmethod
    def schemas(cls) -> dict[str, dict[str, Any]]:
        return kind_schemas.schemas_of(tuple(KINDS.values()), cls.__name__)


def example_of(kind: CrimeKind) -> dict[str, Any]:
    """Return a valid NewReport of a kind, made from the examples of its questions."""
    answers: dict[str, Any] = {}
    for question in kind.questions:
        if question.asked(answers):
            answers[question.name] = question.example
    return {"kind": kind.code, "answers": answers, "truth": True}


_ANSWER = {"type": "string", "maxLength": ANSWER_LENGTH, "pattern": schemas.PRINTED}  # nothing (null) counts as left out
Answer = Annotated[JsonValue, WithJsonSchema(_ANSWER)]  # read by its question


class AnswerToQuestion(Body):
    """The reporter's answers to a request: each under the name of its question (`questions[].parts[].name` of the report).

    A text is answered with a text, a choice with its number, a date with a date. Files are sent on the page.
    """

    question: int = Field(ge=1, examples=[1])
    answer: Answer = Field(None, examples=["Ja, het slot is doorgeknipt."])
    answer2: Answer = None
    answer3: Answer = None
    answer4: Answer = None
    answer5: Answer = None

    @property
    def answers(self) -> dict[str, JsonValue]:
        """The answers, by name."""
        given = self.model_dump(exclude={"question"})
        return {name: value for name, value in given.items() if value is not None}


class Wishes(Body):
    """What the reporter wants to hear about this report."""

    information: InformationWish = Field(examples=["decisions"])
    survey: bool = Field(examples=[True])


class CursorQuery(Body):
    """Which page of a list."""

    cursor: Cursor = ""


class KindOut(Out):
    """A kind of crime that can be reported online."""

    code: str
    crime: str
    name: str


class KindsOut(Out):
    """All kinds that can be reported online now."""

    kinds: tuple[KindOut, ...]
