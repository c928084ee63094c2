"""Counts every AWS call of the local stage, and the DynamoDB units that AWS would bill for it.

A write unit is 1 KB of the larger of the item before and after, for the table and again for each index whose entry changes
(two when its key does). A read unit is 4 KB read consistently, half a unit otherwise. Source: DynamoDB's documentation,
"Item sizes and formats" and "Read and write operations"; tests/unit/test_capacity.py has examples worked out by hand.
"""

import base64
import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import ceil
from typing import Any
from urllib.parse import urlsplit

from moto.dynamodb.models import dynamodb_backends

from infra.local.aws_tap import Answer
from infra.local.cloud import ACCOUNT, PREFIX, REGION

Item = Mapping[str, Any]  # DynamoDB JSON
WRITE_BYTES, READ_BYTES = 1024, 4096
_SILENT = ("DescribeStream", "GetShardIterator", "GetRecords", "DescribeTable")  # Lambda's own polling, which is not billed


class Meter:
    """Listens on the stage's wire. `counts` holds calls by service and operation, and units by table."""

    def __init__(self) -> None:
        self.counts: defaultdict[str, float] = defaultdict(float)
        self._turn = threading.Lock()
        self._before: dict[str, dict[str, Item]] = {}

    def listen(self, request: Any, answer: Answer) -> None:
        service, operation = _called(request)
        if operation not in _SILENT:
            with self._turn:
                self._note(service, operation, request, answer)

    def _note(self, service: str, operation: str, request: Any, answer: Answer) -> None:
        self.counts[f"call {service} {operation}".rstrip()] += 1
        if service == "dynamodb":
            body, found = _json(request.body), _json(answer[2])
            for table, units in _read_units(operation, body, found):
                self.counts[f"read {table}"] += units
            for table in _written_tables(operation, body):
                for name, units in self._write_units(table):
                    self.counts[f"write {name}"] += units

    def take(self) -> dict[str, float]:
        """Return what was counted since the last time, and begin again."""
        with self._turn:
            taken, self.counts = dict(self.counts), defaultdict(float)
        return taken

    def stored(self, tables: Iterable[str]) -> int:
        """Return the bytes that these tables and their indexes keep now; DynamoDB counts 100 for each item and entry."""
        entries = []
        for table in (PREFIX + name for name in tables):
            items = _items(table).values()
            entries += [*items, *(entry for index in _indexes(table) for item in items if (entry := _entry(index, item)))]
        return sum(size(entry) + 100 for entry in entries)

    def _write_units(self, table: str) -> Iterator[tuple[str, int]]:
        """Compare the table with what it was, and yield what the difference costs; a write that changed nothing costs too."""
        before, after = self._before.get(table, {}), _items(table)
        self._before[table] = after
        changed = [(before.get(key), after.get(key)) for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
        name = table.removeprefix(PREFIX)
        if not changed:
            yield name, 1
        for old, new in changed:
            yield name, write_units(old, new)
            for index in _indexes(table):
                yield f"{name}.{index['IndexName']}", index_units(index, old, new)


def write_units(old: Item | None, new: Item | None) -> int:
    """Return the units for writing an item over another; None is no item."""
    return max(1, ceil(max(size(old), size(new)) / WRITE_BYTES))


def index_units(index: Mapping[str, Any], old: Item | None, new: Item | None) -> int:
    """Return the units that an index costs when an item changes."""
    entries = (_entry(index, old), _entry(index, new))
    if entries[0] == entries[1]:
        return 0
    keys = [[entry[name["AttributeName"]] for name in index["KeySchema"]] if entry else None for entry in entries]
    costs = [write_units(entry, None) for entry in entries if entry]
    return sum(costs) if keys[0] != keys[1] else max(costs)


def size(item: Item | None) -> int:
    """Return the bytes that DynamoDB counts for an item: names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in (item or {}).items())


def _value_size(value: Mapping[str, Any]) -> int:
    [(kind, content)] = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return ceil(len(content.lstrip("-").replace(".", "").strip("0") or "0") / 2) + 1
    if kind == "B":
        return len(base64.b64decode(content))
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value_size(inner) for name, inner in content.items())
    if kind == "L":
        return 3 + sum(1 + _value_size(inner) for inner in content)
    return 1 if kind in ("BOOL", "NULL") else sum(len(str(one)) for one in content)


def _entry(index: Mapping[str, Any], item: Item | None) -> dict[str, Any] | None:
    """Return what an index holds of an item, None when it holds nothing of it: a key of it is missing."""
    keys = [each["AttributeName"] for each in index["KeySchema"]]
    if item is None or any(key not in item for key in keys):
        return None
    kept = {*keys, *index["Projection"].get("NonKeyAttributes", ()), *index["_table_keys"]}
    whole = index["Projection"]["ProjectionType"] == "ALL"
    return {name: value for name, value in item.items() if whole or name in kept}


def _indexes(table: str) -> list[dict[str, Any]]:
    found = dynamodb_backends[ACCOUNT][REGION].tables[table]
    keys = [each["AttributeName"] for each in found.schema]
    shape = ({"IndexName": one.name, "KeySchema": one.schema, "Projection": one.projection} for one in found.global_indexes)
    return [{**one, "_table_keys": keys} for one in shape]


def _items(table: str) -> dict[str, Item]:
    """Return all items of a table by their keys."""
    found = dynamodb_backends[ACCOUNT][REGION].tables[table]
    names = [each["AttributeName"] for each in found.schema]
    plain = [{name: value.to_regular_json() for name, value in item.attrs.items()} for item in found.all_items()]
    return {json.dumps([item[name] for name in names], sort_keys=True): item for item in plain}


def _called(request: Any) -> tuple[str, str]:
    target = request.headers.get("X-Amz-Target", "")
    target = target.decode() if isinstance(target, bytes) else str(target)
    host = urlsplit(request.url).netloc.split(":")[0]
    if target:
        return host.split(".")[0], target.partition(".")[2]
    if "email" in host:
        return "ses", "SendEmail"
    if "s3" in host:
        return "s3", request.method
    return host.split(".")[0], request.method


def _read_units(operation: str, body: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    if operation not in ("GetItem", "Query", "Scan"):
        return
    items = [found["Item"]] if "Item" in found else found.get("Items", [])
    whole = max(1, ceil(sum(size(item) for item in items) / READ_BYTES))
    name = body["TableName"].removeprefix(PREFIX)
    yield name, whole if body.get("ConsistentRead") else whole / 2


def _written_tables(operation: str, body: Mapping[str, Any]) -> list[str]:
    if operation in ("PutItem", "UpdateItem", "DeleteItem"):
        return [body["TableName"]]
    return list(body["RequestItems"]) if operation == "BatchWriteItem" else []


def _json(content: Any) -> dict[str, Any]:
    text = content.decode() if isinstance(content, bytes) else content
    try:
        found: dict[str, Any] = json.loads(text or "{}")
    except (ValueError, TypeError):
        return {}
    return found
