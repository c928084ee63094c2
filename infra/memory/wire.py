"""The end of botocore's wire: every call of every client made after `connect` is answered here, and may be broken here.

The SDK builds, retries and parses as always; only the network is missing. A fault belongs to a call of the SDK, counted from
the last `begin`: it strikes all its attempts where that is what the fault means, so that the SDK's own retries do not hide it.
"""

import json
import time
import uuid
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any

import botocore
import botocore.endpoint
import botocore.retries.quota
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.handlers import BUILTIN_HANDLERS

from infra.memory.dynamo import Dynamo, Failure


class Fault(StrEnum):
    """The ways in which one call can go wrong."""

    DIES_BEFORE = "dies_before"  # the process, before the call
    DIES_AFTER = "dies_after"  # the process, when the service has done it
    ERROR = "error"  # 500 to every attempt, nothing done
    LOST_REPLY = "lost_reply"  # done, and the first attempt does not hear of it
    THROTTLED = "throttled"  # every attempt
    TIMEOUT = "timeout"  # done at the first attempt, and no attempt hears of it
    TRUNCATED = "truncated"  # done, and half of the first reply arrives
    STALE_CREDENTIALS = "stale_credentials"


class Died(BaseException):
    """The process is gone. Not an Exception: no code of ours may catch it."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that SES took."""

    id: str
    to: str
    letter: str
    text: str


class Cloud:
    """DynamoDB and SES in memory, behind botocore. `faults` are by the number of the call; `calls` counts them by operation."""

    def __init__(self, dynamo: Dynamo) -> None:
        self.dynamo = dynamo
        self.mails: list[Mail] = []
        self.begin({})

    def begin(self, faults: Mapping[int, Fault]) -> None:
        """Count calls from 0 again, and break those of `faults`."""
        self.faults, self.number, self.attempt = faults, -1, 0
        self.struck: list[tuple[Fault, str]] = []
        self.calls: Counter[str] = Counter()

    def connect(self) -> None:
        """Answer for every client that is made in this process from now on; without signatures, and without pauses."""
        BUILTIN_HANDLERS.append(("choose-signer", lambda **_: botocore.UNSIGNED))
        BUILTIN_HANDLERS.extend(self._handlers)
        botocore.endpoint.time = _NoPauses
        botocore.retries.quota.RetryQuota = _NoQuota

    @contextmanager
    def answering(self, client: Any) -> Iterator[None]:
        """Answer for one client that is there already, instead of whoever else would."""
        events = client.meta.events
        for event, handler in self._handlers:
            events.register_first(event, handler)
        try:
            yield
        finally:
            for event, handler in self._handlers:
                events.unregister(event, handler)

    @property
    def _handlers(self) -> Sequence[tuple[str, Callable[..., Any]]]:
        return (("before-call", self._counted), ("before-send", self._answered))

    def _counted(self, **_: Any) -> None:
        self.number, self.attempt = self.number + 1, 0

    def _answered(self, request: Any, **_: Any) -> AWSResponse:
        operation, body = _asked(request)
        self.calls[operation] += 1
        fault, first = self.faults.get(self.number), self.attempt == 0
        self.attempt += 1
        if fault and first:
            self.struck.append((fault, operation))
        return self._broken(fault, first, operation, body, request.url) if fault else self._done(operation, body)

    def _broken(self, fault: Fault, first: bool, operation: str, body: Any, url: str) -> AWSResponse:
        if fault is Fault.DIES_BEFORE:
            raise Died
        if fault in _REFUSALS:
            return _reply(*_REFUSALS[fault](operation))
        if fault is Fault.TIMEOUT:
            if first:
                self._done(operation, body)
            raise ReadTimeoutError(endpoint_url=url)
        if not first:
            return self._done(operation, body)
        answer = self._done(operation, body)
        if fault is Fault.DIES_AFTER:
            raise Died
        if fault is Fault.LOST_REPLY:
            raise ConnectionClosedError(endpoint_url=url)
        whole = answer.content
        return _reply(answer.status_code, whole[: len(whole) // 2], zlib.crc32(whole))

    def _done(self, operation: str, body: Any) -> AWSResponse:
        try:
            content = self.take(body) if operation == "SendEmail" else self.dynamo.answer(operation, body)
        except Failure as failure:
            return _refusal(failure.status, failure.code, failure.message)
        text = json.dumps(content).encode()
        return _reply(200, text, zlib.crc32(text))

    def take(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take a mail as SES does; raises Failure where it would refuse."""
        tags = {tag["Name"]: tag["Value"] for tag in body.get("EmailTags", ())}
        [to] = body["Destination"]["ToAddresses"]
        text = body["Content"]["Simple"]["Body"]["Text"]["Data"]
        self.mails.append(Mail(str(uuid.uuid4()), to, tags.get("letter", ""), text))
        return {"MessageId": self.mails[-1].id}


class _NoQuota:
    """The quota of botocore's retries, without an end: a run must not depend on the faults of the runs before it."""

    acquire = staticmethod(lambda _: True)
    release = staticmethod(lambda _: None)


class _NoPauses:
    """The clock of botocore's retries: nobody here learns anything by waiting."""

    sleep = staticmethod(lambda _: None)
    time = staticmethod(time.time)


def _asked(request: Any) -> tuple[str, Any]:
    target = request.headers.get("X-Amz-Target", b"")
    name = (target.decode() if isinstance(target, bytes) else str(target)).rpartition(".")[2] or "SendEmail"
    return name, json.loads(request.body)


def _refused(operation: str, dynamo: tuple[int, str], ses: tuple[int, str]) -> tuple[int, bytes, int]:
    status, code = ses if operation == "SendEmail" else dynamo
    text = json.dumps({"__type": code, "message": code}).encode()
    return status, text, zlib.crc32(text)


_REFUSALS: Mapping[Fault, Callable[[str], tuple[int, bytes, int]]] = {
    Fault.ERROR: lambda op: _refused(op, (500, "InternalServerError"), (500, "InternalFailure")),
    Fault.THROTTLED: lambda op: _refused(op, (400, "ProvisionedThroughputExceededException"), (429, "TooManyRequestsException")),
    Fault.STALE_CREDENTIALS: lambda op: _refused(op, (400, "ExpiredTokenException"), (403, "ExpiredTokenException")),
}


def _refusal(status: int, code: str, message: str) -> AWSResponse:
    text = json.dumps({"__type": code, "message": message}).encode()
    return _reply(status, text, zlib.crc32(text))


def _reply(status: int, text: bytes, checksum: int) -> AWSResponse:
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-crc32": str(checksum)}
    return AWSResponse("", status, headers, _Raw(text))


class _Raw(BytesIO):
    """A body as urllib3 hands it over."""

    def stream(self, **_: Any) -> Any:
        yield self.read()
