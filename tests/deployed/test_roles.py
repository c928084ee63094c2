"""Told last: the stage is taken away; and whether its roles might what they must in its life, and no more."""

import json
from fnmatch import fnmatchcase

import pytest

from tests.deployed.cloud import PREFIX
from tests.e2e.story import file


@pytest.fixture(scope="module")
def filed(cloud, cast):
    """A report of before the stage was taken away: its reference."""
    citizen = cast.citizen()
    citizen.log_in("wiel")
    return file(citizen, email="eerder@example.org")


def test_a_stage_is_taken_away_and_what_holds_data_stays(cloud, filed):
    code, said = cloud.deploy("destroy")

    assert code == 0, said
    assert filed
    assert not cloud.client("apigateway").get_rest_apis()["items"]
    assert not cloud.client("lambda").list_functions()["Functions"]
    assert f"{PREFIX}reports" in cloud.client("dynamodb").list_tables()["TableNames"]
    stacks = {each["StackName"]: each for each in cloud.client("cloudformation").describe_stacks()["Stacks"]}
    assert f"{PREFIX}stack" not in stacks
    assert stacks[f"{PREFIX}roots"]["EnableTerminationProtection"] is True


def test_a_stage_that_was_taken_away_comes_back_and_a_reporter_finds_the_report_of_before(cloud, cast, filed):
    lost = cloud.client("cloudformation")  # the keys' own stack too: what it held is taken in again, and never made anew
    lost.update_termination_protection(StackName=f"{PREFIX}roots", EnableTerminationProtection=False)
    lost.delete_stack(StackName=f"{PREFIX}roots")
    lost.get_waiter("stack_delete_complete").wait(StackName=f"{PREFIX}roots", WaiterConfig={"Delay": 1})

    roots = cloud.make_roots()
    code, said = cloud.deploy()
    citizen = cast.citizen()
    citizen.log_in("wiel")

    assert roots[0] == 0, roots[1]
    assert "BsnHmacKey" in roots[1]
    assert code == 0, said
    assert citizen.status(f"/reports/{filed}") == 200
    assert filed in citizen.open("/reports").text
    stranger = cast.citizen()
    stranger.log_in("boer")
    assert stranger.status(f"/reports/{filed}") == 404


def test_after_the_step_stack_alone_a_stage_can_be_taken_away(cloud):
    first = cloud.deploy("destroy")
    (cloud.project / ".chalice" / "config.json").write_text(json.dumps({"version": "2.0", "app_name": "mijn-politie"}))
    only_stack = cloud.deploy("stack")

    code, said = cloud.deploy("destroy")

    assert first[0] == only_stack[0] == 0, first[1] + only_stack[1]
    assert code == 0, said
    stacks = {each["StackName"] for each in cloud.client("cloudformation").describe_stacks()["Stacks"]}
    assert f"{PREFIX}stack" not in stacks


# Allowed and not seen here, with the reason.
NO_OCCASION = "nothing failed and nothing is ten years old here; compared with what the function may that does it (tests/house)"
THIRD = "no account was reported by three people here; tests/unit/test_clues_ops.py"
NOT_SEEN = {
    "deployer": {
        ("TheStack", "cloudformation:ContinueUpdateRollback"): "no rollback fails here; tests/unit/test_deploy.py",
        ("TheStack", "cloudformation:DetectStackResourceDrift"): "AWS asks it for each resource of the stack",
        ("HowFarALookForChangesByHandIs", "cloudformation:BatchDescribeTypeConfigurations"): "AWS asks it beside drift",
        ("GatewayHasARoleOfAwsOwnForAddresses", "iam:CreateServiceLinkedRole"): "AWS asks it at an account's first address",
        ("TheirRolesHaveABoundary", "iam:PutRolePermissionsBoundary"): "for roles of before; tests/unit/test_deploy_roots.py",
        ("HowItsAddressIsTagged", "apigateway:POST"): "AWS asks it, as the address has tags",
        ("HowItsAddressIsTagged", "apigateway:PUT"): "as above",
    },
    "operator": {
        ("WhatIsReadIsSealed", "kms:Decrypt"): "the emulator keeps tables and secrets unsealed",
    },
    "mender": {
        ("WhatIsReadIsSealed", "kms:Decrypt"): "as above",
        ("WhatIsWrittenIsSealed", "kms:GenerateDataKey"): "as above",
        ("EndSessions", "dynamodb:UpdateItem"): "no officer of that number is logged in here; tests/unit/test_ops.py",
        ("EraseReports", "dynamodb:DeleteItem"): NO_OCCASION,
        ("EraseWithATombstone", "dynamodb:PutItem"): NO_OCCASION,
        ("ErasePoliceNumbers", "dynamodb:DeleteItem"): NO_OCCASION,
        ("ClaimPoliceNumbers", "dynamodb:GetItem"): "no two reports have one number here; tests/unit/test_ops.py",
        ("CluesAreReadToTellBanks", "dynamodb:BatchGetItem"): THIRD,
        ("CluesAreReadToTellBanks", "dynamodb:Query"): THIRD,
        ("WhoExportedIsOnRecord", "dynamodb:PutItem"): THIRD,
        ("EraseFiles", "s3:DeleteObject"): NO_OCCASION,
        ("FailureQueue", "sqs:ChangeMessageVisibility"): NO_OCCASION,
        ("RedriveWhatAFunctionWasTold", "lambda:InvokeFunction"): NO_OCCASION,
        ("DetailsOfOnePerson", "dynamodb:Query"): NO_OCCASION,
        ("WhoseDetailsChanged", "dynamodb:Scan"): NO_OCCASION,
        ("WhoMustHearOfIt", "ses:SendEmail"): NO_OCCASION,
        ("WhoProvesAnAddressGetsMailThereAgain", "ses:DeleteSuppressedDestination"): NO_OCCASION,
    },
}


TRIED = {  # by tests, to see it refused
    "deployer": {
        "dynamodb:Scan",
        "iam:CreateRole",
        "iam:PutRolePolicy",
        "kms:DisableKey",
        "kms:PutKeyPolicy",
        "lambda:AddPermission",
        "lambda:InvokeFunction",
        "secretsmanager:GetSecretValue",
        "sts:AssumeRole",
    },
    "operator": {"secretsmanager:PutSecretValue", "lambda:InvokeFunction"},
}


@pytest.mark.parametrize("role", sorted(NOT_SEEN))
def test_a_role_was_refused_nothing_and_holds_nothing_that_nobody_asked_for(cloud, role):
    asked, refused = cloud.asked(role)

    used = {
        (sid, action)
        for sid, action, patterns in cloud.allowed(role)
        if any(action == each and fnmatchcase(resource, pattern) for each, resource in asked for pattern in patterns)
    }
    held = {(sid, action) for sid, action, _ in cloud.allowed(role)}
    assert {action for action, _ in refused} == TRIED.get(role, set())
    assert held - used == set(NOT_SEEN[role])
