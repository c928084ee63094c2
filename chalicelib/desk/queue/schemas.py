"""The JSON of the queue: which reports are asked for, the lines that come back, and a unit's counts."""

from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from chalicelib.desk.queue.query import ALL, Age, Mark, Order, Query, cursor_of, parse
from chalicelib.desk.schemas import ReasonInAddress
from chalicelib.forms.places import municipalities, units
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Rank
from chalicelib.reports.lists import ListPage
from chalicelib.reports.queue import Flag
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import ReportLine
from chalicelib.web.report_schemas import LineOut
from chalicelib.web.schema import Body, Out

CURSOR = "^([0-9A-F]{8}-([012]-)?[0-9]{8}T[0-9]{12}-[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})?$"


def _one_of(*values: str) -> Any:
    return {"enum": [str(value) for value in values]}


def unit_field() -> Any:
    return Field(description="The police unit, by its name", examples=["Noord-Nederland"], json_schema_extra=_one_of(*units()))


class QueueFilters(Body):
    """Which reports of a unit. A field that is left out asks nothing."""

    unit: str = unit_field()
    status: str = Field(
        Status.RECEIVED.value,
        description="`all` is all that is open, and with a mark that asks for something decided reports too",
        examples=["received"],
        json_schema_extra=_one_of(ALL, *Status),
    )
    kind: str = Field("", description="A kind of crime", examples=["bicycle-theft"], json_schema_extra=_one_of("", *KINDS))
    place: str = Field("", description="A municipality, by its CBS code", json_schema_extra=_one_of("", *municipalities()))
    age: str = Field("", description="Filed more than so many days ago", json_schema_extra=_one_of("", *Age))
    who: str = Field(
        "",
        max_length=40,
        description="`me`, `nobody`, or the id of a team or a colleague",
        examples=["nobody"],
        json_schema_extra={"pattern": "^(me|nobody|[A-Z0-9-]*)$"},
    )
    mark: str = Field("", description="Over term, urgent, or a flag of the report", json_schema_extra=_one_of("", *Mark))
    order: str = Field(Order.WAITING.value, description="Which come first", json_schema_extra=_one_of(*Order))

    def query(self) -> Query:
        """Return the list that is asked for. Raises Invalid."""
        return parse({one.name: getattr(self, one.name) for one in fields(Query)})


class QueueQuery(QueueFilters):
    """Which reports of a unit, and where the page begins."""

    reason: ReasonInAddress = None
    cursor: Annotated[
        str,
        Field(
            max_length=60,
            description="Where the page begins: `nextCursor` of the page before it, with the same filters; empty for the first",
            json_schema_extra={"pattern": CURSOR},
        ),
    ] = ""


class QueueLineOut(LineOut):
    """A report in a list. `dueOn` is the last day for the next step, `freshAt` when the reporter said something new."""

    municipality: str
    assignee: str | None
    rank: Rank
    joint_case: str | None
    due_on: date | None
    fresh_at: datetime | None
    flags: tuple[Flag, ...]

    @classmethod
    def of_line(cls, line: ReportLine) -> "QueueLineOut":
        return cls(
            **LineOut.of(line).model_dump(),
            municipality=line.municipality,
            assignee=line.assignee or None,
            rank=line.rank,
            joint_case=line.joint_case or None,
            due_on=line.due_on,
            fresh_at=line.fresh_at,
            flags=line.flags,
        )


class QueuePageOut(Out):
    """A page of a list; `nextCursor` is null on the last one. `looked` is how many reports were looked at for it.

    With a filter a page looks at so many and no more: it can be short, even empty, and yet not be the last.
    """

    reports: tuple[QueueLineOut, ...]
    looked: int
    next_cursor: str | None

    @classmethod
    def of(cls, page: ListPage, query: Query) -> "QueuePageOut":
        lines = tuple(map(QueueLineOut.of_line, page.lines))
        return cls(reports=lines, looked=page.looked, next_cursor=cursor_of(query, page.after) or None)
