"""A change of status as a CloudEvent, after the NL GOV profile for CloudEvents (Logius). A number and a status, nothing else.

The profile wants for `source` a urn of the organisation and its system, for `type` a reversed domain that names the kind of data
and no organisation, and for `id` one that leads to the event: the report's number and the number of its event.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from chalicelib.feed.model import Entry
from chalicelib.forms.places import units
from chalicelib.reports.statuses import Status
from chalicelib.web.schema import Body, Out

BATCH = "application/cloudevents-batch+json"


def _unit(value: str) -> str:
    if value not in units():
        raise ValueError("not_a_choice")
    return value


def _of_units(schema: dict[str, Any]) -> None:
    schema["enum"] = list(units())


Unit = Annotated[
    str,
    AfterValidator(_unit),
    Field(description="The police unit, by its name", examples=["Noord-Nederland"], json_schema_extra=_of_units),
]
ChangesCursor = Annotated[
    str,
    Field(
        max_length=20,
        description="Where to go on: `Next-Cursor` of the answer before this, empty to begin with the oldest that is kept",
        json_schema_extra={"pattern": "^([0-9]{1,12}-[0-9]{1,4})?$"},
    ),
]


class ChangesQuery(Body):
    """Whose changes, and where to go on."""

    unit: Unit
    cursor: ChangesCursor = ""


class ChangeData(Out):
    """The change itself."""

    reference: str = Field(examples=["K7MD-PR3W-9XCV"])
    status: Status = Field(examples=["checked"])


class ChangeOut(Out):
    """A change of status. The same change sent twice has the same `id`."""

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(examples=["K7MD-PR3W-9XCV-2"])
    source: str = Field(examples=["urn:nld:portal.example:systeem:mijn-politie"])
    type: Literal["nl.aangiften.status-gewijzigd"] = "nl.aangiften.status-gewijzigd"
    subject: str = Field(examples=["K7MD-PR3W-9XCV"])
    time: datetime = Field(examples=["2016-07-01T10:00:00Z"])
    datacontenttype: Literal["application/json"] = "application/json"
    data: ChangeData

    @classmethod
    def of(cls, entry: Entry, source: str) -> "ChangeOut":
        data = ChangeData(reference=entry.reference, status=entry.status)
        return cls(id=entry.id, source=source, subject=entry.reference, time=entry.at, data=data)
