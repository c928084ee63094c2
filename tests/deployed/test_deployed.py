"""A stage's life: deployed on an empty account, lived on, deployed again under traffic, repaired, and taken away."""

import json
import time

import pytest
from botocore.exceptions import ClientError

from infra.deploy import mapping
from infra.deploy.functions import APP_NAME
from tests.deployed.cast import bounce, usable
from tests.deployed.cloud import ACCOUNT, PORTAL, PREFIX, REGION
from tests.deployed.traffic import Traffic, called
from tests.e2e.story import ADDRESS, file, live

QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{PREFIX}failures"


def test_what_is_wrong_is_told_with_a_sentence_and_leaves_nothing_behind(cloud):
    no_file = cloud.deploy()
    cloud.describe()
    no_stage = cloud.deploy(stage="Production")
    no_keys = cloud.deploy("stack")
    other_account = cloud.deploy(AWS_ACCESS_KEY_ID="999999999999", AWS_SESSION_TOKEN="")
    nobody = cloud.deploy(**dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), ""))
    too_early = cloud.deploy("functions")
    plain = cloud.chalice("deploy")
    cloud.describe(PortalUrl="portal.example")
    roots = cloud.make_roots()
    wrong_value = cloud.deploy("stack")

    for (code, said), expected in (
        (no_file, "Copy"),
        (no_stage, "such as test, acceptance, prod or dev-anna"),
        (no_keys, "an administrator runs `make deploy STAGE=test STEP=roots` once"),
        (other_account, "999999999999"),
        (nobody, "there are no AWS credentials"),
        (too_early, "Run the step `settings` first"),
        (plain, "This clone has no settings for this stage, so nothing was made: run `make deploy STAGE=…` once"),
        (wrong_value, "PortalUrl"),
    ):
        assert code == 1, said
        assert expected in said
        assert "Traceback" not in said, said
    assert roots[0] == 0, roots[1]
    assert not cloud.client("dynamodb").list_tables()["TableNames"]
    assert not cloud.client("apigateway").get_rest_apis()["items"]
    assert not cloud.client("lambda").list_functions()["Functions"]
    assert not cloud.client("lambda").list_layers()["Layers"]


def test_a_name_that_is_taken_is_told_and_the_next_run_clears_away_what_was_left(cloud):
    cloud.describe()
    theirs = cloud.client("s3", account="111111111111")
    theirs.create_bucket(Bucket=f"{PREFIX}evidence", CreateBucketConfiguration={"LocationConstraint": REGION})

    code, said = cloud.deploy("stack")
    [left] = cloud.client("cloudformation").describe_stacks(StackName=f"{PREFIX}stack")["Stacks"]
    theirs.delete_bucket(Bucket=f"{PREFIX}evidence")

    assert code == 1
    assert "EvidenceBucket" in said
    assert "choose another Prefix" in said
    assert "Traceback" not in said
    assert left["StackStatus"] == "ROLLBACK_COMPLETE"  # which the next test's deploy takes away


def test_a_first_deploy_that_fails_half_way_leaves_tables_and_the_next_one_takes_them_in(cloud, figures):
    cloud.describe()
    tables, mail = cloud.client("dynamodb"), cloud.client("sesv2")
    mail.create_configuration_set(ConfigurationSetName=f"{PREFIX}mail")

    code, said = cloud.deploy("stack")
    left = {name: tables.describe_table(TableName=name)["Table"]["TableId"] for name in tables.list_tables()["TableNames"]}
    mail.delete_configuration_set(ConfigurationSetName=f"{PREFIX}mail")
    again = cloud.deploy("stack")

    assert code == 1
    assert "MailConfigurationSet" in said
    assert left, "what holds data is retained, also when the rest is rolled back"
    assert again[0] == 0, again[1]
    now = {name: tables.describe_table(TableName=name)["Table"]["TableId"] for name in left}
    assert now == left
    figures["tables_taken_in"] = len(left)


def test_a_stage_is_deployed_on_an_empty_account(cloud, figures):
    cloud.describe()
    began = time.monotonic()

    cloud.bring_keys()
    code, said = cloud.deploy()

    assert code == 0, said
    assert f"{PORTAL}/v1/openapi.json" in said
    figures["deploy_s"] = round(time.monotonic() - began, 1)


def test_what_chalice_cannot_say_is_set(cloud):
    functions, gateway, recorded = cloud.client("lambda"), cloud.client("apigateway"), cloud.recorded()
    streams = [each for each in recorded.values() if each["resource_type"] == "dynamodb_event"]
    stage = gateway.get_stage(restApiId=recorded["rest_api"]["rest_api_id"], stageName="api")

    assert len(streams) >= 1
    for each in streams:
        found = functions.get_event_source_mapping(UUID=each["event_uuid"])
        assert mapping.differences(found, QUEUE) == []
        assert found["StartingPosition"] == "TRIM_HORIZON"
    assert stage["accessLogSettings"]["destinationArn"].endswith(f"{PREFIX}access")
    assert "sourceIp" not in stage["accessLogSettings"]["format"]
    assert stage["methodSettings"]["*/*"]["throttlingRateLimit"] == 200
    reserved = functions.get_function_concurrency(FunctionName="mijn-politie-test-on_file_uploaded")
    assert reserved["ReservedConcurrentExecutions"] == 10
    for each in (each for each in recorded.values() if each["resource_type"] == "iam_role"):
        role = cloud.client("iam").get_role(RoleName=each["role_name"])["Role"]
        assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == f"arn:aws:iam::{ACCOUNT}:policy/{PREFIX}functions"
    retries = functions.get_function_event_invoke_config(FunctionName="mijn-politie-test-every_hour")
    assert retries["DestinationConfig"]["OnFailure"]["Destination"] == QUEUE
    assert gateway.get_domain_name(domainName="portal.example")["securityPolicy"] == "TLS_1_2"
    [mapped] = gateway.get_base_path_mappings(domainName="portal.example")["items"]
    assert (mapped["restApiId"], mapped["stage"]) == (recorded["rest_api"]["rest_api_id"], "api")
    api = gateway.get_rest_api(restApiId=mapped["restApiId"])
    assert (api["disableExecuteApiEndpoint"], api["name"]) == (True, "mijn-politie-test")
    firewall = cloud.client("wafv2")
    [acl] = [each for each in firewall.list_web_acls(Scope="REGIONAL")["WebACLs"] if each["Name"] == f"{PREFIX}portal"]
    behind = firewall.list_resources_for_web_acl(WebACLArn=acl["ARN"], ResourceType="API_GATEWAY")["ResourceArns"]
    assert behind == [f"arn:aws:apigateway:{REGION}::/restapis/{mapped['restApiId']}/stages/api"]


def test_an_address_that_does_not_exist_gets_the_gateways_own_answer(cloud):
    status, content = called(cloud, "", "GET", "/nothing-here", Accept="application/problem+json")

    assert status == 404
    assert json.loads(content)["title"] == "This page does not exist"


def test_a_stolen_bicycle_from_the_report_to_the_survey(cloud, cast, eventually, figures):
    live(cast, eventually)

    figures["story_mails"] = len(cast.inbox(ADDRESS).mails())
    streams, schedules = ("on_report_changed", "on_report_indexed"), ("every_minute", "every_minute_batches", "every_hour")
    for function in ("api_handler", *streams, *schedules):
        wrong = [line for line in cloud.logs(function) if "AccessDenied" in line or "[ERROR]" in line]
        assert not wrong, f"{function}: {wrong[:3]}"


def test_an_address_that_bounces_is_not_written_to_again(cloud, cast, eventually, figures):
    citizen, address = cast.citizen(), "weg@example.org"
    citizen.log_in("boer")
    reference = file(citizen, email=address)
    (mail,) = eventually(cast.inbox(address).mails)

    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:{PREFIX}receipts"
    cloud.client("sns").publish(TopicArn=topic, Message=bounce(mail, address, reference))

    assert eventually(lambda: not usable(cloud, reference)), cloud.logs("on_receipt")
    figures["bounces"] = 1


def test_an_official_report_goes_to_the_polices_own_system_and_to_nobody_else(cloud):
    reports = cloud.client("dynamodb").scan(TableName=f"{PREFIX}reports")["Items"]
    asked = json.dumps({"reference": reports[0]["reference"]["S"], "employee": "registry", "reason": "take over"})
    role = f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}registry"
    registry = cloud.taken_on(cloud.with_credentials("sts", **cloud.registry()), role)
    operator = cloud.taken_on(cloud.client("sts"), f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}operator")

    made = cloud.with_credentials("lambda", **registry).invoke(
        FunctionName=f"{APP_NAME}-test-make_official_report", Payload=asked
    )

    report = json.loads(made["Payload"].read())
    assert report["reference"] == reports[0]["reference"]["S"]
    assert len(report["bsn"]) == 9
    for credentials, function in ((registry, "every_day"), (operator, "make_official_report")):
        with pytest.raises(ClientError, match="AccessDenied"):
            cloud.with_credentials("lambda", **credentials).invoke(FunctionName=f"{APP_NAME}-test-{function}", Payload=asked)
    with pytest.raises(ClientError, match="AccessDenied"):
        cloud.taken_on(cloud.client("sts", account="333333333333"), role)


def test_who_deploys_can_read_no_report_and_give_itself_no_more(cloud):
    me = cloud.taken_on(cloud.client("sts"), f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}deployer")
    everything = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    more = {"PolicyName": "more", "PolicyDocument": everything}
    trust = {"RoleName": f"{APP_NAME}-test-my_own", "AssumeRolePolicyDocument": everything}
    opener, mine = f"{APP_NAME}-test-make_official_report", {"StatementId": "me", "Action": "lambda:InvokeFunction"}
    tried = (
        ("dynamodb", lambda client: client.scan(TableName=f"{PREFIX}reports")),
        ("secretsmanager", lambda client: client.get_secret_value(SecretId=f"{PREFIX}derivation")),
        ("lambda", lambda client: client.invoke(FunctionName=opener, Payload=b"{}")),
        ("lambda", lambda client: client.add_permission(FunctionName=opener, Principal="events.amazonaws.com", **mine)),
        ("lambda", lambda client: client.add_permission(FunctionName=f"{APP_NAME}-test", Principal=ACCOUNT, **mine)),
        ("kms", lambda client: client.disable_key(KeyId=f"alias/{PREFIX}bsn")),
        ("kms", lambda client: client.put_key_policy(KeyId=f"alias/{PREFIX}bsn", Policy=everything)),
        ("iam", lambda client: client.put_role_policy(RoleName=f"{PREFIX}deployer", **more)),
        ("iam", lambda client: client.create_role(**trust)),
        (
            "sts",
            lambda client: client.assume_role(
                RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}cloudformation", RoleSessionName="me"
            ),
        ),
    )

    for service, attempt in tried:
        with pytest.raises(ClientError, match="AccessDenied"):
            attempt(cloud.with_credentials(service, **me))


LOOKING = {  # each command that changes nothing, and what it ends with here
    ("status",): 0,
    ("check-settings",): 0,
    ("digest", "--day", time.strftime("%Y-%m-%d")): 0,
    ("trace", "--address", "203.0.113.7"): 0,
    ("export-statistics", "--first", "2016-07", "--last", "2016-08"): 0,
    ("redrive", "--dry-run"): 0,
    ("erase-expired", "--dry-run"): 0,
    ("end-sessions", "--officer", "NN0000", "--dry-run"): 0,
    ("rotate-keys", "add", "--dry-run"): 0,
    ("rotate-codes", "add", "--dry-run"): 0,
    ("rotate-clue-key", "add", "--dry-run"): 0,
    ("derive-clues", "--dry-run"): 0,
    ("register-numbers", "--dry-run"): 0,
    ("fill-lists", "--dry-run"): 0,
    ("mend-tables", "--dry-run"): 1,  # the emulator keeps no recovery and no expiry
}


def test_an_operator_looks_with_rights_to_look_only(cloud):
    for command, ending in LOOKING.items():
        code, said = cloud.ops(*command)

        assert code == ending, (command, said)
        assert "AccessDenied" not in said, said
    assert cloud.ops("rotate-keys", "add")[0] != 0, "a role that looks changed a secret"


def test_a_letter_that_was_lost_is_sent_by_hand_with_rights_to_mend(cloud, eventually):
    tables, lately = cloud.client("dynamodb"), (time.time() - 86_400) * 1_000_000
    old = [each for each in tables.scan(TableName=f"{PREFIX}reports")["Items"] if int(each["filed_at"]["N"]) < lately]
    key = {"reference": old[0]["reference"], "number": {"N": "1"}}
    assert tables.delete_item(TableName=f"{PREFIX}letters", Key=key, ReturnValues="ALL_OLD")["Attributes"]

    queue = cloud.client("sqs").get_queue_url(QueueName=f"{PREFIX}failures")["QueueUrl"]
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{APP_NAME}-test-every_hour"
    note = {"requestContext": {"functionArn": function}, "requestPayload": {}}
    cloud.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(note))

    looked, known = cloud.ops("redrive", "--dry-run"), cloud.ops("status", role="mender")

    assert looked[0] == 0
    assert "failure queue   1 waiting" in known[1]
    assert "every_hour 1" in looked[1]
    for command in (
        ("redrive", "--hours", "9000"),
        ("mend-tables",),
        ("rotate-keys", "add"),
        ("rotate-codes", "add"),
        ("rotate-clue-key", "add"),
        ("derive-clues",),
        ("register-numbers",),
        ("fill-lists",),
        ("export-accounts",),
        ("erase-expired",),
        ("end-sessions", "--officer", "NN0000"),
        ("check-settings",),
    ):
        code, said = cloud.ops(*command, role="mender")
        assert code == 0, (command, said)
    cloud.bring_keys()

    assert "Item" in tables.get_item(TableName=f"{PREFIX}letters", Key=key)


def test_a_deploy_under_traffic_fails_no_request_and_loses_no_letter(cloud, cast, eventually, figures):
    traffic = [Traffic(cloud, cast.token("wiel"), number) for number in range(2)]
    for each in traffic:
        each.start()
    time.sleep(3)

    code, said = cloud.chalice("deploy")  # a plain one: the hooks come along
    time.sleep(3)
    for each in traffic:
        each.ended.set()
    for each in traffic:
        each.join(timeout=90)

    assert code == 0, said
    statuses = [status for each in traffic for status in each.statuses]
    addresses = [address for each in traffic for address in each.addresses]
    assert set(statuses) == {201}, statuses
    assert eventually(lambda: set(addresses) <= {mail["to"] for mail in cloud.sent()}, 240), "what was put off is tried again"
    sent = [mail["to"] for mail in cloud.sent() if mail["to"] in addresses]
    assert sorted(sent) == sorted(addresses), "each letter once"
    figures |= {"requests_under_deploy": len(statuses), "failed": 0, "letters_under_deploy": len(sent)}
    test_what_chalice_cannot_say_is_set(cloud)


def test_what_somebody_changed_by_hand_is_named_and_nothing_is_changed(cloud):
    queues = cloud.client("sqs")
    address = queues.get_queue_url(QueueName=f"{PREFIX}failures")["QueueUrl"]
    fortnight = queues.get_queue_attributes(QueueUrl=address, AttributeNames=["MessageRetentionPeriod"])["Attributes"]
    queues.set_queue_attributes(QueueUrl=address, Attributes={"MessageRetentionPeriod": "60"})

    code, said = cloud.deploy("stack")
    accepted = cloud.deploy("stack", "--accept-drift")
    queues.set_queue_attributes(QueueUrl=address, Attributes=fortnight)
    back = cloud.deploy("stack")

    assert code == 1
    assert "Somebody changed FailureQueue by hand" in said
    assert accepted[0] == back[0] == 0, accepted[1] + back[1]


def test_a_table_that_was_restored_has_another_stream_and_a_deploy_leads_the_functions_to_it(cloud, cast, eventually):
    tables, name = cloud.client("dynamodb"), f"{PREFIX}reports"
    before = cloud.recorded()["on_report_changed-dynamodb-event-source"]
    tables.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})
    mended = cloud.ops("mend-tables", role="mender")
    stream = tables.describe_table(TableName=name)["Table"]["LatestStreamArn"]

    code, said = cloud.deploy()

    assert mended[0] == 1, "somebody has to deploy"
    assert stream in mended[1]
    assert code == 0, said
    assert "on_report_changed still read the stream of an earlier table" in said
    after = cloud.recorded()["on_report_changed-dynamodb-event-source"]
    assert after["stream_arn"] == stream != before["stream_arn"]
    listed = cloud.client("lambda").list_event_source_mappings(FunctionName=after["lambda_arn"])["EventSourceMappings"]
    assert [each["EventSourceArn"] for each in listed] == [stream]
    citizen, address = cast.citizen(), "hersteld@example.org"
    citizen.log_in("wiel")
    file(citizen, email=address)
    assert eventually(cast.inbox(address).mails)


def test_a_lost_record_is_repaired_and_no_second_api_is_made_and_who_was_stopped_stays_so(cloud):
    before, functions, stopped = cloud.recorded(), cloud.client("lambda"), f"{APP_NAME}-test-every_hour"
    functions.put_function_concurrency(FunctionName=stopped, ReservedConcurrentExecutions=0)
    (cloud.project / ".chalice" / "deployed" / "test.json").unlink()
    cloud.client("s3").delete_object(Bucket=f"{PREFIX}deploy-{ACCOUNT}", Key="deployed.json")

    plain = cloud.chalice("deploy")
    code, said = cloud.deploy("functions")
    still = functions.get_function_concurrency(FunctionName=stopped)
    functions.delete_function_concurrency(FunctionName=stopped)

    assert plain[0] == 1
    assert "a second API would come beside the first, so nothing was made: run `make deploy STAGE=test` once" in plain[1]
    assert code == 0, said
    assert still["ReservedConcurrentExecutions"] == 0
    assert f"{stopped} is stopped, and stays so." in said
    assert "repaired: rest_api was in the account" in said
    assert len(cloud.client("apigateway").get_rest_apis()["items"]) == 1
    after = cloud.recorded()
    assert {name: each.get("event_uuid") for name, each in after.items()} == {
        name: each.get("event_uuid") for name, each in before.items()
    }


def test_a_half_finished_deploy_is_found_and_taken_up(cloud):
    cloud.client("lambda").delete_function(FunctionName="mijn-politie-test-every_day")
    kept = cloud.recorded()["on_report_changed-dynamodb-event-source"]
    cloud.client("lambda").delete_event_source_mapping(UUID=kept["event_uuid"])

    code, said = cloud.deploy()

    assert code == 0, said
    assert "every_day" in cloud.recorded()
    assert cloud.recorded()["on_report_changed-dynamodb-event-source"]["event_uuid"] != kept["event_uuid"]
    test_what_chalice_cannot_say_is_set(cloud)
