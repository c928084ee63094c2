"""How a request of the police is answered: its questions as the data that drive page, reading, API and copy. Pure.

Nobody is stuck on a question that they cannot answer: of several, those left empty are pointed out and never refused, as long as
one is answered. A question that stands alone must be answered.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.language import Language
from chalicelib.forms import answer_lines, reading
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.reports.additions import FILES
from chalicelib.reports.information_request import ANSWER_LENGTH, NAMES, AnswerSort, Part, SupplementaryQuestion, name_of
from chalicelib.reports.statement import Attachment

_INPUTS: Mapping[AnswerSort, Input] = {
    AnswerSort.TEXT: Input.LONG_TEXT,
    AnswerSort.CHOICE: Input.CHOICE,
    AnswerSort.DATE: Input.DAY,
}
FILE_FIELD = "file"  # where the errors of files belong


def questions_of(asked: SupplementaryQuestion) -> tuple[Question, ...]:
    """Return what the form asks; files have a panel of their own and are not among these."""
    need = Need.REQUIRED if len(asked.parts) == 1 else Need.RECOMMENDED
    return tuple(
        Question(name_of(place), part.text, _INPUTS[part.sort], need, choices=_choices(part), most=ANSWER_LENGTH)
        for place, part in enumerate(asked.parts)
        if part.sort in _INPUTS
    )


def parse(
    asked: SupplementaryQuestion, raw: Mapping[str, Any], files: Sequence[Attachment] = (), *, now: datetime
) -> dict[str, Any]:
    """Return the answers as they are kept. Raises Invalid with every bad field at once, and when nothing was answered."""
    answers = reading.parse_answers(questions_of(asked), raw, now=now)
    if files and asked.wants_files:
        answers[FILES] = [asdict(file) for file in files]
    if not answers:
        raise Invalid([_nothing(asked)])
    return answers


def fingerprint(answers: Mapping[str, Any]) -> str:
    """Return the SHA-256 of answers in the one canonical spelling: what was read on the check page is what is sent."""
    return hashlib.sha256(json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as its readers see it. `lines` are the questions with their answers, in the reader's language; empty is none."""

    number: int
    explanation: str
    asked_at: datetime
    deadline_on: date
    ended_at: datetime | None
    end: str
    lines: tuple[answer_lines.Line, ...]


def view_of(asked: SupplementaryQuestion, language: Language) -> RequestView:
    """Return a request with what was answered."""
    lines = lines_of(asked, asked.answers, language)
    return RequestView(asked.number, asked.explanation, asked.asked_at, asked.deadline_on, asked.ended_at, asked.end, lines)


def lines_of(asked: SupplementaryQuestion, answers: Mapping[str, Any], language: Language) -> tuple[answer_lines.Line, ...]:
    """Return every question with its answer; the text is empty where there is none."""
    told = {line.name: line.text for line in answer_lines.lines(questions_of(asked), answers, language)}
    told[_files_name(asked)] = "; ".join(file["name"] for file in answers.get(FILES, ()))
    return tuple(
        answer_lines.Line(name_of(place), part.text, told.get(name_of(place), "")) for place, part in enumerate(asked.parts)
    )


def _files_name(asked: SupplementaryQuestion) -> str:
    return next((name_of(place) for place, part in enumerate(asked.parts) if part.sort is AnswerSort.FILES), FILES)


def _choices(part: Part) -> tuple[Choice, ...]:
    return tuple(Choice(str(number), text) for number, text in enumerate(part.choices, start=1))


def _nothing(asked: SupplementaryQuestion) -> FieldError:
    if len(asked.parts) == 1:
        return FieldError(FILE_FIELD, "file_required")
    return FieldError(NAMES[0] if asked.parts[0].sort in _INPUTS else FILE_FIELD, "answer_one")
