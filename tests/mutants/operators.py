"""Small changes of the kind that somebody makes by mistake, drawn from a syntax tree.

Left out are what no reader could tell from the sound code (annotations, docstrings, what is logged) and texts for people.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.mutants.planting import spliced

FLIPPED: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
FOR_READERS = {"example", "description", "title", "examples", "hint"}  # of the API's documentation and of forms: texts for people
PASSED_OVER = ("log.", "logging.", "_", "gettext", "mark", "ngettext")  # what is logged, and texts


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change in one file; `function` is where, in full."""

    path: str
    line: int
    end: int
    function: str
    what: str
    text: str

    @property
    def is_python(self) -> bool:
        try:
            ast.parse(self.text)
        except SyntaxError:
            return False
        return True


def mutants_of(path: str, text: str) -> list[Mutant]:
    """Return every mutant of a file, in order; a few may not be Python."""
    found = []
    for function, node, changes in _walked(ast.parse(text), ""):
        for what, by in changes:
            changed = spliced(text, node, by)
            if changed != text:
                found.append(Mutant(path, node.lineno, node.end_lineno or node.lineno, function, what, changed))
    return found


def _walked(node: ast.AST, function: str) -> Iterator[tuple[str, Any, list[tuple[str, str]]]]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        function = f"{function}.{node.name}".strip(".")
    if isinstance(node, ast.expr | ast.stmt):
        yield function, node, list(_changes(node))
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params") or (isinstance(node, ast.JoinedStr)):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_passed_over(child):
                yield from _walked(child, function)


def _is_passed_over(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword) and node.arg in FOR_READERS:  # another example is an example too
        return True
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    call = node.value if isinstance(node, ast.Expr) else node
    if isinstance(call, ast.Call):
        called = ast.unparse(call.func)
        return called in PASSED_OVER or called.startswith(PASSED_OVER[:2])
    return False


def _changes(node: Any) -> Iterator[tuple[str, str]]:
    """Yield what may become of a node: the name of the change, and the text instead."""
    for changes in (_conditions, _values, _statements):
        yield from changes(node)


def _conditions(node: Any) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Compare(ops=[operator]):
            yield "a comparison turned", f"{_text(node.left)} {FLIPPED[type(operator)]} {_text(node.comparators[0])}"
        case ast.BoolOp(op=operator, values=values):
            yield "and for or", f" {'or' if isinstance(operator, ast.And) else 'and'} ".join(map(_text, values))
            for left_out in values:
                rest = [each for each in values if each is not left_out]
                yield "a condition dropped", ast.unparse(ast.BoolOp(operator, rest) if len(rest) > 1 else rest[0])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "a not dropped", ast.unparse(operand)
        case ast.IfExp(body=body, orelse=orelse):
            yield "always the first of two", ast.unparse(body)
            yield "always the second of two", ast.unparse(orelse)


def _values(node: Any) -> Iterator[tuple[str, str]]:
    match node:
        case ast.BinOp(op=ast.Add() | ast.Sub() as operator):
            yield "plus for minus", f"{_text(node.left)} {'-' if isinstance(operator, ast.Add) else '+'} {_text(node.right)}"
        case ast.Constant(value=bool() as value):
            yield "yes for no", str(not value)
        case ast.Constant(value=int() as value):
            yield "one more", str(value + 1)
        case ast.Call(keywords=[_, *_] as keywords):
            for left_out in keywords:
                if left_out.arg and left_out.arg not in FOR_READERS:
                    rest = [each for each in keywords if each is not left_out]
                    yield f"without {left_out.arg}", ast.unparse(ast.Call(node.func, node.args, rest))


def _statements(node: Any) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield "nothing returned", "return None"
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete():
            yield "a statement dropped", "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "a statement dropped", "pass"
        case ast.Break():
            yield "on instead of out", "continue"
        case ast.Continue():
            yield "out instead of on", "break"


def _text(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if isinstance(node, ast.Name | ast.Attribute | ast.Constant | ast.Call | ast.Subscript) else f"({text})"
