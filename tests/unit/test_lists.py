"""The reads of a page of a list: one question for each list that it is made of, and never without end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.reports import lists
from chalicelib.reports.filters import EVERYTHING, OPEN, Filters
from chalicelib.reports.statuses import Status
from tests.support.fakes import FakeReports
from tests.support.samples import NOON, a_report

UNIT = "Noord-Nederland"


class Counts(FakeReports):
    """Reports that count the questions, and how many reports were looked at for them."""

    def __init__(self):
        super().__init__()
        self.questions, self.looked = 0, 0

    def look(self, run, **facts):
        found = super().look(run, **facts)
        self.questions, self.looked = self.questions + 1, self.looked + found.looked
        return found


@pytest.fixture
def reports():
    """3,000 reports of one unit, of which the last two happened elsewhere."""
    kept, one = Counts(), a_report()
    for number in range(3_000):
        place = "GM0106" if number >= 2_998 else "GM0014"
        event = replace(one.timeline[0], at=NOON + timedelta(minutes=number))
        kept.keep(replace(one, reference=f"{number:04d}-CCCC-CCCC", municipality=place, timeline=(event,)))
    return kept


def received(filters=EVERYTHING, *, newest=False):
    return lists.queue([UNIT], [Status.RECEIVED], filters, newest=newest, now=NOON)


def test_a_page_is_one_question_and_looks_at_what_it_shows(reports):
    page = lists.page(received(), reports)

    assert (len(page.lines), page.looked, reports.questions) == (50, 50, 1)
    assert not page.is_cut


def test_a_page_of_all_that_is_open_is_one_question_for_each_status(reports):
    page = lists.page(lists.queue([UNIT], OPEN, EVERYTHING, now=NOON), reports)

    assert (len(page.lines), reports.questions) == (50, len(OPEN))


def test_a_page_that_finds_little_says_how_far_it_looked_and_the_next_goes_on_there(reports):
    elsewhere = received(Filters(municipality="GM0106"))

    first = lists.page(elsewhere, reports)
    second = lists.page(elsewhere, reports, after=first.after)

    assert (first.lines, first.is_cut, first.looked) == ((), True, 2_500)
    assert [line.reference[:4] for line in second.lines] == ["2998", "2999"]
    assert (second.after, second.is_cut) == ("", False)
    assert reports.questions <= 4


def test_the_newest_of_what_is_rare_are_found_at_once(reports):
    page = lists.page(received(Filters(municipality="GM0106"), newest=True), reports)

    assert [line.reference[:4] for line in page.lines] == ["2999", "2998"]


def test_a_filter_that_finds_enough_asks_once(reports):
    page = lists.page(received(Filters(municipality="GM0014")), reports)

    assert (len(page.lines), page.looked, reports.questions) == (50, 250, 1)
    assert page.after == page.lines[-1].place


def test_counting_reads_each_report_once(reports):
    assert sum(1 for _ in lists.every(received(), reports)) == 3_000
    assert reports.looked == 3_000
