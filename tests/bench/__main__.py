"""`make bench`: imports, CPU per report, change, letter and page, requests per second of the stage; a JSON line at the end."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from tests.bench import cpu, desk, files, imports, letters, load, pages

DESIGN = {  # the figures of the design's experiments, CPU ms (stock Chalice + PynamoDB + boto3) and requests/s of the prototype
    "import_api_no_bytecode_ms": 940,
    "import_api_ms": 372,
    "import_stream_ms": 302,
    "file_ms": 1.46,
    "status_ms": 3.5,
    "letter_ms_batch_100": 7.3,
    "letter_ms_batch_1": 7.3,
    "entry_page_rps": 1075,
}


def main() -> None:
    """Run every bench and print a table."""
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
    figures = {
        **imports.measure(),
        **_in_a_process_of_its_own(cpu),
        **_in_a_process_of_its_own(letters),
        **_in_a_process_of_its_own(pages),
        **_in_a_process_of_its_own(files),
        **_in_a_process_of_its_own(desk),
        **load.measure(),
    }
    print(f"{'what':34} {'here':>10} {'design':>10}")
    for name, value in figures.items():
        print(f"{name:34} {value:>10} {_promised(name):>10}")
    print(json.dumps(figures))


def _promised(name: str) -> float | str:
    return DESIGN.get(name, pages.MOST_MS if name.startswith("page_") else "")


def _in_a_process_of_its_own(bench: ModuleType) -> dict[str, float]:
    """The stub stays in botocore once it is installed; so it gets a process of its own."""
    done = subprocess.run([sys.executable, "-m", bench.__name__], capture_output=True, text=True, check=True, cwd=Path.cwd())
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    main()
