"""By which clues a report is found: written from what it is now, moved by what its reporter adds, gone when it is destroyed."""

import json
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.clues import actions
from chalicelib.clues.indexing import ClueRoom, derive, forget, traces_of
from chalicelib.clues.linking import linked, links_of, on_clue
from chalicelib.clues.model import Clue, ClueKeys, Tally, clues_of, found_until, meant, short
from chalicelib.clues.sorts import ClueSort
from chalicelib.clues.traces import SharedValue, Trace
from chalicelib.core import ids
from chalicelib.core.clock import MovableClock
from chalicelib.reports.additions import Sort as Why
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from tests.conftest import StillClock
from tests.support.fakes import FakeReports
from tests.support.fakes_clues import FakeClues
from tests.support.frauds import (
    ACCOUNT,
    ELSEWHERE,
    IBAN,
    KEYS,
    OFFICER,
    OTHER_ACCOUNT,
    OTHER_IBAN,
    UNIT,
    a_fraud,
    a_room,
    change,
    deliver,
    file,
)
from tests.support.samples import NOON


@pytest.fixture
def room(clock):
    return a_room(clock)


def test_a_report_is_found_by_each_thing_that_its_reporter_told():
    report = replace(
        a_fraud(
            accounts=(IBAN, OTHER_IBAN), otherPhone="06 11223344", kind="marketplace-purchase-fraud", otherUserName="Top Deals88"
        ),
        registration_number="PL0100-2016123456",
    )
    found = clues_of(report)

    assert {ACCOUNT, OTHER_ACCOUNT, Clue(ClueSort.PHONE, "+31611223344"), Clue(ClueSort.NUMBER, "PL0100-2016123456")} <= found
    assert {clue.sort for clue in found} >= {
        ClueSort.REPORTER_PHONE,
        ClueSort.REPORTER_EMAIL,
        ClueSort.ADDRESS,
        ClueSort.PERSON,
        ClueSort.USER_NAME,
    }
    assert Clue(ClueSort.PERSON, "vandenberg 1980-07-12") in found
    assert Clue(ClueSort.USER_NAME, "marktplaats:topdeals88") in found


def test_a_user_name_without_its_platform_is_no_clue():
    assert ClueSort.USER_NAME not in {clue.sort for clue in clues_of(a_fraud(otherUserName="topdeals88"))}


def test_one_account_however_it_was_typed_links(room):
    spelled = ("nl91 abna 0417 1643 00", IBAN, "NL91\u00a0ABNA\u202f0417\u00a01643\u00a000")
    file(room, *(a_fraud(number, accounts=(one,)) for number, one in enumerate(spelled)))
    file(room, a_fraud(9, accounts=("NL91ABNA04171643O0",)))  # a letter O

    assert on_clue(ACCOUNT, [UNIT], room).tally == Tally(3, 0)


def test_a_value_that_was_added_links_and_one_that_was_corrected_links_no_more(room):
    first, second = a_fraud(1), a_fraud(2, accounts=(OTHER_IBAN,))
    file(room, first, second)

    corrected = change(room, first, first.added(Why.WRONG, {"part": "accounts", "text": "Fout", "iban": OTHER_IBAN}, at=NOON))
    deliver(room)

    assert on_clue(ACCOUNT, [UNIT], room).is_nothing
    assert on_clue(OTHER_ACCOUNT, [UNIT], room).tally == Tally(2, 0)

    change(room, corrected, corrected.added(Why.MORE, {"text": "Nog een", "iban": IBAN}, at=NOON))
    deliver(room)

    assert on_clue(ACCOUNT, [UNIT], room).tally == Tally(1, 0)
    assert on_clue(OTHER_ACCOUNT, [UNIT], room).tally == Tally(2, 0)


def test_a_correction_takes_the_place_of_the_account_that_it_is_most_like():
    mistyped = "NL02ABNA0123456789"
    report = a_fraud(accounts=(mistyped, OTHER_IBAN))
    corrected = report.added(Why.WRONG, {"part": "accounts", "text": "Fout", "iban": "NL20ABNA0123456788"}, at=NOON)
    found = {clue.value for clue in clues_of(corrected) if clue.sort is ClueSort.IBAN}

    assert OTHER_IBAN in found
    assert len(found) < 3


def test_a_change_that_moves_no_clue_reads_and_writes_nothing(room):
    report = a_fraud()
    file(room, report)
    written = set(room.clues.traces)
    before, room.reports.broken = room.clues.looks, {report.reference}

    after = report.changed(Change(Status.CHECKED), by=OFFICER, at=NOON)

    assert deliver(room, [(report, after)]) == ()
    assert (room.clues.traces, room.clues.looks) == (written, before)


@given(order=st.permutations(range(6)), again=st.lists(st.integers(0, 5), max_size=4))
@settings(max_examples=60)
def test_whatever_comes_twice_late_or_out_of_order_a_report_lies_on_what_it_is_now(order, again):
    clock = MovableClock(StillClock())
    room = ClueRoom(FakeClues(clock), FakeReports(), KEYS, clock)
    first, other = a_fraud(1), a_fraud(2)
    room.reports.add(first)
    room.reports.add(other)
    one = change(room, first, first.added(Why.WRONG, {"part": "accounts", "text": "x", "iban": OTHER_IBAN}, at=NOON))
    two = change(room, one, one.changed(Change(Status.CHECKED), by=OFFICER, at=NOON))
    three = change(room, two, two.added(Why.WRONG, {"part": "accounts", "text": "x", "iban": IBAN}, at=NOON))
    last = change(room, three, three.added(Why.MORE, {"text": "x", "otherPhone": "06 11223344"}, at=NOON))
    writes = list(room.reports.writes)

    for place in (*order, *again):
        deliver(room, [writes[place]])

    assert room.clues.traces == {*traces_of(last, KEYS), *traces_of(other, KEYS)}


def test_a_record_that_fails_holds_back_its_own_report_only(room):
    first, second = a_fraud(1), a_fraud(2)
    room.reports.add(first)
    change(room, first, first.added(Why.MORE, {"text": "x", "iban": OTHER_IBAN}, at=NOON))
    room.reports.add(second)
    room.reports.broken = {first.reference}

    assert deliver(room) == ("1", "2")
    assert on_clue(ACCOUNT, [UNIT], room).tally == Tally(1, 0)

    room.reports.broken = set()

    assert deliver(room) == ()
    assert on_clue(ACCOUNT, [UNIT], room).tally == Tally(2, 0)


class _Erased(FakeReports):
    """A report that is destroyed right after it was first read."""

    def get(self, reference):
        found = super().get(reference)
        if found:
            self.remove(found)
        return found


def test_a_report_that_is_destroyed_while_it_is_indexed_leaves_no_clue(clock):
    room = ClueRoom(FakeClues(clock), _Erased(), KEYS, clock)

    file(room, a_fraud())

    assert room.clues.traces == set()


@given(st.data())
@settings(max_examples=40)
def test_destroying_some_reports_leaves_none_of_their_clues_and_exactly_those_of_the_others(data):
    clock, drawn = MovableClock(StillClock()), random.Random(data.draw(st.integers(0, 10**6)))  # noqa: S311 — it draws lives, no secrets
    room = ClueRoom(FakeClues(clock), FakeReports(), KEYS, clock)
    reports = [
        a_fraud(number, accounts=drawn.sample((IBAN, OTHER_IBAN), drawn.randint(1, 2)), unit=drawn.choice((UNIT, ELSEWHERE)))
        for number in range(8)
    ]
    file(room, *reports)
    for report in [room.reports.get(one.reference) for one in reports]:  # a task may lie on it by now
        if drawn.random() < 0.5:
            change(room, report, report.added(drawn.choice((Why.MORE, Why.WRONG)), {"text": "x", "iban": OTHER_IBAN}, at=NOON))
    if drawn.random() < 0.5:
        deliver(room)
    reports = [room.reports.get(one.reference) for one in reports]
    gone = [report for report in reports if drawn.random() < 0.5]

    for report in gone:
        forget(report, room)
        forget(report, room)
        room.reports.remove(report)
    deliver(room)

    assert room.clues.traces == {trace for report in reports if report not in gone for trace in traces_of(report, KEYS)}


def test_after_a_year_a_report_is_found_no_more_but_by_its_police_number(room, clock):
    report = replace(a_fraud(), registration_number="PL0100-2016123456")
    file(room, report)
    number = Clue(ClueSort.NUMBER, "PL0100-2016123456")

    clock.advance(timedelta(days=364))
    assert on_clue(ACCOUNT, [UNIT], room).tally.own == 1

    clock.advance(timedelta(days=2))
    assert on_clue(ACCOUNT, [UNIT], room).is_nothing
    assert on_clue(number, [UNIT], room).tally.own == 1

    clock.advance(timedelta(days=4 * 366))
    assert on_clue(number, [UNIT], room).is_nothing
    assert found_until(ACCOUNT, NOON).year == 2017


def lying(room, count, unit=ELSEWHERE, clue=ACCOUNT):
    """So many reports of a unit lie on a clue."""
    traces = [
        Trace(
            KEYS.digest(clue),
            unit,
            NOON + timedelta(seconds=number),
            ids.reference((number + 999).to_bytes(16)),
            "r",
            NOON.replace(year=2017),
        )
        for number in range(count)
    ]
    room.clues.write(traces, [])


@pytest.mark.parametrize(
    ("count", "told"), [(0, ""), (1, "some"), (2, "some"), (3, "3"), (20, "20"), (21, "many"), (10_000, "many")]
)
def test_of_other_units_at_most_a_number_is_told_and_one_and_two_are_told_alike(room, count, told):
    lying(room, count)

    found = on_clue(ACCOUNT, [UNIT], room)

    assert found.tally.elsewhere == told
    assert (found.tally.own, found.traces) == (0, ())


def test_a_clue_on_which_ten_thousand_reports_lie_is_read_within_bounds(room):
    lying(room, 5_000, UNIT)
    lying(room, 5_000, ELSEWHERE)
    room.clues.looks = 0

    found = on_clue(ACCOUNT, [UNIT], room)

    assert (len(found.traces), found.tally.own_is_many, found.tally.elsewhere) == (20, True, "many")
    assert room.clues.looks <= 11


def test_beside_a_report_each_clue_is_one_query(room):
    report = a_fraud(0, otherPhone="06 11223344", otherEmail="x@example.net", wallet="bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")
    file(
        room,
        report,
        *(a_fraud(number) for number in range(1, 15)),
        *(a_fraud(number, unit=ELSEWHERE) for number in range(15, 17)),
    )
    room.clues.looks = 0

    found = {one.clue.sort: one for one in links_of(report, [UNIT], room)}

    assert room.clues.looks == len(found) <= 8
    assert (found[ClueSort.IBAN].tally.own, found[ClueSort.IBAN].tally.elsewhere) == (14, "some")
    assert found[ClueSort.PHONE].is_nothing


def test_a_report_with_many_accounts_is_looked_at_eight_times_at_most(room):
    accounts = tuple(_iban(number) for number in range(10))
    report = a_fraud(0, accounts=accounts)
    file(room, report)
    room.clues.looks = 0

    assert len(links_of(report, [UNIT], room)) == 8
    assert room.clues.looks == 8


def _iban(number):
    from stdnum.iban import calc_check_digits

    body = f"ABNA{number:010}"
    return f"NL{calc_check_digits('NL00' + body)}{body}"


def test_linked_reports_become_a_list_of_ones_own_units(room):
    reports = [a_fraud(number) for number in range(3)]
    file(room, *reports, a_fraud(9, unit=ELSEWHERE))
    clue = short(KEYS.digest(ACCOUNT))

    assert set(linked(reports[0], clue, [UNIT], room)) == {report.reference for report in reports}
    assert linked(reports[0], clue, [UNIT], room, most=2) == linked(reports[0], clue, [UNIT], room)[:2]
    assert linked(reports[0], short(KEYS.digest(OTHER_ACCOUNT)), [UNIT], room) == ()


def test_forty_strangers_with_a_shared_value_are_not_linked_and_are_found(room):
    """A marketplace's host and a bank's number of the repository, and a gateway's account that a supervisor put down."""
    file(
        room,
        *(a_fraud(number, website="https://www.marktplaats.nl/seller/1", otherPhone="020 22 888 00") for number in range(40)),
    )
    until = NOON + timedelta(days=30)
    room.clues.put(SharedValue(KEYS.digest(ACCOUNT), ClueSort.IBAN, IBAN, "gateway", until, "NN1"))
    report = a_fraud(0, website="https://www.marktplaats.nl/seller/1", otherPhone="020 22 888 00")

    found = links_of(report, [UNIT], room)

    assert {one.clue.sort: one.shared for one in found} == {
        ClueSort.IBAN: "gateway",
        ClueSort.PHONE: "bank",
        ClueSort.HOST: "marketplace",
    }
    assert all(one.is_nothing for one in found)
    assert [linked(report, one.id, [UNIT], room) for one in found] == [(), (), ()]
    assert [on_clue(one.clue, [UNIT], room).tally.own_is_many for one in found] == [True, True, True]


def test_links_appear_without_filing_again_when_a_value_is_unlisted_or_its_day_is_over(room, clock):
    file(room, a_fraud(1), a_fraud(2))
    put = SharedValue(KEYS.digest(ACCOUNT), ClueSort.IBAN, IBAN, "gateway", NOON + timedelta(days=30), "NN1")
    clue = short(KEYS.digest(ACCOUNT))
    room.clues.put(put)
    assert linked(a_fraud(1), clue, [UNIT], room) == ()

    room.clues.unlist(put.clue)
    assert len(linked(a_fraud(1), clue, [UNIT], room)) == 2

    room.clues.put(put)
    clock.advance(timedelta(days=31))
    assert len(linked(a_fraud(1), clue, [UNIT], room)) == 2


def test_a_part_of_a_marketplaces_site_is_as_shared_as_the_site():
    from chalicelib.clues.shared import shared_everywhere

    on = NOON.date()
    assert shared_everywhere(Clue(ClueSort.HOST, "link.marktplaats.nl"), on)
    assert shared_everywhere(Clue(ClueSort.HOST, "marktplaats.nl.betaal.example.com"), on) is None
    assert shared_everywhere(Clue(ClueSort.HOST, "marktplaats.nl"), on.replace(year=2050)) is None


def test_while_keys_are_replaced_reports_under_both_are_found_and_none_twice(clock):
    clues, reports = FakeClues(clock), FakeReports()
    old = ClueRoom(clues, reports, KEYS, clock)
    file(old, a_fraud(1), a_fraud(2))
    both = ClueKeys((("V2", b"n" * 64), *KEYS.keys))
    new = replace(old, keys=both)
    reports.add(a_fraud(3))
    deliver(new, reports.writes[-1:])

    assert on_clue(ACCOUNT, [UNIT], new).tally == Tally(3, 0)

    assert actions.derive_all([report.reference for report in (a_fraud(1), a_fraud(2), a_fraud(3))], new) == actions.Derived(3, 0)

    assert on_clue(ACCOUNT, [UNIT], replace(new, keys=both.newest)).tally == Tally(3, 0)
    assert {trace.clue.partition("-")[0] for trace in clues.traces} == {"V2"}


def test_reports_of_before_there_were_clues_are_derived_and_twice_changes_nothing(room):
    report = room.reports.add(a_fraud())

    derive(report.reference, room)
    once = set(room.clues.traces)
    derive(report.reference, room)
    derive("CCCC-CCCC-CCCC", room)

    assert once == room.clues.traces == set(traces_of(report, KEYS))


def test_a_report_whose_clues_cannot_be_derived_holds_up_nobody_else(room):
    first, second = room.reports.add(a_fraud(1)), room.reports.add(a_fraud(2))
    room.reports.broken = {first.reference}

    assert actions.derive_all([first.reference, second.reference], room) == actions.Derived(2, 1)
    assert on_clue(ACCOUNT, [UNIT], room).tally.own == 1


def test_keys_are_written_as_they_are_read_and_tell_nothing():
    keys = ClueKeys((("V2", b"n" * 64), ("V1", b"c" * 64)))

    assert ClueKeys.parse(keys.written()) == keys
    assert "nnnn" not in repr(keys)
    assert ACCOUNT.value not in repr(ACCOUNT)
    assert KEYS.digest(ACCOUNT) == KEYS.digests(ACCOUNT)[0] != ClueKeys.parse("d" * 64).digest(ACCOUNT)


@pytest.mark.parametrize("secret", ["short", "{}", '{"keys": []}', json.dumps({"keys": [{"version": "V1", "key": "x"}]})])
def test_what_holds_no_keys_is_refused(secret):
    with pytest.raises(ValueError, match="key"):
        ClueKeys.parse(secret)


def test_a_text_is_each_clue_that_it_may_be():
    assert {clue.sort for clue in meant("06-12345678", ClueSort)} >= {ClueSort.PHONE, ClueSort.REPORTER_PHONE}
    assert [clue.sort for clue in meant("06-12345678", [ClueSort.IBAN])] == []
