"""How each kind of input is read: untrusted value → canonical JSON value, or the one thing that is wrong with it.

Pure. A page sends text, the API sends JSON; both go through the same row of INPUTS, so both are refused for the same
reasons. The JSON schema of each row stands beside its reader, so that documentation and validation cannot drift apart.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

from stdnum import iban as stdnum_iban
from stdnum import imei as stdnum_imei

from chalicelib.core.clock import AMSTERDAM, day_of, iso
from chalicelib.forms.places import municipality_named
from chalicelib.forms.questions import Input, Question

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_EARLIEST = date(1900, 1, 1)
_LOCAL_PART = 64  # characters, RFC 5321
_DUTCH_NUMBER = 12  # characters of +31 and nine digits
_IMEI = 15  # digits


class BadInput(Exception):
    """A value that cannot be the answer; `code` names the sentence that says why and what to do."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True, slots=True)
class Reader:
    """One row of INPUTS: `read(value, question, now)` and the JSON schema of what it accepts through the API."""

    read: Callable[[Any, Question, datetime], Any]
    schema: Callable[[Question], dict[str, Any]]


def clean(value: Any, most: int, *, lines: bool = False) -> str:
    """Return text in Unicode's composed form, trimmed. Raises Refused for other types, control characters and over-long text."""
    if not isinstance(value, str):
        raise BadInput("not_text")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not lines:
        text = re.sub(r"[\n\t]+", " ", text)
    if CONTROL.search(text):
        raise BadInput("control_characters")
    if len(text) > most:
        raise BadInput("too_long", most=most)
    return text


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


def _tick(value: Any, _question: Question, _now: datetime) -> bool:
    if value is True or value == "yes":
        return True
    raise BadInput("must_tick")


def _date(value: Any, _question: Question, now: datetime) -> str:
    on = read_date(value)
    if on > day_of(now):
        raise BadInput("date_in_future")
    return on.isoformat()


def _any_day(value: Any, _question: Question, _now: datetime) -> str:
    return read_date(value).isoformat()


def read_date(value: Any) -> date:
    """Read `2016-07-01`, `1-7-2016` or `1 juli 2016`. Raises Refused for anything that is not a day between 1900 and 9999."""
    text = clean(value, 40).casefold()
    for pattern, (year, month, day) in _DATES.items():
        match = pattern.fullmatch(text)
        if match:
            return _day(match[year], _MONTHS.get(match[month][:3], match[month]), match[day])
    raise BadInput("date_format")


def _day(year: str, month: str, day: str) -> date:
    try:
        on = date(int(year), int(month), int(day))
    except ValueError:
        raise BadInput("no_such_date") from None
    if on < _EARLIEST:
        raise BadInput("no_such_date")
    return on


_DATES = {  # what is written → where year, month and day stand in it
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII): (1, 2, 3),
    re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII): (3, 2, 1),
    re.compile(r"(\d{1,2})[-. ]+([a-z]{3,9})\.?[-. ]+(\d{4})", re.ASCII): (3, 2, 1),
}
_MONTHS = {
    name: str(number)
    for names in ("jan feb maa apr mei jun jul aug sep okt nov dec", "jan feb mar apr may jun jul aug sep oct nov dec")
    for number, name in enumerate(names.split(), start=1)
} | {"mrt": "3"}


def _moment(value: Any, _question: Question, now: datetime) -> str:
    at = _form_moment(value) if isinstance(value, Mapping) else _api_moment(value)
    if at > now:
        raise BadInput("moment_in_future")
    return iso(at)


def _form_moment(value: Mapping[str, Any]) -> datetime:
    """A day and a time; midnight is never made up for a time that was left empty."""
    on, match = read_date(value.get("date", "")), _TIME.fullmatch(clean(value.get("time", ""), 20).casefold())
    if not match:
        raise BadInput("time_format")
    return datetime(on.year, on.month, on.day, int(match[1]), int(match[2] or 0), tzinfo=AMSTERDAM).astimezone(UTC)


_TIME = re.compile(r"([01]?\d|2[0-3])(?: ?[:.u]? ?([0-5]\d))?(?: ?(?:uur|u|h))?", re.ASCII)  # 9:30, 9.30, 0930, 9 uur


def _api_moment(value: Any) -> datetime:
    text = clean(value, 40)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("moment_format") from None
    if at.tzinfo is None or at.date() < _EARLIEST:
        raise BadInput("moment_format")
    return at.astimezone(UTC)


def _money(value: Any, _question: Question, _now: datetime) -> int:
    """Amounts arrive as `1.234,50`, `1234.5` or 12.5 and are kept in cents."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadInput("money_format")
    text = clean(value, 20).removeprefix("€").strip() if isinstance(value, str) else _decimal(value)
    match = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+|\d{1,9})(?:[.,](\d{1,2}))?", text, re.ASCII)
    if not match:
        raise BadInput("money_format")
    return int(re.sub(r"[.,]", "", match[1])) * 100 + int((match[2] or "").ljust(2, "0"))


def _decimal(value: float) -> str:
    return f"{value:.2f}" if abs(value) < _MOST_MONEY else ""


_MOST_MONEY = 10**9  # euros


def _postcode(value: Any, _question: Question, _now: datetime) -> str:
    text = clean(value, 20).upper().replace(" ", "")
    if not re.fullmatch(r"[1-9][0-9]{3}[A-Z]{2}", text) or text[4:] in ("SA", "SD", "SS"):
        raise BadInput("postcode")
    return text


def _email(value: Any, _question: Question, _now: datetime) -> str:
    text = clean(value, 254)
    local, at, domain = text.rpartition("@")
    labels = domain.split(".")
    sound_local = at and len(local) <= _LOCAL_PART and _LOCAL.fullmatch(local)
    if not sound_local or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):  # noqa: PLR2004 — a name and a top level
        raise BadInput("email")
    return f"{local}@{domain.lower()}"


_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def _phone(value: Any, _question: Question, _now: datetime) -> str:
    """Dutch and international numbers, kept as E.164."""
    text = re.sub(r"[\s().-]", "", clean(value, 40))
    if text.startswith("00"):
        text = "+" + text[2:]
    elif text.startswith("0"):
        text = "+31" + text[1:]
    if not re.fullmatch(r"\+[1-9][0-9]{7,14}", text) or (text.startswith("+31") and len(text) != _DUTCH_NUMBER):
        raise BadInput("phone")
    return text


def _iban(value: Any, _question: Question, _now: datetime) -> str:
    text = clean(value, 60).upper().replace(" ", "")
    if not stdnum_iban.is_valid(text):
        raise BadInput("iban")
    return text


def _imei(value: Any, _question: Question, _now: datetime) -> str:
    text = re.sub(r"[\s/-]", "", clean(value, 40))
    if len(text) != _IMEI or not stdnum_imei.is_valid(text):
        raise BadInput("imei")
    return text


def _company_number(value: Any, _question: Question, _now: datetime) -> str:
    text = clean(value, 20).replace(" ", "")
    if not re.fullmatch(r"[0-9]{8}", text):
        raise BadInput("company_number")
    return text


def _branch_number(value: Any, _question: Question, _now: datetime) -> str:
    text = clean(value, 20).replace(" ", "")
    if not re.fullmatch(r"[0-9]{12}", text):
        raise BadInput("branch_number")
    return text


def _url(value: Any, _question: Question, _now: datetime) -> str:
    text = clean(value, 500)
    if not re.fullmatch(r"(?:https?://)?[^\s/@]+\.[^\s/@]{2,}(?:/\S*)?", text):
        raise BadInput("url")
    return text


def _plate(value: Any, question: Question, _now: datetime) -> str:
    return clean(value, question.most).upper()


def _municipality(value: Any, _question: Question, _now: datetime) -> str:
    found = municipality_named(clean(value, 80))
    if found is None:
        raise BadInput("municipality")
    return found.code


def _never(_value: Any, _question: Question, _now: datetime) -> Any:
    raise AssertionError("rows are read by submission.py, question by question")


def _string(pattern: str = "", form: str = "") -> Callable[[Question], dict[str, Any]]:
    def schema(question: Question) -> dict[str, Any]:
        extra = {"pattern": pattern} if pattern else {"format": form} if form else {"maxLength": question.most}
        return {"type": "string", **extra}

    return schema


def _enum(question: Question) -> dict[str, Any]:
    return {"type": "string", "enum": [choice.value for choice in question.choices]}


def _enums(question: Question) -> dict[str, Any]:
    return {"type": "array", "items": _enum(question), "minItems": 1, "uniqueItems": True}


def _rows(question: Question) -> dict[str, Any]:
    return {"type": "array", "maxItems": question.most, "items": object_schema(question.rows)}


INPUTS: Mapping[Input, Reader] = {
    Input.TEXT: Reader(_text, _string()),
    Input.LONG_TEXT: Reader(_long_text, _string()),
    Input.CHOICE: Reader(_choice, _enum),
    Input.CHOICES: Reader(_choices, _enums),
    Input.YES_NO: Reader(_yes_no, lambda _: {"type": "boolean"}),
    Input.TICK: Reader(_tick, lambda _: {"const": True}),
    Input.DATE: Reader(_date, _string(form="date")),
    Input.DAY: Reader(_any_day, _string(form="date")),
    Input.MOMENT: Reader(_moment, _string(form="date-time")),
    Input.MONEY: Reader(_money, lambda _: {"type": "number", "minimum": 0, "multipleOf": 0.01}),
    Input.POSTCODE: Reader(_postcode, _string(r"^[1-9][0-9]{3} ?[A-Za-z]{2}$")),
    Input.EMAIL: Reader(_email, _string(form="email")),
    Input.PHONE: Reader(_phone, _string()),
    Input.IBAN: Reader(_iban, _string()),
    Input.IMEI: Reader(_imei, _string()),
    Input.COMPANY_NUMBER: Reader(_company_number, _string(r"^[0-9]{8}$")),
    Input.BRANCH_NUMBER: Reader(_branch_number, _string(r"^[0-9]{12}$")),
    Input.URL: Reader(_url, _string()),
    Input.PLATE: Reader(_plate, _string()),
    Input.MUNICIPALITY: Reader(_municipality, _string()),
    Input.ROWS: Reader(_never, _rows),
}


def object_schema(questions: tuple[Question, ...]) -> dict[str, Any]:
    """Return the JSON schema of answers to `questions`."""
    return {
        "type": "object",
        "properties": {q.name: {**INPUTS[q.input].schema(q), "description": q.label} for q in questions},
        "required": [q.name for q in questions if q.need == "required" and q.when is None],
        "additionalProperties": False,
    }
