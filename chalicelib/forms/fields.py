"""The form that questions make: what stands in each field, how it is shown, and what is wrong with it.

Pure. `fill` takes what was typed (untrusted, of any shape) and the errors of submission.py; the templates only draw.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from chalicelib.core.errors import FieldError
from chalicelib.core.language import N_
from chalicelib.forms.places import municipalities, settled
from chalicelib.forms.questions import Choice, Input, Question

YES_OR_NO = (Choice("yes", N_("Yes")), Choice("no", N_("No")))


@dataclass(frozen=True, slots=True)
class Shape:
    """How an input is drawn: the macro in `fields.html`, and the attributes of its control."""

    macro: str
    type: str = "text"
    inputmode: str = ""
    narrow: bool = False
    spelled: bool = True


SHAPES: Mapping[Input, Shape] = {
    Input.TEXT: Shape("line"),
    Input.LONG_TEXT: Shape("area"),
    Input.MARK: Shape("line", spelled=False),
    Input.CHOICE: Shape("radios"),
    Input.CHOICES: Shape("checkboxes"),
    Input.YES_NO: Shape("radios"),
    Input.TICK: Shape("tick"),
    Input.DATE: Shape("line", narrow=True, spelled=False),
    Input.DAY: Shape("line", narrow=True, spelled=False),
    Input.BIRTHDAY: Shape("line", narrow=True, spelled=False),
    Input.MOMENT: Shape("moment", narrow=True, spelled=False),
    Input.MONEY: Shape("line", inputmode="decimal", narrow=True, spelled=False),
    Input.POSTCODE: Shape("line", narrow=True, spelled=False),
    Input.EMAIL: Shape("line", type="email", spelled=False),
    Input.PHONE: Shape("line", type="tel", spelled=False),
    Input.IBAN: Shape("line", spelled=False),
    Input.IMEI: Shape("line", inputmode="numeric", spelled=False),
    Input.COMPANY_NUMBER: Shape("line", inputmode="numeric", narrow=True, spelled=False),
    Input.BRANCH_NUMBER: Shape("line", inputmode="numeric", narrow=True, spelled=False),
    Input.URL: Shape("line", inputmode="url", spelled=False),
    Input.PLATE: Shape("line", narrow=True, spelled=False),
    Input.MUNICIPALITY: Shape("municipality", spelled=False),
    Input.ROWS: Shape("rows"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Under which answers to which question a field applies; without a script it is shown always, with this in words."""

    label: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. `name` is its path (`goods.0.brand`), and the id to which an error links.

    `value` is text, `chosen` holds the values of ticked choices, `time` the second half of a moment.
    """

    question: Question
    name: str
    shape: Shape
    choices: tuple[Choice, ...] = ()
    value: str = ""
    time: str = ""
    chosen: tuple[str, ...] = ()
    errors: tuple[FieldError, ...] = ()
    condition: Condition | None = None
    rows: tuple["Row", ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """The ids of what is said about the field, for those who hear the page instead of seeing it."""
        said = {"when": self.condition, "hint": self.question.hint, "error": self.errors}
        return tuple(f"{self.name}-{note}" for note, there in said.items() if there)


@dataclass(frozen=True, slots=True)
class Row:
    """One repetition of the questions of a field of rows; `number` counts from 1."""

    number: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the error summary. `label` is the field's message, `row` its row; both empty for what no field shows."""

    error: FieldError
    label: str = ""
    row: int = 0


def fields_of(questions: Sequence[Question], typed: Mapping[str, Any], errors: Sequence[FieldError] = ()) -> tuple[Field, ...]:
    """Return the fields of one page, filled with what was typed, errors at their fields.

    Only what applies is asked: `typed` also holds the answers of other pages.
    """
    asked = {question.name: question for question in questions}
    return tuple(_field(one.under(typed), typed, errors, asked) for one in questions if _applies(one, typed, asked))


def _applies(question: Question, typed: Mapping[str, Any], asked: Mapping[str, Question]) -> bool:
    """A question that hangs on another part's answer is left out; one on the same page says in words when it counts."""
    return question.when is None or question.when[0] in asked or question.asked(typed)


def problems(fields: Sequence[Field], errors: Sequence[FieldError]) -> tuple[Problem, ...]:
    """Return the error summary: every error, with the label of its field, in the order of the form."""
    known = {field.name: (place, field.question.label, row) for place, (field, row) in enumerate(_all(fields))}
    nowhere = (len(known), "", 0)
    found = sorted(((known.get(error.field, nowhere), error) for error in errors), key=lambda pair: pair[0][0])
    return tuple(Problem(error, label, row) for (_, label, row), error in found)


def field_of(question: Question, typed: Mapping[str, Any], errors: Sequence[FieldError] = ()) -> Field:
    """Return one field that stands alone, outside the sections of a kind."""
    return _field(question, typed, errors, {})


def _all(fields: Sequence[Field]) -> Iterator[tuple[Field, int]]:
    for field in fields:
        yield field, 0
        yield from ((inner, row.number) for row in field.rows for inner in row.fields)


def _field(
    question: Question, typed: Mapping[str, Any], errors: Sequence[FieldError], asked: Mapping[str, Question], prefix: str = ""
) -> Field:
    name, given = prefix + question.name, typed.get(question.name)
    if question.input is Input.MUNICIPALITY:
        return _municipality(question, name, given, tuple(error for error in errors if error.field == name))
    moment = given if isinstance(given, Mapping) else {}
    return Field(
        question=question,
        name=name,
        shape=SHAPES[question.input],
        choices=YES_OR_NO if question.input is Input.YES_NO else question.choices,
        value=_text(moment.get("date")) if question.input is Input.MOMENT else _text(given),
        time=_text(moment.get("time")),
        chosen=_chosen(given),
        errors=tuple(error for error in errors if error.field == name),
        condition=_condition(question, asked),
        rows=_rows(question, given, errors, name) if question.input is Input.ROWS else (),
    )


def _municipality(question: Question, name: str, given: Any, errors: tuple[FieldError, ...]) -> Field:
    """A name that can mean several is asked with those to choose from; who chose finds the name and not the code."""
    typed = _text(settled(given))
    known = municipalities().get(typed)
    guesses = [municipalities()[code] for error in errors for code in cast("tuple[str, ...]", error.values.get("codes", ()))]
    return Field(
        question=question,
        name=name,
        shape=SHAPES[question.input],
        choices=tuple(Choice(one.code, one.title) for one in guesses),
        value=known.name if known else typed,
        errors=errors,
    )


def _rows(question: Question, given: Any, errors: Sequence[FieldError], name: str) -> tuple[Row, ...]:
    """Rows that were typed keep their place, so that an error finds its row; where there is none, one stands ready."""
    typed = [row if isinstance(row, Mapping) else {} for row in given] if isinstance(given, list) else []
    return tuple(
        Row(number, tuple(_field(inner, row, errors, {}, f"{name}.{number - 1}.") for inner in question.rows))
        for number, row in enumerate(typed or [{}], start=1)
    )


def _condition(question: Question, asked: Mapping[str, Question]) -> Condition | None:
    if question.when is None or question.when[0] not in asked:
        return None
    other, answers = asked[question.when[0]], question.when[1]
    return Condition(other.label, tuple(choice.label for choice in other.choices if choice.value in answers))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _chosen(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, value)) if isinstance(value, list) else (_text(value),)
