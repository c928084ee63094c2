"""The schema of every kind of report, made from the very questions that submission.py asks.

A kind, its answers, and what several kinds ask alike (choices, rows) each have a name: a generated client has one class for
each, and without names it does not even import. ADR-0039.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.forms.inputs import object_schema
from chalicelib.reports.crimes import CrimeKind
from chalicelib.web.schema import one_of, reference_to

Schema = dict[str, Any]
_OF_THE_FIELD = ("description", "examples")


def schemas_of(kinds: Sequence[CrimeKind], whole: str) -> dict[str, Schema]:
    """Return the schemas of reports of these kinds by name; `whole` is that of any of them, told apart by its `kind`."""
    asked = {kind.code: object_schema(kind.questions) for kind in kinds}
    shared = _shared(asked.values())
    schemas: dict[str, Schema] = {}
    for kind in kinds:
        parts = {name: _name_in(kind, name, shared) for name, _ in _parts(asked[kind.code])}
        schemas |= {parts[name]: part for name, part in _parts(asked[kind.code])}
        schemas |= {_answers_name(kind): _with_names(asked[kind.code], parts), report_name(kind): _report(kind)}
    names = {kind.code: report_name(kind) for kind in kinds}
    return {whole: one_of(names, "kind", "A report to file: `kind` says which of these it is."), **schemas}


def report_name(kind: CrimeKind) -> str:
    """Return the name of the schema of a report of a kind."""
    return f"{_pascal(kind.code)}Report"


def _answers_name(kind: CrimeKind) -> str:
    return f"{_pascal(kind.code)}Answers"


def _report(kind: CrimeKind) -> Schema:
    truth = "I tell the truth, and I know that a false report is a crime"
    return {
        "title": report_name(kind),
        "description": kind.name,
        "type": "object",
        "properties": {
            "kind": {"type": "string", "const": kind.code},
            "answers": reference_to(_answers_name(kind)),
            "truth": {"type": "boolean", "const": True, "description": truth},
        },
        "required": ["kind", "answers", "truth"],
        "additionalProperties": False,
    }


def _parts(answers: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield what gets a name of its own: the choices of a question, and what one item of a list is."""
    for name, schema in answers["properties"].items():
        if "enum" in schema:
            yield name, {key: value for key, value in schema.items() if key not in _OF_THE_FIELD}
        elif "items" in schema:
            yield name, schema["items"]


def _shared(asked: Iterable[Schema]) -> frozenset[str]:
    """Return the names of questions that are the same wherever they are asked."""
    seen: dict[str, list[Schema]] = {}
    for answers in asked:
        for name, part in _parts(answers):
            seen[name] = [*(one for one in seen.get(name, []) if one != part), part]
    return frozenset(name for name, parts in seen.items() if len(parts) == 1)


def _name_in(kind: CrimeKind, question: str, shared: frozenset[str]) -> str:
    own = question[0].upper() + question[1:]
    return f"Answer{own}" if question in shared else f"{_pascal(kind.code)}{own}"


def _with_names(answers: Schema, parts: Mapping[str, str]) -> Schema:
    """Return the schema of answers in which each part with a name is referred to."""
    return answers | {"properties": {name: _named(schema, parts.get(name)) for name, schema in answers["properties"].items()}}


def _named(schema: Schema, part: str | None) -> Schema:
    if part is None:
        return schema
    if "items" in schema:
        return schema | {"items": reference_to(part)}
    return {key: value for key, value in schema.items() if key in _OF_THE_FIELD} | reference_to(part)


def _pascal(code: str) -> str:
    return "".join(word.capitalize() for word in code.split("-"))
