"""The population of reporters: who reports what, where, and what becomes of it, all decided before the replay starts.

Pure, with a fixed seed.

Proportions of the seed (police, 4 November 2016): 91,150 reports of theft or vandalism, 125,989 status mails (one on receipt,
34,839 for later changes), one invitation each, 1,500 answers with a mean of 7.6.
"""

import csv
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from chalicelib.citizen.following.schemas import example_of
from chalicelib.reports.crimes import KINDS

REPORTS, LATER_CHANGES, ANSWERS, MEAN_SCORE = 91_150, 34_839, 1_500, 7.6
DAYS = 62
SEED = 2016
_DATA = Path(__file__).parent / "data"

# Police crime type → kinds of the portal with their share, and the municipal series that its places follow.
_KINDS: Mapping[str, tuple[Mapping[str, float], str]] = {
    "1.2.3": ({"bicycle-theft": 0.93, "moped-theft": 0.07}, "CRI1122"),
    "1.2.1": ({"theft-from-car": 1.0}, "CRI1128"),
    "1.2.4": ({"pickpocketing": 1.0}, "CRI1133"),
    "2.5.2": ({"shop-theft": 1.0}, "CRI1137"),
    "1.6.2": ({"other-theft": 0.6, "electronics-theft": 0.4}, "0.0.0"),
    "2.2.1": (
        {"car-vandalism": 0.5, "object-vandalism": 0.25, "house-vandalism": 0.2, "graffiti": 0.05},
        "0.0.0",
    ),
}
# The work of officers, step by step; `ask` is answered before the next step. A report takes the first so many steps of one path.
_PATHS = (
    ("checked", "registered", "not_investigated", "reopened"),
    ("checked", "registered", "investigating", "with_prosecutor"),
    ("checked", "ask", "registered", "not_investigated"),
    ("ask", "checked", "registered", "investigating"),
    ("referred", "closed", "reopened", "investigating"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One report of the replay: who, what, when (days since 1 July), and the officers' steps with their days."""

    number: int
    bsn: str
    day: int
    body: dict[str, Any]
    steps: tuple[tuple[int, str], ...]
    score: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """All cases, and how many of everything must come out."""

    cases: tuple[Case, ...]
    later_changes: int
    answers: int

    def by_day(self) -> tuple[Mapping[int, Sequence[Case]], Mapping[int, Sequence[tuple[Case, int, str]]]]:
        """Return what happens on each day: the cases filed, and the steps taken as (case, number of the step, step)."""
        filed: defaultdict[int, list[Case]] = defaultdict(list)
        acted: defaultdict[int, list[tuple[Case, int, str]]] = defaultdict(list)
        for case in self.cases:
            filed[case.day].append(case)
            for number, (day, step) in enumerate(case.steps):
                acted[day].append((case, number, step))
        return filed, acted


def plan(count: int) -> Plan:
    """Return the plan for `count` reports: the same one every time."""
    chance = random.Random(SEED)  # noqa: S311 — a replay wants the same draw every time, not secrecy
    later_changes, answers = round(count * LATER_CHANGES / REPORTS), round(count * ANSWERS / REPORTS)
    lengths, scores = _lengths(count, later_changes, chance), _scores(count, answers, chance)
    cases = tuple(_case(number, count, lengths[number], scores.get(number), chance) for number in range(count))
    return Plan(cases, later_changes, answers)


def _case(number: int, count: int, length: int, score: int | None, chance: random.Random) -> Case:
    day = number * DAYS // count
    kind, series = draw_kind(chance)
    answers = (
        example_of(KINDS[kind])["answers"]
        | draw_person(chance)
        | {
            "municipality": draw_place(series, chance),
            "email": f"reporter-{number}@example.org",
            "story": f"Aangifte {number}: {example_of(KINDS[kind])['answers']['story']}",
            "damage": chance.randint(5, 2_000),
            "happenedFrom": f"2016-06-{chance.randint(10, 29)}T18:00:00Z",
        }
    )
    body = {"kind": kind, "answers": answers, "truth": True}
    days = sorted(day + later for later in chance.sample(range(1, 21), length))  # two on one day would be one mail
    return Case(number, chance.choice(_bsns()), day, body, tuple(zip(days, chance.choice(_PATHS), strict=False)), score)


def _lengths(count: int, total: int, chance: random.Random) -> list[int]:
    """Deal `total` steps out to the reports, none above the longest path."""
    lengths, most = [0] * count, len(_PATHS[0])
    while total:
        chosen = chance.randrange(count)
        if lengths[chosen] < most:
            lengths[chosen] += 1
            total -= 1
    return lengths


def _scores(count: int, answers: int, chance: random.Random) -> dict[int, int]:
    """Choose who answers, and scores from 5 to 10 whose mean is as near 7.6 as whole numbers allow."""
    scores = [7] * answers
    for index in range(round(answers * MEAN_SCORE) - sum(scores)):
        scores[index % answers] += 1
    for _ in range(answers):  # spread them: one up, one down
        up, down = chance.randrange(answers), chance.randrange(answers)
        if scores[up] < 10 and scores[down] > 5 and up != down:  # noqa: PLR2004
            scores[up], scores[down] = scores[up] + 1, scores[down] - 1
    return dict(zip(chance.sample(range(count), answers), scores, strict=True))


def draw_kind(chance: random.Random) -> tuple[str, str]:
    counts = {row["crime_code"]: int(row["count"]) for row in _rows("crimes-national-2016.csv")}
    code = chance.choices(list(_KINDS), [counts[code] for code in _KINDS])[0]
    shares, series = _KINDS[code]
    return chance.choices(list(shares), list(shares.values()))[0], series


def draw_place(series: str, chance: random.Random) -> str:
    codes, weights = _places(series)
    return chance.choices(codes, cum_weights=weights)[0]


@cache
def _places(series: str) -> tuple[list[str], list[int]]:
    rows = [row for row in _rows("crimes-by-municipality.csv") if row["crime_code"] == series]
    return [row["municipality_code"] for row in rows], list(accumulate(int(row["count"]) for row in rows))


def draw_person(chance: random.Random) -> dict[str, str]:
    name, address = chance.choice(_rows("names.csv")), chance.choice(_rows("addresses.csv"))
    return {
        "givenNames": name["given_names"],
        "familyName": name["family_name"],
        "street": address["street"],
        "houseNumber": address["house_number"],
        "postcode": address["postcode"],
        "city": address["city"],
    }


@cache
def _bsns() -> tuple[str, ...]:
    return tuple(row["bsn"] for row in _rows("test-bsn.csv"))


def bsns() -> Iterator[str]:
    """Yield the test numbers that cases draw from."""
    yield from _bsns()


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
