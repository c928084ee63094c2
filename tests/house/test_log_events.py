"""The table of log events is what the code logs, what the page says, and what the alarms look for."""

import ast
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chalicelib.core import log
from chalicelib.core.log_events import EVENTS, FIELDS, OUTCOMES
from chalicelib.letters.mailroom import Outcome
from infra.log_events_page import PAGE, page
from infra.tables import resources

PORTAL = Path(__file__).parent.parent.parent / "chalicelib"


@dataclass(frozen=True)
class Call:
    """One call of log.event; `names` are those it writes out, none when its name is a variable."""

    module: str
    line: int
    names: frozenset[str]
    fields: frozenset[str]
    has_counts: bool
    levels: frozenset[int]


def _calls() -> Iterator[Call]:
    for path in sorted(PORTAL.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "log.event":
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                level = given.pop("level", None)
                yield Call(
                    str(path.relative_to(PORTAL)),
                    node.lineno,
                    frozenset(_words(node.args[0])),
                    frozenset(name for name in given if name and name != "exc_info"),
                    None in given,
                    frozenset(_levels(level)),
                )


def _words(node: ast.expr) -> set[str]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def _levels(node: ast.expr | None) -> set[int]:
    """Return the levels that a call may have: a variable may be any."""
    if node is None:
        return {logging.INFO}
    return {getattr(logging, one.attr) for one in ast.walk(node) if isinstance(one, ast.Attribute)}


CALLS = list(_calls())


def _names(call: Call) -> frozenset[str]:
    """Return the names that a call may log; for a variable, each in quotes in its module or in one that calls its function."""
    return call.names or frozenset(name for module in (call.module, *_callers(call)) for name in _in_quotes(module))


def _callers(call: Call) -> list[str]:
    """Return the modules that hand an event to `reports.actions.saved`, if the call is the one in it."""
    if call.module != "reports/actions.py":
        return []
    taken = "from chalicelib.reports.actions import "
    modules = (path for path in sorted(PORTAL.rglob("*.py")) if taken in path.read_text(encoding="utf-8"))
    return [str(path.relative_to(PORTAL)) for path in modules if "saved(" in path.read_text(encoding="utf-8")]


def _in_quotes(name: str) -> frozenset[str]:
    """Return the events that a module has in quotes and that no other call of it logs."""
    written = {event for other in CALLS if other.module == name for event in other.names}
    module = ast.parse((PORTAL / name).read_text(encoding="utf-8"))
    return frozenset(
        node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and node.value in EVENTS and node.value not in written
    )


def test_the_page_is_the_table():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m infra.log_events_page"


def test_every_call_logs_events_of_the_table_with_exactly_their_fields():
    wrong = [
        f"{call.module}:{call.line}: {name} {sorted(call.fields)}"
        for call in CALLS
        for name in _names(call) or ["a name that nobody knows"]
        if name not in EVENTS or call.fields != set(EVENTS[name].fields) or call.has_counts != bool(EVENTS[name].counts)
    ]

    assert len(CALLS) >= 50
    assert wrong == []


def test_every_call_logs_at_a_level_of_its_event():
    wrong = [
        f"{call.module}:{call.line}: {name}"
        for call in CALLS
        for name in _names(call)
        if call.levels and not call.levels & set(EVENTS[name].levels)
    ]

    assert wrong == []


def test_every_row_is_logged_somewhere():
    logged = {name for call in CALLS for name in _names(call)}

    assert set(EVENTS) - logged == set()


def test_every_field_has_its_meaning_and_every_meaning_its_field():
    used = {name for row in EVENTS.values() for name in (*row.fields, *row.counts)}

    assert used == set(FIELDS)


def test_the_counts_of_letters_are_the_outcomes_that_a_letter_may_have():
    assert tuple(Outcome) == OUTCOMES


def test_an_event_that_is_an_error_says_what_to_do():
    silent = [name for name, row in EVENTS.items() if row.levels == (logging.ERROR,) and not row.act]

    assert silent == []


def test_an_error_names_itself_in_a_word_that_the_log_can_hold():
    modules = {str(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PORTAL.rglob("*.py"))}
    nodes = [(name, node) for name, module in modules.items() for node in ast.walk(module)]
    errors = _below("PortalError", [node for _, node in nodes if isinstance(node, ast.ClassDef)])
    told = [
        (name, node.args[0].value)
        for name, node in nodes
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in errors
        if node.args and isinstance(node.args[0], ast.Constant)
    ]

    assert len(told) > 50
    assert [one for one in told if log._word(one[1]) == "?"] == []


def _below(name: str, classes: list[ast.ClassDef]) -> set[str]:
    """Return the names of a class and of all that are made of it."""
    made = [each.name for each in classes if name in map(ast.unparse, each.bases)]
    return {name}.union(*(_below(each, classes) for each in made))


def test_a_filter_of_the_stack_looks_for_events_that_exist():
    patterns = [one["Properties"]["FilterPattern"] for one in resources("AWS::Logs::MetricFilter").values()]
    names = {name for pattern in patterns for name in re.findall(r"[a-z_]{4,}", pattern)}

    assert len(names) >= 5
    assert names <= set(EVENTS)
