"""The edges of a report's life: the last day and the first, the last addition, and who is told when no mail arrives."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.core.errors import Conflict, Invalid
from chalicelib.reports.additions import MOST, Sort
from chalicelib.reports.contact import MOST_WISHES, Contact, DetailsPart, Taken
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import REPORTER, SYSTEM, Actor, EventKind, OfflineMeans, Role
from chalicelib.reports.facts import _EVENT_SIZE
from chalicelib.reports.information_request import LARGEST_ANSWER, AnswerSort, Part
from chalicelib.reports.model import SIZE_LIMIT, Change, new_events
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from tests.support.samples import NOON, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
TODAY = date(2016, 7, 1)
DAY = timedelta(days=1)
NUMBER = "PL0100-2016123456"


def refused(act):
    with pytest.raises(Invalid) as found:
        act()
    return [(error.field, error.code) for error in found.value.errors]


def asked(report, *, until=date(2016, 7, 20), text="Was het slot heel?", parts=(), at=NOON, key=""):
    return report.asked(text, parts, deadline_on=until, by=OFFICER, at=at, key=key)


@pytest.mark.parametrize("until", [TODAY - DAY, TODAY])
def test_nobody_has_to_answer_today_or_yesterday(until):
    assert refused(lambda: asked(a_report(), until=until)) == [("deadlineOn", "deadline_in_past")]


def test_tomorrow_is_soon_enough_and_today_is_that_of_amsterdam():
    late = datetime(2016, 7, 1, 22, 30, tzinfo=UTC)  # half past midnight on the second

    assert asked(a_report(), until=TODAY + DAY).answer_by == TODAY + DAY
    assert refused(lambda: asked(a_report(), until=TODAY + DAY, at=late)) == [("deadlineOn", "deadline_in_past")]
    assert asked(a_report(), until=TODAY + 2 * DAY, at=late).answer_by == TODAY + 2 * DAY


def test_who_asks_nothing_for_yesterday_reads_both_at_once():
    assert refused(lambda: asked(a_report(), until=TODAY, text="")) == [
        ("text", "required"),
        ("deadlineOn", "deadline_in_past"),
    ]


def test_questions_of_their_own_need_no_explanation():
    question = asked(a_report(), text="", parts=(Part("Wanneer?", AnswerSort.DATE),), key="k1")

    assert (question.open_question.explanation, question.open_question.parts) == ("", (Part("Wanneer?", AnswerSort.DATE),))
    assert (question.timeline[-1].question, question.timeline[-1].key, question.timeline[-1].at) == (1, "k1", NOON)


def test_what_was_replaced_says_when_and_what_was_answered_keeps_its_own_end():
    answered = asked(a_report()).answered(1, {"answer": "Nee"}, at=NOON + DAY, key="k2")
    third = asked(asked(answered, at=NOON + 2 * DAY), at=NOON + 3 * DAY)

    assert [(q.number, q.end, q.ended_at) for q in third.questions] == [
        (1, "answered", NOON + DAY),
        (2, "replaced", NOON + 3 * DAY),
        (3, "", None),
    ]
    assert (answered.timeline[-1].by, answered.timeline[-1].key, answered.timeline[-1].question) == (REPORTER, "k2", 1)


def test_an_answer_to_what_was_never_asked_is_told_so():
    for report, number in ((a_report(), 1), (asked(a_report()), 2), (asked(a_report()), 0)):
        with pytest.raises(Conflict, match="question_unknown"):
            report.answered(number, "Nee", at=NOON)


def test_the_last_minute_of_the_last_day_is_soon_enough_for_an_answer():
    last = datetime(2016, 7, 20, 21, 59, tzinfo=UTC)
    report = asked(a_report())

    assert report.question_expired(at=last) is report
    ended = report.question_expired(at=last + timedelta(minutes=1))
    assert (ended.questions[0].end, ended.questions[0].answers, ended.timeline[-1].by) == ("expired", {}, SYSTEM)
    assert ended.timeline[-1].kind is EventKind.QUESTION_ENDED
    assert a_report().question_expired(at=last) == a_report()


def test_a_police_number_that_was_given_once_need_not_be_given_again_and_is_not_changed_on_the_way():
    registered = (
        a_report()
        .changed(Change(Status.CHECKED), by=OFFICER, at=NOON)
        .changed(Change(Status.REGISTERED, registration_number=NUMBER), by=OFFICER, at=NOON)
    )
    decided = registered.changed(Change(Status.NOT_INVESTIGATED, explanation="Omdat."), by=OFFICER, at=NOON)
    reopened = decided.changed(Change(Status.REOPENED, explanation="Toch."), by=OFFICER, at=NOON)

    assert registered.registration_number == decided.registration_number == reopened.registration_number == NUMBER
    same = Change(Status.NOT_INVESTIGATED, explanation="Omdat.", registration_number=NUMBER)
    assert registered.changed(same, by=OFFICER, at=NOON).registration_number == NUMBER
    other = Change(Status.NOT_INVESTIGATED, explanation="Omdat.", registration_number="PL0100-2016999999")
    assert refused(lambda: registered.changed(other, by=OFFICER, at=NOON)) == [
        ("registrationNumber", "registration_number_stands")
    ]
    for wrong in (f"x{NUMBER}", f"{NUMBER}1", "PL0100-201612345"):
        change = Change(Status.CHECKED, registration_number=wrong)
        assert refused(lambda change=change: a_report().changed(change, by=OFFICER, at=NOON)) == [
            ("registrationNumber", "registration_number")
        ]


def test_who_added_as_often_as_one_may_is_told_how_often_that_is():
    report = a_report()
    for number in range(MOST):
        report = report.added(Sort.MORE, {"text": str(number)}, at=NOON + timedelta(minutes=number), key=f"k{number}")

    with pytest.raises(Conflict, match="additions_full") as full:
        report.added(Sort.MORE, {"text": "Nog een"}, at=NOON)

    assert full.value.values == {"most": MOST}
    assert [(a.number, a.sort, a.at) for a in report.additions[:2]] == [
        (1, Sort.MORE, NOON),
        (2, Sort.MORE, NOON + timedelta(minutes=1)),
    ]
    assert [e.kind for e in report.timeline[1:]] == [EventKind.ADDED] * MOST
    assert report.timeline[-1].key == f"k{MOST - 1}"


@pytest.mark.parametrize(
    ("sort", "kind"),
    [(Sort.MORE, EventKind.ADDED), (Sort.WRONG, EventKind.CORRECTED), (Sort.FOUND, EventKind.GOODS_FOUND)],
)
def test_a_timeline_says_what_sort_of_thing_was_added_and_by_whom(sort, kind):
    event = a_report().added(sort, {"text": "x"}, at=NOON + DAY).timeline[-1]

    assert (event.kind, event.by, event.at, event.status, event.number) == (kind, REPORTER, NOON + DAY, Status.RECEIVED, 2)


def test_a_report_of_exactly_the_largest_size_is_kept_and_a_byte_more_is_not():
    room = SIZE_LIMIT - a_report().size
    text = a_report().statement.text
    whole = a_report(statement=Statement(text + " " * room))

    assert whole.size == SIZE_LIMIT
    whole.require_within_size_limit()
    with pytest.raises(Conflict, match="report_full"):
        replace(whole, statement=Statement(text + " " * (room + 1))).require_within_size_limit()


def test_the_bytes_that_are_kept_free_are_those_of_an_answer_and_of_every_change_that_may_come():
    report = a_report()
    changes = 2 * MOST_WISHES * _EVENT_SIZE

    assert report.size == len(report.statement.text.encode()) + 2 * len("[]") + (_EVENT_SIZE + 2 * len('""')) + changes
    moved = report.contact_changed(Contact(email="n@example.org"), at=NOON)
    assert moved.size == report.size + 2 * len('""'), "its own event took the bytes that were kept for it"
    said = report.changed(Change(Status.CHECKED, explanation="é" * 10, remark="xx"), by=OFFICER, at=NOON)
    assert said.size == report.size + _EVENT_SIZE + 2 * len('""') + 20 + 2
    question = asked(report)
    assert question.size - report.size > LARGEST_ANSWER + _EVENT_SIZE
    assert question.answered(1, "Nee", at=NOON).size < question.size


def test_a_key_is_known_again_alone_and_with_its_content_and_another_content_is_told():
    report = a_report(key="k1.a")

    assert report.handled("k1.a")
    assert not report.handled("k2.a")
    assert not report.handled("")
    assert not a_report().handled("")
    for other in ("k1.b", "k1"):
        with pytest.raises(Conflict, match="idempotency_key_reused"):
            report.handled(other)


def test_news_is_what_somebody_else_did_and_the_newest_of_it():
    mine = a_report().added(Sort.MORE, {"text": "x"}, at=NOON + DAY)
    theirs = mine.changed(Change(Status.CHECKED), by=OFFICER, at=NOON + 2 * DAY)
    later = theirs.invited_to_survey(at=NOON + 3 * DAY).added(Sort.MORE, {"text": "y"}, at=NOON + 4 * DAY)

    assert (mine.news_at, theirs.news_at, later.news_at) == (None, NOON + 2 * DAY, NOON + 3 * DAY)
    assert (later.filed_at, later.changed_at) == (NOON, NOON + 4 * DAY)


def test_wishes_beyond_the_last_event_count_without_one():
    report = a_report()
    for number in range(MOST_WISHES + 1):
        report = report.wishes_changed(replace(report.contact, survey=bool(number % 2)), at=NOON, key=f"k{number}")

    assert len(report.timeline) == 1 + MOST_WISHES
    assert report.version == 2 + MOST_WISHES
    assert report.contact.survey == bool(MOST_WISHES % 2)
    assert report.timeline[-1].kind is EventKind.WISHES_CHANGED
    moved = report.contact_changed(replace(report.contact, email="n@example.org"), at=NOON, key="m")
    assert (moved.timeline[-1].kind, moved.timeline[-1].key) == (EventKind.CONTACT_CHANGED, "m")


def test_who_was_told_is_on_record_with_how_and_by_whom():
    bounced = a_report().address_found_unusable(frozenset({"sanne@example.org"}), at=NOON)

    told = bounced.contacted_offline(OfflineMeans.LETTER, by=OFFICER, at=NOON + DAY, key="k1")

    event = told.timeline[-1]
    assert (event.kind, event.by, event.at, event.remark, event.key) == (
        EventKind.CONTACTED_OFFLINE,
        OFFICER,
        NOON + DAY,
        OfflineMeans.LETTER.value,
        "k1",
    )


def test_the_agenda_has_the_day_after_a_deadline_and_nothing_once_all_is_done():
    terms = Deadlines(survey_after_decision_days=3, survey_latest_days=10)
    invited = a_report().invited_to_survey(at=NOON)

    assert a_report().due_on(terms) == date(2016, 7, 11)
    assert asked(a_report(), until=date(2016, 7, 10)).due_on(terms) == date(2016, 7, 11)
    assert asked(a_report(), until=date(2016, 7, 5)).due_on(terms) == date(2016, 7, 6)
    assert asked(invited, until=date(2016, 7, 10)).due_on(terms) == date(2016, 7, 11)
    assert invited.due_on(terms) is None


def test_a_decision_counts_from_its_own_day_whatever_is_added_later():
    decided = a_report().changed(Change(Status.REFERRED, explanation="Omdat."), by=OFFICER, at=NOON + DAY)
    added = decided.added(Sort.MORE, {"text": "x"}, at=NOON + 5 * DAY)

    assert a_report().decided_at is None
    assert added.decided_at == (NOON + DAY if added.decided_at else None)


def test_new_events_are_those_after_the_version_before_and_all_of_a_new_report():
    before = a_report()
    after = before.invited_to_survey(at=NOON).added(Sort.MORE, {"text": "x"}, at=NOON)

    assert [event.number for event in new_events(before, after)] == [2, 3]
    assert [event.number for event in new_events(None, after)] == [1, 2, 3]
    assert new_events(after, after) == ()


def test_a_change_of_details_is_had_when_it_or_a_later_one_of_its_own_part_was_taken():
    taken = Taken(address=2, choices=5)

    assert [taken.has(DetailsPart.ADDRESS, number) for number in (1, 2, 3)] == [True, True, False]
    assert [taken.has(DetailsPart.CHOICES, number) for number in (3, 5, 6)] == [True, True, False]
    assert taken.with_change(DetailsPart.CHOICES, 6) == Taken(address=2, choices=6)
