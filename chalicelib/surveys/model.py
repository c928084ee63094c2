"""The survey: what is asked, an invitation, an answer. Pure.

Nothing here leads back to a person or a report: an invitation knows the kind, the unit, the channel and the month of its
report, and days instead of instants (the instant of an invitation also stands in the report's timeline).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from chalicelib.core import ids
from chalicelib.core.clock import day_of, first_day, month_of, next_month
from chalicelib.core.codes import CodeKind, shown
from chalicelib.core.language import N_
from chalicelib.reports.contact import Contact, InformationWish
from chalicelib.reports.events import Channel
from chalicelib.reports.model import Report

PURPOSE = "survey"  # under which failed tries with a code are counted, on the pages and in the API together
WHY_LENGTH = 2_000
LOWEST, HIGHEST = 1, 10  # satisfaction
DISAGREE, AGREE = 1, 5  # the ends of a statement's scale
CLOSES_AFTER = timedelta(days=91)  # of a month: 60 days to its last invitation, 30 to answer that, and one

SATISFACTION = N_("How satisfied are you with how we kept you informed?")
SATISFACTION_HINT = N_("1 is very dissatisfied, 10 is very satisfied")
WHY = N_("Why do you give this mark?")
WHY_HINT = N_("Do not write names or other personal data here.")
STATEMENTS: Mapping[str, str] = {  # names are fields of Scores
    "understood": N_("I understood what happened with my report"),
    "easy_to_find": N_("It was easy to find what I wanted to know"),
    "taken_seriously": N_("I felt taken seriously"),
    "knew_what_to_expect": N_("I knew what to expect"),
}
SCALE: Mapping[int, str] = {
    1: N_("Strongly disagree"),
    2: N_("Disagree"),
    3: N_("Neither agree nor disagree"),
    4: N_("Agree"),
    5: N_("Strongly agree"),
}


class SurveyState(StrEnum):
    """The state of an invitation: what can still be done with it."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The part of an answer that can be counted; a statement may be left open."""

    satisfaction: int
    understood: int | None = None
    easy_to_find: int | None = None
    taken_seriously: int | None = None
    knew_what_to_expect: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answers of somebody, and the day. `why` is free text and stays out of reprs."""

    scores: Scores
    why: str = field(repr=False)
    answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation to the survey, known only by the digest of its code. It can be answered up to and including `last_day`.

    `month` is the month with which it is counted.
    """

    id: str
    kind: str
    unit: str
    channel: Channel
    month: str
    invited_on: date
    last_day: date
    answer: Answer | None = None

    def state(self, on: date) -> SurveyState:
        if self.answer:
            return SurveyState.ANSWERED
        return SurveyState.OPEN if on <= self.last_day else SurveyState.EXPIRED


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """The facts of one invitation that the results need, without the free text. `scores` is None until it is answered."""

    kind: str
    unit: str
    channel: Channel
    month: str
    scores: Scores | None


def code_of(derivation_key: bytes, reference: str) -> str:
    """Return the code to type for a report's survey, such as `V-K7MDP-R3W9X`. Derived, so that nothing has to link the two."""
    return shown(CodeKind.SURVEY, ids.code(ids.derive(derivation_key, "survey", reference)))


def last_day(invited_on: date, open_days: int) -> date:
    """Return the last day on which an invitation of that day can be answered."""
    return invited_on + timedelta(days=open_days)


def closed_on(month: str) -> date:
    """Return the first day on which nobody can answer about a month any more: its results are what they are (ADR-0046)."""
    return first_day(next_month(month)) + CLOSES_AFTER


def counted_in(filed_on: date, open_until: date) -> str:
    """Return the month that an invitation is counted with: that of filing, or the first that closes after its last day.

    An answer never comes into a month that is closed, however late somebody was invited.
    """
    month = month_of(filed_on)
    while closed_on(month) <= open_until:
        month = next_month(month)
    return month


def is_wanted(contact: Contact) -> bool:
    """True when the reporter's wishes leave room for a survey."""
    return contact.survey and contact.information is not InformationWish.NOTHING


def invitation(report: Report, *, name: str, on: date, open_days: int) -> Invitation:
    """Return the invitation that belongs to a report; `name` is what is kept of its code."""
    open_until = last_day(on, open_days)
    return Invitation(
        id=name,
        kind=report.kind,
        unit=report.unit,
        channel=report.channel,
        month=counted_in(day_of(report.filed_at), open_until),
        invited_on=on,
        last_day=open_until,
    )
