"""S3 as a browser meets it, under /_local/s3: a permission is verified as S3 would, and what came is told to the app.

Real here: the signature over the policy, its expiry, its every condition (type, size, key, checksum), that the file has that
checksum, and that nothing else may be sent;
for a download the signature of the address and its expiry. Not here: permissions of IAM, versions, and S3's XML of errors.
"""

import base64
import hmac
import json
import queue
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from chalicelib.web import multipart
from infra.local.aws_tap import Answer
from infra.local.cloud import REGION
from infra.local.http import LocalRequest, LocalResponse, as_json

Handler = Callable[[dict[str, Any]], Any]
_UNSIGNED = {"policy", "x-amz-signature", "file"}


class Refused(Exception):
    """S3 would say 403; the message is its code."""


class LocalBucket:
    """The bucket's own address for browsers."""

    def __init__(self, client: Any, name: str, secret: str) -> None:
        self._client, self._name, self._secret = client, name, secret

    def handle(self, request: LocalRequest) -> LocalResponse:
        """Answer one request under /_local/s3."""
        try:
            if request.method == "POST":
                return self._post(request)
            return self._get(request)
        except Refused as refused:
            return as_json({"error": str(refused)}, 403)

    def _post(self, request: LocalRequest) -> LocalResponse:
        parts = multipart.parse(request.headers.get("content-type", ""), request.body)
        fields = {part.name.lower(): part.content.decode("utf-8", "replace") for part in parts if part.name != "file"}
        file = next((part for part in parts if part.name == "file"), None)
        if file is None:
            raise Refused("InvalidArgument")
        _verify_policy(fields, len(file.content), self._name, self._secret)
        _verify_checksum(fields, file.content)
        self._client.put_object(Bucket=self._name, Key=fields["key"], Body=file.content, ContentType=fields["content-type"])
        return LocalResponse(204)

    def _get(self, request: LocalRequest) -> LocalResponse:
        path = request.path.removeprefix("/_local/s3")
        _verify_address(path, request.query, f"{self._name}.s3.{REGION}.amazonaws.com", self._secret)
        try:
            found = self._client.get_object(Bucket=self._name, Key=unquote(path)[1:])
        except self._client.exceptions.NoSuchKey:
            return as_json({"error": "NoSuchKey"}, 404)
        headers = {
            "Content-Type": found["ContentType"],
            "Content-Disposition": found.get("ContentDisposition", ""),
            "Cache-Control": request.query.get("response-cache-control", [""])[-1],
        }
        return LocalResponse(200, found["Body"].read(), {name: value for name, value in headers.items() if value})


def _verify_policy(fields: Mapping[str, str], size: int, bucket: str, secret: str) -> None:
    policy = fields.get("policy", "")
    scope = fields.get("x-amz-credential", "").split("/")[1:]
    if not scope or not hmac.compare_digest(_signed(secret, scope, policy), fields.get("x-amz-signature", "")):
        raise Refused("SignatureDoesNotMatch")
    content = json.loads(base64.b64decode(policy))
    if datetime.fromisoformat(content["expiration"]) < datetime.fromtimestamp(time.time(), UTC):
        raise Refused("AccessDenied: Invalid according to Policy: Policy expired.")
    wanted, allowed = {"bucket": bucket}, set()
    for condition in content["conditions"]:
        if isinstance(condition, list):
            _, least, most = condition
            if not least <= size <= most:
                raise Refused("EntityTooLarge" if size > most else "EntityTooSmall")
        else:
            [(name, value)] = condition.items()
            allowed.add(name.lower())
            if {**fields, **wanted}.get(name.lower()) != value:
                raise Refused(f"AccessDenied: Invalid according to Policy: {name}")
    if set(fields) - allowed - _UNSIGNED:
        raise Refused("AccessDenied: Invalid according to Policy: Extra input fields")


def _verify_checksum(fields: Mapping[str, str], content: bytes) -> None:
    promised = fields.get("x-amz-checksum-sha256")
    if promised is not None and promised != base64.b64encode(sha256(content).digest()).decode():
        raise Refused("BadDigest")


def _verify_address(path: str, query: Mapping[str, list[str]], host: str, secret: str) -> None:
    given = {name: values[-1] for name, values in query.items()}
    scope = given.get("X-Amz-Credential", "").split("/")[1:]
    signed = "&".join(
        f"{quote(n, safe='-_.~')}={quote(v, safe='-_.~')}" for n, v in sorted(given.items()) if n != "X-Amz-Signature"
    )
    canonical = f"GET\n{path}\n{signed}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
    at = given.get("X-Amz-Date", "")
    text = f"AWS4-HMAC-SHA256\n{at}\n{'/'.join(scope)}\n{sha256(canonical.encode()).hexdigest()}"
    if not scope or not hmac.compare_digest(_signed(secret, scope, text), given.get("X-Amz-Signature", "")):
        raise Refused("SignatureDoesNotMatch")
    begun = datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if begun + timedelta(seconds=int(given["X-Amz-Expires"])) < datetime.fromtimestamp(time.time(), UTC):
        raise Refused("AccessDenied: Request has expired")


def _signed(secret: str, scope: list[str], text: str) -> str:
    """Return a signature of AWS Signature Version 4; `scope` is day, region, service and `aws4_request`."""
    key = b"AWS4" + secret.encode()
    for part in scope:
        key = hmac.new(key, part.encode(), sha256).digest()
    return hmac.new(key, text.encode(), sha256).hexdigest()


class Notifications:
    """The events that the bucket tells the app: one event per object that came under the prefix, in a thread of its own."""

    def __init__(self, bucket: str, prefix: str, handler: Handler) -> None:
        self._bucket, self._prefix, self._handler = bucket, prefix, handler
        self._waiting: queue.Queue[str] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="bucket", daemon=True)
        self.told = 0
        self.failed = 0

    def listen(self, request: Any, answer: Answer) -> None:
        """Hear every call of the process; what puts an object is told."""
        split = urlsplit(request.url)
        key = unquote(split.path)[1:]
        is_put = request.method == "PUT" and (split.hostname or "").startswith(self._bucket + ".s3.")
        if is_put and answer[0] == 200 and key.startswith(self._prefix):  # noqa: PLR2004
            name = (
                "ObjectTagging:Put" if "tagging" in dict(parse_qsl(split.query, keep_blank_values=True)) else "ObjectCreated:Post"
            )
            self._waiting.put(json.dumps(event_of(self._bucket, key, name)))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._waiting.put("")

    def drain(self) -> bool:
        """Wait until everything that came has been told. False when a handler failed."""
        self._waiting.join()
        return not self.failed

    def _run(self) -> None:
        while event := self._waiting.get():
            for try_ in (1, 2, 3):  # as Lambda tries an event that nobody waits for
                try:
                    self._handler(json.loads(event))
                    break
                except Exception:  # noqa: BLE001 — a handler that fails is tried again, and counted
                    self.failed += try_ == 3  # noqa: PLR2004
            self.told += 1
            self._waiting.task_done()
        self._waiting.task_done()


def event_of(bucket: str, key: str, name: str) -> dict[str, Any]:
    """Return the event that S3 sends (tests/events/s3-object-created.json)."""
    facts = {"bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"}, "object": {"key": re.sub(" ", "+", quote(key))}}
    return {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": REGION, "eventName": name, "s3": facts}]}
