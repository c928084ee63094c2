"""`python -m infra.deploy.interpreter`: print a Python of the functions' version with all that a deploy needs, made if need be.

Chalice takes the runtime of the functions from the interpreter that runs it. Standard library only: any Python 3.11 runs this.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra import environments

RUNTIME = (3, 13)
VERSION = ".".join(map(str, RUNTIME))
NONE = (
    f"The functions run on Python {VERSION}, and this machine has none. "
    f"Install it, or say where it is: RUNTIME_PYTHON=/path/to/python{VERSION}"
)
ROOT = Path(__file__).parents[2]
_NEEDED = "requirements.lock"  # what the functions run with; PyYAML, which reads the template, is in it for Chalice
_ASK = "import sys; print('%d.%d' % sys.version_info[:2])"


def found() -> str | None:
    """Return a Python of the functions' version, None when this machine has none."""
    for candidate in _candidates():
        try:
            said = subprocess.run([candidate, "-c", _ASK], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
        except OSError:
            continue
        if said == VERSION:
            return candidate
    return None


def find() -> str:
    """Return a Python of the functions' version. Exits with a sentence when this machine has none."""
    python = found()
    if python is None:
        sys.exit(NONE)
    return python


def environment(folder: Path, lock: str) -> Path:
    """Return the Python of a virtual environment of just what `lock` names, made in `folder` once, and again when it changed."""
    return environments.install(find(), folder, ROOT / lock)


def deploying() -> Path:
    """Return the Python that deploys."""
    return environment(ROOT / "build" / "deploy", _NEEDED)


def _candidates() -> Iterator[str]:
    if os.environ.get("RUNTIME_PYTHON"):
        yield os.environ["RUNTIME_PYTHON"]
    yield sys.executable
    yield f"python{VERSION}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    yield from map(str, sorted(pyenv.glob(f"{VERSION}*/bin/python"), reverse=True))


if __name__ == "__main__":
    print(deploying())
