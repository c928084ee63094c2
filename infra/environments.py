"""`python -m infra.environments FOLDER LOCK`: make a virtual environment of what a lock names, and say how long that took.

Nothing is installed that the lock has no hash of, and no code of a package runs while it is installed: wheels only, and of npm no
scripts. Standard library only, as this runs before anything is installed. ADR-0033.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
ONLY_LOCKED = ("--require-hashes", "--no-deps", "--only-binary", ":all:")
_PINNED = re.compile(r"^[A-Za-z0-9][^ =;]*==", re.MULTILINE)
_OLDEST = (3, 11)


def install(python: str, folder: Path, lock: Path) -> Path:
    """Return the Python of the environment in `folder`, made anew unless it holds just this lock. Exits with a sentence."""
    inside = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = folder / f".locked-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if stamp.exists():
        return inside
    with _phase(f"Making {_shown(folder)}"):
        _run([python, "-m", "venv", "--clear", str(folder)], f"{python} cannot make a virtual environment.")
    with _phase(f"Installing {count(lock.read_text('utf-8'))} packages from {lock.name}"):
        asked = ["install", "--quiet", "--no-input", "--disable-pip-version-check", *ONLY_LOCKED, "-r", str(lock)]
        failed = f"What {lock.name} names could not be installed; nothing else was put in its place."
        _run([str(inside), "-m", "pip", *asked], failed)
    stamp.touch()
    return inside


def install_modules(folder: Path, lock: Path) -> Path:
    """Return `folder` with the modules of Node.js that a package-lock.json names, and no others. Exits with a sentence.

    `npm ci` takes what is locked, by its hash, and goes by the `.npmrc` beside the lock: no script of a package runs.
    """
    stamp = folder / f".locked-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if stamp.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(lock.with_name(name), folder)
    with _phase(f"Installing what {_shown(lock)} names"):
        failed = f"What {_shown(lock)} names could not be installed; nothing else was put in its place."
        _run(["npm", "ci", "--loglevel=error", "--prefix", str(folder)], failed)
    stamp.touch()
    return folder


def count(lock: str) -> int:
    """Return how many packages a lock names; one that differs between Pythons or systems counts once."""
    return len({line.rstrip("=") for line in _PINNED.findall(lock)})


def _shown(folder: Path) -> str:
    return str(folder.relative_to(ROOT)) if folder.is_absolute() and folder.is_relative_to(ROOT) else str(folder)


@contextmanager
def _phase(what: str) -> Iterator[None]:
    """Say what happens, and after it how long it took: minutes of silence look like a standstill."""
    print(f"{what} … ", end="", file=sys.stderr, flush=True)
    begun = time.monotonic()
    yield
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)


def _run(line: list[str], failed: str) -> None:
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603 — our own words
    if done.returncode:
        sys.exit(f"failed\n{(done.stderr or done.stdout).strip()}\n{failed}")


def main(arguments: list[str]) -> None:
    if sys.version_info < _OLDEST:
        sys.exit("Mijn Politie needs Python 3.11 or newer.")
    folder, lock = map(Path, arguments)
    install(sys.executable, folder, lock)


if __name__ == "__main__":
    main(sys.argv[1:])
