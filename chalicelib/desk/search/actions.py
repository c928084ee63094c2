"""Searching by a clue: who may, how often in a day, and what is told. On record before anything is read.

Reports of the officer's own units are listed; of other units it is told that there are some, and a number from three on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from chalicelib.clues.indexing import ClueRoom
from chalicelib.clues.linking import OnClue, on_clue
from chalicelib.clues.model import Clue, meant
from chalicelib.clues.sorts import LONGEST, ClueSort, searched_by
from chalicelib.core.errors import FieldError, Forbidden, Invalid
from chalicelib.core.limits import Limits
from chalicelib.desk.actions import Desk
from chalicelib.people.permissions import LookReason, Permission, require, require_reason
from chalicelib.reports.store import ReportLine
from chalicelib.web.request import Request

PURPOSE = "searches of an officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRoom:
    """The parts that a search needs beside the desk. `most` is how many an officer has in a day."""

    clues: ClueRoom
    daily: Limits
    most: int

    @classmethod
    def of(cls, request: Request) -> Self:
        services = request.services
        return cls(clues=services.clue_room, daily=services.daily, most=services.settings.searches_most)


@dataclass(frozen=True, slots=True)
class Found:
    """The reports on one of the clues that a text may be: the lines of the newest of one's own, and how many there are."""

    on: OnClue
    lines: tuple[ReportLine, ...]


def search(text: str, sort: ClueSort | None, *, reason: LookReason, desk: Desk, room: SearchRoom) -> tuple[Found, ...]:
    """Find the reports that share a clue; `sort` says which it is, None that the officer does not know.

    Raises Forbidden for a sort that is not for the officer's role, Invalid for what is no clue, TooMany.
    """
    require(desk.officer, Permission.SEARCH)
    require_reason(desk.officer, reason)
    clues = _sought(text, sort, desk)
    room.daily.count_try(PURPOSE, desk.officer.id, most=room.most)
    sorts = "+".join(clue.sort for clue in clues)
    desk.note(f"search:{room.clues.keys.sought(text)}", f"searched:{sorts}", reason)
    found = (on_clue(clue, desk.officer.units, room.clues) for clue in clues)
    return tuple(Found(one, _lines(one, desk)) for one in found if not one.is_nothing)


def _sought(text: str, sort: ClueSort | None, desk: Desk) -> tuple[Clue, ...]:
    """Return the clues that a text may be, of the sorts that the officer may search."""
    allowed = searched_by(desk.officer)
    if sort is not None and sort not in allowed:
        raise Forbidden("sort")
    if not text.strip():
        raise Invalid([FieldError("value", "required")])
    clues = meant(text, [sort] if sort else allowed)
    if not clues:
        raise Invalid([FieldError("value", _why_none(text, sort))])
    return clues


def _why_none(text: str, sort: ClueSort | None) -> str:
    """Return the sentence for a text by which nothing can be found."""
    if len(text) > LONGEST:
        return "clue_too_long"
    is_name = not any(map(str.isdigit, text)) and not set("@.:/") & set(text)
    return "half_a_name" if is_name and sort in (None, ClueSort.PERSON) else "no_clue"


def _lines(on: OnClue, desk: Desk) -> tuple[ReportLine, ...]:
    """Return the lines of the reports of one's own units, the newest first; one that moved to another unit meanwhile is none."""
    lines: Sequence[ReportLine] = desk.reports.lines([trace.reference for trace in on.traces])
    return tuple(line for line in lines if line.unit in desk.officer.units)
