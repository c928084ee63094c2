"""The timeline of a report as officers read it: what happened, and what an act of the desk set, in names instead of ids. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from chalicelib.core.language import N_, Language, translate
from chalicelib.desk.labels import TASK_WORDS, event_words
from chalicelib.desk.work import RANK_WORDS, name_among
from chalicelib.reports.events import Event, EventKind, Rank
from chalicelib.reports.model import Report
from chalicelib.reports.tasks import Task
from chalicelib.teams.model import Roster

_NOBODY = N_("nobody")
_AS_IT_IS = {EventKind.MOVED, EventKind.JOINED, EventKind.LEFT, EventKind.NUMBER_CORRECTED}
_SET_IN_WORDS: Mapping[EventKind, Callable[[str], str]] = {
    EventKind.RANKED: lambda to: RANK_WORDS[Rank(to)],
    EventKind.TASK_RAISED: lambda to: TASK_WORDS[Task(to)],
    EventKind.TASK_DONE: lambda to: TASK_WORDS[Task(to)],
}


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in words; `set` is what it set: who has the report now, a unit, a task; empty where the words say all."""

    event: Event
    words: str
    set: str


def lines(report: Report, rosters: Iterable[Roster], language: Language) -> tuple[EventLine, ...]:
    """Return the timeline in the reader's language; `rosters` are those of the units in which the report was."""
    known = tuple(rosters)
    return tuple(EventLine(event, event_words(event), _set(event, known, language)) for event in report.timeline)


def units_of(report: Report) -> tuple[str, ...]:
    """Return the units that have, or had, the report: the present one first."""
    moves = (event.to for event in report.timeline if event.kind in (EventKind.MOVED, EventKind.RECEIVED) and event.to)
    return tuple(dict.fromkeys((report.unit, *moves)))


def _set(event: Event, rosters: Iterable[Roster], language: Language) -> str:
    if event.kind is EventKind.ASSIGNED:
        return name_among(rosters, event.to) if event.to else translate(_NOBODY, language)
    if event.kind in _SET_IN_WORDS:
        return translate(_SET_IN_WORDS[event.kind](event.to), language)
    return event.to if event.kind in _AS_IT_IS else ""
