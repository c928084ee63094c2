"""The JSON of what is on record of officers."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import Field, field_validator

from chalicelib.audit.model import Record, RecordPage, Register
from chalicelib.desk.audit.actions import LooksAtReport, Sampled, SampledPage
from chalicelib.desk.audit.labels import SYSTEM, SYSTEM_OF
from chalicelib.reports.events import Event
from chalicelib.web.schema import Body, Out

MONTH, WEEK = r"^[0-9]{4}-(0[1-9]|1[0-2])$", r"^[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$"
STAFF_ID = r"^[!-~]{1,120}$"
RecordCursor = Annotated[
    str,
    Field(
        max_length=900,
        description="Where the page begins: the `nextCursor` of the page before it, empty for the first",
        json_schema_extra={"pattern": "^[0-9A-F]*$"},
    ),
]


def _like(pattern: str, code: str, value: str) -> str:
    if not re.fullmatch(pattern, value):
        raise ValueError(code)
    return value


class LooksQuery(Body):
    """Where the list goes on."""

    cursor: RecordCursor = ""


class OfficerQuery(Body):
    """Whose looks and acts, in which month."""

    officer: str = Field(description="The staff id", examples=["NN1234"], json_schema_extra={"pattern": STAFF_ID})
    month: str = Field(description="The month", examples=["2016-07"], json_schema_extra={"pattern": MONTH})
    cursor: RecordCursor = ""

    _check_officer = field_validator("officer")(partial(_like, STAFF_ID, "staff_id"))
    _check_month = field_validator("month")(partial(_like, MONTH, "month"))


class RegisterQuery(Body):
    """Which register of which week."""

    week: str = Field(description="The week, as ISO 8601 names it", examples=["2016-W26"], json_schema_extra={"pattern": WEEK})
    register_: Register = Field(  # pydantic has a `register` of its own
        alias="register", description="`refused`, `out-of-hours`, or `sample` of all others", examples=["sample"]
    )
    cursor: RecordCursor = ""

    _check_week = field_validator("week")(partial(_like, WEEK, "week"))


class RecordOut(Out):
    """A look or an act: of which report or list, when, by whom, in which roles, what and why."""

    subject: str
    at: datetime
    officer: str
    roles: tuple[str, ...]
    what: str
    why: str

    @classmethod
    def of(cls, record: Record) -> "RecordOut":
        roles = tuple(filter(None, record.roles.split(",")))
        return cls(subject=record.subject, at=record.at, officer=record.officer, roles=roles, what=record.what, why=record.why)


class SystemActOut(Out):
    """Something that the system did by itself: which of its functions, when and what."""

    at: datetime
    by: str
    what: str

    @classmethod
    def of(cls, event: Event) -> "SystemActOut":
        return cls(at=event.at, by=SYSTEM_OF.get(event.kind, SYSTEM), what=event.kind.value)


class LooksAtReportOut(Out):
    """All that is on record about a report, no word of what it says. `nextCursor` goes on with `records`."""

    reference: str
    records: tuple[RecordOut, ...]
    refused: tuple[RecordOut, ...]
    audited: tuple[RecordOut, ...]
    by_system: tuple[SystemActOut, ...]
    next_cursor: str | None

    @classmethod
    def of(cls, found: LooksAtReport) -> "LooksAtReportOut":
        return cls(
            reference=found.reference,
            records=_out(found.looks.records),
            refused=_out(found.refused),
            audited=_out(found.audited),
            by_system=tuple(map(SystemActOut.of, found.by_system)),
            next_cursor=found.looks.next_cursor or None,
        )


class RecordPageOut(Out):
    """A page of what is on record of an officer."""

    records: tuple[RecordOut, ...]
    next_cursor: str | None

    @classmethod
    def of(cls, page: RecordPage) -> "RecordPageOut":
        return cls(records=_out(page.records), next_cursor=page.next_cursor or None)


class SampledOut(Out):
    """A line of a register. `followed`: whether the officer did something to the report within a day; null where it is no look
    at a report, or not looked up.
    """

    record: RecordOut
    followed: bool | None

    @classmethod
    def of(cls, line: Sampled) -> "SampledOut":
        return cls(record=RecordOut.of(line.record), followed=line.followed)


class RegisterOut(Out):
    """A page of a week's register."""

    lines: tuple[SampledOut, ...]
    next_cursor: str | None

    @classmethod
    def of(cls, page: SampledPage) -> "RegisterOut":
        return cls(lines=tuple(map(SampledOut.of, page.lines)), next_cursor=page.next_cursor or None)


def _out(records: Sequence[Record]) -> tuple[RecordOut, ...]:
    return tuple(map(RecordOut.of, records))
