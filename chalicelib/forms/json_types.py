"""Programs send each answer in its own type of JSON: what a page sends as text is no excuse for a program. Pure.

`inputs.py` reads text generously, as people type it. A number in quotes or a word for yes is no such text: a program that
sends it has mixed something up, and the description of the API says that it is not taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from chalicelib.core.errors import FieldError, Invalid
from chalicelib.forms.inputs import object_schema
from chalicelib.forms.questions import Question

_TYPES: Mapping[str, tuple[tuple[type, ...], str]] = {  # of JSON Schema → of Python, and what is said of any other
    "string": ((str,), "not_text"),
    "number": ((int, float), "not_a_decimal"),
    "boolean": ((bool,), "yes_or_no"),
    "array": ((list,), "not_a_list"),
    "object": ((dict,), "not_an_object"),
}


@contextmanager
def required_in(questions: Sequence[Question], raw: Mapping[str, Any]) -> Iterator[None]:
    """Read answers of a program within this: raises Invalid for wrong types too, at once with what the reading refuses.

    Nothing (null) counts as left out. Whoever is sent elsewhere is sent there first, whatever the types.
    """
    wrong = tuple(_mistyped(object_schema(tuple(questions)), raw, ""))
    try:
        yield
    except Invalid as invalid:
        told = {error.field for error in wrong}
        raise Invalid([*wrong, *(error for error in invalid.errors if error.field not in told)]) from None
    if wrong:
        raise Invalid(wrong)


def _mistyped(schema: Mapping[str, Any], value: Any, name: str) -> Iterator[FieldError]:
    types, code = _TYPES[schema["type"]]
    if value is None:
        return
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        yield FieldError(name, code)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _mistyped(schema["items"], item, f"{name}.{place}")
    elif isinstance(value, dict):
        below = schema["properties"]
        for inner in value.keys() & below.keys():
            yield from _mistyped(below[inner], value[inner], f"{name}.{inner}".removeprefix("."))
