"""Operators derive clues, replace their key, and write the accounts of which banks are to be told."""

import pytest

from chalicelib.clues import actions
from chalicelib.clues.indexing import ClueRoom
from chalicelib.clues.linking import on_clue
from chalicelib.clues.model import ClueKeys
from tests.support.frauds import ACCOUNT, IBAN, UNIT, a_fraud
from tests.support.samples import NOON

SECRET = "test-clues"


def keys(operator):
    return ClueKeys.parse(operator._client("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"])


def room(operator):
    services = operator.services
    return ClueRoom(services.clue_room.clues, services.reports, keys(operator), services.clock)


@pytest.fixture
def first_key(operator):
    """The secret as the stack made it: tests share the account."""
    yield
    operator._client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString="c" * 64)


def test_reports_of_before_there_were_clues_are_found_after_one_command(operator):
    for number in range(3):
        operator.services.reports.add(a_fraud(number))

    assert operator.does("derive-clues", "--dry-run") == 0
    assert on_clue(ACCOUNT, [UNIT], room(operator)).is_nothing

    assert operator.does("derive-clues") == 0
    assert on_clue(ACCOUNT, [UNIT], room(operator)).tally.own == 3


def test_the_key_of_clues_is_replaced_and_reports_are_found_all_the_while(operator, first_key):
    for number in range(3):
        operator.services.reports.add(a_fraud(number))
    operator.does("derive-clues")

    for command in (["rotate-clue-key", "add"], ["derive-clues"], ["rotate-clue-key", "retire"]):
        assert operator.does(*command, "--dry-run") == 0
        assert operator.does(*command) == 0
        operator.services.__dict__.pop("clue_room", None)
        operator.services.__dict__.pop("clue_keys", None)
        assert on_clue(ACCOUNT, [UNIT], room(operator)).tally.own == 3

    assert [version for version, _ in keys(operator).keys] == ["V2"]
    assert operator.does("rotate-clue-key", "retire") == 2
    assert operator.does("rotate-clue-key", "add") == 0
    assert operator.does("rotate-clue-key", "add") == 2


def test_an_operator_writes_the_accounts_that_a_third_person_reported_and_it_is_on_record(operator, aws):
    for number in range(3):
        report = operator.services.reports.add(a_fraud(number, at=NOON))
        operator.does("derive-clues")
        actions.follow(report, [ACCOUNT], operator.services.clue_room)

    assert operator.does("export-accounts") == 0

    assert f"{IBAN},3,3,2016-07-01,2016-07-01" in operator.said
    assert [(item["what"]["S"], item["officer"]["S"]) for item in aws.items("audit")] == [("exported:iban", "operator")]
