"""CPU of one filed report and one status change, through the real app, on AWS that answers at once."""

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from chalice.local import LambdaContext

from chalicelib import wiring
from chalicelib.citizen.following.schemas import example_of
from chalicelib.people.model import Principal
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.model import Report
from chalicelib.reports.table import ReportItem, item_of
from infra.local.gateway import Incoming, match, proxy_event
from tests.bench.staged import begin, report_of_the_bench
from tests.bench.stub import NoonClock, Stub
from tests.support.samples import CITIZEN, HANDLER, NOON
from tests.support.settings import settings_of

ROUNDS, CALLS = 9, 60
CONTEXT = LambdaContext("bench", 1024, 60_000)


class Tokens:
    """Lets the bench in; the cost of a token check is not part of these figures."""

    def principal(self, bearer: str) -> Principal:
        return CITIZEN if bearer == "citizen" else HANDLER


def measure() -> dict[str, float]:
    """Return medians over rounds, in CPU ms per unit, and the AWS calls that one unit makes."""
    stub = Stub()
    begin(stub)
    settings = settings_of("bench")
    wiring.install(wiring.Services(settings, NoonClock(), access_tokens=Tokens()))
    from app import app

    report = report_of_the_bench()
    stub.item = item_of(report, ReportItem, Deadlines()).to_dynamodb_dict()
    stub.tables = {"reports": [stub.item]}
    file, change = _file_event(app), _change_event(app, report)
    units: dict[str, tuple[Callable[[], Any], int]] = {
        "file_ms": (lambda: _ok(app(file, CONTEXT)), 1),
        "status_ms": (lambda: _ok(app(change, CONTEXT)), 1),
    }
    figures: dict[str, float] = {}
    for name, (run, per) in units.items():
        run()  # warm: clients, templates
        stub.calls.clear()
        run()
        calls = dict(stub.calls)
        figures[name] = round(statistics.median(_round(run, per) for _ in range(ROUNDS)), 2)
        figures[name.replace("_ms", "_calls")] = round(sum(calls.values()) / per, 2)
    return figures


def _round(run: Callable[[], Any], per: int) -> float:
    times = max(1, CALLS // per)
    began = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - began) * 1000 / times / per


def _ok(answer: dict[str, Any]) -> None:
    assert answer["statusCode"] == 201, answer["body"]


def _event(app: Any, path: str, body: dict[str, Any], person: str) -> dict[str, Any]:
    headers = (("Authorization", f"Bearer {person}"), ("Content-Type", "application/json"), ("Idempotency-Key", "bench"))
    incoming = Incoming("POST", path, headers, json.dumps(body).encode(), "127.0.0.1")
    found = match(path, "POST", app.routes)
    assert found
    return proxy_event(incoming, *found, binary_types=app.api.binary_types, at=NOON)


def _file_event(app: Any) -> dict[str, Any]:
    return _event(app, "/v1/reports", example_of(KINDS["bicycle-theft"]), "citizen")


def _change_event(app: Any, report: Report) -> dict[str, Any]:
    change = {"status": "checked", "version": 1}
    return _event(app, f"/v1/desk/reports/{report.reference}/status-changes", change, "officer")


if __name__ == "__main__":
    print(json.dumps(measure()))
