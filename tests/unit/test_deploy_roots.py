"""Keys are made once: what is there is taken in, and where reports are and their keys are not, nothing is made."""

import json
import sys
from dataclasses import replace

import botocore.session
import pytest

from infra.deploy import boundary, commands, hooks, roots, stack
from infra.deploy.bucket import DeployBucket
from infra.deploy.destroy import destroy
from infra.deploy.errors import Stop
from infra.deploy.interpreter import RUNTIME
from infra.deploy.rendered import rendered
from infra.deploy.stage import Stage
from infra.deploy.steps import Deploy, steps_of
from infra.tables import ROOTS
from tests.unit.test_deploy import FakeAws, a_stack, absent, an_account, refused

PREFIX = "mijn-politie-test-"
STREAM = "arn:aws:dynamodb:eu-west-1:123456789012:table/x/stream/1"
WHOLE = {f"alias/{PREFIX}{end}": f"key-{end}" for end in ("data", "bsn", "bsn-hmac")}


class Pages:
    def __init__(self, aliases):
        self._aliases = aliases

    def paginate(self):
        yield {
            "Aliases": [{"AliasName": name, "TargetKeyId": key} for name, key in self._aliases.items()]
            + [{"AliasName": "alias/x"}]
        }


class Left(FakeAws):
    """An account in which an earlier stage left keys, secrets and a table; every stack that is asked for is made."""

    def __init__(self, aliases, *, secrets=True, table=None):
        done = [a_stack("CREATE_COMPLETE")] * 20
        known = (
            [{"ARN": f"arn:{one}"} for one in ("derivation", "clues", "oidc")]
            if secrets
            else [refused("ResourceNotFoundException")] * 3
        )
        super().__init__(
            describe_stacks=[absent(), absent(), *done], create_change_set=[{}] * 2, execute_change_set=[{}] * 2,
            describe_change_set=[{"Status": "CREATE_COMPLETE"}] * 2, update_termination_protection=[{}],
            head_bucket=[{}] * 2, put_object=[{}] * 2, describe_secret=known,
            describe_table=[table or refused("ResourceNotFoundException")] * 9,
        )  # fmt: skip
        self._known = aliases
        self.meta = type("Meta", (), {"endpoint_url": "https://s3"})

    def get_paginator(self, _):
        return Pages(self._known)


@pytest.fixture
def stage():
    return Stage("test", "eu-west-1", "123456789012", {"Prefix": PREFIX, "Stage": "test", "MailDomain": "x.example"}, {})


def brought_up(stage, aws):
    said = []
    roots.bring_up(stage, an_account(aws), DeployBucket(stage, an_account(aws)), said.append, sleep=lambda _: None)
    return [arguments for name, arguments in aws.calls if name == "create_change_set"], said


def test_a_new_stage_gets_new_keys_in_a_stack_that_nobody_deletes_by_mistake(stage):
    aws = Left({}, secrets=False)

    [request], said = brought_up(stage, aws)

    assert (request["StackName"], request["ChangeSetType"]) == (f"{PREFIX}roots", "CREATE")
    assert "RoleARN" not in request
    assert ("update_termination_protection", {"StackName": f"{PREFIX}roots", "EnableTerminationProtection": True}) in aws.calls
    assert said == []


def test_keys_and_secrets_that_are_there_are_taken_in_and_none_is_made_anew(stage):
    (first, second), said = brought_up(stage, Left(WHOLE, table={"Table": {}}))

    taken = {each["LogicalResourceId"]: each["ResourceIdentifier"] for each in first["ResourcesToImport"]}
    assert first["ChangeSetType"] == "IMPORT"
    assert not {"Tags", "ImportExistingResources"} & set(first), "CloudFormation refuses an import that changes anything else"
    assert taken["BsnHmacKey"] == {"KeyId": "key-bsn-hmac"}
    assert taken["BsnHmacKeyAlias"] == {"AliasName": f"alias/{PREFIX}bsn-hmac"}
    assert taken["DerivationSecret"] == {"Id": "arn:derivation"}
    assert len(taken) == 9
    assert (second["ChangeSetType"], "ResourcesToImport" in second) == ("UPDATE", False)
    assert "taken in: BsnHmacKey" in said[0]


def test_where_reports_are_and_a_key_of_theirs_is_not_nothing_is_made(stage):
    aliases = {name: key for name, key in WHOLE.items() if not name.endswith("bsn-hmac")}
    aws = Left(aliases, table={"Table": {}})

    with pytest.raises(Stop, match="BsnHmacKey is not found: another would part every reporter"):
        brought_up(stage, aws)

    assert not {"create_change_set", "execute_change_set"} & set(aws.names())


def test_after_a_first_try_that_failed_half_way_what_is_there_is_taken_in_and_the_rest_made(stage):
    (first, second), _ = brought_up(stage, Left({f"alias/{PREFIX}data": "key-data"}, secrets=False))

    assert {each["LogicalResourceId"] for each in first["ResourcesToImport"]} == {"DataKey", "DataKeyAlias"}
    assert second["ChangeSetType"] == "UPDATE"


def test_a_key_without_its_alias_is_known_by_the_table_that_lies_under_it(stage):
    aliases = {name: key for name, key in WHOLE.items() if not name.endswith("-data")}
    table = {"Table": {"SSEDescription": {"KMSMasterKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/of-the-table"}}}

    (first, _), _ = brought_up(stage, Left(aliases, table=table))

    taken = {each["LogicalResourceId"]: each["ResourceIdentifier"] for each in first["ResourcesToImport"]}
    assert taken["DataKey"] == {"KeyId": "of-the-table"}
    assert "DataKeyAlias" not in taken, "it is not there: the second change makes it"


def test_a_secret_that_is_about_to_be_deleted_is_named_with_the_way_back(stage):
    aws = Left(WHOLE, table={"Table": {}})
    aws._answers["describe_secret"] = [{"ARN": "arn:x", "DeletedDate": "soon"}]

    with pytest.raises(Stop, match=f"aws secretsmanager restore-secret --secret-id {PREFIX}derivation"):
        brought_up(stage, aws)


def test_prod_names_who_may_change_its_keys(stage):
    with pytest.raises(Stop, match="prod needs a line KeyAdministrators"):
        brought_up(replace(stage, name="prod"), Left({}))


def test_of_what_is_taken_in_the_template_says_only_that():
    sent = json.loads(rendered(ROOTS, {"App": "mijn-politie", "Stage": "test", "Prefix": PREFIX}, ("DataKey", "DataKeyAlias")))

    assert set(sent["Resources"]) == {"DataKey", "DataKeyAlias"}
    assert sent["Resources"]["DataKeyAlias"]["Properties"]["AliasName"] == f"alias/{PREFIX}data"
    assert all(each["DeletionPolicy"] == "Retain" for each in sent["Resources"].values())
    assert "Outputs" not in sent


def test_whoever_deploys_with_a_role_made_for_it_waits_for_an_administrators_keys(stage):
    with_role = replace(stage, cloudformation_role="arn:role")

    assert steps_of(stage)[0] == "roots"
    assert "roots" not in steps_of(with_role)
    with pytest.raises(Stop, match="an administrator runs `make deploy STAGE=test STEP=roots` once"):
        roots.outputs(with_role, an_account(FakeAws(describe_stacks=[absent()])))


def a_stack_with(**outputs):
    told = [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()]
    return {"Stacks": [{"StackStatus": "UPDATE_COMPLETE", "Outputs": told}]}


def test_another_key_of_pseudonyms_is_asked_of_an_administrator_first(stage):
    second = replace(stage, roots={"BsnHmacVersion": "V2"})

    with pytest.raises(Stop, match=r"BsnHmacVersion is V2 under \[roots\], and the keys are of V1"):
        roots.outputs(second, an_account(FakeAws(describe_stacks=[a_stack_with(BsnHmacKeyVersion="V1")])))


def test_a_stack_of_before_keeps_its_key_of_data_while_it_lets_its_keys_go(stage):
    aws = FakeAws(describe_stacks=[a_stack_with(DataKeyArn="arn:key"), absent()])

    assert roots.data_key(stage, an_account(aws)) == "arn:key"


# Taking away


def test_after_the_step_stack_alone_there_are_no_functions_and_the_stack_is_deleted(stage, tmp_path):
    class Nothing(FakeAws):
        def get_function(self, **_):
            raise refused("ResourceNotFoundException")

    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text("{}")
    said = []
    aws = Nothing(describe_stacks=[a_stack("CREATE_COMPLETE"), absent()], delete_stack=[{}])
    aws.meta = type("Meta", (), {"endpoint_url": "https://s3"})

    destroy(Deploy(stage, an_account(aws), tmp_path, said.append), "")

    assert "delete_stack" in aws.names()
    assert f"keys and secrets ({PREFIX}roots)" in said[-1]


def test_the_stack_of_keys_is_never_deleted(stage):
    aws = FakeAws(describe_stacks=[a_stack("CREATE_COMPLETE"), absent()], delete_stack=[{}])

    stack.delete(stage, an_account(aws), sleep=lambda _: None)

    assert [arguments["StackName"] for name, arguments in aws.calls if name == "delete_stack"] == [f"{PREFIX}stack"]


# Chalice's own commands

KNOWN = {"REPORTS_STREAM_ARN": STREAM, "TABLE_PREFIX": PREFIX, "STAGE": "test"}


@pytest.mark.parametrize(
    ("arguments", "environ", "said"),
    [
        (["deploy", "--stage", "test"], {}, "no settings for this stage, so nothing was made: run `make deploy STAGE=…` once"),
        (["--project-dir", "deploy", "deploy"], {"STAGE": "test"}, "so nothing was made"),
        (["deploy"], KNOWN, "a second API would come beside the first, so nothing was made: run `make deploy STAGE=test` once"),
        (["--debug", "local"], {}, "run `make run`"),
        (["package", "out"], KNOWN, "is not supported.*run `make deploy STAGE=…`"),
        (["generate-pipeline", "x.json"], KNOWN, "is not supported"),
    ],
)
def test_a_command_that_cannot_be_done_says_what_to_run_before_anything_is_made(tmp_path, arguments, environ, said):
    with pytest.raises(Stop, match=said.replace("(", r"\(")):
        commands.require_possible(arguments, environ, tmp_path)


@pytest.mark.parametrize("arguments", [["delete"], ["url"], ["logs", "--name", "deploy"], ["--version"], []])
def test_a_command_that_makes_nothing_is_let_through(tmp_path, arguments):
    commands.require_possible(arguments, {}, tmp_path)


def test_a_plain_deploy_works_where_the_stage_and_its_record_are_known(tmp_path):
    (tmp_path / ".chalice" / "deployed").mkdir(parents=True)
    (tmp_path / ".chalice" / "deployed" / "test.json").write_text("{}")

    if sys.version_info[:2] == RUNTIME:
        commands.require_possible(["deploy"], KNOWN, tmp_path)
    else:
        with pytest.raises(Stop, match=r"The functions run on Python 3\.13, and this is .*, so nothing was made"):
            commands.require_possible(["deploy"], KNOWN, tmp_path)


# Roles and stops that hold


def test_a_new_role_of_a_function_has_its_boundary():
    client = botocore.session.get_session().create_client("iam", "eu-west-1")
    boundary.on_new_roles(client, boundary.arn(KNOWN))
    asked = {}
    client.meta.events.emit("provide-client-params.iam.CreateRole", params=asked, model=None)

    assert asked == {"PermissionsBoundary": f"arn:aws:iam::123456789012:policy/{PREFIX}functions"}


def test_a_role_of_before_gets_its_boundary_and_one_that_has_it_is_left_alone(stage):
    has = {"Role": {"PermissionsBoundary": {"PermissionsBoundaryArn": boundary.arn(KNOWN)}}}
    aws = FakeAws(get_role=[{"Role": {}}, has, refused("NoSuchEntity")], put_role_permissions_boundary=[{}])

    told = list(boundary.on_roles_of_before(stage, an_account(aws), ("every_day", "every_hour", "on_receipt"), KNOWN))

    assert told == ["mijn-politie-test-every_day has its boundary now."]


@pytest.mark.parametrize(
    ("answer", "stays"), [({"ReservedConcurrentExecutions": 0}, True), ({}, False), ({"ReservedConcurrentExecutions": 20}, False)]
)
def test_a_function_that_somebody_stopped_stays_so_whatever_a_deploy_says(answer, stays, capsys):
    assert hooks.stays_stopped(FakeAws(get_function_concurrency=[answer]), "mijn-politie-prod") is stays
    assert ("is stopped, and stays so" in capsys.readouterr().out) is stays
