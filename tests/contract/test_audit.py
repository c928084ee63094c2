"""The promises of every audit trail: on the table (moto) and on the fake."""

import pytest

from chalicelib.audit.store import AuditStore, Record
from tests.support.fakes import FakeAudit
from tests.support.samples import HANDLER, NOON, READER, REFERENCE


@pytest.fixture(params=["table", "fake"])
def audit(request, settings, clock):
    if request.param == "fake":
        return FakeAudit()
    request.getfixturevalue("aws")
    return AuditStore(settings, clock)


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
