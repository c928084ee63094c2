"""One stage in memory: the product's own code on an engine in this process, one time for all, and a clock for each invocation.

Whoever acts does so in an invocation: with a clock that is some seconds off, with calls that break or kill it, and with another
invocation that runs inside it at one of its calls.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from chalicelib import wiring
from chalicelib.core import tables
from chalicelib.core.derivation import Derivation, ProofKey, ProofKeys
from chalicelib.core.errors import PortalError
from chalicelib.core.settings import Settings
from chalicelib.evidence.looking import EvidenceStorage
from chalicelib.evidence.scanner import EicarScanner
from chalicelib.evidence.store import FolderStore
from chalicelib.letters.mailer import SesMailer
from chalicelib.letters.rate_limiter import Pacer, TurnStore
from infra.memory.dynamo import Dynamo, Item
from infra.memory.near import NearClient
from infra.memory.wire import Cloud, Died, Fault
from infra.tables import definitions
from tests.simulation.books import UNPROVEN_MOST, Books
from tests.simulation.post import Post
from tests.simulation.streams import Streams
from tests.support.fakes import FakeBucket
from tests.support.samples import CLUE_KEYS
from tests.support.settings import settings_of

START = datetime(2016, 7, 1, 10, tzinfo=UTC)
PREFIX, CONFIGURATION_SET, TOPIC = "simulation-", "simulation-mail", "simulation-receipts"
A_CALL = timedelta(milliseconds=5)
NEUTRAL = "bericht@post.example"


def simulation_settings() -> Settings:
    names = {"mail_configuration_set": CONFIGURATION_SET, "receipts_topic": TOPIC}
    return settings_of(
        "simulation", mail_from_neutral=NEUTRAL, details_most=40, limit_tries=40, unproven_mail_most=UNPROVEN_MOST, **names
    )


@dataclass(slots=True)
class Time:
    """The one true time."""

    at: datetime = START

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(slots=True)
class OwnClock:
    """The clock of one invocation."""

    time: Time
    off: timedelta = timedelta()

    def now(self) -> datetime:
        return self.time.at + self.off

    def sleep(self, seconds: float) -> None:
        self.time.passes(seconds)


@dataclass(frozen=True, slots=True)
class Trouble:
    """The things that go wrong in one invocation. `inside` runs at the call of that number, before or after its effect."""

    off_s: float = 0.0
    faults: tuple[tuple[int, Fault], ...] = ()
    inside: tuple[int, bool, Any] | None = None


NO_TROUBLE = Trouble()


class Tables(Dynamo):
    """Tables of which every write is told to somebody."""

    def __init__(self) -> None:
        super().__init__(*definitions(PREFIX))
        self.stage: Stage

    def _write(self, table: Any, key: Any, new: Item | None, request: Any) -> None:
        old = table.items.get(key)
        super()._write(table, key, new, request)
        if old != new:
            self.stage.written(request["TableName"].removeprefix(PREFIX), old, new)


class Sky(Cloud):
    """The engine; the `stage` whose turn it is looks at each call, and its post takes the mails."""

    def __init__(self) -> None:
        self.tables = Tables()
        super().__init__(self.tables)
        self.stage: Stage

    def take(self, body: Any) -> Any:
        return self.stage.post.take(body)

    def before(self, operation: str, request: Any) -> None:
        self.stage.before(operation, request)

    def after(self, operation: str, request: Any) -> None:
        self.stage.after(operation, request)


@dataclass(slots=True)
class Process:
    """One function's process: its parts, its clock, and what it holds between calls."""

    services: wiring.Services
    clock: OwnClock


@dataclass(slots=True)
class Invocation:
    """One run of one function or request. `last` is its last call: the operation, its request, and when it began."""

    name: str
    began: datetime
    last: tuple[str, Any, datetime] | None = None
    struck: int = 0
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """The engine and its clients: dear to make, so there is one in a process."""

    sky: Sky
    dynamo: NearClient
    ses: NearClient
    settings: Settings
    empty: Any

    @classmethod
    @cache
    def made(cls) -> "World":
        os.environ.update(AWS_ACCESS_KEY_ID="sim", AWS_SECRET_ACCESS_KEY="sim", AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled")
        logging.getLogger("mijn_politie").setLevel(logging.CRITICAL + 1)
        sky, settings = Sky(), simulation_settings()
        sky.connect()
        shared = tables.connection(settings.region)
        dynamo = NearClient(sky, shared.client, sky.before, sky.after)
        shared._client = dynamo
        ses = wiring.Services(settings, OwnClock(Time()))._client("sesv2", attempts=1)
        return cls(sky, dynamo, NearClient(sky, ses, sky.before, sky.after), settings, sky.dynamo.snapshot())

    def begins(self, stage: "Stage") -> None:
        """Nothing has happened yet."""
        self.sky.stage = self.sky.tables.stage = stage
        self.sky.dynamo.restore(self.empty)
        self.sky.begin({})


class Stage:
    """The portal, its outside world, and the books of what happened. `perform` carries one step out."""

    def __init__(self, seed: int) -> None:
        world = World.made()
        world.begins(self)
        self.sky, self._ses, self.settings = world.sky, world.ses, world.settings
        self.time, self.depth = Time(), 0
        self.books = Books(self.time)
        self.post = Post(seed, self.time, self.books)
        self.streams = Streams(self.time, self.sky.dynamo, PREFIX)
        self.derivation = Derivation.parse("d" * 64)
        self.bucket = FakeBucket()
        self.processes: list[Process] = []
        self.running: list[Invocation] = []
        self._trouble, self.perform_inside = NO_TROUBLE, lambda _: None
        self.crashes = self.faults = self.nested = self.calls = 0

    # The engine tells ---------------------------------------------------------------------------------------

    def written(self, table: str, old: Item | None, new: Item | None) -> None:
        self.books.written(table, old, new, self.running[-1] if self.running else None)

    def before(self, operation: str, request: Any) -> None:
        run = self.running[-1]
        self.calls += 1
        self.time.at += A_CALL
        if operation == "SendEmail":
            self.post.begins(run)
        self._interrupted(after=False)
        run.last = (operation, request, self.time.at)

    def after(self, operation: str, request: Any) -> None:
        self._interrupted(after=True)

    def _interrupted(self, *, after: bool) -> None:
        inside = self._trouble.inside
        number = self.sky.number + (not after)
        if inside is None or inside[0] != number or inside[1] is not after:
            return
        trouble, self._trouble = self._trouble, NO_TROUBLE
        sky = self.sky
        kept = sky.faults, sky.number, sky.attempt, sky.struck
        self.depth, self.nested = self.depth + 1, self.nested + 1
        try:
            self.perform_inside(inside[2])
        finally:
            self.depth -= 1
            sky.faults, sky.number, sky.attempt, sky.struck = kept
            wiring.install(self.processes[self.depth].services)
            self._trouble = Trouble(trouble.off_s, trouble.faults)

    # Invocations ----------------------------------------------------------------------------------------------------

    def trouble(self, trouble: Trouble) -> None:
        """Let this happen to the next invocation."""
        self._trouble = trouble

    def invoke(self, name: str, what: Callable[[wiring.Services], Any], **details: Any) -> tuple[bool, Any]:
        """Run a function or a request in a process; return whether it ended well, and its answer or its error."""
        trouble = self._trouble
        process = self._process()
        process.clock.off = timedelta(seconds=trouble.off_s)
        self.sky.begin(dict(trouble.faults))
        run = Invocation(name, self.time.at, details=details)
        self.running.append(run)
        try:
            return True, what(process.services)
        except Died:
            self.crashes += 1
            self.processes[self.depth] = self._fresh()
            return False, None
        except PortalError as error:
            return False, error
        except Exception as error:  # noqa: BLE001 — Lambda and people meet whatever a function raises
            if not self.sky.struck and not trouble.inside:
                self.books.breaks("0 an error that nobody expects", f"{name}: {type(error).__name__}: {error}")
            return False, error
        finally:
            self.faults += len(self.sky.struck)
            self.running.pop()
            self._trouble = NO_TROUBLE

    def _process(self) -> Process:
        while len(self.processes) <= self.depth:
            self.processes.append(self._fresh())
        found = self.processes[self.depth]
        wiring.install(found.services)
        return found

    def _fresh(self) -> Process:
        clock = OwnClock(self.time)
        pacer = Pacer(TurnStore(self.settings), 1_000, clock, clock.sleep)
        storage = EvidenceStorage(FolderStore(self.settings, clock), self.bucket, EicarScanner(), clock)
        parts = {
            "derivation": self.derivation,
            "clue_keys": CLUE_KEYS,
            "pacer": pacer,
            "mailer": SesMailer(lambda: self._ses, self.settings),
            "evidence_storage": storage,
        }
        return Process(wiring.Services(self.settings, clock, **parts), clock)

    def rotate(self, hours: int) -> None:
        """A fresh key of codes begins some hours on; functions that start from now on know it, and all are started anew."""
        begins = self.time.at.replace(microsecond=0) + timedelta(hours=hours)
        number = len(self.derivation.proofs.keys)
        fresh = ProofKey(begins, f"{number:x}".encode() * 64)
        self.derivation = Derivation(self.derivation.names, ProofKeys((fresh, *self.derivation.proofs.keys)))
        self.processes.clear()

    def raw(self, table: str) -> dict[Any, Item]:
        return self.sky.dynamo.tables[PREFIX + table].items
