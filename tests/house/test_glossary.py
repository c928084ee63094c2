"""The glossary's names are the code's, and no word that was given up came back."""

import ast
import re
import tokenize
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FIELD, REFUSED = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split("## Words that are not used")
ROWS = re.findall(r"^\| .+ \| `(\w+)` \| `([\w/.]+)` \|$", FIELD, re.MULTILINE)


def _names_in(path: str) -> set[str]:
    """Return what a file defines: classes, functions, fields, constants, arguments."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def _identifiers() -> dict[str, set[str]]:
    """Return every name that the portal's code uses, with the files that do; texts and keywords of a log line are none."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "chalicelib").rglob("*.py"):
        with path.open("rb") as file:
            tokens = [token for token in tokenize.tokenize(file.readline) if token.type in (tokenize.NAME, tokenize.OP)]
        for token, after in zip(tokens, [*tokens[1:], *tokens[-1:]], strict=True):
            is_field_of_log = token.string == "door" and after.string == "="
            if token.type == tokenize.NAME and not is_field_of_log:
                found.setdefault(token.string, set()).add(str(path.relative_to(ROOT)))
    return found


def test_every_name_of_the_glossary_stands_in_its_file():
    missing = [f"{name} in {path}" for name, path in ROWS if not (ROOT / path).exists() or name not in _names_in(path)]

    assert len(ROWS) > 30
    assert len(ROWS) == FIELD.count("| `chalicelib/")
    assert missing == []


def test_no_word_that_was_given_up_is_a_name_again():
    cells = re.findall(r"^\| (`.+`) \| `", REFUSED, re.MULTILINE)
    refused = {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}
    known = _identifiers()
    back = {word: sorted(known[word]) for word in refused if word in known}

    assert len(refused) > 15
    assert back == {}


def test_a_module_is_not_called_by_a_word_that_was_given_up():
    cells = re.findall(r"^\| (`.+`) \| `", REFUSED, re.MULTILINE)
    refused = {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}

    assert [path.name for path in (ROOT / "chalicelib").rglob("*.py") if path.stem in refused] == []
