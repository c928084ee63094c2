"""The rights of the roles around a stage (infra/roles.yaml) are what is asked of AWS: no `*`, nothing for nothing, nothing
missing.

The rights that CloudFormation asks for each kind of resource stand in its own schemas, which cfn-lint brings along. The calls of
a deploy are seen by the emulator (tests/deployed).
"""

import importlib
import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import cfnlint
import pytest

from infra.deploy.functions import APP_NAME, SIZES, role_name
from infra.policies import render
from infra.tables import TEMPLATE, parsed, template

ROLES = TEMPLATE.parent / "roles.yaml"
SCHEMAS = Path(cfnlint.__file__).parent / "data" / "schemas" / "resources"
LARGEST = 6144  # characters of a managed policy, white space not counted

# The rights that CloudFormation's schemas ask, and the stack does not: for properties that infra/template.yaml does not have.
NOT_ASKED = {
    "no table is imported, replicated, streamed to Kinesis, or has a policy of its own": {
        "dynamodb:AssociateTableReplica", "dynamodb:BatchWriteItem", "dynamodb:CreateTableReplica", "dynamodb:DeleteItem",
        "dynamodb:DeleteResourcePolicy", "dynamodb:DescribeImport", "dynamodb:DisableKinesisStreamingDestination",
        "dynamodb:EnableKinesisStreamingDestination", "dynamodb:GetItem", "dynamodb:ImportTable", "dynamodb:PutItem",
        "dynamodb:PutResourcePolicy", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateContributorInsights",
        "dynamodb:UpdateItem", "dynamodb:UpdateKinesisStreamingDestination", "kinesis:DescribeStream", "kinesis:PutRecords",
        "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents", "s3:GetObject", "s3:GetObjectMetadata",
    },
    "the evidence is not replicated, logged, listed, hosted, locked or kept as a table, and its rules are changed, not removed": {
        "s3:CreateBucketMetadataTableConfiguration", "s3:DeleteBucketAnalyticsConfiguration", "s3:DeleteBucketEncryption",
        "s3:DeleteBucketLifecycle", "s3:DeleteBucketMetadataTableConfiguration", "s3:DeleteBucketMetricsConfiguration",
        "s3:DeleteBucketReplication", "s3:DeleteBucketWebsite", "s3:DeleteObject", "s3:PutAccelerateConfiguration",
        "s3:PutAnalyticsConfiguration", "s3:PutBucketAbac", "s3:PutBucketAcl", "s3:PutBucketLogging", "s3:PutBucketNotification",
        "s3:PutBucketObjectLockConfiguration", "s3:PutBucketReplication", "s3:PutBucketWebsite",
        "s3:PutIntelligentTieringConfiguration", "s3:PutInventoryConfiguration", "s3:PutMetricsConfiguration",
        "s3:PutObjectAcl", "s3:PutObjectLockConfiguration", "s3:PutReplicationConfiguration",
        "s3:UpdateBucketMetadataAnnotationTableConfiguration", "s3:UpdateBucketMetadataInventoryTableConfiguration",
        "s3:UpdateBucketMetadataJournalTableConfiguration", "s3tables:CreateNamespace", "s3tables:CreateTable",
        "s3tables:CreateTableBucket", "s3tables:GetTable", "s3tables:GetTableMetadataLocation", "s3tables:PutTableBucketPolicy",
        "s3tables:PutTableEncryption", "s3tables:PutTablePolicy", "s3tables:UpdateTableMetadataLocation",
    },
    "a log has a key and a term, and neither is taken off; it is delivered nowhere": {
        "firehose:TagDeliveryStream", "logs:CreateLogDelivery", "logs:DeleteIndexPolicy", "logs:DeleteResourcePolicy",
        "logs:DeleteRetentionPolicy", "logs:DisassociateKmsKey",
        "logs:PutBearerTokenAuthentication", "logs:PutDataProtectionPolicy", "logs:PutIndexPolicy",
        "logs:PutLogGroupDeletionProtection", "logs:PutResourcePolicy", "s3:REST.PUT.OBJECT",
    },
    "the vault is locked once, and has no policy or topic of its own": {
        "backup:DeleteBackupVaultAccessPolicy", "backup:DeleteBackupVaultLockConfiguration",
        "backup:DeleteBackupVaultNotifications", "backup:PutBackupVaultAccessPolicy", "backup:PutBackupVaultNotifications",
    },
    "mail is not tracked, archived or sent through a pool; DKIM is SES's own": {
        "ses:PutConfigurationSetArchivingOptions", "ses:PutConfigurationSetDeliveryOptions",
        "ses:PutConfigurationSetTrackingOptions", "ses:PutConfigurationSetVdmOptions",
        "ses:PutEmailIdentityDkimSigningAttributes", "ses:PutEmailIdentityMailFromAttributes",
    },
    "no topic masks what goes through it": {"sns:PutDataProtectionPolicy"},
    "no rules of others are bought": {"payments:GetConnectedAccount"},
    "IAM knows no such action; the one that it knows is there too": {"backup-storage:Mount", "s3:DeleteBucketCors"},
}  # fmt: skip
# Statements on every resource: IAM knows none for these actions, or the thing has no name before it is made.
ON_EVERYTHING = {
    "HowFarALookForChangesByHandIs", "HowManyRunAtOnce", "WhichStreamsThereAre", "WhereBackupsLie", "WhichKeysThereAre",
    "WhichStreams", "AnAddressThatWorksAgain",
    "WhichAlarmsThereAre", "NewStreamsThatWakeThem",
    "WhichLibrariesThereAre", "WhichLogsThereAre", "WhatAConfigurationSetIs",
    "WhichTellings", "MayThisAccountSend", "WhoProvesAnAddressGetsMailThereAgain", "NewScanner", "WhoIsNoLongerAlarmed",
}  # fmt: skip


def roles() -> dict[str, Any]:
    return {name: each for name, each in parsed(ROLES)["Resources"].items() if each["Type"] == "AWS::IAM::Role"}


def policies() -> dict[str, Any]:
    found = parsed(ROLES)["Resources"].items()
    return {name: each["Properties"] for name, each in found if each["Type"] == "AWS::IAM::ManagedPolicy"}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(role: str) -> list[dict[str, Any]]:
    named = [each["Ref"] for each in roles()[role]["Properties"]["ManagedPolicyArns"]]
    return [each for name in named for each in policies()[name]["PolicyDocument"]["Statement"]]


def allowed(role: str) -> set[str]:
    return {action for each in statements(role) for action in listed(each["Action"])}


@cache
def schemas() -> dict[str, Any]:
    read = (json.loads(file.read_text()) for file in SCHEMAS.glob("*.json"))
    return {each["typeName"]: each for each in read if "typeName" in each}


def asked(resource: dict[str, Any]) -> set[str]:
    """Return what CloudFormation asks for a resource; what is retained it never deletes."""
    handlers = schemas()[resource["Type"]]["handlers"]
    kinds = ("create", "read", "update", *(() if resource.get("DeletionPolicy") == "Retain" else ("delete",)))
    return {action for kind in kinds for action in handlers.get(kind, {}).get("permissions", ())}


def test_cloudformation_may_do_what_the_stack_asks_of_it_and_no_more():
    everything = {action for each in template()["Resources"].values() for action in asked(each)}
    left_out = {action for actions in NOT_ASKED.values() for action in actions}

    assert len(everything) > 150
    assert left_out - everything == set(), "no schema asks these any more"
    assert everything - left_out - allowed("CloudFormation") == set(), "CloudFormation would be refused these"
    assert allowed("CloudFormation") - (everything - left_out) == set(), "nobody asks CloudFormation for these"


def test_no_deploy_can_delete_what_holds_data_or_use_a_key():
    forbidden = {
        "dynamodb:DeleteTable", "s3:DeleteBucket", "kms:ScheduleKeyDeletion", "kms:DisableKey", "secretsmanager:DeleteSecret",
        "secretsmanager:GetSecretValue", "logs:DeleteLogGroup", "ses:DeleteEmailIdentity", "dynamodb:GetItem",
        "backup:DeleteBackupVault", "kms:GenerateMac", "kms:PutKeyPolicy", "kms:CreateKey", "secretsmanager:CreateSecret",
        "lambda:InvokeFunction", "ses:SendEmail", "sns:Publish",
    }  # fmt: skip

    for role in ("Deployer", "CloudFormation"):
        assert allowed(role) & forbidden == set()


HERE = {"Partition": "${AWS::Partition}", "Region": "${AWS::Region}", "Account": "${AWS::AccountId}"}
_PROVES = "WhoProvesAnAddressGetsMailThereAgain"  # as mail is sent: on every resource, by a statement of its own
NAMES = defaultdict(str, HERE, TablePrefix="${Prefix}", EvidenceBucket="${Prefix}evidence")


@pytest.mark.parametrize(
    ("sids", "function", "its_own"),
    [
        (  # what `erase-expired` does of it; the rest is what it does for files of which no report came
            "Erase",
            "every_day",
            {
                "WriteItsLog",
                "WhatIsOverItsTimeAndWhatChanged",
                "KeepFilesThatAReportNames",
                "DeriveCodes",
                "DeriveTheCluesDigests",
                "WhetherSomebodyLooks",
                "WhenItsListWasSeenLast",
                "HandOverWhatFailed",
            },
        ),
        (
            "Details",
            "on_details_changed",
            {"WriteItsLog", "ReadTheStream", "FindTheStream", "DeriveCodes", "SendMail", "HandOverWhatFailed", _PROVES},
        ),
    ],
)
def test_whoever_does_a_functions_work_by_hand_may_do_what_it_may(sids, function, its_own):
    by_hand = {
        (action, resource["Fn::Sub"])
        for each in statements("Mender")
        if each["Sid"].startswith(sids)
        for action in listed(each["Action"])
        for resource in listed(each["Resource"])
    }
    document = render(function, NAMES)["Statement"]
    itself = {
        (action, resource)
        for each in document
        if each["Sid"] not in its_own
        for action in each["Action"]
        for resource in each["Resource"]
        if not action.startswith("kms:")
    }

    assert its_own <= {each["Sid"] for each in document}
    assert len(itself) > 5
    assert by_hand <= itself
    assert itself - by_hand <= {("dynamodb:PutItem", resource) for _, resource in itself if resource.endswith("files")}


@pytest.mark.parametrize("policy", sorted(policies()))
def test_every_statement_names_its_actions_and_its_resources(policy):
    document = policies()[policy]["PolicyDocument"]

    assert len(json.dumps(document, separators=(",", ":"))) < LARGEST
    for each in document["Statement"]:
        assert not [action for action in listed(each["Action"]) if "*" in action]
        assert (each["Resource"] == "*") == (each["Sid"] in ON_EVERYTHING), each["Sid"]
        if "iam:PassRole" in listed(each["Action"]):
            assert "iam:PassedToService" in each["Condition"]["StringEquals"], each["Sid"]


def test_the_roles_of_functions_are_told_from_all_others_by_an_underscore():
    ours = [each["Properties"]["RoleName"]["Fn::Sub"] for each in roles().values()]

    assert all("_" in role_name("test", function).removeprefix(f"{APP_NAME}-test-") for function in SIZES)
    assert not [name for name in ours if "_" in name], "the deployer could give it other rights"


def test_cloudformation_would_take_the_roles():
    assert [str(problem) for problem in importlib.import_module("cfnlint.api").lint_file(ROLES)] == []
