"""Told last: the stage is taken away; and whether its roles might what they must in its life, and no more."""

from fnmatch import fnmatchcase

import pytest

from tests.deployed.cloud import PREFIX


def test_a_stage_is_taken_away_and_what_holds_data_stays(cloud):
    code, said = cloud.deploy("destroy")

    assert code == 0, said
    assert not cloud.client("apigateway").get_rest_apis()["items"]
    assert not cloud.client("lambda").list_functions()["Functions"]
    assert f"{PREFIX}reports" in cloud.client("dynamodb").list_tables()["TableNames"]


# Allowed and not seen here, with the reason.
NO_OCCASION = "nothing failed and nothing is ten years old here; compared with what the function may that does it (tests/house)"
NOT_SEEN = {
    "deployer": {
        ("TheStack", "cloudformation:ContinueUpdateRollback"): "no rollback fails here; tests/unit/test_deploy.py",
        ("TheStack", "cloudformation:DetectStackResourceDrift"): "AWS asks it for each resource of the stack",
        ("HowFarALookForChangesByHandIs", "cloudformation:BatchDescribeTypeConfigurations"): "AWS asks it beside drift",
        ("GatewayHasARoleOfAwsOwnForAddresses", "iam:CreateServiceLinkedRole"): "AWS asks it at an account's first address",
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
        ("EraseLetters", "dynamodb:BatchWriteItem"): NO_OCCASION,
        ("EraseFiles", "s3:DeleteObject"): NO_OCCASION,
        ("FailureQueue", "sqs:ChangeMessageVisibility"): NO_OCCASION,
        ("RedriveWhatAFunctionWasTold", "lambda:InvokeFunction"): NO_OCCASION,
        ("DetailsOfOnePerson", "dynamodb:Query"): NO_OCCASION,
        ("WhoseDetailsChanged", "dynamodb:Scan"): NO_OCCASION,
        ("WhoMustHearOfIt", "ses:SendEmail"): NO_OCCASION,
    },
}


TRIED = {  # by tests, to see it refused
    "deployer": {
        "dynamodb:Scan",
        "iam:PutRolePolicy",
        "kms:DisableKey",
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
