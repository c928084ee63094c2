"""The form in which an officer takes a report to another status. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.core.language import N_
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.reports.model import EXPLANATION_LENGTH, Report
from chalicelib.reports.statuses import REASON_REQUIRED, WORDS, Status

_STATUS = Question(
    "status", N_("New status"), Input.CHOICE, Need.REQUIRED, hint=N_("Below each status stands what the reporter will read.")
)
_EXPLANATION = Question(
    "explanation", N_("Explanation for the reporter"), Input.LONG_TEXT, Need.REQUIRED, most=EXPLANATION_LENGTH
)
_REMARK = Question("remark", N_("Internal remark"), Input.LONG_TEXT, hint=N_("Only officers read this."), most=EXPLANATION_LENGTH)
_NUMBER = Question(
    "registrationNumber",
    N_("Police number"),
    need=Need.REQUIRED,
    hint=N_("For example PL0100-2016123456. A registered report must have one."),
    most=20,
)
_ALL = N_("The reporter reads this. Write in plain words why.")
_SOME = N_("The reporter reads this. Write in plain words why. It must be there when you stop, close or reopen.")
_NONE = N_("The reporter reads this. You need not write anything.")


def questions(report: Report, typed: Mapping[str, Any]) -> tuple[Question, ...]:
    """Return what is asked to change the status: the number only where the report may come to have one, or one was typed."""
    following = report.next_statuses()
    numbered = Status.REGISTERED in following or typed.get(_NUMBER.name)
    status = replace(_STATUS, choices=tuple(Choice(each, STATUS_WORDS[each], WORDS[each].name) for each in following))
    return (status, _explanation(following), *([_number(report, following)] if numbered else []), _REMARK)


def _explanation(following: tuple[Status, ...]) -> Question:
    """Where some of the statuses demand a text, the label does not say that it may stay empty: the hint says when."""
    demanded = REASON_REQUIRED & frozenset(following)
    if not demanded:
        return replace(_EXPLANATION, need=Need.OPTIONAL, hint=_NONE)
    return replace(_EXPLANATION, hint=_SOME if demanded < frozenset(following) else _ALL)


def _number(report: Report, following: tuple[Status, ...]) -> Question:
    """The number may stay empty where another status can be chosen, or the report has one."""
    is_demanded = following == (Status.REGISTERED,) and not report.registration_number
    return _NUMBER if is_demanded else replace(_NUMBER, need=Need.OPTIONAL)
