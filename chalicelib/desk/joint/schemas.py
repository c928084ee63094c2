"""The JSON that the API takes and gives about joint cases."""

from pydantic import Field

from chalicelib.desk.joint.actions import CasePage
from chalicelib.web.report_schemas import Cursor, LineOut
from chalicelib.web.schema import Body, Out


class Joining(Body):
    """The other report that a report belongs with."""

    other: str = Field(min_length=1, max_length=40, description="The number of the other report", examples=["K7MD-PR3W-9XCV"])


class Leaving(Body):
    """Nothing more is asked to leave a case."""


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
