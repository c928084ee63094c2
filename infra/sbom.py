"""`make sbom`: write build/sbom.json, what comes with the functions, for a scanner: CycloneDX, with hashes and licences."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra import environments, licences, locks

FILE = locks.ROOT / "build" / "sbom.json"


def with_licences(bill: dict[str, Any], page: str) -> dict[str, Any]:
    """Return the bill with the licence that the page has for each package: a lock holds none."""
    known = {name: licence for name, _, licence in licences.rows(page)}
    components = [
        {**each, "licenses": [_licence(known[locks.canonical(each["name"])])]} for each in bill["components"]
    ]  # each is known: a test compares the page with the lock
    return {**bill, "components": components}


def _licence(words: str) -> dict[str, Any]:
    return {"expression": words} if len(licences.parts(words)) > 1 else {"license": {"id": words}}


def main(target: Path = FILE) -> None:
    tools = environments.install(sys.executable, locks.ROOT / "build" / "tools", locks.ROOT / locks.lock_of(locks.TOOLS))
    asked = ["requirements", "--pyproject", "pyproject.toml", "--output-reproducible", "-o", "-", locks.lock_of(locks.RUNTIME)]
    line = [str(tools.with_name("cyclonedx-py")), *asked]
    done = subprocess.run(line, cwd=locks.ROOT, capture_output=True, text=True, check=False)  # noqa: S603 — our own words
    if done.returncode:
        sys.exit(f"The list could not be made.\n{done.stderr.strip()}")
    bill = with_licences(json.loads(done.stdout), licences.PAGE.read_text(encoding="utf-8"))
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")
    print(f"{target.relative_to(locks.ROOT)}: {len(bill['components'])} packages of {locks.lock_of(locks.RUNTIME)}")


if __name__ == "__main__":
    main()
