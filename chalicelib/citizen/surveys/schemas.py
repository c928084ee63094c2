"""The JSON that the API takes and gives about surveys. The pages read their forms with the same models."""

from datetime import date

from pydantic import Field
from pydantic.alias_generators import to_camel

from chalicelib.core.language import Language, translate
from chalicelib.surveys.model import (
    AGREE,
    DISAGREE,
    HIGHEST,
    LOWEST,
    SATISFACTION,
    SCALE,
    STATEMENTS,
    WHY,
    WHY_LENGTH,
    Invitation,
    Scores,
    closed_on,
)
from chalicelib.surveys.results import Group, Mean, Results, State
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body, Out

_MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
_CODE_LENGTH = 60  # as typed, with spaces and dashes


class SurveyAnswer(Body):
    """An answer to the survey. Only the satisfaction must be given; a statement may be left open."""

    satisfaction: int = Field(ge=LOWEST, le=HIGHEST, examples=[8])
    why: LongText = Field("", max_length=WHY_LENGTH, examples=["Ik kreeg snel bericht."])
    understood: int | None = Field(None, ge=DISAGREE, le=AGREE, examples=[4])
    easy_to_find: int | None = Field(None, ge=DISAGREE, le=AGREE, examples=[5])
    taken_seriously: int | None = Field(None, ge=DISAGREE, le=AGREE, examples=[4])
    knew_what_to_expect: int | None = Field(None, ge=DISAGREE, le=AGREE, examples=[3])

    @property
    def scores(self) -> Scores:
        """The part that can be counted."""
        return Scores(satisfaction=self.satisfaction, **{name: getattr(self, name) for name in STATEMENTS})


class NewSurveyAnswer(SurveyAnswer):
    """An answer with the code of the invitation."""

    code: str = Field(min_length=1, max_length=_CODE_LENGTH, examples=["V-K7MDP-R3W9X"])


class ResultsQuery(Body):
    """Whose answers are counted: of those who filed in this month."""

    month: str = Field(pattern=_MONTH, description="The month of filing; it must be closed", examples=["2016-07"])


class ChoiceOut(Out):
    """A statement, or a point of its scale, in the reader's language."""

    name: str
    text: str


class SurveyOut(Out):
    """An open survey: what is asked, in the reader's language, and until when."""

    last_day: date
    satisfaction: str
    why: str
    statements: tuple[ChoiceOut, ...]
    scale: tuple[ChoiceOut, ...]

    @classmethod
    def of(cls, invitation: Invitation, language: Language) -> "SurveyOut":
        return cls(
            last_day=invitation.last_day,
            satisfaction=translate(SATISFACTION, language),
            why=translate(WHY, language),
            statements=tuple(ChoiceOut(name=to_camel(name), text=translate(text, language)) for name, text in STATEMENTS.items()),
            scale=tuple(ChoiceOut(name=str(point), text=translate(text, language)) for point, text in SCALE.items()),
        )


class AnsweredOut(Out):
    """An answer was received, on this day."""

    answered_on: date | None

    @classmethod
    def of(cls, invitation: Invitation) -> "AnsweredOut":
        return cls(answered_on=invitation.answer.answered_on if invitation.answer else None)


class MeanOut(Out):
    """A mean over `n` answers with its 95 % interval (Student's t)."""

    n: int
    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, mean: Mean) -> "MeanOut":
        return cls(n=mean.n, mean=round(mean.mean, 2), low=round(mean.low, 2), high=round(mean.high, 2))


class GroupOut(Out):
    """The answers about a crime in a police unit: how many were invited, how many answered, and what they said.

    `other` stands for every crime, or unit, that has no group of its own. A statement that fewer than 10 answered, or all in the
    same way, is null.
    """

    crime: str
    unit: str
    n: int
    invited: int
    response_rate: float
    satisfaction: MeanOut
    statements: dict[str, MeanOut | None]

    @classmethod
    def of(cls, group: Group) -> "GroupOut":
        result = group.result
        return cls(
            crime=group.crime,
            unit=group.unit,
            n=result.n,
            invited=result.invited,
            response_rate=round(result.response_rate, 4),
            satisfaction=MeanOut.of(result.satisfaction),
            statements={to_camel(name): MeanOut.of(mean) if mean else None for name, mean in result.statements.items()},
        )


class ResultsOut(Out):
    """The results of a month. Each answer is in one group or in none, so groups can be added up; nothing changes any more.

    `counted`: here they are. `not_yet`: somebody can still answer; `closed_on` is the first day on which nobody can.
    `too_few`: fewer than 10 answered, or all gave the same mark. `no_longer`: the answers are being forgotten.
    """

    month: str
    state: State
    closed_on: date
    groups: tuple[GroupOut, ...]

    @classmethod
    def of(cls, results: Results) -> "ResultsOut":
        groups = tuple(GroupOut.of(group) for group in results.groups)
        return cls(month=results.month, state=results.state, closed_on=closed_on(results.month), groups=groups)
