"""The OpenAPI 3.1 document, made from what the routes declare: the models that describe are the models that validate.

It follows the NL API Design Rules 2.2 as their linter reads them (tests/app/test_design_rules.py), and generators of clients
as they are (tests/clients): ADR-0039.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from pydantic.json_schema import models_json_schema

from chalicelib.core.language import DEFAULT_LANGUAGE, LANGUAGES
from chalicelib.core.settings import Settings
from chalicelib.people.permissions import LookReason
from chalicelib.web.access import Who
from chalicelib.web.headers import API_VERSION
from chalicelib.web.messages import STATUS
from chalicelib.web.operation import ROOT, Operation

Schema = dict[str, Any]
_SCHEMA = "#/components/schemas/{model}"
_RETRIED_LATER = (429, 503)
_REFERENCE = {"type": "string", "pattern": "^[3479CDFGHJKMNPRTVWX]{4}(-[3479CDFGHJKMNPRTVWX]{4}){2}$"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A group of operations. `begins` are the first parts of their addresses."""

    name: str
    description: str
    begins: tuple[str, ...]


TAGS = (
    Tag(
        "Reports",
        "For reporters: file, list and read one's own reports, answer the police, add to a report.",
        ("kinds", "reports"),
    ),
    Tag("Survey", "The questionnaire after a report, and what it showed.", ("survey", "survey-answers", "survey-results")),
    Tag("Desk", "For officers: the worklist, a report, its status, a question to its reporter.", ("desk",)),
    Tag("Description", "This description.", ("openapi.json",)),
)

_TOLD = """Report a crime online, be told of changes, read what they are. Not an API of the Dutch police.

**Errors** are `application/problem+json` (RFC 9457). A 400 names every bad field at once in `errors`: which `field`, a `code` \
for programs, and a sentence that may be shown to the user. A 409 or 410 has a `code` of its own.

**Languages.** Sentences come in the language that `Accept-Language` likes best of {languages}, else in {default}; \
`Content-Language` says which it is. Codes never change with the language.

**Twice.** Every POST takes an `Idempotency-Key`: sent again with the same key and the same body, it is carried out once and \
answered as the first time. So a call whose answer was lost can simply be sent again. The same key with another body is a 409.

**Reading is generous.** Text is taken as people type it (`06-12 34 56 78`, `nl91 abna …`) and kept in one form, which is what \
this description says and what an answer shows. Fields that are not described are refused, and so is another type of JSON.
"""
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A key of your own choice: the same request with the same key is carried out once",
    "schema": {"type": "string", "pattern": "^[ -~]*$", "maxLength": 200},
    "example": "2f1c6a52-7f5b-4a53-9a57-3d1f6f0c9f6e",
}
_LOOK_REASON = {
    "name": "Look-Reason",
    "in": "header",
    "required": False,
    "description": "Why you look or act: it goes on record with it, and it must go with your role. Whoever looks must say it",
    "schema": {"type": "string", "enum": [reason.value for reason in LookReason]},
    "example": LookReason.HANDLING.value,
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457: what is wrong and what to do",
    "properties": {
        "type": {"type": "string", "description": "always `about:blank`: the status and the code say which problem it is"},
        "title": {"type": "string", "description": "what is wrong, for people"},
        "status": {"type": "integer", "description": "the HTTP status once more"},
        "detail": {"type": "string", "description": "what to do, for people"},
        "code": {"type": "string", "description": "names the conflict, for programs"},
        "errors": {
            "type": "array",
            "description": "every bad field at once",
            "items": {"$ref": _SCHEMA.format(model="FieldProblem")},
        },
    },
    "required": ["type", "title", "status", "detail"],
}
_FIELD_PROBLEM = {
    "type": "object",
    "description": "One thing that is wrong with one field",
    "properties": {
        "field": {"type": "string", "description": "its path, such as `goods.0.value`; empty for the body as a whole"},
        "code": {"type": "string", "description": "what is wrong, for programs"},
        "detail": {"type": "string", "description": "what is wrong and what to do, for people"},
    },
    "required": ["field", "code", "detail"],
}
_HEADERS: Mapping[str, Schema] = {
    "API-Version": {"description": "The version of this API that answered", "schema": {"type": "string"}, "example": API_VERSION},
    "Content-Language": {
        "description": "The language of the sentences in the answer",
        "schema": {"type": "string", "enum": [str(language) for language in LANGUAGES]},
    },
    "Link": {"description": "The address that goes on where this answer ends: `rel=next`", "schema": {"type": "string"}},
    "Location": {"description": "The address of what was made", "schema": {"type": "string", "format": "uri-reference"}},
    "Next-Cursor": {"description": "The `cursor` of the next call", "schema": {"type": "string"}, "example": "12-37"},
    "Retry-After": {"description": "Seconds to wait before the next try", "schema": {"type": "integer", "minimum": 1}},
    "WWW-Authenticate": {
        "description": 'RFC 6750: `Bearer` for a call without token, `Bearer error="invalid_token"` for a token that is no good',
        "schema": {"type": "string"},
    },
}
_ALWAYS = ("API-Version", "Content-Language")


def document(operations: Iterable[Operation], server: str, settings: Settings) -> Schema:
    """Return the document for the API's operations. `server` is the portal's address."""
    declared = [operation for operation in operations if operation.is_api]
    paths: Schema = {}
    for operation in declared:
        paths.setdefault(operation.path.removeprefix(ROOT), {})[operation.method.lower()] = _operation(operation)
    used = {tag for methods in paths.values() for one in methods.values() for tag in one["tags"]}
    return {
        "openapi": "3.1.0",
        "info": _info(server, settings),
        "servers": [{"url": server + ROOT}],
        "tags": [{"name": tag.name, "description": tag.description} for tag in TAGS if tag.name in used],
        "paths": paths,
        "components": {
            "schemas": _schemas(declared),
            "examples": _examples(declared),
            "responses": {_refused(status): _refusal(status) for status in sorted(_statuses(declared))},
            "headers": dict(_HEADERS),
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


def _info(server: str, settings: Settings) -> Schema:
    languages = " and ".join(f"`{language}`" for language in LANGUAGES)
    _, address = parseaddr(settings.api_contact or settings.mail_from)
    return {
        "title": "Mijn Politie",
        "version": API_VERSION,
        "description": _TOLD.format(languages=languages, default=f"`{DEFAULT_LANGUAGE}`"),
        "contact": {"name": "Mijn Politie, open source", "url": f"{server}/help", "email": address},
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    }


def _schemas(declared: Iterable[Operation]) -> Schema:
    queries = {one.query for one in declared if one.query is not None}
    models = queries | {model for one in declared for model in (one.body, one.answer) if model is not None}
    _, made = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template=_SCHEMA,
    )
    hidden = {one.__name__ for one in queries}
    fields = {name: _may_be_left_out(schema) for name, schema in made.get("$defs", {}).items() if name not in hidden}
    told = {name: schema for one in declared if one.body is not None for name, schema in one.body.schemas().items()}
    return {**fields, **told, "Problem": _PROBLEM, "FieldProblem": _FIELD_PROBLEM}


def _may_be_left_out(schema: Schema) -> Schema:
    """Return a schema without defaults: generators make a field that has one a field that must be sent."""
    properties = {name: {k: v for k, v in part.items() if k != "default"} for name, part in schema.get("properties", {}).items()}
    return schema | ({"properties": properties} if properties else {})


def _examples(declared: Iterable[Operation]) -> Schema:
    """Whole bodies of which there are several. They stand apart: the linter takes a `postcode` in a path for a POST."""
    bodies = (one.body.examples() for one in declared if one.body is not None)
    return {name: {"value": value} for examples in bodies if len(examples) > 1 for name, value in examples.items()}


def _operation(operation: Operation) -> Schema:
    refused = {str(status): {"$ref": f"#/components/responses/{_refused(status)}"} for status in _refusals(operation)}
    content: Schema = {
        "tags": [tag.name for tag in TAGS if operation.path.removeprefix(ROOT).split("/")[1] in tag.begins],
        "summary": operation.summary,
        "description": operation.description,
        "operationId": _identifier(operation),
        "parameters": [*_path_parameters(operation), *_query_parameters(operation), *_headers(operation)],
        "responses": {str(operation.status): _answer(operation), **refused},
        "security": [{operation.access.who.value: []}] if operation.access.who is not Who.ANYONE else [],
    }
    if operation.body is not None:
        content["requestBody"] = {"required": True, "content": {"application/json": _body(operation.body)}}
    return content


def _body(model: Any) -> Schema:
    examples = model.examples()
    schema = {"schema": {"$ref": _SCHEMA.format(model=model.__name__)}}
    return schema if len(examples) > 1 else schema | {"examples": {name: {"value": one} for name, one in examples.items()}}


def _identifier(operation: Operation) -> str:
    path = operation.path.removeprefix(f"{ROOT}/")
    return "_".join((operation.method.lower(), *path.translate(_TO_WORDS).replace("{", "").replace("}", "").split("/")))


_TO_WORDS = str.maketrans("-.", "__")


def _path_parameters(operation: Operation) -> list[Schema]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, **_IN_PATHS[name]} for name in names]


_IN_PATHS: Mapping[str, Schema] = {  # what stands in an address, by its name there
    "reference": {
        "description": "The number of the report, as its reporter and the police read it",
        "schema": _REFERENCE,
        "example": "K7MD-PR3W-9XCV",
    },
    "clue": {
        "description": "What the reports share, as the links of the report have it",
        "schema": {"type": "string", "pattern": "^V[0-9]+-[A-F0-9]{16}$"},
        "example": "V1-3F0A9B5C7D1E2F48",
    },
    "batch": {
        "description": "The number of the list of reports, as the answer has it that made it",
        "schema": {"type": "string", "pattern": "^B(-[A-Z0-9]{4}){3}$"},
        "example": "B-K7MD-PR3W-9XCV",
    },
    "text": {
        "description": "The id of a standard text",
        "schema": {"type": "string", "pattern": "^(STD-[0-9]{3}|TXT(-[A-Z0-9]{4}){2})$"},
        "example": "TXT-K7MD-PR3W",
    },
    "case": {
        "description": "The id of a joint case, as its reports have it",
        "schema": {"type": "string", "pattern": "^C(-[A-Z0-9]{5}){2}$"},
        "example": "C-K7MDP-R3W9X",
    },
    "team": {
        "description": "The id of a team, as the list of teams has it",
        "schema": {"type": "string", "pattern": "^T(-[A-Z0-9]{5}){2}$"},
        "example": "T-K7MDP-R3W9X",
    },
    "rule": {
        "description": "The id of a routing rule, as the list of rules has it",
        "schema": {"type": "string", "pattern": "^R(-[A-Z0-9]{5}){2}$"},
        "example": "R-K7MDP-R3W9X",
    },
}


def _query_parameters(operation: Operation) -> list[Schema]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema(ref_template=_SCHEMA)
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", []),
            "description": part.pop("description"),
            **({"deprecated": True} if part.pop("deprecated", False) else {}),
            "schema": {fact: value for fact, value in part.items() if value is not None},
        }
        for name, part in schema["properties"].items()
    ]


def _headers(operation: Operation) -> list[Schema]:
    if operation.header:
        schema = {"type": "string", "minLength": 1, "maxLength": 60}
        told = "The code from the invitation; in a header, because nothing that opens something may stand in an address"
        return [{"name": operation.header, "in": "header", "required": True, "description": told, "schema": schema}]
    return [*([_IDEMPOTENCY_KEY] if operation.method == "POST" else []), *([_LOOK_REASON] if operation.reasoned else [])]


def _answer(operation: Operation) -> Schema:
    schema: Schema = {"$ref": _SCHEMA.format(model=operation.answer.__name__)} if operation.answer else {"type": "object"}
    if operation.is_list:
        schema = {"type": "array", "items": schema}
    made = ("Location",) if operation.locates else ()
    return {
        "description": operation.summary,
        "headers": _named(*_ALWAYS, *made, *operation.tells),
        "content": {operation.media: {"schema": schema}},
    }


def _statuses(declared: Iterable[Operation]) -> set[int]:
    return {status for operation in declared for status in _refusals(operation)}


def _refusals(operation: Operation) -> list[int]:
    statuses = [400, 406, 500, 503]
    if operation.access.who is not Who.ANYONE:
        statuses += [401, 403]
    if "{" in operation.path or operation.header or operation.body is not None:
        statuses += [404, 410]
    if operation.body is not None:
        statuses += [409, 413, 415]
    if operation.tells:
        statuses.append(410)  # a cursor of what was forgotten
    if operation.limited:
        statuses.append(429)
    return sorted(set(statuses))


def _refused(status: int) -> str:
    return f"Refused{status}"


def _refusal(status: int) -> Schema:
    named = ("Retry-After",) if status in _RETRIED_LATER else ("WWW-Authenticate",) if status == 401 else ()  # noqa: PLR2004
    problem = {"application/problem+json": {"schema": {"$ref": _SCHEMA.format(model="Problem")}}}
    return {"description": STATUS[status][0], "headers": _named(*_ALWAYS, *named), "content": problem}


def _named(*headers: str) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
