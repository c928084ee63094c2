"""A sentence of a docstring or a comment names its subject: none is a statement that begins with a headless What or Who."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FILES = [path for room in ("chalicelib", "infra", "tests") for path in sorted((ROOT / room).rglob("*.py"))] + [ROOT / "app.py"]
PUBLISHED = {  # docstrings of the API's models: its document shows them to other people's programs
    "What the reporter wants to hear of; changeable any day, and binding on every letter.",
    "What the reporter wants to hear about this report.",
    "What to add.",
}
_HEADLESS = re.compile(r"(?:^|(?<=[.:!?] ))(?:What|Who)\s[^?]*?(?:[.:!](?=\s|$)|$|\?)", re.DOTALL)


def headless(text: str) -> list[str]:
    """Return the sentences of a text that begin with What or Who and ask nothing."""
    flat = " ".join(text.split())
    return [found for found in _HEADLESS.findall(flat) if not found.endswith("?")]


def _texts(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""
    comments: list[tuple[int, str]] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            line, text = token.start[0], token.string.lstrip("# ")
            if comments and comments[-1][0] == line - 1 and token.line.lstrip().startswith("#"):
                comments[-1] = (line, f"{comments[-1][1]} {text}")
            else:
                comments.append((line, text))
    yield from (text for _, text in comments)


def test_no_statement_begins_with_what_or_who():
    found = [(str(path.relative_to(ROOT)), sentence) for path in FILES for text in _texts(path) for sentence in headless(text)]

    assert len(FILES) > 100
    assert [one for one in found if one[1] not in PUBLISHED] == []
    assert {sentence for _, sentence in found} == PUBLISHED


def test_a_question_may_begin_so_and_a_statement_may_not():
    text = "Is it ours? Who asks: a citizen. What is sent late waits. What\nbecame of it? The one who asks is kept."

    assert headless(text) == ["Who asks:", "What is sent late waits."]
