"""The JSON that the API takes and gives of the list for Victim Support."""

from datetime import date

from pydantic import Field

from chalicelib.core.language import Language
from chalicelib.desk.victim_support.actions import LIST, VictimList
from chalicelib.desk.victim_support.listing import LeftOut, Row
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body, Out

_UNIT = "The police unit, by its name"


class NewVictimList(Body):
    """For which unit the list is made."""

    unit: LongText = Field(max_length=100, description=_UNIT, examples=["Noord-Nederland"])


class HandedOver(Body):
    """Which list was handed over to Victim Support."""

    unit: LongText = Field(max_length=100, description=_UNIT, examples=["Noord-Nederland"])
    list: LongText = Field(
        min_length=1,
        max_length=20,
        description="Its number",
        examples=["S-K7MD-PR3W"],
        json_schema_extra={"pattern": f"^{LIST.pattern}$"},
    )


class VictimOut(Out):
    """A person on the list. Empty ways to reach them must not be used; `warns`: somebody else may pick up the telephone."""

    reference: str
    registration_number: str
    kind: str
    filed_on: date
    name: str
    phone: str
    email: str
    language: Language
    warns: bool
    listed_on: date | None

    @classmethod
    def of(cls, row: Row) -> "VictimOut":
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class NotListedOut(Out):
    """A report with the task that is not on the list, and why."""

    reference: str
    why: LeftOut


class VictimListOut(Out):
    """A list. `isCut`: there may be more people; hand this one over, and make the next. `listedOn` is null for who is new."""

    list: str
    people: tuple[VictimOut, ...]
    left_out: tuple[NotListedOut, ...]
    is_cut: bool

    @classmethod
    def of(cls, made: VictimList) -> "VictimListOut":
        left_out = tuple(NotListedOut(reference=reference, why=why) for reference, why in made.left_out)
        return cls(list=made.id, people=tuple(map(VictimOut.of, made.rows)), left_out=left_out, is_cut=made.is_cut)


class HandedOverOut(Out):
    """How many tasks are done by it."""

    done: int
