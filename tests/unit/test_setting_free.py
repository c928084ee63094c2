"""The work of somebody who left or is absent is set free: in bounded steps that can be repeated, each report in its place."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core import ids
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.queue import place
from chalicelib.reports.statuses import Status
from chalicelib.teams import actions
from chalicelib.teams.model import Roster
from tests.support.fakes import FakeReports
from tests.support.fakes_teams import FakeRosters
from tests.support.samples import HANDLER, NOON, SUPERVISOR, a_report

UNIT, WHO = "Noord-Nederland", "NN5555"
BY = Actor(Role.OFFICER, WHO)


def reference(number):
    return ids.reference(number.to_bytes(4, "big") * 8)


@pytest.fixture
def reports():
    return FakeReports()


@pytest.fixture
def rosters(clock):
    roster = Roster(unit=UNIT).absent(WHO, by=SUPERVISOR.id, at=clock.now())
    return FakeRosters(roster)


def given(reports, numbers, *, to=WHO, at=NOON, **facts):
    for number in numbers:
        reports.add(a_report(reference=reference(number), at=NOON, **facts).assigned(to, by=BY, at=at))


def step(rosters, reports, clock, most=250):
    return actions.free_absent(rosters.get(UNIT), rosters=rosters, reports=reports, clock=clock, most=most)


def test_five_thousand_reports_are_free_after_bounded_steps_each_in_its_place(reports, rosters, clock):
    given(reports, range(5_000))
    before = {number: place(reports.get(reference(number))) for number in range(5_000)}
    steps = 0

    while rosters.get(UNIT).absences:
        writes = len(reports.writes)
        step(rosters, reports, clock)
        assert len(reports.writes) - writes <= 250
        steps += 1

    assert steps <= 21
    for number, was in before.items():
        report = reports.get(reference(number))
        assert report.assignee == ""
        assert place(report) == was
        assert (report.timeline[-1].by.id, report.version) == (SUPERVISOR.id, 3)


def test_a_step_that_runs_twice_frees_nothing_twice(reports, rosters, clock):
    given(reports, range(3))
    seen = rosters.get(UNIT)

    for _ in range(2):
        actions.free_absent(seen, rosters=rosters, reports=reports, clock=clock, most=250)

    assert [reports.get(reference(number)).version for number in range(3)] == [3] * 3
    assert rosters.get(UNIT).absences == ()


def test_what_somebody_takes_after_the_order_stays_theirs(reports, rosters, clock):
    given(reports, [1])
    given(reports, [2], at=NOON + timedelta(hours=1))
    clock.advance(timedelta(hours=2))

    step(rosters, reports, clock)

    assert [reports.get(reference(number)).assignee for number in (1, 2)] == ["", WHO]
    assert rosters.get(UNIT).absences == ()


def test_work_in_another_unit_and_of_others_is_left_alone(reports, rosters, clock):
    given(reports, [1], unit="Amsterdam")
    given(reports, [2], to=HANDLER.id)
    given(reports, [3])

    step(rosters, reports, clock)

    assert [reports.get(reference(number)).assignee for number in (1, 2, 3)] == [WHO, HANDLER.id, ""]


def test_a_report_that_fails_keeps_the_rest_from_nothing_and_is_tried_again(reports, rosters, clock):
    given(reports, range(3))
    reports.broken.add(reference(1))

    step(rosters, reports, clock)

    assert [reports._reports[reference(number)].assignee for number in range(3)] == ["", WHO, ""]
    assert rosters.get(UNIT).absences, "the order stands"
    reports.broken.clear()
    step(rosters, reports, clock)
    assert reports.get(reference(1)).assignee == ""
    assert rosters.get(UNIT).absences == ()


def test_every_unit_is_looked_at_by_the_minute(reports, clock):
    orders = [Roster(unit=unit).absent(WHO, by=SUPERVISOR.id, at=clock.now()) for unit in (UNIT, "Amsterdam")]
    given(reports, [1])
    given(reports, [2], unit="Amsterdam")
    rosters = FakeRosters(*orders)

    for _ in range(2):
        actions.free_all(rosters, reports, clock)

    assert [reports.get(reference(number)).assignee for number in (1, 2)] == ["", ""]
    assert [roster.absences for roster in rosters.of_units((UNIT, "Amsterdam"))] == [(), ()]


def test_a_decided_report_is_no_work_and_stays_as_it_was(reports, rosters, clock):
    given(reports, [1])
    report = reports.get(reference(1))
    closed = reports.save(report, replace(report, status=Status.CLOSED, version=report.version + 1))

    step(rosters, reports, clock)

    assert reports.get(reference(1)) == closed
    assert rosters.get(UNIT).absences == ()
