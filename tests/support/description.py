"""The API's description, and what the tests look up in it."""

from functools import cache
from typing import Any

from chalicelib.web import openapi
from chalicelib.web.operation import ROOT, Operation
from chalicelib.web.routes import declared
from tests.support.settings import settings_of


@cache
def document() -> dict[str, Any]:
    """Return the description of the API, as a stage for tests gives it."""
    from app import app

    return openapi.document(declared(app), "https://portal.example", settings_of("test"))


def described(operation: Operation) -> dict[str, Any]:
    """Return what the description says of an operation."""
    return document()["paths"][operation.path.removeprefix(ROOT)][operation.method.lower()]


def example_for(operation: Operation) -> Any:
    """Return a valid body for an operation, the first that the description has; None when it takes none."""
    return next(iter(examples_for(operation)), None)


def examples_for(operation: Operation) -> list[Any]:
    """Return every valid body that the description has for an operation."""
    if operation.body is None:
        return []
    body = described(operation)["requestBody"]["content"]["application/json"]
    return [example["value"] for example in body.get("examples", document()["components"]["examples"]).values()]
