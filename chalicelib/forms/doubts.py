"""Doubts about an answer as it is kept: flagged for the officer and shown to the reporter, never a reason to refuse. Pure.

The same law for a report that is being told and for one of years ago: nothing of a doubt is kept with the answer.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.forms.inputs import is_understood
from chalicelib.forms.places import municipalities, namesakes
from chalicelib.forms.questions import Input, Question, Warned

_FRAME_LENGTH, _PLATE_LENGTH = 5, 6
_ANY_TIME = datetime(2100, 1, 1, tzinfo=UTC)  # evidence about a stranger has no day


def doubts_of(question: Question, answer: Any) -> Iterator[Warned]:
    """Yield the doubts about an answer; those about its rows once each, at the question that has the rows."""
    if question.input is Input.ROWS:
        found = (doubt_of(inner, row.get(inner.name)) for row in answer for inner in question.rows)
        yield from {doubt.code: replace(doubt, field=question.name) for doubt in found if doubt}.values()
    elif doubt := doubt_of(question, answer):
        yield doubt


def doubt_of(question: Question, answer: Any) -> Warned | None:
    """Return the doubt about one answer, None where there is none."""
    if not isinstance(answer, str):
        return None
    if question.stranger:
        return _of_evidence(question, answer)
    if question.input is Input.PLATE and _is_odd_plate(answer):
        return Warned(question.name, "doubtful_plate")
    if question.name == "frameNumber" and (len(answer) < _FRAME_LENGTH or not any(map(str.isdigit, answer))):
        return Warned(question.name, "doubtful_frame_number")
    return _of_place(question, answer) if question.input is Input.MUNICIPALITY else None


def _of_evidence(question: Question, answer: str) -> Warned | None:
    if len(answer) >= question.most:
        return Warned(question.name, "cut")
    return None if is_understood(question, answer, _ANY_TIME) else Warned(question.name, "untrue")


def _of_place(question: Question, answer: str) -> Warned | None:
    others = "; ".join(municipalities()[code].title for code in namesakes(answer))
    return Warned(question.name, "namesake", {"names": others}) if others else None


def _is_odd_plate(answer: str) -> bool:
    plate = "".join(filter(str.isalnum, answer))
    mixed = any(map(str.isdigit, plate)) and any(map(str.isalpha, plate))
    return bool(plate) and not (len(plate) == _PLATE_LENGTH and plate.isascii() and mixed)
