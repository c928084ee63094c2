"""Honest results: always with how many, one grouping of a closed month, and nothing about a group that is too small."""

from datetime import date
from math import inf
from statistics import NormalDist

import pytest

from chalicelib.reports.events import Channel
from chalicelib.surveys.model import Scores, SurveyLine, closed_on, counted_in
from chalicelib.surveys.results import OTHER, SHOWN_FOR, State, _t, counted, mean_of, state_of

MONTH = "2016-07"


def lines(*satisfactions, kind="bicycle-theft", unit="Noord-Nederland", channel=Channel.ONLINE):
    """One line per invitation; None is one without an answer."""
    return [SurveyLine(kind, unit, channel, MONTH, Scores(satisfaction=s) if s else None) for s in satisfactions]


def sizes(told):
    """The number of answers of each group, by its names."""
    return {(group.crime, group.unit): group.result.n for group in counted(MONTH, told).groups}


def test_a_result_says_how_many_were_asked_how_many_answered_and_how_sure_the_mean_is():
    [group] = counted(MONTH, lines(*[7, 8] * 8, *[None] * 16)).groups

    result = group.result
    assert (group.crime, group.unit) == ("theft", "Noord-Nederland")
    assert (result.n, result.invited, result.response_rate) == (16, 32, 0.5)
    assert result.satisfaction.mean == 7.5
    assert result.satisfaction.low == pytest.approx(7.5 - 2.1314 * 0.5164 / 4, abs=1e-4)
    assert result.satisfaction.high == pytest.approx(7.5 + 2.1314 * 0.5164 / 4, abs=1e-4)


@pytest.mark.parametrize(("freedom", "point"), [(9, 2.2622), (14, 2.1448), (29, 2.0452), (100, 1.9840), (1500, 1.9616)])
def test_the_interval_follows_students_table(freedom, point):
    assert _t(freedom) == pytest.approx(point, abs=1e-3)
    assert _t(10**9) == pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-5)
    assert _t(freedom) < inf


def test_an_interval_never_leaves_the_scale():
    mean = mean_of([10] * 11 + [1], 1, 10)

    assert mean.high == 10
    assert mean_of([1] * 11 + [10], 1, 10).low == 1


def test_a_month_in_which_fewer_than_ten_answered_has_no_results():
    results = counted(MONTH, lines(*[8, 7, 6] * 3, None, None))

    assert (results.state, results.groups) == (State.TOO_FEW, ())


def test_ten_who_gave_the_same_mark_are_not_shown_because_each_would_be_known():
    assert counted(MONTH, lines(*[10] * 30)).state is State.TOO_FEW
    assert sizes(lines(*[10] * 12, unit="Limburg") + lines(*[7, 8] * 6, unit="Amsterdam")) == {("theft", OTHER): 24}


def test_a_small_unit_is_counted_with_the_smallest_that_could_stand_alone():
    told = lines(*[8, 7] * 15, unit="Amsterdam") + lines(*[7, 6] * 10, unit="Rotterdam") + lines(1, 2, 1, unit="Limburg")

    assert sizes(told) == {("theft", "Amsterdam"): 30, ("theft", OTHER): 23}


def test_small_units_that_are_ten_together_take_no_other_along():
    small = lines(*[4, 5, 6] * 2, unit="Limburg") + lines(*[4, 5] * 2, unit="Den Haag")

    assert sizes(lines(*[8, 7] * 15, unit="Amsterdam") + small) == {("theft", "Amsterdam"): 30, ("theft", OTHER): 10}


def test_a_unit_in_which_nobody_answered_hides_nobody_else():
    told = lines(*[8, 7] * 15, unit="Amsterdam") + lines(None, None, unit="Limburg")

    assert sizes(told) == {("theft", "Amsterdam"): 30}


def test_a_small_crime_is_counted_with_the_smallest_that_could_stand_alone():
    told = lines(*[8, 7] * 15) + lines(*[7, 6] * 10, kind="house-vandalism") + lines(1, 2, 3, kind="phishing")

    assert sizes(told) == {("theft", "Noord-Nederland"): 30, (OTHER, OTHER): 23}


def test_a_crime_of_which_every_unit_is_small_has_one_group():
    told = lines(*[8, 7, 6] * 2, unit="Amsterdam") + lines(*[8, 7] * 3, unit="Limburg")

    assert sizes(told) == {("theft", OTHER): 12}


def test_a_statement_that_few_answered_or_all_alike_has_no_mean():
    told = [
        SurveyLine(
            "bicycle-theft",
            "Limburg",
            Channel.ONLINE,
            MONTH,
            Scores(satisfaction=7 + n % 2, understood=3 + n % 2 if n else None, taken_seriously=5),
        )
        for n in range(12)
    ]

    [group] = counted(MONTH, told).groups

    statements = group.result.statements
    assert statements["understood"].n == 11
    assert statements["easy_to_find"] is None
    assert statements["taken_seriously"] is None


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2016, 7, 31), State.NOT_YET),
        (date(2016, 10, 30), State.NOT_YET),
        (date(2016, 10, 31), State.COUNTED),
        (date(2016, 10, 31) + SHOWN_FOR, State.NO_LONGER),
    ],
)
def test_a_month_is_counted_from_the_day_on_which_nobody_can_answer_about_it_until_answers_are_forgotten(on, state):
    assert state_of(MONTH, on) is state


@pytest.mark.parametrize(
    ("filed_on", "open_until", "month"),
    [
        (date(2016, 7, 31), date(2016, 10, 29), "2016-07"),
        (date(2016, 7, 31), date(2016, 10, 30), "2016-07"),
        (date(2016, 7, 31), date(2016, 10, 31), "2016-08"),
        (date(2016, 7, 1), date(2017, 5, 1), "2017-01"),
        (date(2016, 12, 31), date(2017, 1, 30), "2016-12"),
    ],
)
def test_whoever_is_invited_very_late_is_counted_with_a_month_that_is_still_open(filed_on, open_until, month):
    assert counted_in(filed_on, open_until) == month
    assert open_until < closed_on(month)
