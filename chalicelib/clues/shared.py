"""Shared values: what many reports have in common without belonging together. Found by a search; they link nobody. Pure.

Those that hold everywhere stand in data/shared.csv; a supervisor puts down others, for as long as they say (store.py).
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from chalicelib.clues.model import Clue
from chalicelib.clues.sorts import ClueSort, read
from chalicelib.core.language import N_


class Reason(StrEnum):
    """Why strangers have a value in common."""

    MARKETPLACE = "marketplace"
    PLATFORM = "platform"
    MAIL = "mail"
    GATEWAY = "gateway"
    BANK = "bank"
    AUTHORITY = "authority"
    OTHER = "other"


REASON_WORDS: Mapping[Reason, str] = {
    Reason.MARKETPLACE: N_("A marketplace that many use"),
    Reason.PLATFORM: N_("A website or app that many use"),
    Reason.MAIL: N_("A mail provider that many use"),
    Reason.GATEWAY: N_("An account or address by which many payments go"),
    Reason.BANK: N_("Of a bank; fraudsters show its number or name"),
    Reason.AUTHORITY: N_("Of the authorities; fraudsters show its number or name"),
    Reason.OTHER: N_("Shared for another reason"),
}


@dataclass(frozen=True, slots=True)
class Shared:
    """That a clue is a shared value: why, and until which day."""

    clue: Clue
    reason: Reason
    until: date


@cache
def everywhere() -> Mapping[Clue, Shared]:
    """Return the shared values that hold everywhere. Raises ValueError for a row that is none."""
    with (Path(__file__).parent / "data" / "shared.csv").open(encoding="utf-8") as file:
        rows = [_row(row) for row in csv.DictReader(file)]
    return {row.clue: row for row in rows}


def shared_everywhere(clue: Clue, on: date) -> Reason | None:
    """Return why a value is shared on a day, None when it is not, or not any more. A host is shared as the one it is part of."""
    found = (everywhere().get(one) for one in _parents(clue))
    return next((one.reason for one in found if one and on <= one.until), None)


def _parents(clue: Clue) -> Iterator[Clue]:
    yield clue
    labels = clue.value.split(".") if clue.sort is ClueSort.HOST else []
    yield from (Clue(ClueSort.HOST, ".".join(labels[start:])) for start in range(1, len(labels) - 1))


def _row(row: Mapping[str, str]) -> Shared:
    sort = ClueSort(row["sort"])
    value = read(sort, row["value"])
    if value is None:
        raise ValueError("a shared value that is no clue")
    return Shared(Clue(sort, value), Reason(row["reason"]), date.fromisoformat(row["until"]))
