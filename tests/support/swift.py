"""The changes that make AWS in memory swift enough for thousands of tests: DynamoDB's values go out as they are, and items at
once.

moto looks each value of an item up under eighteen names for every type that it could have, and reads a request for an item as it
reads any request; that was four fifths of what reading an item cost. tests/contract/test_tables.py compares both.
"""

import json
from typing import Any

from moto.core import serialize
from moto.core.models import botocore_stubber
from moto.core.serialize import JSONSerializer
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from tests.support.settings import ACCOUNT, REGION


class ValuesAsTheyAre(JSONSerializer):
    """Writes the values of DynamoDB as they are; bytes, and all that is no value, as moto does."""

    def _serialize_type_structure(self, serialized: Any, value: Any, shape: Any, key: str) -> None:
        written = plain(value) if shape.name == "AttributeValue" and key else None
        if written is None:
            super()._serialize_type_structure(serialized, value, shape, key)
        else:
            self._default_serialize(serialized, written, shape, key)


def plain(value: Any) -> dict[str, Any] | None:
    """Return a value as JSON, None when something in it is not known here."""
    if isinstance(value, DynamoType):
        kind, inner = value.type, value.value
    elif isinstance(value, dict) and len(value) == 1:
        [(kind, inner)] = value.items()
    else:
        return None
    if kind in ("S", "N"):
        return {kind: inner} if isinstance(inner, str) else None
    if kind in ("BOOL", "NULL"):
        return {kind: inner} if isinstance(inner, bool) else None
    if kind == "L":
        items = [plain(each) for each in inner]
        return None if None in items else {kind: items}
    if kind == "M":
        members = {name: plain(each) for name, each in inner.items()}
        return None if None in members.values() else {kind: members}
    return None


class Items:
    """Answers GetItem from moto's own tables; the rest, and what is not simply asked, moto answers."""

    SIMPLY = frozenset({"TableName", "Key", "ConsistentRead"})

    def __init__(self) -> None:
        self._moto = botocore_stubber.process_request

    def __call__(self, request: Any) -> tuple[int, Any, Any] | None:
        target = request.headers.get("X-Amz-Target", b"")
        if target == b"DynamoDB_20120810.GetItem" and request.url == f"https://dynamodb.{REGION}.amazonaws.com/":
            found = self._found(json.loads(request.body))
            if found is not None:
                return 200, {"content-type": "application/x-amz-json-1.0"}, json.dumps(found)
        answer: tuple[int, Any, Any] | None = self._moto(request)
        return answer

    def _found(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        backend = dynamodb_backends[ACCOUNT][REGION]
        table = backend.tables.get(asked["TableName"])
        if table is None or not asked.keys() <= self.SIMPLY or asked["Key"].keys() != set(table.table_key_attrs):
            return None
        if not all(next(iter(value.values())) for value in asked["Key"].values()):
            return None
        item = backend.get_item(asked["TableName"], asked["Key"])
        if item is None:
            return {}
        values = {name: plain(value) for name, value in item.attrs.items()}
        return None if None in values.values() else {"Item": values}


def install() -> None:
    """Let every AWS in memory of this process answer so."""
    serialize.SERVICE_SPECIFIC_SERIALIZERS["dynamodb"] = {"json": ValuesAsTheyAre}
    botocore_stubber.process_request = Items()


def uninstall() -> None:
    """Let moto answer all by itself again."""
    serialize.SERVICE_SPECIFIC_SERIALIZERS.pop("dynamodb")
    botocore_stubber.process_request = botocore_stubber.process_request._moto
