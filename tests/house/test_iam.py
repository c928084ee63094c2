"""Every statement of a policy is one that IAM understands: what it does not, it allows nowhere, and says so to nobody."""

import json

import pytest

from infra import policies
from infra.tables import ROOTS, TEMPLATE, parsed
from tests.house.iam import KNOWN, listed, meets, mistakes
from tests.house.test_chalice import Anything


def of_templates():
    """Yield every statement that says what a role may, by where it stands."""
    for file in (TEMPLATE, ROOTS, TEMPLATE.parent / "roles.yaml"):
        for name, each in parsed(file)["Resources"].items():
            documents = {
                "AWS::IAM::ManagedPolicy": [each.get("Properties", {})],
                "AWS::IAM::Role": each["Properties"].get("Policies", []),
            }
            for document in documents.get(each["Type"], ()):
                yield from ((f"{name}: {one.get('Sid', '')}", one) for one in document["PolicyDocument"]["Statement"])


def of_functions():
    for name in policies.known():
        yield from ((f"{name}: {each['Sid']}", each) for each in policies.render(name, Anything())["Statement"])


STATEMENTS = dict([*of_templates(), *of_functions()])


@pytest.mark.parametrize("where", sorted(STATEMENTS))
def test_iam_knows_each_action_on_such_a_resource_and_under_such_a_condition(where):
    assert list(mistakes(STATEMENTS[where])) == []


LARGEST = 10_240  # characters of all policies that stand in a role, white space not counted
PREFIX = "p" * 42  # no stage's is longer: infra/roles.yaml
LONG = {"TablePrefix": PREFIX, "EvidenceBucket": f"{PREFIX}evidence", "StageName": "s" * 16, "Partition": "aws"}
LONG |= {"Region": "eu-central-1", "Account": "1" * 12, "MailConfigurationSet": f"{PREFIX}mail"}


class Long(Anything):
    """A name for every placeholder, as long as that of a key or a stream becomes."""

    def __missing__(self, name):
        return LONG.get(name, "x" * 150)


@pytest.mark.parametrize("function", policies.known())
def test_a_role_holds_the_policy_of_its_function_also_where_names_are_long(function):
    assert len(json.dumps(policies.render(function, Long()), separators=(",", ":"))) < LARGEST


LOGS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/x*"
KEY = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"


@pytest.mark.parametrize(
    ("action", "resource", "condition", "mistake"),
    [
        ("logs:DescribeLogGroups", {"Fn::Sub": LOGS}, {}, "knows no resource"),
        ("logs:CreateLogGroup", {"Fn::Sub": KEY}, {}, "none of these is named"),
        ("logs:MakeLogGroup", "*", {}, "is no action"),
        ("kms:RetireGrant", {"Fn::Sub": KEY}, {"Bool": {"kms:GrantIsForAWSResource": True}}, "does not know the condition"),
    ],
)
def test_a_right_that_would_allow_nothing_is_named(action, resource, condition, mistake):
    [found] = mistakes({"Action": action, "Resource": resource, "Condition": condition})

    assert mistake in found


def test_what_is_known_of_actions_is_that_of_the_services_that_we_ask():
    asked = {action.partition(":")[0] for each in STATEMENTS.values() for action in listed(each["Action"])}

    assert len(asked) > 10
    assert asked - {"apigateway"} <= set(KNOWN)


def test_two_patterns_meet_where_one_text_fits_both():
    assert meets("a:*:c", "*:b:*")
    assert meets("log-group:x:*", "log-group:*:log-stream:*")
    assert not meets("table/*", "key/*")
