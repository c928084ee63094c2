"""A deploy: what an operator wrote is understood or refused with a sentence, and nothing is made twice."""

import io
import json
import marshal
import re
import zipfile
from collections import defaultdict
from dataclasses import replace
from types import SimpleNamespace

import botocore.session
import pytest
from botocore import loaders
from botocore.exceptions import ClientError, NoCredentialsError
from botocore.model import ServiceModel
from joserfc.jwk import ECKey

from chalicelib.identity.fetch import Answer
from chalicelib.identity.model import IdentityProviderDown
from infra import policies
from infra.deploy import account, finish, mapping, package, ready, settings, stack, state, steps
from infra.deploy.bucket import DeployBucket
from infra.deploy.destroy import destroy
from infra.deploy.errors import Stop
from infra.deploy.finish import ACCESS_LOG
from infra.deploy.functions import SIZES
from infra.deploy.stage import ROOT, Stage, read
from infra.deploy.steps import Deploy

SOUND = """
region = "eu-west-1"
account = "123456789012"
[stack]
PortalUrl = "https://portal.example"
[settings]
EVIDENCE_SCANNER = "guardduty"
[api]
certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
burst = 10
"""
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:mijn-politie-test-failures"


@pytest.fixture
def stage():
    return Stage("test", "eu-west-1", "123456789012", {"Prefix": "mijn-politie-test-", "PortalUrl": "https://portal.example"}, {})


@pytest.fixture
def outputs():
    found = {"".join(part.capitalize() for part in name.split("_")): "x" for name in settings.required()}
    named = {
        "MailFrom": "a@x.example",
        "Stage": "test",
        "PortalUrl": "https://portal.example",
        "TablePrefix": "mijn-politie-test-",
    }
    return {**found, **named, "StaffIssuer": "https://staff.example"}  # two logins are never at one issuer under one name


class FakeAws:
    """Answers each operation from a list; an exception in it is raised."""

    def __init__(self, **answers):
        self._answers, self.calls = {name: list(each) for name, each in answers.items()}, []

    def __getattr__(self, name):
        def call(**arguments):
            self.calls.append((name, arguments))
            answer = self._answers[name].pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def get_paginator(self, name):
        """Answer page by page, as many as there are in the list."""
        return SimpleNamespace(paginate=lambda **where: (getattr(self, name)(**where) for _ in range(len(self._answers[name]))))

    def names(self):
        return [name for name, _ in self.calls]


def an_account(client):
    return account.Account("123456789012", "eu-west-1", lambda _: client)


@pytest.fixture
def asked_of_s3(aws):
    """Every call of S3 with what is sent along, on an S3 in memory."""
    client, calls = botocore.session.get_session().create_client("s3", "eu-west-1"), []
    client.meta.events.register("provide-client-params.s3.*", lambda params, model, **_: calls.append((model.name, dict(params))))
    return client, calls


def test_a_bucket_that_somebody_else_made_under_our_name_gives_the_deploy_no_template(stage, asked_of_s3):
    client, calls = asked_of_s3
    ours = DeployBucket(stage, an_account(client))
    ours.ensure()
    ours.put("template.yaml", b"ours")
    assert ours.get("template.yaml") == b"ours"
    ours.ensure()
    ours.remove("template.yaml")

    of_objects = [params for name, params in calls if name in ("HeadBucket", "PutObject", "GetObject", "DeleteObject")]
    assert {params.get("ExpectedBucketOwner") for params in of_objects} == {"123456789012"}
    assert len(of_objects) == 5


def refused(code, message="no", status=400):
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Call")


def a_stack(status):
    return {"Stacks": [{"StackStatus": status}]}


LARGE, SMALL = ({"AccountLimit": {"ConcurrentExecutions": most}} for most in (1_000, 10))


def without_streams():
    return FakeAws(describe_table=[{"Table": {}}] * 2, get_account_settings=[LARGE])


def absent():
    return refused("ValidationError", "Stack with id mijn-politie-test-stack does not exist")


# The settings that an operator wrote


def test_a_stage_is_what_its_file_says(tmp_path):
    (tmp_path / "test.toml").write_text(SOUND)

    found = read("test", tmp_path)

    assert found.stack == {"Stage": "test", "Prefix": "mijn-politie-test-", "PortalUrl": "https://portal.example"}
    assert (found.stack_name, found.domain) == ("mijn-politie-test-stack", "portal.example")
    assert (found.api.burst, found.api.requests_per_second) == (10, 200)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, r"Copy .*example\.toml"),
        ("region =", "no TOML"),
        (SOUND.replace("123456789012", "FILL-IN"), "account"),
        (SOUND.replace('region = "eu-west-1"', ""), "region is missing"),
        (SOUND + "bursts = 3", "bursts"),
        (SOUND.replace("burst = 10", "burst = 0"), "above 0"),
        (SOUND.replace("burst = 10", 'burst = "10"'), "above 0"),
        (SOUND.replace('"guardduty"', "3"), "EVIDENCE_SCANNER between quotes"),
        ("more = 1" + SOUND, "more is not known"),
        ("settings = 3\n" + SOUND.replace("[settings]", "").replace('EVIDENCE_SCANNER = "guardduty"', ""), "section"),
    ],
)
def test_a_stage_file_that_is_not_understood_is_refused_with_a_sentence(tmp_path, text, said):
    if text is not None:
        (tmp_path / "test.toml").write_text(text)

    with pytest.raises(Stop, match=said):
        read("test", tmp_path)


@pytest.mark.parametrize("name", ["Test", "p", "dev_anna", "-dev", "../prod", "a-name-of-seventeen"])
def test_a_name_that_no_stage_can_have_is_refused_with_some_that_it_can(tmp_path, name):
    with pytest.raises(Stop, match="such as test, acceptance, prod or dev-anna"):
        read(name, tmp_path)


def test_a_developer_has_a_stage_of_their_own_beside_another_and_neither_is_prod(tmp_path):
    for name in ("dev-anna", "dev-ben"):
        (tmp_path / f"{name}.toml").write_text(SOUND)

    anna, ben = read("dev-anna", tmp_path), read("dev-ben", tmp_path)

    assert (anna.stack_name, ben.stack_name) == ("mijn-politie-dev-anna-stack", "mijn-politie-dev-ben-stack")
    assert anna.stack["Stage"] == "dev-anna"
    assert not anna.is_prod


@pytest.mark.parametrize("line", ['BsnHmacVersion = "V2"', 'OfficialReportCaller = "arn:x"'])
def test_a_line_that_went_elsewhere_is_refused_with_the_place_where_it_is_now(tmp_path, line):
    (tmp_path / "test.toml").write_text(SOUND.replace("[stack]\n", f"[stack]\n{line}\n"))

    with pytest.raises(Stop, match=r"take \w+ out: it is a (line under \[roots\]|parameter of infra/roles\.yaml) now"):
        read("test", tmp_path)


def test_the_example_is_refused_until_it_is_filled_in(tmp_path):
    (tmp_path / "prod.toml").write_text((ROOT / "infra" / "stages" / "example.toml").read_text())

    with pytest.raises(Stop, match=r"not filled in yet: .*account.*certificate_arn"):
        read("prod", tmp_path)


# The caller's identity


def test_a_deploy_with_the_credentials_of_another_account_is_refused(stage):
    with pytest.raises(Stop, match=r"999999999999.*123456789012"):
        account.account_of(stage, lambda _: FakeAws(get_caller_identity=[{"Account": "999999999999"}]))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NoCredentialsError(), "no AWS credentials"),
        (refused("ExpiredToken"), "Log in again"),
        (refused("AccessDenied", "not you"), "this role may not. AWS says: not you"),
        (refused("Throttling", "slow"), "Throttling: slow"),
    ],
)
def test_every_refusal_of_aws_becomes_a_sentence(stage, error, said):
    with pytest.raises(Stop, match=said):
        account.account_of(stage, lambda _: FakeAws(get_caller_identity=[error]))


# The stack


def bring_up(stage, aws):
    stack.bring_up(stage, an_account(aws), template_url="https://bucket/template.yaml", sleep=lambda _: None)


def test_a_first_deploy_makes_the_stack_and_takes_in_what_an_earlier_one_left(stage):
    aws = FakeAws(
        describe_stacks=[absent(), a_stack("CREATE_IN_PROGRESS"), a_stack("CREATE_COMPLETE")],
        create_change_set=[{}],
        describe_change_set=[{"Status": "CREATE_IN_PROGRESS"}, {"Status": "CREATE_COMPLETE"}],
        execute_change_set=[{}],
    )

    bring_up(stage, aws)

    [request] = [arguments for name, arguments in aws.calls if name == "create_change_set"]
    assert (request["ChangeSetType"], request["ImportExistingResources"]) == ("CREATE", True)


def test_a_deploy_without_changes_changes_nothing(stage):
    nothing = {
        "Status": "FAILED",
        "StatusReason": "The submitted information didn't contain changes. Submit different information",
    }
    aws = FakeAws(
        describe_stacks=[a_stack("UPDATE_COMPLETE")],
        create_change_set=[{}],
        describe_change_set=[nothing],
        delete_change_set=[{}],
    )

    bring_up(stage, aws)

    assert aws.names()[-1] == "delete_change_set"


def test_what_a_failed_first_deploy_left_is_cleared_away(stage):
    aws = FakeAws(
        describe_stacks=[a_stack("ROLLBACK_COMPLETE"), absent(), a_stack("CREATE_COMPLETE")],
        delete_stack=[{}],
        create_change_set=[{}],
        describe_change_set=[{"Status": "CREATE_COMPLETE"}],
        execute_change_set=[{}],
    )

    bring_up(stage, aws)

    assert aws.names().index("delete_stack") < aws.names().index("create_change_set")


def test_an_update_that_could_not_be_undone_is_undone_now_and_then_made(stage):
    aws = FakeAws(
        describe_stacks=[a_stack(f"UPDATE_ROLLBACK_{each}") for each in ("FAILED", "IN_PROGRESS", "COMPLETE")]
        + [a_stack("UPDATE_COMPLETE")],
        continue_update_rollback=[{}],
        create_change_set=[{}],
        describe_change_set=[{"Status": "CREATE_COMPLETE"}],
        execute_change_set=[{}],
    )

    bring_up(stage, aws)

    assert aws.names().index("continue_update_rollback") < aws.names().index("create_change_set")


def test_a_stack_that_somebody_else_deploys_is_left_alone(stage):
    with pytest.raises(Stop, match="under way"):
        bring_up(stage, FakeAws(describe_stacks=[a_stack("UPDATE_IN_PROGRESS")]))


@pytest.mark.parametrize(
    ("status", "way"), [("UPDATE_ROLLBACK_FAILED", "continue_update_rollback"), ("DELETE_FAILED", "delete_stack")]
)
def test_a_stack_that_cannot_be_brought_back_is_told_with_what_is_in_the_way(stage, status, way):
    event = {"LogicalResourceId": "DataKey", "ResourceStatus": "UPDATE_FAILED", "ResourceStatusReason": "no such key"}
    aws = FakeAws(describe_stacks=[a_stack(status)] * 2, describe_stack_events=[{"StackEvents": [event]}], **{way: [{}]})

    with pytest.raises(Stop, match=f"is {status}.*DataKey: no such key.*Mend that"):
        bring_up(stage, aws)


def test_the_first_failure_is_told_and_not_what_followed_from_it(stage):
    events = [
        {"LogicalResourceId": "B", "ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": "Resource creation cancelled"},
        {"LogicalResourceId": "EvidenceBucket", "ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": "it already exists"},
    ]
    aws = FakeAws(
        describe_stacks=[absent(), a_stack("ROLLBACK_COMPLETE")],
        create_change_set=[{}],
        describe_change_set=[{"Status": "CREATE_COMPLETE"}],
        execute_change_set=[{}],
        describe_stack_events=[{"StackEvents": events}],
    )

    with pytest.raises(Stop, match=r"EvidenceBucket: it already exists.*choose another Prefix"):
        bring_up(stage, aws)


def test_the_first_failure_is_found_behind_a_long_rollback_and_none_of_last_month_is_told(stage):
    rolled_back = [{"LogicalResourceId": f"Table{number}", "ResourceStatus": "DELETE_SKIPPED"} for number in range(100)]
    failed = {"LogicalResourceId": "Mail", "ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": "no such region"}
    begun = {"LogicalResourceId": stage.stack_name, "ResourceStatus": "UPDATE_IN_PROGRESS"}
    last_month = {"LogicalResourceId": "Vault", "ResourceStatus": "UPDATE_FAILED", "ResourceStatusReason": "it is locked"}
    aws = FakeAws(
        describe_stacks=[a_stack("UPDATE_COMPLETE"), a_stack("UPDATE_ROLLBACK_COMPLETE")],
        create_change_set=[{}],
        describe_change_set=[{"Status": "CREATE_COMPLETE"}],
        execute_change_set=[{}],
        describe_stack_events=[{"StackEvents": page} for page in (rolled_back, [failed, begun], [last_month])],
    )

    with pytest.raises(Stop, match="put back as it was: Mail: no such region"):
        bring_up(stage, aws)


def test_what_cloudformation_refuses_before_it_begins_is_asked_for_and_told(stage):
    reason = (
        "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. Use the DescribeEvents API."
    )
    taken = {"LogicalResourceId": "EvidenceBucket", "ValidationStatusReason": "Resource with identifier 'x' already exists."}
    aws = FakeAws(
        describe_stacks=[absent()],
        create_change_set=[{"Id": "arn:set"}],
        describe_change_set=[{"Status": "FAILED", "StatusReason": reason}],
        describe_events=[{"OperationEvents": [{"LogicalResourceId": "stack"}, taken]}],
        delete_change_set=[{}],
    )

    with pytest.raises(
        Stop, match=r"EvidenceBucket: .*already exists\. That name is taken: choose another Prefix .*Nothing was changed"
    ):
        bring_up(stage, aws)

    assert ("describe_events", {"ChangeSetName": "arn:set", "Filters": {"FailedEvents": True}}) in aws.calls


def test_cloudformation_works_with_its_own_role_where_the_stage_has_one(stage):
    nothing = {"Status": "FAILED", "StatusReason": "didn't contain changes"}
    aws = FakeAws(
        describe_stacks=[a_stack("UPDATE_COMPLETE"), a_stack("UPDATE_COMPLETE"), absent()],
        create_change_set=[{}],
        describe_change_set=[nothing],
        delete_change_set=[{}],
        delete_stack=[{}],
    )
    stage = replace(stage, cloudformation_role="arn:role")

    bring_up(stage, aws)
    stack.delete(stage, an_account(aws), sleep=lambda _: None)

    asked = dict(aws.calls)
    assert asked["create_change_set"]["RoleARN"] == asked["delete_stack"]["RoleARN"] == "arn:role"


def test_what_was_changed_by_hand_stops_the_deploy_by_name(stage):
    aws = FakeAws(
        describe_stacks=[a_stack("CREATE_COMPLETE")],
        detect_stack_drift=[{"StackDriftDetectionId": "1"}],
        describe_stack_drift_detection_status=[
            {"DetectionStatus": "DETECTION_IN_PROGRESS"},
            {"DetectionStatus": "DETECTION_COMPLETE", "StackDriftStatus": "DRIFTED"},
        ],
        describe_stack_resource_drifts=[{"StackResourceDrifts": [{"LogicalResourceId": "FailureQueue"}]}],
    )

    with pytest.raises(Stop, match="changed FailureQueue by hand"):
        stack.require_no_drift(stage, an_account(aws), sleep=lambda _: None)


def test_a_part_of_the_stack_that_could_not_be_read_is_told_and_stops_nobody(stage):
    aws = FakeAws(
        describe_stacks=[a_stack("CREATE_COMPLETE")],
        detect_stack_drift=[{"StackDriftDetectionId": "1"}],
        describe_stack_drift_detection_status=[{"DetectionStatus": "DETECTION_FAILED", "DetectionStatusReason": "no right to x"}],
    )

    assert "no right to x" in stack.require_no_drift(stage, an_account(aws), sleep=lambda _: None)


def test_what_a_failed_first_deploy_left_is_not_compared_with_anything(stage):
    stack.require_no_drift(stage, an_account(FakeAws(describe_stacks=[a_stack("ROLLBACK_COMPLETE")])), sleep=lambda _: None)


def test_a_step_that_needs_the_stack_says_so(stage):
    with pytest.raises(Stop, match=r"is not there. Run the step `stack` first"):
        stack.outputs(stage, an_account(FakeAws(describe_stacks=[absent()])))


# The work that others must do first

SENDING = {"ProductionAccessEnabled": True, "SendingEnabled": True, "SendQuota": {"MaxSendRate": 14.0}}
KEYED = {"VersionIdsToStages": {"1": ["AWSCURRENT"]}}
NAMED = {"MAIL_FROM": "a@x.example", "MAIL_FROM_NEUTRAL": "b@y.example", "OIDC_KEYS_SECRET": "x"}


class Issuers:
    """Answers as the issuer that is asked for would, or not at all."""

    def __init__(self, *, up):
        self._up = up

    def get(self, url):
        if not self._up:
            raise IdentityProviderDown("unreachable")
        answer = PUBLISHED if url.endswith("/jwks") else FITTING | {"issuer": url.partition("/.well-known")[0]}
        return Answer(200, json.dumps(answer).encode())


FITTING = {
    **dict.fromkeys(("authorization_endpoint", "token_endpoint", "end_session_endpoint"), "https://login.example/x"),
    "jwks_uri": "https://login.example/jwks",
    "response_types_supported": ["code"],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["private_key_jwt"],
    "token_endpoint_auth_signing_alg_values_supported": ["PS256"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "id_token_encryption_alg_values_supported": ["RSA-OAEP"],
    "id_token_encryption_enc_values_supported": ["A128CBC-HS256"],
    "backchannel_logout_supported": True,
}
PUBLISHED = {"keys": [ECKey.generate_key("P-256").as_dict(private=False)]}


def outside(stage, found, *, up=True, room=LARGE):
    return list(ready.outside(stage, an_account(FakeAws(get_account=[found], get_account_settings=[room])), Issuers(up=up)))


@pytest.fixture
def prod():
    issuers = {"DigidIssuer": "https://digid.example", "StaffIssuer": "https://staff.example"}
    chosen = {"Scanner": "true", "Firewall": "true", "MailFromNeutral": "b@y.example", **issuers}
    return Stage("prod", "eu-west-1", "123456789012", {"Prefix": "mijn-politie-prod-", **chosen}, {"MAIL_RATE": "14"})


def test_a_stage_whose_mail_and_logins_are_ready_is_deployed_in_silence(prod):
    assert outside(prod, SENDING) == []


def test_in_prod_a_deploy_stops_while_ses_is_in_its_sandbox_and_says_what_to_do(prod):
    findings = outside(prod, {**SENDING, "ProductionAccessEnabled": False})

    with pytest.raises(Stop, match=r"sandbox.*ask for production access.*--accept-unready"):
        ready.require(prod, iter(findings), print)


def test_elsewhere_and_when_it_was_accepted_what_is_not_ready_is_only_said(prod, stage):
    findings, lines = outside(prod, {**SENDING, "SendingEnabled": False}), []

    ready.require(stage, iter(findings), lines.append)
    ready.require(prod, iter(findings), lines.append, accepted=True)

    assert len(lines) == 2
    assert all("SES has stopped this account" in line for line in lines)


def test_prod_is_not_begun_without_a_scanner_and_a_neutral_sender(prod):
    bare = replace(prod, stack={name: value for name, value in prod.stack.items() if name.endswith("Issuer")})

    with pytest.raises(Stop, match=r'Scanner = "true".*MailFromNeutral'):
        ready.require(bare, iter(outside(bare, SENDING)), print)


def test_prod_has_a_firewall_unless_somebody_wrote_down_why_not(prod):
    without = replace(prod, stack={**prod.stack, "Firewall": "false"})
    refused = replace(without, api=replace(without.api, no_firewall_because="the ministry's own stands in front"))

    [finding] = outside(without, SENDING)
    assert 'Firewall = "true"' in finding.text
    assert finding.needed
    assert outside(refused, SENDING) == []
    assert outside(replace(without, name="test"), SENDING) == []


def test_a_rate_above_what_ses_allows_is_told_with_the_line_to_write(prod):
    [finding] = outside(prod, {**SENDING, "SendQuota": {"MaxSendRate": 1.0}})

    assert 'MAIL_RATE = "1"' in finding.text
    assert not finding.needed, "mail goes out all the same"
    assert outside(prod, {**SENDING, "SendQuota": {"MaxSendRate": 50.0}}) == []


def test_a_login_that_does_not_answer_is_named_and_holds_up_nobody(prod):
    findings = outside(prod, SENDING, up=False)

    assert [each.text.partition(":")[0] for each in findings] == ["DigidIssuer", "StaffIssuer"]
    ready.require(prod, iter(findings), print)


@pytest.mark.parametrize(
    ("verified", "secret", "said"),
    [
        ({"x.example": False, "a@x.example": False, "b@y.example": True}, KEYED, "MAIL_FROM: x.example"),
        ({"x.example": True, "b@y.example": False}, KEYED, "MAIL_FROM_NEUTRAL: y.example"),
        ({"x.example": True, "y.example": True}, {}, "rotate-keys add"),
    ],
)
def test_in_prod_the_functions_stay_as_they_are_while_a_sender_or_the_keys_are_missing(prod, verified, secret, said):
    class Aws(FakeAws):
        def get_email_identity(self, *, EmailIdentity):  # noqa: N803 — as botocore calls it
            if EmailIdentity not in verified:
                raise refused("NotFoundException")
            return {"VerifiedForSendingStatus": verified[EmailIdentity]}

    with pytest.raises(Stop, match=said):
        ready.require(prod, ready.inside(an_account(Aws(describe_secret=[secret])), NAMED), print)


def test_whoever_only_asks_whether_a_stage_is_ready_changes_nothing(prod, tmp_path):
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text("{}")
    lines = []
    aws = FakeAws(get_account=[{**SENDING, "ProductionAccessEnabled": False}], get_account_settings=[LARGE])

    with pytest.raises(Stop, match="things are not ready for prod"):
        steps.look(Deploy(prod, an_account(aws), tmp_path, lines.append), Issuers(up=False))

    assert "sandbox" in lines[0]
    assert any("DigidIssuer" in line for line in lines)
    assert aws.names() == ["get_account", "get_account_settings"]


# Its settings


def test_the_outputs_of_the_stack_are_the_settings(stage, outputs):
    values = settings.environment(stage, outputs)

    assert values["TABLE_PREFIX"] == "mijn-politie-test-"
    assert values["PARTIAL_BATCHES"] == "true"


def test_a_setting_that_misses_stops_the_deploy_and_not_the_first_request(stage, outputs):
    del outputs["DigidIssuer"]

    with pytest.raises(Stop, match="DIGID_ISSUER is missing"):
        settings.environment(stage, outputs)


def test_a_setting_that_is_none_is_refused(outputs):
    stage = Stage("test", "eu-west-1", "1", {}, {"COLOUR": "blue"})

    with pytest.raises(Stop, match="COLOUR"):
        settings.environment(stage, outputs)


def test_the_streams_are_those_that_the_tables_have_now(tmp_path, stage, outputs):
    (tmp_path / ".chalice").mkdir()
    file = tmp_path / ".chalice" / "config.json"
    file.write_text("{}")
    tables = FakeAws(describe_table=[{"Table": {"LatestStreamArn": "restored"}}, {"Table": {}}], get_account_settings=[LARGE])

    settings.write(
        stage, an_account(tables), {**outputs, **dict.fromkeys(_placeholders(), "x"), **SENDERS, "StaffIssuer": "y"}, tmp_path
    )

    written = json.loads(file.read_text())["stages"]["test"]["environment_variables"]
    assert (written["REPORTS_STREAM_ARN"], written["PROFILES_STREAM_ARN"]) == ("restored", "x")


def test_a_stage_is_written_beside_those_that_are_there(tmp_path, stage, outputs):
    (tmp_path / ".chalice").mkdir()
    file = tmp_path / ".chalice" / "config.json"
    file.write_text(json.dumps({"app_name": "mijn-politie", "stages": {"prod": {"autogen_policy": False}}}))
    named = {**outputs, **dict.fromkeys(_placeholders(), "x"), **SENDERS, "StaffIssuer": "y"}

    settings.write(stage, an_account(without_streams()), named, tmp_path)

    config = json.loads(file.read_text())
    assert set(config["stages"]) == {"prod", "test"}
    written = config["stages"]["test"]["lambda_functions"]
    assert set(written) == set(SIZES)
    assert all((tmp_path / ".chalice" / each["iam_policy_file"]).is_file() for each in written.values())


SENDERS = {"MailFrom": "a@x.example", "MailFromNeutral": "b@y.example"}


def _placeholders():
    texts = [(policies.FOLDER / f"{name}.json").read_text() for name in policies.known()]
    return {part.partition("}")[0] for text in texts for part in text.split("${")[1:]}


# The record of what is deployed

API = {"name": "rest_api", "resource_type": "rest_api", "rest_api_id": "abc", "rest_api_url": "https://abc/"}
FUNCTION = {"name": "every_hour", "resource_type": "lambda_function", "lambda_arn": "arn:1"}
OLD = {"name": "gone", "resource_type": "lambda_function", "lambda_arn": "arn:2"}


def test_a_lost_record_is_made_again_from_the_account_so_that_no_second_api_comes():
    record, repairs = state.merged({}, {"rest_api": API, "every_hour": FUNCTION})

    assert record == {"rest_api": API, "every_hour": FUNCTION}
    assert len(repairs) == 2


def test_a_record_that_agrees_with_the_account_stays_as_it_is():
    found = {"rest_api": API, "every_hour": FUNCTION}

    assert state.merged({**found, "gone": OLD}, found) == ({**found, "gone": OLD}, [])


def test_the_account_is_right_where_the_record_says_otherwise():
    record, repairs = state.merged({"rest_api": {**API, "rest_api_id": "old"}}, {"rest_api": API})

    assert record["rest_api"]["rest_api_id"] == "abc"
    assert len(repairs) == 1


def test_an_api_that_somebody_deleted_is_made_again():
    record, repairs = state.merged({"rest_api": API}, {})

    assert record == {}
    assert repairs == ["rest_api was in the record and is not in the account: it is made again."]


def test_a_function_that_somebody_deleted_is_made_again_and_one_that_the_app_no_longer_has_is_left_to_be_swept():
    record, repairs = state.merged({"every_hour": FUNCTION, "gone": OLD}, {}, frozenset({"every_hour"}))

    assert record == {"gone": OLD}
    assert len(repairs) == 1


# The settings that Chalice cannot say


def test_a_mapping_as_lambda_describes_it_is_compared_with_what_it_must_be():
    assert mapping.differences(mapping.options(QUEUE), QUEUE) == []
    changed = {**mapping.options(QUEUE), "FunctionResponseTypes": [], "MaximumRetryAttempts": -1}
    assert mapping.differences(changed, QUEUE) == ["FunctionResponseTypes", "MaximumRetryAttempts"]


def test_the_failure_queue_follows_from_the_settings():
    stream = "arn:aws:dynamodb:eu-west-1:123456789012:table/x/stream/1"

    assert mapping.failure_queue({"REPORTS_STREAM_ARN": stream, "TABLE_PREFIX": "mijn-politie-test-"}) == QUEUE
    with pytest.raises(Stop, match="no settings yet"):
        mapping.failure_queue({})


def test_the_access_log_says_nothing_of_who_asked_for_what():
    assert not {"$context.identity.sourceIp", "$context.path", "$context.identity.userAgent"} & set(ACCESS_LOG.values())


# The package


def zipped(file, contents):
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file


def test_our_own_code_goes_out_with_bytecode_beside_it_and_without_leftovers(tmp_path):
    app = zipped(
        tmp_path / "app.zip",
        {
            "app.py": "x = 1",
            "chalicelib/__pycache__/a.cpython-311.pyc": b"old",
            "chalicelib/locale/nl.po": "",
            "chalicelib/a.css": "",
        },
    )

    names = zipfile.ZipFile(package.slim(app, package.APP)).namelist()

    assert [name for name in names if "__pycache__" not in name] == ["app.py", "chalicelib/a.css"]
    assert len([name for name in names if name.startswith("__pycache__/app.")]) == 1


def test_of_the_libraries_only_what_is_loaded_goes_out_and_runs(tmp_path):
    root = "python/lib/python3.13/site-packages/"
    model = json.dumps({"operations": {"Get": {"documentation": "long"}}, "shapes": {"documentation": {"type": "string"}}})
    layer = zipped(
        tmp_path / "layer.zip",
        {
            root + "six.py": "answer = 42",
            root + "pip/__init__.py": "",
            root + "six-1.0.dist-info/METADATA": "",
            root + "botocore/data/dynamodb/2012-08-10/service-2.json": model,
            root + "botocore/data/dynamodb/2012-08-10/paginators-1.json": "{}",
            root + "botocore/data/ec2/2016-11-15/service-2.json": "{}",
        },
    )

    slim = zipfile.ZipFile(package.slim(layer, package.LAYER))

    assert slim.namelist() == [root + "botocore/data/dynamodb/2012-08-10/service-2.json", root + "six.pyc"]
    kept = json.loads(slim.read(root + "botocore/data/dynamodb/2012-08-10/service-2.json"))
    assert kept == {"operations": {"Get": {}}, "shapes": {"documentation": {"type": "string"}}}
    assert io.BytesIO(slim.read(root + "six.pyc")).read(8)[4:] == b"\x01\x00\x00\x00", "unchecked: no source is looked for"


def test_libraries_are_shipped_without_the_prose_of_their_authors(tmp_path):
    root, source = "python/lib/python3.13/site-packages/", 'def answer():\n    """Long."""\n    assert False\n    return 42\n'
    layer = zipped(tmp_path / "layer.zip", {root + "six.py": source, root + "urllib3/http2/__init__.py": source})

    slim = zipfile.ZipFile(package.slim(layer, package.LAYER))

    assert loaded(slim.read(root + "six.pyc"))["answer"]() == 42
    assert loaded(slim.read(root + "six.pyc"))["answer"].__doc__ is None
    assert "answer" not in loaded(slim.read(root + "urllib3/http2/__init__.pyc"))


def loaded(bytecode):
    names = {}
    exec(marshal.loads(bytecode[16:]), names)  # noqa: S102, S302 — what the line before made
    return names


@pytest.mark.parametrize("service", package.SERVICES)
def test_botocore_finds_in_a_model_without_prose_all_that_it_asks_for(service):
    whole = loaders.Loader().load_service_model(service, "service-2")

    slim = ServiceModel(package.without_prose(whole), service)

    assert len(json.dumps(package.without_prose(whole))) < 0.8 * len(json.dumps(whole))
    assert slim.client_context_parameters == ServiceModel(whole, service).client_context_parameters
    assert slim.operation_names == ServiceModel(whole, service).operation_names


def test_the_same_package_is_the_same_bytes(tmp_path):
    first, second = (zipped(tmp_path / f"{name}.zip", {"app.py": "x = 1"}) for name in "ab")

    assert package.slim(first, package.APP).read_bytes() == package.slim(second, package.APP).read_bytes()


def test_a_function_over_its_size_is_told_before_the_upload_with_what_is_large(tmp_path):
    shipped = package.slim(zipped(tmp_path / "app.zip", {"app.py": "x = 1", "chalicelib/big.css": "a" * 5000}), package.APP)

    package.require_small(shipped)
    for limits in ({"largest_unpacked_mb": 0.004}, {"largest_mb": 0.0001}):
        with pytest.raises(Stop, match=r"do not fit in Lambda.*Nothing was uploaded.*chalicelib/big\.css"):
            package.require_small(shipped, **limits)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            "Traceback (most recent call last):\n  File x\ninfra.deploy.errors.Stop: The functions do not fit.",
            "The functions do not fit.",
        ),
        ("Traceback:\nDeployError: ERROR - While deploying,\n\n  AWS said\n no.", "While deploying, AWS said no."),
        ("Usage: chalice", "Usage: chalice"),
    ],
)
def test_of_what_chalice_prints_only_the_reason_is_told(tmp_path, stage, error, said):
    (tmp_path / "chalice").mkdir()
    (tmp_path / "chalice" / "__init__.py").touch()
    (tmp_path / "chalice" / "cli.py").write_text(f"def main():\n    raise SystemExit({error!r})\n")

    with pytest.raises(Stop, match=f"^`chalice deploy` failed: {re.escape(said)}\nMend it"):
        steps.chalice(Deploy(stage, an_account(FakeAws()), tmp_path, lambda _: None), "deploy")


# Taking away


def test_prod_is_not_taken_away_unless_its_table_is_typed():
    prod = Stage("prod", "eu-west-1", "1", {"Prefix": "mijn-politie-prod-"}, {})

    with pytest.raises(Stop, match="TABLE=mijn-politie-prod-reports"):
        destroy(Deploy(prod, an_account(FakeAws()), ROOT), "reports")


def test_whoever_sends_mail_may_send_it_as_either_sender_and_as_nobody_else():
    senders = dict(SENDERS)
    names = defaultdict(str) | senders
    conditions = [
        statement["Condition"]["StringEquals"]["ses:FromAddress"]
        for function in policies.known()
        for statement in policies.render(function, names)["Statement"]
        if "ses:SendEmail" in statement["Action"]
    ]

    assert len(conditions) >= 3
    assert all(condition == ["a@x.example", "b@y.example"] for condition in conditions)


@pytest.mark.parametrize(("limits", "at_once"), [(LARGE, 10), (SMALL, None)])
def test_whoever_sends_many_files_takes_no_room_of_the_portal_and_a_small_account_can_be_deployed_to(
    tmp_path, stage, outputs, limits, at_once
):
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text("{}")
    aws = FakeAws(describe_table=[{"Table": {}}] * 2, get_account_settings=[limits])

    settings.write(stage, an_account(aws), {**outputs, **dict.fromkeys(_placeholders(), "x"), **SENDERS}, tmp_path)

    written = json.loads((tmp_path / ".chalice" / "config.json").read_text())["stages"]["test"]["lambda_functions"]
    found = {name: one["reserved_concurrency"] for name, one in written.items() if "reserved_concurrency" in one}
    assert found == ({"on_file_uploaded": at_once} if at_once else {})


def test_in_the_sandbox_too_a_mail_to_ones_own_verified_address_is_sent_and_from_our_senders_alone(tmp_path, stage, outputs):
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text("{}")
    named = {**outputs, **dict.fromkeys(_placeholders(), "x"), "StaffIssuer": "y", "MailFrom": "Mijn Politie <a@x.example>"}
    named["MailFromNeutral"] = "Buurt <b@y.example>"

    settings.write(stage, an_account(without_streams()), named, tmp_path)

    for function in ("on_report_changed", "on_details_changed", "every_minute"):
        policy = (tmp_path / ".chalice" / f"policy-test-{function}.json").read_text()
        [sending] = [each for each in json.loads(policy)["Statement"] if "ses:SendEmail" in each["Action"]]
        assert any(each.endswith(":identity/*") for each in sending["Resource"]), "SES asks for the identity of who gets it, too"
        assert sending["Condition"]["StringEquals"]["ses:FromAddress"] == ["a@x.example", "b@y.example"], (
            "IAM compares bare addresses"
        )


def test_a_deploy_ends_with_what_must_be_put_into_the_dns(stage, outputs):
    records = {f"MailDkim{number}": f"k{number} CNAME v{number}" for number in (1, 2, 3)}

    lines = list(finish.addresses(stage, {**outputs, **records}, [API]))

    assert [line for line in lines if line.startswith("DNS")] == [f"DNS         {record}" for record in records.values()]
