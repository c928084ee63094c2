"""The code and infra/template.yaml say the same about the tables, and no table misses what keeps citizens' data safe."""

import importlib
import re
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from pynamodb.models import Model

from chalicelib.core.settings import Settings
from infra.tables import TEMPLATE, definitions, resources, template

ROOT = TEMPLATE.parent.parent
BINDING = re.compile(r'\bbind\((\w+), "(\w+)", ')
EXPIRING = {"letters", "surveys", "sessions", "drafts", "limits", "files", "audit", "profiles"}
TABLES = {
    each["Properties"]["TableName"]["Fn::Sub"].removeprefix("${Prefix}"): each
    for each in resources("AWS::DynamoDB::Table").values()
}


def _models() -> dict[str, type[Model]]:
    """Every PynamoDB model of the code by the name of its table: the second argument of its `bind`."""
    found = {}
    for file in sorted((ROOT / "chalicelib").rglob("*.py")):
        for model, table in BINDING.findall(file.read_text(encoding="utf-8")):
            module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
            found[table] = getattr(module, model)
    return found


MODELS = _models()


def _shape(schema: dict[str, Any]) -> dict[str, Any]:
    return {key["AttributeName"]: key["KeyType"] for key in schema}


def _projection(projection: dict[str, Any]) -> tuple[str, frozenset[str]]:
    return projection["ProjectionType"], frozenset(projection.get("NonKeyAttributes", ()))


def _indexes_of_model(model: type[Model]) -> dict[str, Any]:
    indexes = {}
    for index in model._indexes.values():
        schema = index._get_schema()
        indexes[schema["index_name"]] = (_shape(schema["key_schema"]), _projection(schema["projection"]))
    return indexes


def test_every_table_has_one_model_and_every_model_a_table():
    assert set(MODELS) == set(TABLES)
    assert {model for model in Model.__subclasses__() if model.__module__.startswith("chalicelib.")} == set(MODELS.values())


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_model_has_the_keys_and_indexes_of_its_table(table):
    model, properties = MODELS[table], TABLES[table]["Properties"]
    schema = model._get_schema()

    indexes = {
        index["IndexName"]: (_shape(index["KeySchema"]), _projection(index["Projection"]))
        for index in properties.get("GlobalSecondaryIndexes", ())
    }

    assert _shape(schema["key_schema"]) == _shape(properties["KeySchema"])
    assert _indexes_of_model(model) == indexes
    types = {each["AttributeName"]: each["AttributeType"] for each in properties["AttributeDefinitions"]}
    assert {each["AttributeName"]: each["AttributeType"] for each in schema["attribute_definitions"]} == types


@pytest.mark.parametrize("table", sorted(TABLES))
def test_no_table_can_be_lost_or_read_from_a_disk(table):
    resource = TABLES[table]
    properties = resource["Properties"]

    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert properties["DeletionProtectionEnabled"] == {"Fn::If": ["IsProd", True, False]}
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"] == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": {"Fn::GetAtt": "DataKey.Arn"},
    }
    assert properties["BillingMode"] == "PAY_PER_REQUEST"


def test_what_must_be_forgotten_expires_and_nothing_else_does():
    expiring = {name for name, table in TABLES.items() if "TimeToLiveSpecification" in table["Properties"]}

    assert expiring == EXPIRING
    for name in EXPIRING:
        assert TABLES[name]["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
        assert "expires_at" in MODELS[name].get_attributes()


def test_the_streams_carry_a_report_and_a_profile_before_and_after():
    streaming = [definition for definition in definitions("x-") if "StreamSpecification" in definition]

    assert {each["TableName"] for each in streaming} == {"x-reports", "x-profiles"}
    for each in streaming:
        assert each["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_the_stack_has_an_output_for_every_setting_without_a_default():
    needed = [setting.name for setting in fields(Settings) if setting.default is MISSING]

    assert needed
    missing = [name for name in needed if "".join(part.capitalize() for part in name.split("_")) not in template()["Outputs"]]
    assert not missing


@pytest.mark.parametrize("kind", ["AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::SQS::Queue", "AWS::Logs::LogGroup"])
def test_keys_secrets_failures_and_logs_outlive_a_mistake(kind):
    found = resources(kind)

    assert found
    assert all(each["DeletionPolicy"] == each["UpdateReplacePolicy"] == "Retain" for each in found.values())


def test_nobody_may_open_a_sealed_bsn_but_the_function_that_makes_the_official_report():
    statements = resources("AWS::KMS::Key")["BsnKey"]["Properties"]["KeyPolicy"]["Statement"]
    allowed = {
        action: each
        for each in statements
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }

    assert "kms:*" not in allowed
    opener = allowed["kms:Decrypt"]
    assert opener["Condition"]["ArnEquals"]["aws:PrincipalArn"]["Fn::Sub"].endswith("role/${App}-${Stage}-make_official_report")
    assert [each for each in statements if "kms:Decrypt" in each["Action"]] == [opener]


def test_whoever_may_ask_for_an_official_report_may_do_nothing_else_and_nobody_is_the_default():
    role = resources("AWS::IAM::Role")["OfficialReportRole"]
    [policy] = role["Properties"]["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]

    assert template()["Parameters"]["OfficialReportCaller"]["Default"] == ""
    assert role["Condition"] == "HasOfficialReportCaller"
    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Resource"]["Fn::Sub"].endswith(":function:${App}-${Stage}-make_official_report")


def test_the_scanner_is_the_role_that_the_bucket_lets_judge_and_sees_the_quarantine_alone():
    role = resources("AWS::IAM::Role")["ScannerRole"]["Properties"]
    judge = next(
        each
        for each in resources("AWS::S3::BucketPolicy")["EvidenceBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
        if each["Sid"] == "OnlyTheScannerJudges"
    )
    objects = [
        each["Resource"]["Fn::Sub"]
        for each in role["Policies"][0]["PolicyDocument"]["Statement"]
        if any("Object" in action for action in each["Action"] if isinstance(each["Action"], list))
    ]

    assert any(
        each["Fn::Sub"].endswith(f"role/{role['RoleName']['Fn::Sub']}")
        for each in judge["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
    )
    assert objects == ["${EvidenceBucket.Arn}/quarantine/*"]
    assert template()["Outputs"]["EvidenceScanner"] == {"Condition": "HasScanner", "Value": "guardduty"}


def test_cloudformation_would_take_the_template():
    api = importlib.import_module("cfnlint.api")

    found = api.lint_file(Path(TEMPLATE))

    assert [str(problem) for problem in found] == []
