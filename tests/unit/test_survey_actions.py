"""Inviting every reporter once, and answering once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.core.clock import day_of
from chalicelib.core.codes import kept_name, read_long
from chalicelib.core.derivation import Derivation, ProofKeys
from chalicelib.core.errors import Gone, Invalid, NotFound
from chalicelib.reports.contact import InformationWish
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, Channel, Role
from chalicelib.surveys import actions
from chalicelib.surveys.model import STATEMENTS, Scores, SurveyState, code_of
from tests.support.fakes import FakeReports
from tests.support.fakes_letters import FakeSurveys
from tests.support.samples import NOON, REFERENCE, a_report

KEY = b"k" * 32
CODE = code_of(KEY, REFERENCE)
DUE = timedelta(days=60)
SCORES = Scores(satisfaction=8)


@pytest.fixture
def reports():
    return FakeReports()


@pytest.fixture
def surveys():
    return FakeSurveys()


@pytest.fixture
def invite(reports, surveys, clock):
    def invite(reports=reports, surveys=surveys):
        due = list(reports.due(day_of(clock.now())))
        dispatch = actions.Dispatch(
            reports=reports,
            surveys=surveys,
            clock=clock,
            deadlines=Deadlines(),
            open_days=30,
            derivation=Derivation(KEY, ProofKeys.of(KEY)),
        )
        return actions.invite_due(due, dispatch)

    return invite


@pytest.fixture
def invited(reports, clock, invite):
    """A report whose reporter was invited today."""
    reports.add(a_report())
    clock.advance(DUE)
    invite()
    return reports.get(REFERENCE)


def test_a_reporter_is_invited_on_the_day_and_not_before(reports, surveys, clock, invite):
    reports.add(a_report())

    clock.advance(DUE - timedelta(days=1))
    assert invite() == 0
    clock.advance(timedelta(days=1))
    assert invite() == 1

    [invitation] = surveys.invitations.values()
    assert reports.get(REFERENCE).survey_invited_at
    assert invitation.id == kept_name(KEY, read_long(CODE))
    assert (invitation.kind, invitation.unit, invitation.channel) == ("bicycle-theft", "Noord-Nederland", Channel.ONLINE)
    assert (invitation.month, invitation.invited_on, invitation.last_day) == ("2016-07", date(2016, 8, 30), date(2016, 9, 29))


def test_the_schedule_may_run_twice_and_invites_once(reports, surveys, invited, invite):
    assert invite() == 0
    assert reports.get(REFERENCE) == invited
    assert len(surveys.invitations) == 1


def test_who_was_invited_and_is_on_the_agenda_for_a_question_is_passed_over(reports, clock, invited, invite, caplog):
    officer, tomorrow = Actor(Role.OFFICER, "NN1234"), day_of(clock.now()) + timedelta(days=1)
    asked = invited.asked("Wat?", deadline_on=tomorrow, by=officer, at=clock.now())
    reports.save(invited, asked)
    clock.advance(timedelta(days=2))
    caplog.clear()

    assert invite() == 0
    assert caplog.messages == ["surveys_invited invited=0 failed=0"]


def test_a_run_that_died_between_invitation_and_event_is_finished_by_the_next(reports, surveys, clock, invite):
    class Dying(FakeReports):
        def save(self, *_reports):
            raise OSError("reports: no answer")

    dying = Dying()
    dying.add(a_report())
    reports.add(a_report())
    clock.advance(DUE)

    assert invite(reports=dying) == 0
    clock.advance(timedelta(days=1))
    assert invite() == 1

    [invitation] = surveys.invitations.values()
    assert invitation.last_day == date(2016, 9, 30), "the letter counts from its event, and so does the invitation"


def test_a_report_that_somebody_changes_meanwhile_is_left_for_the_next_run(reports, clock, invite, caplog):
    reports.add(a_report())
    stale = FakeReports()
    stale.add(a_report())
    stale.save(stale.get(REFERENCE), stale.get(REFERENCE).wishes_changed(replace(a_report().contact, survey=False), at=NOON))

    class Late(FakeReports):
        due = staticmethod(lambda _on: iter([REFERENCE]))
        get = staticmethod(reports.get)
        save = staticmethod(stale.save)

    clock.advance(DUE)

    assert invite(reports=Late()) == 0
    assert not any(record.levelname == "ERROR" for record in caplog.records)


def test_one_failing_report_does_not_keep_the_others_from_their_invitation(reports, clock, invite, caplog):
    reports.add(a_report())
    reports.add(a_report(reference="CCCC-CCCC-CCCC"))
    reports.broken.add(REFERENCE)
    clock.advance(DUE)

    assert invite() == 1
    assert f"survey_invitation_failed reference={REFERENCE}" in caplog.text

    reports.broken.clear()
    assert invite() == 1


@pytest.mark.parametrize("wish", [{"survey": False}, {"information": InformationWish.NOTHING}])
def test_who_wants_no_survey_leaves_the_agenda_without_an_invitation(reports, surveys, clock, invite, wish):
    report = a_report()
    reports.add(replace(report, contact=replace(report.contact, **wish)))
    clock.advance(DUE)

    assert invite() == 1

    assert reports.get(REFERENCE).survey_invited_at
    assert surveys.invitations == {}, "nobody was asked, so nobody counts as silent"


def test_a_question_that_ends_does_not_invite(reports, surveys, clock, invite):
    report = reports.add(a_report())
    reports.save(report, report.asked("Hoe?", deadline_on=date(2016, 7, 5), by=Actor(Role.OFFICER, "NN1234"), at=NOON))
    clock.advance(timedelta(days=10))

    assert list(reports.due(date(2016, 7, 11))) == [REFERENCE]
    assert invite() == 0
    assert surveys.invitations == {}


@pytest.mark.usefixtures("invited")
@pytest.mark.parametrize("typed", [CODE, CODE.lower(), CODE.replace("-", " "), f"  {CODE}  "])
def test_a_code_may_be_typed_as_people_type(surveys, clock, typed):
    assert (
        actions.load_invitation(typed, surveys=surveys, names_key=KEY, clock=clock).state(date(2016, 8, 30)) is SurveyState.OPEN
    )


@pytest.mark.usefixtures("invited")
def test_looking_at_a_survey_changes_nothing(surveys, clock):
    before = dict(surveys.invitations)

    for _ in range(3):
        actions.load_invitation(CODE, surveys=surveys, names_key=KEY, clock=clock)

    assert surveys.invitations == before


def test_a_typing_error_is_told_apart_from_a_code_that_nobody_has(surveys, clock):
    wrong = CODE[:-1] + ("3" if CODE[-1] != "3" else "4")

    for act in (
        lambda code: actions.load_invitation(code, surveys=surveys, names_key=KEY, clock=clock),
        lambda code: actions.answer(code, SCORES, "", surveys=surveys, names_key=KEY, clock=clock),
    ):
        with pytest.raises(Invalid) as refused:
            act(wrong)
        assert [(error.field, error.code) for error in refused.value.errors] == [("code", "code_unknown")]
        with pytest.raises(NotFound):
            act(CODE)


@pytest.mark.usefixtures("invited")
def test_a_second_answer_to_the_survey_is_gone(surveys, clock):
    answered = actions.answer(CODE, SCORES, "Snel", surveys=surveys, names_key=KEY, clock=clock)
    assert (answered.answer.scores, answered.answer.why, answered.answer.answered_on) == (SCORES, "Snel", date(2016, 8, 30))

    for again in (
        lambda: actions.answer(CODE, SCORES, "Snel", surveys=surveys, names_key=KEY, clock=clock),
        lambda: actions.load_invitation(CODE, surveys=surveys, names_key=KEY, clock=clock),
    ):
        with pytest.raises(Gone) as gone:
            again()
        assert (gone.value.what, gone.value.why) == ("survey", "answered")


@pytest.mark.usefixtures("invited")
def test_a_repeated_request_is_one_answer(surveys, clock):
    first = actions.answer(CODE, SCORES, "Snel", key="k", surveys=surveys, names_key=KEY, clock=clock)

    assert actions.answer(CODE, SCORES, "Snel", key="k", surveys=surveys, names_key=KEY, clock=clock) == first


@pytest.mark.usefixtures("invited")
def test_after_thirty_days_the_survey_is_gone(surveys, clock):
    clock.advance(timedelta(days=30))
    actions.load_invitation(CODE, surveys=surveys, names_key=KEY, clock=clock)
    clock.advance(timedelta(days=1))

    with pytest.raises(Gone) as gone:
        actions.answer(CODE, SCORES, "", surveys=surveys, names_key=KEY, clock=clock)
    assert gone.value.why == "expired"


def test_every_statement_has_a_score_of_its_own():
    assert set(STATEMENTS) == set(Scores.__dataclass_fields__) - {"satisfaction"}


def test_a_code_says_nothing_about_its_report_and_differs_per_report():
    codes = {code_of(KEY, reference) for reference in ("CCCC-CCCC-CCCC", "DDDD-DDDD-DDDD", REFERENCE)}

    assert len(codes) == 3
    assert code_of(b"x" * 32, REFERENCE) not in codes
