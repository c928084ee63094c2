"""The code and infra/template.yaml say the same about the tables, and no table misses what keeps citizens' data safe."""

import importlib
import json
import re
from dataclasses import MISSING, fields
from typing import Any

import pytest
from pynamodb.models import Model

from chalicelib.core.settings import Settings
from infra.deploy.rendered import rendered
from infra.tables import ROOTS, TEMPLATE, definitions, outputs, parsed, resources, template

ROOT = TEMPLATE.parent.parent
ROLES = TEMPLATE.parent / "roles.yaml"
IN_NAMES = ("W2001", "W8003")  # a parameter that is written out is used nowhere, and what is compared with it is known
BINDING = re.compile(r'\bbind\((\w+), "(\w+)", ')
EXPIRING = {
    "letters", "surveys", "sessions", "drafts", "limits", "files", "audit", "profiles", "officers", "batches", "changes", "clues",
}  # fmt: skip
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
        "KMSMasterKeyId": {"Ref": "DataKeyArn"},
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
    missing = [name for name in needed if "".join(part.capitalize() for part in name.split("_")) not in outputs()]
    assert not missing


@pytest.mark.parametrize("kind", ["AWS::KMS::Key", "AWS::KMS::Alias", "AWS::SecretsManager::Secret", "AWS::Logs::LogGroup"])
def test_keys_secrets_and_logs_outlive_a_mistake(kind):
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


def test_only_those_who_are_named_may_change_who_may_use_the_keys_of_bsns():
    for name in ("BsnKey", "BsnHmacKey", "BsnHmacKey2"):
        statements = resources("AWS::KMS::Key")[name]["Properties"]["KeyPolicy"]["Statement"]
        changing = [each for each in statements if {"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"} & set(each["Action"])]

        assert [each["Sid"] for each in changing] == ["OnlyTheseChangeIt"]
        assert changing[0]["Condition"]["ArnLike"]["aws:PrincipalArn"]["Fn::If"][0] == "HasKeyAdministrators"
        assert not [each for each in statements if {"kms:*", "kms:CreateGrant"} & set(each["Action"])]


def test_no_deploy_makes_or_changes_a_key_a_secret_or_a_role():
    kinds = {each["Type"] for each in template()["Resources"].values()}

    assert not kinds & {
        "AWS::KMS::Key",
        "AWS::KMS::Alias",
        "AWS::SecretsManager::Secret",
        "AWS::IAM::Role",
        "AWS::IAM::ManagedPolicy",
    }


def test_whatever_is_retained_has_a_name_by_which_the_next_deploy_finds_it():
    """CloudFormation takes in what an earlier stack left only where the whole name stands in the template as it is sent."""
    names = {"App": "mijn-politie", "Stage": "test", "Prefix": "p-", "MailDomain": "x.example"}
    sent = json.loads(rendered(TEMPLATE, names))["Resources"]
    retained = {name: each for name, each in sent.items() if each.get("DeletionPolicy") == "Retain"}
    by = {
        "AWS::DynamoDB::Table": "TableName",
        "AWS::S3::Bucket": "BucketName",
        "AWS::Logs::LogGroup": "LogGroupName",
        "AWS::SES::EmailIdentity": "EmailIdentity",
        "AWS::Backup::BackupVault": "BackupVaultName",
    }

    assert len(retained) > 20
    assert [name for name, each in retained.items() if not isinstance(each["Properties"][by[each["Type"]]], str)] == []


def test_cloudformation_would_take_the_templates_with_their_names_written_out(tmp_path):
    api = importlib.import_module("cfnlint.api")
    for file in (TEMPLATE, ROOTS):
        sent = tmp_path / f"{file.stem}.json"
        sent.write_bytes(rendered(file, {"App": "mijn-politie", "Stage": "test", "Prefix": "p-", "MailDomain": "x.example"}))

        assert [str(each) for each in api.lint_file(sent) if each.rule.id not in IN_NAMES] == []


def test_whoever_may_ask_for_an_official_report_may_do_nothing_else_and_nobody_is_the_default():
    roles = parsed(ROLES)
    role = roles["Resources"]["Registry"]
    [policy] = role["Properties"]["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]

    assert roles["Parameters"]["OfficialReportCaller"]["Default"] == ""
    assert role["Condition"] == "HasOfficialReportCaller"
    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Resource"]["Fn::Sub"].endswith(":function:${App}-${Stage}-make_official_report")


def test_the_scanner_is_the_role_that_the_bucket_lets_judge_and_sees_the_quarantine_alone():
    role = parsed(ROLES)["Resources"]["Scanner"]["Properties"]
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
    assert objects == ["arn:${AWS::Partition}:s3:::${Prefix}evidence/quarantine/*"]
    assert template()["Outputs"]["EvidenceScanner"] == {"Condition": "HasScanner", "Value": "guardduty"}


def test_cloudformation_would_take_the_template():
    api = importlib.import_module("cfnlint.api")

    for file in (TEMPLATE, ROOTS):
        assert [str(problem) for problem in api.lint_file(file)] == []
