"""How far whoever deploys can get: the policies of roles.yaml put to the test, action by action (ADR-0045)."""

import pytest

from infra import policies
from infra.deploy import boundary
from infra.deploy.functions import SIZES, function_name, role_name
from infra.tables import TEMPLATE, parsed
from tests.house.iam import allows, filled, listed
from tests.house.test_roles import roles

ROLES = parsed(TEMPLATE.parent / "roles.yaml")["Resources"]
PREFIX, ACCOUNT, REGION = "mijn-politie-test-", "123456789012", "eu-west-1"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/{PREFIX}functions"
NAMES = {
    "AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "App": "mijn-politie", "Stage": "test",
    "Prefix": PREFIX, "PortalHost": "portal.example", "MailDomain": "portal.example", "Functions": BOUNDARY,
}  # fmt: skip
STREAM = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{PREFIX}reports/stream/1"
KEYS = {
    name: f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{name}" for name in ("BsnKeyId", "BsnHmacKeyId", "BsnHmacFirstKeyId", "DataKeyArn")
}
OF_FUNCTIONS = {
    **KEYS, "Partition": "aws", "Region": REGION, "Account": ACCOUNT, "StageName": "test", "TablePrefix": PREFIX,
    "EvidenceBucket": f"{PREFIX}evidence", "MailConfigurationSet": f"{PREFIX}mail", "MailFrom": "a@x", "MailFromNeutral": "b@y",
    "ReportsStreamArn": STREAM, "ProfilesStreamArn": STREAM,
    "FailureQueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{PREFIX}failures",
    "MailDomain": "portal.example", "ReceiptsTopic": f"{PREFIX}receipts",
}  # fmt: skip


def function(name):
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function_name('test', name)}"


def role(name):
    return f"arn:aws:iam::{ACCOUNT}:role/{role_name('test', name)}"


def statements_of(name):
    """The statements of a role of roles.yaml, or of one managed policy."""
    attached = [each["Ref"] for each in roles()[name]["Properties"]["ManagedPolicyArns"]] if name in roles() else [name]
    return [each for one in attached for each in filled(ROLES[one]["Properties"]["PolicyDocument"]["Statement"], NAMES)]


def may(name, action, resource, **context):
    return allows(statements_of(name), action, resource, **context)


def asked_by(name):
    """Yield each thing that the policy of a function allows: action, resource, and what holds when its code asks for it."""
    for each in policies.render(name, OF_FUNCTIONS)["Statement"]:
        via = each.get("Condition", {}).get("StringEquals", {}).get("kms:ViaService", [None])
        for action in each["Action"]:
            for resource in each["Resource"]:
                for service in via:
                    known = {"lambda__SourceFunctionArn": function(name)} | ({"kms__ViaService": service} if service else {})
                    yield action, resource.replace("??????", "abcdef"), known


@pytest.mark.parametrize("name", sorted(SIZES))
def test_a_function_may_within_the_boundary_all_that_its_policy_allows(name):
    asked = list(asked_by(name))

    assert asked
    refused = {(action, resource) for action, resource, known in asked if not may("Functions", action, resource, **known)}
    assert refused == set(), "roles.yaml, `Functions`, must allow it too, and an administrator bring it before the deploy"


def test_the_boundary_allows_nothing_that_no_function_asks():
    asked = {action for name in SIZES for action, _, _ in asked_by(name)}
    held = {action for each in statements_of("Functions") for action in listed(each["Action"])}

    assert held == asked


def test_whoever_takes_on_the_role_of_a_function_can_do_nothing_with_it():
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{PREFIX}reports"
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{PREFIX}derivation-abcdef"

    for action, resource in (
        ("dynamodb:GetItem", table),
        ("kms:Decrypt", KEYS["BsnKeyId"]),
        ("kms:GenerateMac", KEYS["BsnHmacKeyId"]),
        ("secretsmanager:GetSecretValue", secret),
        ("ses:SendEmail", f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/portal.example"),
    ):
        assert not may("Functions", action, resource)
        assert not may("Functions", action, resource, lambda__SourceFunctionArn=f"{function('x')[:-20]}other")


def test_a_bsn_is_opened_by_the_code_of_one_function_whatever_role_another_is_given():
    opened = [
        name for name in SIZES if may("Functions", "kms:Decrypt", KEYS["BsnKeyId"], lambda__SourceFunctionArn=function(name))
    ]

    assert opened == ["make_official_report"]


def test_what_is_on_record_of_officers_is_changed_and_removed_by_nobody():
    audit = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{PREFIX}audit"

    for action in ("dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"):
        for name in SIZES:
            assert not may("Functions", action, audit, lambda__SourceFunctionArn=function(name))
    writing = [
        name for name in SIZES for action, resource, _ in asked_by(name) if resource == audit and action == "dynamodb:PutItem"
    ]
    assert {"api_handler", "make_official_report"} <= set(writing)
    asked = {action for name in SIZES for action, resource, _ in asked_by(name) if resource == audit}
    assert not asked & {"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}


def test_whoever_deploys_lets_services_call_functions_and_nobody_call_the_one_that_opens_bsns():
    assert may("Deployer", "lambda:AddPermission", function("api_handler"), lambda__Principal="apigateway.amazonaws.com")
    assert may("Deployer", "lambda:AddPermission", function("on_receipt"), lambda__Principal="sns.amazonaws.com")
    for principal in (ACCOUNT, "*", f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}deployer", "lambda.amazonaws.com"):
        assert not may("Deployer", "lambda:AddPermission", function("api_handler"), lambda__Principal=principal)
    for principal in ("events.amazonaws.com", "s3.amazonaws.com", ACCOUNT):
        assert not may("Deployer", "lambda:AddPermission", function("make_official_report"), lambda__Principal=principal)
    assert not may("Deployer", "lambda:InvokeFunction", function("make_official_report"))
    for action in ("lambda:CreateEventSourceMapping", "lambda:UpdateEventSourceMapping"):
        mapping = f"arn:aws:lambda:{REGION}:{ACCOUNT}:event-source-mapping:1"
        assert not may("Deployer", action, mapping, lambda__FunctionArn=function("make_official_report"))
        assert may("Deployer", action, mapping, lambda__FunctionArn=function("on_report_changed"))


def test_whoever_deploys_makes_no_role_and_writes_none_without_the_boundary():
    for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"):
        assert may("Deployer", action, role("every_hour"), iam__PermissionsBoundary=BOUNDARY)
        assert not may("Deployer", action, role("every_hour"))
        assert not may("Deployer", action, role("every_hour"), iam__PermissionsBoundary=BOUNDARY.replace("functions", "other"))
        assert not may("Deployer", action, f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}deployer", iam__PermissionsBoundary=BOUNDARY)
    for action in (
        "iam:DeleteRolePermissionsBoundary",
        "iam:CreatePolicyVersion",
        "iam:UpdateAssumeRolePolicy",
        "iam:AttachRolePolicy",
    ):
        for resource in (role("every_hour"), BOUNDARY, f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}registry"):
            assert not may("Deployer", action, resource, iam__PermissionsBoundary=BOUNDARY)


@pytest.mark.parametrize("name", ["Deployer", "CloudFormation"])
def test_neither_a_deploy_nor_its_template_changes_who_may_use_a_key_or_makes_a_role_for_itself(name):
    for action in ("kms:PutKeyPolicy", "kms:CreateGrant", "kms:ScheduleKeyDeletion", "kms:Decrypt"):
        assert not may(name, action, KEYS["BsnKeyId"])
    for one in ("registry", "scanner", "backup", "deployer", "cloudformation", "anything"):
        for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"):
            assert not may(name, action, f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}{one}", iam__PermissionsBoundary=BOUNDARY)


def test_the_boundary_that_a_deploy_names_is_that_of_the_roles():
    environ = {"REPORTS_STREAM_ARN": STREAM, "TABLE_PREFIX": PREFIX}

    assert boundary.arn(environ) == BOUNDARY
    assert filled(ROLES["Functions"]["Properties"]["ManagedPolicyName"], NAMES) == f"{PREFIX}functions"
