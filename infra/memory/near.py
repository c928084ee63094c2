"""A client that answers above botocore's wire: for simulations of millions of calls, in which few are to break.

The SDK costs most of a call: it builds a request, and reads an answer, that nobody sees. So a call is answered here, in the place
of the SDK's own call; only one that is to break goes down the wire, where it breaks as the SDK would have it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from infra.memory.dynamo import Failure
from infra.memory.wire import Cloud

Seen = Callable[[str, Mapping[str, Any]], None]


class NearClient:
    """A client of DynamoDB or SES; `client` is the SDK's own. `before` and `after` each call somebody may look, or interfere."""

    _request_signer = None  # PynamoDB asks whether it has credentials

    def __init__(self, cloud: Cloud, client: Any, before: Seen, after: Seen) -> None:
        self._cloud, self._client, self._before, self._after = cloud, client, before, after

    def send_email(self, **request: Any) -> Any:
        return self._make_api_call("SendEmail", request)

    def delete_suppressed_destination(self, **_: Any) -> Any:
        """SES has no list of its own here."""
        return {}

    def _make_api_call(self, operation: str, request: Mapping[str, Any]) -> Any:
        self._before(operation, request)
        answer = self._broken(operation, request) if self._is_to_break() else self._answered(operation, request)
        self._after(operation, request)
        return answer

    def _is_to_break(self) -> bool:
        return self._cloud.number + 1 in self._cloud.faults

    def _broken(self, operation: str, request: Mapping[str, Any]) -> Any:
        return self._client._make_api_call(operation, request)  # noqa: SLF001 — as PynamoDB calls it

    def _answered(self, operation: str, request: Mapping[str, Any]) -> Any:
        self._cloud.number += 1
        self._cloud.calls[operation] += 1
        try:
            return self._cloud.take(request) if operation == "SendEmail" else self._cloud.dynamo.answer(operation, request)
        except Failure as failure:
            told = {"Error": {"Code": failure.code, "Message": failure.message}}
            raise ClientError({**told, "ResponseMetadata": {"HTTPStatusCode": failure.status}}, operation) from None
