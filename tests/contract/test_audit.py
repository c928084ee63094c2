"""The promises of every audit trail: on the table (moto) and on the fake."""

from collections import defaultdict

import pytest
from pynamodb.exceptions import PutError

from chalicelib.audit.store import AuditStore, Record
from infra.deploy.functions import SIZES
from infra.policies import render
from tests.support.fakes import FakeAudit
from tests.support.samples import HANDLER, NOON, READER, REFERENCE


@pytest.fixture(params=["table", "fake"])
def make(request, settings, clock):
    """Makes an audit trail; all that are made of a table are of the same one."""
    if request.param == "fake":
        return FakeAudit
    request.getfixturevalue("aws")
    return lambda **parts: AuditStore(settings, clock, **parts)


@pytest.fixture
def audit(make):
    return make()


def test_a_record_is_never_written_over_another(make):
    audit = make(new_id=lambda: "the same")
    audit.note(REFERENCE, officer=HANDLER, what="read_report", why="handling")

    with pytest.raises((PutError, OSError)):
        audit.note(REFERENCE, officer=READER, what="nothing", why="audit")

    assert [(record.officer, record.what) for record in audit.of(REFERENCE)] == [("NN1234", "read_report")]


@pytest.mark.parametrize("function", sorted(SIZES))
def test_no_function_may_change_or_delete_a_record(function):
    may = {
        action
        for statement in render(function, defaultdict(str, TablePrefix="test-"))["Statement"]
        if any(resource.endswith("table/test-audit") for resource in statement["Resource"])
        for action in statement["Action"]
    }

    assert may <= {"dynamodb:PutItem", "dynamodb:Query"}


def test_records_of_the_same_moment_stand_side_by_side(audit):
    audit.note(REFERENCE, officer=HANDLER, what="read_report", why="handling")
    audit.note(REFERENCE, officer=READER, what="read_report", why="handling")

    assert {record.officer for record in audit.of(REFERENCE)} == {"NN1234", "NN2222"}


def test_a_record_says_who_when_what_and_why(audit):
    audit.note(REFERENCE, officer=HANDLER, what="read_report", why="handling")

    assert list(audit.of(REFERENCE)) == [Record(REFERENCE, NOON, "NN1234", "handler", "read_report", "handling")]


def test_a_subject_without_records_has_none(audit):
    assert list(audit.of(REFERENCE)) == []


def test_a_look_is_forgotten_after_its_own_term(aws, settings, clock):
    AuditStore(settings, clock).note(REFERENCE, officer=HANDLER, what="read_report", why="handling")

    [item] = aws.items("audit")

    years = (int(item["expires_at"]["N"]) - NOON.timestamp()) / 86_400 / 365
    assert 10 <= years < 10.1
