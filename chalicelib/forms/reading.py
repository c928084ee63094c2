"""Untrusted JSON or form → answers, or Invalid with every bad field at once. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.core.errors import FieldError, Invalid
from chalicelib.forms.inputs import read
from chalicelib.forms.questions import Input, Need, Question
from chalicelib.forms.text import BadInput, is_blank

_EMPTY: tuple[Any, ...] = (None, "", [], {})


def parse_answers(questions: Sequence[Question], raw: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Read answers to questions that belong to no kind of report. Raises Invalid with every bad field at once."""
    errors: list[FieldError] = []
    answers = collect(questions, raw, now, errors)
    if errors:
        raise Invalid(errors)
    return answers


def collect(
    questions: Sequence[Question], raw: Mapping[Any, Any], now: datetime, errors: list[FieldError], prefix: str = ""
) -> dict[str, Any]:
    known = {question.name for question in questions}
    errors.extend(FieldError(f"{prefix}{str(name)[:60]}", "unknown_field") for name in raw if name not in known)
    answers: dict[str, Any] = {}
    for asked in questions:
        if not asked.asked(answers):
            continue  # what a page sent along in a field that does not apply is dropped
        question = asked.under({**raw, **answers}) if asked.eased else asked  # what eases it may stand below it
        value = raw.get(question.name)
        if question.input is Input.ROWS:
            answer = _collect_rows(question, value, now, errors, prefix)
        else:
            answer, error = parse_one(question, value, now, prefix)
            errors.extend([error] if error else [])
        if answer is not None:
            answers[question.name] = answer
    return answers


def parse_one(question: Question, value: Any, now: datetime, prefix: str = "") -> tuple[Any, FieldError | None]:
    name = prefix + question.name
    if isinstance(value, Mapping) and all(map(_is_empty, value.values())):
        value = None
    if _is_empty(value):
        return None, FieldError(name, _MISSING.get(question.input, "required")) if question.need is Need.REQUIRED else None
    try:
        return read(question, value, now), None
    except BadInput as refused:
        return None, FieldError(name, refused.code, refused.values)


def _collect_rows(
    question: Question, value: Any, now: datetime, errors: list[FieldError], prefix: str
) -> list[dict[str, Any]] | None:
    name = prefix + question.name
    if value is not None and not isinstance(value, list):
        errors.append(FieldError(name, "not_a_list"))
        return None
    filled = [(index, row) for index, row in enumerate(value or ()) if not _is_blank(row)]
    if len(filled) > question.most:
        errors.append(FieldError(name, "too_many_rows", {"most": question.most}))
        return None
    if not filled and question.need is Need.REQUIRED:
        errors.append(FieldError(f"{name}.0.{question.rows[0].name}", "required"))
    if not all(isinstance(row, Mapping) for _, row in filled):
        errors.append(FieldError(name, "not_an_object"))
        return None
    return [collect(question.rows, row, now, errors, f"{name}.{index}.") for index, row in filled] or None


def _is_blank(row: Any) -> bool:
    return isinstance(row, Mapping) and all(map(_is_empty, row.values()))


def _is_empty(value: Any) -> bool:
    return value in _EMPTY or is_blank(value)


_MISSING = {Input.CHOICE: "choose_one", Input.CHOICES: "choose_one", Input.YES_NO: "yes_or_no", Input.TICK: "must_tick"}
