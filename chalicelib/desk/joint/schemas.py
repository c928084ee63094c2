"""The JSON that the API takes and gives about joint cases."""

from pydantic import Field, field_validator

from chalicelib.desk.joint.actions import CASE, CasePage
from chalicelib.web.report_schemas import Cursor, LineOut
from chalicelib.web.schema import Body, Out


class Joining(Body):
    """The other report that a report belongs with."""

    other: str = Field(min_length=1, max_length=40, description="The number of the other report", examples=["K7MD-PR3W-9XCV"])


class Leaving(Body):
    """The case that the report leaves: of another one it is not taken out."""

    case: str = Field(min_length=1, max_length=13, examples=["C-K7MDP-R3W9X"], json_schema_extra={"pattern": f"^{CASE.pattern}$"})

    @field_validator("case")
    @classmethod
    def _check_case(cls, value: str) -> str:
        if not CASE.fullmatch(value):
            raise ValueError("not_a_choice")
        return value


class CaseQuery(Body):
    """Which page of a case."""

    cursor: Cursor = ""


class CaseOut(Out):
    """A page of a joint case: the reports of your own units. `hasOthers`: some of this page are with other units."""

    case: str
    reports: tuple[LineOut, ...]
    has_others: bool
    next_cursor: str | None

    @classmethod
    def of(cls, page: CasePage) -> "CaseOut":
        lines = tuple(map(LineOut.of, page.lines))
        return cls(case=page.case, reports=lines, has_others=page.has_others, next_cursor=page.next_cursor or None)
