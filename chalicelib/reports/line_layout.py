"""A line of a list as an index of the reports table holds it, and what a filter is in DynamoDB's own words.

A list of fifty lines is read as it comes: PynamoDB's way over a whole model took four times the CPU, and a count reads 20,000.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

from chalicelib.core.tables import InstantAttribute
from chalicelib.reports.events import Rank
from chalicelib.reports.filters import NOBODY, Filters
from chalicelib.reports.queue import Flag
from chalicelib.reports.statuses import Status
from chalicelib.reports.table import ReportItem

_instant = InstantAttribute()


def facts_of(raw: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return the fields of a line from an item of an index (DynamoDB JSON)."""
    texts = {name: value["S"] for name, value in raw.items() if "S" in value}
    due, fresh = texts.get("desk_due"), raw.get("fresh_at")
    return {
        "reference": texts["reference"],
        "kind": texts["kind"],
        "unit": texts["unit"],
        "status": Status(texts["status"]),
        "filed_at": _instant.deserialize(raw["filed_at"]["N"]),
        "changed_at": _instant.deserialize(raw["changed_at"]["N"]),
        "registration_number": texts.get("registration_number", ""),
        "municipality": texts["municipality"],
        "assignee": texts.get("assignee", ""),
        "rank": Rank(texts.get("rank", Rank.NORMAL)),
        "joint_case": texts.get("joint_case", ""),
        "due_on": date.fromisoformat(due) if due else None,
        "fresh_at": _instant.deserialize(fresh["N"]) if fresh else None,
        "flags": tuple(map(Flag, texts.get("flags", "").split())),
        "place": texts["place"],
    }


def condition_of(filters: Filters) -> Any:
    """Return the filter as a condition of a query, None when it asks nothing."""
    asked = list(_conditions(filters))
    return reduce(and_, asked) if asked else None


def _conditions(filters: Filters) -> Iterator[Any]:
    for attribute, wanted in _EQUAL:
        if value := wanted(filters):
            yield attribute == value
    if filters.units:
        yield ReportItem.unit.is_in(*sorted(filters.units))
    if filters.statuses:
        yield ReportItem.status.is_in(*sorted(filters.statuses))
    if filters.assignee == NOBODY:
        yield ReportItem.assignee.does_not_exist()
    if filters.rank is Rank.NORMAL:  # which no item states
        yield ReportItem.rank.does_not_exist()
    if filters.flag:
        yield ReportItem.flags.contains(filters.flag.value)
    yield from _bounds(filters)


_EQUAL: tuple[tuple[Any, Callable[[Filters], str | None]], ...] = (
    (ReportItem.kind, lambda filters: filters.kind),
    (ReportItem.municipality, lambda filters: filters.municipality),
    (ReportItem.assignee, lambda filters: filters.assignee),
    (ReportItem.rank, lambda filters: None if filters.rank is Rank.NORMAL else filters.rank),
)


def _bounds(filters: Filters) -> Iterator[Any]:
    if filters.due_before:
        yield ReportItem.desk_due < filters.due_before.isoformat()
    if filters.filed_since:
        yield ReportItem.filed_at >= filters.filed_since
    if filters.filed_before:
        yield ReportItem.filed_at < filters.filed_before
