"""`python -m tests.simulation`: so many lives of so many steps, on two processes; one JSON line, exit 1 when a rule broke.

`--seed N` lives one life and tells it as plain lines; with `--shrink` only the steps that its first break needs.
"""

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter

from tests.simulation.run import Life, lived, replayed, shrunk

SHOWN = 12


def main(arguments: argparse.Namespace) -> int:
    if arguments.seed is not None:
        return one(arguments.seed, arguments.steps, arguments.rule, shrink=arguments.shrink)
    return many(range(arguments.first, arguments.first + arguments.seeds), arguments.steps)


def one(seed: int, steps: int, rule: str, *, shrink: bool) -> int:
    """Tell one life."""
    life = lived(seed, steps, tell=not shrink)
    broken = [each.rule for each in life.broken if each.rule.startswith(rule)]
    if shrink and broken:
        life = replayed(seed, shrunk(seed, life.steps, broken[0]), tell=True)
    print("\n".join(life.story))
    print(
        json.dumps(
            {"seed": seed, "steps": len(life.steps), "mails": life.mails, "broken": sorted({each.rule for each in life.broken})}
        )
    )
    return 1 if broken else 0


def many(seeds: range, steps: int) -> int:
    """Live many lives, and tell which broke a rule."""
    began, total, broken = time.monotonic(), Counter[str](), 0
    with multiprocessing.Pool(2) as pool:
        lives = pool.imap_unordered(_summed, ((seed, steps) for seed in seeds), chunksize=4)
        for number, (seed, counts, rules) in enumerate(lives, 1):
            total.update(counts)
            broken += bool(rules)
            for rule, detail in rules if broken <= SHOWN else ():
                print(f"seed {seed}: {rule}: {detail}", file=sys.stderr)
            if number % 20 == 0 and sys.stderr.isatty():
                print(f"\r{number} of {len(seeds)} lives", end="", file=sys.stderr, flush=True)
    seconds = round(time.monotonic() - began)
    print(json.dumps({"seeds": len(seeds), "steps": len(seeds) * steps, **total, "broken": broken, "seconds": seconds}))
    return 1 if broken else 0


def _summed(asked: tuple[int, int]) -> tuple[int, dict[str, int], list[tuple[str, str]]]:
    life: Life = lived(*asked)
    counts = {name: getattr(life, name) for name in ("mails", "calls", "crashes", "faults", "nested")}
    return life.seed, counts, list({each.rule: each.detail for each in reversed(life.broken)}.items())


def _read() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    reader.add_argument("--seeds", type=int, default=1_000)
    reader.add_argument("--steps", type=int, default=1_000)
    reader.add_argument("--first", type=int, default=0, help="the first seed")
    reader.add_argument("--seed", type=int, help="live this one life, and tell it")
    reader.add_argument("--shrink", action="store_true", help="tell only the steps that its first break needs")
    reader.add_argument("--rule", default="", help="the break of this rule")
    return reader.parse_args()


if __name__ == "__main__":
    sys.exit(main(_read()))
