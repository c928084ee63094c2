"""How the tables are reached: all of a stage through one client."""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from botocore.exceptions import ClientError
from pynamodb.attributes import ListAttribute

from chalicelib.audit.store import AuditItem
from chalicelib.core.tables import bind, connection
from chalicelib.identity.sessions import SessionItem
from chalicelib.letters.ledger import LetterItem
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.store import ReportStore
from chalicelib.reports.table import ReportItem, item_of
from tests.conftest import PREFIX
from tests.contract.test_reports_store import eventful
from tests.support.samples import NOON, a_report
from tests.support.swift import install, uninstall


def test_all_tables_share_a_client_so_that_a_cold_function_opens_one_connection(aws, settings):
    tables = {"reports": ReportItem, "sessions": SessionItem, "letters": LetterItem, "audit": AuditItem}

    bound = [bind(model, name, settings) for name, model in tables.items()]
    for model in bound:
        assert list(model.scan(limit=1)) == []

    assert {id(model._get_connection().connection.client) for model in bound} == {id(connection(settings.region).client)}


def test_threads_that_reach_for_a_table_at_once_all_get_it(settings):
    before, together = sys.getswitchinterval(), Barrier(8)
    connection(settings.region)  # made here: PynamoDB keeps a session for each thread, and the next test looks at this one's

    def bound(prefix):
        together.wait()
        return bind(ReportItem, "reports", replace(settings, table_prefix=prefix))

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            for number in range(40):
                assert len(set(threads.map(bound, [f"{settings.table_prefix}{number}-"] * 8))) == 1
    finally:
        sys.setswitchinterval(before)


def test_the_tables_are_asked_in_the_region_of_the_stage_and_not_for_long(aws):
    client = connection("eu-north-1").client

    assert client.meta.region_name == "eu-north-1"
    assert (client.meta.config.connect_timeout, client.meta.config.read_timeout) == (2, 5)
    assert client.meta.config.retries["total_max_attempts"] == 3


def test_a_call_says_who_calls_in_a_word(aws, settings):
    bind(ReportItem, "reports", settings)

    assert connection(settings.region).client.meta.config.user_agent == "mijn-politie"


def test_a_list_of_a_report_is_read_as_pynamodb_reads_it(settings):
    item = item_of(eventful(), ReportItem, Deadlines())
    lists = {name: each["L"] for name, each in item.to_dynamodb_dict().items() if "L" in each}
    attributes = {attribute.attr_name: attribute for attribute in ReportItem.get_attributes().values()}

    assert set(lists) == {"timeline", "questions", "additions"}
    for name, values in lists.items():
        read, expected = attributes[name].deserialize(values), ListAttribute.deserialize(attributes[name], values)
        assert [type(each) for each in read] == [type(each) for each in expected]
        assert (
            [each.to_dynamodb_dict() for each in read]
            == [each.to_dynamodb_dict() for each in expected]
            == [v["M"] for v in values]
        )


def test_who_changes_an_item_is_not_sent_the_whole_of_it(aws, settings):
    reports, answers = ReportStore(settings, Deadlines()), []
    before = reports.add(a_report())
    events = connection(settings.region).client.meta.events
    events.register("after-call.dynamodb.UpdateItem", lambda parsed, **_: answers.append(parsed), unique_id="seen")

    reports.save(before, before.invited_to_survey(at=NOON))
    events.unregister("after-call.dynamodb.UpdateItem", unique_id="seen")

    assert ["Attributes" in answer for answer in answers] == [False]


VALUES = {
    "text": {"S": 'é "x"'},
    "nothing": {"NULL": True},
    "no": {"BOOL": False},
    "amount": {"N": "1.5"},
    "bytes": {"B": b"\x00\xff"},
    "texts": {"SS": ["a", "b"]},
    "list": {"L": [{"S": "a"}, {"M": {"n": {"N": "1"}}}, {"L": []}]},
    "map": {"M": {"S": {"S": "named as a type"}, "inner": {"M": {"B": {"B": b"\x01"}}}}},
}


def test_what_is_answered_swiftly_is_what_moto_answers(aws):
    table, key = f"{PREFIX}letters", {"reference": {"S": "CCCC-CCCC-CCCC"}, "number": {"N": "1"}}
    client, item, unknown = aws.client("dynamodb"), {**key, **VALUES}, {**key, "number": {"N": "2"}}

    def answers():
        yield client.put_item(TableName=table, Item=item, ReturnValues="ALL_OLD").get("Attributes")
        yield client.scan(TableName=table)["Items"]
        for asked in ({}, {"ConsistentRead": True}, {"ProjectionExpression": "#n", "ExpressionAttributeNames": {"#n": "number"}}):
            yield client.get_item(TableName=table, Key=key, **asked)["Item"]
        for refused in ({"Key": unknown}, {"Key": {"reference": key["reference"]}}, {"Key": key, "TableName": "none"}):
            try:
                yield client.get_item(**{"TableName": table, **refused}).get("Item")
            except ClientError as error:
                yield error.response["Error"]["Code"]

    client.put_item(TableName=table, Item=item)
    simple = {name: value for name, value in item.items() if name not in ("bytes", "map")}
    client.put_item(TableName=table, Item=simple | {"number": {"N": "3"}})
    swift = [*answers(), client.get_item(TableName=table, Key={**key, "number": {"N": "3"}})["Item"]]
    uninstall()
    slow = [*answers(), client.get_item(TableName=table, Key={**key, "number": {"N": "3"}})["Item"]]
    install()

    assert swift == slow
    assert swift[2] == item
    assert swift[-1] == simple | {"number": {"N": "3"}}
