"""The days on which the police work, whatever the year: the law says which are free."""

from datetime import UTC, date, datetime

import pytest
from dateutil import easter as dateutil_easter
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.clock import day_of
from chalicelib.core.working_days import add_working_days, easter, holidays, is_working_day

DAYS = st.dates(date(2016, 1, 1), date(2126, 12, 31))


@pytest.mark.parametrize("year", range(1900, 2200))
def test_easter_is_where_everybody_else_has_it(year):
    assert easter(year) == dateutil_easter.easter(year)


def test_the_free_days_of_a_year_are_those_of_the_law():
    assert sorted(holidays(2027)) == [
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 28),
        date(2027, 3, 29),
        date(2027, 4, 27),
        date(2027, 5, 5),
        date(2027, 5, 6),
        date(2027, 5, 16),
        date(2027, 5, 17),
        date(2027, 12, 25),
        date(2027, 12, 26),
    ]


def test_kings_day_is_on_saturday_when_it_would_be_a_sunday():
    assert {day for day in holidays(2025) if day.month == 4 and day.day > 22} == {date(2025, 4, 26)}


def test_ten_working_days_from_christmas_eve_end_on_the_second_monday_of_the_year():
    assert add_working_days(date(2026, 12, 24), 10) == date(2027, 1, 11)


def test_a_late_evening_in_utc_counts_from_the_next_day_in_amsterdam():
    assert add_working_days(day_of(datetime(2026, 10, 15, 22, 30, tzinfo=UTC)), 1) == date(2026, 10, 19)


@given(DAYS, st.integers(1, 40))
def test_a_term_ends_on_a_working_day_and_holds_so_many_of_them(day, count):
    end = add_working_days(day, count)

    between = [date.fromordinal(number) for number in range(day.toordinal() + 1, end.toordinal() + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, between)) == count
