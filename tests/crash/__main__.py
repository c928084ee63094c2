"""`python -m tests.crash [RUNS]`: run the matrix, or so much of it (0: all); print one JSON line. Exit 1 when a promise broke."""

import json
import logging
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product

from infra.memory.wire import Fault
from tests.crash.scenarios import SCENARIOS
from tests.crash.world import World

RUNS = 30_000  # of a million: every single fault, and an even draw of the pairs; six minutes on two cores. 0 is all of them
LATE_CALLS = 4  # beyond those of a run without faults: what only happens after one
Plan = tuple[str, bool, tuple[tuple[int, Fault], ...]]
_worlds: list[tuple[World, dict]] = []


def plans(calls: dict[str, int]) -> Iterator[Plan]:
    """Yield every plan: of each scenario each call broken in each way, heard of by receipts or not, and every two of them."""
    for name, count in calls.items():
        sites = range(count + LATE_CALLS)
        for hears, site, fault in product((True, False), sites, Fault):
            yield name, hears, ((site, fault),)
        for pair, kinds in product(combinations(sites, 2), product(Fault, repeat=2)):
            yield name, True, tuple(zip(pair, kinds, strict=True))


def chosen(everything: Sequence[Plan], most: int) -> list[Plan]:
    """Return at most so many plans: all with one fault as far as they go, then those with two, drawn evenly, always the same."""
    chance = random.Random(2016)  # noqa: S311 — a draw to repeat, no secret
    one = [plan for plan in everything if len(plan[2]) == 1]
    two = [plan for plan in everything if len(plan[2]) == 2]
    singles = one if len(one) <= most // 2 else chance.sample(one, most // 2)
    return singles + chance.sample(two, min(len(two), most - len(singles)))


def world() -> tuple[World, dict]:
    """Return this process's world, and the state in which each scenario begins."""
    if not _worlds:
        logging.getLogger("mijn_politie").setLevel(logging.CRITICAL)
        made = World()
        empty, states = made.snapshot(), {}
        for name, scenario in SCENARIOS.items():
            made.restore(empty)
            made.hears, made.bounces = True, frozenset()
            made.cloud.begin({})
            scenario.prepare(made)
            states[name] = (made.snapshot(), made.bounces)
        _worlds.append((made, states))
    return _worlds[0]


def run(plan: Plan) -> tuple[Plan, dict[str, int]]:
    """Run one plan, and return what came out."""
    (name, hears, faults), (made, states) = plan, world()
    state, made.bounces = states[name]
    made.restore(state)
    verdict = made.run(SCENARIOS[name].act, dict(faults), hears=hears)
    return plan, {field: getattr(verdict, field) for field in verdict.__slots__}


def calls() -> dict[str, int]:
    """Return how many calls each scenario makes when nothing breaks. Raises AssertionError if even that goes wrong."""
    counted = {}
    for name in SCENARIOS:
        _, found = run((name, True, ()))
        assert not any(found[promise] for promise in PROMISES), (name, found)
        counted[name] = world()[0].cloud.number + 1
    return counted


def summary(results: Iterable[tuple[Plan, dict[str, int]]]) -> tuple[dict[str, int], list[Plan]]:
    """Add up what came out, and return the plans that broke the promise. Runs in which a fault met no call do not count."""
    total: Counter[str] = Counter(dict.fromkeys(NAMES, 0))
    broken = []
    for plan, found in results:
        _, hears, faults = plan
        if found["struck"] < len(faults):
            continue
        after = "" if hears else "_no_receipts"
        total["runs"] += 1
        for name in PROMISES:
            total[name + after] += found[name]
        if not hears:
            total["crashes_no_receipts"] += found["crashes"]
            total["flagged_no_receipts"] += found["flagged"]
        is_whole = found["lost"] == found["stuck"] == found["wrong"] == 0
        kept = is_whole and found["flagged"] == found["doubled"] <= (0 if hears else len(faults))
        if not kept:
            broken.append(plan)
    return dict(total), broken


PROMISES = ("lost", "doubled", "stuck", "wrong")  # what must not be
NAMES = ("runs", *PROMISES, *(f"{promise}_no_receipts" for promise in PROMISES))


def main(most: int) -> int:
    began = time.monotonic()
    everything = list(plans(calls()))
    some = chosen(everything, most) if most else everything
    with multiprocessing.Pool(2) as pool:
        total, broken = summary(pool.imap_unordered(run, some, chunksize=50))
    print(json.dumps({**total, "broken": len(broken), "plans": len(everything), "seconds": round(time.monotonic() - began)}))
    for plan in broken[:20]:
        print(plan, file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
