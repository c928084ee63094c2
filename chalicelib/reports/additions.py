"""A reporter's addition to a report that was confirmed. Pure; what is asked for it stands in the room `additions`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.reports.statement import Attachment

MOST = 50  # of one report: an item of DynamoDB holds 400 KB

FILES = "_files"


class Sort(StrEnum):
    """Why somebody adds to a report."""

    MORE = "more"
    WRONG = "wrong"
    FOUND = "found"


def part_of(sort: Sort, number: int) -> str:
    """Return the part of a report under which the files of an addition are kept (evidence/model.py)."""
    return f"addition-{sort}-{number}"


@dataclass(frozen=True, slots=True)
class Addition:
    """One addition; `number` counts from 1. `answers` holds JSON values by question name, as a statement's do."""

    number: int
    sort: Sort
    at: datetime
    answers: Mapping[str, Any]

    @property
    def evidence(self) -> tuple[Attachment, ...]:
        """The files that were sent along; they stand among the answers, under a name that no question has."""
        return tuple(Attachment(**file) for file in self.answers.get(FILES, ()))
