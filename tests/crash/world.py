"""One stage in memory whose every AWS call can be broken: the real events, and what Lambda and SNS do around them.

The verdict is that of the simulation's books, which know nothing of the ledger: each write, each mail that SES took.
"""

import copy
import os
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from chalicelib import events, wiring
from chalicelib.bulk.model import Batch, Phase, event_key
from chalicelib.bulk.store import BatchItem, batch_of
from chalicelib.core import tables
from chalicelib.core.settings import Settings
from chalicelib.letters.catalogue import letter_id
from chalicelib.letters.ledger_entry import LEASE, LedgerEntry
from chalicelib.letters.mailer import letter_of
from chalicelib.letters.rate_limiter import Pacer, TurnStore
from infra.memory.dynamo import Dynamo
from infra.memory.near import NearClient
from infra.memory.wire import Cloud, Died, Fault
from infra.tables import definitions
from tests.simulation.books import CLOCKS, Books, Decision, Taken
from tests.simulation.verdict import Rest, judged
from tests.support.office import CONFIGURATION_SET, TOPIC, ses_event, sns
from tests.support.samples import CLUE_KEYS, DERIVATION
from tests.support.settings import settings_of

START = datetime(2016, 7, 1, 10, tzinfo=UTC)
DELIVERIES = 30  # of one batch, before the harness calls the stream stuck; Lambda goes on for a day
ROUNDS = 40
UNPROVEN_MOST = 1_000  # mails a day to an address: few are tried in the simulation
PREFIX = "crash-"


def crash_settings() -> Settings:
    return settings_of("crash", mail_configuration_set=CONFIGURATION_SET, receipts_topic=TOPIC, unproven_mail_most=UNPROVEN_MOST)


class Clock:
    """A clock that a snapshot can set back."""

    at = START

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one run. `flagged` are doubled letters of which the ledger says so, `wrong` are other broken rules."""

    lost: int
    doubled: int
    stuck: int
    wrong: int
    flagged: int
    crashes: int
    struck: int


@dataclass(slots=True)
class Doing:
    """The act that is being done, as the books want to know it."""

    name: str
    began: datetime
    details: dict[str, Any] = field(default_factory=dict)


class WatchedTables(Dynamo):
    """Tables of which each write is told to `seen`."""

    seen: Callable[[str, Any, Any], None]

    def _write(self, table: Any, key: Any, new: Any, request: Any) -> None:
        old = table.items.get(key)
        super()._write(table, key, new, request)
        if old != new:
            self.seen(request["TableName"].removeprefix(PREFIX), old, new)


class WatchedCloud(Cloud):
    """A cloud of which each mail that SES takes is told to `seen`."""

    seen: Callable[[Mapping[str, Any], str], None]

    def take(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = super().take(body)
        self.seen(body, answer["MessageId"])
        return answer


class World:
    """One stage; make one per process."""

    def __init__(self) -> None:
        os.environ.update(AWS_ACCESS_KEY_ID="crash", AWS_SECRET_ACCESS_KEY="crash", AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled")
        self.clock, self.cloud = Clock(), WatchedCloud(WatchedTables(*definitions(PREFIX)))
        self.cloud.dynamo.seen, self.cloud.seen = self._written, self._mailed
        self.cloud.connect()
        self.books = Books(self.clock, unproven_most=UNPROVEN_MOST)
        self._doing = Doing("prepare", self.clock.at)
        self.services = wiring.Services(crash_settings(), self.clock, derivation=DERIVATION, clue_keys=CLUE_KEYS)
        wiring.install(self.services)
        shared = tables.connection(self.services.settings.region)
        shared._client = self._near(shared.client)
        self._ses = self._near(self.services._client("sesv2", attempts=1))
        self._fresh_process()
        self.hears, self._taken, self._told, self.bounces = True, 0, 0, frozenset()
        self.repeats: random.Random | None = None  # set: records come up to three times

    def _near(self, client: Any) -> NearClient:
        """Answer in the client's place; only a call that is to break goes down the wire."""
        return NearClient(self.cloud, client, lambda *_: None, lambda *_: None)

    def _fresh_process(self) -> None:
        """The memory of a process: whose turn it is to send."""
        self.services.__dict__["pacer"] = Pacer(TurnStore(self.services.settings), 1_000, self.clock, self.clock.sleep)

    def snapshot(self) -> Any:
        books = copy.deepcopy(self.books, {id(self.clock): self.clock})
        return self.cloud.dynamo.snapshot(), self.clock.at, list(self.cloud.mails), self._taken, self._told, books

    def restore(self, snapshot: Any) -> None:
        state, self.clock.at, mails, self._taken, self._told, books = snapshot
        self.cloud.dynamo.restore(state)
        self.cloud.mails = list(mails)
        self.books = copy.deepcopy(books, {id(self.clock): self.clock})
        self._fresh_process()

    def proves(self, whose: str, address: str) -> None:
        """Somebody has typed the code that was mailed to a new address."""
        self.books.people[whose].proofs.append(Decision(self.clock.at, {"email": address}))

    def _written(self, table: str, old: Any, new: Any) -> None:
        self.books.written(table, old, new, self._doing)

    def _mailed(self, body: Mapping[str, Any], message_id: str) -> None:
        mail = self.cloud.mails[-1]
        reference, _, number = mail.letter.rpartition("_")
        facts = {"sender": body["FromEmailAddress"], "at": self.clock.at, "began": self.clock.at, "message_id": message_id}
        taken = Taken(name=mail.letter, reference=reference, number=int(number), to=mail.to, **facts)
        self.books.taken(taken, self._doing, self.clock.at, None)

    def run(self, act: Callable[["World"], None], faults: Mapping[int, Fault], *, hears: bool) -> Verdict:
        """Let something happen under faults, then let the stage come to rest, and judge what is left."""
        self.hears = hears
        self.cloud.begin(faults)
        act(self)
        self.come_to_rest()
        return self.verdict()

    def tried(self, what: Callable[[], Any], times: int = 3) -> bool:
        """Do something as its caller would: again when it fails, so many times. True when it was done."""
        for _ in range(times):
            self._doing = Doing(getattr(what, "__name__", "act"), self.clock.at, self._doing.details)
            try:
                what()
            except Died:
                self._fresh_process()
                self.clock.at += timedelta(seconds=1)
            except Exception:  # noqa: BLE001 — whatever a function raises, Lambda calls again
                self.clock.at += timedelta(seconds=1)
            else:
                return True
        return False

    def deliver(self) -> None:
        """Deliver what the stream holds, and again from the lowest failure, as Lambda does."""
        writes = self._writes
        for _ in range(DELIVERIES):
            if self._taken == len(writes) and not self.hear():  # a bounce is written into its report
                break
            records = [_record(number, *write) for number, write in enumerate(writes[self._taken :], self._taken)]
            try:
                answer = events.on_report_changed({"Records": records})
            except (Died, Exception):  # noqa: BLE001 — likewise
                self._fresh_process()
                self.clock.at += timedelta(seconds=1)
                continue
            for _ in range(self.repeats.randrange(3) if self.repeats else 0):
                self.tried(lambda records=records: events.on_report_changed({"Records": records}), times=1)
            failed = [int(one["itemIdentifier"]) for one in answer["batchItemFailures"]]
            self._taken = min(failed, default=self._taken + len(records))

    def lose_stream(self) -> None:
        """A record that is in the stream never arrives."""
        self._taken = len(self._writes)

    def hear(self) -> int:
        """Let SES tell of the mails that it took since the last time, each receipt up to three times; return how many."""
        fresh, self._told = self.books.mails[self._told :], len(self.books.mails)
        for mail in fresh if self.hears else ():
            last = "Bounce" if mail.to in self.bounces else "Delivery"
            for kind in ("Send", last):
                self._hear(mail, kind)
        return len(fresh)

    def _hear(self, mail: Taken, kind: str) -> None:
        event = ses_event(kind, letter_of(f"{mail.reference}_{mail.number}"), at=self.clock.now(), to=mail.to)
        event["mail"] |= {"messageId": mail.message_id}
        told = sns(event)
        self._doing.details = {"told": SimpleNamespace(mail=mail)}
        if self.tried(lambda: events.on_receipt(told)):
            self.books.told(mail, kind, "Permanent" if kind == "Bounce" else "")
        self._doing.details = {}

    def round(self) -> None:
        self.tried(events.every_minute, times=1)
        self.deliver()

    def come_to_rest(self) -> None:
        """Let minutes pass until nothing is left to do."""
        self.deliver()
        for number in range(ROUNDS):
            if not any(not entry.is_settled for entry in self.entries()):
                return
            self.clock.at += timedelta(minutes=6) if number % 2 else LEASE
            self.round()

    def entries(self) -> list[LedgerEntry]:
        """Read the whole ledger, past the wire; the addresses that are written to no more lie in the same table."""
        return [_entry(item) for (_, number), item in self._letters().items() if number]

    def reports(self) -> list[Any]:
        items = self.cloud.dynamo.tables[PREFIX + "reports"].items.values()
        return [self.services.reports.report_of_image(item) for item in items]

    @property
    def _writes(self) -> list[Any]:
        return self.cloud.dynamo.tables[PREFIX + "reports"].writes

    def verdict(self) -> Verdict:
        broken = [*self.books.broken, *judged(self._rest())]
        doubled = {name: len(mails) - 1 for name, mails in self.books.of_event.items() if len(mails) > 1}
        anew = {name: sum(mail.back_at is not None for mail in self.books.of_event[name][:-1]) for name in doubled}
        letters = self._letters()
        rules = Counter(each.rule.partition(" ")[0] for each in broken)
        return Verdict(
            lost=rules["1"] + rules["5"],
            doubled=sum(doubled.values()) - sum(anew.values()),
            stuck=rules["6"] + self._unfinished(),
            wrong=sum(times for rule, times in rules.items() if rule not in ("1", "2", "5", "6")) + self._done_twice(),
            flagged=sum(times - anew[name] for name, times in doubled.items() if "repeated" in letters[name]),
            crashes=sum(fault in (Fault.DIES_BEFORE, Fault.DIES_AFTER) for fault, _ in self.cloud.struck),
            struck=len(self.cloud.struck),
        )

    def _batches(self) -> list[Batch]:
        items = [BatchItem.from_raw_data(item) for item in self.cloud.dynamo.tables[PREFIX + "batches"].items.values()]
        names = {item.id for item in items}
        return [batch_of(sorted((i for i in items if i.id == name), key=lambda i: i.part)) for name in names]

    def _unfinished(self) -> int:
        """How many batches that were confirmed have not ended, or say of a report that it was done when it was not."""
        found = {report.reference: report for report in self.reports()}
        return sum(
            batch.phase is Phase.RUNNING
            or any(event_key(batch.id, row.reference) not in _keys(found[row.reference]) for row in batch.done)
            for batch in self._batches()
        )

    def _done_twice(self) -> int:
        return sum(len(keys) - len(set(keys)) for keys in map(_keys, self.reports()))

    def _rest(self) -> Rest:
        listed = frozenset(report.reference for report in self.reports() if report.to_contact_since)
        undelivered = len(self._writes) - self._taken
        return Rest(
            books=self.books, letters=self._letters(), listed=listed, quiet_at=self.clock.at + CLOCKS, undelivered=undelivered
        )

    def _letters(self) -> dict[tuple[str, int], Any]:
        items = self.cloud.dynamo.tables[PREFIX + "letters"].items.values()
        return {(item["reference"]["S"], int(item["number"]["N"])): item for item in items}


def _entry(item: Mapping[str, Any]) -> LedgerEntry:
    text = {name: item.get(name, {}).get("S", "") for name in ("attempt", "rejected", "not_sent", "message_id")}
    there = {name: START if name in item else None for name in ("accepted_at", "failed_at", "lease_until")}
    merged_into = int(item["joined"]["N"]) if "joined" in item else 0
    name = letter_id(item["reference"]["S"], int(item["number"]["N"]))
    return LedgerEntry(id=name, merged_into=merged_into, repeated="repeated" in item, **text, **there)


def _keys(report: Any) -> list[str]:
    return [event.key for event in report.timeline if event.key]


def _record(number: int, old: Any, new: Any) -> dict[str, Any]:
    images = {"OldImage": old, "NewImage": new}
    write = {"SequenceNumber": str(number), "Keys": {"reference": (new or old)["reference"]}}
    write |= {name: image for name, image in images.items() if image is not None}
    name = "REMOVE" if new is None else "MODIFY" if old else "INSERT"
    return {"eventName": name, "eventSource": "aws:dynamodb", "dynamodb": write}
