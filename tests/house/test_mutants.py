"""The list of planted bugs fits the code: each changes one place, and is still Python."""

import ast
from dataclasses import replace

import pytest

from tests.mutants.bugs import BUGS
from tests.mutants.planting import ROOT, Bug, Misfit, planted, sources

ROOM = "chalicelib/room.py"
CODE = {
    ROOM: """
class Store:
    def claim(self, id):
        if (self.held   # by whoever
                and id in self.taken):
            self.forget(
                id)
        return 'é', self.held
"""
}


@pytest.fixture(scope="module")
def code():
    return sources()


def test_there_are_enough_bugs_and_each_is_another():
    assert len(BUGS) >= 41
    assert len({bug.what for bug in BUGS}) == len(BUGS)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.what)
def test_a_bug_can_be_planted_and_its_tests_are_there(bug, code):
    path, changed = planted(bug, code)

    ast.parse(changed)
    assert changed != code[path]
    assert all((ROOT / test).is_file() for test in bug.tests)


@pytest.mark.parametrize(
    ("find", "by", "line"),
    [
        ("self.held and id in self.taken", "self.held", "        if ((self.held)):"),
        ("self.forget(id)", "", "            pass"),
        ("return ('é', self.held)", "raise OSError", "        raise OSError"),
        ("'é'", "'e'", "        return ('e'), self.held"),
    ],
)
def test_a_bug_is_found_by_what_it_says_whatever_its_layout(find, by, line):
    _, changed = planted(Bug("", "Store.claim", find, by, ()), CODE)

    assert line in changed.splitlines()
    ast.parse(changed)


def test_a_bug_that_fits_no_more_says_what_was_not_found_and_where_the_like_stands():
    bug = Bug("", "Store.take", "self.forget(id)", "", ())

    with pytest.raises(Misfit, match=r"nothing is called Store\.take; .* stands in: Store\.claim \(chalicelib/room\.py\)"):
        planted(bug, CODE)
    with pytest.raises(Misfit, match=r"holds 'self\.gone' 0 times; it stands in: nothing"):
        planted(replace(bug, within="Store.claim", find="self.gone"), CODE)
    with pytest.raises(Misfit, match="2 times"):
        planted(replace(bug, within="Store.claim", find="self.held", by="True"), CODE)
