"""The modules that a function loads, and when: each of these starts a fresh process as Lambda would.

(A blueprint of Chalice can be registered once in a process, and the other tests have done so.)
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from chalicelib.routes import AREAS
from tests.bench.answering import settings_of

ROOT = Path(__file__).parent.parent.parent
HEAVY = ("pydantic", "jinja2", "joserfc", "cryptography", "pynamodb")
_START = """
import json, sys
from datetime import UTC, datetime
import app
from chalicelib.routes import area_of
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
def areas():
    return sorted({area_of(path) for path in app.app.routes})
"""


def in_lambda(code: str, handler: str = "app.app") -> Any:
    """Return the JSON that `code` prints in a new process that Lambda has just started for a handler."""
    environment = {**settings_of("https://issuer.example"), "_HANDLER": handler, "PATH": "", "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-c", f"{_START}\nprint(json.dumps({code}))"]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def loaded(*modules: str, handler: str = "app.app", area: str | None = None) -> set[str]:
    """Return which of `modules` a function has loaded, before any call or when an area has just been loaded."""
    loading = f"app.app.load({area!r})" if area is not None else "None"
    return set(in_lambda(f"({loading}, [each for each in {modules!r} if each in sys.modules])[1]", handler))


def test_a_function_loads_nothing_heavy_before_it_is_called():
    assert loaded(*HEAVY, "chalicelib.web.routes", handler="app.on_report_changed") == set()
    assert loaded("boto3", "botocore.client", area="") <= {"botocore.client"}


def test_a_citizen_waits_neither_for_the_models_of_the_api_nor_for_the_desk():
    assert loaded(*HEAVY, "chalicelib.desk.start.pages", "chalicelib.desk.counter.pages", area="") == {"jinja2", "pynamodb"}


def test_a_program_does_not_wait_for_the_pages():
    assert loaded(*HEAVY, "chalicelib.citizen.filing.pages", area="/v1") == {"pydantic", "pynamodb"}


def test_each_area_registers_its_own_addresses_and_no_others():
    for area in AREAS:
        assert in_lambda(f"(app.app.load({area!r}), areas())[1]") == [area]


def test_the_first_request_loads_its_area_and_no_other():
    answer, found = in_lambda('(ask("GET", "/v1/kinds"), areas())')

    assert json.loads(answer["body"])["kinds"]
    assert found == ["/v1"]


def test_every_method_is_answered_whichever_area_is_loaded_first():
    methods = "{path: sorted(entries) for path, entries in app.app.routes.items()}"
    asked = (("GET", "/desk"), ("GET", "/help"), ("GET", "/help"), ("DELETE", "/v1/kinds"))

    statuses, found = in_lambda(f'([ask(*each)["statusCode"] for each in {asked!r}], {methods})')

    assert statuses == [303, 200, 200, 405]
    assert found == in_lambda(f"(app.app.load(), {methods})[1]")


def test_an_area_that_failed_to_load_is_loaded_at_the_next_request():
    stuck, asked = (
        'stuck("chalicelib.citizen.surveys.pages", "/help")',
        'ask("GET", "/help")["statusCode"], ask("POST", "/help")["statusCode"]',
    )

    assert in_lambda(f"({stuck}, {asked})") == ["ModuleNotFoundError", 200, 405]


def test_a_document_that_is_no_request_is_answered_and_loads_nothing_else():
    answer, found = in_lambda('(app.app({"hello": "world"}, None), areas())')

    assert answer["statusCode"] == 500
    assert found == [""]


def test_the_api_s_description_needs_no_other_area():
    described, registered = in_lambda('(ask("GET", "/v1/openapi.json")["body"], list(app.app.routes))')

    assert {f"/v1{path}" for path in json.loads(described)["paths"]} == set(registered)
