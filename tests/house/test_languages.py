"""A language is a row of a table: nowhere else does the portal ask which of two it is."""

import re
from pathlib import Path

CHALICELIB = Path(__file__).parents[2] / "chalicelib"
ASKED = re.compile(r"""(?:\bis|==|!=)\s+(?:not\s+)?(?:Language\.\w+|["'](?:nl|en)["'])|startswith\(["'](?:nl|en)["']""")


def test_no_code_and_no_page_asks_which_language_it_is():
    files = [file for ending in ("py", "html", "txt") for file in CHALICELIB.rglob(f"*.{ending}")]

    assert len(files) > 200
    assert [file.name for file in files if ASKED.search(file.read_text("utf-8"))] == []


def test_the_search_finds_what_it_is_for():
    assert all(map(ASKED.search, ("x if language is Language.NL else y", '{% if language == "nl" %}', 'header.startswith("en")')))
