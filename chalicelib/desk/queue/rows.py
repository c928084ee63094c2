"""A line of a list in words: what it is about, where, since when, by when something is due, whose it is, and its marks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from chalicelib.core.clock import day_of
from chalicelib.core.language import N_, Language, short_date, translate
from chalicelib.core.working_days import is_working_day
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.desk.queue.query import Mark, Query
from chalicelib.desk.way import carried
from chalicelib.desk.work import name_among
from chalicelib.forms.places import municipalities
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Rank
from chalicelib.reports.lists import ListPage
from chalicelib.reports.queue import Flag
from chalicelib.reports.store import ReportLine
from chalicelib.teams.model import Roster
from chalicelib.web.request import Request

MARK_WORDS: Mapping[Mark, str] = {
    Mark.OVERDUE: N_("Over term"),
    Mark.URGENT: N_("Urgent"),
    Mark.FRESH: N_("New from the reporter"),
    Mark.UPDATE_ASKED: N_("Asks for an update"),
    Mark.CONTESTED: N_("Asks to look again"),
    Mark.TO_TELL: N_("To tell"),
    Mark.CALL_BACK: N_("To call back"),
    Mark.TASK: N_("Has a task"),
    Mark.FROM_ELSEWHERE: N_("New from another unit"),
    Mark.JOINT: N_("In a joint case"),
    Mark.NO_CALLS: N_("Do not call"),
    Mark.SHARED: N_("Somebody may read along"),
}
_TAGS: Mapping[Flag, tuple[str, str]] = {  # a mark on a line: its short words, and how it looks
    Flag.FRESH: (N_("new"), "new"),
    Flag.UPDATE_ASKED: (N_("asks for update"), "new"),
    Flag.CONTESTED: (N_("look again"), "new"),
    Flag.TO_TELL: (N_("to tell"), ""),
    Flag.CALL_BACK: (N_("call back"), ""),
    Flag.TASK: (N_("task"), ""),
    Flag.FROM_ELSEWHERE: (N_("from another unit"), "new"),
    Flag.JOINT: (N_("joint"), "joint"),
    Flag.NO_CALLS: (N_("do not call"), "care"),
    Flag.SHARED: (N_("somebody reads along"), "care"),
}
_RANK_TAGS: Mapping[Rank, tuple[str, str]] = {Rank.URGENT: (N_("urgent"), "late"), Rank.LATER: (N_("can wait"), "")}
_FAR = 60  # working days that are counted one by one


class Term(StrEnum):
    """How a term stands."""

    LATE = "late"
    TODAY = "today"
    AHEAD = "ahead"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Tag:
    """A mark on a line."""

    words: str
    look: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the queue. `way` is the part of its address that leads back to the list, and on to the next report of it."""

    line: ReportLine
    kind: str
    place: str
    status: str
    filed: str
    term: Term
    due: str
    holder: str
    is_mine: bool
    tags: tuple[Tag, ...]
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whoever reads a list: an officer, on a day in Amsterdam, in a language; with the rosters by which teams have a name."""

    officer: str
    today: date
    language: Language
    rosters: tuple[Roster, ...] = ()

    @classmethod
    def of(cls, request: Request, rosters: Iterable[Roster] = ()) -> Self:
        """Return the officer who asks, with the rosters of the units whose reports are listed."""
        today = day_of(request.services.clock.now())
        return cls(officer=request.officer.id, today=today, language=request.language, rosters=tuple(rosters))

    def name_of(self, assignee: str) -> str:
        """Return how an assignee is called: a team by its name, somebody by their staff id."""
        return name_among(self.rosters, assignee)


def rows_of(page: ListPage, query: Query, reader: Reader, *, cursor: str = "") -> tuple[Row, ...]:
    """Return the lines of the page of a list that begins at a cursor, in words."""
    return tuple(_row(line, carried(query.address, line.place, cursor), reader) for line in page.lines)


def term_of(line: ReportLine, today: date) -> Term:
    """Return how the term of a report stands; its last day ends with that day."""
    if line.due_on is None:
        return Term.NONE
    if line.due_on == today:
        return Term.TODAY
    return Term.LATE if line.due_on < today else Term.AHEAD


def working_days_between(first: date, last: date) -> int:
    """Return how many working days come after `first`, up to and with `last`; a few more than _FAR stand for many."""
    days = (date.fromordinal(number) for number in range(first.toordinal() + 1, last.toordinal() + 1))
    count = 0
    for day in days:
        count += is_working_day(day)
        if count > _FAR:
            break
    return count


def place_of(municipality: str) -> str:
    """Return the name of a municipality; empty for one that is no more."""
    known = municipalities().get(municipality)
    return known.short_name if known else ""


def tags_of(line: ReportLine, language: Language) -> tuple[Tag, ...]:
    """Return the marks of a report: how soon it is to be done, and its flags."""
    return tuple(Tag(translate(words, language), look) for words, look in _marks(line))


def due_words(line: ReportLine, today: date, language: Language) -> str:
    """Return by when something is due: in working days where that is near, else the day."""
    term, due_on = term_of(line, today), line.due_on
    if due_on is None:
        return translate(N_("no term"), language)
    if term is Term.TODAY:
        return translate(N_("today"), language)
    first, last = sorted((due_on, today))
    days = working_days_between(first, last)
    if days > _FAR:
        return short_date(due_on, language, year=today.year)
    if term is Term.LATE:
        return _counted(days, _LATE, language) if days else translate(N_("over term"), language)
    return _counted(days, _AHEAD, language)


_LATE = (N_("1 day over term"), N_("%(days)s days over term"))
_AHEAD = (N_("1 day left"), N_("%(days)s days left"))


def _counted(days: int, words: tuple[str, str], language: Language) -> str:
    return translate(words[0], language) if days == 1 else translate(words[1], language, days=days)


def _row(line: ReportLine, way: str, reader: Reader) -> Row:
    language, today = reader.language, reader.today
    return Row(
        line=line,
        kind=translate(KINDS[line.kind].name, language),
        place=place_of(line.municipality),
        status=translate(STATUS_WORDS[line.status], language),
        filed=short_date(line.filed_at, language, year=today.year),
        term=term_of(line, today),
        due=due_words(line, today, language),
        holder=reader.name_of(line.assignee),
        is_mine=line.assignee == reader.officer,
        tags=tags_of(line, language),
        way=way,
    )


def _marks(line: ReportLine) -> list[tuple[str, str]]:
    rank = [_RANK_TAGS[line.rank]] if line.rank in _RANK_TAGS else []
    return [*rank, *(_TAGS[flag] for flag in line.flags if flag in _TAGS)]
