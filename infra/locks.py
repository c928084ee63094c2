"""`python -m infra.locks`: lock what is installed, transitive too, by hash, for every Python from 3.11 on. `make lock`. ADR-0033.

REQUIREMENTS are written by hand, each pinned; uv, itself locked, writes a lock beside each. A lock carries a fingerprint of what
it was made of: `problems` says in sentences what is wrong, and a house test asks it.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from infra import environments

ROOT = environments.ROOT
RUNTIME, DEV, EMULATOR, TOOLS = "requirements.txt", "requirements-dev.txt", "requirements-emulator.txt", "requirements-tools.txt"
CLIENTS = "requirements-clients.txt"
REQUIREMENTS = (RUNTIME, DEV, EMULATOR, TOOLS, CLIENTS)
WITHIN = {DEV: RUNTIME}  # what the first locks, it locks at the versions of the second
OLDEST = "3.11"
_PIN = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==(?P<version>[A-Za-z0-9.!+_-]+)(?: *;(?P<marker>.*))?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
_PLACE = re.compile(r"://|file:|--(?:extra-)?index-url|--find-links|^-[if]\b| @ ", re.MULTILINE)
_MADE_OF = "# Made of: sha256:"


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock as it was read: the versions of each name (one, or one for each marker), and what is wrong with its lines."""

    versions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    made_of: str = ""
    wrong: tuple[str, ...] = ()


def lock_of(requirements: str) -> str:
    return requirements.removesuffix(".txt") + ".lock"


def problems(folder: Path = ROOT) -> list[str]:
    """Return what is not locked as it must be, each in a sentence; an empty list is what there should be."""
    found: list[str] = []
    locks: dict[str, Lock] = {}
    for requirements in REQUIREMENTS:
        name = lock_of(requirements)
        if not (folder / name).is_file():
            found.append(f"{name} is missing. Run: make lock")
            continue
        text = (folder / name).read_text(encoding="utf-8")
        locks[requirements] = lock = read(text)
        found += (f"{name}: {each}" for each in lock.wrong)
        found += (f"{name} says where to find packages ({each}); that is for who installs." for each in _PLACE.findall(text))
        if lock.made_of != fingerprint(folder, requirements):
            found.append(f"{name} was made of other requirements than {requirements} holds now. Run: make lock")
        found += _unfit(folder, requirements, lock)
    for larger, smaller in WITHIN.items():
        if larger in locks and smaller in locks:
            found += _apart(locks[larger], locks[smaller], lock_of(larger), lock_of(smaller))
    return found


def read(text: str) -> Lock:
    """Return what a lock names. Every line is a comment, a pinned package or a hash of the one above it."""
    versions: dict[str, tuple[str, ...]] = {}
    wrong, made_of = [], ""
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith(_MADE_OF):
            made_of = line.removeprefix(_MADE_OF)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        package, *hashes = re.split(r"\s+(?=--hash)", line.strip())
        pin = _PIN.fullmatch(package)
        if pin is None:
            wrong.append(f"“{package}” is no package with one version.")
            continue
        name = canonical(pin["name"])
        versions[name] = (*versions.get(name, ()), pin["version"])
        if not hashes or not all(_HASH.fullmatch(each.strip()) for each in hashes):
            wrong.append(f"{name} has no hash of everything that may be installed of it. Run: make lock")
    return Lock(versions, made_of, tuple(wrong))


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lines(folder: Path, requirements: str) -> Iterator[tuple[str, str]]:
    """Yield the file and the text of each requirement, without comments, with those of the files that it includes."""
    for line in (folder / requirements).read_text(encoding="utf-8").splitlines():
        wanted = re.sub(r"(^|\s)#.*", "", line).strip()
        if wanted.startswith("-r "):
            yield from lines(folder, wanted.removeprefix("-r ").strip())
        elif wanted:
            yield requirements, wanted


def fingerprint(folder: Path, requirements: str) -> str:
    wanted = [OLDEST, *(line for _, line in lines(folder, requirements))]
    return hashlib.sha256("\n".join(wanted).encode()).hexdigest()


def _unfit(folder: Path, requirements: str, lock: Lock) -> Iterator[str]:
    """Yield what the requirements say and the lock does not."""
    for file, line in lines(folder, requirements):
        pin = _PIN.fullmatch(line)
        if pin is None:
            if file == requirements:
                yield f"{file}: “{line}” is not pinned. Write NAME==VERSION, and run: make lock"
            continue
        locked = lock.versions.get(canonical(pin["name"]), ())
        if pin["version"] not in locked:
            instead = " and ".join(locked) or "nothing"
            yield f"{file} wants {pin['name']} {pin['version']}; {lock_of(requirements)} has {instead}. Run: make lock"


def _apart(larger: Lock, smaller: Lock, larger_name: str, smaller_name: str) -> Iterator[str]:
    """Yield what is not tested as it is shipped."""
    for name, versions in smaller.versions.items():
        other = larger.versions.get(name, ())
        if other != versions:
            yield f"{name} is {', '.join(versions)} in {smaller_name} and {', '.join(other) or 'missing'} in {larger_name}."


def make(*, upgrade: bool) -> None:
    """Write every lock. A package that is locked stays at its version unless its requirement moved, or with `upgrade`."""
    tools = environments.install(sys.executable, ROOT / "build" / "tools", ROOT / lock_of(TOOLS))
    for requirements in REQUIREMENTS:
        _compile(tools.with_name("uv"), requirements, upgrade=upgrade)
        print(f"{lock_of(requirements)}: {environments.count((ROOT / lock_of(requirements)).read_text('utf-8'))} packages")


def _compile(uv: Path, requirements: str, *, upgrade: bool) -> None:
    lock, making = ROOT / lock_of(requirements), ROOT / "build" / "tools" / lock_of(requirements)
    if lock.is_file():
        shutil.copy(lock, making)  # uv keeps the versions that it finds where it writes
    options = ["--universal", "--python-version", OLDEST, "--generate-hashes", "--no-emit-index-url", "--no-python-downloads"]
    options += ["--custom-compile-command", "make lock", "--quiet", *(["--upgrade"] if upgrade else [])]
    if requirements in WITHIN:
        options += ["--constraints", lock_of(WITHIN[requirements])]
    done = subprocess.run([uv, "pip", "compile", requirements, "-o", making, *options], cwd=ROOT, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(f"{lock.name} could not be made, and is as it was. uv says why above.")
    lock.write_text(f"{_MADE_OF}{fingerprint(ROOT, requirements)}\n{making.read_text('utf-8')}", encoding="utf-8")


def main(arguments: list[str]) -> None:
    make(upgrade="--upgrade" in arguments)
    if found := problems():
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main(sys.argv[1:])
