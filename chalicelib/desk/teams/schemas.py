"""The JSON that the API takes and gives about teams and rules. The supervisors' pages read their forms with the same models."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, field_validator

from chalicelib.forms.places import units
from chalicelib.teams.bands import Band
from chalicelib.teams.model import NAME_LENGTH, STAFF_ID, Roster
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body, Out


def _unit(value: str) -> str:
    if value not in units():
        raise ValueError("not_a_choice")
    return value


def _of_units(schema: dict[str, Any]) -> None:
    schema["enum"] = list(units())


UnitName = Annotated[
    str,
    AfterValidator(_unit),
    Field(description="The police unit, by its name", examples=["Noord-Nederland"], json_schema_extra=_of_units),
]
StaffId = Annotated[str, Field(max_length=64, json_schema_extra={"pattern": f"^{STAFF_ID.pattern}$"})]


class OfUnit(Body):
    """Something that is asked of one police unit."""

    unit: UnitName


class Closing(OfUnit):
    """The unit whose team is closed."""


class Removal(OfUnit):
    """The unit whose rule is taken away."""


class NewTeam(OfUnit):
    """A team, as yet without members."""

    name: LongText = Field(min_length=1, max_length=NAME_LENGTH, examples=["Fietsdiefstal"])


class Member(OfUnit):
    """Somebody of a team, by the staff id of their login."""

    member: StaffId = Field(examples=["NN1002"])


class SetFree(OfUnit):
    """Somebody whose work in the unit is set free."""

    officer: StaffId = Field(examples=["NN1002"])


class NewRule(OfUnit):
    """Where new reports go: of a kind or crime, a municipality, from an amount on; what is left out is any.

    `to` is the id of a team of the unit that has members, or the name of another unit.
    """

    kind: str = Field("", max_length=40, description="A kind of crime, or a crime", examples=["fraud"])
    municipality: str = Field("", max_length=6, description="The code of a municipality", examples=["GM0014"])
    band: Band = Field(Band.ANY, description="From so many euros on", examples=["500"])
    to: str = Field(min_length=1, max_length=40, examples=["Amsterdam"])

    @field_validator("to", "kind", "municipality", mode="before")
    @classmethod
    def _check_text(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value


class TeamOut(Out):
    """An open team of a unit."""

    id: str
    name: str
    members: tuple[str, ...]


class RuleOut(Out):
    """A rule of a unit; `team` or `unit` is where it leads, the other is null."""

    id: str
    kind: str
    municipality: str
    band: Band
    team: str | None
    unit: str | None


class AbsenceOut(Out):
    """Somebody whose work is being set free."""

    officer: str
    by: str
    at: datetime


class RosterOut(Out):
    """The teams of a unit, its rules, and whose work is being set free."""

    unit: str
    teams: tuple[TeamOut, ...]
    rules: tuple[RuleOut, ...]
    absences: tuple[AbsenceOut, ...]

    @classmethod
    def of(cls, roster: Roster) -> "RosterOut":
        return cls(
            unit=roster.unit,
            teams=tuple(TeamOut(id=team.id, name=team.name, members=team.members) for team in roster.open_teams),
            rules=tuple(
                RuleOut(
                    id=rule.id,
                    kind=rule.kind,
                    municipality=rule.municipality,
                    band=rule.band,
                    team=rule.team or None,
                    unit=rule.unit or None,
                )
                for rule in roster.rules
            ),
            absences=tuple(AbsenceOut(officer=each.officer, by=each.by, at=each.at) for each in roster.absences),
        )
