"""The JSON that the API takes about handing a report over. The officers' pages read their forms with the same models."""

from pydantic import Field

from chalicelib.desk.teams.schemas import UnitName
from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body, Out


class HandOver(Body):
    """The unit that a report goes to, and a remark for the officers there. `version` is what the officer saw."""

    unit: UnitName = Field(examples=["Limburg"])
    remark: LongText = Field("", max_length=EXPLANATION_LENGTH, examples=["Gepleegd bij ons, de verdachte woont bij u."])
    version: int = Field(ge=1, examples=[1])


class RouteAgain(Body):
    """A report that goes where the rules of now say. `version` is what the officer saw."""

    version: int = Field(ge=1, examples=[1])


class MovedOut(Out):
    """Where a report is now: of another unit you can see no more of it."""

    reference: str
    unit: str
    version: int
