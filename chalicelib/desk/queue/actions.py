"""Looking at the queue, taking the next report of it, and the filters that an officer saved by name.

A list shows no name, address or text of a reporter. A look at one is on record as what it is: looking for what is to be done.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import merge
from itertools import chain, islice

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.desk.actions import LISTING, Desk
from chalicelib.desk.queue.query import ALL, NOBODY_HAS_IT, PLACE, Order, Query, after_of, parse_address
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.officers.store import Choice, Officers
from chalicelib.people.permissions import LookReason, Permission, require
from chalicelib.reports import lists
from chalicelib.reports.lists import ListPage, Sought
from chalicelib.reports.model import Report
from chalicelib.reports.statuses import DECISIONS
from chalicelib.reports.store import ReportLine, line_of

MOST_SAVED = 20
NAME_LENGTH = 40
_FILTERS, _TAKES = "FILTER-", "TAKE-"
_PAGES = 4  # of free reports that are tried: more than 200 others took one at this very moment
_TRIES = 5  # of one report that is still free, but was changed meanwhile


def units_of(query: Query, permission: Permission, desk: Desk) -> tuple[str, ...]:
    """Return the units that a list is of. Raises Forbidden for another one than the officer's own."""
    if query.unit in ("", ALL):
        return tuple(sorted(desk.officer.units))
    require(desk.officer, permission, query.unit)
    return (query.unit,)


def look(query: Query, *, cursor: str = "", desk: Desk) -> ListPage:
    """Return a page of a list of the officer's own units, on record first. Raises Invalid for a cursor of another list."""
    after = after_of(cursor, query)
    _note(query, f"listed:{query.mark or query.status}", Permission.READ_REPORT, desk)
    return lists.page(query.sought(desk.officer, desk.clock.now()), desk.reports, after=after)


def whole(query: Query, *, most: int, desk: Desk) -> tuple[str, ...]:
    """Return the numbers of all reports of a list as it is now, on record first; of more than `most` one more than that."""
    _note(query, f"listed:{query.mark or query.status}", Permission.READ_REPORT, desk)
    every = lists.every(query.sought(desk.officer, desk.clock.now()), desk.reports)
    return tuple(line.reference for line in islice(every, most + 1))


def beside(query: Query, place: str, left: str = "", *, back: bool, desk: Desk) -> ReportLine | None:
    """Return the report that stands behind a place of a list, or before it when one goes `back`; None at the list's end.

    Without a place the list begins anew; the report that one has `left` is never the answer. Raises Invalid for no such place.
    """
    if place and not PLACE.fullmatch(place):
        raise Invalid([FieldError("at", "cursor")])
    _note(query, f"listed:{query.mark or query.status}", Permission.READ_REPORT, desk)
    sought = query.sought(desk.officer, desk.clock.now())
    way = sought.backwards() if back else sought
    page = lists.page(way, desk.reports, after=sought.position(place), lines=2)
    return next((line for line in page.lines if line.reference != left), None)


def take_next(query: Query, *, key: str, desk: TeamDesk, officers: Officers) -> Report:
    """Give the officer the report of a list that waits longest: of what waits with their teams, then of what nobody has.

    Asked again with the same key, the same one. Raises Conflict(`nothing_free`). There are no locks: whoever saves first has it,
    and the others take the one after it.
    """
    _note(query, "take_next", Permission.TAKE_REPORT, desk)
    taking = _Taking(desk, officers, key)
    taken = taking.earlier()
    if taken:
        return taken
    if query.status in DECISIONS:
        raise Conflict("nothing_free")
    free = _free(query, desk)
    for reference in taking.candidates(free):
        taken = taking.take(reference, free)
        if taken:
            desk.note(taken.reference, Permission.TAKE_REPORT, LookReason.HANDLING)
            return taken
    raise Conflict("nothing_free")


@dataclass(frozen=True, slots=True)
class _Free:
    """The reports of a list that an officer may take: those that wait with a team of theirs, and those that nobody has."""

    teams: tuple[Sought, ...]
    nobody: tuple[Sought, ...]

    def holds(self, line: ReportLine) -> bool:
        return any(lists.holds(sought, line) for sought in (*self.teams, *self.nobody))


def _free(query: Query, desk: TeamDesk) -> _Free:
    """Return what can be taken of a list: one of a team of the officer's, or of what nobody has, gives no others."""

    def had_by(who: str) -> Sought:
        return replace(query, who=who, order=Order.WAITING).sought(desk.officer, desk.clock.now())

    if query.who == NOBODY_HAS_IT:
        return _Free((), (had_by(NOBODY_HAS_IT),))
    rosters = desk.rosters.of_units(units_of(query, Permission.TAKE_REPORT, desk))
    own = [team for roster in rosters for team in roster.teams_of(desk.officer.id)]
    if query.who in own:
        return _Free((had_by(query.who),), ())
    return _Free(tuple(map(had_by, own)), (had_by(NOBODY_HAS_IT),))


@dataclass(frozen=True, slots=True)
class _Taking:
    """One request for the next report. Which one it chose is kept under its key before it is taken: a repetition finds it."""

    desk: TeamDesk
    officers: Officers
    key: str

    def earlier(self) -> Report | None:
        """Return the report that this very request took before. Raises Conflict(`idempotency_key_reused`)."""
        choice = self._choice()
        if not choice.content:
            return None
        if choice.content["key"] != self.key:
            raise Conflict("idempotency_key_reused")
        report = self.desk.reports.get(choice.content["reference"])
        return report if report and report.handled(self.key) else None

    def candidates(self, free: _Free) -> Iterator[str]:
        """Yield the report that this request chose before, then the free ones of the list, the longest waiting first."""
        yield from (self._choice().content[name] for name in self._choice().content if name == "reference")
        teams = merge(*map(self._lines, free.teams), key=lambda line: line.place)
        yield from (line.reference for line in chain(teams, *map(self._lines, free.nobody)))

    def _lines(self, sought: Sought) -> Iterator[ReportLine]:
        after = ""
        for _ in range(_PAGES):
            page = lists.page(sought, self.desk.reports, after=after)
            yield from page.lines
            after = page.after
            if not after:
                break

    def take(self, reference: str, free: _Free) -> Report | None:
        """Return the report in the officer's hands, None when it is not free any more.

        If this request, running twice at this moment, chose another one meanwhile, that is the one.
        """
        for _ in range(_TRIES):
            choice = self._choice()
            chosen = choice.content.get("reference", reference)
            try:
                if chosen != reference and (taken := self._assigned(chosen, free)):
                    return taken
                if chosen != reference or not choice.content:
                    self._choose(choice, reference)
                return self._assigned(reference, free)
            except Conflict:
                continue  # somebody else took it, its reporter added something, or this request runs twice: look again
        return None

    def _assigned(self, reference: str, free: _Free) -> Report | None:
        """Assign a report that is free; None when it is not. Raises Conflict when it changed in this moment."""
        report = self.desk.reports.get(reference)
        if report is not None and self.key and report.handled(self.key):
            return report
        if report is None or not free.holds(line_of(report)):
            return None
        after = report.assigned(self.desk.officer.id, by=self.desk.by, at=self.desk.clock.now(), key=self.key)
        return self.desk.reports.save(report, after)

    def _choose(self, choice: Choice, reference: str) -> None:
        """Keep what this request is about to take. Raises Conflict(`choice_changed`) when it runs twice at this moment."""
        if self.key:
            self.officers.replace(choice, {"reference": reference, "key": self.key}, kept=RETENTION[Kept.OFFICERS_DRAFTS].length)

    def _choice(self) -> Choice:
        """Return what is kept under the request's key; empty for the first time, and for a request without a key."""
        name = f"{_TAKES}{self.key[:32].upper()}"
        found = self.officers.get(self.desk.officer.id, name) if self.key else None
        return found or Choice(self.desk.officer.id, name, {})


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A list that an officer saved by name."""

    id: str
    name: str
    query: Query


def saved(desk: Desk, officers: Officers) -> tuple[SavedFilter, ...]:
    """Return the filters that the officer saved, by name. One whose unit or crime is no more is left out."""
    kept = officers.of_officer(desk.officer.id, _FILTERS)
    found = (_saved_filter(choice) for choice in kept)
    return tuple(sorted((one for one in found if one), key=lambda one: one.name.casefold()))


def save(name: str, query: Query, *, desk: Desk, officers: Officers) -> None:
    """Save a list by name, over an older one of that name. Raises Invalid without a name, Conflict(`filters_full`)."""
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > NAME_LENGTH:
        raise Invalid([FieldError("name", "too_long" if wanted else "required", {"most": NAME_LENGTH})])
    choice_id = f"{_FILTERS}{ids.digest(wanted.casefold())[:16].upper()}"
    kept = officers.of_officer(desk.officer.id, _FILTERS)
    if len(kept) >= MOST_SAVED and choice_id not in {choice.id for choice in kept}:
        raise Conflict("filters_full", most=MOST_SAVED)
    officers.put(desk.officer.id, choice_id, {"name": wanted, "address": query.address})


def forget(filter_id: str, *, desk: Desk, officers: Officers) -> None:
    """Forget a saved filter; nothing happens when it is not there."""
    if filter_id.startswith(_FILTERS):
        officers.remove(desk.officer.id, filter_id)


def _saved_filter(choice: Choice) -> SavedFilter | None:
    try:
        return SavedFilter(choice.id, choice.content["name"], parse_address(choice.content["address"]))
    except Invalid:
        return None


def _note(query: Query, what: str, permission: Permission, desk: Desk) -> None:
    """Put on record that the officer looks at a list, under each unit that it is of."""
    require(desk.officer, permission)
    for unit in units_of(query, permission, desk):
        desk.note(f"worklist:{unit}", what, LISTING)
