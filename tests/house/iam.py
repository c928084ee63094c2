"""The facts that IAM knows of an action: on which kinds of resources, and under which conditions (data/README.md)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

KNOWN: Mapping[str, Any] = json.loads((Path(__file__).parent / "data" / "iam_actions.json").read_text())
NOT_LISTED = ("apigateway",)  # data/README.md
OF_CALLERS = {"lambda:sourcefunctionarn"}  # known wherever a function calls, as the keys of aws: are


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def mistakes(statement: Mapping[str, Any]) -> Iterator[str]:
    """Yield what IAM would not understand of a statement: it would allow nothing there, and say nothing."""
    patterns = [written(each) for each in listed(statement["Resource"])]
    for action in listed(statement["Action"]):
        service, _, name = action.partition(":")
        if service in NOT_LISTED:
            continue
        if name not in KNOWN[service]["actions"]:
            yield f"{action} is no action"
            continue
        kinds, keys = KNOWN[service]["actions"][name]
        resources = KNOWN[service]["resources"]
        if not kinds and patterns != ["*"]:
            yield f"{action} knows no resource: it is allowed on `*` or not at all"
        if kinds and not any(names(pattern, written(resources[kind][0])) for pattern in patterns for kind in kinds):
            yield f"{action} is of {', '.join(kinds)}, and none of these is named"
        known = {_plain(key) for key in (*keys, *(key for kind in kinds for key in resources[kind][1]))}
        yield from (f"{action} does not know the condition {key}" for key in _keys(statement) if _plain(key) not in known)


def _keys(statement: Mapping[str, Any]) -> Iterator[str]:
    for tests in statement.get("Condition", {}).values():
        yield from (key for key in tests if not key.startswith("aws:") and key.lower() not in OF_CALLERS)


def _plain(key: str) -> str:
    return key.partition("$")[0].lower()


def written(resource: Any) -> str:
    """Return a resource as a pattern: whatever is filled in later is a `*`."""
    text = resource["Fn::Sub"] if isinstance(resource, dict) and isinstance(resource.get("Fn::Sub"), str) else resource
    if not isinstance(text, str):
        return "*"  # the ARN of something else in the template
    parts = text.split("${")
    return parts[0] + "".join("*" + part.partition("}")[2] for part in parts[1:])


def names(pattern: str, kind: str) -> bool:
    """True when a pattern of ours can name a resource of a kind: part by part, as a `*` of ours stands within one."""
    ours, theirs = pattern.split(":", 5), kind.split(":", 5)
    if not pattern.startswith("arn:"):
        return meets(pattern, kind)  # it begins with the ARN of something else
    return all(meets(one, other) for one, other in zip(ours, theirs, strict=False))


@cache
def meets(one: str, other: str) -> bool:
    """True when there is a text that both patterns fit."""
    if not one or not other:
        return not (one + other).strip("*")
    if one[0] == "*":
        return meets(one[1:], other) or meets(one, other[1:])
    if other[0] == "*":
        return meets(other, one)
    return (one[0] == other[0] or "?" in (one[0], other[0])) and meets(one[1:], other[1:])


# Whether a policy lets something through, as far as our own policies go


def allows(statements: Iterable[Mapping[str, Any]], action: str, resource: str, **context: str) -> bool:
    """True when a policy allows an action on a resource and none denies it; keys of conditions are written with `__` for `:`."""
    keys = {name.replace("__", ":").lower(): value for name, value in context.items()}
    matching = [each for each in statements if _matches(each, action, resource, keys)]
    return bool(matching) and all(each["Effect"] == "Allow" for each in matching)


def _matches(statement: Mapping[str, Any], action: str, resource: str, keys: Mapping[str, str]) -> bool:
    return (
        any(fnmatchcase(action.lower(), each.lower()) for each in listed(statement["Action"]))
        and any(fnmatchcase(resource, each) for each in listed(statement["Resource"]))
        and all(
            name.lower() in keys
            and any(fnmatchcase(keys[name.lower()], str(each).lower() if operator == "Bool" else each) for each in listed(wanted))
            for operator, tests in statement.get("Condition", {}).items()
            for name, wanted in tests.items()
        )
    )


def filled(value: Any, names: Mapping[str, str]) -> Any:
    """Return a part of a template with its names and pseudo parameters filled in; the ARN of another role by its name."""
    if isinstance(value, list):
        return [filled(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::Sub"}:
        text = value["Fn::Sub"]
        for name, one in names.items():
            text = text.replace("${" + name + "}", one)
        return text
    if set(value) == {"Ref"}:
        return names.get(value["Ref"], value["Ref"])
    if set(value) == {"Fn::GetAtt"}:
        return value["Fn::GetAtt"]
    return {key: filled(each, names) for key, each in value.items()}
