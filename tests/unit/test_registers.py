"""In which register of a week a look stands: refused, out of hours in Amsterdam, or in the sample by a lot."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.audit.model import Record, Register, is_act, place_of, register_of, week_of, weeks_until
from chalicelib.desk.audit.labels import REGISTER_WORDS, WORDS, words_of
from chalicelib.people.permissions import Permission


@pytest.mark.parametrize(
    ("at", "register"),
    [
        ("2016-07-01T04:59:59Z", Register.OUT_OF_HOURS),  # 6:59 in Amsterdam
        ("2016-07-01T05:00:00Z", Register.SAMPLE),
        ("2016-07-01T17:59:59Z", Register.SAMPLE),
        ("2016-07-01T18:00:00Z", Register.OUT_OF_HOURS),
        ("2016-07-02T10:00:00Z", Register.OUT_OF_HOURS),  # Saturday
        ("2016-12-26T10:00:00Z", Register.OUT_OF_HOURS),  # Boxing Day, a Monday
        ("2017-01-02T06:00:00Z", Register.SAMPLE),  # winter time: 7:00
        ("2017-01-02T05:59:59Z", Register.OUT_OF_HOURS),
    ],
)
def test_a_look_is_out_of_hours_by_the_clock_and_the_calendar_of_amsterdam(at, register):
    assert register_of("K7MD-PR3W-9XCV", datetime.fromisoformat(at)) is register


def test_what_was_refused_stands_with_the_refused_at_any_hour():
    assert register_of("refused:K7MD-PR3W-9XCV", datetime(2016, 7, 2, 3, tzinfo=UTC)) is Register.REFUSED


def test_the_lots_are_drawn_evenly_and_never_anew():
    at = datetime(2016, 7, 1, 10, tzinfo=UTC)
    lots = [place_of(Register.SAMPLE, at, f"id {number}") for number in range(4_000)]

    assert lots == [place_of(Register.SAMPLE, at + timedelta(days=1), f"id {number}") for number in range(4_000)]
    assert len(set(lots)) == 4_000
    assert all(180 < count < 320 for count in Counter(lot[0] for lot in lots).values())


def test_other_registers_go_by_time_to_the_microsecond():
    at = datetime(2016, 7, 1, 10, tzinfo=UTC)
    moments = [at, at + timedelta(microseconds=1), at + timedelta(seconds=1)]

    places = [place_of(Register.OUT_OF_HOURS, moment, "x") for moment in moments]

    assert places == sorted(places)


def test_weeks_are_those_of_iso_8601_across_a_new_year():
    assert week_of(date(2016, 1, 3)) == "2015-W53"
    assert weeks_until(date(2016, 1, 5), 3) == ("2016-W01", "2015-W53", "2015-W52")


def a_record(what, subject="K7MD-PR3W-9XCV"):
    return Record(subject, datetime(2016, 7, 1, 10, tzinfo=UTC), "NN1234", "handler", what, "handling")


def test_looking_is_no_act_and_neither_is_what_was_refused():
    assert is_act(a_record("change_status"))
    assert is_act(a_record("bulk:B-7"))
    for look in (
        "read_report",
        "see_contact",
        "listed:received",
        "searched:iban",
        "file_original:x",
        "notice_printed",
        "audited:report",
    ):
        assert not is_act(a_record(look))
    assert not is_act(a_record("change_status", "refused:K7MD-PR3W-9XCV"))


def test_every_right_of_an_officer_has_a_name_on_the_auditors_page():
    assert set(Permission) <= set(WORDS)
    assert set(REGISTER_WORDS) == set(Register)
    assert words_of(a_record("something_new:1")) == "something_new"
