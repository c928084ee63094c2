"""The list of planted bugs fits the code: each changes one place, and is still Python."""

import ast
from pathlib import Path

import pytest

from tests.mutants.__main__ import planted
from tests.mutants.bugs import BUGS

ROOT = Path(__file__).parent.parent.parent


def test_there_are_enough_bugs_and_each_is_another():
    assert len(BUGS) >= 20
    assert len({bug.what for bug in BUGS}) == len(BUGS)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.what)
def test_a_bug_can_be_planted_and_its_tests_are_there(bug):
    source = (ROOT / "chalicelib" / "letters" / f"{bug.file}.py").read_text(encoding="utf-8")

    changed = planted(bug, source)

    ast.parse(changed)
    assert changed != source
    assert all((ROOT / test).is_file() for test in bug.tests)
