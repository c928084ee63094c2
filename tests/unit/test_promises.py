"""The promises to reporters: an update when they ask, a second look, word when nothing changes, a reminder, a notice in time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.clock import day_of
from chalicelib.core.errors import Conflict, Invalid
from chalicelib.core.working_days import is_working_day
from chalicelib.reports import agenda, promises
from chalicelib.reports.contact import Contact, InformationWish
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, EventKind, OfflineMeans, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from tests.support.fakes import FakeReports
from tests.support.samples import NOON, REFERENCE, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
DAY = timedelta(days=1)
TERMS = Deadlines()
PEOPLE = Contact(email="sanne@example.org")


def noon(month, day, year=2026):
    return datetime(year, month, day, 10, tzinfo=UTC)


NEWS = noon(6, 1)  # a Monday


def checked(at=NEWS, **changes):
    """A report of some days before, with news on 1 June 2026."""
    return a_report(at=at - 3 * DAY, **changes).changed(Change(Status.CHECKED), by=OFFICER, at=at)


def decided(at=NEWS, **changes):
    registered = checked(at - DAY, **changes).changed(
        Change(Status.REGISTERED, registration_number="PL0100-2026123456"), by=OFFICER, at=at - DAY
    )
    return registered.changed(Change(Status.NOT_INVESTIGATED, explanation="Geen aanknopingspunten."), by=OFFICER, at=at)


def refusal(report, at):
    with pytest.raises(Conflict) as refused:
        promises.update_asked(report, at=at)
    return refused.value.code, refused.value.values.get("day")


# An update on request


def test_an_update_is_asked_14_days_after_news_and_28_days_after_the_last_time():
    """T15, whole."""
    report = checked()

    assert refusal(report, noon(6, 14)) == ("update_too_soon", date(2026, 6, 15))
    asked = promises.update_asked(report, at=noon(6, 20))
    assert promises.update_due_on(asked) is not None, "it is flagged"
    assert refusal(asked, noon(7, 17)) == ("update_too_soon", date(2026, 7, 18))
    assert promises.update_asked(report, at=noon(6, 15)).timeline[-1].kind is EventKind.UPDATE_ASKED, "day 14 itself"
    assert promises.update_asked(asked, at=noon(7, 18)).timeline[-1].kind is EventKind.UPDATE_ASKED, "day 28 itself"


def test_days_are_counted_as_people_in_the_netherlands_count_them():
    late = datetime(2026, 6, 14, 22, 30, tzinfo=UTC)  # the 15th already in Amsterdam

    assert promises.update_asked(checked(), at=late)
    assert refusal(checked(), late - timedelta(hours=1))[0] == "update_too_soon"


def test_who_asks_hears_within_ten_working_days_and_the_answer_ends_the_wait():
    asked = promises.update_asked(checked(), at=noon(6, 19))  # a Friday

    assert promises.update_due_on(asked) == date(2026, 7, 3)
    told = promises.update_given(asked, "Wij wachten op beelden.", by=OFFICER, at=noon(6, 22))
    assert promises.update_due_on(told) is None
    assert refusal(told, noon(7, 16)) == ("update_too_soon", date(2026, 7, 17)), "28 days from asking, more than 14 from news"


@pytest.mark.parametrize(
    "speaks",
    [
        lambda report: report.changed(Change(Status.REFERRED), by=OFFICER, at=noon(6, 22)),
        lambda report: report.asked("Hoe laat?", deadline_on=date(2026, 7, 9), by=OFFICER, at=noon(6, 22)),
        lambda report: report.contacted_offline(OfflineMeans.PHONE, by=OFFICER, at=noon(6, 22), is_mail_given_up=True),
    ],
    ids=["another status", "a question", "a call"],
)
def test_any_word_of_an_officer_answers_who_asked(speaks):
    asked = promises.update_asked(checked(), at=noon(6, 20))

    assert promises.update_due_on(speaks(asked)) is None


def test_the_machines_word_answers_nobody_and_shuts_no_door():
    silent = replace(checked(), contact=PEOPLE).with_event(
        EventKind.NOTHING_CHANGED, Status.CHECKED, by=Actor(Role.SYSTEM), at=noon(7, 31)
    )

    asked = promises.update_asked(silent, at=noon(8, 1))

    assert promises.update_due_on(asked)


def test_there_is_nothing_to_ask_while_we_wait_for_the_reporter_or_after_a_decision():
    waiting = checked().asked("Hoe laat?", deadline_on=date(2026, 9, 1), by=OFFICER, at=NEWS)

    assert refusal(waiting, noon(8, 1)) == ("update_question_open", None)
    assert refusal(decided(), noon(8, 1)) == ("update_decided", None)
    assert promises.ask_from(waiting) is None
    assert promises.ask_from(decided()) is None


def test_an_update_says_something():
    with pytest.raises(Invalid):
        promises.update_given(checked(), "  ", by=OFFICER, at=NEWS)


# A second look


def test_a_decision_is_contested_once_with_a_reason_and_stays_what_it_is():
    contested = promises.contested(decided(), "Er hangt een camera.", at=noon(6, 2))

    assert contested.status is Status.NOT_INVESTIGATED
    assert contested.timeline[-1].explanation == "Er hangt een camera."
    assert promises.contest_due_on(contested) == date(2026, 6, 16)
    assert promises.open_contest(contested) == contested.timeline[-1]
    with pytest.raises(Conflict, match="contest_twice"):
        promises.contested(contested, "Nog eens.", at=noon(6, 3))
    with pytest.raises(Invalid):
        promises.contested(decided(), " ", at=noon(6, 2))


def test_each_decision_can_be_contested_and_nothing_else_can():
    again = promises.contested(decided(), "Kijk nog eens.", at=noon(6, 2)).changed(
        Change(Status.REOPENED, explanation="Er zijn beelden."), by=OFFICER, at=noon(6, 3)
    )

    assert promises.contest_due_on(again) is None, "it was answered"
    with pytest.raises(Conflict, match="contest_no_decision"):
        promises.contested(again, "Toch.", at=noon(6, 4))
    closed = again.changed(Change(Status.CLOSED, explanation="Niets gevonden."), by=OFFICER, at=noon(6, 5))
    assert promises.may_contest(closed)
    with pytest.raises(Conflict, match="contest_no_decision"):
        promises.contested(again.changed(Change(Status.WITH_PROSECUTOR), by=OFFICER, at=noon(6, 5)), "Toch.", at=noon(6, 6))


def test_saying_why_a_decision_stands_answers_who_contested_it():
    contested = promises.contested(decided(), "Er hangt een camera.", at=noon(6, 2))

    told = promises.update_given(contested, "De camera was stuk.", by=OFFICER, at=noon(6, 3))

    assert promises.contest_due_on(told) is None
    assert not promises.may_contest(told)


# Word when nothing changes


def run(report, days, *, hours=(3, 11)):
    """Let the agenda come by at these hours (UTC) of so many days; return the report, and what it was told and when."""
    told = []
    first = report.changed_at
    for day in range(days):
        for hour in hours:
            at = (first + day * DAY).replace(hour=hour)
            due = promises.due_on(report, TERMS)
            after = promises.kept(report, at=at) if due and due <= day_of(at) else report
            if after is not report:
                told.append((after.timeline[-1].kind, at))
            report = after
    return report, told


def test_after_sixty_silent_days_the_reporter_hears_that_nothing_changed_six_times_at_most():
    report, told = run(checked(), 800)

    assert [kind for kind, _ in told] == [EventKind.NOTHING_CHANGED] * promises.MOST_SILENCES
    assert all(is_working_day(day_of(at)) and at.hour == 11 for _, at in told)
    days = [NEWS, *(at for _, at in told)]
    assert all(60 <= (later - earlier).days <= 66 for earlier, later in pairwise(days))
    assert promises.looks_again_on(report) is None, "the last one promises no other look"


def test_the_day_before_which_we_look_again_is_the_day_on_which_we_do():
    report, [(_, at)] = run(checked(), 70)

    again = promises.looks_again_on(report)
    assert again == promises.silent_on(report)
    assert promises.due_on(report.invited_to_survey(at=at), TERMS) == again
    assert promises.kept(report, at=noon(again.month, again.day)).timeline[-1].kind is EventKind.NOTHING_CHANGED


def test_news_begins_the_sixty_days_anew():
    report, _ = run(checked(), 70)

    told = promises.update_given(report, "Wij wachten.", by=OFFICER, at=noon(8, 20))

    assert promises.looks_again_on(told) is None
    assert promises.silent_on(told) == date(2026, 10, 19)


@pytest.mark.parametrize(
    "report",
    [
        decided(),
        checked().asked("Hoe laat?", deadline_on=date(2027, 9, 1), by=OFFICER, at=NEWS),
        checked().changed(Change(Status.REFERRED), by=OFFICER, at=NEWS),
        checked(contact=replace(PEOPLE, information=InformationWish.DECISIONS)),
        checked(contact=replace(PEOPLE, information=InformationWish.NOTHING)),
        checked(contact=replace(PEOPLE, usable=False)),
        checked(contact=replace(PEOPLE, email="")),
    ],
    ids=["decided", "a question waits", "must come", "decisions only", "wants nothing", "mail comes back", "no mail"],
)
def test_silence_needs_no_word_where_there_is_none_to_say_or_it_is_not_wanted(report):
    assert EventKind.NOTHING_CHANGED not in [kind for kind, _ in run(report, 200)[1]]


# A reminder


def asked(until, at=NEWS):
    return checked(at).asked("Hoe laat?", deadline_on=until, by=OFFICER, at=at)


def test_a_question_is_reminded_of_once_three_days_before_its_last_day_on_a_working_day():
    report, told = run(asked(date(2026, 6, 18)), 16)  # a Thursday
    assert told == [(EventKind.REMINDED, datetime(2026, 6, 15, 11, tzinfo=UTC))]
    assert report.timeline[-1].question == 1

    _, told = run(asked(date(2026, 6, 17)), 16)  # three days before is a Sunday
    assert told == [(EventKind.REMINDED, datetime(2026, 6, 12, 11, tzinfo=UTC))], "the working day before"


def test_nobody_is_reminded_of_a_question_of_yesterday_or_one_that_was_answered_or_replaced():
    assert run(asked(date(2026, 6, 4)), 3)[1] == []
    answered = asked(date(2026, 6, 18)).answered(1, "Om acht uur.", at=noon(6, 3))
    assert promises.reminder_on(answered) is None
    replaced = asked(date(2026, 6, 18)).asked("En waar?", deadline_on=date(2026, 6, 30), by=OFFICER, at=noon(6, 10))
    assert promises.reminder_on(replaced) == date(2026, 6, 26), "the 27th is a Saturday"


def test_a_reminder_that_comes_late_still_comes_while_the_question_can_be_answered():
    report = asked(date(2026, 6, 18))

    assert promises.kept(report, at=noon(6, 18)).timeline[-1].kind is EventKind.REMINDED
    assert promises.kept(report, at=noon(6, 19)) is report


def test_nothing_goes_out_at_night_or_on_a_free_day():
    report = asked(date(2026, 6, 18))

    assert promises.kept(report, at=datetime(2026, 6, 15, 3, tzinfo=UTC)) is report
    assert promises.kept(report, at=datetime(2026, 6, 15, 15, tzinfo=UTC)) is report, "17.00 in Amsterdam"
    assert promises.kept(report, at=datetime(2026, 6, 15, 7, tzinfo=UTC)) is not report, "9.00 in Amsterdam"
    assert not promises.may_speak_at(noon(6, 14))


def test_the_agenda_keeps_each_promise_once_however_often_it_runs(clock):
    reports = FakeReports()
    reports.add(asked(date(2016, 9, 8), at=NOON))
    reports.add(checked(at=NOON, reference="CCCC-CCCC-CCCC"))
    reports.broken.add("DDDD-DDDD-DDDD")
    clock.advance(timedelta(days=66))  # a Monday
    due = ("DDDD-DDDD-DDDD", *reports.due(day_of(clock.now())))

    assert agenda.keep_promises(due, reports=reports, clock=clock) == 2
    assert agenda.keep_promises(due, reports=reports, clock=clock) == 0
    assert reports.get(REFERENCE).timeline[-1].kind is EventKind.REMINDED
    assert reports.get("CCCC-CCCC-CCCC").timeline[-1].kind is EventKind.NOTHING_CHANGED
    clock.advance(timedelta(hours=8))
    assert agenda.keep_promises(due, reports=reports, clock=clock) == 0, "at night nothing is read, so nothing fails"


# The notice of a decision


def test_a_decision_is_to_be_noticed_in_14_days_unless_it_was_read_or_told():
    report = decided()

    assert promises.notice_due_on(report) == date(2026, 6, 15)
    assert promises.notice_check_on(report) == date(2026, 6, 12)
    assert promises.notice_due_on(promises.read(report, at=noon(6, 2))) is None
    told = report.contacted_offline(OfflineMeans.PHONE, by=OFFICER, at=noon(6, 2), is_mail_given_up=True)
    assert promises.notice_due_on(told) is None
    assert promises.notice_due_on(checked()) is None
    assert promises.notice_due_on(replace(report, contact=replace(PEOPLE, information=InformationWish.NOTHING))) is None
    reopened = report.changed(Change(Status.REOPENED, explanation="Nieuws."), by=OFFICER, at=noon(6, 2))
    assert promises.notice_due_on(reopened) is None


def test_a_notice_that_is_missing_is_told_by_an_officer_until_the_reporter_has_it():
    report = decided()
    missing = replace(report, missing_number=report.decision.number)

    assert report.to_contact_since is None
    assert missing.to_contact_since == NEWS, "since the decision: by now a letter by post is due"
    assert promises.notice_check_on(missing) is None, "it is looked up once"
    assert promises.read(missing, at=noon(6, 13)).to_contact_since is None
    assert missing.contacted_offline(OfflineMeans.LETTER, by=OFFICER, at=noon(6, 13)).to_contact_since is None
    reopened = missing.changed(Change(Status.REOPENED, explanation="Nieuws."), by=OFFICER, at=noon(6, 13))
    assert reopened.to_contact_since is None
    again = reopened.changed(Change(Status.CLOSED, explanation="Niets."), by=OFFICER, at=noon(6, 14))
    assert promises.notice_check_on(again) == date(2026, 6, 25), "another decision is looked up anew"


# Read


def test_reading_is_noted_once_for_each_news_and_changes_neither_version_nor_timeline():
    report = checked()

    read = promises.read(report, at=noon(6, 2))

    assert (read.read_number, read.read_at) == (2, noon(6, 2))
    assert (read.version, read.timeline) == (report.version, report.timeline)
    assert promises.read(read, at=noon(6, 3)) is read
    assert promises.read(a_report(), at=noon(6, 3)).read_number == 0, "one's own filing is no news"
    own = promises.update_asked(read, at=noon(6, 20))
    assert promises.read(own, at=noon(6, 21)) is own
    assert promises.read(decided(), at=noon(6, 3)).read_number == 4


# Laws

ACTS = st.lists(st.tuples(st.sampled_from(["ask", "tell", "silence", "add"]), st.integers(0, 40)), max_size=12)


@given(ACTS)
def test_nobody_asks_twice_in_28_days_nor_within_14_days_of_an_officers_news(acts):
    report, at = checked(), NEWS
    for act, days in acts:
        at += days * DAY
        try:
            if act == "ask":
                report = promises.update_asked(report, at=at)
            elif act == "tell":
                report = promises.update_given(report, "Wij werken eraan.", by=OFFICER, at=at)
            elif act == "silence":
                report = promises.kept(report, at=at)
            else:
                report = report.contact_changed(replace(report.contact, email=f"a{days}@example.org"), at=at)
        except Conflict as conflict:
            assert conflict.values["day"] == promises.ask_from(report) > day_of(at)

    asks = [event for event in report.timeline if event.kind is EventKind.UPDATE_ASKED]
    news = [event for event in report.timeline if event.by.role is Role.OFFICER]
    assert all(later.at - earlier.at >= promises.BETWEEN for earlier, later in pairwise(asks))
    assert all(ask.at - told.at >= promises.QUIET for ask in asks for told in news if told.number < ask.number)
