"""Lists of found property: each line a sort, the number on the thing, and its number on the list. Pure.

A line that is no thing is told with its own number and the reason; the others are taken.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.clues.sorts import SORTS, ClueSort, read
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.text import readable

MOST_LINES = 200
LARGEST = 64 * 1024  # bytes of a list as a file: two hundred lines with room to spare
FILE = "file"  # the field in which a file comes
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,29}")
_WORDS: Mapping[str, ClueSort] = {  # as lists call them, beside the sorts' own names
    "frame": ClueSort.FRAME,
    "framenummer": ClueSort.FRAME,
    "frame number": ClueSort.FRAME,
    "imei": ClueSort.IMEI,
    "serial": ClueSort.SERIAL,
    "serienummer": ClueSort.SERIAL,
    "serial number": ClueSort.SERIAL,
    "plate": ClueSort.PLATE,
    "kenteken": ClueSort.PLATE,
    "licence plate": ClueSort.PLATE,
}
_HEADS = frozenset({"soort", "sort"})
GOODS = tuple(sort for sort, row in SORTS.items() if row.goods)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list that is a thing. `line` counts from 1, as a spreadsheet does."""

    line: int
    sort: ClueSort
    value: str
    number: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is none: `code` names the sentence (`web/messages.FIELD`)."""

    line: int
    code: str


def parse(text: str) -> tuple[list[Line], list[BadLine]]:
    """Read a list as a spreadsheet saves it: comma, semicolon or tab between; a head and blank lines are left out."""
    lines: list[Line] = []
    bad: list[BadLine] = []
    for place, row in _rows(text):
        if place - 1 >= MOST_LINES + 1:
            bad.append(BadLine(place, "too_many_lines"))
            break
        found = _line(place, row)
        if isinstance(found, Line):
            lines.append(found)
        else:
            bad.append(found)
    return lines, bad


def text_of(content: bytes) -> str:
    """Return a list that came as a file: UTF-8, or else as a spreadsheet saves it in Western Europe (Windows-1252).

    Raises Invalid, naming what to do, for a file that is no text, or too large. Nothing is known of its lines then.
    """
    if len(content) > LARGEST:
        raise Invalid([FieldError(FILE, "list_too_large", {"most": LARGEST // 1024})])
    text = next(_texts(content), "")
    if not text.strip() or _NOT_TEXT.search(text):
        raise Invalid([FieldError(FILE, "list_not_text")])
    return text


_ENCODINGS = ("utf-8-sig", "cp1252")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")  # no list has these; a workbook and a picture do


def _texts(content: bytes) -> Iterator[str]:
    for encoding in _ENCODINGS:
        with suppress(UnicodeDecodeError):
            yield content.decode(encoding)


def read_line(place: int, sort: str, value: str, number: str) -> Line | BadLine:
    """Read one thing."""
    known = _WORDS.get(readable(sort).casefold()) or (ClueSort(sort) if sort in GOODS else None)
    if known is None:
        return BadLine(place, "line_sort")
    if read(known, value) is None:
        return BadLine(place, "line_value")
    name = readable(number).upper().replace(" ", "-")
    return Line(place, known, readable(value), name) if _NUMBER.fullmatch(name) else BadLine(place, "line_number")


def _line(place: int, row: list[str]) -> Line | BadLine:
    if len(row) != 3:  # noqa: PLR2004 — sort, value, number
        return BadLine(place, "line_columns")
    return read_line(place, *row)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    lines = text.lstrip("\ufeff").splitlines()
    between = max(";,\t", key=lambda sign: sum(line.count(sign) for line in lines[:5]))
    for place, row in enumerate(_read(lines, between), start=1):
        cells = [cell.strip() for cell in row]
        is_head = place == 1 and cells[:1] and cells[0].casefold() in _HEADS
        if any(cells) and not is_head:
            yield place, cells


def _read(lines: Iterable[str], between: str) -> Iterator[list[str]]:
    """A quotation mark that nothing closes is a sign like any other: it must not swallow the lines below."""
    for line in lines:
        yield next(csv.reader([line], delimiter=between), [])
