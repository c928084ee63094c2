"""Capacity and cost: units as AWS counts them, on examples worked out by hand; and the sums that follow."""

import pytest

from infra.capacity import model, page
from infra.capacity.meter import index_units, size, write_units
from infra.capacity.scenes import SCENES, Seen
from infra.ops.__main__ import main

INDEX = {
    "KeySchema": [{"AttributeName": "unit", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["kind"]},
    "_table_keys": ["id"],
}
ITEM = {"id": {"S": "1"}, "unit": {"S": "Oost"}, "at": {"N": "5"}, "kind": {"S": "theft"}, "story": {"S": "x" * 3_000}}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({}, 0),
        ({"a": {"S": "é"}}, 3),
        ({"n": {"N": "1467367200000000"}}, 1 + 8 / 2 + 1),  # eight digits that count, two in a byte, and one more
        ({"b": {"BOOL": True}, "o": {"NULL": True}}, 4),
        ({"m": {"M": {"k": {"S": "v"}}}}, 1 + 3 + 1 + 1 + 1),
        ({"l": {"L": [{"S": "ab"}, {"S": "c"}]}}, 1 + 3 + (1 + 2) + (1 + 1)),
        ({"b": {"B": "AAAA"}}, 1 + 3),
    ],
)
def test_an_item_is_as_large_as_dynamodb_says(item, expected):
    assert size(item) == expected


def test_a_write_costs_the_larger_of_before_and_after_in_whole_kilobytes():
    assert write_units(None, {"a": {"S": "x" * 1_023}}) == 1
    assert write_units(None, {"a": {"S": "x" * 1_024}}) == 2
    assert write_units({"a": {"S": "x" * 5_000}}, {"a": {"S": "x"}}) == 5


@pytest.mark.parametrize(
    ("new", "units"),
    [
        (ITEM, 0),
        ({**ITEM, "story": {"S": "other"}}, 0),  # the index does not hold it
        ({**ITEM, "kind": {"S": "fraud"}}, 1),
        ({**ITEM, "at": {"N": "6"}}, 2),  # out of one place, into another
        ({name: value for name, value in ITEM.items() if name != "at"}, 1),  # gone from a sparse index
        (None, 1),
    ],
)
def test_an_index_costs_what_changes_in_it(new, units):
    assert index_units(INDEX, ITEM, new) == units


@pytest.fixture
def seen():
    """A world in which everything costs one request, one write and a mail."""
    each = {"requests": 1, "write reports": 1, "call ses SendEmail": 1}
    return Seen(dict.fromkeys(SCENES, each), {"every_hour": ({"read reports": 2}, 8_760)}, 10_000)


def test_a_report_costs_every_scene_as_often_as_the_workload_says(seen):
    often = [float(row["per_report"]) for row in model.rows("workload")]

    counted = model.per_report(seen)

    assert len(often) == len(SCENES)
    assert counted["call ses SendEmail"] == pytest.approx(sum(often))
    assert counted["requests"] > counted["call ses SendEmail"], "with the style sheets"


def test_a_year_without_reports_costs_what_is_there_anyhow(seen):
    year = model.a_year(seen, 0, 10_000)

    assert year.happens["read_units"] == 2 * 8_760
    assert year.total == pytest.approx(12 * 12 * model.parameter("region_factor"), rel=0.01)


def test_ten_times_the_reports_is_ten_times_the_mail_and_its_price(seen):
    small, large = (model.a_year(seen, reports, 10_000) for reports in (10_000, 100_000))

    assert large.happens["mails"] == pytest.approx(10 * small.happens["mails"])
    assert small.costs["mail (SES)"] == pytest.approx(small.happens["mails"] / 1_000 * 0.10 * model.parameter("region_factor"))


def test_the_limit_that_is_reached_first_comes_first(seen):
    reached = [times for _, times in model.first_hit(seen)]

    assert len(reached) >= 10
    assert reached == sorted(reached)
    assert all(limit.turn and limit.source for limit, _ in model.first_hit(seen))


def test_every_scene_is_in_the_workload_and_nothing_else():
    assert {row["what"] for row in model.rows("workload")} == set(SCENES)


def test_a_page_gets_its_tables_between_its_markers_and_keeps_the_rest():
    text = "Before\n<!-- counted: year -->\nold\n<!-- end -->\nAfter\n"

    once = page.written(text, {"year": "| a | 1 |"})

    assert once == "Before\n<!-- counted: year -->\n\n| a | 1 |\n\n<!-- end -->\nAfter\n"
    assert page.written(once, {"year": "| a | 1 |"}) == once
    with pytest.raises(ValueError, match="no place"):
        page.written("nothing", {"year": ""})


def test_whoever_asks_for_help_reads_every_command(capsys):
    assert main([]) == 0
    assert "capacity" in capsys.readouterr().out
