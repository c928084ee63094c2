"""How long a report may be seen: one year freely, five by its reference, ten at all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.clock import day_of
from chalicelib.reports.retention import Sight, destroyed_before, listed_since, sight, years_later
from chalicelib.reports.statuses import DECISIONS, Status
from tests.support.samples import NOON

instants = st.datetimes(datetime(2016, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2017, 6, 30, 21, 59, tzinfo=UTC), Sight.LISTED),
        (datetime(2017, 6, 30, 22, 0, tzinfo=UTC), Sight.BY_REFERENCE),  # midnight in Amsterdam
        (datetime(2021, 6, 30, 21, 59, tzinfo=UTC), Sight.BY_REFERENCE),
        (datetime(2021, 6, 30, 22, 0, tzinfo=UTC), Sight.NONE),
        (datetime(2040, 1, 1, tzinfo=UTC), Sight.NONE),
    ],
)
def test_the_police_find_a_report_a_year_read_it_five_and_then_no_more(now, expected):
    assert sight(NOON, now) is expected


def test_a_report_is_destroyed_on_the_day_it_is_ten_years_old_and_not_before():
    assert destroyed_before(datetime(2026, 6, 30, 21, 59, tzinfo=UTC)) <= NOON
    assert destroyed_before(datetime(2026, 6, 30, 22, 0, tzinfo=UTC)) > NOON


def test_what_is_decided_leaves_the_lists_after_a_year_and_what_is_not_stays():
    now = NOON + timedelta(days=400)

    assert len(DECISIONS) >= 3
    assert all((listed_since(status, now) > NOON) == (status in DECISIONS) for status in Status)


def test_who_filed_on_the_29th_of_february_has_a_birthday_on_1_march():
    assert years_later(date(2016, 2, 29), 1) == date(2017, 3, 1)
    assert years_later(date(2016, 2, 29), 4) == date(2020, 2, 29)


@given(filed_at=instants, waited=st.integers(0, 12 * 366))
def test_lists_and_sight_never_disagree(filed_at, waited):
    now = filed_at + timedelta(days=waited)

    assert (filed_at >= listed_since(Status.CLOSED, now)) == (sight(filed_at, now) is Sight.LISTED)
    assert (filed_at >= listed_since(Status.RECEIVED, now)) == (sight(filed_at, now) is not Sight.NONE)
    assert (filed_at < destroyed_before(now)) == (years_later(day_of(filed_at), 10) <= day_of(now))
