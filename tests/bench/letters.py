"""What one letter costs, for a mail that goes out at once: CPU in batches of 1 and of 100, and the AWS calls.

From the stream's event through the product's own handler to the note in the ledger, on AWS that answers at once. Each mail takes
a turn of its own: claim, turn, send and note are four calls.
"""

import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib import wiring
from chalicelib.core import ids
from chalicelib.core.clock import SystemClock
from chalicelib.core.settings import Settings
from chalicelib.reports.contact import Contact
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report, Reporter, filed
from chalicelib.reports.schemas import example_of
from chalicelib.reports.statement import Statement
from chalicelib.reports.table import ReportItem, item_of
from chalicelib.reports.terms import Terms
from tests.bench.stub import Stub
from tests.samples import CITIZEN, DERIVATION

ROUNDS, BATCH = 9, 100
RATE = 100_000  # mails a second: nobody waits here for SES


class LetterStub(Stub):
    """Answers at once; the queue of turns is always where its caller leaves it."""

    def _content(self, name: str) -> dict[str, Any]:
        if name == "UpdateItem":
            soon = int((time.time() + 0.001) * 1_000_000)
            return {"Attributes": {"id": {"S": "mail-turns"}, "next_turn": {"N": str(soon)}, "expires_at": {"N": "0"}}}
        return super()._content(name)


def measure() -> dict[str, float]:
    """Return medians over rounds, in CPU ms per letter, and the AWS calls that one letter makes."""
    stub = LetterStub()
    stub.install()
    os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench", AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled")
    os.environ["_HANDLER"] = "app.on_report_changed"
    from app import app

    wiring.install(wiring.Services(_settings(), SystemClock(), derivation=DERIVATION))
    figures: dict[str, float] = {}
    for size in (1, BATCH):
        event, name = stream(size), f"letter_ms_batch_{size}"
        figures[name], figures[name.replace("_ms", "_calls")] = _measured(lambda event=event: _ok(app, event), stub, size)
    return figures


def _measured(run: Callable[[], None], stub: Stub, size: int) -> tuple[float, float]:
    run()  # warm: clients, templates
    stub.calls.clear()
    run()
    assert stub.calls["SendEmail"] == size, "each letter is sent"
    calls = round(stub.calls.total() / size, 2)
    return round(statistics.median(_cpu_ms(run) / size for _ in range(ROUNDS)), 2), calls


def _cpu_ms(run: Callable[[], None]) -> float:
    began = time.process_time()
    run()
    return (time.process_time() - began) * 1000


def _ok(app: Any, event: dict[str, Any]) -> None:
    answer = app.handler_map["on_report_changed"](event, None)
    assert answer == {"batchItemFailures": []}, answer


def stream(count: int) -> dict[str, Any]:
    """Return a stream event with so many new reports."""
    images = [_image(number) for number in range(count)]
    writes = [{"Keys": {"reference": image["reference"]}, "NewImage": image} for image in images]
    return {
        "Records": [
            {"eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": {**write, "SequenceNumber": str(number)}}
            for number, write in enumerate(writes)
        ]
    }


def _image(number: int) -> dict[str, Any]:
    report = replace(_report(), reference=ids.reference(str(number).encode() * 16))
    image: dict[str, Any] = item_of(report, ReportItem, Terms()).to_dynamodb_dict()
    return image


def _report() -> Report:
    return filed(
        reference="K7MD-PR3W-9XCV",
        reporter=Reporter(CITIZEN.pseudonym, CITIZEN.sealed_bsn),
        statement=Statement.of("bicycle-theft", example_of(KINDS["bicycle-theft"])["answers"]),
        contact=Contact(email="sanne@example.org"),
        unit="Noord-Nederland",
        municipality="GM0014",
        at=SystemClock().now(),  # an event of long ago is left to the round
    )


def _settings() -> Settings:
    return Settings(
        stage="test",
        portal_url="https://portal.example",
        table_prefix="bench-",
        reports_stream_arn="arn:aws:dynamodb:eu-west-1:000000000000:table/reports/stream/2016-07-01T00:00:00.000",
        profiles_stream_arn="arn:aws:dynamodb:eu-west-1:000000000000:table/profiles/stream/2016-07-01T00:00:00.000",
        partial_batches=True,
        evidence_bucket="bench",
        mail_from="post@portal.example",
        mail_configuration_set="bench",
        mail_rate=RATE,
        bsn_hmac_key_id="bench",
        bsn_key_id="bench",
        oidc_keys_secret="bench",
        derivation_secret="bench",
        digid_issuer="https://digid.example",
        digid_client_id="bench",
        staff_issuer="https://staff.example",
        staff_client_id="bench",
    )


if __name__ == "__main__":
    print(json.dumps(measure()))
