"""The content of a copy of a report: who, for whom, what, in which order; goods as a table with their sum. Pure.

The verification code is derived and stored nowhere: it holds for this reference with this statement, and for no other.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.core import ids
from chalicelib.core.codes import CodeKind, read_long, shown
from chalicelib.core.language import N_, Language, money, translate
from chalicelib.forms import answer_lines
from chalicelib.forms.questions import Input, Question
from chalicelib.reports import presenter
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.statement import Statement

_EMPTY = answer_lines.Line("", "")

# A question that said "you" and "your" to the reporter is told of them to whoever reads the copy; who comes first.
PEOPLE: Mapping[str, str] = {
    "you": N_("The reporter"),
    "address": N_("Address and telephone number of the reporter"),
    "victim": N_("For whom the report was made"),
    "victim-details": N_("The victim, and why the report could be made for them"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of a list: its name, what else is known of it, and its amount (empty when none was given)."""

    name: str
    details: tuple[answer_lines.Line, ...]
    amount: str


@dataclass(frozen=True, slots=True)
class Table:
    """A list of things. `amount` is the label of its amounts, `total` their sum; both empty for things without amounts."""

    caption: str
    rows: tuple[Row, ...]
    amount: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The content under one heading."""

    title: str
    lines: tuple[answer_lines.Line, ...]
    tables: tuple[Table, ...] = ()


class Proof(StrEnum):
    """The proof that a code gives of a copy."""

    CURRENT = "current"
    EARLIER = "earlier"  # the reporter has added something since
    NONE = "none"


def code_of(derivation_key: bytes, reference: str, statement: Statement, additions: int) -> str:
    """Return the code that proves a copy: it follows from the number, from every letter of what was confirmed, and from
    how much was added since.
    """
    return shown(CodeKind.COPY, ids.code(ids.derive(derivation_key, "copy", reference, statement.sha256, str(additions))))


def proof_of(keys: Sequence[bytes], reference: str, statement: Statement, additions: int, code: str) -> Proof:
    """Return what `code` (without its letter) proves of a report with so many additions, by any of the keys."""

    def fits_with(number: int) -> bool:
        return any(hmac.compare_digest(read_long(code_of(key, reference, statement, number)), code) for key in keys)

    fits = [fits_with(number) for number in range(additions + 1)]
    if fits[-1]:
        return Proof.CURRENT
    return Proof.EARLIER if any(fits) else Proof.NONE


def parts(statement: Statement, language: Language) -> tuple[Part, ...]:
    """Return everything that the statement holds: the people first, then the rest in the order of the form."""
    kind, answers = KINDS[statement.kind], statement.answers
    blocks = {block.name: block for block in presenter.blocks(kind.code, answers, language)}
    order = [*PEOPLE, *(name for name in blocks if name not in PEOPLE)]
    lists = {question.name: question for question in kind.questions if question.input is Input.ROWS}
    return tuple(_part(blocks[name], lists, answers, language) for name in order if name in blocks)


def _part(block: presenter.Block, lists: Mapping[str, Question], answers: Mapping[str, Any], language: Language) -> Part:
    title = translate(PEOPLE[block.name], language) if block.name in PEOPLE else block.title
    tables = tuple(_table(lists[line.name], line, answers[line.name], language) for line in block.lines if line.rows)
    return Part(title, tuple(line for line in block.lines if not line.rows), tables)


def _table(question: Question, line: answer_lines.Line, answers: Sequence[Mapping[str, Any]], language: Language) -> Table:
    amount = next((inner for inner in question.rows if inner.input is Input.MONEY), None)
    rows = tuple(_row(row, question.rows[0].name, amount.name if amount else "") for row in line.rows)
    given = [row[amount.name] for row in answers if amount.name in row] if amount else []
    if not amount or not given:
        return Table(line.label, rows)
    return Table(line.label, rows, translate(amount.label, language), money(sum(given), language))


def _row(row: Sequence[answer_lines.Line], first: str, amount: str) -> Row:
    known = {line.name.rpartition(".")[2]: line for line in row}
    name, value = known.pop(first, _EMPTY), known.pop(amount, _EMPTY)
    return Row(name.text, tuple(known.values()), value.text)
