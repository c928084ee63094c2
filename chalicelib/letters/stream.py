"""From writes to letters: new events → choose → wait, or send at once; in the order of the stream.

A record is done when the ledger knows each of its letters: sent, waiting, claimed, or not sent and why. A letter that waits or
is in doubt is the round's (due_letters.py). May run twice on every record, and stop anywhere.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.core import log
from chalicelib.core.errors import PortalError, Unavailable
from chalicelib.letters.catalogue import NoLetter, choose, due_at, letter_id
from chalicelib.letters.ledger_entry import FIRST_PAUSE
from chalicelib.letters.sending import Mailroom, Outcome, Run, send_order
from chalicelib.reports.events import Event, EventKind
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


class BatchFailed(PortalError):
    """Records failed, and Lambda would not hear which: failing the whole batch is the only way not to lose them."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The result of a batch: letters per outcome, and the sequence numbers from the lowest of which Lambda delivers again."""

    outcomes: Mapping[Outcome, int]
    failed: tuple[str, ...] = ()

    def as_lambda_response(self, *, partial_batches: bool) -> dict[str, list[dict[str, str]]]:
        """Return what Lambda wants to hear. Raises BatchFailed when records failed and the mapping ignores answers."""
        if self.failed and not partial_batches:
            raise BatchFailed(f"{len(self.failed)} records failed")
        return {"batchItemFailures": [{"itemIdentifier": number} for number in self.failed]}


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
                outcomes[settle(event, report, run)] += 1
        except Exception as error:  # noqa: BLE001 — poison of any kind must not hold back other people's letters
            failed[record.sequence_number] = record.reference
            log.event("record_failed", level=logging.ERROR, sequence_number=record.sequence_number, error=type(error).__name__)
            if isinstance(error, Unavailable):
                break
    counts: dict[str, Any] = {outcome.value: outcomes[outcome] for outcome in Outcome if outcomes[outcome]}
    log.event("batch_delivered", records=len(records), failed=len(failed), **counts)
    return BatchResult(outcomes, tuple(failed))


FRESH = timedelta(minutes=1)  # an older image may know an address that is not the reporter's any more: the round reads anew


def settle(event: Event, report: Report, run: Run) -> Outcome:
    """Bring the letter of one event, of which the ledger may know nothing yet, as far as it can come now."""
    ledger, name, now = run.mailroom.ledger, letter_id(report.reference, event.number), run.mailroom.clock.now()
    others = ledger.of_report(report.reference) if _may_take_along(event) else []
    held_back = any(other.is_held_back for other in others)
    letter = choose(event, report, held_back=held_back)
    if isinstance(letter, NoLetter):
        return send_order(letter, name, run)
    due = due_at(event, report, wait=run.mailroom.wait, held_back=held_back)
    if due > now or now - event.at > FRESH or run.ses_is_away or run.only_notes:
        ledger.wait(name, letter=letter, until=max(due, now + FIRST_PAUSE) if run.ses_is_away else due)
        return Outcome.WAITS
    return send_order(run.mailroom.order_of(letter, event, report), name, run, others)


def _may_take_along(event: Event) -> bool:
    """True for an event whose letter goes at once and may find others of its report: a question, a new address."""
    return event.kind in _MEETING_OTHERS


_MEETING_OTHERS = frozenset({EventKind.STATUS_CHANGED, EventKind.QUESTION_ASKED, EventKind.CONTACT_CHANGED})


def _record(name: str, write: Mapping[str, Any]) -> StreamRecord:
    reference = write.get("Keys", {}).get("reference", {}).get("S", "")
    return StreamRecord(write["SequenceNumber"], name, reference, write.get("OldImage"), write.get("NewImage"))


def _news(record: StreamRecord, report_of_image: Callable[[Image], Report]) -> Iterator[tuple[Event, Report]]:
    """Yield the events that a write added, each with the report right after that write; none for a report that was removed."""
    if record.name == "REMOVE":
        return
    if record.new is None or (record.old is None and record.name != "INSERT"):
        raise ValueError("image missing")
    after = report_of_image(record.new)
    before = report_of_image(record.old) if record.old else None
    for event in new_events(before, after):
        yield event, after
