"""A room for batches on stores in memory, and reports to choose from."""

from dataclasses import replace

from chalicelib.bulk import actions
from chalicelib.bulk.actions import BatchRoom
from chalicelib.bulk.model import Act, Batch, Order
from chalicelib.core import ids
from chalicelib.core.errors import Conflict
from chalicelib.reports.contact import Contact
from chalicelib.reports.events import Actor, EventKind, Role
from chalicelib.reports.model import Change, Report
from chalicelib.reports.statuses import Status
from chalicelib.teams.model import Roster
from tests.support.fakes import FakeAudit, FakeReports
from tests.support.fakes_bulk import FakeBatches
from tests.support.fakes_teams import FakeRosters
from tests.support.fakes_texts import FakeTexts
from tests.support.samples import DERIVATION, HANDLER, SUPERVISOR, a_report

TEAM, CASE = "T-AAAAA-AAAAA", "C-K7MDP-R3W9X"
ROSTER = Roster(unit="Noord-Nederland").with_team(TEAM, "Fietsen").joined(TEAM, HANDLER.id)
OFFICER = Actor(Role.OFFICER, "NN9999")
STOP = Order(act=Act.STATUS, status=Status.NOT_INVESTIGATED, explanation="Er zijn geen sporen.", remark="Reeks van mei.")
ORDERS = [
    *(Order(act=Act.STATUS, status=status, explanation="Omdat.", remark="Reeks.") for status in Status),
    Order(act=Act.NOTE, remark="KWARTEL-7F3"),
    Order(act=Act.UPDATE, explanation="Uw aangifte {aangiftenummer} ligt bij {politie-eenheid}."),
    Order(act=Act.STATUS, status=Status.NOT_INVESTIGATED, text="STD-001-1"),
    Order(act=Act.STATUS, status=Status.REGISTERED, text="STD-004-1"),
    *(Order(act=Act.ASSIGN, to=to, remark="Reeks.") for to in ("", HANDLER.id, TEAM)),
    Order(act=Act.JOIN),
]


def a_room(clock, **parts) -> BatchRoom:
    reports, numbers = parts.get("reports", FakeReports()), parts.pop("numbers", {})

    def take_back(before: Report, number: int, *, by: Actor, version: int, key: str) -> Report:
        """Undo as letters.undoing does where the letter waits; what the reporter has read stands fast."""
        if before.read_number >= number:
            raise Conflict("read_already")
        status = before.timeline[number - 2].status
        at = clock.now()
        return reports.save(before, before.with_event(EventKind.RETRACTED, status, by=by, at=at, key=key, undoes=number))

    facts = {
        "batches": FakeBatches(clock),
        "reports": reports,
        "audit": FakeAudit(),
        "rosters": FakeRosters(ROSTER),
        "texts": FakeTexts(),
        "holder": lambda number: numbers.get(number, ""),
        "take_back": take_back,
        "new_id": lambda *names: ids.derive(DERIVATION.names, "batch", *names),
        "clock": clock,
    }
    return BatchRoom(**(facts | parts))


def reference(number: int) -> str:
    """The number of one of many reports, always the same."""
    return ids.reference(f"report {number:030}".encode())


def registered(number: int = 1, *, email: str = "sanne@example.org", **facts) -> Report:
    """A report that can be decided: registered, with a police number."""
    report = a_report(reference=reference(number), contact=Contact(email=email), **facts)
    at = report.filed_at
    checked = report.changed(Change(Status.CHECKED), by=OFFICER, at=at)
    return checked.changed(Change(Status.REGISTERED, registration_number=f"PL0100-2016{number:06}"), by=OFFICER, at=at)


def tried(room: BatchRoom, references, order: Order = STOP, officer=HANDLER, key: str = "") -> Batch:
    """A batch that was chosen and tried."""
    batch = actions.choose(references, officer=officer, key=key, room=room)
    return actions.try_out(batch.id, order, officer=officer, room=room)


def any_done(room: BatchRoom, references, order: Order) -> bool:
    """Whether the order can be carried out for one of them at the least."""
    return tried(room, references, order).counts.done > 0


def done(room: BatchRoom, references, order: Order = STOP, officer=HANDLER) -> Batch:
    """A batch that was carried out to its end."""
    trial = tried(room, references, order, officer)
    confirmer = SUPERVISOR if trial.is_large else officer
    actions.confirm(trial.id, trial.fingerprint, officer=confirmer, room=room)
    while (batch := room.batches.get(trial.id)).phase != "done":
        actions.carry_on_all(room)
    return batch


def changed_since(report: Report) -> Report:
    """The report after somebody else did something with it."""
    return report.contact_changed(replace(report.contact, email="ander@example.org"), at=report.changed_at)
