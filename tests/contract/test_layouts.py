"""The names under which a report is kept for ten years: another name would be another report to whoever reads it back."""

import pytest

from chalicelib.reports.contact_layout import ContactMap
from chalicelib.reports.table import ReportItem, _AdditionItem, _EventItem, _QuestionItem

KEPT_AS = {
    ReportItem: {
        *("additions", "agenda_shard", "answer_by", "changed_at", "channel", "contact", "due_on", "filed_at", "filed_month"),
        *("kind", "municipality", "news_at", "questions", "reference", "registration_number", "reporter", "sealed_bsn"),
        *("company", "identity", "arrived_number", "missing_number"),
        *("statement", "status", "taken_address", "taken_choices", "tell_since", "tell_unit", "timeline", "unit"),
        *("unit_status", "unreachable", "version"),
        *(
            "assignee",
            "attention",
            "tasks",
            "desk_due",
            "flags",
            "fresh_at",
            "holder",
            "joint_case",
            "place",
            "rank",
            "read_at",
            "read_number",
        ),
    },
    ContactMap: {"email", "hours", "information", "language", "neutral", "no_phone", "own", "proven", "survey", "usable"},
    _EventItem: {
        "number": "n",
        "kind": "k",
        "at": "at",
        "role": "r",
        "officer": "o",
        "status": "s",
        "explanation": "x",
        "remark": "m",
        "question": "q",
        "key": "i",
        "to": "v",
        "undoes": "u",
        "text": "t",
        "batch": "b",
    },
    _QuestionItem: {
        "number": "n",
        "text": "t",
        "parts": "p",
        "asked_at": "at",
        "deadline_on": "d",
        "answer": "a",
        "answers": "w",
        "ended_at": "ea",
        "end": "e",
    },
    _AdditionItem: {"number": "n", "sort": "s", "at": "at", "answers": "a"},
}


@pytest.mark.parametrize("layout", KEPT_AS)
def test_a_report_is_kept_under_the_same_names_for_ten_years(layout):
    names = {name: attribute.attr_name for name, attribute in layout.get_attributes().items()}
    expected = KEPT_AS[layout]

    assert names == (expected if isinstance(expected, dict) else {name: name for name in expected})


def test_what_an_older_report_lacks_may_be_missing():
    may_lack = {name for name, attribute in _QuestionItem.get_attributes().items() if attribute.null}

    assert may_lack == {"text", "parts", "answer", "answers", "ended_at", "end"}
