"""Days, days of birth and moments as people and programs write them. Pure.

A day is a local date as JSON (`2016-07-01`); of a birth also its month (`1950-03`) or its year (`1950`), which is all that some
passports know. A moment is an instant in UTC.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.core.clock import AMSTERDAM, day_of
from chalicelib.forms.text import BadInput, clean, code

UNKNOWN = "unknown"  # a day of birth of which nothing is known
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)
_LIFETIME = 80  # years in which what somebody tells of happened
_AHEAD = 20  # years within which a day to come lies
_LONGEST = 40  # characters

_MONTHS = {
    name: number
    for names in (
        "januari februari maart april mei juni juli augustus september oktober november december",
        "january february march april may june july august september october november december",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
        "jan feb mar apr may jun jul aug sept oct nov dec",
        "jan feb maa apr mei jun jul aug sept okt nov dec",
    )
    for number, name in enumerate(names.split(), start=1)
}
_WEEKDAY = (
    r"(?:(?:ma(?:andag)?|di(?:nsdag)?|wo(?:ensdag)?|do(?:nderdag)?|vr(?:ijdag)?|za(?:terdag)?|zo(?:ndag)?"
    r"|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r?s(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)[.,]{0,2} )?"
)
_YEAR, _MONTH = r"(?P<year>\d{4}|'?\d{2})", rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY, _TH = r"(?P<day>\d{1,2})", r"(?:e|ste|de|st|nd|rd|th)?"
_DATES = tuple(
    re.compile(_WEEKDAY + pattern, re.ASCII)
    for pattern in (
        r"(?P<year>\d{4}) ?[-/. ] ?(?P<month>\d{1,2}) ?[-/. ] ?(?P<day>\d{1,2})",
        rf"{_DAY} ?[-/. ] ?(?P<month>\d{{1,2}}) ?[-/. ] ?{_YEAR}",
        rf"{_DAY}{_TH}[-. ]+{_MONTH}[-., ]+{_YEAR}",
        rf"{_MONTH} {_DAY}{_TH},? {_YEAR}",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>(?:19|2[01])\d{2})",
        r"(?P<year>(?:19|2[01])\d{2})(?P<month>\d{2})(?P<day>\d{2})",
    )
)
_PARTLY = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?:0?0 ?[-/. ] ?0?0 ?[-/. ] ?)?(?P<year>\d{4})",
        r"(?P<year>\d{4}) ?[-/. ] ?(?P<month>\d{1,2})(?: ?[-/. ] ?0?0)?",
        r"(?:0?0 ?[-/. ] ?)?(?P<month>\d{1,2}) ?[-/. ] ?(?P<year>\d{4})",
        rf"{_MONTH}[-., ]+(?P<year>\d{{4}})",
    )
)
_NOTHING_KNOWN = frozenset({UNKNOWN, "onbekend", "niet bekend", "not known", "0000"})


def read_past_day(value: Any, now: datetime) -> str:
    """Read a day up to today on which something happened. Raises BadInput."""
    today = day_of(now)
    return _not_to_come(read_date(value, range(today.year - _LIFETIME, today.year + 1)), today).isoformat()


def read_any_day(value: Any, now: datetime) -> str:
    """Read a day, past or to come. Raises BadInput."""
    year = day_of(now).year
    return read_date(value, range(year - _LIFETIME + _AHEAD, year + _AHEAD)).isoformat()


def read_birthday(value: Any, now: datetime) -> str:
    """Read a day of birth, or what is known of one: its month, its year, or `unknown`. Raises BadInput."""
    text, today = code(value, _LONGEST).casefold(), day_of(now)
    known = next((known for known in (pattern.fullmatch(text) for pattern in _PARTLY) if known), None)
    if text in _NOTHING_KNOWN or (known and known["year"] == "0000"):
        return UNKNOWN
    if known:
        return _partly(known, today)
    return _not_to_come(read_date(text, range(_EARLIEST.year, today.year + 1)), today).isoformat()


def earliest_birth(birthday: str) -> date | None:
    """Return the first day on which somebody of this day of birth can have been born, None when nothing is known of it."""
    if birthday == UNKNOWN:
        return None
    year, month, day = (*birthday.split("-"), "1", "1")[:3]
    return date(int(year), int(month), int(day))


def read_date(value: Any, short: range = range(0)) -> date:
    """Read `2016-07-01`, `1-7-2016`, `1 juli 2016`. A year of two digits is read when only one year of `short` ends in them.

    Raises BadInput for anything that is no day from 1900 up to 2199.
    """
    text = code(value, _LONGEST).casefold()
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match:
            return _day(_year(match["year"], short), _month(match["month"]), int(match["day"]))
    raise BadInput("date_format")


def _year(written: str, short: range) -> int:
    digits = written.removeprefix("'")
    if len(digits) > 2:  # noqa: PLR2004 — a year of two digits names no century
        return int(digits)
    years = [year for year in (1900 + int(digits), 2000 + int(digits)) if year in short]
    if len(years) != 1:
        raise BadInput("which_century")
    return years[0]


def _month(written: str) -> int:
    return _MONTHS[written] if written in _MONTHS else int(written)


def _day(year: int, month: int, day: int) -> date:
    try:
        on = date(year, month, day)
    except ValueError:
        raise BadInput("no_such_date") from None
    if on < _EARLIEST:
        raise BadInput("no_such_date")
    if on > _LATEST:
        raise BadInput("date_too_far")
    return on


def _not_to_come(on: date, today: date) -> date:
    if on > today:
        raise BadInput("date_in_future")
    return on


def _partly(known: re.Match[str], today: date) -> str:
    month = known.groupdict().get("month")
    number = _month(month) if month else 0
    first = _not_to_come(_day(int(known["year"]), number or 1, 1), today)
    return f"{first:%Y-%m}" if number else f"{first:%Y}"


def read_moment(value: Any, now: datetime) -> datetime:
    """Read a moment up to now: a day and a time of a form, or an instant with its offset. Aware UTC. Raises BadInput."""
    at = _form_moment(value, now) if isinstance(value, Mapping) else _api_moment(value)
    if at > now:
        raise BadInput("moment_in_future")
    if at.date() < _EARLIEST:
        raise BadInput("no_such_date")
    return at


def _form_moment(value: Mapping[str, Any], now: datetime) -> datetime:
    """A day and a time; midnight is never made up for a time that was left empty.

    An hour that comes twice is its first; one that never was is asked again.
    """
    year = day_of(now).year
    on = read_date(value.get("date", ""), range(year - _LIFETIME, year + 1))
    hour, minute = _time(value.get("time", ""))
    at = datetime(on.year, on.month, on.day, hour, minute, tzinfo=AMSTERDAM).astimezone(UTC)
    if at.astimezone(AMSTERDAM).hour != hour:
        raise BadInput("no_such_time")
    return at


def _time(value: Any) -> tuple[int, int]:
    text = code(value, 20).casefold()
    match = _TIME.fullmatch(text) or _TWELVE.fullmatch(text)
    if not match:
        raise BadInput("time_format")
    hour, minute = int(match[1]), int(match[2] or 0)
    if match.re is _TWELVE:
        return hour % 12 + (12 if match[3] == "p" else 0), minute
    return hour, minute


_TIME = re.compile(r"([01]?\d|2[0-3])(?: ?[:.u]? ?([0-5]\d))?(?: ?(?:uur|u|h))?", re.ASCII)  # 9:30, 9.30, 0930, 9 uur
_TWELVE = re.compile(r"(0?[1-9]|1[0-2])(?: ?[:.] ?([0-5]\d))? ?([ap])\.?m\.?", re.ASCII)  # 2:30 pm


def _api_moment(value: Any) -> datetime:
    text = clean(value, _LONGEST)
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise BadInput("moment_format")
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput("moment_format") from None
