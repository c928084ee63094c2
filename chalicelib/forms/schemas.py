"""JSON schemas as strict as the readers of `inputs.py`: what programs are told that they may send. Pure.

A schema describes the one spelling in which an answer is kept; a reader takes more, as people type it. Two laws hold
(tests/unit/test_schemas.py): what a schema admits is refused for its meaning only (a day that does not exist, a check digit),
and what a reader keeps is admitted.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from chalicelib.forms.questions import Input, Need, Question

Schema = dict[str, Any]
Make = Callable[[Question], Schema]

_WRITTEN = r"[^\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"  # any character but the control characters
PRINTED = f"^{_WRITTEN}*$"
SEEN = r"[^\s]"  # text with something in it
SEEN_AND_PRINTED = rf"^{_WRITTEN}*[^\s\x00-\x08\x0e-\x1f\x7f-\x9f]{_WRITTEN}*$"
_YEAR, _MONTH, _DAY = "(19|2[01])[0-9]{2}", "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
_TIME, _OFFSET = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?", "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
DAY = f"^{_YEAR}-{_MONTH}-{_DAY}$"
BIRTHDAY = f"^({_YEAR}(-{_MONTH}(-{_DAY})?)?|unknown)$"
MOMENT = f"^{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_OFFSET}$"
_ATOM, _LABEL = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NOWHERE = "(?!(example|internal|invalid|local|localhost|onion|test)$)"
EMAIL = rf"^(?=[^@]{{1,64}}@){_ATOM}(\.{_ATOM})*@({_LABEL}\.)+{_NOWHERE}([A-Za-z]{{2,63}}|xn--[a-z0-9-]{{0,58}}[a-z0-9])$"
PHONE = r"^\+(31(?!800|90)[1-9][0-9]{8}|(?!31)[1-9][0-9]{7,14})$"
POSTCODE = "^[1-9][0-9]{3} ?(?!S[ADS])[A-Z]{2}$"
IBAN = "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"


def text(question: Question) -> Schema:
    """Of what people write. A text that must be there has something in it."""
    if _is_needed(question):
        return {"type": "string", "minLength": 1, "maxLength": question.most, "pattern": SEEN_AND_PRINTED}
    return {"type": "string", "maxLength": question.most, "pattern": PRINTED}


def spelled(pattern: str, form: str = "", most: int = 0) -> Make:
    """Of what is kept in one spelling; `form` is a format that generators of clients know."""
    schema = {"type": "string", "pattern": pattern} | ({"format": form} if form else {}) | ({"maxLength": most} if most else {})
    return lambda _: schema


def named(most: int) -> Make:
    """Of what is called by a name."""
    return lambda _: {"type": "string", "minLength": 1, "maxLength": most, "pattern": SEEN_AND_PRINTED}


def evidence(question: Question) -> Schema:
    """Of evidence about a stranger: anything is taken, and kept as far as there is room."""
    return {"type": "string"} | ({"minLength": 1, "pattern": SEEN_AND_PRINTED} if _is_needed(question) else {"pattern": PRINTED})


def choice(question: Question) -> Schema:
    return {"type": "string", "enum": [one.value for one in question.choices]}


def choices(question: Question) -> Schema:
    least = {"minItems": 1} if _is_needed(question) else {}
    return {"type": "array", "items": choice(question), "uniqueItems": True} | least


def yes_or_no(_: Question) -> Schema:
    return {"type": "boolean"}


def tick(question: Question) -> Schema:
    return {"type": "boolean"} | ({"const": True} if question.need is Need.REQUIRED else {})


def money(_: Question) -> Schema:
    return {"type": "number", "minimum": 0, "maximum": 999_999_999.99, "multipleOf": 0.01}


def conditions(questions: Sequence[Question]) -> Schema:
    """Return what some answers ask of others: which question must be answered, and which need not.

    It stands below an `if` that always holds, where generators of clients leave it alone: they make classes of an `allOf`.
    """
    found = list(_conditions(questions))
    return {"if": {}, "then": {"allOf": found}} if found else {}


def _conditions(questions: Sequence[Question]) -> Iterator[Schema]:
    asked = {question.name: question for question in questions}
    for question in questions:
        if question.need is not Need.REQUIRED or (question.when is None and question.eased is None):
            continue
        wanted: Schema = {"required": [question.name]}
        if question.eased is not None:
            wanted = {"if": _answered(asked[question.eased.question], question.eased.answers), "else": wanted}
        yield {"if": _answered(asked[question.when[0]], question.when[1]), "then": wanted} if question.when else wanted


def _answered(question: Question, answers: frozenset[Any]) -> Schema:
    """Return the schema of answers in which a question has one of these; a page's own words for a tick are not JSON's."""
    ticked = question.input in (Input.TICK, Input.YES_NO)
    wanted = sorted((one for one in answers if isinstance(one, bool) is ticked), key=str)
    return {"required": [question.name], "properties": {question.name: {"enum": wanted}}}


def _is_needed(question: Question) -> bool:
    return question.need is Need.REQUIRED and question.eased is None
