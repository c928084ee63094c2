"""From writes to letters: new events → choose → wait, or send at once; in the order of the stream.

A record is done when the ledger knows each of its letters: sent, waiting, claimed, or not sent and why. A record that comes again
decides nothing anew of what the ledger knows: that is the round's (due_letters.py). May run twice on every record, and stop
anywhere.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.core import log
from chalicelib.core.batches import answer
from chalicelib.core.errors import Unavailable
from chalicelib.letters import sending
from chalicelib.letters.catalogue import CATALOGUE, Called, NoLetter, letter_id
from chalicelib.letters.decision import decide, decide_last, decide_now
from chalicelib.letters.ledger_entry import FIRST_PAUSE, LedgerEntry
from chalicelib.letters.mailroom import Mailroom, Outcome, Run
from chalicelib.letters.recalling import recall
from chalicelib.letters.render import MailOrder
from chalicelib.letters.sending import Decision
from chalicelib.letters.states import LetterState
from chalicelib.reports.events import INTERNAL, Event, EventKind
from chalicelib.reports.model import Report, new_events

Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """One write of the reports table. Images are DynamoDB JSON: they hold personal data, and stay out of reprs."""

    sequence_number: str
    name: str
    reference: str
    old: Image | None = field(repr=False)
    new: Image | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The result of a batch: letters per outcome, and the sequence numbers from the lowest of which Lambda delivers again."""

    outcomes: Mapping[Outcome, int]
    failed: tuple[str, ...] = ()

    def as_lambda_response(self, *, partial_batches: bool) -> dict[str, list[dict[str, str]]]:
        """Return what Lambda wants to hear. Raises BatchFailed when records failed and the mapping ignores answers."""
        return answer(self.failed, partial_batches=partial_batches)


def records_of(event: Mapping[str, Any]) -> list[StreamRecord]:
    """Return the records of a stream event (the AWS document). Raises KeyError for one without a number: who could name it?"""
    return [_record(record.get("eventName", ""), record["dynamodb"]) for record in event["Records"]]


def deliver(
    records: Sequence[StreamRecord], mailroom: Mailroom, *, report_of_image: Callable[[Image], Report], attempt: str = ""
) -> BatchResult:
    """Bring the letters that these writes call for into the ledger, in stream order, and send those that wait for nothing.

    A record that fails holds back the later records of its own report, nobody else's. The ledger unavailable: stop.
    Records that failed are named in the result, for Lambda to deliver again. `attempt` is unique to this call.
    """
    run = Run(mailroom, attempt)
    outcomes: Counter[Outcome] = Counter()
    failed: dict[str, str] = {}  # sequence number → reference
    for record in records:
        try:
            if record.reference in failed.values():
                failed[record.sequence_number] = record.reference
                continue
            for event, report in _news(record, report_of_image):
                if event.undoes:
                    mailroom.ledger.retract(letter_id(report.reference, event.undoes))
                else:
                    outcomes[settle(event, report, run)] += 1
        except Exception as error:  # noqa: BLE001 — poison of any kind must not hold back other people's letters
            failed[record.sequence_number] = record.reference
            log.event("record_failed", level=logging.ERROR, sequence_number=record.sequence_number, error=type(error).__name__)
            if isinstance(error, Unavailable):
                break
    counts: dict[str, Any] = {outcome.value: outcomes[outcome] for outcome in Outcome if outcomes[outcome]}
    log.event("batch_delivered", records=len(records), failed=len(failed), **counts)
    return BatchResult(outcomes, tuple(failed))


def settle(event: Event, report: Report, run: Run) -> Outcome:
    """Bring the letter of one event, of which the ledger may know nothing yet, as far as it can come now."""
    room, name = run.mailroom, letter_id(report.reference, event.number)
    decision = decide(event, report, room)
    if isinstance(decision, NoLetter) and decision.letter:  # by a wish or an address that may not be those of now
        decision = decide_now(report.reference, event.number, room)
    others = room.ledger.of_report(report.reference) if _meets_others(event, decision) else []
    entry = next((one for one in others if one.id == name), LedgerEntry(id=name))
    if entry.state is not LetterState.UNKNOWN:
        outcome = Outcome.SETTLED_BEFORE
    elif isinstance(decision, datetime) or (isinstance(decision, MailOrder) and (run.ses_is_away or run.only_notes)):
        outcome = _waits(event, decision, run, name)
    else:
        outcome = sending.settle(decision, entry, partial(decide_last, report.reference, event.number, room), run, others)
    if event.kind in _OPENING:
        recall(report.reference, others, room)
    if event.kind is EventKind.CONTACTED_OFFLINE:
        _told_otherwise(event, others, room)
    return outcome


def _waits(event: Event, decision: Decision, run: Run, name: str) -> Outcome:
    """Note that a letter waits: until it is due, or until SES is there again."""
    due = decision if isinstance(decision, datetime) else run.mailroom.clock.now() + FIRST_PAUSE * run.ses_is_away
    called = CATALOGUE[event.kind]
    if isinstance(called, Called):
        run.mailroom.ledger.wait(name, letter=called.letter, until=due)
    return Outcome.WAITS


def _told_otherwise(event: Event, others: Sequence[LedgerEntry], room: Mailroom) -> None:
    """Merge what reached nobody: an officer has told the reporter all there is."""
    for other in others:
        if other.has_reached_nobody and other.is_news and other.number < event.number:
            room.ledger.merge(other, into=event.number)


def _meets_others(event: Event, decision: Decision) -> bool:
    """True for an event that moves other letters of its report, or whose own letter tells of them."""
    tells = isinstance(decision, MailOrder) and event.kind in _TELLING_OTHERS
    return tells or event.kind in _OPENING or event.kind is EventKind.CONTACTED_OFFLINE


_OPENING = frozenset({EventKind.CONTACT_CHANGED, EventKind.WISHES_CHANGED})  # how and of what the reporter wants to hear
_TELLING_OTHERS = frozenset({EventKind.STATUS_CHANGED, EventKind.QUESTION_ASKED})


def _record(name: str, write: Mapping[str, Any]) -> StreamRecord:
    reference = write.get("Keys", {}).get("reference", {}).get("S", "")
    return StreamRecord(write["SequenceNumber"], name, reference, write.get("OldImage"), write.get("NewImage"))


def _news(record: StreamRecord, report_of_image: Callable[[Image], Report]) -> Iterator[tuple[Event, Report]]:
    """Yield the events that a write added, each with the report right after that write; none for a report that was removed.

    Nor those of which no reporter ever hears, but for what takes back another.
    """
    if record.name == "REMOVE":
        return
    if record.new is None or (record.old is None and record.name != "INSERT"):
        raise ValueError("image missing")
    after = report_of_image(record.new)
    before = report_of_image(record.old) if record.old else None
    for event in new_events(before, after):
        if event.kind not in INTERNAL or event.undoes:
            yield event, after
