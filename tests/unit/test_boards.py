"""The numbers of the first page: each is the length of the list that it leads to, whatever happened, whoever looks."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.boards import actions
from chalicelib.boards.model import Board, Number, count
from chalicelib.core.clock import day_of
from chalicelib.desk.queue.query import ME, Query
from chalicelib.desk.start import actions as start
from chalicelib.forms.places import units
from chalicelib.people.model import Officer, StaffRole
from chalicelib.people.permissions import ALLOWED, Permission
from chalicelib.reports import lists
from chalicelib.reports.additions import Sort
from chalicelib.reports.events import REPORTER, Actor, EventKind, OfflineMeans, Rank, Role
from chalicelib.reports.filters import OPEN
from chalicelib.reports.model import Change
from chalicelib.reports.queue import Flag
from chalicelib.reports.statuses import DECISIONS, Status
from chalicelib.reports.store import line_of
from chalicelib.reports.tasks import Task
from tests.conftest import StillClock
from tests.support.fakes import FakeReports
from tests.support.fakes_boards import FakeBoards
from tests.support.samples import NOON, a_report

OWN, OTHER = "Noord-Nederland", "Amsterdam"
PEOPLE = ("NN1111", "NN2222", "TEAM-7")
NOW = NOON + timedelta(days=100)
READERS = sorted(ALLOWED[Permission.READ_REPORT])


def changed(report, by, at, chance):
    to = chance.choice(report.next_statuses())
    return report.changed(Change(to, explanation="Omdat.", registration_number="PL0100-2016123456"), by=by, at=at)


def asked(report, by, at):
    return report.asked("Hoe?", deadline_on=day_of(at) + timedelta(days=14), by=by, at=at)


ACTS = {  # all that can happen to a report, as far as the desk counts it
    "status": lambda r, by, at, chance: changed(r, by, at, chance) if r.next_statuses() else r,
    "question": lambda r, by, at, _: asked(r, by, at) if r.can_be_asked else r,
    "answer": lambda r, _by, at, _: r.answered(r.open_question.number, "Zo.", at=at) if r.open_question else r,
    "addition": lambda r, _by, at, _: r.added(Sort.MORE, {"text": "Nog iets"}, at=at),
    "update asked": lambda r, _by, at, _: r.with_event(EventKind.UPDATE_ASKED, r.status, by=REPORTER, at=at),
    "contested": lambda r, _by, at, _: r.with_event(EventKind.CONTESTED, r.status, by=REPORTER, at=at),
    "update": lambda r, by, at, _: r.with_event(EventKind.UPDATE_GIVEN, r.status, by=by, at=at, explanation="Nog bezig."),
    "note": lambda r, by, at, _: r.noted("Gelezen.", by=by, at=at),
    "assigned": lambda r, by, at, chance: r.assigned(chance.choice(("", *PEOPLE)), by=by, at=at),
    "ranked": lambda r, by, at, chance: r.ranked(chance.choice(list(Rank)), by=by, at=at),
    "moved": lambda r, by, at, chance: r.moved(chance.choice((OWN, OTHER)), by=by, at=at),
    "task": lambda r, by, at, chance: r.task_raised(chance.choice(list(Task)), by=by, at=at),
    "done": lambda r, by, at, _: r.task_done(r.open_tasks[0], by=by, at=at) if r.open_tasks else r,
    "bounce": lambda r, _by, at, _: r.address_found_unusable(frozenset({r.contact.email.lower()}), at=at),
    "told": lambda r, by, at, _: r.contacted_offline(OfflineMeans.PHONE, by=by, at=at) if r.to_contact_since else r,
}


def history(chance, number):
    """A report to which up to thirteen things happened, filed up to six years ago."""
    by = Actor(Role.OFFICER, "NN1111")
    at = NOW - timedelta(days=chance.choice((1, 5, 20, 90, 400, 1_900)), minutes=number)
    report = replace(a_report(reference=f"{number:04d}-CCCC-CCCC", at=at), unit=chance.choice((OWN, OTHER)))
    report = replace(report, kind=chance.choice(("bicycle-theft", "graffiti")))
    for name in chance.choices([*ACTS, *["status"] * 5], k=chance.randrange(14)):
        at += (NOW - at) * chance.random() / 4
        report = ACTS[name](report, by, at, chance)
    return report


def length(query, officer, reports):
    """How many lines a list has, over all its pages."""
    sought, after, found = query.sought(officer, NOW), "", 0
    while found == 0 or after:
        page = lists.page(sought, reports, after=after, lines=7)
        found, after = found + len(page.lines), page.after
        if not after:
            break
    return found


@pytest.mark.parametrize("seed", range(100))
def test_every_number_is_the_length_of_its_list(seed):
    """A hundred histories each, ten thousand together."""
    chance, reports = random.Random(seed), FakeReports()  # noqa: S311 — the same histories each time
    for number in range(100):
        reports.add(history(chance, number))
    officer = Officer("NN1111", frozenset({READERS[seed % len(READERS)]}), frozenset({(OWN, OTHER)[seed % 2]}))
    [unit] = officer.units

    board = actions.counted(unit, reports=reports, clock=StillClock(NOW))

    assert board.numbers == {number: length(start.list_of(number, unit), officer, reports) for number in Number}
    for status in OPEN:
        assert board.of_status(status) == length(start.list_of_status(status, unit), officer, reports)
        for kind, counted in board.kinds.get(status, {}).items():
            assert counted == length(replace(start.list_of_status(status, unit), kind=kind), officer, reports)
    for holder in PEOPLE:
        assert board.held.get(holder, 0) == length(start.list_held(holder, unit), officer, reports)
        overdue = replace(start.list_held(holder, unit), mark="overdue")
        assert board.held_overdue.get(holder, 0) == length(overdue, officer, reports)
    assert board.held.get(officer.id, 0) == length(start.list_held(ME, unit), officer, reports)


def test_what_happens_in_these_histories_is_all_that_there_is_to_count():
    chance = random.Random(2016)  # noqa: S311 — likewise
    everything = [history(chance, number) for number in range(600)]
    lines = [line for report in everything if (line := line_of(report))]

    assert {line.status for line in lines} == set(Status)
    assert {flag for line in lines for flag in line.flags} >= set(Flag) - {Flag.JOINT, Flag.NO_CALLS, Flag.SHARED}


def test_all_units_are_counted_and_a_counting_that_is_done_twice_says_the_same(clock):
    reports, boards = FakeReports(), FakeBoards()
    reports.add(a_report())

    for _ in range(2):
        actions.count_all(reports=reports, boards=boards, clock=clock)

        assert [boards.get(unit).numbers[Number.OPEN] for unit in units()] == [int(unit == OWN) for unit in units()]
    assert boards.get(OWN).counted_at == clock.now()


def test_a_counting_that_dies_leaves_the_boards_that_it_wrote_and_is_done_by_the_next(clock):
    class Dies(FakeReports):
        dead = True

        def look(self, run, **facts):
            if self.dead and OWN in run.key:
                raise OSError("reports: no answer")
            return super().look(run, **facts)

    reports, boards = Dies(), FakeBoards()
    with pytest.raises(OSError, match="no answer"):
        actions.count_all(reports=reports, boards=boards, clock=clock)
    assert boards.get(OTHER) is not None
    assert boards.get(OWN) is None

    reports.dead = False
    actions.count_all(reports=reports, boards=boards, clock=clock)

    assert boards.get(OWN) is not None


def test_a_report_is_over_term_from_the_day_after_its_last_day_in_amsterdam():
    line = line_of(a_report())  # filed on Friday 1 July 2016: three working days end on Wednesday 6 July
    late = [
        count(OWN, [line], [], at=NOON.replace(day=day, hour=hour)).numbers[Number.OVERDUE] for day, hour in ((6, 21), (6, 22))
    ]

    assert line.due_on == date(2016, 7, 6)
    assert late == [0, 1], "22:00 UTC is midnight in Amsterdam's summer"


def test_what_is_decided_is_counted_only_where_somebody_asks_for_something():
    closed = a_report().changed(Change(Status.REFERRED), by=REPORTER, at=NOON)
    closed = closed.changed(Change(Status.CLOSED, explanation="Klaar."), by=REPORTER, at=NOON)
    reports = FakeReports()
    reports.add(closed.added(Sort.MORE, {"text": "Toch nog iets"}, at=NOON))

    board: Board = actions.counted(OWN, reports=reports, clock=StillClock(NOON))

    assert board.kinds == {}
    assert {number for number, found in board.numbers.items() if found} == {Number.FRESH}
    assert closed.status in DECISIONS
    assert Query(unit=OWN, status="all", mark="fresh") == start.list_of(Number.FRESH, OWN)
    assert StaffRole.HANDLER in READERS
