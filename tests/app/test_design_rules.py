"""The NL API Design Rules 2.2, as the linter of the standard reads a description: each rule, and a description that breaks it.

Source: the linter's rules as published with the standard (Logius, API Design Rules, `media/linter.yaml`), written anew here;
the linter itself is a program of Node.js. It takes any name below a path for a method in which `get`, `post`, `put` … stands.
"""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.description import document

Rule = Callable[[dict[str, Any]], Iterator[str]]
SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
KEBAB = re.compile(r"(/([a-z0-9.-]+|{[^}]+}))+")
CAMEL = re.compile(r"[a-z][a-z\d]*([A-Z][a-z\d]*)*")
PASCAL = re.compile(r"([A-Z][a-z\d]*)+")


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def responses(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, method, operation in operations(described):
        for status, response in operation["responses"].items():
            yield f"{method} {path} {status}", status, followed(response, described)


def followed(part: Any, described: dict[str, Any]) -> Any:
    """Return the part to which a reference leads; the part itself when it is none."""
    while isinstance(part, dict) and "$ref" in part:
        found: Any = described
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def below(part: Any, described: dict[str, Any], seen: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every name below a part with what stands under it, through references."""
    if isinstance(part, dict) and "$ref" in part:
        if part["$ref"] not in seen:
            yield from below(followed(part, described), described, (*seen, part["$ref"]))
    elif isinstance(part, dict):
        for name, inner in part.items():
            yield name, followed(inner, described)
            yield from below(inner, described, seen)
    elif isinstance(part, list):
        for inner in part:
            yield from below(inner, described, seen)


def properties(described: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, part in below(described["components"]["schemas"], described):
        if name == "properties":
            yield from part.items()


def openapi_3(described):
    if not re.fullmatch(r"3(\.\d+){1,2}", described["openapi"]):
        yield described["openapi"]


def a_contact_has_name_address_and_mail(described):
    yield from {"email", "name", "url"} - described["info"]["contact"].keys()


def a_version_of_three_parts(described):
    if not SEMVER.fullmatch(described["info"]["version"]):
        yield described["info"]["version"]


def the_server_names_the_major_version(described):
    major = described["info"]["version"].partition(".")[0]
    yield from (server["url"] for server in described["servers"] if not server["url"].endswith(f"/v{major}"))
    yield from (path for path in described["paths"] if path.startswith("/v"))


def servers_use_tls(described):
    yield from (server["url"] for server in described["servers"] if not server["url"].startswith("https://"))


def no_slash_at_the_end(described):
    yield from (path for path in described["paths"] if path.endswith("/"))


def paths_in_kebab_case(described):
    yield from (path for path in described["paths"] if not KEBAB.fullmatch(path))


def query_keys_in_camel_case(described):
    for path, _, operation in operations(described):
        keys = [one["name"] for one in operation["parameters"] if one["in"] == "query"]
        yield from (f"{path}?{key}" for key in keys if not CAMEL.fullmatch(key))


def schemas_in_pascal_case(described):
    yield from (name for name in described["components"]["schemas"] if not PASCAL.fullmatch(name))


def properties_in_camel_case(described):
    yield from (name for name, _ in properties(described) if not CAMEL.fullmatch(name))


def standard_methods(described):
    yield from (method for _, method, _ in operations(described) if method not in {"post", "put", "get", "delete", "patch"})


def every_success_names_the_version(described):
    yield from (where for where, status, one in responses(described) if status < "400" and "API-Version" not in one["headers"])


def every_refusal_is_a_problem(described):
    for where, status, response in responses(described):
        if status >= "400":
            content = response["content"].get("application/problem+json")
            members = followed(content["schema"], described)["properties"] if content else {}
            yield from (f"{where} {name}" for name in ("status", "title", "detail") if name not in members)


def invalid_input_can_be_refused(described):
    yield from (f"{method} {path}" for path, method, one in operations(described) if "400" not in one["responses"])


def nothing_below_a_path_is_taken_for_a_method(described):
    for name, part in below(described["paths"], described):
        if re.search(r"put|post|patch", name) and not isinstance(part, dict) and not name.startswith("/"):
            yield name


def dates_have_a_format(described):
    for name, part in properties(described):
        if re.search(r"(\w+D|_[dD])(ate|atum)", name) or name in {"date", "datum"}:
            yield from () if followed(part, described).get("format", "date") == "date" else (name,)


def moments_have_an_offset(described):
    yield from (name for name, part in below(described, described) if name == "format" and part in {"date-time-local", "time"})


def every_operation_is_named_once_and_told(described):
    names = [operation["operationId"] for _, _, operation in operations(described)]
    known = {tag["name"] for tag in described["tags"]}
    yield from (name for name in names if names.count(name) > 1)
    for path, method, operation in operations(described):
        told = operation["summary"] and operation["description"] and operation["tags"] and known.issuperset(operation["tags"])
        yield from () if told else (f"{method} {path}",)


def tags_are_named_once(described):
    names = [tag["name"] for tag in described["tags"]]
    yield from (name for name in names if names.count(name) > 1)


def every_parameter_of_a_path_is_described(described):
    for path, method, operation in operations(described):
        named = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
        yield from () if named == set(re.findall(r"{(\w+)}", path)) else (f"{method} {path}",)


BROKEN: dict[Rule, Callable[[dict[str, Any]], Any]] = {
    openapi_3: lambda one: one.update(openapi="2.0"),
    a_contact_has_name_address_and_mail: lambda one: one["info"]["contact"].pop("email"),
    a_version_of_three_parts: lambda one: one["info"].update(version="1.1"),
    the_server_names_the_major_version: lambda one: one.update(servers=[{"url": "https://portal.example"}]),
    servers_use_tls: lambda one: one.update(servers=[{"url": "http://portal.example/v1"}]),
    no_slash_at_the_end: lambda one: one["paths"].update({"/kinds/": {}}),
    paths_in_kebab_case: lambda one: one["paths"].update({"/surveyResults": {}}),
    query_keys_in_camel_case: lambda one: one["paths"]["/kinds"]["get"]["parameters"].append({"name": "group_by", "in": "query"}),
    schemas_in_pascal_case: lambda one: one["components"]["schemas"].update({"bicycle-theft": {}}),
    properties_in_camel_case: lambda one: one["components"]["schemas"].update({"Row": {"properties": {"bought_on": {}}}}),
    standard_methods: lambda one: one["paths"]["/kinds"].update(trace=one["paths"]["/kinds"]["get"]),
    every_success_names_the_version: lambda one: one["paths"]["/kinds"]["get"]["responses"]["200"]["headers"].pop("API-Version"),
    every_refusal_is_a_problem: lambda one: one["components"]["responses"]["Refused400"]["content"].clear(),
    invalid_input_can_be_refused: lambda one: one["paths"]["/reports"]["post"]["responses"].pop("400"),
    nothing_below_a_path_is_taken_for_a_method: lambda one: one["paths"]["/kinds"]["get"].update(example={"postcode": "9711LM"}),
    dates_have_a_format: lambda one: one["components"]["schemas"].update(
        {"Row": {"properties": {"theftDate": {"format": "date-time"}}}}
    ),
    moments_have_an_offset: lambda one: one["components"]["schemas"].update({"Row": {"format": "date-time-local"}}),
    every_operation_is_named_once_and_told: lambda one: one["paths"]["/kinds"]["get"].update(description=""),
    tags_are_named_once: lambda one: one["tags"].append(one["tags"][0]),
    every_parameter_of_a_path_is_described: lambda one: one["paths"]["/reports/{reference}"]["get"].update(parameters=[]),
}


@pytest.mark.parametrize("rule", BROKEN, ids=lambda rule: rule.__name__)
def test_the_description_follows_the_design_rules_of_the_dutch_government(rule):
    assert list(rule(document())) == []


@pytest.mark.parametrize("rule", BROKEN, ids=lambda rule: rule.__name__)
def test_a_description_that_breaks_a_rule_is_found(rule):
    broken = copy.deepcopy(document())
    BROKEN[rule](broken)

    assert list(rule(broken)) != []
