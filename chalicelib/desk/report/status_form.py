"""The form in which an officer takes a report to another status. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.core.language import N_, Language, translate
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.reports import corrections
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
_BACK_TO = Question("status", N_("Back to"), Input.CHOICE, Need.REQUIRED, hint=N_("Only where this report has been."))
_RIGHT_NUMBER = replace(
    _NUMBER, label=N_("The right police number"), hint=N_("For example PL0100-2016123456. The wrong one is free again.")
)
_WHY_NUMBER = Question(
    "reason", N_("Why it was wrong"), Input.LONG_TEXT, Need.REQUIRED, hint=N_("Only officers read this."), most=EXPLANATION_LENGTH
)
_WHY_BACK = N_("The reporter reads this. Write in plain words what went wrong, and what is right now.")
_NEEDS_WORDS = N_("%(words)s. This cannot do without an explanation.")
_ALL = N_("The reporter reads this. Write in plain words why.")
_SOME = N_("The reporter reads this. Write in plain words why. It must be there when you stop, close or reopen.")
_NONE = N_("The reporter reads this. You need not write anything.")


def questions(
    report: Report, typed: Mapping[str, Any], language: Language, *, texts: tuple[Question, ...] = ()
) -> tuple[Question, ...]:
    """Return what is asked to change the status: the number only where the report may come to have one, or one was typed.

    `texts` asks for a standard text, where there is one.
    """
    following = report.next_statuses()
    numbered = (Status.REGISTERED in following and not report.registration_number) or typed.get(_NUMBER.name)
    status = replace(_STATUS, choices=tuple(_choice(status, language) for status in following))
    return (status, *texts, _explanation(following), *([_number(report, following)] if numbered else []), _REMARK)


def correction_questions(report: Report) -> tuple[Question, ...]:
    """Return what is asked to take a report back to an earlier status."""
    back = corrections.corrections(report)
    status = replace(_BACK_TO, choices=tuple(Choice(each, STATUS_WORDS[each], WORDS[each].name) for each in back))
    return (status, replace(_EXPLANATION, hint=_WHY_BACK), _REMARK)


def number_questions(_: Report) -> tuple[Question, ...]:
    """Return what is asked to correct a police number."""
    return (_RIGHT_NUMBER, _WHY_NUMBER)


def _choice(status: Status, language: Language) -> Choice:
    """Return a status to choose, with what its reporter reads, and that it asks for words where it does."""
    reads = WORDS[status].name
    if status not in REASON_REQUIRED:
        return Choice(status, STATUS_WORDS[status], reads)
    return Choice(status, STATUS_WORDS[status], translate(_NEEDS_WORDS, language, words=translate(reads, language)))


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
