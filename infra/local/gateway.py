"""API Gateway in front of the app: an HTTP request becomes a REST proxy event, the app's answer an HTTP response.

As API Gateway does it: a trailing slash finds the same resource, path parameters arrive decoded, no resource or method is
an answer of the gateway itself, binary bodies travel as base64, 10 MB is the limit. Requests under /_local go elsewhere.
"""

import base64
import logging
import socket
import sys
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from chalice.local import LambdaContext

from chalicelib.core.clock import Clock
from chalicelib.web.routes import allowed
from infra.gateway import answers
from infra.local.cloud import ACCOUNT
from infra.local.http import LocalRequest, LocalResponse

BODY_LIMIT = 10 * 1024 * 1024
BUCKET_LIMIT = 20 * 1024 * 1024  # the bucket's own answer to what is too large should be seen, too
LOCAL = "/_local"
_TIMEOUT_MS = 29_000
_PATIENCE_S = 5.0  # that a server which stops waits for the answers it owes
_logger = logging.getLogger("mijn_politie.local")


class _PerThread:
    """Chalice keeps the request on the app object: one Lambda serves one request at a time, this server does not."""

    _own = threading.local()

    @property
    def current_request(self) -> Any:
        return getattr(self._own, "request", None)

    @current_request.setter
    def current_request(self, value: Any) -> None:
        self._own.request = value

    @property
    def lambda_context(self) -> Any:
        return getattr(self._own, "context", None)

    @lambda_context.setter
    def lambda_context(self, value: Any) -> None:
        self._own.context = value


def per_thread(app: Any) -> Any:
    """Make `app` usable from many threads, in place."""
    if not isinstance(app, _PerThread):
        app.__dict__.pop("current_request", None)
        app.__dict__.pop("lambda_context", None)
        app.__class__ = type(app.__class__.__name__, (_PerThread, app.__class__), {})
    return app


@dataclass(frozen=True, slots=True)
class Incoming:
    """One HTTP request. `headers` keeps order, case and repetition."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source_ip: str

    @property
    def accept(self) -> str:
        """The media types that the sender wants to read, empty when it does not say."""
        return next((value for name, value in self.headers if name.lower() == "accept"), "")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One HTTP response."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Gateway:
    """Answers requests with the app, or with the gateway's own responses."""

    def __init__(self, app: Any, clock: Clock, local: Callable[[LocalRequest], LocalResponse]) -> None:
        self._app, self._clock, self._local = per_thread(app), clock, local

    def answer(self, incoming: Incoming) -> Outgoing:
        try:
            return self._answer(incoming)
        except Exception:
            _logger.exception("no answer")
            return refusal(502, incoming.accept)

    def _answer(self, incoming: Incoming) -> Outgoing:
        path = urlsplit(incoming.target).path
        if path == LOCAL or path.startswith(LOCAL + "/"):
            return _outgoing(self._local(_local_request(incoming, path)))
        found = match(path, incoming.method, self._app.routes)
        if found is None:
            return _unrouted(path, incoming, self._app.routes)
        event = proxy_event(incoming, *found, binary_types=self._app.api.binary_types, at=self._clock.now())
        return _from_lambda(self._app(event, LambdaContext("api_handler", 1769, _TIMEOUT_MS)))


def refusal(status: int, accept: str) -> Outgoing:
    """Return what the gateway itself says (infra/gateway): a page to a browser, problem+json to a program."""
    kind = answers.wanted(accept)
    content_type = f"{kind}; charset=utf-8" if kind == answers.HTML else kind
    return Outgoing(status, (("Content-Type", content_type), *answers.HEADERS.items()), answers.body(status, kind).encode())


def _unrouted(path: str, incoming: Incoming, routes: Mapping[str, Mapping[str, Any]]) -> Outgoing:
    """Refuse an address that no route has, or a method that API Gateway does not know (TRACE) with those that there are."""
    found = resource_of(path, routes)
    if found is None:
        return refusal(404, incoming.accept)
    refused = refusal(405, incoming.accept)
    return replace(refused, headers=(*refused.headers, ("Allow", ", ".join(allowed(routes[found[0]])))))


def match(path: str, method: str, routes: Mapping[str, Mapping[str, Any]]) -> tuple[str, dict[str, str]] | None:
    """Return the resource for a path that has the method, and its decoded parameters."""
    found = resource_of(path, routes)
    return found if found and method in routes[found[0]] else None


def resource_of(path: str, routes: Iterable[str]) -> tuple[str, dict[str, str]] | None:
    """Return the resource for a path and its decoded parameters; a literal part goes before a parameter."""
    parts = (path.rstrip("/") or "/").split("/")
    found = [(resource, values) for resource in routes if (values := _values(resource.split("/"), parts)) is not None]
    return min(found, key=lambda each: [part.startswith("{") for part in each[0].split("/")], default=None)


def _values(resource: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(resource) != len(parts):
        return None
    values = {}
    for name, part in zip(resource, parts, strict=True):
        if name.startswith("{"):
            values[name[1:-1]] = unquote(part)
        elif name != unquote(part):
            return None
    return values if all(values.values()) else None


def proxy_event(
    incoming: Incoming, resource: str, parameters: Mapping[str, str], *, binary_types: list[str], at: datetime
) -> dict[str, Any]:
    """Return the event of a REST API's Lambda proxy integration (tests/events/apigateway-rest-proxy-v1-get.json)."""
    split = urlsplit(incoming.target)
    headers: dict[str, list[str]] = {}
    for name, value in incoming.headers:
        headers.setdefault(name, []).append(value)
    query = parse_qs(split.query, keep_blank_values=True)
    is_binary = _media_type(headers) in binary_types
    body = base64.b64encode(incoming.body).decode() if is_binary else incoming.body.decode("utf-8", "replace")
    return {
        "resource": resource,
        "path": split.path,
        "httpMethod": incoming.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(parameters) or None,
        "stageVariables": None,
        "requestContext": _context(incoming, resource, split.path, at),
        "body": body if incoming.body else None,
        "isBase64Encoded": is_binary and bool(incoming.body),
    }


def _context(incoming: Incoming, resource: str, path: str, at: datetime) -> dict[str, Any]:
    given = {name.lower(): value for name, value in incoming.headers}
    return {
        "accountId": ACCOUNT,
        "apiId": "local",
        "domainName": given.get("host", ""),
        "extendedRequestId": uuid.uuid4().hex,
        "httpMethod": incoming.method,
        "identity": {"sourceIp": incoming.source_ip, "userAgent": given.get("user-agent")},
        "path": path,
        "protocol": "HTTP/1.1",
        "requestId": str(uuid.uuid4()),
        "requestTime": at.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(at.timestamp() * 1000),
        "resourceId": "local",
        "resourcePath": resource,
        "stage": "local",
    }


def _media_type(headers: Mapping[str, list[str]]) -> str:
    given = {name.lower(): values[-1] for name, values in headers.items()}
    return given.get("content-type", "").partition(";")[0].strip().lower()


def _from_lambda(response: Mapping[str, Any]) -> Outgoing:
    headers = list((response.get("headers") or {}).items())
    for name, values in (response.get("multiValueHeaders") or {}).items():
        headers += [(name, value) for value in values]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    body = response.get("body") or ""
    raw = base64.b64decode(body) if response.get("isBase64Encoded") else body.encode()
    return Outgoing(int(response["statusCode"]), tuple((name, str(value)) for name, value in headers), raw)


def _local_request(incoming: Incoming, path: str) -> LocalRequest:
    query = parse_qs(urlsplit(incoming.target).query, keep_blank_values=True)
    headers = {name.lower(): value for name, value in incoming.headers}
    return LocalRequest(incoming.method, path, query, headers, incoming.body)


def _outgoing(response: LocalResponse) -> Outgoing:
    return Outgoing(response.status, tuple(response.headers.items()), response.body)


class _Connection(BaseHTTPRequestHandler):
    """One connection, kept open between requests. A response is one write: two would wait 40 ms for each other's packets."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60
    server: "Server"

    def _serve(self) -> None:
        with self.server.busy(self.connection):
            self._serve_one()
        self.close_connection = self.close_connection or self.server.is_stopping

    def _serve_one(self) -> None:
        refused = self._refusal()
        if refused:
            self.close_connection = True  # its body was not read
            self._write(refusal(refused, self.headers.get("Accept", "")))
            return
        length = int(self.headers.get("Content-Length", "0"))
        headers, body = tuple(self.headers.items()), self.rfile.read(length)
        if len(body) < length:  # half a request is none, and nobody waits for its answer
            self.close_connection = True
            return
        incoming = Incoming(self.command, self.path, headers, body, str(self.client_address[0]))
        self._write(self.server.gateway.answer(incoming))

    def __getattr__(self, name: str) -> Any:
        """http.server looks for `do_` and the method: whatever that is, the gateway answers."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _refusal(self) -> int:
        """Return the status for a request whose body cannot be taken in, else 0."""
        length = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding"):
            return 411
        if not length.isascii() or not length.isdigit() or not self.path.startswith("/"):
            return 400
        most = BUCKET_LIMIT if self.path.startswith(LOCAL + "/s3") else BODY_LIMIT
        return 413 if int(length) > most else 0

    def _write(self, outgoing: Outgoing) -> None:
        self.send_response(outgoing.status)
        for name, value in outgoing.headers:
            self.send_header(name, value.replace("\r", " ").replace("\n", " "))
        if outgoing.status >= HTTPStatus.OK and outgoing.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            self.send_header("Content-Length", str(len(outgoing.body)))
        if self.close_connection or self.server.is_stopping:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(outgoing.body)

    def version_string(self) -> str:
        return "mijn-politie-local"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name in http.server
        """Write no access log: paths hold references."""


class Server(ThreadingHTTPServer):
    """The listening socket; `gateway` is set before the first request is served."""

    daemon_threads = True
    request_queue_size = 128
    gateway: Gateway

    def __init__(self, port: int) -> None:
        self.is_stopping = False
        self._open: set[socket.socket] = set()
        self._busy: set[socket.socket] = set()
        self._changed = threading.Condition()
        super().__init__(("127.0.0.1", port), _Connection)

    def stop(self) -> None:
        """Take no more connections, and wait until what was asked is answered: at most five seconds, then nobody is answered."""
        self.shutdown()
        self.server_close()
        with self._changed:
            self.is_stopping = True
            _shut(self._open - self._busy, socket.SHUT_RD)
            self._changed.wait_for(lambda: not self._open, _PATIENCE_S)
            _shut(self._open, socket.SHUT_RDWR)

    @contextmanager
    def busy(self, connection: socket.socket) -> Iterator[None]:
        """Hold a connection open meanwhile, also when the server stops."""
        with self._changed:
            self._busy.add(connection)
        try:
            yield
        finally:
            with self._changed:
                self._busy.discard(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):  # a browser that goes away is not news
            super().handle_error(request, client_address)


def _shut(connections: Iterable[socket.socket], how: int) -> None:
    for connection in connections:
        with suppress(OSError):  # whoever called is gone already
            connection.shutdown(how)
