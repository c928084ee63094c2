"""Calls to DynamoDB, counted as they are made: by table and operation, with the items that they look through."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from infra.memory.dynamo import Answer, Dynamo

READS = frozenset({"GetItem", "Query", "BatchGetItem", "Scan", "TransactGetItems"})
PREFIX = "test-"


class Calls:
    """The calls that were answered since the last time they were forgotten; a tap may hand them over (infra.local.aws_tap)."""

    def __init__(self) -> None:
        self.counted: Counter[tuple[str, str]] = Counter()
        self.looked_through: Counter[str] = Counter()  # items that queries and scans evaluated, by table

    def __call__(self, request: Any, answer: Any) -> None:
        target = request.headers.get("X-Amz-Target", b"")
        target = target.decode() if isinstance(target, bytes) else target
        if target.startswith("DynamoDB_"):
            self.note(target.partition(".")[2], json.loads(request.body), json.loads(answer[2]))

    def note(self, operation: str, request: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        for name in request.get("RequestItems") or [request["TableName"]]:
            table = name.removeprefix(PREFIX)
            self.counted[table, operation] += 1
            self.looked_through[table] += answer.get("ScannedCount", 0)

    def forget(self) -> None:
        self.counted.clear()
        self.looked_through.clear()

    def beyond_the_session(self) -> Counter[str]:
        reads: Counter[str] = Counter()
        for (table, operation), times in self.counted.items():
            reads[table] += times * (operation in READS and table != "sessions")
        return +reads

    def writes(self) -> set[tuple[str, str]]:
        return {call for call in self.counted if call[1] not in READS and call[0] != "sessions"}


class CountedTables(Dynamo):
    """Tables in memory of which every call is counted."""

    def __init__(self, *definitions: Mapping[str, Any]) -> None:
        super().__init__(*definitions)
        self.calls = Calls()

    def answer(self, operation: str, request: Mapping[str, Any]) -> Answer:
        answer = super().answer(operation, request)
        self.calls.note(operation, request, answer)
        return answer
