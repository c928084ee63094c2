"""The actions on a batch: choose, try, confirm, carry on, take back.

A batch is carried out by whoever comes by: the request that confirms it does the first two chunks, the schedule the rest. All
run the same function, which finds its own event in a report by the key of batch and report: a run may die anywhere, and run
twice at once, and nothing is done twice, left out, or said otherwise than it went.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Protocol

from chalicelib.audit.store import Audit
from chalicelib.bulk.model import MOST, NEEDS, Act, Batch, Order, Outcome, Phase, Row, Verdict, event_key
from chalicelib.bulk.store import Batches
from chalicelib.bulk.trial import FAILED, NOT_THERE, STALE, acted, forecast, is_theirs, told
from chalicelib.core import ids, log
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict, FieldError, Invalid, NotFound
from chalicelib.people.model import Officer
from chalicelib.people.permissions import LookReason, Permission, may, require
from chalicelib.reports.events import Actor, Event, Role
from chalicelib.reports.model import Report
from chalicelib.reports.store import Reports

AT_ONCE = 2  # chunks that the request does which confirms: what most batches are
GIVEN_UP_AFTER = timedelta(hours=1)  # of tries at a report that cannot be read or written


class TakeBack(Protocol):
    """The undo of one act on one report (`letters.undoing`)."""

    def __call__(self, before: Report, number: int, *, by: Actor, version: int, key: str) -> Report:
        """Take back the act with this number. Raises Conflict where it stands fast, or when somebody was first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRoom:
    """The parts that batches are carried out with."""

    batches: Batches
    reports: Reports
    audit: Audit
    take_back: TakeBack
    new_id: Callable[..., bytes]  # from what a batch is of: the same again has the same id
    clock: Clock


def parse_batch_id(text: str) -> str:
    """Return the id of a batch as the portal writes it. Raises NotFound for what can be none."""
    known = ids.parse_reference(text.removeprefix("B-")) if text.startswith("B-") else None
    if known is None:
        raise NotFound("batch")
    return f"B-{known}"


def choose(references: Sequence[str], *, officer: Officer, key: str, room: BatchRoom) -> Batch:
    """Freeze a list of reports, each once, in the order given; the same non-empty `key` again returns the same batch.

    Nothing is read of the reports yet: whether each is there, and whose, the trial tells. Raises Invalid for none, for more than
    MOST, and for lines that are no numbers of a report, by their places.
    """
    require(officer, Permission.BULK)
    known = [ids.parse_reference(text) for text in references]
    if wrong := [place for place, one in enumerate(known, start=1) if one is None]:
        shown = ", ".join(map(str, wrong[:_MOST_PLACES])) + (" …" if len(wrong) > _MOST_PLACES else "")
        raise Invalid([FieldError("references", "batch_numbers", {"places": shown})])
    frozen = tuple(Row(reference=one) for one in dict.fromkeys(one for one in known if one))
    if not frozen:
        raise Invalid([FieldError("references", "batch_empty")])
    if len(frozen) > MOST:
        raise Invalid([FieldError("references", "batch_too_large", {"most": MOST, "count": len(frozen)})])
    batch = Batch(id=_new_id(officer, key, room), maker=officer, made_at=room.clock.now(), rows=frozen)
    stored = room.batches.add(batch)
    if [row.reference for row in stored.rows] != [row.reference for row in frozen]:
        raise Conflict("idempotency_key_reused")
    return stored


def load(batch_id: str, *, officer: Officer, room: BatchRoom) -> Batch:
    """Return a batch to look at it; the look is on record. Raises NotFound, on record too, for what this officer may not see."""
    require(officer, Permission.BULK)
    batch = _seen(batch_id, officer, room)
    room.audit.note(_subject(batch), officer=officer, what="batch_read", why=LookReason.HANDLING)
    return batch


def to_confirm(*, officer: Officer, room: BatchRoom) -> tuple[Batch, ...]:
    """Return the batches that wait for this officer's confirmation, the longest made first; none for who confirms none."""
    if not may(officer, Permission.BULK_LARGE):
        return ()
    waiting = (room.batches.get(batch_id) for batch_id in islice(room.batches.to_confirm(), _MOST_WAITING))
    return tuple(batch for batch in waiting if batch and batch.is_seen_by(officer) and not batch.why_not_confirmed_by(officer))


def try_out(batch_id: str, order: Order, *, officer: Officer, room: BatchRoom) -> Batch:
    """Say for each report what would come of it, and do nothing. Raises Invalid for an order that no report can follow."""
    require(officer, Permission.BULK)
    require(officer, NEEDS[order.act])
    order.check()
    found = _seen(batch_id, officer, room)
    room.audit.note(_subject(found), officer=officer, what=f"batch_tried:{len(found.rows)}", why=LookReason.HANDLING)
    batch = room.batches.save(found, found.retried())
    rows: list[Row] = []
    for number, chunk in enumerate(batch.chunks, start=1):
        tried = [_tried(row, order, officer, room) for row in chunk]
        room.batches.try_chunk(batch, number, tried)
        rows.extend(tried)
    return room.batches.save(batch, batch.tried(order, rows))


def confirm(batch_id: str, fingerprint: str, *, officer: Officer, room: BatchRoom) -> Batch:
    """Have what was tried be done, if the trial is still the one with this fingerprint; confirmed twice it is done once."""
    require(officer, Permission.BULK)
    found = _seen(batch_id, officer, room)
    room.audit.note(_subject(found), officer=officer, what=f"batch_confirmed:{len(found.rows)}", why=LookReason.HANDLING)
    batch = found.confirmed(fingerprint, by=officer, at=room.clock.now())
    if batch is not found:
        batch = room.batches.save(found, batch)
        log.event("batch_confirmed", batch=batch.id, officer=officer.id, reports=len(batch.rows))
    return carry_on(batch.id, room, chunks=AT_ONCE) or batch


def carry_on_all(room: BatchRoom) -> int:
    """Carry on with every batch that is confirmed; return how many there are. One that fails keeps no other from its end."""
    count = 0
    for batch_id in room.batches.running():
        count += 1
        try:
            carry_on(batch_id, room)
        except Exception as error:  # noqa: BLE001 — the next minute goes on where this one stopped
            log.event("batch_failed", level=logging.ERROR, batch=batch_id, error=type(error).__name__)
    return count


def carry_on(batch_id: str, room: BatchRoom, *, chunks: int = MOST) -> Batch | None:
    """Carry out at most so many chunks of a batch that is confirmed, and return it as it is then."""
    batch = room.batches.get(batch_id)
    if batch is None or batch.phase is not Phase.RUNNING:
        return batch
    left = [(number, rows) for number, rows in enumerate(batch.chunks, start=1) if any(row.result is None for row in rows)]
    for number, rows in left[:chunks]:
        room.batches.end_chunk(batch, number, [row if row.result else _ended(row, batch, room) for row in rows])
    return _finished(batch_id, room)


def undo(batch_id: str, *, officer: Officer, room: BatchRoom) -> Batch:
    """Take back what a batch did, report by report, and return the batch that does it; twice is once."""
    require(officer, Permission.BULK)
    found = _seen(batch_id, officer, room)
    room.audit.note(_subject(found), officer=officer, what=f"batch_undone:{len(found.done)}", why=LookReason.HANDLING)
    undo_id = f"B-{ids.reference(room.new_id('undo', found.id))}"
    undoing = found.undoing(undo_id, by=officer, at=room.clock.now())
    if not found.undone_by:
        room.batches.save(found, replace(found, undone_by=undo_id, edition=found.edition + 1))
    room.batches.add(undoing)
    return carry_on(undo_id, room, chunks=AT_ONCE) or undoing


_MOST_PLACES = 10
_TRIES = 4  # at a report that others change at the very same time
_MOST_WAITING = 20  # of more than these a supervisor hears when they have done some


def _new_id(officer: Officer, key: str, room: BatchRoom) -> str:
    name = key.partition(".")[0]
    return f"B-{ids.reference(room.new_id('choice', officer.id, name) if name else None)}"


def _subject(batch: Batch) -> str:
    return f"batch:{batch.id}"


def _seen(batch_id: str, officer: Officer, room: BatchRoom) -> Batch:
    known = parse_batch_id(batch_id)
    batch = room.batches.get(known)
    if batch is None or not batch.is_seen_by(officer):
        room.audit.note(f"refused:{known}", officer=officer, what=Permission.BULK, why=LookReason.HANDLING)
        raise NotFound("batch")
    return batch


def _tried(row: Row, order: Order, officer: Officer, room: BatchRoom) -> Row:
    """Return a row with what would come of it. That somebody asked for what is not theirs is on record, as with one report."""
    report = room.reports.get(row.reference)
    verdict = forecast(report, order, officer=officer, at=room.clock.now())
    if verdict == NOT_THERE:
        room.audit.note(f"refused:{row.reference}", officer=officer, what=NEEDS[order.act], why=LookReason.HANDLING)
    return Row(reference=row.reference, version=report.version if report and verdict != NOT_THERE else 0, forecast=verdict)


def _ended(row: Row, batch: Batch, room: BatchRoom) -> Row:
    """Return a row with how it ended; as it was when it cannot be said yet."""
    try:
        return replace(row, result=_carried_out(row, batch, room))
    except Exception as error:  # noqa: BLE001 — one report that fails keeps no other from its end
        log.event("batch_row_failed", level=logging.ERROR, batch=batch.id, reference=row.reference, error=type(error).__name__)
    is_over = batch.confirmed_at is not None and room.clock.now() - batch.confirmed_at > GIVEN_UP_AFTER
    return replace(row, result=FAILED) if is_over else row


def _carried_out(row: Row, batch: Batch, room: BatchRoom) -> Verdict:
    """Do with one report what the batch wants, once; the act is on record, by name, before it is done."""
    order, by = batch.order, batch.by
    if order is None or by is None or row.forecast is None or not row.forecast.is_done:
        return row.forecast or NOT_THERE
    if order.act is Act.UNDO:
        return _taken_back(row, batch, by, room)
    report, key = room.reports.get(row.reference), event_key(batch.id, row.reference)
    if report and (event := _event_of(key, report)):
        return told(event, report)
    if report is None or report.version != row.version or not is_theirs(report, order, by, room.clock.now()):
        return STALE
    room.audit.note(row.reference, officer=by, what=_subject(batch), why=LookReason.HANDLING)
    after = acted(report, order, batch=batch.id, key=key, by=by, at=room.clock.now())
    try:
        room.reports.save(report, after)
    except Conflict:
        return _lost(row, key, room)
    log.event("batch_row_done", batch=batch.id, reference=row.reference, version=after.version)
    return told(after.timeline[-1], after)


def _taken_back(row: Row, batch: Batch, by: Officer, room: BatchRoom) -> Verdict:
    """Take back what the other batch did with one report, while its letter waits; as undoing one act does, and once."""
    key, stale = event_key(batch.id, row.reference), Verdict(outcome=Outcome.REFUSED, why="stale_version")
    for _ in range(_TRIES):
        report = room.reports.get(row.reference)
        act = _event_of(event_key(batch.of, row.reference), report) if report else None
        if report is None or act is None or not may(by, NEEDS[Act.UNDO], report.unit):
            return NOT_THERE
        if _event_of(key, report):
            break
        room.audit.note(row.reference, officer=by, what=_subject(batch), why=LookReason.HANDLING)
        try:
            room.take_back(report, act.number, by=Actor(Role.OFFICER, by.id), version=report.version, key=key)
        except Conflict as conflict:
            if conflict.code != stale.why:
                return Verdict(outcome=Outcome.REFUSED, why=conflict.code, status=report.status)
    else:
        return stale
    return Verdict(outcome=Outcome.DONE, status=report.status)


def _lost(row: Row, key: str, room: BatchRoom) -> Verdict:
    """Return how a row ended whose report somebody else wrote first: it may have been ourselves, in another run."""
    report = room.reports.get(row.reference)
    event = _event_of(key, report) if report else None
    return told(event, report) if event and report else STALE


def _event_of(key: str, report: Report) -> Event | None:
    return next((event for event in report.timeline if event.key == key), None)


def _finished(batch_id: str, room: BatchRoom) -> Batch | None:
    """Note that a batch has ended, once all its rows have."""
    batch = room.batches.get(batch_id)
    after = batch.finished() if batch else None
    if batch is None or after is None or after is batch:
        return batch
    try:
        room.batches.save(batch, after)
    except Conflict:  # another run was first
        return room.batches.get(batch_id)
    counts = after.counts
    log.event("batch_done", batch=after.id, done=counts.done, refused=counts.refused, dropped=counts.dropped)
    return after
