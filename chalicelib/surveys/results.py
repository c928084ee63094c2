"""The results of the answers, honestly: always with how many answered, how many were asked, and how sure the mean is. Pure.

A group under 10 answers shows nothing; and when what is left out could be found by subtracting from the total, the
smallest group shown is left out as well. The interval is Student's t, 95 %: fit for small groups, right for large ones.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import fmean, stdev

from chalicelib.reports.crimes import KINDS
from chalicelib.surveys.model import AGREE, DISAGREE, HIGHEST, LOWEST, STATEMENTS, SurveyLine

FEWEST = 10


class Group(StrEnum):
    """By what the answers are grouped."""

    CRIME = "crime"
    KIND = "kind"
    UNIT = "unit"
    CHANNEL = "channel"
    MONTH = "month"


_GROUP_OF: Mapping[Group, Callable[[SurveyLine], str]] = {
    Group.CRIME: lambda line: KINDS[line.kind].crime,
    Group.KIND: lambda line: line.kind,
    Group.UNIT: lambda line: line.unit,
    Group.CHANNEL: lambda line: line.channel.value,
    Group.MONTH: lambda line: line.month,
}


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over `n` answers, and the 95 % interval around it."""

    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Result:
    """The answers of one group. A statement that fewer than 10 answered has no mean."""

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
class Results:
    """The total, and each group by name; None where too few answered to show anything."""

    total: Result | None
    groups: Mapping[str, Result | None]


def grouped(lines: Sequence[SurveyLine], group: Group) -> Results:
    """Return the results of these invitations in total and per group, sorted by the group's name."""
    members: defaultdict[str, list[SurveyLine]] = defaultdict(list)
    for line in lines:
        members[_GROUP_OF[group](line)].append(line)
    hidden = _hidden({name: _answered(own) for name, own in members.items()})
    return Results(_result(lines), {name: None if name in hidden else _result(members[name]) for name in sorted(members)})


def mean_of(values: Sequence[int], lowest: int, highest: int) -> Mean | None:
    """Return mean and interval of at least 10 scores, None of fewer. The interval stays on the scale."""
    if len(values) < FEWEST:
        return None
    mean = fmean(values)
    margin = _t(len(values) - 1) * stdev(values) / sqrt(len(values))
    return Mean(len(values), mean, max(float(lowest), mean - margin), min(float(highest), mean + margin))


def _result(lines: Sequence[SurveyLine]) -> Result | None:
    scores = [line.scores for line in lines if line.scores]
    satisfaction = mean_of([score.satisfaction for score in scores], LOWEST, HIGHEST)
    if satisfaction is None:
        return None
    given = {name: [value for score in scores if (value := getattr(score, name)) is not None] for name in STATEMENTS}
    return Result(len(lines), satisfaction, {name: mean_of(values, DISAGREE, AGREE) for name, values in given.items()})


def _answered(lines: Sequence[SurveyLine]) -> int:
    return sum(line.scores is not None for line in lines)


def _hidden(answered: Mapping[str, int]) -> frozenset[str]:
    """Return the groups to leave out: those under 10 answers, and more while together they hold under 10 (but some)."""
    by_size = sorted(answered, key=lambda name: (answered[name], name))
    hidden = [name for name in by_size if answered[name] < FEWEST]
    for name in by_size[len(hidden) :]:
        if not 0 < sum(answered[one] for one in hidden) < FEWEST:
            break
        hidden.append(name)
    return frozenset(hidden)


_Z = 1.959964  # the normal distribution's 97.5 % point


def _t(freedom: int) -> float:
    """Return Student's 97.5 % point by Cornish and Fisher's expansion; from 9 degrees of freedom on right to 0.001."""
    z, v = _Z, freedom
    first = (z**3 + z) / (4 * v)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    return z + first + second + third
