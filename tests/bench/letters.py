"""The cost of one letter, for a mail that goes out at once: CPU in batches of 1 and of 100, and the AWS calls.

From the stream's event through the product's own handler to the note in the ledger, on AWS that answers at once. Each mail takes
a turn of its own, and is decided upon once more then: claim, turn, report, suppressed address, send and note are six calls.
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
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.table import ReportItem, item_of
from tests.bench.staged import begin, report_of_the_bench
from tests.bench.stub import Stub
from tests.support.samples import CLUE_KEYS, DERIVATION
from tests.support.settings import settings_of

ROUNDS, BATCH = 9, 100


NOTED = {  # the item of a letter, as the ledger has it once SES took the letter
    **{name: {"S": "K7MD-PR3W-9XCV"} for name in ("reference", "message_id", "attempt", "pile", "proof", "template")},
    **{name: {"N": "1467367200000000"} for name in ("claimed_at", "lease_until", "first_at", "look_at", "accepted_at")},
    **{name: {"N": "1"} for name in ("number", "expires_at")},
    "letter": {"S": "news"},
    "language": {"S": "nl"},
}


class LetterStub(Stub):
    """Answers at once; the queue of turns is always where its caller leaves it, and every report where the stream saw it."""

    def __init__(self) -> None:
        super().__init__()
        self.reports: dict[str, dict[str, Any]] = {}

    def _of_table(self, name: str, request: Any) -> dict[str, Any]:
        if name != "GetItem" or b'-reports"' not in request.body:
            return super()._of_table(name, request)
        return {"Item": self.reports[json.loads(request.body)["Key"]["reference"]["S"]]}

    def _item_of(self, request: Any) -> dict[str, Any]:
        if b'-limits"' not in request.body:
            return NOTED
        soon = int((time.time() + 0.001) * 1_000_000)
        return {"id": {"S": "mail-turns"}, "next_turn": {"N": str(soon)}, "expires_at": {"N": "0"}}


def measure() -> dict[str, float]:
    """Return medians over rounds, in CPU ms per letter, and the AWS calls that one letter makes."""
    stub = LetterStub()
    begin(stub)
    os.environ["_HANDLER"] = "app.on_report_changed"
    from app import app

    wiring.install(wiring.Services(settings_of("bench"), SystemClock(), derivation=DERIVATION, clue_keys=CLUE_KEYS))
    figures: dict[str, float] = {}
    for size in (1, BATCH):
        event, name = stream(size), f"letter_ms_batch_{size}"
        images = [record["dynamodb"]["NewImage"] for record in event["Records"]]
        stub.reports = {image["reference"]["S"]: image for image in images}
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
    now = SystemClock().now()  # an event of long ago is left to the round
    report = replace(report_of_the_bench(now), reference=ids.reference(str(number).encode() * 16))
    image: dict[str, Any] = item_of(report, ReportItem, Deadlines()).to_dynamodb_dict()
    return image


if __name__ == "__main__":
    print(json.dumps(measure()))
