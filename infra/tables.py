"""The tables and buckets, read from template.yaml: what the local stage and the tests create is what CloudFormation creates."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).parent / "template.yaml"
ROOTS = Path(__file__).parent / "roots.yaml"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C loader is missing on some platforms
    """YAML with CloudFormation's short tags: `!Sub x` becomes `{"Fn::Sub": "x"}`, `!Ref x` becomes `{"Ref": "x"}`."""


def _tagged(loader: Any, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tagged)


@cache
def parsed(file: Path) -> dict[str, Any]:
    """Return a template of CloudFormation. Callers read it; nobody changes it."""
    loaded: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  # a SafeLoader with tags
    return loaded


def template() -> dict[str, Any]:
    """Return the template of the stack."""
    return parsed(TEMPLATE)


def outputs() -> dict[str, Any]:
    """Return the outputs of both stacks of a stage."""
    return {**parsed(ROOTS)["Outputs"], **template()["Outputs"]}


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Return the resources of one kind (`AWS::DynamoDB::Table`) in either of a stage's stacks, by logical name."""
    both = {**parsed(ROOTS)["Resources"], **template()["Resources"]}
    return {name: resource for name, resource in both.items() if resource["Type"] == kind}


def definitions(prefix: str) -> list[dict[str, Any]]:
    """Return the `CreateTable` arguments of every table, with `prefix` in front of its name."""
    return [_definition(table["Properties"], prefix) for table in resources("AWS::DynamoDB::Table").values()]


def buckets(prefix: str) -> list[str]:
    """Return the names of the buckets."""
    named = (bucket["Properties"]["BucketName"]["Fn::Sub"] for bucket in resources("AWS::S3::Bucket").values())
    return [name.replace("${Prefix}", prefix) for name in named]


def _definition(properties: dict[str, Any], prefix: str) -> dict[str, Any]:
    copied = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    arguments = {name: properties[name] for name in copied if name in properties}
    arguments["TableName"] = properties["TableName"]["Fn::Sub"].replace("${Prefix}", prefix)
    if "StreamSpecification" in properties:
        arguments["StreamSpecification"] = {"StreamEnabled": True, **properties["StreamSpecification"]}
    return arguments
