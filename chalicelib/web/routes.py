"""Routes: a blueprint on which every route declares who may call it, and every view gets a Request and returns a Response.

Chalice's middleware never sees a view's exception, refuses forms by default and leaves path parameters encoded (docs/tools.md,
"Facts"); so this wraps `route` once, and nothing else in the portal touches Chalice's request or response.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalice import Blueprint, Chalice
from chalice import Response as ChaliceResponse

from chalicelib import wiring
from chalicelib.web import dispatch
from chalicelib.web.access import Access
from chalicelib.web.operation import Operation
from chalicelib.web.response import Response

View = Callable[..., Response]
_REFUSAL = "method_not_allowed"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")  # all that API Gateway knows


class Routes(Blueprint):  # type: ignore[misc]
    """A blueprint with declared access."""

    def api(self, method: str, path: str, *, access: Access, summary: str, **models: Any) -> Callable[[View], View]:
        """Declare a route of the API; `models` are the fields of Operation from `body` on."""
        return self._declare(Operation(method, path, access, summary, **models))

    def page(self, path: str, *, access: Access, method: str = "GET", files: bool = False) -> Callable[[View], View]:
        """Declare a page, or with POST the form on it, in which there may be files."""
        return self._declare(Operation(method, path, access, files=files))

    def _declare(self, operation: Operation) -> Callable[[View], View]:
        def declare(view: View) -> View:
            def handler(**parameters: str) -> ChaliceResponse:
                request = self.current_request
                return _to_chalice(dispatch.respond(operation, view, request, parameters, wiring.services()))

            handler.operation = operation  # type: ignore[attr-defined]
            methods = [operation.method, *(["HEAD"] if operation.method == "GET" else [])]
            self.route(operation.path, methods=methods, content_types=["*/*"], name=_name(operation))(handler)
            return view

        return declare


def declared(app: Chalice) -> list[Operation]:
    """Return the operations of an app, for OpenAPI and the house tests. A route that did not declare one raises."""
    entries = [entry for methods in app.routes.values() for method, entry in methods.items() if method != "HEAD"]
    views = [entry.view_function for entry in entries if entry.view_name != _REFUSAL]
    return [view.operation for view in views]


def refuse_other_methods(app: Chalice) -> None:
    """Answer 405 with Allow where a path exists and the method does not, and OPTIONS with Allow alone.

    API Gateway would answer 404 or 403 for a method that no route declares; so every path declares the rest.
    """
    for path, entries in list(app.routes.items()):
        others = [method for method in METHODS if method not in entries]

        def handler(allowed: tuple[str, ...] = allowed(entries), **_: str) -> ChaliceResponse:
            return _to_chalice(dispatch.not_allowed(allowed, app.current_request, wiring.services()))

        if others:
            app.route(path, methods=others, content_types=["*/*"], name=_REFUSAL)(handler)


def allowed(entries: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the methods that a path of the app has, for Allow."""
    return tuple(sorted({"OPTIONS", *(method for method, entry in entries.items() if entry.view_name != _REFUSAL)}))


def _name(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _to_chalice(answer: tuple[Response, dict[str, str]]) -> ChaliceResponse:
    response, headers = answer
    values: dict[str, Any] = dict(headers)
    if response.cookies:
        values["Set-Cookie"] = list(response.cookies)
    return ChaliceResponse(body=response.body, status_code=response.status, headers=values)
