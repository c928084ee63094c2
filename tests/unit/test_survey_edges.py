"""The survey at its edges: the ends of a scale, the last day, the smallest group, and the month that a report counts in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from chalicelib.citizen.surveys.schemas import SurveyAnswer
from chalicelib.core import codes, ids
from chalicelib.core.errors import Gone, Invalid, NotFound
from chalicelib.reports.contact import Contact, InformationWish
from chalicelib.reports.events import Channel
from chalicelib.surveys import actions
from chalicelib.surveys.model import (
    SCALE,
    STATEMENTS,
    WHY_LENGTH,
    Answer,
    Scores,
    SurveyLine,
    SurveyState,
    code_of,
    invitation,
    is_wanted,
    last_day,
)
from chalicelib.surveys.results import FEWEST, counted, mean_of
from tests.support.fakes_letters import FakeSurveys
from tests.support.samples import a_report

ON = date(2016, 7, 20)
KEY = b"k" * 32
CODE = ids.code(b"c" * 32)
INVITED = invitation(a_report(), name=codes.kept_name(KEY, CODE), on=ON, open_days=30)


@pytest.mark.parametrize(("given", "is_taken"), [(0, False), (1, True), (10, True), (11, False)])
def test_a_mark_is_one_to_ten(given, is_taken):
    assert accepted(satisfaction=given) is is_taken


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize(("given", "is_taken"), [(0, False), (1, True), (5, True), (6, False), (None, True)])
def test_a_statement_has_five_answers_or_none(statement, given, is_taken):
    assert accepted(satisfaction=5, **{statement: given}) is is_taken


def accepted(**given):
    names = {name: name.split("_")[0] + "".join(part.capitalize() for part in name.split("_")[1:]) for name in given}
    try:
        answer = SurveyAnswer.model_validate({names[name]: value for name, value in given.items()})
    except ValidationError:
        return False
    assert {name: getattr(answer.scores, name) for name in given} == given
    return True


def test_every_point_of_the_scale_has_its_words():
    assert list(SCALE) == [1, 2, 3, 4, 5]
    assert accepted_text("x" * WHY_LENGTH)
    assert not accepted_text("x" * (WHY_LENGTH + 1))
    assert WHY_LENGTH == 2_000


def accepted_text(why):
    try:
        return bool(SurveyAnswer.model_validate({"satisfaction": 5, "why": why}))
    except ValidationError:
        return False


def test_an_invitation_says_what_counts_and_nothing_of_whose_it_is():
    late = a_report(at=datetime(2016, 6, 30, 22, 30, tzinfo=UTC), channel=Channel.DESK)  # 1 July in Amsterdam

    made = invitation(late, name="a name", on=ON, open_days=30)

    assert (made.id, made.kind, made.unit) == ("a name", "bicycle-theft", "Noord-Nederland")
    assert (made.channel, made.month) == (Channel.DESK, "2016-07")
    assert (made.invited_on, made.last_day, made.answer) == (ON, date(2016, 8, 19), None)
    assert last_day(ON, 1) == ON + timedelta(days=1)


@pytest.mark.parametrize(("days", "state"), [(0, SurveyState.OPEN), (30, SurveyState.OPEN), (31, SurveyState.EXPIRED)])
def test_an_invitation_can_be_answered_up_to_its_last_day(days, state):
    assert INVITED.state(ON + timedelta(days=days)) is state
    answered = replace(INVITED, answer=Answer(Scores(satisfaction=8), "", ON))
    assert answered.state(ON + timedelta(days=days)) is SurveyState.ANSWERED


@pytest.mark.parametrize(
    ("survey", "information", "wanted"),
    [
        (True, InformationWish.ALL, True),
        (True, InformationWish.DECISIONS, True),
        (True, InformationWish.NOTHING, False),
        (False, InformationWish.ALL, False),
    ],
)
def test_who_wants_to_hear_nothing_or_no_survey_is_not_asked(survey, information, wanted):
    assert is_wanted(Contact(email="s@example.org", survey=survey, information=information)) is wanted


def test_a_code_follows_from_its_report_and_its_key_alone():
    one = code_of(b"k" * 32, "K7MD-PR3W-9XCV")

    assert one == code_of(b"k" * 32, "K7MD-PR3W-9XCV")
    assert len({one, code_of(b"l" * 32, "K7MD-PR3W-9XCV"), code_of(b"k" * 32, "CCCC-CCCC-CCCC")}) == 3
    assert codes.read(one) == codes.Typed(codes.CodeKind.SURVEY, one.removeprefix("V-"))


def test_a_code_is_refused_for_what_is_wrong_with_it(clock):
    surveys = FakeSurveys()
    surveys.add(INVITED)
    ask = {"surveys": surveys, "names_key": KEY, "clock": clock}
    clock.advance(timedelta(days=49))  # 19 August, the last day

    assert actions.load_invitation(CODE.lower(), **ask) == INVITED
    with pytest.raises(Invalid) as typing_error:
        actions.load_invitation("geen code", **ask)
    assert [(error.field, error.code) for error in typing_error.value.errors] == [("code", "code_unknown")]
    with pytest.raises(NotFound, match="survey"):
        actions.load_invitation(ids.code(b"d" * 32), **ask)
    clock.advance(timedelta(days=1))
    with pytest.raises(Gone, match="survey expired"):
        actions.load_invitation(CODE, **ask)


def test_a_survey_is_answered_on_the_day_in_amsterdam_and_once(clock):
    surveys = FakeSurveys()
    surveys.add(INVITED)
    clock.advance(timedelta(days=20, hours=13))  # half past midnight of 22 July, still the day before in UTC

    first = actions.answer(CODE, Scores(satisfaction=8), "Fijn.", key="k1", surveys=surveys, names_key=KEY, clock=clock)
    again = actions.answer(CODE, Scores(satisfaction=8), "Fijn.", key="k1", surveys=surveys, names_key=KEY, clock=clock)

    assert first == again == surveys.get(INVITED.id)
    assert (first.answer.answered_on, first.answer.why, first.answer.scores.satisfaction) == (date(2016, 7, 22), "Fijn.", 8)
    for key in ("k2", ""):
        with pytest.raises(Gone, match="survey answered"):
            actions.answer(CODE, Scores(satisfaction=1), "", key=key, surveys=surveys, names_key=KEY, clock=clock)


def lines(count, *, answered=None, **facts):
    given = {"kind": "bicycle-theft", "unit": "Noord-Nederland", "channel": Channel.ONLINE, "month": "2016-07"} | facts
    number = count if answered is None else answered
    return [
        SurveyLine(**given, scores=Scores(satisfaction=6 + place % 3, understood=4 + place % 2) if place < number else None)
        for place in range(count)
    ]


def test_ten_answers_are_shown_and_nine_are_not():
    assert FEWEST == 10
    assert mean_of([6, 8, 7] * 3, 1, 10) is None
    ten = mean_of([6, 8] * 5, 1, 10)
    assert (ten.n, ten.mean) == (10, 7.0)
    assert (round(ten.low, 3), round(ten.high, 3)) == (6.246, 7.754)
    assert counted("2016-07", lines(9)).groups == ()
    [shown] = counted("2016-07", lines(20, answered=10)).groups
    assert (shown.result.n, shown.result.invited, shown.result.response_rate) == (10, 20, 0.5)
    assert shown.result.statements["understood"].n == 10
    assert shown.result.statements["taken_seriously"] is None


@pytest.mark.parametrize(
    ("answered", "shown"),
    [
        ({"A": 10, "B": 11}, {"A": 10, "B": 11}),
        ({"A": 9, "B": 10, "C": 11}, {"C": 11, "other": 19}),
        ({"A": 5, "B": 5, "C": 11}, {"C": 11, "other": 10}),
        ({"A": 4, "B": 5, "C": 10, "D": 11}, {"D": 11, "other": 19}),
        ({"A": 0, "B": 10}, {"B": 10}),
        ({"A": 9, "B": 10}, {"other": 19}),
        ({"A": 4, "B": 5}, {}),
    ],
)
def test_what_is_too_small_is_counted_together_and_no_answer_is_lost_or_counted_twice(answered, shown):
    told = [line for unit, number in answered.items() for line in lines(max(number, 1), answered=number, unit=unit)]

    assert {group.unit: group.result.n for group in counted("2016-07", told).groups} == shown
