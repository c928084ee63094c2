"""No look-up of words has a default that hides a word that is missing: what can be asked for has its words.

Tables with the members of an enumeration as keys are watched by test_completeness.py; here are those whose keys are texts.
"""

import re
from pathlib import Path

from chalicelib.web.access import Who
from chalicelib.web.messages import FORBIDDEN

CODE = Path(__file__).parents[2] / "chalicelib"
HIDDEN = re.compile(r"\b\w*WORDS\w*\.get\([^)]*,")


def test_no_table_of_words_is_asked_with_a_default():
    files = {file.relative_to(CODE).as_posix(): file.read_text("utf-8") for file in CODE.rglob("*.py")}

    assert len(files) > 100
    assert [name for name, text in files.items() if HIDDEN.search(text)] == []
    assert HIDDEN.search("STAFF_WORDS.get(role, role)")


def test_whoever_is_not_let_in_reads_why():
    raised = {need for file in CODE.rglob("*.py") for need in re.findall(r'Forbidden\("(\w+)"\)', file.read_text("utf-8"))}

    assert raised
    assert set(FORBIDDEN) == raised | ({*Who} - {Who.ANYONE})
