"""The lists of the desk as their addresses ask for them: which unit, status, crime, place, age, assignee, mark.

One query, read from an address, a form or the API, makes the list and all that leads to it. Nothing personal stands in it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from chalicelib.core import ids
from chalicelib.core.clock import day_of, start_of_day
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.forms.places import municipalities, units
from chalicelib.people.model import Officer
from chalicelib.reports import lists
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Rank
from chalicelib.reports.filters import NOBODY, OPEN, Filters
from chalicelib.reports.lists import Sought
from chalicelib.reports.queue import ASKS, Flag
from chalicelib.reports.statuses import DECISIONS, Status

ALL = "all"  # units of the officer; of the statuses those that are open, and with a mark that asks for something the others too
ME, NOBODY_HAS_IT = "me", "nobody"
_TEAM = re.compile(r"[A-Z0-9-]{1,40}")


class Mark(StrEnum):
    """Something of a report by which a list can be filtered: its flags, and two more."""

    OVERDUE = "overdue"
    URGENT = "urgent"
    FRESH = Flag.FRESH
    UPDATE_ASKED = Flag.UPDATE_ASKED
    CONTESTED = Flag.CONTESTED
    TO_TELL = Flag.TO_TELL
    CALL_BACK = Flag.CALL_BACK
    TASK = Flag.TASK
    FROM_ELSEWHERE = Flag.FROM_ELSEWHERE
    JOINT = Flag.JOINT
    NO_CALLS = Flag.NO_CALLS
    SHARED = Flag.SHARED


class Age(StrEnum):
    """How long ago a report was filed, at least; in days."""

    WEEK = "7"
    MONTH = "30"
    QUARTER = "90"


class Order(StrEnum):
    """Which reports come first."""

    WAITING = "waiting"
    NEWEST = "newest"


_MARKED: Mapping[Mark, Callable[[date], Filters]] = {
    Mark.OVERDUE: lambda today: Filters(due_before=today),
    Mark.URGENT: lambda _: Filters(rank=Rank.URGENT),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A list that an officer asks for. Every field is a text of the address; an empty one asks nothing.

    Without `unit`, and for ALL, it is of all the officer's units. `who` is ME, NOBODY_HAS_IT or the id of a team or a colleague.
    """

    unit: str = ""
    status: str = Status.RECEIVED
    kind: str = ""
    place: str = ""
    age: str = ""
    who: str = ""
    mark: str = ""
    order: str = Order.WAITING

    @property
    def address(self) -> str:
        """The query as an address has it: only what differs from the list that opens by itself."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode({name: value for name, value in told.items() if value != _PLAIN[name]})

    @property
    def name(self) -> str:
        """A short name of the list, which its cursors carry: with other filters a cursor leads nowhere."""
        return ids.digest(self.address)[:8].upper()

    @property
    def newest(self) -> bool:
        return self.order == Order.NEWEST

    def position(self, place: str) -> str:
        """Return where a place stands in the order of the list."""
        return place[2:] if self.newest else place

    @property
    def asks(self) -> bool:
        """True for a list of what asks for something beside its handling, in which decided reports are too."""
        return self.mark in ASKS

    def sought(self, officer: Officer, now: datetime) -> Sought:
        """Return the list as the store can read it: of the officer's own units alone, whatever the query says."""
        mine = sorted(officer.units)
        of_units = [unit for unit in mine if self.unit in ("", ALL, unit)]
        filters = self._filters(officer, now)
        if self.asks:
            return lists.attention(of_units, filters, newest=self.newest, now=now)
        if filters.assignee and self.status not in DECISIONS:
            return lists.mine(filters.assignee, replace(filters, units=frozenset(of_units)), newest=self.newest, now=now)
        statuses = OPEN if self.status == ALL else [Status(self.status)]
        return lists.queue(of_units, statuses, replace(filters, statuses=frozenset()), newest=self.newest, now=now)

    def _filters(self, officer: Officer, now: datetime) -> Filters:
        today = day_of(now)
        marked = _MARKED[Mark(self.mark)](today) if self.mark in _MARKED else Filters(flag=Flag(self.mark) if self.mark else None)
        return replace(
            marked,
            statuses=frozenset() if self.status == ALL else frozenset({Status(self.status)}),
            kind=self.kind,
            municipality=self.place,
            assignee={"": None, ME: officer.id, NOBODY_HAS_IT: NOBODY}.get(self.who, self.who),
            filed_before=start_of_day(today - timedelta(days=int(self.age))) if self.age else None,
        )


_PLAIN: dict[str, str] = {one.name: str(one.default) for one in fields(Query)}
_KNOWN: Mapping[str, Callable[[str], bool]] = {
    "unit": lambda value: value == ALL or value in units(),
    "status": lambda value: value == ALL or value in list(Status),
    "kind": lambda value: value in KINDS,
    "place": lambda value: value in municipalities(),
    "age": lambda value: value in list(Age),
    "who": lambda value: value in (ME, NOBODY_HAS_IT) or bool(_TEAM.fullmatch(value)),
    "mark": lambda value: value in list(Mark),
    "order": lambda value: value in list(Order),
}


def parse(given: Mapping[str, str]) -> Query:
    """Read a query; what is not in it asks nothing. Raises Invalid that names each field with a value that there is not."""
    told = {name: given.get(name, "") for name in _KNOWN}
    wrong = [FieldError(name, "not_a_choice") for name, value in told.items() if value and not _KNOWN[name](value)]
    if wrong:
        raise Invalid(wrong)
    return Query(**{name: value or _PLAIN[name] for name, value in told.items()})


def parse_address(address: str) -> Query:
    """Read a query from the address that it once made. Raises Invalid."""
    return parse(dict(parse_qsl(address)))


def cursor_of(query: Query, after: str) -> str:
    """Return the cursor that leads on behind a position of a list; empty on its last page."""
    return f"{query.name}-{after}" if after else ""


def page_of(query: Query, cursor: str, *, left: str, found: str, back: bool) -> str:
    """Return the cursor of a page of a list on which the report at the place `found` stands, empty for the first page.

    Whoever goes on from the report at `left` comes back to a page that begins with the next one. Whoever goes back from one keeps
    the page (`cursor`), as long as the report stands on it.
    """
    if not back:
        return cursor_of(query, query.position(left)) if left else ""
    after = after_of(cursor, query)
    is_on_it = query.position(found) < after if query.newest else query.position(found) > after
    return cursor if after and is_on_it else ""


_AT = "[0-9]{8}T[0-9]{12}-[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}"
PLACE = re.compile(f"[012]-{_AT}")
_CURSOR = re.compile(f"(?P<name>[0-9A-F]{{8}})-(?P<after>(?:[012]-)?{_AT})")


def after_of(cursor: str, query: Query) -> str:
    """Return the position at which a cursor goes on. Raises Invalid for a cursor of another list, or of none."""
    if not cursor:
        return ""
    match = _CURSOR.fullmatch(cursor)
    if not match or match["name"] != query.name or query.newest is (match["after"][1] == "-"):
        raise Invalid([FieldError("cursor", "cursor")])
    return match["after"]
