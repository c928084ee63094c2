"""The JSON that the API takes and gives of standard texts. The pages read their forms with the same models."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field, field_validator

from chalicelib.core.language import Language
from chalicelib.forms.places import units
from chalicelib.reports.crimes import CRIMES
from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.texts.actions import TextEdit
from chalicelib.texts.model import ALL_UNITS, EVERY_CRIME, NAME_LENGTH, OCCASIONS, TextState, TextVersion
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body, Out

_LONGEST = 2 * EXPLANATION_LENGTH  # as typed: what fills itself in may be shorter than its name


def _units(schema: dict[str, Any]) -> None:
    schema["enum"] = [ALL_UNITS, *units()]


def _choice(value: str, choices: Mapping[str, Any] | tuple[str, ...]) -> str:
    if value not in choices:
        raise ValueError("not_a_choice")
    return value


class TextsQuery(Body):
    """Of which unit the texts are; those for all units are there too."""

    unit: str = Field(description="The police unit, by its name", examples=["Noord-Nederland"], json_schema_extra=_units)

    @field_validator("unit")
    @classmethod
    def _check_unit(cls, value: str) -> str:
        return _choice(value, (ALL_UNITS, *units()))


class NewText(Body):
    """A text to keep as a draft. `seen` is the version that it was made of, 0 for a new text."""

    unit: str = Field(ALL_UNITS, examples=["Noord-Nederland"], description="Empty for all units", json_schema_extra=_units)
    occasion: str = Field(
        examples=["not_investigated"],
        description="The status that it is for, or `update_given`, or `question_asked`",
        json_schema_extra={"enum": list(OCCASIONS)},
    )
    crime: str = Field(
        EVERY_CRIME, examples=["fraud"], description="Empty for every crime", json_schema_extra={"enum": [EVERY_CRIME, *CRIMES]}
    )
    name: LongText = Field(max_length=NAME_LENGTH, examples=["Oplichter niet te vinden"])
    nl: LongText = Field(max_length=_LONGEST, examples=["We kunnen niet vaststellen wie u heeft opgelicht."])
    en: LongText = Field(max_length=_LONGEST, examples=["We cannot find out who scammed you."])
    seen: int = Field(0, ge=0, le=99_999, examples=[0])

    @field_validator("unit")
    @classmethod
    def _check_unit(cls, value: str) -> str:
        return _choice(value, (ALL_UNITS, *units()))

    @field_validator("occasion")
    @classmethod
    def _check_occasion(cls, value: str) -> str:
        return _choice(value, OCCASIONS)

    @field_validator("crime")
    @classmethod
    def _check_crime(cls, value: str) -> str:
        return _choice(value, (EVERY_CRIME, *CRIMES))

    def edit(self) -> TextEdit:
        """Return the words that were asked for."""
        bodies = {Language.NL: self.nl, Language.EN: self.en}
        return TextEdit(unit=self.unit, occasion=self.occasion, crime=self.crime, name=self.name, bodies=bodies)


class VersionSeen(Body):
    """The version that the officer read."""

    version: int = Field(ge=1, le=99_999, examples=[2])


class TextOut(Out):
    """A version of a standard text. An event that used it has `mark` as its `text`."""

    id: str
    version: int
    mark: str
    unit: str
    occasion: str
    crime: str
    name: str
    bodies: dict[Language, str]
    state: TextState
    written_at: datetime

    @classmethod
    def of(cls, text: TextVersion) -> "TextOut":
        return cls(
            id=text.id,
            version=text.version,
            mark=text.mark,
            unit=text.unit,
            occasion=text.occasion,
            crime=text.crime,
            name=text.name,
            bodies=dict(text.bodies),
            state=text.state,
            written_at=text.written_at,
        )


class TextsOut(Out):
    """The texts that officers of a unit use now."""

    texts: tuple[TextOut, ...]
