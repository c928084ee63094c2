"""Honest results: always with how many, and nothing about a group that is too small."""

from datetime import date
from math import inf
from statistics import NormalDist

import pytest

from chalicelib.core.errors import Invalid
from chalicelib.reports.events import Channel
from chalicelib.surveys import actions
from chalicelib.surveys.model import Answer, Invitation, Scores, SurveyLine
from chalicelib.surveys.results import Group, _t, grouped, mean_of
from tests.support.fakes_letters import FakeSurveys


def lines(*satisfactions, kind="bicycle-theft", unit="Noord-Nederland", channel=Channel.ONLINE, month="2016-07"):
    """One line per invitation; None is one without an answer."""
    return [SurveyLine(kind, unit, channel, month, Scores(satisfaction=s) if s else None) for s in satisfactions]


def test_a_result_says_how_many_were_asked_how_many_answered_and_how_sure_the_mean_is():
    results = grouped(lines(*[7, 8] * 8, *[None] * 16), Group.UNIT)

    total = results.total
    assert (total.n, total.invited, total.response_rate) == (16, 32, 0.5)
    assert total.satisfaction.mean == 7.5
    assert total.satisfaction.low == pytest.approx(7.5 - 2.1314 * 0.5164 / 4, abs=1e-4)
    assert total.satisfaction.high == pytest.approx(7.5 + 2.1314 * 0.5164 / 4, abs=1e-4)
    assert results.groups == {"Noord-Nederland": total}


@pytest.mark.parametrize(("freedom", "point"), [(9, 2.2622), (14, 2.1448), (29, 2.0452), (100, 1.9840), (1500, 1.9616)])
def test_the_interval_follows_students_table(freedom, point):
    assert _t(freedom) == pytest.approx(point, abs=1e-3)
    assert _t(10**9) == pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-5)
    assert _t(freedom) < inf


def test_an_interval_never_leaves_the_scale():
    mean = mean_of([10] * 11 + [1], 1, 10)

    assert mean.high == 10
    assert mean_of([10] * 12, 1, 10).low == 10


def test_a_group_under_ten_answers_shows_nothing():
    results = grouped(lines(*[8] * 9, None, None), Group.UNIT)

    assert results.total is None
    assert results.groups == {"Noord-Nederland": None}


def test_a_small_group_cannot_be_found_by_subtracting_the_others_from_the_total():
    told = lines(*[8] * 30, unit="Amsterdam") + lines(*[7] * 20, unit="Rotterdam") + lines(*[1] * 3, unit="Limburg")

    groups = grouped(told, Group.UNIT).groups

    assert groups["Limburg"] is None
    assert groups["Rotterdam"] is None, "it hides with the small one"
    assert groups["Amsterdam"].n == 30


def test_groups_without_any_answer_hide_nobody_else():
    told = lines(*[8] * 30, unit="Amsterdam") + lines(None, None, unit="Limburg")

    groups = grouped(told, Group.UNIT).groups

    assert groups["Limburg"] is None
    assert groups["Amsterdam"].n == 30


@pytest.mark.parametrize(
    ("group", "names"),
    [
        (Group.CRIME, ["fraud", "theft"]),
        (Group.KIND, ["bicycle-theft", "phishing"]),
        (Group.UNIT, ["Amsterdam", "Noord-Nederland"]),
        (Group.CHANNEL, ["desk", "online"]),
        (Group.MONTH, ["2016-07", "2016-08"]),
    ],
)
def test_answers_are_grouped_by_what_was_asked_for(group, names):
    other = lines(*[6] * 10, kind="phishing", unit="Amsterdam", channel=Channel.DESK, month="2016-08")

    assert list(grouped(lines(*[8] * 10) + other, group).groups) == names


def test_a_statement_that_few_answered_has_no_mean():
    told = [
        SurveyLine("bicycle-theft", "Limburg", Channel.ONLINE, "2016-07", Scores(satisfaction=8, understood=4 if n else None))
        for n in range(12)
    ]

    total = grouped(told, Group.UNIT).total

    assert (total.statements["understood"].n, total.statements["understood"].mean) == (11, 4)
    assert total.statements["easy_to_find"] is None


def test_results_cover_the_months_asked_for_and_no_others():
    surveys = FakeSurveys()
    for n in range(36):
        month = ("2016-12", "2017-01", "2017-02")[n % 3]
        answer = Answer(Scores(satisfaction=7), "", date(2017, 3, 1))
        surveys.add(
            Invitation(
                id=str(n),
                kind="bicycle-theft",
                unit="Limburg",
                channel=Channel.ONLINE,
                month=month,
                invited_on=date(2017, 3, 1),
                last_day=date(2017, 3, 31),
                answer=answer,
            )
        )

    results = actions.results("2016-12", "2017-01", Group.MONTH, surveys=surveys)

    assert list(results.groups) == ["2016-12", "2017-01"]
    assert results.total.n == 24


@pytest.mark.parametrize(("first", "last"), [("2016-08", "2016-07"), ("2016-01", "2018-01")])
def test_a_period_that_runs_backwards_or_too_long_is_refused(first, last):
    with pytest.raises(Invalid):
        actions.results(first, last, Group.UNIT, surveys=FakeSurveys())
