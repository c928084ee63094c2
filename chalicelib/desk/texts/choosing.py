"""Choosing a standard text in an officer's form: what is offered for a report, and the explanation that comes of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.core.language import N_
from chalicelib.desk.schemas import NO_TEXT
from chalicelib.desk.texts.labels import OCCASION_WORDS
from chalicelib.forms.questions import Choice, Input, Question
from chalicelib.reports.model import Report
from chalicelib.texts import actions
from chalicelib.texts.filling import fill
from chalicelib.texts.model import TextVersion
from chalicelib.texts.store import Texts

FIELD = "text"
_QUESTION = Question(
    FIELD,
    N_("Standard text"),
    Input.CHOICE,
    hint=N_("Leave the explanation empty: the text comes in its place, and you may still change it."),
)


def offered(report: Report, occasions: Collection[str], texts: Texts) -> tuple[TextVersion, ...]:
    """Return the texts in use that suit a report and one of these occasions."""
    found = actions.usable(report.unit, texts)
    return tuple(text for text in found for occasion in occasions if text.suits(occasion, report.kind))


def questions(found: Sequence[TextVersion], field: str = FIELD) -> tuple[Question, ...]:
    """Return the question which of the texts to use, none where there is nothing to choose."""
    each = (Choice(one.mark, one.name, OCCASION_WORDS[one.occasion]) for one in found)
    choices = (Choice(NO_TEXT, N_("None: I write it myself")), *each)
    return (replace(_QUESTION, name=field, choices=choices),) if found else ()


def filled(
    typed: Mapping[str, Any],
    report: Report,
    texts: Texts,
    *,
    occasion: str = "",
    field: str = FIELD,
    into: str = "explanation",
) -> dict[str, Any]:
    """Return a form with the text chosen in a field in the place of its explanation (`into`), where none was typed.

    `occasion` is that of the form, if it has no status.
    A text that does not suit what is done is not used: the explanation stays empty, and is asked for where it must be there.
    """
    mark, wanted = typed.get(field), occasion or str(typed.get("status", ""))
    found = next((one for one in offered(report, (wanted,), texts) if one.mark == mark), None)
    rest = {name: value for name, value in typed.items() if name != field or found}
    if found is None or str(typed.get(into, "")).strip():
        return rest
    return {**rest, into: fill(found.bodies[report.contact.language], report)}
