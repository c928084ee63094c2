"""Answers with their labels, in the reader's language. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.core.language import N_, Language, long_date, long_month, long_time, money, translate
from chalicelib.forms.dates import UNKNOWN
from chalicelib.forms.doubts import doubt_of
from chalicelib.forms.places import municipalities
from chalicelib.forms.questions import Input, Question

YES, NO = N_("Yes"), N_("No")


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: `name` is the field, `label` and `text` are in the reader's language; rows hold lines of their own.

    `doubt` is the code of what is doubtful about it (doubts.py), empty where nothing is.
    """

    name: str
    label: str
    text: str = ""
    rows: tuple[tuple["Line", ...], ...] = ()
    doubt: str = ""


def lines(questions: tuple[Question, ...], answers: Mapping[str, Any], language: Language, prefix: str = "") -> tuple[Line, ...]:
    """Return what was answered, in the order of the questions."""
    return tuple(_line(q, answers[q.name], language, prefix + q.name) for q in questions if q.name in answers)


def _line(question: Question, answer: Any, language: Language, name: str) -> Line:
    label = translate(question.label, language)
    if question.input is not Input.ROWS:
        text = _RENDERED.get(question.input, _plain)(answer, question, language)
        doubt = doubt_of(question, answer)
        return Line(name, label, text, doubt=doubt.code if doubt else "")
    rows = tuple(lines(question.rows, row, language, f"{name}.{number}.") for number, row in enumerate(answer))
    return Line(name, label, rows=rows)


def _plain(answer: Any, _question: Question, _language: Language) -> str:
    return str(answer)


def _choice(answer: Any, question: Question, language: Language) -> str:
    labels = {choice.value: choice.label for choice in question.choices}
    return translate(labels.get(answer, str(answer)), language)  # an answer of an older edition of the form stays readable


def _choices(answer: Any, question: Question, language: Language) -> str:
    return "; ".join(_choice(one, question, language) for one in answer)


def _yes_no(answer: Any, _question: Question, language: Language) -> str:
    return translate(YES if answer else NO, language)


def _municipality(answer: Any, _question: Question, _language: Language) -> str:
    place = municipalities().get(answer)
    return place.name if place else str(answer)


def _date(answer: Any, _question: Question, language: Language) -> str:
    return long_date(date.fromisoformat(answer), language)


def _birthday(answer: Any, _question: Question, language: Language) -> str:
    """A day of birth as far as it is known; the rest is said to be unknown, so that nobody takes it for forgotten.

    Anything else stays as it is: who may not read a day is shown a covered one.
    """
    known = _BIRTHDAY.fullmatch(str(answer))
    if known is None:
        return translate(NOT_KNOWN, language) if answer == UNKNOWN else str(answer)
    year, month, day = known.groups()
    if day:
        return long_date(date.fromisoformat(answer), language)
    if month:
        return translate(DAY_NOT_KNOWN, language, known=long_month(int(year), int(month), language))
    return translate(ONLY_YEAR_KNOWN, language, known=year)


_BIRTHDAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
NOT_KNOWN, DAY_NOT_KNOWN = N_("Not known"), N_("%(known)s (day not known)")
ONLY_YEAR_KNOWN = N_("%(known)s (day and month not known)")

_RENDERED: Mapping[Input, Callable[[Any, Question, Language], str]] = {
    Input.CHOICE: _choice,
    Input.CHOICES: _choices,
    Input.YES_NO: _yes_no,
    Input.TICK: _yes_no,
    Input.DATE: _date,
    Input.DAY: _date,
    Input.BIRTHDAY: _birthday,
    Input.MOMENT: lambda answer, _, language: long_time(datetime.fromisoformat(answer), language),
    Input.MONEY: lambda answer, _, language: money(answer, language),
    Input.MUNICIPALITY: _municipality,
}
