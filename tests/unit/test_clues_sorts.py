"""Clues: one spelling for each, and none for what is no number of anything."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from chalicelib.clues import shared
from chalicelib.clues.shared import everywhere
from chalicelib.clues.sorts import NO_CLUE, SORTS, ClueSort, read, searched_by
from chalicelib.people.model import Officer, StaffRole
from chalicelib.reports.crimes import KINDS
from tests.support.samples import HANDLER, READER, SUPERVISOR

SAME = {
    ClueSort.IBAN: (
        "nl91 abna 0417 1643 00",
        "NL91ABNA0417164300",
        "NL91\u00a0ABNA\u202f0417\u00a01643\u00a000",
        "IBAN NL91ABNA0417164300",
    ),
    ClueSort.PHONE: ("06-12345678", "0031612345678", "+31 (0)6 12 34 56 78", "06\u00a012345678"),
    ClueSort.REPORTER_PHONE: ("06-12345678", "+31612345678"),
    ClueSort.EMAIL: ("Verkoper@Example.NET", "mailto:verkoper@example.net", "Jan <verkoper@example.net>"),
    ClueSort.HOST: ("https://www.Example.com/winkel?x=1", "example.com", "http://example.com:8080", "EXAMPLE.COM."),
    ClueSort.USER_NAME: ("Marktplaats: topdeals88", "marktplaats.nl:TopDeals88", "www.marktplaats.nl : @topdeals88"),
    ClueSort.ADVERT: ("m1234567890", "https://www.marktplaats.nl/v/x/m1234567890-kaartjes?a=b", "M1234567890"),
    ClueSort.FRAME: ("GZ 1234-567", "gz1234567", "00GZ1234567", "GZI234567"),
    ClueSort.SERIAL: ("FP2-00123", "fp2 00123", "FP2OO123"),
    ClueSort.IMEI: ("490154203237518", "49-015420-323751-8", "IMEI: 490154203237518/01"),
    ClueSort.PLATE: ("12-ABC-3", "12abc3", "12 abc 3"),
    ClueSort.WALLET: (
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "bitcoin:BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ?amount=1",
    ),
    ClueSort.ADDRESS: ("1012 AB 14", "1012ab 14", "1012AB, 14"),
    ClueSort.PERSON: ("van den Berg 12-7-1980", "Van den Berg, 1980-07-12", "VANDENBERG 12 juli 1980"),
    ClueSort.NUMBER: ("PL0100-2016123456", "pl0100-2016123456", " PL0100-2016 123456"),
}


@pytest.mark.parametrize(("sort", "values"), SAME.items())
def test_however_a_clue_is_written_it_is_one(sort, values):
    assert len({read(sort, value) for value in values}) == 1
    assert read(sort, values[0])


@pytest.mark.parametrize("sort", ClueSort)
def test_a_clue_that_was_read_reads_as_itself(sort):
    found = read(sort, SORTS[sort].example)

    assert found
    assert read(sort, found.replace(":", ": ")) == found


@pytest.mark.parametrize(
    "value",
    ["onbekend", "Onbekend.", "0000", "0000000000", "XXXX", "n.v.t.", "geen idee", "123456", "-", " ", "?", "weet ik niet"],
)
def test_what_people_type_where_they_know_nothing_is_no_clue(value):
    assert [sort for sort in ClueSort if read(sort, value)] == []


def test_the_words_for_nothing_are_in_the_spelling_in_which_they_are_looked_for():
    assert NO_CLUE
    assert all(word == "".join(filter(str.isalnum, word.lower())) for word in NO_CLUE)


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        (ClueSort.IBAN, "NL91ABNA04171643O0"),
        (ClueSort.PERSON, "van den Berg"),
        (ClueSort.PERSON, "van den Berg 1980"),
        (ClueSort.PERSON, "12-7-1980"),
        (ClueSort.ADDRESS, "1012 AB"),
        (ClueSort.USER_NAME, "topdeals88"),
        (ClueSort.USER_NAME, "https://example.com"),
        (ClueSort.IMEI, "490154203237519"),
        (ClueSort.FRAME, "Gazelle"),
        (ClueSort.NUMBER, "PL0100"),
    ],
)
def test_half_a_clue_is_none(sort, value):
    assert read(sort, value) is None


def test_nobody_is_found_by_a_name_alone_whatever_sort_is_tried():
    assert [sort for sort in ClueSort if read(sort, "van den Berg")] == []


def test_each_clue_that_a_question_names_is_a_sort_and_its_example_is_one():
    asked = [
        (inner.clue, inner.example)
        for kind in KINDS.values()
        for question in kind.questions
        for inner in (question.rows or (question,))
        if inner.clue
    ]

    assert asked
    assert [clue for clue, example in asked if clue != ClueSort.USER_NAME and not read(ClueSort(clue), example)] == []
    linking = {sort for sort, row in SORTS.items() if row.links}
    assert {ClueSort(clue) for clue, _ in asked} == linking


def test_no_question_about_a_reporters_own_account_is_a_clue():
    ibans = [
        (question.name, inner.name)
        for kind in KINDS.values()
        for question in kind.questions
        for inner in (question.rows or (question,))
        if inner.clue == ClueSort.IBAN
    ]

    assert set(ibans) == {("accounts", "iban")}  # to which one paid


def test_each_sort_is_searched_by_whose_work_it_is():
    assert ClueSort.PERSON in searched_by(HANDLER)
    assert ClueSort.PERSON not in searched_by(SUPERVISOR)
    assert ClueSort.IBAN in searched_by(SUPERVISOR)
    assert searched_by(READER) == ()
    assert searched_by(Officer("X1", frozenset({StaffRole.AUDITOR}), frozenset())) == ()


def test_every_sort_may_be_searched_by_somebody():
    assert all(row.roles for row in SORTS.values())


def test_each_shared_value_of_the_repository_is_a_clue_that_would_link():
    assert everywhere()
    assert all(SORTS[clue.sort].links for clue in everywhere())


def rows_of_shared():
    with (Path(shared.__file__).parent / "data" / "shared.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_shared_value_says_where_and_when_it_was_read_and_stands_once():
    rows = rows_of_shared()

    assert len(rows) == len(everywhere()) > 20
    for row in rows:
        assert re.fullmatch(r"https?://[a-z0-9.-]+/[!-~]*", row["source"]), row["value"]
        assert date.fromisoformat(row["seen"]) < date.fromisoformat(row["until"]), row["value"]
    hosts = {row["value"] for row in rows if row["sort"] == "host"}
    assert [host for host in hosts if host.partition(".")[2] in hosts] == []


def test_the_accounts_of_payment_providers_have_right_check_digits():
    accounts = [row["value"] for row in rows_of_shared() if row["sort"] == "iban"]

    assert accounts
    for account in accounts:
        digits = "".join(str(int(sign, 36)) for sign in account[4:] + account[:4])
        assert int(digits) % 97 == 1, account
