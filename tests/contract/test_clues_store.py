"""The promises of every store of clues: the same test bodies on the table (moto) and on the fake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.clues.sorts import ClueSort
from chalicelib.clues.store import AT_A_LOOK, ClueStore
from chalicelib.clues.traces import BankTold, FoundThing, SharedValue, Trace
from chalicelib.core import ids
from tests.support.fakes_clues import FakeClues

AT, YEAR = datetime(2016, 7, 1, 9, tzinfo=UTC), timedelta(days=365)
CLUE, OTHER = "V1-" + "A" * 64, "V1-" + "B" * 64
TRACE = Trace(CLUE, "Noord-Nederland", AT, "CCCC-CCCC-CCCC", "r" * 16, AT + YEAR)
SHARED = SharedValue(CLUE, ClueSort.IBAN, "NL91ABNA0417164300", "gateway", AT + YEAR, "NN1234")
FOUND = FoundThing(OTHER, ClueSort.FRAME, "GZ1234567", "Den Haag", "DH-2016-0001", "DH1", AT + YEAR)
BANK = BankTold(CLUE, "CCCC-CCCC-CCCC", AT + YEAR)


@pytest.fixture(params=["table", "fake"])
def clues(request, settings, clock):
    if request.param == "fake":
        return FakeClues(clock)
    request.getfixturevalue("aws")
    return ClueStore(settings, clock)


def trace(number: int, **changes) -> Trace:
    return replace(TRACE, reference=ids.reference(number.to_bytes(16)), filed_at=AT + timedelta(minutes=number), **changes)


def test_a_report_lies_on_its_clue_and_on_no_other(clues):
    clues.write([TRACE], [])
    clues.write([TRACE], [])

    assert clues.look(CLUE).traces == (TRACE,)
    assert clues.look(CLUE).is_whole
    assert clues.look(OTHER).traces == ()


def test_a_report_that_is_taken_off_leaves_the_others(clues):
    other = trace(1)
    clues.write([TRACE, other], [])

    clues.write([], [TRACE, trace(2)])

    assert clues.look(CLUE).traces == (other,)


def test_a_unit_is_told_its_newest_reports(clues):
    clues.write([trace(number) for number in range(30)] + [trace(number, unit="Den Haag") for number in range(30, 60)], [])

    assert list(clues.of_unit(CLUE, "Noord-Nederland", most=3)) == [trace(29), trace(28), trace(27)]
    assert len(clues.of_unit(CLUE, "Den Haag", most=100)) == 30
    assert clues.of_unit(CLUE, "Amsterdam", most=3) == ()


def test_the_days_on_which_things_of_a_sort_were_compared_are_kept_once_each_and_for_as_long_as_said(clues, clock):
    now = clock.now()
    for days in (0, 2, 2, 1):
        clues.note_compared(ClueSort.FRAME, now.date() + timedelta(days=days), now + timedelta(days=10 + days))
    clues.note_compared(ClueSort.IMEI, now.date(), now + YEAR)

    assert [day - now.date() for day in clues.compared(ClueSort.FRAME, now.date() + timedelta(days=1))] == [
        timedelta(days=1),
        timedelta(days=2),
    ]
    clock.advance(timedelta(days=11))
    assert len(clues.compared(ClueSort.FRAME, now.date() - YEAR)) == 1


def test_a_look_ends_where_much_lies_on_a_clue(clues):
    clues.write([trace(number) for number in range(AT_A_LOOK + 1)], [])

    assert len(clues.look(CLUE).traces) == AT_A_LOOK
    assert not clues.look(CLUE).is_whole
    assert len(clues.all_of(CLUE, most=500)) == AT_A_LOOK + 1
    assert len(clues.all_of(CLUE, most=5)) == 5


def test_what_expired_is_not_told_though_it_may_still_be_there(clues, clock):
    clues.write([TRACE], [])
    clues.put(SHARED)
    clues.put(FOUND)
    clues.note_bank(BANK)

    clock.advance(YEAR)

    assert (clues.look(CLUE).traces, clues.look(CLUE).shared, clues.look(CLUE).bank) == ((), None, None)
    assert (clues.of_unit(CLUE, TRACE.unit, most=5), clues.all_of(CLUE, most=5), clues.look(OTHER).found) == ((), (), ())
    assert (list(clues.shared()), list(clues.found_of("Den Haag")), list(clues.banks())) == ([], [], [])


def test_a_shared_value_is_told_with_its_clue_and_in_the_list_until_it_is_unlisted(clues):
    clues.put(SHARED)
    clues.put(replace(SHARED, reason="other"))

    assert clues.look(CLUE).shared == replace(SHARED, reason="other")
    assert list(clues.shared()) == [replace(SHARED, reason="other")]

    clues.unlist(CLUE)
    clues.unlist(CLUE)

    assert clues.look(CLUE).shared is None
    assert list(clues.shared()) == []


def test_a_found_thing_is_told_with_its_clue_and_in_the_list_of_its_unit(clues):
    clues.put(FOUND)
    clues.put(FOUND)
    other = replace(FOUND, number="DH-2016-0002")
    clues.put(other)

    assert clues.look(OTHER).found == (FOUND, other)
    assert sorted(one.number for one in clues.found_of("Den Haag")) == ["DH-2016-0001", "DH-2016-0002"]
    assert list(clues.found_of("Amsterdam")) == []


def test_that_a_bank_is_to_be_told_is_noted_once_in_a_year(clues, clock):
    assert clues.note_bank(BANK)
    assert not clues.note_bank(replace(BANK, reference="DDDD-DDDD-DDDD"))
    assert clues.look(CLUE).bank == BANK
    assert list(clues.banks()) == [BANK]

    clues.settle_bank(BANK)
    assert clues.look(CLUE).bank == replace(BANK, raised=True)

    clock.advance(YEAR + timedelta(days=1))

    assert clues.note_bank(replace(BANK, until=AT + 3 * YEAR))


def test_reports_never_hide_what_else_lies_on_their_clue(clues):
    clues.write([trace(number) for number in range(2 * AT_A_LOOK)], [])
    clues.put(SHARED)
    clues.note_bank(BANK)

    assert (clues.look(CLUE).shared, clues.look(CLUE).bank) == (SHARED, BANK)


def test_no_value_of_a_shared_value_or_a_found_thing_stands_in_a_key_or_in_the_index(aws, settings, clock):
    store = ClueStore(settings, clock)
    store.put(SHARED)
    store.put(FOUND)
    keys = [{name: item[name] for name in ("clue", "place", "list")} for item in aws.items("clues")]

    assert keys
    assert SHARED.value not in str(keys)
    assert FOUND.value not in str(keys)
