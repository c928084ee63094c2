"""Two who change one report at the same moment: what the second meets, and what stands in the end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.core.errors import Conflict, NotFound
from chalicelib.reports import actions, agenda
from chalicelib.reports.actions import OwnReports
from chalicelib.reports.additions import Sort
from chalicelib.reports.contact import Contact, DetailsPart, InformationWish
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, EventKind, OfflineMeans, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from tests.support.fakes import FakeReports
from tests.support.samples import CITIZEN, NOON, REFERENCE, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
BOUNCED = frozenset({"sanne@example.org"})


class BusyReports(FakeReports):
    """Reports which somebody else changes just before each of the next writes; `tries` counts these writes."""

    def __init__(self):
        super().__init__()
        self.rivals, self.tries = [], 0

    def save(self, before, after):
        self.tries += 1
        if self.rivals:
            rival = self.rivals.pop(0)
            super().save(self.get(REFERENCE), rival(self.get(REFERENCE)))
        return super().save(before, after)


@pytest.fixture
def reports():
    reports = BusyReports()
    reports.add(a_report())
    return reports


@pytest.fixture
def mine(reports, clock):
    return OwnReports(pseudonym=CITIZEN.pseudonym, reports=reports, clock=clock)


def checked(report):
    return report.changed(Change(Status.CHECKED), by=OFFICER, at=NOON)


def told_by_letter(report):
    return report.with_event(EventKind.CONTACTED_OFFLINE, report.status, by=OFFICER, at=NOON)


def asked(report):
    return report.asked("Was het slot heel?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)


OF_A_REPORTER = {
    "adds": lambda mine: actions.add(REFERENCE, Sort.MORE, lambda _: {"text": "Nog iets"}, key="k1", mine=mine),
    "changes wishes": lambda mine: actions.change_wishes(
        REFERENCE, information=InformationWish.NOTHING, survey=True, key="k1", mine=mine
    ),
    "refuses the survey": lambda mine: actions.refuse_survey(REFERENCE, mine=mine),
    "moves": lambda mine: actions.apply_details(
        REFERENCE, lambda one: replace(one.contact, email="n@example.org"), DetailsPart.ADDRESS, 1, key="k1", mine=mine
    ),
}


@pytest.mark.parametrize("does", OF_A_REPORTER)
@pytest.mark.parametrize("rivals", [1, 2])
def test_what_a_reporter_does_stands_beside_what_officers_did_just_before(reports, mine, does, rivals):
    reports.rivals = [checked, told_by_letter][:rivals]

    after = OF_A_REPORTER[does](mine)

    assert after == reports.get(REFERENCE)
    assert after.status is Status.CHECKED
    assert after.version == 2 + rivals
    assert reports.tries == 1 + rivals


@pytest.mark.parametrize("does", OF_A_REPORTER)
def test_a_reporter_who_finds_an_officer_first_three_times_is_told_so(reports, mine, does):
    reports.rivals = [checked, told_by_letter, told_by_letter]

    with pytest.raises(Conflict, match="stale_version"):
        OF_A_REPORTER[does](mine)

    assert reports.tries == 3
    assert reports.get(REFERENCE).contact == a_report().contact
    assert reports.get(REFERENCE).additions == ()


def test_an_answer_stands_beside_what_an_officer_noted_just_before(reports, mine):
    reports.save(reports.get(REFERENCE), asked(reports.get(REFERENCE)))
    reports.rivals = [told_by_letter]

    after = actions.answer(REFERENCE, 1, "Nee", mine=mine)

    assert [event.kind for event in after.timeline][-2:] == [EventKind.CONTACTED_OFFLINE, EventKind.QUESTION_ANSWERED]
    assert after.questions[0].answers == {"answer": "Nee"}


def test_who_answers_just_when_the_question_is_replaced_is_told_so(reports, mine):
    reports.save(reports.get(REFERENCE), asked(reports.get(REFERENCE)))
    reports.rivals = [asked]

    with pytest.raises(Conflict, match="question_replaced"):
        actions.answer(REFERENCE, 1, "Nee", mine=mine)

    assert reports.get(REFERENCE).open_question.number == 2


def test_an_answer_to_another_question_than_the_open_one_is_not_even_read(reports, mine):
    reports.save(reports.get(REFERENCE), asked(asked(reports.get(REFERENCE))))
    read = []

    for number, code in ((1, "question_replaced"), (3, "question_unknown")):
        with pytest.raises(Conflict, match=code):
            actions.answer(REFERENCE, number, lambda question: read.append(question) or {}, mine=mine)

    assert read == []
    after = actions.answer(REFERENCE, 2, lambda question: {"answer": f"Op {question.number}"}, mine=mine)
    assert after.questions[1].answers == {"answer": "Op 2"}


def test_of_the_same_request_sent_twice_at_once_the_second_gets_what_the_first_did(reports, mine):
    reports.rivals = [lambda report: report.added(Sort.MORE, {"text": "Nog iets"}, at=NOON - timedelta(seconds=1), key="k1")]

    after = OF_A_REPORTER["adds"](mine)

    assert after == reports.get(REFERENCE)
    assert [addition.answers for addition in after.additions] == [{"text": "Nog iets"}]
    assert reports.tries == 1


def of_an_officer(reports, clock, version, key=""):
    facts = {"by": OFFICER, "version": version, "reports": reports, "clock": clock}
    before = reports.get(REFERENCE)
    return {
        "changes the status": lambda: actions.change_status(before, Change(Status.CHECKED, key=key), **facts),
        "asks": lambda: actions.ask(before, "Was het slot heel?", deadlines=Deadlines(), key=key, **facts),
        "tells": lambda: actions.note_contacted_offline(before, OfflineMeans.PHONE, key=key, **facts),
    }


OFFICERS = ("changes the status", "asks", "tells")


@pytest.fixture
def unreachable(reports):
    """The report after a mail about it came back."""
    return reports.save(reports.get(REFERENCE), reports.get(REFERENCE).address_found_unusable(BOUNCED, at=NOON))


@pytest.mark.parametrize("does", OFFICERS)
@pytest.mark.parametrize("seen", [1, 3])
def test_an_officer_who_saw_another_version_changes_nothing_and_is_told_which_one_stands(reports, unreachable, clock, does, seen):
    with pytest.raises(Conflict, match="stale_version") as refused:
        of_an_officer(reports, clock, seen)[does]()

    assert refused.value.values == {"current": 2}
    assert reports.get(REFERENCE) == unreachable


@pytest.mark.parametrize("does", OFFICERS)
def test_an_officer_does_a_thing_once_however_often_it_is_sent(reports, unreachable, clock, does):
    first = of_an_officer(reports, clock, 2, key="k1")[does]()
    again = of_an_officer(reports, clock, 2, key="k1")[does]()

    assert first == again == reports.get(REFERENCE)
    assert (first.version, first.timeline[-1].key) == (3, "k1")


@pytest.mark.parametrize("does", OFFICERS)
def test_an_officer_is_not_put_before_another_who_was_first(reports, unreachable, clock, does):
    reports.rivals = [told_by_letter]

    with pytest.raises(Conflict, match="stale_version"):
        of_an_officer(reports, clock, 2, key="k1")[does]()

    assert reports.tries == 2
    assert reports.get(REFERENCE).version == 3


@pytest.mark.parametrize("does", OFFICERS)
def test_of_the_same_click_twice_at_once_the_officer_gets_what_the_first_did(reports, unreachable, clock, does):
    do = of_an_officer(reports, clock, 2, key="k1")[does]
    twin = FakeReports()
    twin.add(unreachable)
    first = of_an_officer(twin, clock, 2, key="k1")[does]()
    reports.rivals = [lambda _: first]
    clock.advance(timedelta(seconds=1))

    assert do() == first == reports.get(REFERENCE)
    assert reports.get(REFERENCE).version == 3


def test_a_deadline_that_an_officer_chose_is_kept_and_the_usual_one_counts_from_the_day_in_amsterdam(reports, clock):
    clock.advance(timedelta(hours=13))  # half past midnight in Amsterdam, still the day before in UTC
    facts = {"by": OFFICER, "version": 1, "deadlines": Deadlines(), "reports": FakeReports(), "clock": clock}
    facts["reports"].add(a_report())

    usual = actions.ask(a_report(), "Was het slot heel?", **facts)
    facts["reports"] = reports
    chosen = actions.ask(a_report(), "Was het slot heel?", deadline_on=date(2016, 7, 9), **facts)

    assert usual.open_question.deadline_on == date(2016, 7, 16)
    assert chosen.open_question.deadline_on == date(2016, 7, 9)


def test_an_address_is_marked_although_an_officer_was_first_and_a_report_that_is_gone_needs_no_mark(reports, clock):
    reports.rivals = [checked, told_by_letter]

    actions.note_unusable(REFERENCE, BOUNCED, reports=reports, clock=clock)
    actions.note_unusable("CCCC-CCCC-CCCC", BOUNCED, reports=reports, clock=clock)
    actions.note_unusable(REFERENCE, frozenset({"iemand@example.org"}), reports=reports, clock=clock)

    marked = reports.get(REFERENCE)
    assert (marked.contact.usable, marked.status, marked.version) == (False, Status.CHECKED, 4)


def test_an_address_that_finds_somebody_first_three_times_is_told_again_by_ses(reports, clock):
    reports.rivals = [checked, told_by_letter, told_by_letter]

    with pytest.raises(Conflict, match="stale_version"):
        actions.note_unusable(REFERENCE, BOUNCED, reports=reports, clock=clock)

    assert reports.tries == 3


@pytest.mark.parametrize(
    ("information", "survey", "expected"),
    [
        (InformationWish.NOTHING, True, (InformationWish.NOTHING, True)),
        (InformationWish.ALL, False, (InformationWish.ALL, False)),
    ],
)
def test_a_wish_of_either_kind_is_kept_as_ones_own(reports, mine, information, survey, expected):
    after = actions.change_wishes(REFERENCE, information=information, survey=survey, mine=mine)

    assert (after.contact.information, after.contact.survey) == expected
    assert after.contact.own
    assert after.contact.email == "sanne@example.org"


def test_who_refuses_the_survey_keeps_the_other_wishes(reports, mine):
    actions.change_wishes(REFERENCE, information=InformationWish.DECISIONS, survey=True, mine=mine)

    after = actions.refuse_survey(REFERENCE, mine=mine)
    again = actions.refuse_survey(REFERENCE, mine=mine)

    assert after.contact == Contact(
        email="sanne@example.org", information=InformationWish.DECISIONS, survey=False, own=after.contact.own
    )
    assert again == after


@pytest.mark.parametrize("does", [does for does in OF_A_REPORTER if does != "refuses the survey"])
def test_a_reporter_does_a_thing_once_however_often_it_is_sent(reports, mine, does):
    first = OF_A_REPORTER[does](mine)
    again = OF_A_REPORTER[does](mine)

    assert first == again
    assert (first.version, first.timeline[-1].key) == (2, "k1")


def test_who_answers_too_late_ends_the_question_and_writes_nothing_else(reports, mine, clock):
    reports.save(reports.get(REFERENCE), asked(reports.get(REFERENCE)))
    clock.advance(timedelta(days=30))
    reports.tries = 0

    with pytest.raises(Conflict, match="question_expired"):
        actions.answer(REFERENCE, 1, lambda _: {"answer": "Nee"}, mine=mine)
    with pytest.raises(Conflict, match="question_expired"):
        actions.answer(REFERENCE, 1, lambda _: {"answer": "Nee"}, mine=mine)

    assert reports.tries == 1
    assert reports.get(REFERENCE).questions[0].end == "expired"


def test_the_hourly_round_says_how_many_questions_it_ended_and_how_many_it_could_not(reports, clock, caplog):
    others = {name: replace(a_report(), reference=name) for name in ("CCCC-CCCC-CCCC", "DDDD-DDDD-DDDD")}
    for report in others.values():
        reports.add(report)
    for reference in (REFERENCE, *others):
        reports.save(reports.get(reference), asked(reports.get(reference)))
    reports.broken = {REFERENCE}
    clock.advance(timedelta(days=30))

    ended = agenda.end_overdue_questions([REFERENCE, *others], reports=reports, clock=clock)

    assert ended == 2
    assert "overdue_questions_ended ended=2 failed=1" in caplog.messages


def test_a_report_is_gone_for_everybody_who_does_something_with_it(mine):
    with pytest.raises(NotFound):
        actions.add("CCCC-CCCC-CCCC", Sort.MORE, lambda _: {"text": "x"}, mine=mine)
