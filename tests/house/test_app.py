"""The promises of app.py: declared access, event handlers where Chalice finds them, nothing heavy where it is not needed."""

import ast
from pathlib import Path

from chalicelib.web.access import Access
from chalicelib.web.routes import METHODS, declared

ROOT = Path(__file__).parent.parent.parent


def test_every_route_declares_who_may_call_it():
    from app import app

    operations = declared(app)

    assert len(operations) > 30
    assert all(isinstance(operation.access, Access) for operation in operations)


def test_every_path_answers_every_method():
    from app import app

    assert app.routes
    assert all(set(entries) == set(METHODS) for entries in app.routes.values())


def test_event_handlers_are_deployed_from_app_so_that_it_is_imported():
    from app import app

    names = [source.handler_string for source in app.event_sources]

    assert sorted(names) == [
        "app.every_day",
        "app.every_hour",
        "app.every_minute",
        "app.every_minute_batches",
        "app.every_quarter_hour",
        "app.on_details_changed",
        "app.on_file_uploaded",
        "app.on_receipt",
        "app.on_report_changed",
        "app.on_report_indexed",
    ]
    assert [function.handler_string for function in app.pure_lambda_functions] == ["app.make_official_report"]


def test_each_handler_hands_its_event_to_the_function_of_its_own_name():
    from app import app

    handlers = [function.handler_string for function in (*app.event_sources, *app.pure_lambda_functions)]
    names = {handler.removeprefix("app.") for handler in handlers}
    functions = {
        node.name: ast.unparse(node)
        for node in ast.parse((ROOT / "app.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    in_events = {
        node.name
        for node in ast.parse((ROOT / "chalicelib/events.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }

    assert set(functions) == names == in_events
    assert [name for name, text in functions.items() if f"events.{name}(" not in text] == []
