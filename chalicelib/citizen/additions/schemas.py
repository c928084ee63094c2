"""The JSON that the API takes and gives about additions."""

from datetime import datetime
from typing import Any

from pydantic import Field, JsonValue

from chalicelib.reports.additions import FILES, Addition, Sort
from chalicelib.web.report_schemas import FileOut
from chalicelib.web.schema import Body, Out


class NewAddition(Body):
    """What to add. `answers` follow the questions of its sort: `text`; `part`, `text`; or `goods` (or `what`), `foundOn`, …."""

    sort: Sort = Field(examples=["more"])
    answers: dict[str, JsonValue] = Field(examples=[{"text": "De buurvrouw heeft een witte bus gezien."}])


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
