"""The exported statistics tell of crimes, never of people: no row under ten, and none to be found by subtracting."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from infra.ops.statistics import FEWEST, OTHER, Counted, Row, merged, rows_of


def counted(**places):
    """Reports of one month, crime and unit, per municipality."""
    return {Counted("2016-07", "theft", "Amsterdam", place): number for place, number in places.items()}


def test_a_municipality_with_ten_reports_has_a_row_and_the_small_ones_share_one():
    rows = list(rows_of(counted(Amsterdam=40, Diemen=6, Amstelveen=5, Uithoorn=0)))

    assert rows == [Row("2016-07", "theft", "Amsterdam", "Amsterdam", 40), Row("2016-07", "theft", "Amsterdam", OTHER, 11)]


def test_one_small_municipality_takes_the_smallest_large_one_along():
    rows = list(rows_of(counted(Amsterdam=40, Amstelveen=12, Diemen=3)))

    assert [(row.municipality, row.reports) for row in rows] == [("Amsterdam", 40), (OTHER, 15)]


def test_a_small_unit_is_counted_with_the_others():
    rows = list(
        rows_of(
            {
                **counted(Amsterdam=40),
                Counted("2016-07", "theft", "Limburg", "Venlo"): 4,
                Counted("2016-07", "theft", "Den Haag", "Delft"): 7,
            }
        )
    )

    assert [(row.unit, row.municipality, row.reports) for row in rows] == [("Amsterdam", "Amsterdam", 40), (OTHER, OTHER, 11)]


def test_a_crime_that_hardly_happened_in_a_month_is_left_out():
    assert list(rows_of({Counted("2016-07", "fraud", "Limburg", "Venlo"): 9})) == []


def test_what_was_destroyed_counts_for_its_unit():
    stones = {Counted("2006-07", "theft", "Limburg", ""): 12}

    assert list(rows_of(stones)) == [Row("2006-07", "theft", "Limburg", OTHER, 12)]


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40)))
def test_what_is_merged_adds_up_or_is_left_out_whole(groups):
    shown, rest = merged(groups)

    assert all(number >= FEWEST for number in shown.values())
    assert rest == 0 or rest >= FEWEST
    left_out = sum(groups.values()) - sum(shown.values()) - rest
    assert left_out == 0 or (not shown and not rest), "who knows the total could subtract"


@given(
    st.lists(
        st.builds(
            Counted,
            st.just("2016-07"),
            st.sampled_from(["theft", "fraud"]),
            st.sampled_from("UVW"),
            st.sampled_from(["", *"abc"]),
        ),
        max_size=200,
    )
)
def test_no_row_is_under_ten_and_no_report_is_counted_twice(reports):
    rows = list(rows_of(Counter(reports)))

    assert all(row.reports >= FEWEST for row in rows)
    assert len({(row.crime, row.unit, row.municipality) for row in rows}) == len(rows)
    for crime in ("theft", "fraud"):
        shown = sum(row.reports for row in rows if row.crime == crime)
        assert shown in (0, sum(each.crime == crime for each in reports)), "all of a crime's reports, or none of them"
