"""`make mutants`: plant each bug in a copy of the project, run the tests that should notice, and say which one did.

Ends with a JSON line: how many were planted, how many were caught, and how long it took. Fails when one was not caught, or when
the tests fail without any bug.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.bugs import BUGS
from tests.mutants.planting import ROOT, Bug, planted, sources

COPIED = ("chalicelib", "infra", "tests", "docs", "app.py", "pyproject.toml", ".chalice")
AT_ONCE = 2
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?::[^\s\[]+)", re.MULTILINE)


def main() -> int:
    """Plant the bugs whose number, or a word of whose place, is named on the command line, or all of them."""
    wanted = sys.argv[1:]
    bugs = [
        bug for number, bug in enumerate(BUGS, 1) if not wanted or any(w in (str(number), *bug.within.split(".")) for w in wanted)
    ]
    began = time.monotonic()
    if noticed := tested(None, sorted({test for bug in bugs for test in bug.tests})):
        print(f"without any bug this fails: {noticed}")
        return 1
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda bug: _shown(bug, tested(bug, bug.tests)), bugs))
    caught = sum(map(bool, found))
    print(json.dumps({"planted": len(bugs), "caught": caught, "seconds": round(time.monotonic() - began)}))
    return 0 if caught == len(bugs) else 1


def tested(bug: Bug | None, tests: "list[str] | tuple[str, ...]") -> str:
    """Run tests on a copy of the project with a bug in it (or none), and return the first that failed; empty when all passed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder))
        if bug:
            path, text = planted(bug, sources(copy))
            (copy / path).write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "--tb=no", "-rfE", *tests]
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    names = FAILED.findall(done.stdout)
    return names[0] if names else f"the tests could not start (exit {done.returncode})"


def copied(folder: Path) -> Path:
    """Copy what the tests need of the project to a folder, and return that."""
    folder.mkdir(exist_ok=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.png"))
        elif source.exists():
            shutil.copy(source, folder / name)
    return folder


def _shown(bug: Bug, noticed: str) -> str:
    print(f"{'caught' if noticed else 'MISSED'}  {bug.what}\n        {noticed}", flush=True)
    return noticed


if __name__ == "__main__":
    sys.exit(main())
