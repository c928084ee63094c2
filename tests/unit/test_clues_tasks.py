"""Found property that was reported stolen, and a third report on one account: tasks for officers, each once, and no mail."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.clues import goods
from chalicelib.clues.actions import watch
from chalicelib.clues.bank import third
from chalicelib.clues.goods import BadLine, Line
from chalicelib.clues.sorts import ClueSort
from chalicelib.clues.traces import SharedValue, Trace
from chalicelib.core import ids
from chalicelib.reports.events import EventKind
from chalicelib.reports.model import Reporter
from chalicelib.reports.statement import Statement
from chalicelib.reports.tasks import Task
from tests.support.frauds import ACCOUNT, ELSEWHERE, IBAN, KEYS, UNIT, a_fraud, a_room, change, deliver, file
from tests.support.samples import NOON, a_report, answers

DAY = timedelta(days=1)


@pytest.fixture
def room(clock):
    return a_room(clock)


def a_theft(number=0, *, frame="GZ1234567", unit=UNIT, kind="bicycle-theft", **changes):
    statement = Statement.of(kind, answers(kind, frameNumber=frame, **changes))
    return a_report(
        reference=ids.reference((5_000 + number).to_bytes(16)),
        statement=statement,
        unit=unit,
        reporter=Reporter(f"V1-t{number}", "sealed"),
    )


def tasks(room, report):
    return [
        (event.to, event.remark) for event in room.reports.get(report.reference).timeline if event.kind is EventKind.TASK_RAISED
    ]


def put(room, value="gz 1234-567", number="DH-1", sort=ClueSort.FRAME):
    return watch(sort, value, number=number, unit="Den Haag", by="DH1", room=room)


def test_a_found_thing_that_was_reported_stolen_is_a_task_on_that_report(room):
    stolen, other = a_theft(1), a_theft(2, frame="ZZ9999999")
    file(room, stolen, other)

    found = put(room)

    assert [trace.reference for trace in found.hits] == [stolen.reference]
    assert tasks(room, stolen) == [("goods_hit", "Den Haag DH-1")]
    assert tasks(room, other) == []


def test_a_thing_that_is_reported_after_it_was_found_is_a_task_when_it_is_reported(room):
    assert put(room).hits == ()

    stolen = a_theft()
    file(room, stolen)
    deliver(room)

    assert tasks(room, stolen) == [("goods_hit", "Den Haag DH-1")]


def test_the_same_thing_twice_and_records_twice_make_one_task_and_one_that_was_done_stays_done(room):
    stolen = a_theft()
    file(room, stolen)
    put(room)
    put(room)
    deliver(room)
    present = room.reports.get(stolen.reference)
    change(room, present, present.task_done(Task.GOODS_HIT, by=present.timeline[-1].by, at=NOON))

    put(room)
    deliver(room)

    assert len(tasks(room, stolen)) == 1
    assert Task.GOODS_HIT not in room.reports.get(stolen.reference).open_tasks


def test_a_second_found_thing_is_one_remark_more_about_the_open_task(room):
    stolen = a_theft()
    file(room, stolen)

    for _ in range(2):
        put(room)
        put(room, number="DH-2")
        deliver(room)

    assert tasks(room, stolen) == [("goods_hit", "Den Haag DH-1"), ("goods_hit", "Den Haag DH-2")]
    present = room.reports.get(stolen.reference)
    assert present.task_remarks(Task.GOODS_HIT) == ("Den Haag DH-1", "Den Haag DH-2")
    done = present.task_done(Task.GOODS_HIT, by=present.timeline[-1].by, at=NOON)
    change(room, present, done)
    put(room, number="DH-2")
    assert Task.GOODS_HIT not in room.reports.get(stolen.reference).open_tasks
    assert done.task_remarks(Task.GOODS_HIT) == ()


def test_a_hit_on_a_number_that_is_spelled_otherwise_is_marked_as_near(room):
    stolen = a_theft(frame="GZ10O4567")
    file(room, stolen)

    put(room, "GZ1OO4567")

    assert tasks(room, stolen) == [("goods_hit", "≈ Den Haag DH-1")]


def test_a_frame_number_that_is_put_in_as_a_serial_number_is_found(room):
    stolen = a_theft()
    file(room, stolen)

    assert [trace.reference for trace in put(room, sort=ClueSort.SERIAL).hits] == [stolen.reference]


def test_the_plate_of_a_damaged_car_is_no_stolen_thing(room):
    damaged = a_report(statement=Statement.of("car-vandalism", answers("car-vandalism")), reference=ids.reference(b"d" * 16))
    file(room, damaged)

    assert put(room, "12-ABC-3", sort=ClueSort.PLATE).hits == ()
    assert tasks(room, damaged) == []


def test_after_a_year_nobody_looks_for_a_found_thing_any_more(room, clock):
    put(room)
    clock.advance(timedelta(days=367))
    later = a_theft()
    file(room, later)

    assert tasks(room, later) == []


def test_the_third_person_who_reports_an_account_has_its_bank_told_once(room):
    reports = [a_fraud(number, at=NOON + number * DAY, unit=(UNIT, ELSEWHERE)[number % 2]) for number in range(6)]
    for report in reports:
        file(room, report)
    deliver(room)

    assert [tasks(room, report) for report in reports] == [[], [], [("tell_bank", "")], [], [], []]
    assert [told.reference for told in room.clues.banks()] == [reports[2].reference]


def test_reports_of_one_person_count_once_towards_the_third(room):
    same = [a_fraud(number, at=NOON + number * DAY, reporter="V1-same") for number in range(4)]
    file(room, *same)
    assert all(tasks(room, report) == [] for report in same)

    others = [a_fraud(number, at=NOON + number * DAY) for number in (5, 6)]
    file(room, *others)

    assert tasks(room, others[1]) == [("tell_bank", "")]
    assert tasks(room, others[0]) == []


def test_a_shared_account_raises_no_task_and_two_reports_raise_none(room):
    room.clues.put(SharedValue(KEYS.digest(ACCOUNT), ClueSort.IBAN, IBAN, "gateway", NOON + 90 * DAY, "NN1"))
    reports = [a_fraud(number) for number in range(40)]
    file(room, *reports)

    assert [task for report in reports for task in tasks(room, report)] == []


class _Dying:
    """A store whose first task is not laid: the function ends there."""

    def __init__(self, reports):
        self._reports, self._died = reports, False

    def __getattr__(self, name):
        return getattr(self._reports, name)

    def save(self, before, after):
        if not self._died and after.timeline[-1].kind is EventKind.TASK_RAISED:
            self._died = True
            raise OSError("no answer")
        return self._reports.save(before, after)


def test_a_function_that_ends_between_the_note_and_the_task_lays_the_task_the_next_time(room):
    reports = [a_fraud(number, at=NOON + number * DAY) for number in range(3)]
    for report in reports:
        room.reports.add(report)
    dying = replace(room, reports=_Dying(room.reports))
    failed = deliver(dying)

    assert failed
    assert deliver(dying) == ()

    assert [tasks(room, report) for report in reports] == [[], [], [("tell_bank", "")]]


def test_the_third_is_the_third_within_a_year():
    def at(days, reporter, reference):
        return Trace("V1-A", UNIT, NOON + days * DAY, reference, reporter, NOON)

    assert third([at(0, "a", "1"), at(1, "b", "2")]) is None
    assert third([at(0, "a", "1"), at(200, "b", "2"), at(400, "c", "3")]) is None
    assert third([at(400, "c", "3"), at(200, "b", "2"), at(300, "a", "4"), at(0, "a", "1")]).reference == "3"


def test_a_list_with_broken_lines_is_taken_but_for_those_which_are_named():
    text = (
        "soort;nummer;lijst\r\n"
        "framenummer;GZ 1234567;nn-2016-0012\r\n"
        "\r\n"
        "fiets;GZ1;NN-1\r\n"
        "imei;490154203237519;NN-2\r\n"
        "kenteken;12-ABC-3\r\n"
        'serienummer;"FP2;00123;NN-3\r\n'
        "serienummer;onbekend;NN-4\r\n"
        "serienummer;FP2-00123;N_5\r\n"
        "serienummer;FP2-00123;NN-6\r\n"
    )

    lines, bad = goods.parse("\ufeff" + text)

    assert lines == [Line(2, ClueSort.FRAME, "GZ 1234567", "NN-2016-0012"), Line(10, ClueSort.SERIAL, "FP2-00123", "NN-6")]
    assert bad == [
        BadLine(4, "line_sort"),
        BadLine(5, "line_value"),
        BadLine(6, "line_columns"),
        BadLine(7, "line_columns"),
        BadLine(8, "line_value"),
        BadLine(9, "line_number"),
    ]


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_list_is_read_as_any_spreadsheet_saves_it(between):
    lines, bad = goods.parse(between.join(("imei", "490154203237518", "NN-1")))

    assert ([line.sort for line in lines], bad) == ([ClueSort.IMEI], [])


def test_a_list_that_is_too_long_is_told_and_its_beginning_taken():
    lines, bad = goods.parse("\n".join(f"frame,GZ{number:07},NN-{number}" for number in range(1_000)))

    assert 0 < len(lines) <= goods.MOST_LINES + 1
    assert [one.code for one in bad] == ["too_many_lines"]


def test_nothing_is_no_list():
    assert goods.parse("") == goods.parse("\n\n") == ([], [])
