"""The promises of the desk's lists: the same test bodies on the table (moto), on AWS in this process and on the fake."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product

import pytest

from chalicelib.core.tables import connection
from chalicelib.forms.places import municipalities
from chalicelib.reports import lists
from chalicelib.reports.additions import Sort
from chalicelib.reports.contact import Contact, Safety
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, Rank, Role
from chalicelib.reports.filters import EVERYTHING, NOBODY, OPEN, Filters, Index, Run
from chalicelib.reports.model import Change
from chalicelib.reports.queue import Flag, place, place_of_filing
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import ReportStore, line_of
from chalicelib.reports.tasks import Task
from infra.memory.dynamo import Dynamo
from infra.memory.near import Cloud
from infra.tables import definitions
from tests.conftest import PREFIX
from tests.support.fakes import FakeReports
from tests.support.samples import NOON, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
UNIT, OTHER = "Noord-Nederland", "Amsterdam"
RECEIVED = Run(Index.QUEUE, f"{UNIT}#received")
GRONINGEN, ASSEN = "GM0014", "GM0106"


@pytest.fixture(params=["table", "memory", "fake"])
def reports(request, settings):
    if request.param == "fake":
        yield FakeReports()
        return
    request.getfixturevalue("aws")
    if request.param == "table":
        yield ReportStore(settings, Deadlines())
    else:
        store = ReportStore(settings, Deadlines())
        with Cloud(Dynamo(*definitions(PREFIX))).answering(connection(settings.region).client):
            yield store


def reference(number):
    return f"{number:04d}-CCCC-CCCC"


def filed(reports, number, *, minutes=None, **facts):
    at = NOON + timedelta(minutes=number if minutes is None else minutes)
    return reports.add(replace(a_report(reference=reference(number), at=at), **facts))


def numbers(page):
    return [int(line.reference[:4]) for line in page.lines]


def all_pages(sought, reports, lines):
    """The numbers of every page of a list, page by page."""
    found, after, pages = [], "", 0
    while pages == 0 or after:
        page = lists.page(sought, reports, after=after, lines=lines)
        found, after, pages = [*found, *numbers(page)], page.after, pages + 1
        assert pages < 40
    return found


def changed(reports, report, *acts):
    for act in acts:
        report = reports.save(report, act(report))
    return report


def to(status, at=NOON, **facts):
    return lambda report: report.changed(Change(status, **facts), by=OFFICER, at=at)


def test_a_line_shows_what_the_report_is_and_nothing_of_its_reporter(reports):
    report = changed(
        reports,
        filed(reports, 1),
        lambda r: r.assigned("TEAM-7", by=OFFICER, at=NOON),
        lambda r: r.ranked(Rank.URGENT, by=OFFICER, at=NOON),
        lambda r: r.joined("C-CCCC", by=OFFICER, at=NOON),
        lambda r: r.added(Sort.MORE, {"text": "Een getuige"}, at=NOON),
        lambda r: r.task_raised(Task.CALL_BACK, by=OFFICER, at=NOON),
    )

    [line] = reports.look(RECEIVED).lines

    assert line == replace(line_of(report), tasks=())  # only the list of tasks tells them
    assert (line.assignee, line.rank, line.joint_case, line.place) == ("TEAM-7", Rank.URGENT, "C-CCCC", place(report))
    assert line.flags == (Flag.FRESH, Flag.JOINT, Flag.CALL_BACK, Flag.TASK)


def test_the_longest_waiting_come_first_and_the_urgent_before_them(reports):
    for number in (3, 1, 2):
        filed(reports, number)
    changed(reports, filed(reports, 9), lambda r: r.ranked(Rank.URGENT, by=OFFICER, at=NOON))
    changed(reports, filed(reports, 0), lambda r: r.ranked(Rank.LATER, by=OFFICER, at=NOON))

    waiting = lists.queue([UNIT], [Status.RECEIVED], EVERYTHING, now=NOON)
    newest = lists.queue([UNIT], [Status.RECEIVED], EVERYTHING, newest=True, now=NOON)

    assert numbers(lists.page(waiting, reports)) == [9, 1, 2, 3, 0]
    assert numbers(lists.page(newest, reports)) == [9, 3, 2, 1, 0]


@pytest.mark.parametrize(("newest", "lines"), list(product([False, True], [1, 2, 7])))
def test_pages_of_several_lists_together_have_no_gap_and_no_repeat(reports, newest, lines):
    for number in range(12):  # of two units and two statuses, some filed in one instant
        report = filed(reports, number, minutes=number // 3, unit=(UNIT, OTHER)[number % 2])
        if number % 5 == 0:
            changed(reports, report, to(Status.CHECKED, report.filed_at))
    sought = lists.queue([UNIT, OTHER], [Status.RECEIVED, Status.CHECKED], EVERYTHING, newest=newest, now=NOON)

    found = all_pages(sought, reports, lines)

    assert sorted(found) == list(range(12))
    assert found == sorted(found, reverse=newest)


def test_one_can_go_back_from_any_line_of_a_list(reports):
    for number in range(5):
        filed(reports, number)
    changed(reports, filed(reports, 9), lambda r: r.ranked(Rank.URGENT, by=OFFICER, at=NOON))
    for newest in (False, True):
        sought = lists.queue([UNIT], [Status.RECEIVED], EVERYTHING, newest=newest, now=NOON)
        order = lists.page(sought, reports).lines
        for before, line in pairwise(order):
            [found] = lists.page(sought.backwards(), reports, after=sought.position(line.place), lines=1).lines
            assert found == before


FILTERS = {
    "nothing": EVERYTHING,
    "a crime": Filters(kind="graffiti"),
    "a municipality": Filters(municipality=ASSEN),
    "of nobody": Filters(assignee=NOBODY),
    "of somebody": Filters(assignee="NN1234"),
    "a flag": Filters(flag=Flag.FRESH),
    "a task": Filters(flag=Flag.TASK),
    "urgent": Filters(rank=Rank.URGENT),
    "not urgent": Filters(rank=Rank.NORMAL),
    "over term": Filters(due_before=date(2016, 7, 1)),
    "filed before": Filters(filed_before=NOON - timedelta(days=4)),
    "filed since": Filters(filed_since=NOON - timedelta(days=4)),
    "of units": Filters(units=frozenset({UNIT, OTHER})),
    "of no such unit": Filters(units=frozenset({OTHER})),
    "of statuses": Filters(statuses=frozenset({Status.RECEIVED, Status.CHECKED})),
    "two together": Filters(assignee=NOBODY, municipality=GRONINGEN),
}


@pytest.mark.parametrize("name", FILTERS)
def test_what_a_filter_finds_is_what_it_fits(reports, name):
    wanted = FILTERS[name]
    everything = [_varied(reports, number) for number in range(12)]

    found = {line.reference for line in reports.look(RECEIVED, filters=wanted, most=100).lines}

    assert found == {report.reference for report in everything if wanted.fits(line_of(report))}
    assert name in ("nothing", "of units", "of statuses", "of no such unit") or 0 < len(found) < len(everything)


def _varied(reports, number):
    contact = Contact(email="s@example.org", safety=Safety(phone=number % 4 != 0))
    place_of = (GRONINGEN, ASSEN)[number % 2]
    at = NOON + timedelta(minutes=number, days=-number)
    report = replace(a_report(reference=reference(number), at=at), contact=contact, municipality=place_of)
    report = reports.add(replace(report, kind=("bicycle-theft", "graffiti")[number % 3 == 0]))
    acts = {
        1: lambda r: r.assigned("NN1234", by=OFFICER, at=at),
        2: lambda r: r.added(Sort.MORE, {"text": "Een getuige"}, at=at),
        3: lambda r: r.ranked(Rank.URGENT, by=OFFICER, at=at),
        5: lambda r: r.task_raised(Task.POST_COPY, by=OFFICER, at=at),
    }
    return changed(reports, report, *(act for factor, act in acts.items() if number % 6 == factor))


def test_a_part_of_a_run_says_how_far_it_looked_also_when_it_found_nothing(reports):
    last = [filed(reports, number) for number in range(5)][2]

    part = reports.look(RECEIVED, filters=Filters(assignee="NN1234"), most=3)
    rest = reports.look(RECEIVED, filters=EVERYTHING, after=part.reached, most=3)

    assert (part.lines, part.looked, part.reached) == ((), 3, place(last))
    assert [line.reference for line in rest.lines] == [reference(3), reference(4)]
    assert rest.reached == ""


@pytest.mark.parametrize("descending", [False, True])
def test_a_run_that_one_enters_outside_its_bounds_begins_at_the_bound_or_is_over(reports, descending):
    for number in range(4):
        filed(reports, number)
    run = replace(RECEIVED, low=place_of_filing(NOON + timedelta(minutes=1)), high=place_of_filing(NOON + timedelta(minutes=3)))

    before, behind = ("3", "0") if descending else ("0", "3")

    assert len(reports.look(run, descending=descending, after=before).lines) == 2
    assert reports.look(run, descending=descending, after=behind).lines == ()


def test_a_decided_report_leaves_the_list_a_year_after_filing_and_none_that_left_is_read(reports):
    for number in range(6):
        report = filed(reports, number, minutes=number * 60 * 24 * 100)
        changed(reports, report, to(Status.REFERRED), to(Status.CLOSED, explanation="Klaar."))
    now = NOON + timedelta(days=520)
    sought = lists.queue([UNIT], [Status.CLOSED], EVERYTHING, now=now)

    page = lists.page(sought, reports)

    assert numbers(page) == [2, 3, 4, 5]
    assert page.looked == 4, "of a hundred thousand old decisions not one is read"
    assert numbers(lists.page(replace(sought, descending=True), reports)) == [5, 4, 3, 2]


def test_a_report_that_waits_stays_listed_until_nobody_may_read_it(reports):
    filed(reports, 1)
    sought = [lists.queue([UNIT], OPEN, EVERYTHING, now=NOON + timedelta(days=days)) for days in (1_800, 1_830)]

    assert [numbers(lists.page(one, reports)) for one in sought] == [[1], []]


def test_who_has_a_report_finds_it_among_theirs_until_it_is_decided(reports):
    report = changed(reports, filed(reports, 1), lambda r: r.assigned("NN1234", by=OFFICER, at=NOON))
    theirs = lists.mine("NN1234", now=NOON)

    assert numbers(lists.page(theirs, reports)) == [1]
    assert numbers(lists.page(lists.mine("NN9999", now=NOON), reports)) == []
    changed(reports, report, to(Status.REFERRED), to(Status.CLOSED, explanation="Klaar."))
    assert numbers(lists.page(theirs, reports)) == []


def test_words_of_a_reporter_are_listed_on_a_decided_report_too_until_somebody_acted_on_them(reports):
    report = changed(reports, filed(reports, 1), to(Status.REFERRED), to(Status.CLOSED, explanation="Klaar."))
    filed(reports, 2)
    asking = lists.attention([UNIT], Filters(flag=Flag.FRESH), now=NOON)
    assert numbers(lists.page(asking, reports)) == []

    report = changed(reports, report, lambda r: r.added(Sort.MORE, {"text": "Toch nog iets"}, at=NOON))
    assert numbers(lists.page(asking, reports)) == [1]

    changed(reports, report, lambda r: r.noted("Gelezen.", by=OFFICER, at=NOON))
    assert numbers(lists.page(asking, reports)) == []


def test_no_flag_is_a_part_of_another_by_which_a_filter_would_find_it():
    assert [(one, other) for one in Flag for other in Flag if one != other and one in other] == []
    assert {GRONINGEN, ASSEN} <= set(municipalities())


@pytest.mark.parametrize("reports", ["fake"], indirect=True)
def test_a_page_looks_no_further_than_fills_it_where_what_is_wanted_lies_evenly(reports):
    """The first look finds nine lines of ten: the second looks at twice as many as ten take, and not at all."""
    for number in range(1_000):
        filed(reports, number, kind="graffiti" if number % 28 == 0 else "bicycle-theft")

    page = lists.page(lists.queue([UNIT], [Status.RECEIVED], Filters(kind="graffiti"), now=NOON), reports, lines=10)

    assert numbers(page) == list(range(0, 280, 28))
    assert page.looked == 250 + 2 * 250 * 10 // 9
