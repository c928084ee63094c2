"""Somebody who has every number of the survey that can be had tries to find what fewer than ten people answered.

The attacker asks everything: every month, every day, every grouping, before and after each answer. They know how groups are
named, and in which kind, unit and month each answer was given, but not what it says. Each number that is shown is an equation: so
many answers of these cells have this sum. Linear algebra finds all that follows from the equations. Nothing of the rules of
`surveys/results.py` is used here, and the attack finds the people whom the rules of before gave away.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from chalicelib.core.clock import day_of
from chalicelib.core.errors import Gone
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Channel
from chalicelib.surveys import actions
from chalicelib.surveys.model import Answer, Invitation, Scores
from chalicelib.surveys.results import mean_of
from tests.support.fakes_letters import FakeSurveys

MONTHS = ("2016-05", "2016-06", "2016-07", "2016-08")
OF_KIND = ("bicycle-theft", "shop-theft", "phishing", "house-vandalism")
UNITS = ("Amsterdam", "Limburg", "Rotterdam", "Den Haag")
FEWEST = 10


@dataclass(frozen=True)
class Cell:
    """The people of whom the attacker can tell all but the answer."""

    month: str
    kind: str
    unit: str
    channel: Channel

    @property
    def crime(self):
        return KINDS[self.kind].crime


def invited(random):
    """A few hundred invitations: some cells large, many small, most of them answered."""
    surveys, number = FakeSurveys(), 0
    for month in MONTHS:
        for kind in OF_KIND:
            for unit in UNITS:
                for channel in Channel:
                    for _ in range(random.choice((0, 0, 1, 2, 3, 5, 9, 14))):
                        number += 1
                        answered = random.random() < 0.8
                        scores = Scores(satisfaction=random.randint(1, 10), understood=random.choice((None, 1, 2, 3, 4, 5)))
                        first = date.fromisoformat(f"{month}-20")
                        surveys.add(
                            Invitation(
                                id=str(number),
                                kind=kind,
                                unit=unit,
                                channel=channel,
                                month=month,
                                invited_on=first,
                                last_day=first + timedelta(days=30),
                                answer=Answer(scores, "", first) if answered else None,
                            )
                        )
    return surveys


def cells_of(surveys):
    """How many answers each cell holds: what the attacker is assumed to know."""
    known = {}
    for one in surveys.invitations.values():
        cell = Cell(one.month, one.kind, one.unit, one.channel)
        known[cell] = known.get(cell, 0) + (one.answer is not None)
    return {cell: number for cell, number in known.items() if number}


def shown_now(surveys, clock):
    """Every group of every month, as the cells that the attacker understands it to hold."""
    known, found = cells_of(surveys), []
    for month in MONTHS:
        groups = actions.results(month, surveys=surveys, clock=clock).groups
        taken = set()
        for group in sorted(groups, key=lambda one: ((one.crime == "other"), (one.unit == "other"))):  # named groups first
            held = {
                cell
                for cell in known
                if cell.month == month and group.crime in (cell.crime, "other") and group.unit in (cell.unit, "other")
            } - taken
            taken |= held
            assert sum(known[cell] for cell in held) == group.result.n, "the attacker understands the groups"
            found.append((frozenset(held), group.result.n, round(group.result.satisfaction.mean, 2)))
    return found


def given_away(equations, known):
    """Return a group of one to nine answers whose sum follows from the equations, None when there is none.

    Cells that always come together cannot be told apart: they are one unknown. A group is found when its indicator is a
    combination of the equations', or one number less another.
    """
    shown = {cells for cells, *_ in equations}
    differences = (whole - part for whole in shown for part in shown if part < whole)
    if small := next((cells for cells in differences if 0 < sum(known[cell] for cell in cells) < FEWEST), None):
        return sorted(small, key=str)
    rows = [set(cells) for cells in shown]
    signature = {cell: tuple(number for number, row in enumerate(rows) if cell in row) for cell in known}
    classes = sorted({one for one in signature.values() if one})
    sizes = {one: sum(known[cell] for cell in known if signature[cell] == one) for one in classes}
    place = {one: number for number, one in enumerate(classes)}
    matrix = [[Fraction(int(number in one)) for one in classes] for number in range(len(rows))]
    for row in reduced(matrix):
        held = [one for one in classes if row[place[one]]]
        size = sum(sizes[one] for one in held)
        if {row[place[one]] for one in held} == {1} and 0 < size < FEWEST:
            return [cell for cell in known if signature[cell] in held]
    return None


def reduced(matrix):
    """Return the rows that are not zero of the reduced echelon form."""
    rows, rank = [list(row) for row in matrix], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((number for number in range(rank, len(rows)) if rows[number][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        rows[rank] = [value / rows[rank][column] for value in rows[rank]]
        for number, row in enumerate(rows):
            if number != rank and row[column]:
                rows[number] = [a - row[column] * b for a, b in zip(row, rows[rank], strict=True)]
        rank += 1
    return rows[:rank]


@pytest.mark.parametrize("seed", range(12))
def test_from_every_number_of_every_month_and_day_nobody_finds_what_fewer_than_ten_answered(seed, clock):
    random = Random(seed)  # noqa: S311 — data for a test
    surveys, seen = invited(random), []

    for _ in range(9):  # July 2016 to January 2017: months close one after the other, and people answer meanwhile
        for waiting in random.sample([one for one in surveys.invitations.values() if one.answer is None], 5):
            try_to_answer(surveys, waiting, day_of(clock.now()))
        seen += shown_now(surveys, clock)
        clock.advance(timedelta(days=25))

    assert len({cells for cells, *_ in seen}) > 4, "there are results to attack"
    assert given_away(seen, cells_of(surveys)) is None
    assert len(set(seen)) == len({cells for cells, *_ in seen}), "what was shown once is shown the same ever after"


def try_to_answer(surveys, invitation, on):
    try:
        surveys.answer(invitation.id, Answer(Scores(satisfaction=1), "", on), key="k")
    except Gone:
        return


def as_before(surveys, *, fewest=FEWEST):
    """The results of before issue 12: any period, five groupings, a total, and of each number whether it may be shown alone."""
    known, found = cells_of(surveys), []
    for first in range(len(MONTHS)):
        for last in range(first, len(MONTHS)):
            period = [cell for cell in known if cell.month in MONTHS[first : last + 1]]
            for name in ("crime", "kind", "unit", "channel", "month"):
                groups = {}
                for cell in period:
                    groups.setdefault(getattr(cell, name), []).append(cell)
                sizes = {group: sum(known[cell] for cell in cells) for group, cells in groups.items()}
                hidden = [group for group in sorted(sizes, key=sizes.__getitem__) if sizes[group] < fewest]
                for group in sorted(sizes, key=sizes.__getitem__)[len(hidden) :]:
                    if not 0 < sum(sizes[one] for one in hidden) < fewest:
                        break
                    hidden.append(group)
                found += [(frozenset(cells), sizes[group], 0.0) for group, cells in groups.items() if group not in hidden]
            found.append((frozenset(period), 0, 0.0))
    return found


def test_the_attack_finds_the_people_whom_the_results_of_before_gave_away():
    worlds = [invited(Random(seed)) for seed in range(12)]  # noqa: S311 — likewise

    caught = [given_away(as_before(surveys), cells_of(surveys)) for surveys in worlds]

    assert sum(group is not None for group in caught) > 3


def test_the_attack_finds_a_group_of_nine_that_is_shown():
    cell = Cell("2016-07", "phishing", "Limburg", Channel.ONLINE)

    assert given_away([(frozenset({cell}), 9, 6.5)], {cell: 9}) == [cell]
    assert given_away([(frozenset({cell}), 10, 6.5)], {cell: 10}) is None


def test_three_answers_of_august_were_the_difference_of_two_periods(clock):
    """The example that the issue names: July and August together show 59, July alone 56, August nothing."""
    surveys = FakeSurveys()
    for number in range(59):
        month = "2016-07" if number < 56 else "2016-08"
        told = Answer(Scores(satisfaction=5 + number % 4), "", date(2016, 9, 1))
        surveys.add(
            Invitation(
                id=str(number),
                kind="bicycle-theft",
                unit="Limburg",
                channel=Channel.ONLINE,
                month=month,
                invited_on=date(2016, 9, 1),
                last_day=date(2016, 9, 30),
                answer=told,
            )
        )
    clock.advance(timedelta(days=400))

    assert given_away(as_before(surveys), cells_of(surveys)) == [Cell("2016-08", "bicycle-theft", "Limburg", Channel.ONLINE)]
    assert [n for _, n, _ in shown_now(surveys, clock)] == [56]


def test_the_rule_of_the_mean_and_of_the_attack_are_the_same_ten():
    assert mean_of([7, 8] * 5, 1, 10).n == FEWEST
    assert mean_of([7, 8, 9] * 3, 1, 10) is None
