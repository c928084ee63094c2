"""Bands of what a crime cost: by them reports are sent where the large ones, or the small ones, are handled. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from chalicelib.forms.questions import Input, Question
from chalicelib.reports.crimes import KINDS

_CENTS = 100


class Band(StrEnum):
    """From how many euros on; the first is any amount, also none."""

    ANY = "0"
    FROM_500 = "500"
    FROM_5000 = "5000"
    FROM_50000 = "50000"

    @property
    def euros(self) -> int:
        return int(self)

    def holds(self, cents: int) -> bool:
        return cents >= self.euros * _CENTS


def amount_of(kind: str, answers: Mapping[str, Any]) -> int:
    """Return what a report says that was lost or damaged, in cents; 0 where no amount was told."""
    return sum(_amounts(KINDS[kind].questions, answers))


def _amounts(questions: Sequence[Question], answers: Mapping[str, Any]) -> Iterator[int]:
    for question in questions:
        answer = answers.get(question.name)
        if question.input is Input.MONEY and isinstance(answer, int):
            yield answer
        elif question.input is Input.ROWS and answer:
            for row in answer:
                yield from _amounts(question.rows, row)
