"""Days and months as people count them."""

from datetime import date

import pytest

from chalicelib.core.clock import month_of, months


def test_a_day_is_of_its_month():
    assert month_of(date(2016, 7, 31)) == "2016-07"


@pytest.mark.parametrize(
    ("first", "last", "between"),
    [
        ("2016-07", "2016-07", ("2016-07",)),
        ("2015-11", "2016-02", ("2015-11", "2015-12", "2016-01", "2016-02")),
        ("2016-07", "2016-06", ()),
    ],
)
def test_a_period_is_of_all_its_months(first, last, between):
    assert months(first, last) == between


@pytest.mark.parametrize("text", ["", "july", "2016", "2016-07-01", "2016-"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match="invalid literal"):
        months(text, "2016-07")
