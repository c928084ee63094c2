"""`python -m infra.licences`: write docs/licences.md, the licence of everything that comes with the functions, transitive too.

The names and versions are those of requirements.lock, the licences what each package says of itself where it is installed.
ALLOWED is the whole policy: what is not in it, AGPL above all, stops here (ADR-0005).
"""

import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from infra import locks

PAGE = locks.ROOT / "docs" / "licences.md"
ALLOWED = frozenset(
    ("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "LGPL-2.1-or-later", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0"),
)
WORDS: Mapping[str, str] = {  # what packages say that do not say it in SPDX's words yet
    "Apache License 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",  # python-dateutil: what came before 2017 under the second alone
    "LGPL": "LGPL-2.1-or-later",
    "MIT License": "MIT",
    "MPLv2.0": "MPL-2.0",
}
ELSEWHERE: Mapping[str, str] = {"ansicon": "MPL-2.0"}  # of what is installed on other systems only
_ROW = re.compile(r"^\| (?P<name>[a-z0-9-]+) \| (?P<version>\S+) \| (?P<licence>[^|`]+) \|$", re.MULTILINE)
_HEAD = """# Licences of what comes with the functions

Everything that `requirements.lock` names: the libraries that we chose ([ADR-0005](adr/0005-runtime-dependencies.md)) and what
these need. Of some only a part is shipped ([ADR-0025](adr/0025-package.md)), and Chalice's own tools for deploying not at all.
Made by `python -m infra.licences`; a test compares. Nothing joins under a licence that is not listed below, never under the AGPL.
`make sbom` says the same in CycloneDX.

| package | version | licence |
|---|---|---|
"""


class NotAllowed(Exception):
    """A licence that is not in the policy, or that nobody can tell; the message is a sentence."""


def licence_of(name: str) -> str:
    """Return a package's licence in SPDX's words. Raises NotAllowed."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return checked(name, ELSEWHERE.get(name, "none that can be looked up here: it is not installed"))
    classes = [each.rpartition(":: ")[2] for each in said.get_all("Classifier") or () if each.startswith("License ::")]
    words = [*(said.get_all("License-Expression") or ()), *(said.get_all("License") or ()), *classes]
    known = (WORDS.get(each, each) for each in words if each)
    found = next((each for each in known if set(parts(each)) <= ALLOWED), None)
    return checked(name, found or "; ".join(each.partition("\n")[0] for each in words if each) or "none")


def checked(name: str, licence: str) -> str:
    """Return the licence. Raises NotAllowed when the policy does not have it."""
    if not set(parts(licence)) <= ALLOWED:
        raise NotAllowed(f"{name} has a licence that docs/adr/0005-runtime-dependencies.md does not allow: {licence}.")
    return licence


def parts(licence: str) -> list[str]:
    return re.split(r" (?:OR|AND) ", licence)


def page() -> str:
    """Return the page as it must stand. Raises NotAllowed."""
    lock = locks.read((locks.ROOT / locks.lock_of(locks.RUNTIME)).read_text(encoding="utf-8"))
    rows = [f"| {name} | {version} | {licence_of(name)} |" for name, found in sorted(lock.versions.items()) for version in found]
    return _HEAD + "\n".join(rows) + "\n"


def rows(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield name, version and licence of each row of the page."""
    yield from ((row["name"], row["version"], row["licence"]) for row in _ROW.finditer(text) if row["name"] != "package")


def main(target: Path = PAGE) -> None:
    try:
        target.write_text(page(), encoding="utf-8")
    except NotAllowed as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main()
