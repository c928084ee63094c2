"""Planting a bug by structure: in a function or table of this name, this expression or statement becomes another.

Where it stands, how it is formatted and what is said about it do not matter: names and expressions are compared as Python reads
them. A bug that no longer fits says what was looked for, and where the like of it stands now.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Named = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


@dataclass(frozen=True, slots=True)
class Bug:
    """The bug in words; the name of the function (`Store.claim`) or table it is in; what stands there, and what instead.

    An empty `by` takes a statement away. `tests` are those that should notice.
    """

    what: str
    within: str
    find: str
    by: str
    tests: tuple[str, ...]


class Misfit(Exception):
    """The bug fits nowhere, or in more places than one."""


def sources(root: Path = ROOT) -> dict[str, str]:
    """Return all of the portal's own code by path."""
    files = sorted((root / "chalicelib").rglob("*.py"))
    return {file.relative_to(root).as_posix(): file.read_text("utf-8") for file in files}


def planted(bug: Bug, code: Mapping[str, str]) -> tuple[str, str]:
    """Return the file that the bug is in, and its text with the bug. Raises Misfit."""
    is_statement = not bug.by or not (_is_expression(bug.find) and _is_expression(bug.by))
    wanted = _normal(bug.find)
    trees = {path: _tree(text) for path, text in code.items()}
    rooms = [(path, node) for path, tree in trees.items() for name, node in named(tree) if name == bug.within]
    if not rooms:
        raise Misfit(f"nothing is called {bug.within}; {bug.find!r} stands in: {_like(wanted, trees)}")
    found = [(path, node) for path, room in rooms for node in _nodes(room, statements=is_statement) if _normal_of(node) == wanted]
    if len(found) != 1:
        places = ", ".join(path for path, _ in found or rooms)
        raise Misfit(f"{bug.within} ({places}) holds {bug.find!r} {len(found)} times; it stands in: {_like(wanted, trees)}")
    [(path, node)] = found
    return path, spliced(code[path], node, bug.by or "pass")


def spliced(text: str, node: Any, by: str) -> str:
    """Return a text with something else in the place of a node; an expression keeps to itself, a statement to its column."""
    lines = text.encode().splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    end = sum(map(len, lines[: node.end_lineno - 1])) + node.end_col_offset
    new = f"({by})" if isinstance(node, ast.expr) else by.replace("\n", "\n" + " " * node.col_offset)
    raw = text.encode()
    return (raw[:start] + new.encode() + raw[end:]).decode()


def named(tree: ast.AST, before: str = "") -> Iterator[tuple[str, Named]]:
    """Yield functions, classes and tables, each with its name in full: `Store.claim`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield before + node.name, node
            yield from named(node, f"{before}{node.name}.")
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((before + target.id, node) for target in targets if isinstance(target, ast.Name))


def _nodes(room: ast.AST, *, statements: bool) -> Iterator[ast.AST]:
    wanted = ast.stmt if statements else ast.expr
    return (node for node in ast.walk(room) if isinstance(node, wanted) and node is not room)


def _is_expression(text: str) -> bool:
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True


def _normal(text: str) -> str:
    return ast.unparse(ast.parse(text, mode="eval" if _is_expression(text) else "exec"))


@cache
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


def _normal_of(node: ast.AST) -> str:
    return ast.unparse(node)


def _like(wanted: str, trees: Mapping[str, ast.Module]) -> str:
    """Say which functions hold the same now, to help whoever moved it."""
    holders = [
        f"{name} ({path})"
        for path, tree in trees.items()
        for name, node in named(tree)
        if not isinstance(node, ast.ClassDef) and any(_normal_of(each) == wanted for each in ast.walk(node) if _is_code(each))
    ]
    return ", ".join(holders[:5]) or "nothing"


def _is_code(node: ast.AST) -> bool:
    return isinstance(node, ast.expr | ast.stmt)
