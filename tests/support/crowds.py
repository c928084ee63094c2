"""Crowds: very many reports, put into tables in memory as their store would have written them: fast.

Those of one pattern differ in nothing but their number, and what follows from it; the patterns take turns.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from chalicelib.clues.store import ClueItem
from chalicelib.core import ids
from chalicelib.core.tables import InstantAttribute, expiry, shard_of
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.model import Report
from chalicelib.reports.table import SHARDS, ReportItem, item_of
from infra.memory.dynamo import Dynamo, Item

_REFERENCE = len("K7MD-PR3W-9XCV")
_KEYS = ("reference", "unit_status", "place", "reporter", "filed_month", "holder", "attention", "tell_unit", "tell_since")
_LINE = (*ReportItem.queue.Meta.projection.non_key_attributes, *_KEYS, "tasks")


class Pattern:
    """Makes items of reports that are all like one. `is_lean`: only what a list shows, where nobody opens one of them."""

    def __init__(self, report: Report, *, is_lean: bool = False) -> None:
        self.report, self._is_lean = report, is_lean

    @cached_property
    def _item(self) -> Item:
        item: Item = item_of(self.report, ReportItem, Deadlines()).to_dynamodb_dict()
        return {name: value for name, value in item.items() if name in _LINE} if self._is_lean else item

    def item(self, reference: str) -> Item:
        made = {**self._item, "reference": {"S": reference}, "place": {"S": self._item["place"]["S"][:-_REFERENCE] + reference}}
        if "agenda_shard" in made:
            made["agenda_shard"] = {"N": str(shard_of(reference, SHARDS))}
        return made


def gathered(tables: Dynamo, table: str, patterns: Sequence[Pattern], count: int, *, name: str = "crowd") -> list[str]:
    """Put `count` reports into a table; return their numbers, which follow from `name`."""
    references = [ids.reference(f"{name} {number:040}".encode()) for number in range(count)]
    for number, reference in enumerate(references):
        put(tables, table, patterns[number % len(patterns)].item(reference))
    return references


def lying(
    tables: Dynamo, table: str, digest: str, unit: str, references: Sequence[str], *, at: datetime, until: datetime
) -> None:
    """Put reports of a unit on a clue."""
    instant = InstantAttribute().serialize(at)
    for number, reference in enumerate(references):
        facts: dict[str, Any] = {"reporter": f"V1-{number % 1000:04}", "expires_at": expiry(until)}
        put(tables, table, ClueItem(digest, f"{unit}#{instant}#{reference}", **facts).to_dynamodb_dict())


def put(tables: Dynamo, table: str, item: Item) -> None:
    found = tables.tables[table]
    found.put(found.key_of(item), None, item)
