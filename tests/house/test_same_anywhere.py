"""No test fails because time passed, or on another machine: no date of today, no short wait, no port of one's own choice.

A dependency that cannot be read from the source was looked for by running the tests in another year and time zone (CONTRIBUTING).
"""

import ast
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    file
    for file in sorted((ROOT / "tests").rglob("*.py"))
    if not {"bench", "browser", "deployed", "mutants", "simulation"} & set(file.relative_to(ROOT).parts)
]
PATIENCE_S = 20  # a busy machine is slow, not wrong; who is not kept waiting loses nothing by it
TODAY = {"date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time", "time.localtime"}
MAY_ASK = {"tests/e2e/story.py": {"date.today"}}  # a day of last week, on a stage that lives today


def found(source):
    """Yield what makes a test depend on the day or on the machine, each with its line."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if ".".join(name.split(".")[-2:]) in TODAY:
            yield ".".join(name.split(".")[-2:])
        for keyword in node.keywords:
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            if keyword.arg == "timeout" and isinstance(value, int | float) and value < PATIENCE_S:
                yield f"timeout={value} in line {node.lineno}"
            if keyword.arg == "deadline" and name.endswith("settings") and value is not None:
                yield f"deadline={value} in line {node.lineno}"
            if keyword.arg == "port" and value:
                yield f"port={value} in line {node.lineno}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_test_is_the_same_on_any_day_and_on_any_machine(file):
    name = file.relative_to(ROOT).as_posix()

    assert set(found(file.read_text(encoding="utf-8"))) <= MAY_ASK.get(name, set())


@pytest.mark.parametrize(
    "planted",
    [
        "def test(): assert datetime.date.today() > then",
        "now = datetime.now(UTC)",
        "soon = time.time() + 1",
        "process.communicate(timeout=10)",
        "@hypothesis.settings(deadline=200)\ndef test(): ...",
        "stage = Stage(port=8000)",
    ],
)
def test_what_depends_on_the_day_or_the_machine_is_found(planted):
    assert list(found(planted))


def test_an_example_may_take_as_long_as_the_machine_needs():
    assert hypothesis.settings().deadline is None
