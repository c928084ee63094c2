"""AWS that answers at once: botocore builds, signs and parses every call, and nothing happens behind it.

So what is measured is our own CPU, with the SDK's, and without the engine's.
"""

import json
from collections import Counter
from datetime import datetime
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.handlers import BUILTIN_HANDLERS

from tests.support.samples import NOON


class NoonClock:
    """It is always noon of the day on which the sample report was filed."""

    def now(self) -> datetime:
        return NOON


class Stub:
    """Answers DynamoDB, SES and Secrets Manager. `item` is what a GetItem or UpdateItem returns (DynamoDB JSON).

    A table in `tables` has items of its own, by the end of its name: GetItem returns the first, Query the others
    (as an index of that table holds them).
    """

    def __init__(self) -> None:
        self.item: dict[str, Any] | None = None
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self.calls: Counter[str] = Counter()

    def install(self) -> None:
        """Answer for every client that is made from now on in this process."""
        BUILTIN_HANDLERS.append(("before-send", self._answer))

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        target = request.headers.get("X-Amz-Target", b"")
        name = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2] or "SendEmail"
        self.calls[name] += 1
        content = self._updated(request) if name == "UpdateItem" else self._of_table(name, request)
        return AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.0"}, _Raw(json.dumps(content)))

    def _updated(self, request: Any) -> dict[str, Any]:
        """Answer a change as DynamoDB does: with the whole item to who asks for it, with nothing else."""
        return {"Attributes": self._item_of(request)} if b'"ALL_NEW"' in request.body else {}

    def _item_of(self, _: Any) -> dict[str, Any]:
        return self.item or {}

    def _of_table(self, name: str, request: Any) -> dict[str, Any]:
        if not self.tables or name not in ("GetItem", "Query"):
            return self._content(name)
        items = self.tables.get(json.loads(request.body)["TableName"].rpartition("-")[2], [])
        if name == "Query":
            return {"Items": items[1:], "Count": len(items[1:]), "ScannedCount": len(items[1:])}
        return {"Item": items[0]} if items else {}

    def _content(self, name: str) -> dict[str, Any]:
        if name == "GetItem":
            return {"Item": self.item} if self.item else {}
        return {"SendEmail": {"MessageId": "bench"}, "GetSecretValue": {"SecretString": "d" * 64}}.get(name, {})


class _Raw(BytesIO):
    """A body as urllib3 hands it over."""

    def __init__(self, text: str) -> None:
        super().__init__(text.encode())

    def stream(self, **_: Any) -> Any:
        yield self.read()
