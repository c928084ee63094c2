"""DynamoDB in a dictionary: conditional writes, queries, sparse indexes, a stream; and nothing else, so it is fast.

It answers the operations that the portal's stores use (a test compares its answers with those of moto), and refuses aloud
what it does not know. One at a time: a caller with threads holds a lock.
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.memory.expressions import Given, Item, Value, condition, hash_value, names_of, plain, update

Answer = Mapping[str, Any]


class Failure(Exception):
    """The service answers with an error; `code` is its name, `status` that of HTTP."""

    def __init__(self, code: str, message: str = "", status: int = 400) -> None:
        super().__init__(message or code)
        self.code, self.message, self.status = code, message or code, status


@dataclass(slots=True)
class Table:
    """One table: its keys, its indexes, its items in order of key, and the writes since it was made if it streams."""

    keys: tuple[str, ...]
    indexes: Mapping[str, tuple[str, ...]]
    streams: bool = False
    items: dict[tuple[Any, ...], Item] = field(default_factory=dict)
    writes: list[tuple[Item | None, Item | None]] = field(default_factory=list)
    _parts: dict[str, dict[Any, dict[tuple[Any, ...], Item]]] = field(default_factory=dict)  # by index and hash key

    def put(self, key: tuple[Any, ...], old: Item | None, new: Item | None) -> None:
        """Put an item in the place of the one that was there; None removes."""
        if new is None:
            self.items.pop(key, None)
        else:
            self.items[key] = new
        for index, parts in self._parts.items():
            self._move(parts, self._keys_of(index), key, old, new)

    def part(self, index: str, value: Value) -> Iterable[Item]:
        """Return the items of an index (empty: of the table) with a hash key; each index is sorted at its first question."""
        if index not in self._parts:
            self._parts[index] = {}
            for key, item in self.items.items():
                self._move(self._parts[index], self._keys_of(index), key, None, item)
        return self._parts[index].get(plain(value), {}).values()

    def restore(self, items: Mapping[tuple[Any, ...], Item], writes: Sequence[tuple[Item | None, Item | None]]) -> None:
        self.items, self.writes, self._parts = dict(items), list(writes), {}

    def _keys_of(self, index: str) -> tuple[str, ...]:
        return self.indexes[index] if index else self.keys

    def _move(self, parts: Any, names: tuple[str, ...], key: tuple[Any, ...], old: Item | None, new: Item | None) -> None:
        for item in (old, new):
            if item is not None and all(name in item for name in names):
                part = parts.setdefault(plain(item[names[0]]), {})
                part.pop(key, None)
                if item is new:
                    part[key] = item

    def key_of(self, item: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(plain(item[name]) for name in self.keys)


class Dynamo:
    """Tables, made from `CreateTable` arguments."""

    def __init__(self, *definitions: Mapping[str, Any]) -> None:
        self.tables = {one["TableName"]: _table(one) for one in definitions}
        self.units = 0  # written: what a bench counts

    def snapshot(self) -> Any:
        """Return the state, to be restored any number of times. Items are never changed in place, so they are shared."""
        return {name: (dict(table.items), list(table.writes)) for name, table in self.tables.items()}

    def restore(self, snapshot: Any) -> None:
        for name, (items, writes) in snapshot.items():
            self.tables[name].restore(items, writes)

    def answer(self, operation: str, request: Mapping[str, Any]) -> Answer:
        """Answer one call. Raises Failure as the service would."""
        known = _OPERATIONS.get(operation)
        if known is None:
            raise Failure("UnknownOperationException", operation)
        answer: Answer = known(self, request)
        return answer

    def put(self, request: Mapping[str, Any]) -> Answer:
        table = self._table(request)
        self._write(table, table.key_of(request["Item"]), dict(request["Item"]), request)
        return {}

    def get(self, request: Mapping[str, Any]) -> Answer:
        table = self._table(request)
        found = table.items.get(table.key_of(request["Key"]))
        return {"Item": found} if found is not None else {}

    def update(self, request: Mapping[str, Any]) -> Answer:
        table, given = self._table(request), _given(request)
        key = table.key_of(request["Key"])
        old = table.items.get(key)
        new = dict(old) if old is not None else dict(request["Key"])
        self._check(old, request)
        try:
            for change in update(request["UpdateExpression"]):
                change(new, old or {}, given)
        except ValueError as error:
            raise Failure("ValidationException", str(error)) from None
        self._write(table, key, new, request)
        return {"Attributes": new} if request.get("ReturnValues") == "ALL_NEW" else {}

    def delete(self, request: Mapping[str, Any]) -> Answer:
        table = self._table(request)
        self._write(table, table.key_of(request["Key"]), None, request)
        return {}

    def query(self, request: Mapping[str, Any]) -> Answer:
        table, given = self._table(request), _given(request)
        keys = table.indexes[request["IndexName"]] if "IndexName" in request else table.keys
        matches, keeps = condition(request["KeyConditionExpression"]), condition(request.get("FilterExpression", ""))
        order = [*keys[1:], *(name for name in table.keys if name not in keys)]
        within = table.part(request.get("IndexName", ""), given.values[hash_value(request["KeyConditionExpression"])])
        found = [item for item in within if matches(item, given)]
        is_forward = request.get("ScanIndexForward", True)
        found.sort(key=lambda item: [plain(item[name]) for name in order], reverse=not is_forward)
        if start := request.get("ExclusiveStartKey"):  # a place, at which nothing has to stand
            at = [plain(start[name]) for name in order]
            place_of = [[plain(item[name]) for name in order] for item in found]
            found = [item for item, place in zip(found, place_of, strict=True) if (place > at if is_forward else place < at)]
        page = found[: request["Limit"]] if "Limit" in request else found
        wanted = set(names_of(request.get("ProjectionExpression", ""), given))
        items = [{k: v for k, v in item.items() if not wanted or k in wanted} for item in page if keeps(item, given)]
        last = {name: page[-1][name] for name in {*keys, *table.keys}} if len(page) < len(found) else None
        return {"Items": items, "Count": len(items), "ScannedCount": len(page), **({"LastEvaluatedKey": last} if last else {})}

    def scan(self, request: Mapping[str, Any]) -> Answer:
        table, given = self._table(request), _given(request)
        keeps = condition(request.get("FilterExpression", ""))
        wanted = set(names_of(request.get("ProjectionExpression", ""), given))
        found = [item for item in table.items.values() if keeps(item, given)]
        items = [{k: v for k, v in item.items() if not wanted or k in wanted} for item in found]
        return {"Items": items, "Count": len(items), "ScannedCount": len(table.items)}

    def expire(self, now: float) -> None:
        """Delete every item whose `expires_at` (epoch seconds) has passed, as DynamoDB does within two days."""
        for table in self.tables.values():
            for key, item in list(table.items.items()):
                if "expires_at" in item and float(item["expires_at"]["N"]) < now:
                    table.put(key, item, None)
                    if table.streams:
                        table.writes.append((item, None))

    def batch_write(self, request: Mapping[str, Any]) -> Answer:
        for name, writes in request["RequestItems"].items():
            for write in writes:
                (kind, one), *_ = write.items()
                (self.put if kind == "PutRequest" else self.delete)({"TableName": name, **one})
        return {"UnprocessedItems": {}}

    def batch_get(self, request: Mapping[str, Any]) -> Answer:
        answers: dict[str, list[Item]] = {}
        for name, wanted in request["RequestItems"].items():
            table, given = self._table({"TableName": name}), _given(wanted)
            shown = set(names_of(wanted.get("ProjectionExpression", ""), given))
            found = [table.items[key] for one in wanted["Keys"] if (key := table.key_of(one)) in table.items]
            answers[name] = [{k: v for k, v in item.items() if not shown or k in shown} for item in found]
        return {"Responses": answers, "UnprocessedKeys": {}}

    def _table(self, request: Mapping[str, Any]) -> Table:
        found = self.tables.get(request["TableName"])
        if found is None:
            raise Failure("ResourceNotFoundException")
        return found

    def _check(self, old: Item | None, request: Mapping[str, Any]) -> None:
        if not condition(request.get("ConditionExpression", ""))(old or {}, _given(request)):
            raise Failure("ConditionalCheckFailedException", "The conditional request failed")

    def _write(self, table: Table, key: tuple[Any, ...], new: Item | None, request: Mapping[str, Any]) -> None:
        old = table.items.get(key)
        self._check(old, request)
        table.put(key, old, new)
        self.units += 1
        if table.streams and old != new:
            table.writes.append((copy.copy(old), copy.copy(new)))


def _table(definition: Mapping[str, Any]) -> Table:
    return Table(
        keys=_names(definition["KeySchema"]),
        indexes={one["IndexName"]: _names(one["KeySchema"]) for one in definition.get("GlobalSecondaryIndexes", ())},
        streams="StreamSpecification" in definition,
    )


def _names(schema: Any) -> tuple[str, ...]:
    return tuple(part["AttributeName"] for part in sorted(schema, key=lambda part: str(part["KeyType"])))


def _given(request: Mapping[str, Any]) -> Given:
    return Given(request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {}))


_OPERATIONS: Mapping[str, Any] = {
    "PutItem": Dynamo.put,
    "GetItem": Dynamo.get,
    "UpdateItem": Dynamo.update,
    "DeleteItem": Dynamo.delete,
    "Query": Dynamo.query,
    "Scan": Dynamo.scan,
    "BatchWriteItem": Dynamo.batch_write,
    "BatchGetItem": Dynamo.batch_get,
}
