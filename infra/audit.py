"""`make audit`: look whether a known vulnerability is in anything that is locked.

Ends with 1 when there is one, with 0 when there is none, and with 0 and a plain sentence when no database of them can be reached:
who works behind a mirror, or on a train, is not stopped; CI on the open internet is told.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from infra import environments, locks

DATABASES = ("pypi", "osv")  # the advisories of the Python package index, and of osv.dev: the first that answers
UNREACHED = "No database of known vulnerabilities can be reached from here: nothing was looked up. Try again where one can."
Ask = Callable[[str, str], str]


def look(lock: str, ask: Ask) -> tuple[bool, list[str]]:
    """Return whether all of a lock was looked up, and what was found, each in a sentence. `ask` returns pip-audit's JSON."""
    known: dict[str, list[str]] = {}
    names: set[str] = set()
    for database in DATABASES:
        answer = _read(ask(database, lock))
        names |= {each["name"] for each in answer}
        known |= {each["name"]: list(_found(lock, each)) for each in answer if "skip_reason" not in each}
        if names and names == set(known):
            return True, sorted({line for found in known.values() for line in found})
    return False, sorted({line for found in known.values() for line in found})


def _read(answer: str) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except ValueError:
        return []  # no answer at all
    return found


def _found(lock: str, package: dict[str, Any]) -> Iterator[str]:
    for each in package["vulns"]:
        mended = f"mended in {' and '.join(each['fix_versions'])}" if each["fix_versions"] else "not mended yet"
        yield f"{lock}: {package['name']} {package['version']} has {each['id']}, {mended}."


def _asked(database: str, lock: str) -> str:
    tools = environments.install(sys.executable, locks.ROOT / "build" / "tools", locks.ROOT / locks.lock_of(locks.TOOLS))
    options = ["--requirement", lock, "--require-hashes", "--disable-pip", "--vulnerability-service", database]
    quiet = ["--progress-spinner", "off", "--format", "json", "--timeout", "20"]
    line = [str(tools), "-m", "pip_audit", *options, *quiet]
    return subprocess.run(line, cwd=locks.ROOT, capture_output=True, text=True, check=False).stdout  # noqa: S603 — our own words


def main(ask: Ask = _asked) -> int:
    """Return what the process ends with."""
    looked = {lock: look(lock, ask) for lock in map(locks.lock_of, locks.REQUIREMENTS)}
    found = [line for _, lines in looked.values() for line in lines]
    print("\n".join(found) or "No known vulnerability was found.") if any(done for done, _ in looked.values()) or found else None
    for lock in (lock for lock, (done, _) in looked.items() if not done):
        print(f"{lock} was not looked up, or not all of it.")
    if not any(done for done, _ in looked.values()):
        print(UNREACHED)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
