"""Requests of the police: any questions are kept as they were asked, any answer as it was shown, and a report always fits."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.errors import Conflict, Invalid
from chalicelib.core.language import Language
from chalicelib.reports import request_answers
from chalicelib.reports.additions import MOST, Sort
from chalicelib.reports.contact import MOST_WISHES
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, EventKind, Role
from chalicelib.reports.information_request import (
    ANSWER_LENGTH,
    MOST_CHOICES,
    MOST_PARTS,
    NAMES,
    QUESTION_LENGTH,
    AnswerSort,
    Part,
    SupplementaryQuestion,
)
from chalicelib.reports.model import EXPLANATION_LENGTH, Change, Report
from chalicelib.reports.statuses import Status
from chalicelib.reports.table import ReportItem, _question, _question_item, item_of, report_of
from tests.support.samples import NOON, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
UNTIL = date(2016, 7, 20)
LARGEST_ITEM = 400 * 1024

texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), min_size=1, max_size=60).filter(str.strip)
lone = st.builds(Part, texts, st.sampled_from([AnswerSort.TEXT, AnswerSort.DATE, AnswerSort.FILES]))
choosing = st.builds(
    Part, texts, st.just(AnswerSort.CHOICE), st.lists(texts, min_size=2, max_size=MOST_CHOICES, unique=True).map(tuple)
)
parts = st.lists(lone | choosing, min_size=1, max_size=MOST_PARTS).map(tuple)


def a_request(parts: tuple[Part, ...], **facts: object) -> SupplementaryQuestion:
    return SupplementaryQuestion(**{"number": 1, "parts": parts, "asked_at": NOON, "deadline_on": UNTIL, **facts})


def told(part: Part, data: st.DataObject) -> str:
    """The text that somebody types into the field of a question."""
    if part.sort is AnswerSort.CHOICE:
        return str(data.draw(st.integers(1, len(part.choices))))
    if part.sort is AnswerSort.DATE:
        return data.draw(st.dates(date(1900, 1, 1), date(2100, 1, 1))).strftime("%d-%m-%Y")
    return data.draw(texts)


@given(parts, st.data())
def test_what_is_asked_and_answered_is_kept_as_it_was(parts, data):
    raw = {name: told(part, data) for name, part in zip(NAMES, parts, strict=False) if part.sort is not AnswerSort.FILES}
    answers = request_answers.parse(a_request(parts), raw, now=NOON) if raw else {}
    request = a_request(parts, explanation=data.draw(st.just("") | texts), answers=answers, ended_at=NOON, end="answered")

    assert _question(_question_item(request)) == request


@given(parts, st.data())
def test_every_answer_is_shown_under_its_own_question_in_both_languages(parts, data):
    raw = {name: told(part, data) for name, part in zip(NAMES, parts, strict=False) if part.sort is not AnswerSort.FILES}
    answers = request_answers.parse(a_request(parts), raw, now=NOON) if raw else {}
    for language in Language:
        lines = request_answers.lines_of(a_request(parts), answers, language)

        assert [line.label for line in lines] == [part.text for part in parts]
        assert [bool(line.text) for line in lines] == [part.sort is not AnswerSort.FILES for part in parts]


@given(parts)
def test_nothing_at_all_is_no_answer_and_one_thing_is(parts):
    with pytest.raises(Invalid):
        request_answers.parse(a_request(parts), {}, now=NOON)
    for name, part in zip(NAMES, parts, strict=False):
        if len(parts) > 1 and part.sort is AnswerSort.TEXT:
            assert request_answers.parse(a_request(parts), {name: "Ja"}, now=NOON) == {name: "Ja"}


def test_what_was_read_on_the_page_is_told_apart_from_anything_else():
    one = request_answers.fingerprint({"answer": "Ja", "answer2": "1"})

    assert one == request_answers.fingerprint({"answer2": "1", "answer": "Ja"})
    assert (
        len({one, request_answers.fingerprint({"answer": "Ja"}), request_answers.fingerprint({"answer": "Ja", "answer2": "2"})})
        == 3
    )


def test_a_question_of_before_there_were_sorts_is_read_as_one_that_stands_alone():
    old = SimpleNamespace(
        number=1, text="Was het slot heel?", parts=None, asked_at=NOON, deadline_on="2016-07-20", answer="Nee", answers=None,
        ended_at=NOON, end="answered",
    )  # fmt: skip

    request = _question(old)

    assert (request.explanation, request.parts, request.answers) == ("", (Part("Was het slot heel?"),), {"answer": "Nee"})


WIDE = "\U0001f6b2"  # four bytes
FULL = tuple(Part(WIDE * QUESTION_LENGTH, AnswerSort.TEXT) for _ in range(MOST_PARTS))


def size(report: Report) -> int:
    """The bytes of the item as DynamoDB counts them, or a little more: every name, every string in UTF-8."""

    def of(value: object) -> int:
        if isinstance(value, dict):
            return sum(len(str(name).encode()) + of(inner) + 3 for name, inner in value.items())
        if isinstance(value, list):
            return sum(of(inner) + 1 for inner in value) + 3
        return len(str(value).encode())

    return of(item_of(report, ReportItem, Deadlines()).to_dynamodb_dict())


def test_a_reporter_who_fills_a_report_and_then_changes_wishes_on_and_on_leaves_room_for_decisions():
    report, key = a_report(), "k" * 97  # the longest: two digests
    for width in (ANSWER_LENGTH, 300, 10):
        with suppress(Conflict):
            while True:
                report = report.added(Sort.MORE, {"text": WIDE * width}, at=NOON, key=key)
    for kind in (EventKind.WISHES_CHANGED, EventKind.CONTACT_CHANGED):
        for _ in range(2 * MOST_WISHES):
            other = replace(report.contact, survey=not report.contact.survey)
            report = report.contact_changed(other, at=NOON, key=key, kind=kind)
    for status in (Status.REFERRED, Status.CLOSED, Status.REOPENED):
        text = WIDE * EXPLANATION_LENGTH
        report = report.changed(Change(status, explanation=text, remark=text, key=key), by=OFFICER, at=NOON)

    assert size(report) < LARGEST_ITEM


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["ask", "answer", "add"]), min_size=40, max_size=80))
def test_whatever_is_asked_and_added_an_answer_always_fits_and_so_does_the_item(steps):
    report, at = a_report(), NOON
    for step in steps:
        at += timedelta(minutes=1)
        question = report.open_question
        try:
            if step == "ask":
                report = report.asked(WIDE * QUESTION_LENGTH, FULL, deadline_on=UNTIL, by=OFFICER, at=at)
            elif step == "add" and len(report.additions) < MOST:
                report = report.added(Sort.MORE, {"text": WIDE * ANSWER_LENGTH}, at=at)
        except Conflict as conflict:
            assert conflict.code == "report_full"
        if step == "answer" and question:
            report = report.answered(question.number, dict.fromkeys(NAMES, WIDE * ANSWER_LENGTH), at=at)

    assert size(report) < LARGEST_ITEM
    assert report_of(item_of(report, ReportItem, Deadlines())) == report
