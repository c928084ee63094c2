"""The OpenAPI 3.1 document, made from what the routes declare: the models that describe are the models that validate."""

from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import models_json_schema

from chalicelib.web.access import Who
from chalicelib.web.headers import API_VERSION
from chalicelib.web.messages import STATUS
from chalicelib.web.operation import Operation

_REFERENCE = "#/components/schemas/{model}"
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457: what is wrong and what to do",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "names the conflict, for programs"},
        "errors": {
            "type": "array",
            "description": "every bad field at once",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
                "required": ["field", "code", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}


def document(operations: Iterable[Operation], server: str) -> dict[str, Any]:
    """Return the document for the API's operations. `server` is the portal's address."""
    declared = [operation for operation in operations if operation.is_api]
    models = {model for one in declared for model in (one.body, one.answer) if model is not None}
    _, schemas = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template=_REFERENCE,
    )
    paths: dict[str, Any] = {}
    for operation in declared:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mijn Politie",
            "version": API_VERSION,
            "description": "Report a crime online, be told of changes, read what they are. Not an API of the Dutch police.",
            "contact": {"name": "Mijn Politie, open source", "url": f"{server}/help"},
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": {**schemas.get("$defs", {}), "Problem": _PROBLEM},
            "securitySchemes": {
                "citizen": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "RFC 9068, encrypted, issued by the DigiD broker",
                },
                "officer": {"type": "http", "scheme": "bearer", "bearerFormat": "RFC 9068, issued by the staff login"},
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": _identifier(operation),
        "parameters": [*_path_parameters(operation), *_query_parameters(operation), *_headers(operation)],
        "responses": {str(operation.status): _answer(operation), **_refusals(operation)},
        "security": [{operation.access.who.value: []}] if operation.access.who is not Who.ANYONE else [],
    }
    if operation.body is not None:
        content["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": _REFERENCE.format(model=operation.body.__name__)},
                    "examples": {name: {"value": value} for name, value in operation.body.examples().items()},
                }
            },
        }
    return content


def _identifier(operation: Operation) -> str:
    words = operation.path.removeprefix("/v1/").replace("{", "").replace("}", "").replace("-", "_").replace(".", "_").split("/")
    return "_".join((operation.method.lower(), *words))


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": "K7MD-PR3W-9XCV"}
        for name in names
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema(ref_template=_REFERENCE)
    definitions = schema.get("$defs", {})
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": _inlined(part, definitions)}
        for name, part in schema["properties"].items()
    ]


def _inlined(part: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = part.get("$ref")
    if not reference:
        return part
    rest = {name: value for name, value in part.items() if name != "$ref"}
    return {**definitions[reference.rpartition("/")[2]], **rest}


def _headers(operation: Operation) -> list[dict[str, Any]]:
    if operation.header:
        return [{"name": operation.header, "in": "header", "required": True, "schema": {"type": "string"}}]
    if operation.method != "POST":
        return []
    description = "A key of your own choice: the same request with the same key is carried out once"
    schema = {"type": "string", "maxLength": 200}
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "description": description, "schema": schema}]


def _answer(operation: Operation) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model=operation.answer.__name__)} if operation.answer else {"type": "object"}
    headers = {"API-Version": {"schema": {"type": "string"}}}
    return {"description": operation.summary, "headers": headers, "content": {"application/json": {"schema": schema}}}


def _refusals(operation: Operation) -> dict[str, Any]:
    statuses = [400, 406, 500, 503]
    if operation.access.who is not Who.ANYONE:
        statuses += [401, 403]
    if "{" in operation.path or operation.header or operation.body is not None:
        statuses += [404, 410]
    if operation.body is not None:
        statuses += [409, 413, 415]
    if operation.limited:
        statuses.append(429)
    problem = {"application/problem+json": {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
    return {str(status): {"description": STATUS[status][0], "content": problem} for status in sorted(statuses)}
