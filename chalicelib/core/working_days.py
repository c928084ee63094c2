"""Working days in the Netherlands, for any year: every day but Saturdays, Sundays and what the law calls public holidays.

Source: Algemene termijnenwet, art. 3 (New Year's Day, Easter Monday, Ascension Day, Whit Monday, both days of Christmas,
King's Day, 5 May; Good Friday counts as one of them). A day that a royal decree adds (paragraph 3) is a row of DECREED. Pure.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

_DAY = timedelta(days=1)
_AROUND_EASTER = (-2, 0, 1, 39, 49, 50)  # Good Friday, Easter, Ascension Day, Whitsun: days from Easter Sunday
_FIXED = ((1, 1), (5, 5), (12, 25), (12, 26))  # month, day
_SUNDAY = 6
_SATURDAY = 5

DECREED: Mapping[date, str] = {}  # a day that a decree makes equal to a holiday, and the decree


def easter(year: int) -> date:
    """Return Easter Sunday of a Gregorian year (the computus of Meeus, Jones and Butcher; compared with dateutil's in a test)."""
    century, of_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the days of a year that the law counts as public holidays. King's Day is a day early when 27 April is a Sunday."""
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == _SUNDAY:
        kings_day -= _DAY
    moving = {easter(year) + days * _DAY for days in _AROUND_EASTER}
    return frozenset({kings_day, *moving, *(date(year, month, day) for month, day in _FIXED)})


def is_working_day(day: date) -> bool:
    """True for a day on which offices work."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year) and day not in DECREED


def add_working_days(day: date, count: int) -> date:
    """Return the day that is `count` working days after `day`, which itself is not counted."""
    for _ in range(count):
        day += _DAY
        while not is_working_day(day):
            day += _DAY
    return day
