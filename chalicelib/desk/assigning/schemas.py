"""The JSON that the API takes and gives about whose work reports are. The pages read their forms with the same models."""

from typing import Annotated

from pydantic import Field, field_validator

from chalicelib.core.errors import Conflict
from chalicelib.core.language import Language, translate
from chalicelib.desk.assigning.actions import MOST, Outcome
from chalicelib.desk.work import NOBODY
from chalicelib.reports.events import Rank
from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.web.messages import CONFLICT, NOT_FOUND
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body, Out

ASSIGNEE = r"^([A-Za-z0-9._-]{1,64})?$"
Assignee = Annotated[
    str,
    Field(
        max_length=64,
        description="A staff id, the id of a team, or empty: nobody",
        json_schema_extra={"pattern": ASSIGNEE},
    ),
]


def _nobody(value: object) -> object:
    """A form has a word for nobody, because an empty field is one that was not sent."""
    return "" if value == NOBODY else value


class Assignment(Body):
    """To whom a report goes. `seen` is who had it when you read it: if somebody else has it now, nothing is done."""

    to: Assignee = Field(examples=["NN1002"])
    seen: Assignee | None = Field(None, examples=[""])

    _read = field_validator("to", "seen", mode="before")(_nobody)


class Assignments(Body):
    """Several reports that go to one: at most 50, each with its own outcome."""

    references: tuple[str, ...] = Field(max_length=MOST, examples=[["K7MD-PR3W-9XCV"]])
    to: Assignee = Field(examples=["NN1002"])

    _read = field_validator("to", mode="before")(_nobody)


class Ranking(Body):
    """How soon a report must be done, and why; officers read it. `version` is what the officer saw."""

    rank: Rank = Field(examples=["urgent"])
    reason: LongText = Field(max_length=EXPLANATION_LENGTH, examples=["De aangever vertrekt vrijdag naar het buitenland."])
    version: int = Field(ge=1, examples=[1])


class OutcomeOut(Out):
    """The outcome of one report: who has it now, or `refused` with the code and the sentence of why not."""

    reference: str
    assignee: str | None
    refused: str | None
    detail: str

    @classmethod
    def of(cls, outcome: Outcome, language: Language) -> "OutcomeOut":
        code, sentence = told(outcome, language)
        return cls(
            reference=outcome.reference, assignee=None if code else outcome.assignee, refused=code or None, detail=sentence
        )


class OutcomesOut(Out):
    """The outcome of each report, in the order in which they were sent."""

    outcomes: tuple[OutcomeOut, ...]


def told(outcome: Outcome, language: Language) -> tuple[str, str]:
    """Return why a report was not given: the code, and its sentence; both empty where it was."""
    if outcome.refused is None:
        return "", ""
    if isinstance(outcome.refused, Conflict):
        return outcome.refused.code, translate(CONFLICT[outcome.refused.code], language, **outcome.refused.values)
    return outcome.refused.what, translate(NOT_FOUND[outcome.refused.what], language)
