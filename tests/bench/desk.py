"""`python -m tests.bench.desk`: the desk among very many reports: CPU, reads and reports looked through of each page.

The real app at the end of botocore's wire, on tables in memory: the SDK's CPU counts, that of the tables does not. Lists are
measured at 2,000 and at 20,000 open reports of one unit; then follow an officer with 5,000, a clue on which 10,000 reports
lie, and 200,000 decided reports. One line of JSON at the end; `growth` is 20,000 over 2,000, in CPU of all lists together.
"""

import json
import os
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalice.local import LambdaContext

from chalicelib import wiring
from chalicelib.boards import actions as boards
from chalicelib.clues.indexing import derive
from chalicelib.clues.model import Clue, short
from chalicelib.clues.sorts import ClueSort
from chalicelib.core import ids
from chalicelib.desk.queue.query import Query, cursor_of, parse_address
from chalicelib.people.model import Principal
from chalicelib.reports import lists, queue
from chalicelib.reports.additions import Sort
from chalicelib.reports.events import Actor, Rank, Role
from chalicelib.reports.model import Change, Report
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from infra.local.gateway import Incoming, match, proxy_event
from infra.memory.wire import Cloud
from infra.tables import definitions
from tests.bench.stub import NoonClock
from tests.support.calls import PREFIX, CountedTables
from tests.support.crowds import Pattern, gathered, lying
from tests.support.samples import CLUE_KEYS, DERIVATION, HANDLER, NOON, a_report, answers
from tests.support.settings import settings_of

FEW, MANY, HELD, ON_A_CLUE, DECIDED = 2_000, 20_000, 5_000, 10_000, 200_000
CALLS = 7
UNIT, ELSEWHERE, COLLEAGUE = "Noord-Nederland", "Limburg", "NN7777"
OFFICER = Actor(Role.OFFICER, "NN1002")
CLUE = Clue(ClueSort.IBAN, "NL91ABNA0417164300")
CONTEXT = LambdaContext("bench", 1024, 60_000)
LISTS = {  # by name: the address of a list of the unit
    "first": "",
    "all": "status=all",
    "newest": "status=all&order=newest",
    "crime": "kind=web-shop-fraud",
    "rare_crime": "kind=graffiti",
    "place": "place=GM0106",
    "free": "who=nobody",
    "colleague": f"who={COLLEAGUE}",
    "mine": "status=all&who=me",
    "overdue": "status=all&mark=overdue",
    "fresh": "status=all&mark=fresh",
    "urgent": "status=all&mark=urgent",
    "old": "age=90",
    "none": "kind=friend-in-need-fraud",
}


class TimedCloud(Cloud):
    """A cloud that knows how much CPU it took itself."""

    spent = 0.0

    def _answered(self, request: Any, **facts: Any) -> Any:
        began = time.process_time()
        try:
            return super()._answered(request, **facts)
        finally:
            self.spent += time.process_time() - began


class Tokens:
    """Lets the bench in; the cost of a token check is not part of these figures."""

    def principal(self, _: str) -> Principal:
        return HANDLER


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one page: medians over its calls. `looked` are the reports, and things on clues, that queries went through."""

    ms: float
    reads: int
    looked: int


class Bench:
    """A desk with an officer who is logged in."""

    def __init__(self) -> None:
        os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench", AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled")
        self.tables = CountedTables(*definitions(PREFIX))
        self.cloud = TimedCloud(self.tables)
        self.cloud.connect()
        parts = {"access_tokens": Tokens(), "derivation": DERIVATION, "clue_keys": CLUE_KEYS}
        self.services = wiring.Services(settings_of("test"), NoonClock(), **parts)
        wiring.install(self.services)
        from app import app

        self._app = app
        sessions = self.services.sessions
        self._secret = sessions.open(HANDLER, issuer="bench", subject="bench", session_id=ids.secret_id())
        self.fraud = self.services.reports.add(_fraud())
        derive(self.fraud.reference, self.services.clue_room)
        sessions.note_reason(sessions.find(self._secret), self.fraud.reference, "handling")

    def gathers(self, patterns: list[Report], count: int, name: str, *, is_lean: bool = True) -> list[str]:
        table = f"{PREFIX}reports"
        return gathered(self.tables, table, [Pattern(one, is_lean=is_lean) for one in patterns], count, name=name)

    def page(self, address: str) -> Cost:
        headers = (("Cookie", f"__Host-session={self._secret}"), ("Accept", "text/html"))
        return self._cost(Incoming("GET", address, headers, b"", "127.0.0.1"))

    def called(self, path: str, body: Mapping[str, Any]) -> Cost:
        headers = (("Authorization", "Bearer bench"), ("Content-Type", "application/json"), ("Look-Reason", "handling"))
        return self._cost(Incoming("POST", path, headers, json.dumps(body).encode(), "127.0.0.1"))

    def _cost(self, incoming: Incoming) -> Cost:
        found = match(incoming.target.partition("?")[0], incoming.method, self._app.routes)
        assert found
        event = proxy_event(incoming, *found, binary_types=self._app.api.binary_types, at=NOON)
        spent = [self._spent(event) for _ in range(CALLS + 1)][1:]
        calls = self.tables.calls
        looked = sum(times for table, times in calls.looked_through.items() if table in ("reports", "clues"))
        return Cost(round(statistics.median(spent), 2), calls.beyond_the_session().total(), looked)

    def _spent(self, event: dict[str, Any]) -> float:
        self.tables.calls.forget()
        began, aside = time.process_time(), self.cloud.spent
        answer = self._app(event, CONTEXT)
        spent = time.process_time() - began - (self.cloud.spent - aside)
        assert answer["statusCode"] in (200, 201), answer["body"]
        return spent * 1_000


def _fraud() -> Report:
    told = Statement.of("web-shop-fraud", answers("web-shop-fraud"))
    return a_report(reference=ids.reference(b"the one that is opened" * 2), statement=told)


def open_reports() -> list[Report]:
    """Return patterns of open reports: crimes, places, ages, officers, ranks and flags, in a mixture that never changes."""
    return [_open(number) for number in range(60)]


def _open(number: int) -> Report:
    kind = "graffiti" if number == 59 else ("web-shop-fraud", "bicycle-theft", "other-theft", "phishing")[number * 7 % 4]
    at = NOON - timedelta(days=(0, 45, 100)[number % 3])
    report = a_report(statement=Statement.of(kind, answers(kind)), municipality=("GM0014", "GM0106")[number % 7 == 6], at=at)
    if number % 5 < 3:
        report = report.assigned((HANDLER.id, COLLEAGUE)[number % 2], by=OFFICER, at=at)
    for status in (Status.CHECKED, Status.REGISTERED, Status.INVESTIGATING)[: number % 4 if number % 2 else 0]:
        police_number = "PL0100-2016123456" if status is Status.REGISTERED else ""
        report = report.changed(Change(status, registration_number=police_number), by=OFFICER, at=at)
    if number % 10 == 1:
        report = report.added(Sort.MORE, {"text": "Een bus."}, at=at)
    return report.ranked(Rank.URGENT, by=OFFICER, at=at) if number % 20 == 2 else report


def decided_reports() -> list[Report]:
    """Return patterns of reports that were not investigated, filed in the last hundred days."""
    return [_decided(number) for number in range(50)]


def _decided(number: int) -> Report:
    at = NOON - timedelta(days=2 * number)
    report = a_report(at=at)
    number_given = Change(Status.REGISTERED, registration_number="PL0100-2016123456")
    for change in (Change(Status.CHECKED), number_given, Change(Status.NOT_INVESTIGATED, explanation="Niets.")):
        report = report.changed(change, by=OFFICER, at=at)
    return report


def measure() -> dict[str, float]:
    bench, costs, growth = Bench(), dict[str, Cost](), dict[int, float]()
    patterns = open_reports()
    for size, more in ((FEW, FEW), (MANY, MANY - FEW)):
        bench.gathers(patterns, more, f"open {size}")
        lists_of_size = dict(_lists(bench, size))
        growth[size] = sum(cost.ms for cost in lists_of_size.values())
        costs |= lists_of_size
    costs |= _people_and_clues(bench)
    costs |= _decided_list(bench)
    figures = {f"{name}_{what}": getattr(cost, what) for name, cost in costs.items() for what in ("ms", "reads", "looked")}
    return figures | {"growth": round(growth[MANY] / growth[FEW], 2), "load": round(os.getloadavg()[0], 1)}


def _lists(bench: Bench, size: int) -> Iterator[tuple[str, Cost]]:
    for name, address in LISTS.items():
        yield f"list_{name}_{size}", bench.page(f"/desk/queue?unit={UNIT}&{address}")
    query = parse_address(f"unit={UNIT}&status=all")
    yield f"list_deep_{size}", bench.page(f"/desk/queue?{query.address}&cursor={cursor_of(query, _deep(bench, query))}")


def _deep(bench: Bench, query: Query) -> str:
    """Return the place at which four fifths of a list lie before it."""
    sought = query.sought(HANDLER, NOON)
    places = sorted(sought.position(line.place) for line in lists.every(sought, bench.services.reports))
    return places[len(places) * 4 // 5]


def _people_and_clues(bench: Bench) -> Iterator[tuple[str, Cost]]:
    """An officer with very many reports, most of them of another unit; a clue on which very many lie."""
    held = [a_report(unit=unit).assigned(HANDLER.id, by=OFFICER, at=NOON) for unit in (ELSEWHERE, ELSEWHERE, UNIT)]
    bench.gathers(held, HELD, "held")
    bench.services.boards.put(boards.counted(UNIT, reports=bench.services.reports, clock=bench.services.clock))
    yield "start", bench.page("/desk")
    yield "list_mine_of_5000", bench.page(f"/desk/queue?unit={UNIT}&status=all&who=me")
    digest = bench.services.clue_keys.digest(CLUE)
    references = bench.gathers([_fraud()], ON_A_CLUE, "fraud", is_lean=False)
    for unit, some in ((UNIT, references[::2]), (ELSEWHERE, references[1::2])):
        lying(bench.tables, f"{PREFIX}clues", digest, unit, some, at=NOON, until=NOON + timedelta(days=365))
    yield "report", bench.page(f"/desk/reports/{bench.fraud.reference}")
    yield "linked", bench.page(f"/desk/reports/{bench.fraud.reference}/linked/{short(digest)}")
    yield "search", bench.called("/v1/desk/searches", {"value": CLUE.value, "sort": "iban"})


def _decided_list(bench: Bench) -> Iterator[tuple[str, Cost]]:
    bench.gathers(decided_reports(), DECIDED, "decided")
    query = parse_address(f"unit={UNIT}&status=not_investigated")
    yield "list_decided", bench.page(f"/desk/queue?{query.address}")
    place = f"{queue.place_of_filing(NOON - timedelta(days=40))}-K7MD-PR3W-9XCV"
    yield "list_decided_deep", bench.page(f"/desk/queue?{query.address}&cursor={cursor_of(query, place)}")


def main() -> None:
    print(json.dumps(measure()))


if __name__ == "__main__":
    main()
