"""A request of the police to a reporter: one to five questions at once, each of its own sort, with one last day. Pure.

The question for each sort, and how an answer is read and shown, stands in `request_answers.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chalicelib.reports.additions import FILES
from chalicelib.reports.statement import Attachment

MOST_PARTS = 5
MOST_CHOICES = 10
CHOICE_LENGTH = 100
QUESTION_LENGTH = 1_000
ANSWER_LENGTH = 4_000
LARGEST_ANSWER = 4 * MOST_PARTS * ANSWER_LENGTH  # bytes, when every letter takes four; files and dates take less


class AnswerSort(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions of a request. `choices` are what there is to choose from, as an officer typed it."""

    text: str
    sort: AnswerSort = AnswerSort.TEXT
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementaryQuestion:
    """A request to the reporter. Open until `ended_at`; `end` is then `answered`, `expired` or `replaced`.

    `explanation` stands above the questions. `answers` holds JSON values by name of the part (`name_of`), and the files.
    """

    number: int
    parts: tuple[Part, ...]
    asked_at: datetime
    deadline_on: date
    explanation: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    ended_at: datetime | None = None
    end: str = ""

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def wants_files(self) -> bool:
        return any(part.sort is AnswerSort.FILES for part in self.parts)

    @property
    def folder(self) -> str:
        """The part of the report under which the files of the answer are kept (evidence/model.py)."""
        return f"answer-{self.number}"

    @property
    def evidence(self) -> tuple[Attachment, ...]:
        """The files that were sent with the answer."""
        return tuple(Attachment(**file) for file in self.answers.get(FILES, ()))


def name_of(place: int) -> str:
    """Return the name under which the question at this place (from 0) is answered: `answer`, `answer2`, …"""
    return f"answer{place + 1}" if place else "answer"


NAMES = tuple(name_of(place) for place in range(MOST_PARTS))
