"""The questions to somebody who adds to a report: something new, something that was wrong, something found again. Pure.

The statement itself never changes (decree on electronic reports: later changes are separate, dated and detectable).
SORTS is the whole list, and its questions drive page, validation, API and copy as those of a report do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.core.language import N_, Language
from chalicelib.forms import answer_lines, reading
from chalicelib.forms.questions import Choice, Input, Need, Question, Section
from chalicelib.reports.additions import FILES, Sort, part_of
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.reports.statement import Attachment

_LONG = 4_000
_PART = Question("part", N_("Which part of your report is wrong?"), Input.CHOICE, Need.REQUIRED, example="story")
_GOODS = Question("goods", N_("What was found?"), Input.CHOICES, Need.REQUIRED, example=["1"])
ANYTHING = Question(
    "what",
    N_("What was found?"),
    Input.LONG_TEXT,
    Need.REQUIRED,
    hint=N_("For example your bicycle, or your money."),
    most=1_000,
    example="Mijn fiets",
)

SORTS: Mapping[Sort, Section] = {
    Sort.MORE: Section(
        "more",
        N_("I know something more"),
        (
            Question(
                "text",
                N_("What do you want to tell us?"),
                Input.LONG_TEXT,
                Need.REQUIRED,
                hint=N_("For example something that you remembered, a witness, or a bill that you found."),
                most=_LONG,
                example="De buurvrouw heeft gezien dat een witte bus wegreed.",
            ),
        ),
    ),
    Sort.WRONG: Section(
        "wrong",
        N_("Something in my report is wrong"),
        (
            _PART,
            Question(
                "text",
                N_("What is wrong, and what must it be?"),
                Input.LONG_TEXT,
                Need.REQUIRED,
                hint=N_("Your report itself stays as you confirmed it. The police read this correction with it."),
                most=_LONG,
                example="Het framenummer eindigt op 7, niet op 1.",
            ),
        ),
    ),
    Sort.FOUND: Section(
        "found",
        N_("Something was found again"),
        (
            _GOODS,
            Question("foundOn", N_("When was it found?"), Input.DATE, Need.REQUIRED, example="2016-07-09"),
            Question("where", N_("Where was it found, and by whom?"), most=200, example="In de gracht, door de gemeente"),
            Question(
                "state",
                N_("In what state is it?"),
                Input.LONG_TEXT,
                hint=N_("For example: whole, damaged, or parts are missing."),
                most=1_000,
                example="Het voorwiel is weg.",
            ),
        ),
    ),
}
_TITLES: Mapping[Sort, str] = {
    Sort.MORE: N_("Added"),
    Sort.WRONG: N_("Correction"),
    Sort.FOUND: N_("Found again"),
}


def section_of(sort: Sort, report: Report) -> Section:
    """Return what is asked for an addition to this report: its own parts and its own goods are the answers to choose from."""
    kind, answers = KINDS[report.kind], report.statement.answers
    asked = (part for part in kind.sections if any(question.asked(answers) for question in part.questions))
    goods = _goods_of(answers)
    own = {
        _PART.name: replace(_PART, choices=tuple(Choice(part.name, part.title) for part in asked)),
        _GOODS.name: replace(_GOODS, choices=goods) if goods else ANYTHING,
    }
    section = SORTS[sort]
    asked_again = evidence_questions(report.kind) if sort in _WITH_EVIDENCE else ()
    return replace(section, questions=(*(own.get(question.name, question) for question in section.questions), *asked_again))


def evidence_questions(kind: str) -> tuple[Question, ...]:
    """Return the questions of a kind of crime about numbers and addresses by which reports are found (`Question.clue`).

    Each is to be answered once, or not at all: somebody who remembers one later, or who mistyped one, can say so.
    """
    asked = {
        inner.name: replace(inner, need=Need.OPTIONAL, when=None, eased=None)
        for question in KINDS[kind].questions
        for inner in (question.rows or (question,))
        if inner.clue
    }
    return tuple(asked.values())


_WITH_EVIDENCE = frozenset({Sort.MORE, Sort.WRONG})


def parse(
    sort: Sort, report: Report, raw: Mapping[str, Any], files: Sequence[Attachment] = (), *, now: datetime
) -> dict[str, Any]:
    """Return the answers of an addition as they are kept, with its files. Raises Invalid with every bad field at once."""
    answers = reading.parse_answers(section_of(sort, report).questions, raw, now=now)
    return answers | ({FILES: [asdict(file) for file in files]} if files else {})


def folder_of(sort: Sort, report: Report) -> str:
    """Return the part of a report under which the files of its next addition are kept: found again after a new login."""
    return part_of(sort, len(report.additions) + 1)


def unsent(report: Report, files: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """Return those files that did not go along with another addition: two windows share a folder until one of them sends."""
    sent = {file.id for one in report.additions for file in one.evidence}
    return tuple(file for file in files if file.id not in sent)


@dataclass(frozen=True, slots=True)
class AdditionView:
    """An addition as its readers see it; `title` is a message."""

    title: str
    at: datetime
    lines: tuple[answer_lines.Line, ...]
    number: int
    files: tuple[str, ...] = ()


def views_of(report: Report, language: Language) -> tuple[AdditionView, ...]:
    """Return what was added to a report, the oldest first."""
    return tuple(
        AdditionView(
            _TITLES[one.sort],
            one.at,
            answer_lines.lines(section_of(one.sort, report).questions, one.answers, language),
            one.number,
            tuple(file.name for file in one.evidence),
        )
        for one in report.additions
    )


def _goods_of(answers: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The goods that the reporter listed, each under what it was called; none where nothing was listed."""
    return tuple(Choice(str(number), _named(row, number)) for number, row in enumerate(answers.get("goods", []), start=1))


def _named(row: Mapping[str, Any], number: int) -> str:
    return f"{number}. " + ", ".join(str(row[name]) for name in ("what", "brand", "type", "colour") if row.get(name))
