"""The results of the answers about a month, honestly: with how many answered, how many were asked, how sure the mean is. Pure.

A month is counted when nobody can answer about it any more, in one way: by crime and police unit. Each answer is in one group
or in none, a group has at least ten, and there is no total beside them. So whoever has every number there is, of every month
and every day, can add groups up, and never take one apart (ADR-0046).

The interval is Student's t, 95 %: fit for small groups, right for large ones.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt
from statistics import fmean, stdev

from chalicelib.reports.crimes import KINDS
from chalicelib.surveys.model import AGREE, DISAGREE, HIGHEST, LOWEST, STATEMENTS, SurveyLine, closed_on

FEWEST = 10
OTHER = "other"  # the name of what is counted together
SHOWN_FOR = timedelta(days=4 * 365)  # and no longer: by five years the answers are forgotten, one after the other (ADR-0027)


class State(StrEnum):
    """Whether a month has results."""

    COUNTED = "counted"
    NOT_YET = "not_yet"
    TOO_FEW = "too_few"
    NO_LONGER = "no_longer"


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over `n` answers, and the 95 % interval around it."""

    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Result:
    """The answers of one group. A statement that fewer than 10 answered, or all alike, has no mean."""

    invited: int
    satisfaction: Mean
    statements: Mapping[str, Mean | None]

    @property
    def n(self) -> int:
        return self.satisfaction.n

    @property
    def response_rate(self) -> float:
        return self.n / self.invited


@dataclass(frozen=True, slots=True)
class Group:
    """The result of a crime in a police unit; OTHER is every one that has no group of its own."""

    crime: str
    unit: str
    result: Result


@dataclass(frozen=True, slots=True)
class Results:
    """The groups of a month, sorted by their names; none but for a month that is COUNTED."""

    month: str
    state: State
    groups: tuple[Group, ...] = ()


def state_of(month: str, on: date) -> State:
    """Return whether a month can be counted on a day, if enough answered."""
    closed = closed_on(month)
    if on < closed:
        return State.NOT_YET
    return State.COUNTED if on < closed + SHOWN_FOR else State.NO_LONGER


def counted(month: str, lines: Sequence[SurveyLine]) -> Results:
    """Return the results of a closed month from all its invitations."""
    crimes, rest = _pooled(_by([(KINDS[line.kind].crime, line) for line in lines]))
    groups = [group for crime in sorted(crimes) for group in _units(crime, crimes[crime])]
    groups += _group(OTHER, OTHER, rest)
    return Results(month, State.COUNTED if groups else State.TOO_FEW, tuple(groups))


def mean_of(values: Sequence[int], lowest: int, highest: int) -> Mean | None:
    """Return mean and interval of at least 10 scores that are not all alike, else None. The interval stays on the scale.

    Ten who all gave the same mark would each be known by it.
    """
    if len(values) < FEWEST or len(set(values)) == 1:
        return None
    mean = fmean(values)
    margin = _t(len(values) - 1) * stdev(values) / sqrt(len(values))
    return Mean(len(values), mean, max(float(lowest), mean - margin), min(float(highest), mean + margin))


Lines = list[SurveyLine]


def _units(crime: str, lines: Lines) -> list[Group]:
    units, rest = _pooled(_by([(line.unit, line) for line in lines]))
    return [each for unit in sorted(units) for each in _group(crime, unit, units[unit])] + _group(crime, OTHER, rest)


def _by(named: Sequence[tuple[str, SurveyLine]]) -> Mapping[str, Lines]:
    members: defaultdict[str, Lines] = defaultdict(list)
    for name, line in named:
        members[name].append(line)
    return members


def _pooled(groups: Mapping[str, Lines]) -> tuple[dict[str, Lines], Lines]:
    """Return the groups that stand alone, and all others as one; while that does not stand, the smallest that did joins it."""
    alone = {name: lines for name, lines in groups.items() if _satisfaction(lines)}
    rest = [line for name, lines in groups.items() if name not in alone for line in lines]
    while alone and _scores(rest) and not _satisfaction(rest):
        rest += alone.pop(min(alone, key=lambda name: (len(_scores(alone[name])), name)))
    return alone, rest


def _group(crime: str, unit: str, lines: Lines) -> list[Group]:
    satisfaction = _satisfaction(lines)
    if satisfaction is None:
        return []
    statements = {name: mean_of(_given(lines, name), DISAGREE, AGREE) for name in STATEMENTS}
    return [Group(crime, unit, Result(len(lines), satisfaction, statements))]


def _satisfaction(lines: Lines) -> Mean | None:
    return mean_of(_scores(lines), LOWEST, HIGHEST)


def _scores(lines: Lines) -> list[int]:
    return _given(lines, "satisfaction")


def _given(lines: Lines, name: str) -> list[int]:
    return [value for line in lines if line.scores and (value := getattr(line.scores, name)) is not None]


_Z = 1.959964  # the normal distribution's 97.5 % point


def _t(freedom: int) -> float:
    """Return Student's 97.5 % point by Cornish and Fisher's expansion; from 9 degrees of freedom on right to 0.001."""
    z, v = _Z, freedom
    first = (z**3 + z) / (4 * v)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    return z + first + second + third
