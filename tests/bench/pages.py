"""CPU of the main pages, through the real app, on AWS that answers at once: session, translation, template and all."""

import json
import statistics
import time
from datetime import timedelta
from typing import Any

from chalice.local import LambdaContext

from chalicelib import wiring
from chalicelib.core import ids
from chalicelib.drafts.store import DraftItem
from chalicelib.identity import sessions
from chalicelib.people.model import Principal
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import PAGE
from chalicelib.reports.table import ReportItem, item_of
from infra.local.gateway import Incoming, match, proxy_event
from tests.bench.staged import begin, report_of_the_bench
from tests.bench.stub import NoonClock, Stub
from tests.support.samples import CITIZEN, CLUE_KEYS, DERIVATION, HANDLER, NOON, answers
from tests.support.settings import settings_of

ROUNDS, CALLS = 9, 40
MOST_MS = 3.0
SECRET, DRAFT = "s" * 43, ids.reference(b"bench" * 4)
LINE = ("reference", "reporter", "filed_at", "kind", "unit", "status", "registration_number", "changed_at", "unit_status")
CONTEXT = LambdaContext("bench", 1024, 60_000)
_REPORT, _DRAFT = "/reports/K7MD-PR3W-9XCV", f"/report/bicycle-theft/{DRAFT}"
PAGES: dict[str, tuple[str, Principal | None]] = {
    "entry": ("/", None),
    "choose": ("/report", None),
    "circumstances": ("/report/bicycle-theft/circumstances", None),
    "step": (f"{_DRAFT}/bicycle", CITIZEN),
    "step_place": (f"{_DRAFT}/place", CITIZEN),
    "check": (f"{_DRAFT}/check", CITIZEN),
    "receipt": (f"{_REPORT}/receipt", CITIZEN),
    "my_reports": ("/reports", CITIZEN),
    "report": (_REPORT, CITIZEN),
    "copy": (f"{_REPORT}/copy", CITIZEN),
    "how_it_works": ("/how-it-works", None),
    "worklist": ("/desk/queue?unit=Noord-Nederland", HANDLER),
    "desk_report": (f"/desk{_REPORT}", HANDLER),
}


def measure() -> dict[str, float]:
    """Return the CPU ms of each page: medians over rounds in which the pages take turns."""
    stub = Stub()
    begin(stub)
    settings = settings_of("bench")
    wiring.install(wiring.Services(settings, NoonClock(), derivation=DERIVATION, clue_keys=CLUE_KEYS))
    from app import app

    events = {name: (_event(app, path), _tables(principal)) for name, (path, principal) in PAGES.items()}
    spent: dict[str, list[float]] = {name: [] for name in events}
    for number in range(ROUNDS + 1):
        for name, (event, tables) in events.items():
            stub.tables = tables
            taken = _times(app, event)
            if number:  # the first round warms up: clients, templates
                spent[name].append(taken)
    return {f"page_{name}_ms": round(statistics.median(values), 2) for name, values in spent.items()}


def _times(app: Any, event: dict[str, Any]) -> float:
    began = time.process_time()
    for _ in range(CALLS):
        answer = app(event, CONTEXT)
        assert answer["statusCode"] == 200, answer
    return (time.process_time() - began) * 1000 / CALLS


def _tables(principal: Principal | None) -> dict[str, list[dict[str, Any]]]:
    report, officer = report_of_the_bench(), Actor(Role.OFFICER, HANDLER.id)
    for days, status in enumerate((Status.CHECKED, Status.REGISTERED, Status.INVESTIGATING), 1):
        number = "PL0100-2016123456" if status is Status.REGISTERED else ""
        at = report.filed_at + timedelta(minutes=days)
        report = report.changed(Change(status, registration_number=number), by=officer, at=at)
    item = item_of(report, ReportItem, Deadlines()).to_dynamodb_dict()
    draft = DraftItem(
        owner=CITIZEN.pseudonym,
        id=DRAFT,
        kind="bicycle-theft",
        content=json.dumps(answers()),
        saved_at=NOON,
        expires_at=int(NOON.timestamp()) + 86_400,
    )
    session = sessions.SessionItem(
        id="bench",
        expires_at=int(NOON.timestamp()) + 86_400,
        principal=sessions.packed(principal) if principal else None,
        issuer="bench",
        opened_at=NOON,
        last_seen_at=NOON,
        reasons={_REPORT.rpartition("/")[2]: "handling"},
    )
    return {
        "reports": [item, *[{name: item[name] for name in LINE if name in item}] * PAGE],
        "drafts": [draft.to_dynamodb_dict()],
        "sessions": [session.to_dynamodb_dict()] if principal else [],
    }


def _event(app: Any, target: str) -> dict[str, Any]:
    headers = (("Cookie", f"__Host-session={SECRET}"), ("Accept", "text/html"))
    incoming = Incoming("GET", target, headers, b"", "127.0.0.1")
    found = match(target.partition("?")[0], "GET", app.routes)
    assert found
    return proxy_event(incoming, *found, binary_types=app.api.binary_types, at=NOON)


if __name__ == "__main__":
    print(json.dumps(measure()))
