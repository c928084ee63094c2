"""A crowd stands in the tables in memory as its store would have written it."""

from datetime import timedelta

import pytest

from chalicelib.clues.store import ClueItem, _trace_of
from chalicelib.reports import queue
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.line_layout import facts_of
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import line_of
from chalicelib.reports.table import ReportItem, item_of, report_of
from infra.memory.dynamo import Dynamo
from infra.tables import definitions
from tests.support import batches
from tests.support.crowds import Pattern, gathered, lying
from tests.support.samples import NOON, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
REPORTS, CLUES = "test-reports", "test-clues"
RECEIVED = a_report()
_NO = Change(Status.NOT_INVESTIGATED, explanation="Niets.")
STOPPED = batches.registered().changed(_NO, by=OFFICER, at=NOON + timedelta(days=1))


@pytest.fixture
def tables():
    return Dynamo(*definitions("test-"))


@pytest.mark.parametrize("report", [RECEIVED, RECEIVED.assigned("NN1234", by=OFFICER, at=NOON), STOPPED])
def test_each_report_of_a_crowd_is_written_as_the_store_writes_it(report, tables):
    references = gathered(tables, REPORTS, [Pattern(report)], 20)

    items = {key: ReportItem.from_raw_data(item) for (key,), item in tables.tables[REPORTS].items.items()}
    assert list(items) == references
    for item in items.values():
        assert item_of(report_of(item), ReportItem, Deadlines()).to_dynamodb_dict() == item.to_dynamodb_dict()
        assert item.place == queue.place(report_of(item))


def test_a_lean_one_has_all_that_a_line_of_a_list_shows(tables):
    [reference] = gathered(tables, REPORTS, [Pattern(RECEIVED, is_lean=True)], 1)

    [item] = tables.tables[REPORTS].items.values()
    assert "statement" not in item
    shown, line = facts_of(item), line_of(RECEIVED)
    assert shown["reference"] == reference
    assert all(value == getattr(line, name) for name, value in shown.items() if name not in ("reference", "place"))


def test_what_lies_on_a_clue_is_read_as_it_was_meant(tables):
    lying(tables, CLUES, "V1-digest", "Limburg", ["K7MD-PR3W-9XCV"], at=NOON, until=NOON + timedelta(days=1))

    [item] = tables.tables[CLUES].items.values()
    trace = _trace_of(ClueItem.from_raw_data(item))
    assert (trace.unit, trace.reference, trace.filed_at) == ("Limburg", "K7MD-PR3W-9XCV", NOON)
