"""CPU of one filed report and one status change, through the real app, on AWS that answers at once."""

import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from chalice.local import LambdaContext

from chalicelib import wiring
from chalicelib.core.settings import Settings
from chalicelib.identity.model import Principal
from chalicelib.reports.contact import Contact
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report, Reporter, filed
from chalicelib.reports.schemas import example_of
from chalicelib.reports.statement import Statement
from chalicelib.reports.table import ReportItem, item_of
from chalicelib.reports.terms import Terms
from infra.local.gateway import Incoming, match, proxy_event
from tests.bench.stub import NoonClock, Stub
from tests.samples import CITIZEN, HANDLER, NOON

ROUNDS, CALLS = 9, 60
CONTEXT = LambdaContext("bench", 1024, 60_000)


class Tokens:
    """Lets the bench in; the cost of a token check is not part of these figures."""

    def principal(self, bearer: str) -> Principal:
        return CITIZEN if bearer == "citizen" else HANDLER


def measure() -> dict[str, float]:
    """Return medians over rounds, in CPU ms per unit, and the AWS calls that one unit makes."""
    stub = Stub()
    stub.install()
    os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench", AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled")
    settings = settings_of_the_bench()
    wiring.install(wiring.Services(settings, NoonClock(), access_tokens=Tokens()))
    from app import app

    report = report_of_the_bench()
    stub.item = item_of(report, ReportItem, Terms()).to_dynamodb_dict()
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


def settings_of_the_bench() -> Settings:
    return Settings(
        stage="test",
        portal_url="https://portal.example",
        table_prefix="bench-",
        reports_stream_arn="arn:aws:dynamodb:eu-west-1:000000000000:table/reports/stream/2016-07-01T00:00:00.000",
        profiles_stream_arn="arn:aws:dynamodb:eu-west-1:000000000000:table/profiles/stream/2016-07-01T00:00:00.000",
        partial_batches=True,
        evidence_bucket="bench-evidence",
        mail_from="post@portal.example",
        bsn_hmac_key_id="bench",
        bsn_key_id="bench",
        oidc_keys_secret="bench",
        derivation_secret="bench",
        digid_issuer="https://digid.example",
        digid_client_id="bench",
        staff_issuer="https://staff.example",
        staff_client_id="bench",
    )


def report_of_the_bench() -> Report:
    return filed(
        reference="K7MD-PR3W-9XCV",
        reporter=Reporter(CITIZEN.pseudonym, CITIZEN.sealed_bsn),
        statement=Statement.of("bicycle-theft", example_of(KINDS["bicycle-theft"])["answers"]),
        contact=Contact(email="sanne@example.org"),
        unit="Noord-Nederland",
        municipality="GM0014",
        at=NOON,
    )


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
