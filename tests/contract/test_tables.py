"""How the tables are reached: all of a stage through one client."""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from moto.core import serialize

from chalicelib.audit.store import AuditItem
from chalicelib.core.tables import bind, connection
from chalicelib.identity.sessions import SessionItem
from chalicelib.letters.ledger import LetterItem
from chalicelib.reports.table import ReportItem
from tests.conftest import PREFIX
from tests.support.swift import ValuesAsTheyAre


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


def test_a_call_says_who_calls_in_a_word(aws, settings):
    bind(ReportItem, "reports", settings)

    assert connection(settings.region).client.meta.config.user_agent == "mijn-politie"


VALUES = {
    "text": {"S": 'é "x"'},
    "nothing": {"NULL": True},
    "no": {"BOOL": False},
    "number": {"N": "1.5"},
    "bytes": {"B": b"\x00\xff"},
    "texts": {"SS": ["a", "b"]},
    "list": {"L": [{"S": "a"}, {"M": {"n": {"N": "1"}}}, {"L": []}]},
    "map": {"M": {"S": {"S": "named as a type"}, "inner": {"M": {"B": {"B": b"\x01"}}}}},
}


def test_values_written_as_they_are_are_what_moto_writes(aws):
    table, item = f"{PREFIX}letters", {"reference": {"S": "CCCC-CCCC-CCCC"}, "number": {"N": "1"}, **VALUES}
    client, ours = aws.client("dynamodb"), serialize.SERVICE_SPECIFIC_SERIALIZERS["dynamodb"]

    def answers():
        yield client.put_item(TableName=table, Item=item, ReturnValues="ALL_OLD").get("Attributes")
        yield client.get_item(TableName=table, Key={name: item[name] for name in ("reference", "number")})["Item"]
        yield client.scan(TableName=table)["Items"]

    client.put_item(TableName=table, Item=item)
    swift = list(answers())
    serialize.SERVICE_SPECIFIC_SERIALIZERS["dynamodb"] = {}
    slow = list(answers())
    serialize.SERVICE_SPECIFIC_SERIALIZERS["dynamodb"] = ours

    assert ours["json"] is ValuesAsTheyAre
    assert swift == slow == [item, item, [item]]
