"""Answers as people and programs write them, at the edges of what is understood: one letter, one day, one cent too far."""

from datetime import UTC, datetime

import pytest

from chalicelib.forms.dates import read_date
from chalicelib.forms.fields import SHAPES
from chalicelib.forms.inputs import INPUTS, object_schema
from chalicelib.forms.questions import Choice, Eased, Input, Need, Question
from chalicelib.forms.text import BadInput, clean
from tests.support.samples import NOON

COLOURS = (Choice("red", "Red"), Choice("green", "Green"), Choice("blue", "Blue"))


def question(kind, **facts):
    facts = {"need": Need.REQUIRED if kind is Input.TICK else Need.OPTIONAL} | facts
    return Question("q", "Q", kind, **{"choices": COLOURS if kind in (Input.CHOICE, Input.CHOICES) else ()} | facts)


def read(kind, value, now=NOON, **facts):
    """Return a value as it is kept, or the code of what is wrong with it."""
    try:
        return INPUTS[kind].read(value, question(kind, **facts), now)
    except BadInput as wrong:
        assert str(wrong) == wrong.code
        return wrong.code


MOST_OF_A_NAME = "a" * 64
LABEL = "b" * 63


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (Input.TEXT, " e\u0301\r\nn\ttwee ", "é n twee"),
        (Input.TEXT, "x" * 100, "x" * 100),
        (Input.TEXT, "x" * 101, "too_long"),
        (Input.TEXT, "a\x00b", "control_characters"),
        (Input.TEXT, "a\u202eb", "ab"),
        (Input.MARK, " GZ\u2013１２\u00a03 ", "GZ-12 3"),
        (Input.MARK, "x" * 101, "too_long"),
        (Input.TEXT, 5, "not_text"),
        (Input.LONG_TEXT, "a\r\nb\rc", "a\nb\nc"),
        (Input.CHOICE, "green", "green"),
        (Input.CHOICE, "grey", "not_a_choice"),
        (Input.CHOICE, ["green"], "not_a_choice"),
        (Input.CHOICES, ["blue", "red", "red"], ["red", "blue"]),
        (Input.CHOICES, "blue", ["blue"]),
        (Input.CHOICES, [], []),
        (Input.CHOICES, ["red"] * 4, "not_a_choice"),
        (Input.CHOICES, {"red": 1}, "not_a_choice"),
        (Input.CHOICES, ["red", "grey"], "not_a_choice"),
        (Input.YES_NO, True, True),
        (Input.YES_NO, "yes", True),
        (Input.YES_NO, False, False),
        (Input.YES_NO, "no", False),
        (Input.YES_NO, 1, "yes_or_no"),
        (Input.YES_NO, 0, "yes_or_no"),
        (Input.TICK, True, True),
        (Input.TICK, "yes", True),
        (Input.TICK, False, "must_tick"),
        (Input.TICK, "no", "must_tick"),
        (Input.TICK, 1, "must_tick"),
        (Input.DATE, "2016-07-01", "2016-07-01"),
        (Input.DATE, "2-7-2016", "date_in_future"),
        (Input.DAY, "2-7-2016", "2016-07-02"),
        (Input.DATE, "1900-01-01", "1900-01-01"),
        (Input.DATE, "1899-12-31", "no_such_date"),
        (Input.DATE, "30-2-2016", "no_such_date"),
        (Input.DATE, "1-13-2015", "no_such_date"),
        (Input.DATE, "gisteren", "date_format"),
        (Input.DATE, "1-7-16", "2016-07-01"),
        (Input.MOMENT, "2016-07-01T10:00:00Z", "2016-07-01T10:00:00Z"),
        (Input.MOMENT, "2016-07-01T12:00:01+02:00", "moment_in_future"),
        (Input.MOMENT, "2016-07-01T12:00:00+02:00", "2016-07-01T10:00:00Z"),
        (Input.MOMENT, "2016-07-01T10:00:00", "moment_format"),
        (Input.BIRTHDAY, "12-7-1980", "1980-07-12"),
        (Input.BIRTHDAY, "00-00-1980", "1980"),
        (Input.BIRTHDAY, "2-7-2016", "date_in_future"),
        (Input.MOMENT, "1899-12-31T23:59:59Z", "no_such_date"),
        (Input.MOMENT, "1900-01-01T12:00:00Z", "1900-01-01T12:00:00Z"),
        (Input.MOMENT, {"date": "1-7-2016", "time": "12.00"}, "2016-07-01T10:00:00Z"),
        (Input.MOMENT, {"date": "1-7-2016", "time": "12.01"}, "moment_in_future"),
        (Input.MOMENT, {"date": "30-6-2016", "time": "9 uur"}, "2016-06-30T07:00:00Z"),
        (Input.MOMENT, {"date": "30-6-2016", "time": "0930"}, "2016-06-30T07:30:00Z"),
        (Input.MOMENT, {"date": "30-6-2016", "time": "23:59"}, "2016-06-30T21:59:00Z"),
        (Input.MOMENT, {"date": "30-6-2016", "time": "24:00"}, "time_format"),
        (Input.MOMENT, {"date": "30-6-2016", "time": "9:60"}, "time_format"),
        (Input.MOMENT, {"date": "30-6-2016"}, "time_format"),
        (Input.MOMENT, {"time": "9:30"}, "date_format"),
        (Input.MONEY, "€ 1.234,50", 123_450),
        (Input.MONEY, "1234.5", 123_450),
        (Input.MONEY, "1.234.567", 123_456_700),
        (Input.MONEY, "0,05", 5),
        (Input.MONEY, "5", 500),
        (Input.MONEY, 12.5, 1_250),
        (Input.MONEY, 12, 1_200),
        (Input.MONEY, 999_999_999, 99_999_999_900),
        (Input.MONEY, 10**9, "money_format"),
        (Input.MONEY, 10**300, "money_format"),
        (Input.MONEY, "999999999", 99_999_999_900),
        (Input.MONEY, "9999999999", "money_format"),
        (Input.MONEY, -1, "money_format"),
        (Input.MONEY, True, "money_format"),
        (Input.MONEY, "1,234", 123_400),
        (Input.MONEY, "1,5,5", "money_format"),
        (Input.MONEY, [5], "money_format"),
        (Input.POSTCODE, "1012 ab", "1012AB"),
        (Input.POSTCODE, "0012AB", "postcode"),
        (Input.POSTCODE, "1012SA", "postcode"),
        (Input.POSTCODE, "1012SS", "postcode"),
        (Input.POSTCODE, "1012SE", "1012SE"),
        (Input.POSTCODE, "1012A", "postcode"),
        (Input.EMAIL, "Sanne.De.Boer@EXAMPLE.org", "Sanne.De.Boer@example.org"),
        (Input.EMAIL, f"{MOST_OF_A_NAME}@example.org", f"{MOST_OF_A_NAME}@example.org"),
        (Input.EMAIL, f"a{MOST_OF_A_NAME}@example.org", "email"),
        (Input.EMAIL, f"a@{LABEL}.nl", f"a@{LABEL}.nl"),
        (Input.EMAIL, f"a@b{LABEL}.nl", "email"),
        (Input.EMAIL, "a@example", "email"),
        (Input.EMAIL, "@example.org", "email"),
        (Input.EMAIL, "example.org", "email"),
        (Input.EMAIL, "a@b@example.org", "email"),
        (Input.EMAIL, "a..b@example.org", "email"),
        (Input.EMAIL, "a@-example.org", "email"),
        (Input.EMAIL, "a@" + ".".join([LABEL] * 3) + f".{'c' * 58}.nl", "too_long"),
        (Input.EMAIL, "a@" + ".".join([LABEL] * 3) + f".{'c' * 57}.nl", "a@" + ".".join([LABEL] * 3) + f".{'c' * 57}.nl"),
        (Input.PHONE, "06 - 12 34 56 78", "+31612345678"),
        (Input.PHONE, "0031612345678", "+31612345678"),
        (Input.PHONE, "+32 (0)2", "phone"),
        (Input.PHONE, "+3221234567", "+3221234567"),
        (Input.PHONE, "+12345678", "+12345678"),
        (Input.PHONE, "+1234567", "phone"),
        (Input.PHONE, "+123456789012345", "+123456789012345"),
        (Input.PHONE, "+1234567890123456", "phone"),
        (Input.PHONE, "061234567", "phone"),
        (Input.PHONE, "061234567890", "phone"),
        (Input.PHONE, "612345678", "phone"),
        (Input.IBAN, "nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
        (Input.IBAN, "NL92ABNA0417164300", "iban"),
        (Input.IMEI, "49-015420-323751-8", "490154203237518"),
        (Input.IMEI, "490154203237519", "imei"),
        (Input.IMEI, "49015420323751", "imei"),
        (Input.COMPANY_NUMBER, "1234 5678", "12345678"),
        (Input.COMPANY_NUMBER, "1234567", "company_number"),
        (Input.COMPANY_NUMBER, "123456789", "company_number"),
        (Input.BRANCH_NUMBER, "1234 5678 9012", "123456789012"),
        (Input.BRANCH_NUMBER, "12345678901", "branch_number"),
        (Input.URL, "https://www.marktplaats.nl/a/1?b=2", "https://www.marktplaats.nl/a/1?b=2"),
        (Input.URL, "marktplaats.nl", "marktplaats.nl"),
        (Input.URL, "marktplaats", "url"),
        (Input.URL, "https://a b.nl", "url"),
        (Input.URL, "javascript:alert(1)", "url"),
        (Input.URL, "sanne@example.org", "url"),
        (Input.URL, "a.nl/" + "x" * 95, "a.nl/" + "x" * 95),
        (Input.URL, "a.nl/" + "x" * 96, "too_long"),
        (Input.PLATE, "ab-12-cd", "AB-12-CD"),
        (Input.MUNICIPALITY, "groningen", "GM0014"),
        (Input.MUNICIPALITY, "Nergens", "municipality"),
    ],
)
def test_an_answer_is_kept_in_one_way_or_the_reader_hears_what_is_wrong(kind, value, kept):
    found = read(kind, value)

    assert found == kept
    assert type(found) is type(kept)


def test_every_way_of_answering_is_tried_at_its_edges():
    [mark] = test_an_answer_is_kept_in_one_way_or_the_reader_hears_what_is_wrong.pytestmark

    assert {case[0] for case in mark.args[1]} == set(Input) - {Input.ROWS}


def test_the_limit_that_a_question_sets_is_told_with_its_number():
    with pytest.raises(BadInput) as wrong:
        clean("x" * 6, 5)

    assert (wrong.value.code, wrong.value.values) == ("too_long", {"most": 5})
    assert clean("x" * 5 + " \n", 5) == "xxxxx"
    assert clean("a\n\nb\tc", 9, lines=True) == "a\n\nb\tc"
    assert clean("a\n\nb\tc", 9) == "a b c"


def test_today_ends_at_midnight_in_amsterdam():
    late = datetime(2016, 7, 1, 22, 0, tzinfo=UTC)

    assert read(Input.DATE, "2-7-2016", now=late) == "2016-07-02"
    assert read(Input.DATE, "3-7-2016", now=late) == "date_in_future"


@pytest.mark.parametrize(
    "typed",
    [
        "2016-3-9", "9-3-2016", "9/3/2016", "9.3.2016", "9 3 2016", "9 maart 2016", "9 mrt. 2016", "9-maa-2016", "9 March 2016",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_way_that_people_write_it(typed):
    assert read_date(typed).isoformat() == "2016-03-09"


MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}


@pytest.mark.parametrize("language", MONTHS)
def test_every_month_has_its_name(language):
    found = [read_date(f"5 {name} 2015").month for name in MONTHS[language].split()]

    assert found == list(range(1, 13))


def test_what_is_short_is_asked_in_a_short_field_and_no_code_is_checked_for_spelling():
    narrow = {kind for kind, shape in SHAPES.items() if shape.narrow}
    spelled = {kind for kind, shape in SHAPES.items() if shape.spelled}

    dated = {Input.DATE, Input.DAY, Input.BIRTHDAY, Input.MOMENT}
    assert narrow == dated | {Input.MONEY, Input.POSTCODE, Input.COMPANY_NUMBER, Input.BRANCH_NUMBER, Input.PLATE}
    chosen = {Input.CHOICE, Input.CHOICES, Input.YES_NO, Input.TICK}
    assert spelled == chosen | {Input.TEXT, Input.LONG_TEXT, Input.ROWS}
    assert set(SHAPES) == set(Input)


def test_rows_are_read_question_by_question_and_not_by_one_reader():
    with pytest.raises(AssertionError):
        read(Input.ROWS, [])


def test_programs_read_what_can_be_chosen():
    rows = question(Input.ROWS, most=3, rows=(question(Input.MONEY), question(Input.CHOICES)))

    assert INPUTS[Input.CHOICE].schema(question(Input.CHOICE)) == {"type": "string", "enum": ["red", "green", "blue"]}
    assert INPUTS[Input.TICK].schema(question(Input.TICK))["const"] is True
    assert INPUTS[Input.TICK].schema(question(Input.TICK, need=Need.OPTIONAL)) == {"type": "boolean"}
    assert INPUTS[Input.ROWS].schema(rows)["items"] == object_schema(rows.rows)


def test_only_what_is_always_asked_must_be_there_for_a_program():
    always = Question("a", "A", need=Need.REQUIRED)
    sometimes = Question("b", "B", need=Need.REQUIRED, when=("a", frozenset({"x"})))
    seldom = Question("d", "D", need=Need.REQUIRED, eased=Eased("b", frozenset({"y"})))
    never = Question("c", "C", need=Need.RECOMMENDED)

    assert object_schema((always, sometimes, seldom, never))["required"] == ["a"]
