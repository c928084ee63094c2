"""Taking the next report: the oldest first, each once, however many ask at the same moment, and never by a lock."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Lock

import pytest

from chalicelib.core.errors import Conflict, Forbidden
from chalicelib.desk.queue import actions
from chalicelib.desk.queue.query import ALL, ME, NOBODY_HAS_IT, Mark, Query
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.officers.store import OfficerStore
from chalicelib.people.model import Officer, StaffRole
from chalicelib.reports.additions import Sort
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, EventKind, Rank, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import ReportStore
from chalicelib.teams.model import Roster, Team
from tests.support.fakes import FakeAudit, FakeReports
from tests.support.fakes_letters import FakeLedger
from tests.support.fakes_officers import FakeOfficers
from tests.support.fakes_teams import FakeRosters
from tests.support.samples import NOON, READER, STRANGER, a_report

UNIT = "Noord-Nederland"
LIST = Query(unit=UNIT)


class OneCallAtATime:
    """A store on tables whose calls wait for each other: moto, unlike DynamoDB, does not keep two writes of one item apart."""

    def __init__(self, store, one_call):
        self._store, self._one_call = store, one_call

    def __getattr__(self, name):
        def call(*arguments, **facts):
            with self._one_call:
                return getattr(self._store, name)(*arguments, **facts)

        return call


@pytest.fixture(params=["fake", "table"])
def room(request, settings, clock):
    """The stores: in memory, and on tables (moto)."""
    if request.param == "fake":
        return FakeReports(), FakeOfficers(clock), clock
    request.getfixturevalue("aws")
    one_call = Lock()
    reports = OneCallAtATime(ReportStore(settings, Deadlines()), one_call)
    return reports, OneCallAtATime(OfficerStore(settings, clock), one_call), clock


def reference(number):
    return f"{number:04d}-CCCC-CCCC"


def filed(reports, number, **facts):
    at = NOON - timedelta(days=30) + timedelta(minutes=number)
    return reports.add(replace(a_report(reference=reference(number), at=at), **facts))


def desk_of(room, number=0, officer=None, rosters=None):
    reports, _, clock = room
    person = officer or Officer(f"NN{number:04d}", frozenset({StaffRole.HANDLER}), frozenset({UNIT}))
    return TeamDesk(
        officer=person,
        reports=reports,
        ledger=FakeLedger(clock),
        audit=FakeAudit(),
        clock=clock,
        rosters=rosters or FakeRosters(),
        derivation_key=b"",
    )


def take(room, number=0, *, query=LIST, key="", officer=None, rosters=None):
    return actions.take_next(query, key=key, desk=desk_of(room, number, officer, rosters), officers=room[1])


def at_once(room, officers, rosters=None):
    """Each officer takes the next one, all at the same time; None for who finds nothing free."""

    def one(number):
        try:
            return take(room, number, key=f"k{number}", rosters=rosters).reference
        except Conflict as conflict:
            assert conflict.code == "nothing_free"
            return None

    with ThreadPoolExecutor(officers) as pool:
        return list(pool.map(one, range(officers)))


def test_twenty_officers_at_once_take_the_twenty_oldest_each_once(room):
    for number in range(25):
        filed(room[0], number)

    taken = at_once(room, 20)

    assert sorted(taken) == [reference(number) for number in range(20)]
    assert [room[0].get(one).assignee for one in taken] == [f"NN{number:04d}" for number in range(20)]


def test_of_thirty_officers_at_once_five_read_that_nothing_is_free(room):
    for number in range(25):
        filed(room[0], number)

    taken = at_once(room, 30)

    assert sorted(filter(None, taken)) == [reference(number) for number in range(25)]
    assert taken.count(None) == 5
    assert all(len(room[0].get(one).timeline) == 2 for one in taken if one), "nobody took one twice"


def test_the_urgent_come_before_the_oldest_and_what_somebody_has_is_left(room):
    by = Actor(Role.OFFICER, "NN9999")
    reports = room[0]
    for number in range(4):
        filed(reports, number)
    acts = {
        0: lambda r: r.assigned("NN9999", by=by, at=NOON),
        3: lambda r: r.ranked(Rank.URGENT, by=by, at=NOON),
    }
    for number, act in acts.items():
        report = reports.get(reference(number))
        reports.save(report, act(report))

    assert [take(room).reference for _ in range(3)] == [reference(number) for number in (3, 1, 2)]


def with_teams(**members):
    """A roster with a team for each name, in which the officers of these numbers are."""
    teams = [Team(f"T-{name}-AAAAA", name, tuple(f"NN{each:04d}" for each in numbers)) for name, numbers in members.items()]
    rosters = FakeRosters()
    rosters.save(Roster(unit=UNIT), Roster(unit=UNIT, version=1, teams=tuple(teams)))
    return rosters


TEAM, OTHER_TEAM, THIRD_TEAM = (f"T-{name}-AAAAA" for name in ("BIKES", "FRAUD", "OTHER"))


def test_what_waits_with_a_team_of_ones_own_comes_before_what_nobody_has(room):
    rosters = with_teams(BIKES=[7], FRAUD=[7], OTHER=[8])
    for number, assignee in enumerate(["", THIRD_TEAM, OTHER_TEAM, TEAM, "NN9999", ""]):
        filed(room[0], number, assignee=assignee)

    taken = [take(room, 7, rosters=rosters).reference for _ in range(4)]

    assert taken == [reference(number) for number in (2, 3, 0, 5)], "both teams by age, then the rest by age"
    with pytest.raises(Conflict, match="nothing_free"):
        take(room, 7, rosters=rosters)
    assert take(room, 8, rosters=rosters).reference == reference(1)


def test_in_the_list_of_a_team_only_that_is_taken_and_in_that_of_nobody_only_that(room):
    rosters = with_teams(BIKES=[7])
    for number, assignee in enumerate([TEAM, "", OTHER_TEAM]):
        filed(room[0], number, assignee=assignee)

    assert take(room, 7, rosters=rosters, query=replace(LIST, who=NOBODY_HAS_IT)).reference == reference(1)
    assert take(room, 7, rosters=rosters, query=replace(LIST, who=TEAM)).reference == reference(0)
    for who in (TEAM, OTHER_TEAM, ME):
        with pytest.raises(Conflict, match="nothing_free"):
            take(room, 7, rosters=rosters, query=replace(LIST, who=who))


def test_a_team_takes_at_once_what_waits_with_it_each_once_and_then_what_is_free(room):
    rosters = with_teams(BIKES=range(12))
    for number in range(16):
        filed(room[0], number, assignee=TEAM if number % 2 else "")

    taken = at_once(room, 12, rosters)

    assert sorted(taken) == sorted(reference(number) for number in (*range(1, 16, 2), 0, 2, 4, 6))


def test_a_filter_holds_for_what_waits_with_a_team_too(room):
    rosters = with_teams(BIKES=[7])
    filed(room[0], 1, assignee=TEAM)
    filed(room[0], 2, assignee=TEAM, rank=Rank.URGENT)

    assert take(room, 7, rosters=rosters, query=replace(LIST, mark=Mark.URGENT)).reference == reference(2)
    with pytest.raises(Conflict, match="nothing_free"):
        take(room, 7, rosters=rosters, query=replace(LIST, mark=Mark.URGENT))


def test_whoever_takes_is_in_the_timeline_and_on_record(room):
    filed(room[0], 1)
    desk = desk_of(room, 7)

    report = actions.take_next(LIST, key="k", desk=desk, officers=room[1])

    event = report.timeline[-1]
    assert (event.kind, event.to, event.by.id) == (EventKind.ASSIGNED, "NN0007", "NN0007")
    assert [(one.what, one.why) for one in desk.audit.of(report.reference)] == [("take_report", "handling")]
    assert [(one.what, one.why) for one in desk.audit.of(f"worklist:{UNIT}")] == [("take_next", "worklist")]


def test_the_same_request_once_more_gets_the_same_report(room):
    for number in range(3):
        filed(room[0], number)

    first, again = take(room, key="k1"), take(room, key="k1")

    assert first.reference == again.reference == reference(0)
    assert take(room, key="k2").reference == reference(1)


def test_the_same_request_twice_at_once_takes_one_report(room):
    for number in range(12):
        filed(room[0], number)

    with ThreadPoolExecutor(8) as pool:
        taken = set(pool.map(lambda _: take(room, key="k1").reference, range(8)))

    assert len(taken) == 1
    assert sum(bool(room[0].get(reference(number)).assignee) for number in range(12)) == 1


def test_the_same_key_with_another_content_is_refused(room):
    for number in range(2):
        filed(room[0], number)
    key = "a" * 64
    take(room, key=f"{key}.one")

    with pytest.raises(Conflict, match="idempotency_key_reused"):
        take(room, key=f"{key}.two")


class Dies(FakeReports):
    """Reports whose next save is not done: the function died before it."""

    dead = True

    def save(self, before, after):
        if self.dead:
            raise OSError("reports: no answer")
        return super().save(before, after)


def test_a_request_that_died_before_it_took_its_report_takes_that_one_when_it_is_sent_again(clock):
    reports, officers = Dies(), FakeOfficers(clock)
    room = reports, officers, clock
    for number in range(2):
        filed(reports, number)
    with pytest.raises(OSError, match="no answer"):
        take(room, key="k1")
    reports.dead = False

    assert take(room, 5).reference == reference(0), "nobody waits for a request that died"
    assert take(room, key="k1").reference == reference(1)
    assert take(room, key="k1").reference == reference(1)


def test_a_report_whose_reporter_adds_something_at_that_moment_is_taken_all_the_same(clock):
    class Speaks(FakeReports):
        spoken = False

        def save(self, before, after):
            if not self.spoken and after.assignee:
                self.spoken = True
                super().save(before, before.added(Sort.MORE, {"text": "Een getuige"}, at=NOON))
            return super().save(before, after)

    room = Speaks(), FakeOfficers(clock), clock
    for number in range(2):
        filed(room[0], number)

    report = take(room, key="k")

    assert (report.reference, report.assignee, len(report.additions)) == (reference(0), "NN0000", 1)


def test_a_list_that_is_behind_gives_out_nothing_that_somebody_took_or_decided_meanwhile(clock):
    class Behind(FakeReports):
        """Its lists are as they were when it was told to freeze: an index follows its table."""

        frozen = None

        def look(self, run, **facts):
            return super(Behind, self.frozen or self).look(run, **facts)

        def freeze(self):
            self.frozen = Behind()
            self.frozen._reports = dict(self._reports)

    room = Behind(), FakeOfficers(clock), clock
    reports = room[0]
    for number in range(4):
        filed(reports, number)
    reports.freeze()
    by = Actor(Role.OFFICER, "NN9999")
    taken, decided, left = (reports.get(reference(number)) for number in range(3))
    reports.save(taken, taken.assigned("NN9999", by=by, at=NOON))
    reports.save(decided, decided.changed(Change(Status.CHECKED), by=by, at=NOON))
    reports.remove(left)

    assert take(room).reference == reference(3)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.NOT_INVESTIGATED])
def test_nothing_is_free_in_a_list_of_what_is_decided(room, status):
    with pytest.raises(Conflict, match="nothing_free"):
        take(room, query=Query(unit=UNIT, status=status))


def test_only_who_handles_reports_takes_one_and_only_of_the_own_unit(room):
    filed(room[0], 1)
    for officer in (READER, STRANGER):
        with pytest.raises(Forbidden):
            take(room, officer=officer)
    assert room[0].get(reference(1)).assignee == ""


def test_all_that_is_open_is_a_list_to_take_from(room):
    report = filed(room[0], 1)
    by = Actor(Role.OFFICER, "NN9999")
    room[0].save(report, report.changed(Change(Status.CHECKED), by=by, at=NOON))

    assert take(room, query=Query(unit=UNIT, status=ALL)).reference == reference(1)
