"""DynamoDB in memory answers as a model of all of DynamoDB does, for all that the portal's stores ask."""

import pytest
from botocore.exceptions import ClientError

from infra.memory.dynamo import Dynamo, Failure
from infra.memory.near import NearClient
from infra.memory.wire import Cloud, Fault
from infra.tables import definitions
from tests.conftest import PREFIX

TABLE = {"TableName": f"{PREFIX}letters"}


def key(number, reference="CCCC-CCCC-CCCC"):
    return {"reference": {"S": reference}, "number": {"N": str(number)}}


def item(number, **more):
    return {**key(number), "letter": {"S": "news"}, **more}


ALL_NAMES = {
    "#r": "reference",
    "#n": "number",
    "#l": "letter",
    "#a": "attempt",
    "#li": "l",
    "#c": "n",
    "#p": "pile",
    "#at": "look_at",
}


def named(request):
    """The request with the names that its expressions use, and no others: DynamoDB refuses what is not used."""
    text = " ".join(str(value) for name, value in request.items() if name.endswith("Expression")) + " "
    names = {short: name for short, name in ALL_NAMES.items() if any(short + end in text for end in " ,)")}
    return {**request, **({"ExpressionAttributeNames": names} if names else {})}


def put(number, condition="", **more):
    return "PutItem", named({**TABLE, "Item": item(number, **more), **({"ConditionExpression": condition} if condition else {})})


def changed(number, expression, condition="", values=None):
    request = {**TABLE, "Key": key(number), "UpdateExpression": expression, "ReturnValues": "ALL_NEW"}
    request |= {"ConditionExpression": condition} if condition else {}
    return "UpdateItem", named(request | ({"ExpressionAttributeValues": values} if values else {}))


def asked(expression, values, **more):
    return "Query", named({**TABLE, "KeyConditionExpression": expression, "ExpressionAttributeValues": values, **more})


def deleted(number, condition=""):
    return "DeleteItem", named({**TABLE, "Key": key(number), **({"ConditionExpression": condition} if condition else {})})


PILE = {"pile": {"S": "due#1"}}
OURS = {":r": {"S": "CCCC-CCCC-CCCC"}}
BETWEEN = {":l": {"L": []}, ":low": {"N": "1"}, ":high": {"N": "9"}}
BATCH = [{"DeleteRequest": {"Key": key(1)}}, {"PutRequest": {"Item": item(7)}}]
STORY = [
    put(1, **PILE, look_at={"N": "20"}),
    put(1, "attribute_not_exists(#r)"),
    put(2, "attribute_not_exists(#r)", **PILE, look_at={"N": "10"}),
    put(10),
    ("GetItem", {**TABLE, "Key": key(2)}),
    ("GetItem", {**TABLE, "Key": key(3)}),
    changed(1, "SET #a = :a", "attribute_not_exists(#a)", {":a": {"S": "a"}}),
    changed(1, "SET #a = :a", "attribute_not_exists(#a)", {":a": {"S": "b"}}),
    changed(1, "SET #a = if_not_exists(#a, :a)", "", {":a": {"S": "b"}}),
    changed(4, "SET #c = if_not_exists(#c, :one)", "", {":one": {"N": "1"}}),
    changed(4, "SET #c = #c + :two ADD tries :one", "", {":one": {"N": "1"}, ":two": {"N": "2"}}),
    changed(4, "SET #c = :two REMOVE tries", "#c < :two OR (#c >= :two AND NOT #c = :two)", {":two": {"N": "2"}}),
    changed(4, "SET #li = :l", "", {":l": {"L": [{"S": "a"}]}}),
    changed(4, "SET #li = list_append(#li, :l)", "#c BETWEEN :low AND :high", BETWEEN),
    changed(1, "REMOVE #p, #at"),
    asked("#r = :r", OURS),
    asked("#r = :r", OURS, ScanIndexForward=False, Limit=2),
    asked("#r = :r AND #n > :n", {**OURS, ":n": {"N": "2"}}),
    asked("#p = :p AND #at <= :n", {":p": {"S": "due#1"}, ":n": {"N": "15"}}, IndexName="pile"),
    asked("#p = :p", {":p": {"S": "due#2"}}, IndexName="pile"),
    asked("#r = :r", {**OURS, ":n": {"N": "3"}}, FilterExpression="#c = :n"),
    ("Scan", named({**TABLE, "FilterExpression": "#n >= :n", "ExpressionAttributeValues": {":n": {"N": "10"}}})),
    ("Scan", named({**TABLE, "FilterExpression": "#c = :n", "ExpressionAttributeValues": {":n": {"N": "3"}}})),
    deleted(2, "attribute_exists(#l)"),
    deleted(2, "attribute_exists(#l)"),
    deleted(2),
    ("BatchWriteItem", {"RequestItems": {TABLE["TableName"]: BATCH}}),
    asked("#r = :r", OURS),
]


def test_every_answer_is_that_of_moto(aws):
    dynamo, moto = Dynamo(*definitions(PREFIX)), aws.client("dynamodb")

    for step, (operation, request) in enumerate(STORY):
        try:
            theirs = moto._make_api_call(operation, request)
        except ClientError as error:
            with pytest.raises(Failure) as refused:
                dynamo.answer(operation, request)
            assert refused.value.code == error.response["Error"]["Code"], step
            continue
        ours = dynamo.answer(operation, request)
        for name in ("Item", "Items", "Count", "LastEvaluatedKey"):
            assert _keys_only(request, ours.get(name)) == _keys_only(request, theirs.get(name)), (step, name)
        if "ReturnValues" in request:
            assert ours["Attributes"] == theirs["Attributes"], step


def _keys_only(request, found):
    """An index of keys gives keys; the engine in memory gives the whole item, of which nobody reads more."""
    if "IndexName" not in request or not isinstance(found, list):
        return found
    return [{name: one[name] for name in ("reference", "number", "pile", "look_at")} for one in found]


def test_what_it_does_not_know_it_refuses():
    dynamo = Dynamo(*definitions(PREFIX))

    with pytest.raises(Failure, match="TransactWriteItems"):
        dynamo.answer("TransactWriteItems", {})
    with pytest.raises(Failure, match="ResourceNotFound"):
        dynamo.answer("GetItem", {"TableName": "none", "Key": {}})


def test_what_is_over_its_time_is_deleted_and_the_stream_tells():
    dynamo = Dynamo(*definitions(PREFIX))
    for who, expires_at in (("V1-a", "10"), ("V1-b", "30")):
        dynamo.answer("PutItem", {"TableName": f"{PREFIX}profiles", "Item": profile(who, expires_at)})
    dynamo.expire(20)

    table = dynamo.tables[f"{PREFIX}profiles"]
    assert [item["pseudonym"]["S"] for item in table.items.values()] == ["V1-b"]
    assert table.writes[-1] == (profile("V1-a", "10"), None)


def profile(who, expires_at):
    return {"pseudonym": {"S": who}, "expires_at": {"N": expires_at}}


class Wire:
    """The SDK's own client, which only the calls that break go to."""

    def __init__(self) -> None:
        self.calls = []

    def _make_api_call(self, operation, request):
        self.calls.append(operation)
        return {}


def test_a_call_is_answered_above_the_wire_and_only_one_that_is_to_break_goes_down_it():
    cloud, wire, seen = Cloud(Dynamo(*definitions(PREFIX))), Wire(), []
    client = NearClient(cloud, wire, lambda name, _: seen.append(f"before {name}"), lambda name, _: seen.append(f"after {name}"))
    cloud.begin({1: Fault.ERROR})
    client._make_api_call("GetItem", {**TABLE, "Key": key(1)})
    client._make_api_call("GetItem", {**TABLE, "Key": key(1)})

    assert wire.calls == ["GetItem"]
    assert cloud.number == 0  # the wire counts its own
    assert seen == ["before GetItem", "after GetItem"] * 2


def test_what_the_service_refuses_is_the_error_of_the_sdk():
    client = NearClient(Cloud(Dynamo(*definitions(PREFIX))), Wire(), lambda *_: None, lambda *_: None)

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client._make_api_call("GetItem", {"TableName": "none", "Key": {}})
