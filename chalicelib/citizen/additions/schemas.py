"""The JSON that the API takes and gives about additions."""

from datetime import datetime
from typing import Any

from pydantic import Field, JsonValue

from chalicelib.forms.inputs import object_schema
from chalicelib.reports.addition_form import ANYTHING, SORTS, evidence_questions
from chalicelib.reports.additions import FILES, Addition, Sort
from chalicelib.reports.crimes import KINDS
from chalicelib.web.report_schemas import FileOut
from chalicelib.web.schema import Body, Out, one_of, reference_to


class NewAddition(Body):
    """What to add. `answers` follow the questions of its sort: `text`; `part`, `text`; or `goods` (or `what`), `foundOn`, …."""

    sort: Sort = Field(examples=["more"])
    answers: dict[str, JsonValue] = Field(examples=[{"text": "De buurvrouw heeft een witte bus gezien."}])

    @classmethod
    def schemas(cls) -> dict[str, dict[str, Any]]:
        told = {sort.value: _of_sort(sort) for sort in Sort}
        answers = {f"{sort.capitalize()}AdditionAnswers": _answers_to(sort) for sort in Sort}
        names = {sort: f"{sort.capitalize()}Addition" for sort in told}
        return {
            cls.__name__: one_of(names, "sort", "Something to add: `sort` says which of these it is."),
            **{names[sort]: schema for sort, schema in told.items()},
            **answers,
        }


def _of_sort(sort: Sort) -> dict[str, Any]:
    return {
        "title": f"{sort.capitalize()}Addition",
        "description": SORTS[sort].title,
        "type": "object",
        "properties": {
            "sort": {"type": "string", "const": sort.value},
            "answers": reference_to(f"{sort.capitalize()}AdditionAnswers"),
        },
        "required": ["sort", "answers"],
        "additionalProperties": False,
    }


def _answers_to(sort: Sort) -> dict[str, Any]:
    """The choices depend on the report: its own parts, and the goods that it lists. A report that lists none asks `what`."""
    schema = object_schema(SORTS[sort].questions)
    if sort is Sort.WRONG:
        schema["properties"]["part"] |= {"enum": sorted({part.name for kind in KINDS.values() for part in kind.sections})}
    if sort is Sort.FOUND:
        schema["properties"]["goods"] |= {"items": _NUMBER}
        schema["properties"] |= object_schema((ANYTHING,))["properties"]
        schema["required"].remove("goods")
        schema |= {"if": {"not": {"required": ["goods"]}}, "then": {"required": ["what"]}}
    else:  # numbers and addresses: those that the kind of the report asks
        schema["properties"] |= object_schema(tuple({q.name: q for kind in KINDS for q in evidence_questions(kind)}.values()))[
            "properties"
        ]
    return schema


_NUMBER = {"type": "string", "pattern": "^[1-9][0-9]?$", "description": "its place in the list of the report, from 1"}


class AdditionOut(Out):
    """One addition, as it is kept: it never changes, and neither does the report."""

    number: int
    sort: Sort
    at: datetime
    answers: dict[str, JsonValue]
    files: tuple[FileOut, ...]

    @classmethod
    def of(cls, addition: Addition) -> "AdditionOut":
        answers: dict[str, Any] = {name: answer for name, answer in addition.answers.items() if name != FILES}
        files = tuple(map(FileOut.of, addition.evidence))
        return cls(number=addition.number, sort=addition.sort, at=addition.at, answers=answers, files=files)


class AdditionsOut(Out):
    """All that was added to a report, the oldest first."""

    additions: tuple[AdditionOut, ...]
