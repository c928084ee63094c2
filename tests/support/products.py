"""Rows × values, chosen well: each row meets some of the values and each value some of the rows; `make test-all` takes all.

A law about every page and every odd value needs no product: the page's part of it shows with any odd value, and the value's part
on any page. Which row meets which value is fixed, so that a failure comes back.
"""

import os
from collections.abc import Iterable
from typing import TypeVar

Row = TypeVar("Row")
Value = TypeVar("Value")

WHOLE = os.environ.get("TESTS") == "all"


def turns(
    rows: Iterable[Row], values: Iterable[Value], *, each: int = 1, whole: bool = WHOLE
) -> list[tuple[Row, tuple[Value, ...]]]:
    """Return each row with the values that it meets: `each` of them, or more where some value would meet no row."""
    rows, values = list(rows), list(values)
    assert rows
    assert values
    share = len(values) if whole else min(len(values), max(each, -(-len(values) // len(rows))))
    return [
        (row, tuple(values[(number * share + turn) % len(values)] for turn in range(share))) for number, row in enumerate(rows)
    ]


def pairs(rows: Iterable[Row], values: Iterable[Value], *, each: int = 1, whole: bool = WHOLE) -> list[tuple[Row, Value]]:
    """Return the same as pairs, for a test of each."""
    return [(row, value) for row, share in turns(rows, values, each=each, whole=whole) for value in share]


def some(values: Iterable[Value], most: int, *, whole: bool = WHOLE) -> list[Value]:
    """Return at most so many of the values, evenly from first to last, of things that are alike for the law at hand."""
    values = list(values)
    assert values
    if whole or len(values) <= most:
        return values
    return [values[round(number * (len(values) - 1) / (most - 1))] for number in range(most)]
