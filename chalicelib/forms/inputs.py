"""How each kind of input is read: untrusted value → canonical JSON value, or the one thing that is wrong with it.

Pure. A page sends text, the API sends JSON; both go through the same row of INPUTS, so both are refused for the same
reasons. The JSON schema of each row stands beside its reader, so that documentation and validation cannot drift apart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from chalicelib.core.clock import iso
from chalicelib.forms import numbers, reachable, schemas
from chalicelib.forms.amounts import read_money
from chalicelib.forms.dates import read_any_day, read_birthday, read_moment, read_past_day
from chalicelib.forms.places import read_municipality
from chalicelib.forms.questions import Input, Need, Question
from chalicelib.forms.text import BadInput, as_typed, clean, code

_Read = Callable[[Any, Question, datetime], Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """One row of INPUTS: `read(value, question, now)` and the JSON schema of what it accepts through the API."""

    read: _Read
    schema: Callable[[Question], dict[str, Any]]


def read(question: Question, value: Any, now: datetime) -> Any:
    """Read an answer as it is kept. Raises BadInput; never for evidence about a stranger that is text: that is kept as typed."""
    if not question.stranger:
        return INPUTS[question.input].read(value, question, now)
    typed = as_typed(value, question.most)
    try:
        return _reader(question)(typed, question, now)
    except BadInput:
        return typed


def is_understood(question: Question, answer: str, now: datetime) -> bool:
    """True when evidence about a stranger can be true; how an older report spelled it does not matter."""
    try:
        _reader(question)(answer, question, now)
    except BadInput:
        return False
    return True


def _reader(question: Question) -> _Read:
    """How a stranger's is read, where it can be true."""
    return _THEIRS.get(question.input, INPUTS[question.input].read)


def _text(value: Any, question: Question, _now: datetime) -> str:
    return clean(value, question.most)


def _long_text(value: Any, question: Question, _now: datetime) -> str:
    return clean(value, question.most, lines=True)


def _choice(value: Any, question: Question, _now: datetime) -> str:
    if value not in [choice.value for choice in question.choices]:
        raise BadInput("not_a_choice")
    return cast(str, value)


def _choices(value: Any, question: Question, now: datetime) -> list[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or len(values) > len(question.choices):
        raise BadInput("not_a_choice")
    chosen = [_choice(one, question, now) for one in values]
    return [choice.value for choice in question.choices if choice.value in chosen]


def _yes_no(value: Any, _question: Question, _now: datetime) -> bool:
    if value is True or value == "yes":
        return True
    if value is False or value == "no":
        return False
    raise BadInput("yes_or_no")


def _tick(value: Any, question: Question, _now: datetime) -> bool | None:
    if value is True or value == "yes":
        return True
    if question.need is not Need.REQUIRED and (value is False or value == "no"):
        return None  # as left empty
    raise BadInput("must_tick")


def _plain(read: Callable[[Any], Any]) -> _Read:
    return lambda value, _question, _now: read(value)


def _bounded(read: Callable[[Any, int], str]) -> _Read:
    """A reader that asks how much the question takes."""
    return lambda value, question, _now: read(value, question.most)


def _dated(read: Callable[[Any, datetime], Any]) -> _Read:
    return lambda value, _question, now: read(value, now)


_THEIRS: Mapping[Input, _Read] = {  # a stranger's need not reach anybody from here
    Input.EMAIL: _bounded(reachable.their_email),
    Input.PHONE: _plain(reachable.their_phone),
}


def _never(_value: Any, _question: Question, _now: datetime) -> Any:
    raise AssertionError("rows are read by submission.py, question by question")


def _rows(question: Question) -> dict[str, Any]:
    least = {"minItems": 1} if question.need is Need.REQUIRED else {}
    return {"type": "array", "maxItems": question.most, "items": object_schema(question.rows)} | least


INPUTS: Mapping[Input, Reader] = {
    Input.TEXT: Reader(_text, schemas.text),
    Input.LONG_TEXT: Reader(_long_text, schemas.text),
    Input.MARK: Reader(_bounded(code), schemas.text),
    Input.CHOICE: Reader(_choice, schemas.choice),
    Input.CHOICES: Reader(_choices, schemas.choices),
    Input.YES_NO: Reader(_yes_no, schemas.yes_or_no),
    Input.TICK: Reader(_tick, schemas.tick),
    Input.DATE: Reader(_dated(read_past_day), schemas.spelled(schemas.DAY, "date")),
    Input.DAY: Reader(_dated(read_any_day), schemas.spelled(schemas.DAY, "date")),
    Input.BIRTHDAY: Reader(_dated(read_birthday), schemas.spelled(schemas.BIRTHDAY)),
    Input.MOMENT: Reader(_dated(lambda value, now: iso(read_moment(value, now))), schemas.spelled(schemas.MOMENT, "date-time")),
    Input.MONEY: Reader(_plain(read_money), schemas.money),
    Input.POSTCODE: Reader(_plain(numbers.read_postcode), schemas.spelled(schemas.POSTCODE)),
    Input.EMAIL: Reader(_plain(reachable.own_email), schemas.spelled(schemas.EMAIL, "email", 254)),
    Input.PHONE: Reader(_plain(reachable.own_phone), schemas.spelled(schemas.PHONE)),
    Input.IBAN: Reader(_plain(numbers.read_iban), schemas.spelled(schemas.IBAN)),
    Input.IMEI: Reader(_plain(numbers.read_imei), schemas.spelled("^[0-9]{15}$")),
    Input.COMPANY_NUMBER: Reader(_plain(numbers.read_company_number), schemas.spelled("^[0-9]{8}$")),
    Input.BRANCH_NUMBER: Reader(_plain(numbers.read_branch_number), schemas.spelled("^[0-9]{12}$")),
    Input.URL: Reader(_bounded(reachable.web_address), schemas.text),
    Input.PLATE: Reader(_bounded(numbers.read_plate), schemas.text),
    Input.MUNICIPALITY: Reader(_plain(read_municipality), schemas.named(100)),
    Input.ROWS: Reader(_never, _rows),
}


def object_schema(questions: tuple[Question, ...]) -> dict[str, Any]:
    """Return the JSON schema of answers to `questions`."""
    return {
        "type": "object",
        "properties": {q.name: {**_schema(q), "description": q.label, **_example(q)} for q in questions},
        "required": [q.name for q in questions if q.need is Need.REQUIRED and q.when is None and q.eased is None],
        "additionalProperties": False,
        **schemas.conditions(questions),
    }


def _example(question: Question) -> dict[str, Any]:
    return {} if question.example is None else {"examples": [question.example]}


def _schema(question: Question) -> dict[str, Any]:
    """Of evidence about a stranger anything is taken; where less is asked of some, no pattern of one field can say it."""
    if question.stranger:
        return schemas.evidence(question)
    if question.eased and question.eased.input:
        return schemas.text(question)
    return INPUTS[question.input].schema(question)
