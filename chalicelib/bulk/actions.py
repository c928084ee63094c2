"""The actions on a batch: choose, try, confirm, carry on, take back.

A batch is carried out by whoever comes by: the request that confirms it does the first two chunks, the schedule the rest. All
run the same function, which finds its own event in a report by the key of batch and report: a run may die anywhere, and run
twice at once, and nothing is done twice, left out, or said otherwise than it went.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import islice
from typing import Protocol

from chalicelib.audit.store import Audit
from chalicelib.bulk.model import MOST, NEEDS, Act, Batch, Order, Outcome, Phase, Row, Verdict, Wording, event_key
from chalicelib.bulk.store import Batches
from chalicelib.bulk.trial import (
    FAILED,
    NOT_THERE,
    STALE,
    Doing,
    acted,
    forecast,
    given_back,
    is_theirs,
    refused,
    taken_out,
    told,
)
from chalicelib.core import ids, log
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict, FieldError, Invalid, NotFound
from chalicelib.people.model import Officer
from chalicelib.people.permissions import LookReason, Permission, may, require
from chalicelib.reports.events import Actor, Event, EventKind
from chalicelib.reports.model import REGISTRATION_NUMBER, Report
from chalicelib.reports.retention import Sight, sight
from chalicelib.reports.store import Reports
from chalicelib.teams.store import Rosters
from chalicelib.texts.actions import readable
from chalicelib.texts.model import TextVersion, current
from chalicelib.texts.store import Texts

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
    rosters: Rosters
    texts: Texts
    holder: Callable[[str], str]  # of a police number: the report for which it was claimed, empty for none
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

    Nothing is read of the reports yet: whether each is there, and whose, the trial tells. Only of a police number is it read
    which report of the officer's units has it. Raises Invalid for none, for more than MOST, for lines that are no numbers of a
    report, and for police numbers that no report of these units has, by their places.
    """
    require(officer, Permission.BULK)
    known = _read_as_numbers(references, officer, room)
    frozen = tuple(Row(reference=one) for one in dict.fromkeys(one for one in known if one))
    if not frozen:
        raise Invalid([FieldError("references", "batch_empty")])
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
    whole = _whole(order, batch, officer, room)
    doing = Doing(by=officer, at=room.clock.now(), roster_of=cache(room.rosters.get))
    rows: list[Row] = []
    for number, chunk in enumerate(batch.chunks, start=1):
        tried = [_tried(row, whole, doing, room) for row in chunk]
        room.batches.try_chunk(batch, number, tried)
        rows.extend(tried)
    return room.batches.save(batch, batch.tried(whole, rows))


def confirm(batch_id: str, fingerprint: str, *, officer: Officer, room: BatchRoom) -> Batch:
    """Have what was tried be done, if the trial is still the one with this fingerprint; confirmed twice it is done once."""
    require(officer, Permission.BULK)
    found = _seen(batch_id, officer, room)
    room.audit.note(_subject(found), officer=officer, what=f"batch_confirmed:{len(found.rows)}", why=LookReason.HANDLING)
    batch = found.confirmed(fingerprint, by=officer, at=room.clock.now())
    if batch is not found:
        _require_text_in_use(found, room)
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
    doing = Doing(by=batch.by, at=room.clock.now(), roster_of=cache(room.rosters.get), batch=batch.id) if batch.by else None
    left = [(number, rows) for number, rows in enumerate(batch.chunks, start=1) if any(row.result is None for row in rows)]
    for number, rows in left[:chunks]:
        room.batches.end_chunk(batch, number, [row if row.result else _ended(row, batch, doing, room) for row in rows])
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


def _read_as_numbers(texts: Sequence[str], officer: Officer, room: BatchRoom) -> list[str]:
    """Return the reports that are meant. Raises Invalid for lines that mean none, by their places."""
    meant = [ids.parse_reference(text) or _police_number(text) for text in texts]
    if wrong := [place for place, one in enumerate(meant, start=1) if not one]:
        raise Invalid([FieldError("references", "batch_numbers", {"places": _places(wrong)})])
    if len(set(meant)) > MOST:
        raise Invalid([FieldError("references", "batch_too_large", {"most": MOST, "count": len(set(meant))})])
    numbers = {one: room.holder(one) for one in meant if REGISTRATION_NUMBER.fullmatch(one)}
    lines = room.reports.lines([reference for reference in dict.fromkeys(numbers.values()) if reference])
    now = room.clock.now()
    seen = [line for line in lines if line.unit in officer.units and sight(line.filed_at, now) is not Sight.NONE]
    theirs = {line.registration_number: line.reference for line in seen}
    for line in lines:
        if line.unit not in officer.units:
            room.audit.note(f"refused:{line.reference}", officer=officer, what=Permission.BULK, why=LookReason.HANDLING)
    if unknown := [place for place, one in enumerate(meant, start=1) if one in numbers and one not in theirs]:
        raise Invalid([FieldError("references", "batch_police_numbers", {"places": _places(unknown)})])
    return [theirs.get(one, one) for one in meant]


def _police_number(text: str) -> str:
    """Return a police number as it is kept, however it was typed; empty for what can be none."""
    number = "".join(text.split()).upper()
    return number if REGISTRATION_NUMBER.fullmatch(number) else ""


def _places(places: Sequence[int]) -> str:
    return ", ".join(map(str, places[:_MOST_PLACES])) + (" …" if len(places) > _MOST_PLACES else "")


def _whole(order: Order, batch: Batch, officer: Officer, room: BatchRoom) -> Order:
    """Return the order with what all its reports need: the words of its text, the case. Raises Invalid where there is none."""
    if order.text:
        return replace(order, wording=_wording(order, batch, room))
    if order.act is not Act.JOIN:
        return order
    return replace(order, case=_named_case(order.case, officer, room) if order.case else _case_of(order, batch, officer, room))


def _wording(order: Order, batch: Batch, room: BatchRoom) -> Wording:
    found = next((text for text in _texts_of(batch, room) if text.mark == order.text), None)
    if found is None:
        raise Invalid([FieldError("text", "batch_text_unknown")])
    if found.occasion != order.occasion:
        raise Invalid([FieldError("text", "batch_text_elsewhere")])
    return Wording(unit=found.unit, crime=found.crime, bodies={language.value: body for language, body in found.bodies.items()})


def _texts_of(batch: Batch, room: BatchRoom) -> tuple[TextVersion, ...]:
    return current(readable(sorted(batch.maker.units), room.texts))


def _require_text_in_use(batch: Batch, room: BatchRoom) -> None:
    """Raises Conflict(`batch_text_replaced`) when the standard text of the trial was rewritten or retired since."""
    if batch.order and batch.order.text and all(text.mark != batch.order.text for text in _texts_of(batch, room)):
        raise Conflict("batch_text_replaced")


def _named_case(case: str, officer: Officer, room: BatchRoom) -> str:
    """Return a case that was named. Raises Invalid for one in which nothing is of the officer's units."""
    if not any(line.unit in officer.units for line in room.reports.joint(case).lines):
        raise Invalid([FieldError("case", "batch_case_unknown")])
    return case


def _case_of(order: Order, batch: Batch, officer: Officer, room: BatchRoom) -> str:
    """Return the case in which some of the reports are, or a new one. Raises Invalid when they are in several."""
    now, reports = room.clock.now(), (room.reports.get(row.reference) for row in batch.rows)
    cases = {report.joint_case for report in reports if report and is_theirs(report, order, officer, now)} - {""}
    if len(cases) > 1:
        raise Invalid([FieldError("case", "batch_cases")])
    return next(iter(cases), f"C-{ids.code(room.new_id('case', batch.id))}")


def _tried(row: Row, order: Order, doing: Doing, room: BatchRoom) -> Row:
    """Return a row with what would come of it. That somebody asked for what is not theirs is on record, as with one report."""
    report = room.reports.get(row.reference)
    verdict = forecast(report, order, doing)
    if verdict == NOT_THERE:
        room.audit.note(f"refused:{row.reference}", officer=doing.by, what=NEEDS[order.act], why=LookReason.HANDLING)
    return Row(reference=row.reference, version=report.version if report and verdict != NOT_THERE else 0, forecast=verdict)


def _ended(row: Row, batch: Batch, doing: Doing | None, room: BatchRoom) -> Row:
    """Return a row with how it ended; as it was when it cannot be said yet."""
    try:
        return replace(row, result=_carried_out(row, batch, doing, room))
    except Exception as error:  # noqa: BLE001 — one report that fails keeps no other from its end
        log.event("batch_row_failed", level=logging.ERROR, batch=batch.id, reference=row.reference, error=type(error).__name__)
    is_over = batch.confirmed_at is not None and room.clock.now() - batch.confirmed_at > GIVEN_UP_AFTER
    return replace(row, result=FAILED) if is_over else row


def _carried_out(row: Row, batch: Batch, doing: Doing | None, room: BatchRoom) -> Verdict:
    """Do with one report what the batch wants, once; the act is on record, by name, before it is done.

    A report that the trial let pass may be refused all the same: a team whose last member left since takes no work.
    """
    order = batch.order
    if order is None or doing is None or row.forecast is None or not row.forecast.is_done:
        return row.forecast or NOT_THERE
    named = replace(doing, key=event_key(batch.id, row.reference))
    if order.act is Act.UNDO:
        return _taken_back(row, batch, named, room)
    report = room.reports.get(row.reference)
    if report and (event := _event_of(named.key, report)):
        return told(event, report)
    if report is None or report.version != row.version or not is_theirs(report, order, doing.by, doing.at):
        return STALE
    room.audit.note(row.reference, officer=doing.by, what=_subject(batch), why=LookReason.HANDLING)
    return _written(report, order, named, room)


def _written(report: Report, order: Order, doing: Doing, room: BatchRoom) -> Verdict:
    try:
        after = acted(report, order, doing)
    except (Conflict, Invalid) as why:
        return refused(why, report)
    try:
        room.reports.save(report, after)
    except Conflict:
        return _lost(report.reference, doing.key, room)
    log.event("batch_row_done", batch=doing.batch, reference=report.reference, version=after.version)
    return told(after.timeline[-1], after)


def _taken_back(row: Row, batch: Batch, doing: Doing, room: BatchRoom) -> Verdict:
    """Take back what the other batch did with one report, while its letter waits; as undoing one act does, and once."""
    stale = Verdict(outcome=Outcome.REFUSED, why="stale_version")
    for _ in range(_TRIES):
        report = room.reports.get(row.reference)
        act = _event_of(event_key(batch.of, row.reference), report) if report else None
        if report is None or act is None or not may(doing.by, NEEDS[Act.UNDO], report.unit):
            return NOT_THERE
        if _event_of(doing.key, report):
            break
        room.audit.note(row.reference, officer=doing.by, what=_subject(batch), why=LookReason.HANDLING)
        try:
            _take_back(report, act, doing, room)
        except Conflict as conflict:
            if conflict.code != stale.why:
                return refused(conflict, report)
    else:
        return stale
    return Verdict(outcome=Outcome.DONE, status=report.status)


def _take_back(report: Report, act: Event, doing: Doing, room: BatchRoom) -> Report:
    """Take one act back: given to somebody, it goes back to who had it; joined, it leaves the case; told, its letter is held."""
    if act.kind is EventKind.ASSIGNED:
        return room.reports.save(report, given_back(report, act, doing))
    if act.kind is EventKind.JOINED:
        return room.reports.save(report, taken_out(report, act, doing))
    return room.take_back(report, act.number, by=doing.actor, version=report.version, key=doing.key)


def _lost(reference: str, key: str, room: BatchRoom) -> Verdict:
    """Return how a row ended whose report somebody else wrote first: it may have been ourselves, in another run."""
    report = room.reports.get(reference)
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
