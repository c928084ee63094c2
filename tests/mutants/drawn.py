"""`make mutants-drawn`: draw bugs from the code itself, run the tests that cover each, and show those that nobody noticed.

    python -m tests.mutants.drawn [ROOM …] [--drawn 200] [--seed 2016] [--all]

A room is a folder or file of chalicelib; without any, all that decides something or answers somebody. Which test runs which line
is measured once, and again when code or tests changed. The tests of a mutant run in one process, those of its line first and the
quick before the slow, and stop at the first failure. With --all the survivors meet the full product of values (`make test-all`)
too: what only that catches, the well-chosen values lost.

A survivor is not always a hole: some mutants cannot be told from the sound code (a limit that nobody reaches, an order that does
not matter). The reader of the list decides. Ends with a JSON line.
"""

import argparse
import ast
import difflib
import hashlib
import json
import os
import queue
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from tests.mutants.__main__ import AT_ONCE, FAILED, copied
from tests.mutants.operators import Mutant, mutants_of
from tests.mutants.planting import ROOT, named, sources

ROOMS = ("reports", "surveys", "identity", "login", "people", "forms", "drafts", "desk", "citizen", "web")
LEFT_OUT = ("browser", "deployed", "e2e", "crash", "bench", "simulation", "mutants")  # whole stages, and what measures
BUDGET_S = 60  # of the tests that a mutant meets at first, as they took when nothing was wrong; a survivor meets the others too
CALM_S = 20  # of tests that do not run the line itself: of the same function, or of what imports a table
PYTEST = (sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=no", "-rfE", "-p", "tests.mutants.covering")


@dataclass(frozen=True)
class Coverage:
    """Which tests run which line (a set of bits by `file:line`), and how long each took."""

    tests: list[tuple[str, float]]
    covered: dict[str, int]

    def of(self, mutant: Mutant, lines: Iterable[int]) -> list[str]:
        """Return the tests to run: those of the line, then of the function, then of the file, in all as much as the budget."""
        name = mutant.path.removeprefix("chalicelib/")
        near = self._of(name, range(mutant.line, mutant.end + 1))
        function = self._of(name, lines)
        users = 0 if near else self._of_users(mutant.path)
        return [*self._within(near, BUDGET_S), *self._within(function & ~near, CALM_S), *self._within(users & ~function, CALM_S)]

    def others(self, mutant: Mutant, besides: Collection[str]) -> list[str]:
        """Return all the other tests of the line."""
        near = self._of(mutant.path.removeprefix("chalicelib/"), range(mutant.line, mutant.end + 1))
        return [name for name in self._within(near, float("inf")) if name not in set(besides)]

    def _of_users(self, path: str) -> int:
        """Return the tests of a file and of those that import it, or that import these: a table is read when it is loaded."""
        imported, users = _imported(), {path}
        for _ in range(3):
            users |= {file for file, names in imported.items() if names & users}
            found = 0
            for file in users:
                found |= self._of(file.removeprefix("chalicelib/"), range(1, 1000))
            if found:
                return found
        return 0

    def _of(self, name: str, lines: Iterable[int]) -> int:
        found = 0
        for line in lines:
            found |= self.covered.get(f"{name}:{line}", 0)
        return found

    def _within(self, bits: int, seconds: float) -> list[str]:
        """Return the quickest test of every function first, then the others, until the time is up."""
        chosen = sorted((test for number, test in enumerate(self.tests) if bits >> number & 1), key=lambda test: test[1])
        first: dict[str, str] = {}
        for name, _ in chosen:
            first.setdefault(name.partition("[")[0], name)
        firsts, spent, kept = set(first.values()), 0.0, []
        for name, took in sorted(chosen, key=lambda test: (test[0] not in firsts, test[1])):
            spent += took
            if spent > seconds and kept:
                break
            kept.append(name)
        return kept


def main() -> int:
    """Draw, try and tell. 0 whatever survives: it is a measure, and no gate."""
    reader = argparse.ArgumentParser(prog="tests.mutants.drawn")
    reader.add_argument("rooms", nargs="*", default=ROOMS)
    reader.add_argument("--drawn", type=int, default=200)
    reader.add_argument("--seed", type=int, default=2016)
    reader.add_argument("--all", action="store_true", help="let survivors meet the whole product of values")
    reader.add_argument("--begin", type=int, default=0, help="at which of those drawn, after a run that was broken off")
    asked = reader.parse_args()
    began, code = time.monotonic(), sources()
    wanted = [
        path for path in code if any(path.startswith((f"chalicelib/{room}/", f"chalicelib/{room}.py")) for room in asked.rooms)
    ]
    every = [mutant for path in wanted for mutant in mutants_of(path, code[path])]
    random.Random(asked.seed).shuffle(every)  # noqa: S311 — drawn again the same
    drawn = list(islice((mutant for mutant in every if mutant.is_python), asked.drawn))[asked.begin :]
    with tempfile.TemporaryDirectory() as folder:
        benches: queue.Queue[Path] = queue.Queue()
        for number in range(AT_ONCE):
            benches.put(copied(Path(folder, str(number))))
        coverage = _coverage(Path(folder, "0"))
        limits = Path(folder, "limits.json")
        limits.write_text(json.dumps(dict(coverage.tests)), encoding="utf-8")
        print(f"{len(every)} mutants in {len(wanted)} files; {len(drawn)} drawn with seed {asked.seed}", flush=True)

        def tried(mutant: Mutant) -> tuple[str, str]:
            """Return the test that noticed, and the one that noticed with all values."""
            bench = benches.get()
            try:
                return _tried(mutant, code[mutant.path], bench, coverage, limits, whole=asked.all)
            finally:
                benches.put(bench)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = list(pool.map(tried, drawn))
    survived = sum(not noticed for noticed, _ in found)
    facts = {"drawn": len(drawn), "caught": len(drawn) - survived, "survived": survived}
    if asked.all:
        more = sum(bool(late) for _, late in found)
        facts |= {"caught_before": facts["caught"] + more, "caught_after": facts["caught"]}
    print(json.dumps(facts | {"seconds": round(time.monotonic() - began)}))
    return 0


def _tried(mutant: Mutant, sound: str, bench: Path, coverage: Coverage, limits: Path, *, whole: bool) -> tuple[str, str]:
    file = bench / mutant.path
    file.write_text(mutant.text, encoding="utf-8")
    _forget(file)
    try:
        tests = coverage.of(mutant, _lines_of(mutant, sound))
        noticed = run(tests, bench, limits)
        if not noticed and (others := coverage.others(mutant, tests)):
            noticed, tests = run(others, bench, limits), [*tests, *others]
        late = ""
        if whole and not noticed:
            late = run(_functions(tests), bench, limits, TESTS="all")
    finally:
        file.write_text(sound, encoding="utf-8")
        _forget(file)
    what = f"{mutant.path}:{mutant.line} {mutant.function}: {mutant.what}"
    if noticed:
        print(f"caught    {what}\n          {noticed}", flush=True)
    else:
        changed = difflib.unified_diff(sound.splitlines(), mutant.text.splitlines(), n=0, lineterm="")
        lines = "\n".join(f"          {line}" for line in list(changed)[3:])
        end = f"only with all values: {late}" if late else f"{len(tests)} tests ran"
        print(f"SURVIVED  {what} ({end})\n{lines}", flush=True)
    return noticed, late


def run(tests: Sequence[str], bench: Path, limits: Path, **more: str) -> str:
    """Run tests on a bench, and return the first that failed; empty when all passed, or when there are none."""
    if not tests:
        return ""
    names = bench / "tests.txt"
    names.write_text("\n".join(tests), encoding="utf-8")
    environment = {**os.environ, "LIMITS": str(limits), **more}
    command = [*PYTEST, "-x", "-p", "no:randomly", f"@{names}"]
    try:
        done = subprocess.run(command, cwd=bench, env=environment, capture_output=True, text=True, check=False, timeout=900)
    except subprocess.TimeoutExpired:
        return "no end"
    if done.returncode == 0:
        return ""
    if "not found:" in done.stderr and tests != _functions(tests):  # a changed table gives tests other names
        return run(_functions(tests), bench, limits, **more)
    return next(iter(FAILED.findall(done.stdout)), f"the tests could not be loaded (exit {done.returncode})")


def _functions(tests: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(test.partition("[")[0] for test in tests))


def _forget(file: Path) -> None:
    """Remove what Python compiled: a mutant may be as long as the sound code, and as old by the second."""
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
        compiled.unlink()


@cache
def _imported() -> dict[str, set[str]]:
    """Return which files each file of the portal imports."""
    code = sources()
    return {
        path: {each for each in code if f"{_module(each)} import" in text or _by_name(each, text)} for path, text in code.items()
    }


def _by_name(path: str, text: str) -> bool:
    """True when a text imports a module from its package: `from chalicelib.reports import actions`."""
    package, _, name = _module(path).rpartition(".")
    return bool(re.search(rf"^from {re.escape(package)} import .*\b{name}\b", text, re.MULTILINE))


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _lines_of(mutant: Mutant, sound: str) -> Iterable[int]:
    """Return the lines of the function that a mutant is in."""
    return _functions_of(sound).get(mutant.function, range(0))


@cache
def _functions_of(text: str) -> dict[str, range]:
    return {
        name: range(node.lineno, (node.end_lineno or node.lineno) + 1)
        for name, node in named(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    }


def _coverage(bench: Path) -> Coverage:
    """Measure which tests run which lines, or take what was measured before of the same code and tests."""
    kept = ROOT / "build" / "mutants" / f"{_digest(bench)}.json"
    if not kept.exists():
        print("measuring which test runs which line (some minutes)", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            ignored = [f"--ignore=tests/{each}" for each in LEFT_OUT]
            subprocess.run(
                [*PYTEST, "-n", str(AT_ONCE), *ignored],
                cwd=bench,
                env={**os.environ, "COVERED": folder},
                check=False,
                capture_output=True,
            )
            coverage = _merged(json.loads(file.read_text("utf-8")) for file in Path(folder).glob("*.json"))
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"tests": coverage.tests, "covered": {k: f"{v:x}" for k, v in coverage.covered.items()}}))
    content = json.loads(kept.read_text("utf-8"))
    return Coverage([(name, took) for name, took in content["tests"]], {k: int(v, 16) for k, v in content["covered"].items()})


def _merged(parts: Iterable[dict]) -> Coverage:
    """Return what the test processes measured as one; a test that failed with nothing wrong notices nothing."""
    tests: list[tuple[str, float]] = []
    covered: dict[str, int] = {}
    for part in parts:
        sound = sum(1 << number for number, (name, _) in enumerate(part["tests"]) if name not in part["failed"])
        for place, bits in part["covered"].items():
            covered[place] = covered.get(place, 0) | (int(bits, 16) & sound) << len(tests)
        tests += [(name, took) for name, took in part["tests"]]
    return Coverage(tests, covered)


def _digest(bench: Path) -> str:
    files = sorted(file for folder in ("chalicelib", "infra", "tests") for file in (bench / folder).rglob("*.py"))
    files = [file for file in files if file.parent.name != "mutants"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
