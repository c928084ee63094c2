"""The scenarios in which calls break: filing, a change, a batch of letters, survey invitations, receipts, a sweep, a round."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib import events
from chalicelib.bulk import actions as bulk
from chalicelib.bulk.model import Act, Order
from chalicelib.core import ids
from chalicelib.core.clock import day_of
from chalicelib.desk.assigning import actions as assigning
from chalicelib.desk.moving import actions as moving
from chalicelib.desk.promises import actions as promises
from chalicelib.letters import sweeper
from chalicelib.letters.undoing import undo
from chalicelib.reports import actions
from chalicelib.reports.contact import Contact, DetailsPart
from chalicelib.reports.corrections import newest_act
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.facts import Reporter
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from chalicelib.reports.submission import Submission
from chalicelib.surveys import actions as surveys
from tests.crash.world import World
from tests.simulation.desk import desk_of
from tests.support.samples import CITIZEN, HANDLER, STRANGER, a_report, answers

OFFICER = Actor(Role.OFFICER, "NN1234")
A, B, C, D = "CCCC-CCCC-CCCC", "DDDD-DDDD-DDDD", "FFFF-FFFF-FFFF", "GGGG-GGGG-GGGG"
GONE = ids.reference(b"a report that was destroyed")
WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Scenario:
    """`prepare` runs once, without faults; `act` runs under them."""

    prepare: Callable[[World], None]
    act: Callable[[World], None]


def _filed(world: World, *references: str, **facts: object) -> None:
    for reference in references:
        world.services.reports.add(a_report(reference=reference, at=world.clock.now(), **facts))


def _filed_and_told(*references: str) -> Callable[[World], None]:
    def prepare(world: World) -> None:
        _filed(world, *references)
        world.deliver()

    return prepare


def _file(world: World) -> None:
    """A citizen sends a report, and once more when no answer comes."""
    submission = Submission(KINDS["bicycle-theft"], answers("bicycle-theft", municipality="GM0014", language="nl"), ())
    parts = {"reports": world.services.reports, "derivation_key": world.services.derivation_key, "clock": world.clock}
    reporter = Reporter(CITIZEN.pseudonym, CITIZEN.sealed_bsn)
    world.tried(lambda: actions.file(submission, reporter=reporter, key="key", **parts))
    world.deliver()


def _change(world: World, reference: str = A, key: str = "key", status: Status = Status.CHECKED) -> None:
    """An officer changes a status, and presses again when no answer comes."""
    parts = {"reports": world.services.reports, "clock": world.clock}

    def change() -> None:
        before = actions.get(reference, world.services.reports)
        actions.change_status(before, Change(status, key=key), by=OFFICER, version=before.version, **parts)

    world.tried(change)


def _change_and_wait(world: World) -> None:
    _change(world)
    world.deliver()
    world.clock.at += WAIT
    world.round()


def _change_and_undo(world: World) -> None:
    """An officer changes two things, undoes the last of them, and presses again when no answer comes."""
    _change(world)
    world.deliver()
    _change(world, key="second", status=Status.REFERRED)
    world.deliver()

    def take_back() -> None:
        report = actions.get(A, world.services.reports)
        act = newest_act(report)
        if report.status is Status.REFERRED and act:
            undo(report, act.number, by=OFFICER, version=report.version, key="undo", room=world.services.undoing)

    world.clock.at += timedelta(seconds=30)
    world.tried(take_back)
    world.deliver()
    world.clock.at += WAIT
    world.round()


def _batch(world: World) -> None:
    """One batch: three reports are filed, one of them is changed and asked about."""
    world.deliver()


def _prepare_batch(world: World) -> None:
    _filed(world, A, B, C)
    report = world.services.reports.get(A)
    checked = world.services.reports.save(report, report.changed(Change(Status.CHECKED), by=OFFICER, at=world.clock.now()))
    asked = checked.asked("Hoe?", deadline_on=date(2016, 7, 20), by=OFFICER, at=world.clock.now())
    world.services.reports.save(checked, asked)


def _prepare_surveys(world: World) -> None:
    _filed_and_told(A, B, C)(world)
    world.clock.at += timedelta(days=61)


def _invite(world: World) -> None:
    """The hour strikes, and strikes again when it fails."""
    services = world.services

    def invite() -> None:
        due = tuple(services.reports.due(day_of(world.clock.now())))
        surveys.invite_due(due, replace(services.survey_dispatch, clock=world.clock, deadlines=Deadlines(), open_days=30))

    for _ in range(3):  # three hours: a report that failed is still due
        world.tried(invite)
        world.deliver()


def _prepare_receipts(world: World) -> None:
    _filed(world, A, B)
    world.bounces = frozenset({"sanne@example.org"})


def _receipts(world: World) -> None:
    """Mails bounce, a change is held back, and a new address brings it."""
    world.deliver()
    _change(world)
    world.deliver()
    world.clock.at += WAIT
    world.round()
    mine = actions.OwnReports(pseudonym=CITIZEN.pseudonym, reports=world.services.reports, clock=world.clock)
    world.proves(CITIZEN.pseudonym, "nieuw@example.org")
    for reference in (A, B):
        world.tried(
            lambda reference=reference: actions.apply_details(
                reference,
                lambda report: replace(report.contact, email="nieuw@example.org", usable=True),
                DetailsPart.ADDRESS,
                1,
                key="new",
                mine=mine,
            )
        )
    world.deliver()


def _prepare_sweep(world: World) -> None:
    _prepare_batch(world)
    world.lose_stream()
    world.clock.at += sweeper.STREAM_TAKES


def _sweep(world: World) -> None:
    for _ in range(3):  # three hours
        world.tried(lambda: sweeper.sweep((A, B, C), world.services.mailroom), times=1)
        world.hear()


def _prepare_round(world: World) -> None:
    _filed_and_told(A, B, C)(world)
    _filed(world, D, contact=Contact(email=""))
    for reference in (A, B, C, D):
        _change(world, reference, key=reference)
    world.deliver()
    world.clock.at += WAIT


def _prepare_bulk(world: World) -> None:
    """Four reports of an officer's unit, one of which no mail reaches and one that went further, and one that is not there."""
    _filed_and_told(A, B, C)(world)
    _filed(world, D, contact=Contact(email=""))
    _change(world, C, key=C, status=Status.REFERRED)
    world.deliver()
    batch = bulk.choose([A, B, C, D, GONE], officer=HANDLER, key="", room=world.services.batch_room)
    bulk.try_out(batch.id, Order(act=Act.STATUS, status=Status.CHECKED), officer=HANDLER, room=world.services.batch_room)


def _bulk(world: World) -> None:
    """An officer confirms what was tried, and presses again when no answer comes; the minutes go on with the rest."""
    [head] = [item for item in world.cloud.dynamo.tables["crash-batches"].items.values() if "officer" in item]
    name = head["id"]["S"]

    def confirm() -> None:
        room = world.services.batch_room
        tried = room.batches.get(name)
        bulk.confirm(name, tried.fingerprint if tried else "", officer=HANDLER, room=room)

    world.tried(confirm)
    for _ in range(4):
        world.tried(events.every_minute_batches, times=1)
        world.clock.at += timedelta(minutes=1)
    world.deliver()
    world.clock.at += WAIT
    world.round()


def _do(world: World, act: Callable[[], object]) -> None:
    """Do something, pressing again when no answer comes; by the third time it is done, or whoever pressed is stuck."""
    if not world.tried(act):
        world.books.breaks("6 an act that is never done", act.__name__)


def _assign(world: World) -> None:
    """An officer takes a report, and presses again when no answer comes."""
    desk = desk_of(world.services, "Noord-Nederland")
    _do(world, lambda: assigning.assign(A, HANDLER.id, key="take", desk=desk))


def _hand_over(world: World) -> None:
    """An officer takes a report and hands it over to another unit, where a colleague takes it; each presses again."""
    _assign(world)

    def move() -> None:
        desk, before = desk_of(world.services, "Noord-Nederland"), actions.get(A, world.services.reports)
        moving.move(A, STRANGER_UNIT, "Dader daar.", version=before.version, key="move", desk=desk)

    _do(world, move)
    there = desk_of(world.services, STRANGER_UNIT)
    _do(world, lambda: assigning.assign(A, STRANGER.id, key="take there", desk=there))
    world.deliver()


def _prepare_promise(world: World) -> None:
    _filed_and_told(A)(world)
    world.clock.at += timedelta(days=20)


def _promise(world: World) -> None:
    """A citizen asks how it stands, an officer says so; each presses again when no answer comes."""
    mine = actions.OwnReports(pseudonym=CITIZEN.pseudonym, reports=world.services.reports, clock=world.clock)
    _do(world, lambda: actions.ask_update(A, key="ask", mine=mine))
    world.deliver()

    def give() -> None:
        desk, before = desk_of(world.services, "Noord-Nederland"), actions.get(A, world.services.reports)
        promises.give_update(A, "Wij wachten op beelden.", version=before.version, key="give", desk=desk)

    _do(world, give)
    world.deliver()
    world.clock.at += WAIT
    world.round()


STRANGER_UNIT = next(iter(STRANGER.units))
SCENARIOS = {
    "file": Scenario(lambda _: None, _file),
    "change": Scenario(_filed_and_told(A), _change_and_wait),
    "undo": Scenario(_filed_and_told(A), _change_and_undo),
    "letters": Scenario(_prepare_batch, _batch),
    "surveys": Scenario(_prepare_surveys, _invite),
    "receipts": Scenario(_prepare_receipts, _receipts),
    "sweep": Scenario(_prepare_sweep, _sweep),
    "round": Scenario(_prepare_round, lambda world: world.round()),
    "bulk": Scenario(_prepare_bulk, _bulk),
    "assign": Scenario(_filed_and_told(A), _assign),
    "hand_over": Scenario(_filed_and_told(A), _hand_over),
    "promise": Scenario(_prepare_promise, _promise),
}
