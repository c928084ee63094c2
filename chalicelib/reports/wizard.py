"""The wizard's pages: which parts of a report are asked, in which order, and what a form's buttons do to a draft. Pure.

A draft's content is what was typed (text as a page sends it), by question name; it is read by submission.py, never here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core import ids
from chalicelib.core.errors import FieldError
from chalicelib.forms.fields import Field, fields_of
from chalicelib.forms.places import settled
from chalicelib.forms.questions import Input, Question, Section
from chalicelib.reports.crimes import CrimeKind
from chalicelib.reports.crimes.common import BEFORE
from chalicelib.reports.crimes.triage import CIRCUMSTANCES, NONE, rules_for

CHECK, EVIDENCE = "check", "evidence"
_KVK = 8  # digits; an RSIN has 9


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the wizard: its part, its number from 1, how many there are, and its neighbours (`evidence` after the last)."""

    part: Section
    number: int
    total: int
    before: str
    after: str


def parts(kind: CrimeKind, typed: Mapping[str, Any]) -> tuple[Section, ...]:
    """Return the parts that are asked under these answers. The choice aid counts as the first."""
    return tuple(part for part in kind.sections if any(question.asked(typed) for question in part.questions))


def step(kind: CrimeKind, typed: Mapping[str, Any], name: str) -> Step | None:
    """Return the page with this name, None when the kind has no such part or does not ask it under these answers."""
    asked = parts(kind, typed)
    place = next((place for place, part in enumerate(asked) if part.name == name), None)
    if place is None:
        return None
    names = ["", *(part.name for part in asked), EVIDENCE]
    return Step(asked[place], place + 1, len(asked) + 1, names[place], names[place + 2])


def first(kind: CrimeKind, *, cleared: bool) -> str:
    """Return the name of the first page: who went through the choice aid is not asked that again."""
    return next(part.name for part in kind.sections if not (cleared and part is BEFORE))


def of_company(number: str) -> dict[str, str]:
    """Return what is filled in for who logged in for a company; of its two numbers the form asks the one with 8 digits."""
    if not number:
        return {}
    return {"victim": "company"} | ({"companyNumber": number} if len(number) == _KVK else {})


def filing_key(draft_id: str) -> str:
    """The draft decides the report: however often it is confirmed, and from whichever page, one report comes of it."""
    return ids.digest(f"draft {draft_id}")


def filled(typed: Mapping[str, Any], part: Section, posted: Mapping[str, Any]) -> dict[str, Any]:
    """Return a draft's content after a page was sent: the part's answers replaced by what came, unknown names dropped."""
    names = {question.name for question in part.questions}
    kept = {name: value for name, value in typed.items() if name not in names}
    return kept | told_on(part.questions, posted) | _from_aid(typed, posted)


def told_on(questions: Sequence[Question], posted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form says about these questions; a name and the choice below it are one answer."""
    asked = {question.name: question for question in questions}
    return {
        name: settled(value) if asked[name].input is Input.MUNICIPALITY else value
        for name, value in posted.items()
        if name in asked
    }


def rows_changed(typed: dict[str, Any], part: Section, button: str, row: str) -> dict[str, Any]:
    """Do what a button about rows says: `more`, `goods` adds one, `less`, `goods.2` takes the second away; else nothing."""
    name, _, number = row.partition(".")
    if not has_rows(part, name):
        return typed
    if button == "less" and number.isascii() and number.isdigit():
        return without_row(typed, name, int(number))
    return with_row(typed, name) if button == "more" else typed


def with_row(typed: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the content with one more empty row of a question."""
    return {**typed, name: [*_rows(typed, name), {}]}


def without_row(typed: Mapping[str, Any], name: str, number: int) -> dict[str, Any]:
    """Return the content without row `number` (from 1) of a question; unchanged when there is no such row."""
    rows = _rows(typed, name)
    return {**typed, name: [row for place, row in enumerate(rows, start=1) if place != number]}


def has_rows(part: Section, name: str) -> bool:
    """True when the part asks a question of this name in rows."""
    return any(question.name == name and question.input is Input.ROWS for question in part.questions)


def _rows(typed: Mapping[str, Any], name: str) -> list[Any]:
    rows = typed.get(name)
    return list(rows) if isinstance(rows, list) else [{}]


def _from_aid(typed: Mapping[str, Any], posted: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to the choice aid, from before the login, travel in the first form; only "none of these" can come this far."""
    name = CIRCUMSTANCES.name
    return {name: NONE} if name not in typed and posted.get(name) == NONE else {}


def fill(part: Section, kind: CrimeKind, typed: Mapping[str, Any], errors: Sequence[FieldError] = ()) -> tuple[Field, ...]:
    """Return the fields of one part of a report, filled with what was typed, errors at their fields.

    Only what applies is asked: `typed` also holds the answers of the other parts.
    """
    return fields_of(tuple(_questions(part, kind)), typed, errors)


def _questions(part: Section, kind: CrimeKind) -> Iterator[Question]:
    for question in part.questions:
        yield _circumstances_of(kind) if question is CIRCUMSTANCES else question


def _circumstances_of(kind: CrimeKind) -> Question:
    """A circumstance that would not stop this crime is not asked: a name of the other party is normal for fraud."""
    codes = {NONE, *(rule.code for rule in rules_for(kind.crime))}
    return replace(CIRCUMSTANCES, choices=tuple(choice for choice in CIRCUMSTANCES.choices if choice.value in codes))
