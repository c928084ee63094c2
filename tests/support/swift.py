"""What makes AWS in memory swift enough for thousands of tests: the values of DynamoDB go out as they are.

moto looks each value of an item up under eighteen names for every type that it could have; that was two thirds of what reading
an item cost. A value is JSON already, so its one member is written. tests/contract/test_tables.py compares both.
"""

from typing import Any

from moto.core import serialize
from moto.core.serialize import JSONSerializer
from moto.dynamodb.models.dynamo_type import DynamoType


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


def install() -> None:
    """Let every AWS in memory of this process write so."""
    serialize.SERVICE_SPECIFIC_SERIALIZERS["dynamodb"] = {"json": ValuesAsTheyAre}
