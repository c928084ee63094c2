"""The cost of starting: CPU of a process that imports app.py and loads areas, as the API's function and as the stream's."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROUNDS = 7
_FIRST_LETTER = (  # what the stream function loads at its first letter; app.py alone would look cheaper than it is
    "import botocore.session, jinja2; "
    "from chalicelib.letters import ledger, mailer, render, stream; from chalicelib.reports import store"
)
_ALL_AREAS = "import app; app.app.load()"


def measure() -> dict[str, float]:
    """Return medians in CPU ms, interleaved; each includes the interpreter's own start (`bare_python_ms`)."""
    variants = {
        "bare_python_ms": ("", "pass", True),
        "import_api_no_bytecode_ms": ("app.app", _ALL_AREAS, False),
        "import_api_ms": ("app.app", _ALL_AREAS, True),
        "import_pages_ms": ("app.app", "import app; app.app.load('')", True),
        "import_stream_ms": ("app.on_report_changed", f"import app; {_FIRST_LETTER}", True),
    }
    with tempfile.TemporaryDirectory() as cold:
        for handler, code, _ in variants.values():
            _run(handler, code, {})  # write the bytecode
        seconds: dict[str, list[float]] = {name: [] for name in variants}
        for number in range(ROUNDS):
            for name, (handler, code, cached) in variants.items():
                empty = {"PYTHONPYCACHEPREFIX": f"{cold}/{number}", "PYTHONDONTWRITEBYTECODE": "1"}
                seconds[name].append(_run(handler, code, {} if cached else empty))
    return {name: round(statistics.median(values) * 1000) for name, values in seconds.items()}


def _run(handler: str, code: str, extra: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "_HANDLER": handler or "app.app", **extra}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
