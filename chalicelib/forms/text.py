"""Text of somebody, as every reader of `forms` begins: folded, bounded, and refused where nobody could read it. Pure."""

import re
from typing import Any

from chalicelib.core.text import coded, readable

CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")  # what `readable` leaves of it nobody can read


class BadInput(Exception):
    """A value that cannot be the answer; `code` names the sentence that says why and what to do."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def clean(value: Any, most: int, *, lines: bool = False) -> str:
    """Return text as its reader sees it (`core/text.py`). Raises BadInput for other types, control characters, over-long text."""
    if not isinstance(value, str):
        raise BadInput("not_text")
    text = readable(value, lines=lines)
    if CONTROL.search(text):
        raise BadInput("control_characters")
    if len(text) > most:
        raise BadInput("too_long", most=most)
    return text


def code(value: Any, most: int) -> str:
    """Return what stands for a number, a day, an amount or an address. Raises BadInput as `clean` does."""
    return clean(coded(clean(value, most)), most)


def as_typed(value: Any, most: int) -> str:
    """Return evidence as somebody typed it; what is too long is cut. Raises BadInput where there is no text to read."""
    if not isinstance(value, str):
        raise BadInput("not_text")
    text = readable(CONTROL.sub("", readable(value)))[:most].strip()
    if not text:
        raise BadInput("control_characters")
    return text


def is_blank(value: Any) -> bool:
    """True for text in which there is nothing to see."""
    return isinstance(value, str) and not readable(value)
