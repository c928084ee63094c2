"""A stage's life: deployed on an empty account, lived on, deployed again under traffic, repaired, and taken away."""

import json
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from chalicelib.letters.mailer import TAG, tag_of
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.schemas import example_of
from infra.deploy import mapping
from tests.deployed.cast import Way
from tests.deployed.cloud import ACCOUNT, PORTAL, PREFIX, REGION
from tests.e2e.story import ADDRESS, file, live

QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{PREFIX}failures"
EVENTS = Path(__file__).parents[1] / "events"


def called(cloud, token, method, path, body=None, **headers):
    """Call the API over the portal's address; return status and content."""
    opener = urllib.request.build_opener(Way(cloud.url))
    given = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    raw = json.dumps(body).encode() if body is not None else None
    try:
        with opener.open(urllib.request.Request(f"{PORTAL}{path}", raw, given, method=method), timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_what_is_wrong_is_told_with_a_sentence_and_leaves_nothing_behind(cloud):
    no_file = cloud.deploy()
    cloud.describe()
    no_stage = cloud.deploy(stage="production")
    other_account = cloud.deploy(AWS_ACCESS_KEY_ID="999999999999")
    too_early = cloud.deploy("functions")
    wrong_value = cloud.describe(PortalUrl="portal.example"), cloud.deploy("stack")

    for (code, said), expected in (
        (no_file, "Copy"),
        (no_stage, "test, acceptance, prod"),
        (other_account, "999999999999"),
        (too_early, "Run the step `settings` first"),
        (wrong_value[1], "PortalUrl"),
    ):
        assert code == 1, said
        assert expected in said
        assert "Traceback" not in said, said
    assert not cloud.client("dynamodb").list_tables()["TableNames"]
    assert not cloud.client("apigateway").get_rest_apis()["items"]


def test_a_stage_is_deployed_on_an_empty_account(cloud, figures):
    cloud.describe()
    began = time.monotonic()

    first = cloud.deploy("stack")
    cloud.bring_keys()
    code, said = cloud.deploy()

    assert first[0] == 0, first[1]
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
    retries = functions.get_function_event_invoke_config(FunctionName="mijn-politie-test-every_hour")
    assert retries["DestinationConfig"]["OnFailure"]["Destination"] == QUEUE
    assert cloud.client("apigateway").get_domain_name(domainName="portal.example")["securityPolicy"] == "TLS_1_2"


def test_an_address_that_does_not_exist_gets_the_gateways_own_answer(cloud):
    status, content = called(cloud, "", "GET", "/nothing-here", Accept="application/problem+json")

    assert status == 404
    assert json.loads(content)["title"] == "This page does not exist"


def test_a_stolen_bicycle_from_the_report_to_the_survey(cloud, cast, eventually, figures):
    live(cast, eventually)

    figures["story_mails"] = len(cast.inbox(ADDRESS).mails())
    for function in ("api_handler", "on_report_changed", "every_minute", "every_hour"):
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


def bounce(mail, address, reference):
    """SES's own document of a bounce, about this mail."""
    event = json.loads((EVENTS / "ses-bounce.json").read_text())
    event["bounce"]["bouncedRecipients"][0]["emailAddress"] = address
    at = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime())}.000Z"
    event["mail"] |= {"messageId": mail["id"], "destination": [address], "timestamp": at}
    event["mail"]["tags"] |= {"ses:configuration-set": [f"{PREFIX}mail"], TAG: [tag_of(f"{reference}#1")]}
    return json.dumps(event)


def usable(cloud, reference):
    key = {"reference": {"S": reference}}
    item = cloud.client("dynamodb").get_item(TableName=f"{PREFIX}reports", Key=key, ConsistentRead=True)["Item"]
    return item["contact"]["M"]["usable"]["BOOL"]


class Traffic(threading.Thread):
    """Somebody who files one report after the other, until told to stop."""

    def __init__(self, cloud, token, number):
        super().__init__(daemon=True)
        self._cloud, self._token, self._number = cloud, token, number
        self.ended, self.statuses, self.addresses = threading.Event(), [], []

    def run(self):
        body = example_of(KINDS["graffiti"])
        while not self.ended.is_set():
            address = f"traffic{self._number}.{len(self.statuses)}@example.org"
            given = {**body, "answers": {**body["answers"], "email": address}}
            status, _ = called(self._cloud, self._token, "POST", "/v1/reports", given, **{"Idempotency-Key": address})
            self.statuses.append(status)
            self.addresses.append(address)


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


def test_a_lost_record_is_repaired_and_no_second_api_is_made(cloud):
    before = cloud.recorded()
    (cloud.project / ".chalice" / "deployed" / "test.json").unlink()
    cloud.client("s3").delete_object(Bucket=f"{PREFIX}deploy-{ACCOUNT}", Key="deployed.json")

    code, said = cloud.deploy("functions")

    assert code == 0, said
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


def test_a_stage_is_taken_away_and_what_holds_data_stays(cloud):
    code, said = cloud.deploy("destroy")

    assert code == 0, said
    assert not cloud.client("apigateway").get_rest_apis()["items"]
    assert not cloud.client("lambda").list_functions()["Functions"]
    assert f"{PREFIX}reports" in cloud.client("dynamodb").list_tables()["TableNames"]
