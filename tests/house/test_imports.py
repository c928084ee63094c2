"""The import rule of the house is the contract in pyproject.toml; here it is kept, and broken on purpose to see that it holds."""

import ast
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.bench.imports import _FIRST_LETTER

ROOT = Path(__file__).parent.parent.parent
FILES = sorted([ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")])
LOOKED_AT: frozenset[str] = frozenset()  # files above 500 lines that were looked at, and are one thing


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts on a tree, as `make check` does."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def copied(folder: Path) -> None:
    """Copy what the contracts read."""
    for file in [ROOT / "pyproject.toml", *(each for room in ("chalicelib", "infra") for each in (ROOT / room).rglob("*.py"))]:
        copy = folder / relative(file)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)


def test_imports_go_down():
    done = linted(ROOT)

    assert done.returncode == 0, done.stdout + done.stderr


# A file, what it must not import, and the contract that says so.
WRONG = (
    ("reports/model.py", "from chalicelib.core import limits", "What decides and shows"),
    ("reports/contact.py", "import pynamodb.models", "pynamodb has its homes"),
    ("web/errors.py", "from chalicelib.letters import ledger", "Web is handed its stores"),
    ("citizen/surveys/pages.py", "from chalicelib.desk.start import pages as desk", "Ground, domain, wiring"),
    ("letters/stream.py", "from chalicelib.profiles import store", "Ground, domain, wiring"),
    ("wiring.py", "from chalicelib.desk import actions", "Ground, domain, wiring"),
    ("core/clock.py", "from chalicelib.core import settings", "Inside core"),
    ("web/response.py", "from chalicelib.web import html", "Inside web"),
    ("surveys/store.py", "from chalicelib.surveys import actions", "Inside a room"),
    ("erasure/actions.py", "from infra.ops import stage", "The portal knows nothing of infra"),
    ("citizen/home.py", "import pydantic", "pydantic has its homes"),
)


@pytest.mark.parametrize(("file", "line", "contract"), WRONG, ids=lambda value: value if value.endswith(".py") else "")
def test_an_import_that_runs_up_is_found(tmp_path, file, line, contract):
    copied(tmp_path)
    planted = tmp_path / "chalicelib" / file
    planted.write_text(planted.read_text("utf-8") + f"\n\ndef planted() -> None:\n    {line}\n", "utf-8")

    done = linted(tmp_path)

    broken = " ".join(each for each in done.stdout.split("Broken contracts")[-1].split())
    assert done.returncode == 1
    assert contract in broken


def test_a_room_without_a_floor_is_found(tmp_path):
    copied(tmp_path)
    (tmp_path / "chalicelib" / "attic").mkdir()
    (tmp_path / "chalicelib" / "attic" / "__init__.py").touch()

    assert "chalicelib.attic" in linted(tmp_path).stdout


def test_app_knows_the_portal_and_of_infra_the_deploys_hooks_alone():
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    found = {
        f"{node.module}.{alias.name}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    } | {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}

    assert {name for name in found if name.startswith(("infra", "tests"))} == {"infra.deploy.hooks"}
    assert {name.split(".")[0] for name in found} == {"chalice", "chalicelib", "gc", "infra", "typing"}


def test_every_module_that_the_bench_of_imports_names_is_there():
    tree = ast.parse(_FIRST_LETTER)
    named = {f"{node.module}.{alias.name}" for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}

    assert named
    assert [name for name in named if find_spec(name) is None] == []


def test_no_module_imports_relatively():
    nodes = [(file, node) for file in FILES for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]

    assert [relative(file) for file, node in nodes if isinstance(node, ast.ImportFrom) and node.level] == []


@pytest.mark.parametrize(
    ("text", "home"),
    [("os.environ", "chalicelib/core/settings.py"), ("datetime.now", "chalicelib/core/clock.py"), ("time.time()", "")],
)
def test_environment_and_time_have_one_reader(text, home):
    users = [relative(file) for file in FILES if text in file.read_text(encoding="utf-8")]

    assert [user for user in users if user not in (home, "chalicelib/core/clock.py")] == []


def test_every_module_says_what_it_is_for():
    silent = [relative(f) for f in FILES if not ast.get_docstring(ast.parse(f.read_text(encoding="utf-8")))]

    assert silent == []


def test_nothing_is_patched_skipped_or_expected_to_fail():
    banned = ("mock.patch", "monkeypatch." + "setattr", "mark." + "skip", "mark." + "xfail")
    offenders = [
        relative(file)
        for file in (ROOT / "tests").rglob("*.py")
        if file.name != "test_imports.py" and any(word in file.read_text(encoding="utf-8") for word in banned)
    ]

    assert offenders == []


def test_no_file_grows_past_what_one_reader_holds():
    for file in FILES:
        source = file.read_text(encoding="utf-8")
        assert len(source.splitlines()) <= (120 if file.name == "app.py" else 500) or relative(file) in LOOKED_AT, relative(file)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 50, f"{relative(file)}:{node.name}"
