"""The links of a report: what else lies on its clues, and the reports on one of them as a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.clues.indexing import ClueRoom
from chalicelib.clues.linking import MOST_LINKS, OnClue, clue_of, linked, linking_clues, links_of
from chalicelib.clues.model import Clue
from chalicelib.core.errors import NotFound
from chalicelib.desk.actions import Desk, load_report
from chalicelib.people.permissions import LookReason, Permission, require
from chalicelib.reports.model import Report
from chalicelib.reports.retention import Sight, sight
from chalicelib.reports.store import ReportLine

PAGE = 50  # lines of a list of linked reports


@dataclass(frozen=True, slots=True)
class Links:
    """The links of one report. `left` is how many of its clues were not looked at."""

    on: tuple[OnClue, ...]
    others: tuple[ReportLine, ...]
    left: int


def of_report(report: Report, *, desk: Desk, room: ClueRoom) -> Links:
    """Return what links a report to others, for an officer who looks at it. Raises Forbidden for whose work that is not.

    The reporter's other reports are those of the officer's own units, and no older than a search finds.
    """
    require(desk.officer, Permission.SEARCH, report.unit)
    now = desk.clock.now()
    others = tuple(
        line
        for line in desk.reports.of_reporter(report.reporter.pseudonym).lines
        if line.reference != report.reference and line.unit in desk.officer.units and sight(line.filed_at, now) is Sight.LISTED
    )
    on = tuple(one for one in links_of(report, desk.officer.units, room) if one.shared or not one.is_nothing)
    return Links(on, others, max(0, len(linking_clues(report)) - MOST_LINKS))


@dataclass(frozen=True, slots=True)
class LinkedList:
    """A page of the reports that share a clue with one: that clue, how many they are, their lines, where the next page begins."""

    reference: str
    clue: Clue
    references: tuple[str, ...]
    lines: tuple[ReportLine, ...]
    next_page: int


def listed(reference: str, clue_id: str, *, page: int = 1, reason: LookReason, desk: Desk, room: ClueRoom) -> LinkedList:
    """Return a page of the reports of one's own units that share a clue with a report, itself among them; the look is on record.

    Raises NotFound for a report that is not of one's own unit, and for a clue that it has not.
    """
    require(desk.officer, Permission.SEARCH)
    report = load_report(reference, reason=reason, desk=desk)
    clue = clue_of(report, clue_id, room)
    if clue is None:
        raise NotFound("clue")
    references = linked(report, clue_id, desk.officer.units, room)
    desk.note(f"clue:{clue_id}", f"listed:{clue.sort}", reason)
    shown = references[(page - 1) * PAGE : page * PAGE]
    lines: Sequence[ReportLine] = desk.reports.lines(shown)
    own = tuple(line for line in lines if line.unit in desk.officer.units)
    return LinkedList(report.reference, clue, references, own, page + 1 if len(references) > page * PAGE else 0)
