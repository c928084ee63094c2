"""How long reports wait: one population with its number, the median and the longest, and nothing of fewer than ten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.boards.lead_times import LEAST, LeadTime, lead_times, since
from chalicelib.reports.queue import place, stands_since
from chalicelib.reports.statuses import Status
from tests.support.samples import NOON, a_report


@dataclass
class Line:
    place: str
    status: Status = Status.RECEIVED
    kind: str = "bicycle-theft"


def waiting(days, **facts):
    return Line(place(a_report(at=NOON - timedelta(days=days))), **facts)


def test_the_place_of_a_report_tells_since_when_it_stands_there():
    report = a_report(at=NOON + timedelta(microseconds=7))

    assert since(place(report)) == stands_since(report)


def test_of_nine_nothing_is_said_and_of_ten_the_median_and_the_longest():
    nine = [waiting(days) for days in range(9)]

    assert lead_times(nine, NOON) == {Status.RECEIVED: {"bicycle-theft": LeadTime(9)}}
    assert lead_times([*nine, waiting(100)], NOON) == {Status.RECEIVED: {"bicycle-theft": LeadTime(10, 4.5, 100)}}


def test_each_status_and_kind_is_a_population_of_its_own():
    thefts, damage = ([waiting(1)] * 10), ([waiting(3, kind="vandalism")] * 10)
    lines = [*thefts, *damage, waiting(5, status=Status.CHECKED)]

    assert lead_times(lines, NOON) == {
        Status.RECEIVED: {"bicycle-theft": LeadTime(10, 1.0, 1), "vandalism": LeadTime(10, 3.0, 3)},
        Status.CHECKED: {"bicycle-theft": LeadTime(1)},
    }


@given(st.lists(st.integers(0, 5_000), max_size=40))
def test_every_line_is_counted_once_and_the_median_lies_between_the_ends(days):
    times = lead_times([waiting(each) for each in days], NOON)

    assert sum(one.n for kinds in times.values() for one in kinds.values()) == len(days)
    for one in (one for kinds in times.values() for one in kinds.values()):
        assert (one.median is None) is (one.longest is None) is (one.n < LEAST)
        assert one.median is None or min(days) <= one.median <= one.longest == max(days)


def test_a_place_is_read_at_any_time_of_the_year():
    assert since("0-20260329T013000000001-K7MD-PR3W-9XCV") == datetime.fromisoformat("2026-03-29T01:30:00.000001Z")
