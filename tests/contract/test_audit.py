"""The promises of every audit trail: on the table (moto) and on the fake."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from pynamodb.exceptions import PutError

from chalicelib.audit.model import Record, Register
from chalicelib.audit.store import PAGE, AuditStore
from chalicelib.core.errors import Invalid
from chalicelib.core.tables import connection
from infra.deploy.functions import SIZES
from infra.memory.dynamo import Dynamo
from infra.memory.wire import Cloud
from infra.policies import render
from infra.tables import definitions
from tests.conftest import PREFIX
from tests.support.fakes import FakeAudit
from tests.support.samples import HANDLER, NOON, READER, REFERENCE


@pytest.fixture(params=["table", "fake"])
def make(request, settings, clock):
    """Makes an audit trail; all that are made of a table are of the same one."""
    if request.param == "fake":

        def fake(**parts):
            made = FakeAudit(**parts)
            made.clock = clock
            return made

        return fake
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


def looked(audit, *, officer=HANDLER, subject=REFERENCE, what="read_report"):
    audit.note(subject, officer=officer, what=what, why="handling")


def whole(page_of):
    """Return all that pages hold, and how many pages that took."""
    pages = [page_of("")]
    while pages[-1].next_cursor:
        pages.append(page_of(pages[-1].next_cursor))
    return [record for page in pages for record in page.records], len(pages)


def test_the_looks_of_an_officer_are_found_by_month_newest_first_page_by_page(audit, clock):
    looked(audit, officer=READER)
    for number in range(2 * PAGE + 1):
        clock.advance(timedelta(seconds=number % 2))  # some at the very same moment
        looked(audit, subject=f"worklist:{number}")
    clock.advance(timedelta(days=31))
    looked(audit, subject="worklist:later")

    records, pages = whole(lambda cursor: audit.by_officer(HANDLER.id, "2016-07", cursor=cursor))

    assert len({record.subject for record in records}) == len(records) == 2 * PAGE + 1
    assert [record.at for record in records] == sorted((record.at for record in records), reverse=True)
    assert pages == 3
    assert [one.subject for one in audit.by_officer(HANDLER.id, "2016-08").records] == ["worklist:later"]
    assert audit.by_officer("NN9999", "2016-07").records == ()


def test_what_is_on_record_about_a_report_is_read_page_by_page_newest_first(audit, clock):
    for _ in range(PAGE + 1):
        clock.advance(timedelta(seconds=1))
        looked(audit)

    records, pages = whole(lambda cursor: audit.about(REFERENCE, cursor=cursor))

    assert [record.at for record in records] == sorted((one.at for one in audit.of(REFERENCE)), reverse=True)
    assert (len(records), pages) == (PAGE + 1, 2)


@pytest.mark.parametrize("cursor", ["x", "0", "zz", "7A", "FF", "C3A9" * 10, "311F", "1F" * 5, "A" * 901])
def test_a_cursor_of_no_page_is_refused_in_each_list(aws, settings, clock, cursor):
    audit = AuditStore(settings, clock)
    for page_of in (
        lambda: audit.by_officer(HANDLER.id, "2016-07", cursor=cursor),
        lambda: audit.in_register("2016-W26", Register.SAMPLE, cursor=f"{cursor}1F"),
    ):
        with pytest.raises(Invalid):
            page_of()


def test_each_record_stands_in_one_register_of_its_week(audit, clock):
    looked(audit)  # Friday at noon
    looked(audit, subject=f"refused:{REFERENCE}")
    clock.advance(timedelta(hours=9))
    looked(audit, subject="worklist:evening")
    clock.advance(timedelta(days=1))
    looked(audit, subject="worklist:saturday")
    clock.advance(timedelta(days=2))
    looked(audit, subject="worklist:next week")

    found = {each: [one.subject for one in audit.in_register("2016-W26", each).records] for each in Register}

    assert found == {
        Register.REFUSED: [f"refused:{REFERENCE}"],
        Register.OUT_OF_HOURS: ["worklist:evening", "worklist:saturday"],
        Register.SAMPLE: [REFERENCE],
    }


def test_a_sample_is_whole_and_the_same_each_time_in_pages_of_any_length(audit):
    for number in range(30):
        looked(audit, subject=f"worklist:{number}")

    once, pages = whole(lambda cursor: audit.in_register("2016-W26", Register.SAMPLE, cursor=cursor, most=10))
    again, _ = whole(lambda cursor: audit.in_register("2016-W26", Register.SAMPLE, cursor=cursor))

    assert once == again
    assert len(set(once)) == 30
    assert pages >= 3


def test_what_followed_a_look_is_of_the_same_officer_and_report_within_a_day(audit, clock):
    looked(audit)
    [look] = audit.of(REFERENCE)
    clock.advance(timedelta(hours=1))
    looked(audit, officer=READER)
    looked(audit, subject="worklist:other")
    looked(audit, what="change_status")
    clock.advance(timedelta(hours=23))
    looked(audit, what="ask_reporter")
    clock.advance(timedelta(seconds=1))
    looked(audit, what="write_note")

    assert [one.what for one in audit.after(look)] == ["change_status", "ask_reporter"]


def test_a_record_of_before_there_were_registers_is_still_read(aws, settings, clock):
    aws.client("dynamodb").put_item(
        TableName="test-audit",
        Item={
            "subject": {"S": REFERENCE},
            "at_id": {"S": "2016-06-01T10:00:00Z#x"},
            "at": {"N": "1464775200000000"},
            "officer": {"S": "NN1234"},
            "roles": {"S": "handler"},
            "what": {"S": "read_report"},
            "why": {"S": "handling"},
            "expires_at": {"N": "1780308000"},
        },
    )
    audit, then = AuditStore(settings, clock), datetime(2016, 6, 1, 10, tzinfo=UTC)

    assert list(audit.of(REFERENCE)) == [Record(REFERENCE, then, "NN1234", "handler", "read_report", "handling")]
    assert audit.about(REFERENCE).records == tuple(audit.of(REFERENCE))


def test_each_page_of_an_officer_with_many_looks_is_one_query(aws, settings, clock):
    """5,000 looks in tables in memory; the work of a page does not grow with them: a key, a limit, no filter."""
    tables = Cloud(Dynamo(*definitions(PREFIX)))
    with tables.answering(connection(settings.region).client):
        audit = AuditStore(settings, clock)
        for number in range(5_000):
            clock.advance(timedelta(milliseconds=number % 3))
            looked(audit, subject=f"worklist:{number}")
        pages, cursor, seen = 0, "", set()
        while pages == 0 or cursor:
            tables.calls.clear()
            page = audit.by_officer(HANDLER.id, "2016-07", cursor=cursor)
            assert tables.calls == {"Query": 1}
            seen |= {record.subject for record in page.records}
            pages, cursor = pages + 1, page.next_cursor

    assert len(seen) == 5_000
    assert pages - 5_000 // PAGE in (0, 1), "the last page may be empty"
