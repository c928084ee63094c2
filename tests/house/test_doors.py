"""What a function loads and when: each of these starts a fresh process as Lambda would.

(A blueprint of Chalice can be registered once in a process, and the other tests have done so.)
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from chalicelib.doors import DOORS
from tests.bench.answering import settings_of

ROOT = Path(__file__).parent.parent.parent
HEAVY = ("pydantic", "jinja2", "joserfc", "cryptography", "pynamodb")
_START = """
import json, sys
from datetime import UTC, datetime
import app
from chalicelib.doors import door_of
def ask(method, path):
    from infra.local.gateway import Incoming, proxy_event
    noon = datetime(2016, 7, 1, 12, tzinfo=UTC)
    return app.app(proxy_event(Incoming(method, path, (), b"", "127.0.0.1"), path, {}, binary_types=[], at=noon), None)
def stuck(module, path):
    sys.modules[module] = None  # cannot be imported
    try:
        return ask("GET", path)["statusCode"]
    except ImportError as error:
        return type(error).__name__
    finally:
        del sys.modules[module]
def opened():
    return sorted({door_of(path) for path in app.app.routes})
"""


def in_lambda(code: str, handler: str = "app.app") -> Any:
    """Return the JSON that `code` prints in a new process that Lambda has just started for a handler."""
    environment = {**settings_of("https://issuer.example"), "_HANDLER": handler, "PATH": "", "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-c", f"{_START}\nprint(json.dumps({code}))"]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def loaded(*modules: str, handler: str = "app.app", door: str | None = None) -> set[str]:
    """Return which of `modules` a function has loaded, before any call or when a door has just opened."""
    opening = f"app.app.open({door!r})" if door is not None else "None"
    return set(in_lambda(f"({opening}, [each for each in {modules!r} if each in sys.modules])[1]", handler))


def test_a_function_loads_nothing_heavy_before_it_is_called():
    assert loaded(*HEAVY, "chalicelib.web.routes", handler="app.on_report_changed") == set()
    assert loaded("boto3", "botocore.client", door="") <= {"botocore.client"}


def test_a_citizen_waits_neither_for_the_models_of_the_api_nor_for_the_desk():
    assert loaded(*HEAVY, "chalicelib.desk.pages", "chalicelib.counter.pages", door="") == {"jinja2", "pynamodb"}


def test_a_program_does_not_wait_for_the_pages():
    assert loaded(*HEAVY, "chalicelib.filing.pages", door="/v1") == {"pydantic", "pynamodb"}


def test_each_door_leads_to_what_lies_behind_it_and_nowhere_else():
    for door in DOORS:
        assert in_lambda(f"(app.app.open({door!r}), opened())[1]") == [door]


def test_the_first_request_opens_its_door_and_no_other():
    answer, doors = in_lambda('(ask("GET", "/v1/kinds"), opened())')

    assert json.loads(answer["body"])["kinds"]
    assert doors == ["/v1"]


def test_every_method_is_answered_whichever_door_opens_first():
    methods = "{path: sorted(entries) for path, entries in app.app.routes.items()}"
    asked = (("GET", "/desk"), ("GET", "/help"), ("GET", "/help"), ("DELETE", "/v1/kinds"))

    statuses, found = in_lambda(f'([ask(*each)["statusCode"] for each in {asked!r}], {methods})')

    assert statuses == [303, 200, 200, 405]
    assert found == in_lambda(f"(app.app.open(), {methods})[1]")


def test_a_door_that_stuck_once_opens_at_the_next_request():
    asked = '(stuck("chalicelib.surveys.pages", "/help"), ask("GET", "/help")["statusCode"], ask("POST", "/help")["statusCode"])'

    assert in_lambda(asked) == ["ModuleNotFoundError", 200, 405]


def test_what_is_no_request_is_answered_and_opens_nothing_else():
    answer, doors = in_lambda('(app.app({"hello": "world"}, None), opened())')

    assert answer["statusCode"] == 500
    assert doors == [""]


def test_the_api_s_description_needs_no_other_door():
    described, behind = in_lambda('(ask("GET", "/v1/openapi.json")["body"], list(app.app.routes))')

    assert set(json.loads(described)["paths"]) == set(behind)
