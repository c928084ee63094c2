"""Each act that is put on record has words, in which an auditor reads it; and so has each reason."""

import ast
import importlib
from pathlib import Path

import pytest

from chalicelib.desk.audit.labels import WHY, WORDS
from chalicelib.people.permissions import LookReason, Permission

CODE = Path(__file__).parents[2] / "chalicelib"


def noted(name, place):
    """Yield an argument of each record that the code writes (`….note(subject, what, why)`), where it says so itself.

    One that is handed on from elsewhere is a permission or a chosen reason, or stands as a literal there.
    """
    for path in sorted(CODE.rglob("*.py")):
        calls = [one for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(one, ast.Call)]
        for call in calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr == "note":
                given = next((one.value for one in call.keywords if one.arg == name), None)
                given = given or [*call.args, None, None, None][place]
                yield from ((path.relative_to(CODE.parent), sort) for sort in _sorts(given, path))


def _sorts(given, path):
    match given:
        case ast.Constant(value=str(text)):
            yield text.partition(":")[0]
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) if ":" in text:
            yield text.partition(":")[0]
        case ast.IfExp(body=one, orelse=other):
            yield from _sorts(one, path)
            yield from _sorts(other, path)
        case ast.Name(id=name) if name.isupper():
            yield str(getattr(importlib.import_module(_module(path)), name))
        case ast.Attribute(value=ast.Name(id="Permission" | "LookReason" as table), attr=name):
            yield {"Permission": Permission, "LookReason": LookReason}[table][name].value


def _module(path):
    return ".".join(path.relative_to(CODE.parent).with_suffix("").parts)


def test_an_auditor_reads_each_act_in_words():
    found = set(noted("what", 1))

    assert len(found) > 25
    assert sorted((str(path), sort) for path, sort in found if sort not in WORDS) == []


def test_an_auditor_reads_each_reason_in_words():
    found = set(noted("why", 2))

    assert {"worklist", "handling"} <= {why for _, why in found}
    assert sorted((str(path), why) for path, why in found if why not in WHY) == []


@pytest.mark.parametrize("permission", Permission)
def test_whatever_an_officer_was_refused_has_words(permission):
    assert permission.value in WORDS
