"""Everything that is installed, for the functions and for the project itself, is the same next year: pinned, locked, by hash."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra import environments, locks

ROOT = locks.ROOT
HASH = "--hash=sha256:" + "0" * 64


@pytest.fixture
def copy(tmp_path):
    """A copy of every requirement and lock, to plant something in."""
    for requirements in locks.REQUIREMENTS:
        for name in (requirements, locks.lock_of(requirements)):
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def planted(folder, name, found, instead):
    """Return what is wrong once something stands in a file instead of what is found there."""
    text = (folder / name).read_text(encoding="utf-8")
    assert re.search(found, text), f"nothing to replace in {name}"
    (folder / name).write_text(re.sub(found, lambda _: instead, text, count=1), encoding="utf-8")
    return locks.problems(folder)


def test_everything_that_is_installed_is_locked():
    assert locks.problems() == []


def test_nothing_is_required_beside_the_files_that_are_locked():
    assert {each.name for each in ROOT.glob("requirements*.txt")} == set(locks.REQUIREMENTS)
    assert {each.name for each in ROOT.glob("requirements*.lock")} == {locks.lock_of(each) for each in locks.REQUIREMENTS}


@pytest.mark.parametrize("requirements", locks.REQUIREMENTS)
@pytest.mark.parametrize("line", ["requests", "requests>=2.32", "requests~=2.32", "requests==2.*", "requests @ git+ssh://x/y"])
def test_a_requirement_without_one_version_is_named(copy, requirements, line):
    found = planted(copy, requirements, r"\Z", f"{line}\n")

    assert f"{requirements}: “{line}” is not pinned. Write NAME==VERSION, and run: make lock" in found


def test_a_requirement_that_is_in_no_lock_yet_is_named(copy):
    found = planted(copy, "requirements.txt", r"\Z", "left-pad==1.0\n")

    assert "requirements.txt wants left-pad 1.0; requirements.lock has nothing. Run: make lock" in found
    assert "requirements.txt wants left-pad 1.0; requirements-dev.lock has nothing. Run: make lock" in found


def test_a_lock_of_another_version_is_named(copy):
    found = planted(copy, "requirements.txt", "chalice==1.34.0", "chalice==1.35.0")

    assert "requirements.txt wants chalice 1.35.0; requirements.lock has 1.34.0. Run: make lock" in found
    assert "requirements.lock was made of other requirements than requirements.txt holds now. Run: make lock" in found


@pytest.mark.parametrize(("line", "instead"), [(r"Babel==.*\n", ""), ("moto\\[dynamodb,", "moto[dynamodb,sqs,")])
def test_a_lock_that_is_older_than_its_requirements_is_named(copy, line, instead):
    found = planted(copy, "requirements-dev.txt", line, instead)

    assert found == ["requirements-dev.lock was made of other requirements than requirements-dev.txt holds now. Run: make lock"]


def test_a_comment_makes_no_lock_old(copy):
    assert planted(copy, "requirements.txt", r"\Z", "# Nothing new.\n") == []


def test_a_lock_that_is_gone_is_named(copy):
    (copy / "requirements-tools.lock").unlink()

    assert locks.problems(copy) == ["requirements-tools.lock is missing. Run: make lock"]


def test_a_package_without_a_hash_is_named(copy):
    found = planted(copy, "requirements.lock", r"six==1.17.0 \\\n( +--hash=sha256:\S+( \\)?\n)+", "six==1.17.0\n")

    assert found == ["requirements.lock: six has no hash of everything that may be installed of it. Run: make lock"]


@pytest.mark.parametrize("line", ["six", "six>=1", "./a-folder", "six @ ssh://x/y", "-e .", "--pre"])
def test_a_line_that_is_no_package_with_one_version_is_named(copy, line):
    found = planted(copy, "requirements.lock", r"\Z", f"{line}\n")

    assert f"requirements.lock: “{line}” is no package with one version." in found


@pytest.mark.parametrize(
    "line", ["--index-url x", "--extra-index-url x", "--find-links x", "-i x", "-f x", "# ssh://x", "# file:x"]
)
@pytest.mark.parametrize("requirements", locks.REQUIREMENTS)
def test_a_lock_that_says_where_packages_come_from_is_named(copy, requirements, line):
    found = planted(copy, locks.lock_of(requirements), r"\Z", f"{line}\n")

    assert any("says where to find packages" in each for each in found)


def test_what_is_shipped_at_another_version_than_is_tested_is_named(copy):
    found = planted(copy, "requirements-dev.lock", "jmespath==[0-9.]+", "jmespath==0.1")

    assert len(found) == 1
    assert found[0].startswith("jmespath is ")


def test_what_is_shipped_and_not_tested_is_named(copy):
    found = planted(copy, "requirements.lock", r"\Z", f"left-pad==1.0 {HASH}\n")

    assert found == ["left-pad is 1.0 in requirements.lock and missing in requirements-dev.lock."]


def test_only_what_is_locked_is_ever_installed():
    """Each command that installs takes a lock and asks for hashes; there is one such command, and the deploy's."""
    commands = [
        *ROOT.glob("Makefile"),
        *(ROOT / ".ci").iterdir(),
        *(ROOT / "infra").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
    ]
    installing = {
        file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8")
        for file in commands
        if file != Path(__file__)
        and re.search(
            r"pip install|\"pip\", \"(?:install|download)\"|\"-m\", \"pip\"|npm (?:install|i|add|exec|update|x) |npx ",
            file.read_text(encoding="utf-8"),
        )
    }

    assert set(installing) == {"infra/environments.py", "infra/deploy/hooks.py"}
    assert all("ONLY_LOCKED" in text for text in installing.values())
    assert "--require-hashes" in environments.ONLY_LOCKED


NODE_LOCKS = [file for file in (ROOT / "tests").rglob("package-lock.json") if "node_modules" not in file.parts]


@pytest.mark.parametrize("lock", NODE_LOCKS, ids=lambda file: file.parent.name)
def test_what_npm_installs_is_locked_by_hash_and_comes_from_the_registry_of_the_machine(lock):
    """`npm ci` takes just what its lock names, and refuses what has another hash; no package may run a script of its own."""
    packages = [each for name, each in json.loads(lock.read_text(encoding="utf-8"))["packages"].items() if name]
    asked = json.loads((lock.parent / "package.json").read_text(encoding="utf-8"))

    assert packages
    assert all(each["integrity"].startswith("sha512-") for each in packages)
    assert not any("resolved" in each for each in packages)
    assert "ignore-scripts=true" in (lock.parent / ".npmrc").read_text(encoding="utf-8").split()
    wanted = {**asked.get("dependencies", {}), **asked.get("devDependencies", {})}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())


def test_an_environment_is_made_of_a_lock_says_what_it_does_and_is_made_once(tmp_path):
    lock = tmp_path / "some.lock"
    lock.write_text("# Nothing at all.\n")
    line = [sys.executable, "-m", "infra.environments", tmp_path / "environment", lock]

    first, second = (subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stderr for _ in range(2))

    assert re.search(r"^Making .*environment … \d+ s\nInstalling 0 packages from some.lock … \d+ s\n$", first)
    assert second == ""


def test_an_environment_with_something_else_than_is_locked_is_refused(tmp_path):
    lock = tmp_path / "some.lock"
    lock.write_text("six==1.17.0\n")
    line = [sys.executable, "-m", "infra.environments", tmp_path / "environment", lock]

    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.endswith("What some.lock names could not be installed; nothing else was put in its place.\n")
