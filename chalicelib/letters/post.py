"""From writes to letters: new events → choose → write → claim → send → note, in the order of the stream.

May run twice on every record, and stop anywhere: what was done stands in the ledger, under the id of the letter.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chalicelib.core import ids, log
from chalicelib.core.errors import PortalError, Unavailable
from chalicelib.letters.catalogue import Letter, NoLetter, choose, letter_id
from chalicelib.letters.codes import proof_of
from chalicelib.letters.ledger import Ledger, Standing
from chalicelib.letters.mailer import Mail, Mailer, OutcomeUnknown, Rejected
from chalicelib.letters.render import Texts
from chalicelib.reports.model import Event, Report, new_events

Image = dict[str, Any]
Write = Callable[[Letter, Event, Report], Texts]


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """One write of the reports table. Images are DynamoDB JSON: they hold personal data, and stay out of reprs."""

    sequence_number: str
    name: str
    reference: str
    old: Image | None = field(repr=False)
    new: Image | None = field(repr=False)


class Outcome(StrEnum):
    """How the letter of one event ended."""

    SENT = "sent"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    SETTLED_BEFORE = "settled_before"


class BatchFailed(PortalError):
    """Records failed, and Lambda would not hear which: failing the whole batch is the only way not to lose them."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of a batch: letters per outcome, and the sequence numbers from the lowest of which Lambda delivers again."""

    outcomes: Mapping[Outcome, int]
    failed: tuple[str, ...] = ()

    def as_lambda_response(self, *, partial_batches: bool) -> dict[str, list[dict[str, str]]]:
        """Return what Lambda wants to hear. Raises BatchFailed when records failed and the mapping ignores answers."""
        if self.failed and not partial_batches:
            raise BatchFailed(f"{len(self.failed)} records failed")
        return {"batchItemFailures": [{"itemIdentifier": number} for number in self.failed]}


class _BeingSent(PortalError):
    """Another attempt holds the letter, or died with it less than a lease ago: try again later."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One run over a batch: its id, and what it sends with."""

    id: str
    ledger: Ledger
    mailer: Mailer
    write: Write


def records_of(event: Mapping[str, Any]) -> list[StreamRecord]:
    """Return the records of a stream event (the AWS document). Raises KeyError for one without a number: who could name it?"""
    return [_record(record.get("eventName", ""), record["dynamodb"]) for record in event["Records"]]


def deliver(
    records: Sequence[StreamRecord],
    *,
    report_of_image: Callable[[Image], Report],
    ledger: Ledger,
    mailer: Mailer,
    write: Write,
    attempt: str = "",
) -> BatchResult:
    """Send the letters that these writes call for, in stream order; a letter already claimed is settled first.

    Rejected address: noted, never retried. A record that fails holds back the later records of its own report, nobody
    else's. SES or a table unavailable, or an outcome unknown: stop, so that at most one letter is in doubt. Records that
    failed are named in the result, for Lambda to deliver again. `attempt` is unique to this call.
    """
    run = _Attempt(attempt or ids.secret_id(), ledger, mailer, write)
    outcomes: Counter[Outcome] = Counter()
    failed: dict[str, str] = {}  # sequence number → reference
    for record in records:
        try:
            if record.reference in failed.values():
                failed[record.sequence_number] = record.reference
                continue
            for event, report in _news(record, report_of_image):
                outcomes[_settle(event, report, run)] += 1
        except Exception as error:  # noqa: BLE001 — poison of any kind must not hold back other people's letters
            failed[record.sequence_number] = record.reference
            log.event("record_failed", level=logging.ERROR, sequence_number=record.sequence_number, error=type(error).__name__)
            if isinstance(error, Unavailable | OutcomeUnknown):
                break
    counts: dict[str, Any] = {outcome.value: outcomes[outcome] for outcome in Outcome}
    log.event("batch_delivered", records=len(records), failed=len(failed), **counts)
    return BatchResult(outcomes, tuple(failed))


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


def _settle(event: Event, report: Report, run: _Attempt) -> Outcome:
    """Bring one event's letter to its end, and return which."""
    letter, name = choose(event, report), letter_id(report.reference, event.number)
    if isinstance(letter, NoLetter):
        run.ledger.note_not_sent(name, letter.reason)
        return Outcome.NOT_SENT
    texts = run.write(letter, event, report)  # before the claim: a template that fails leaves nothing in doubt
    if not _is_claimed(name, letter, report, texts, run):
        return Outcome.SETTLED_BEFORE
    return _send(Mail.of(name, report.contact.email, texts), run)


def _is_claimed(name: str, letter: Letter, report: Report, texts: Texts, run: _Attempt) -> bool:
    """True when the letter is ours to send, False when there is nothing to do. Raises _BeingSent while another attempt has it."""
    language = report.contact.language
    proof = proof_of(texts.code)
    standing = run.ledger.claim(name, attempt=run.id, letter=letter, language=language, template=texts.template, proof=proof)
    if standing is Standing.LEASED:
        raise _BeingSent(name)
    if standing is Standing.IN_DOUBT:
        if not run.ledger.take_over(name, attempt=run.id):
            raise _BeingSent(name)
        log.event("letter_repeated", level=logging.WARNING, letter=name)
    return standing is not Standing.SETTLED


def _send(mail: Mail, run: _Attempt) -> Outcome:
    try:
        message_id = run.mailer.send(mail)
    except Rejected as error:
        run.ledger.note_rejected(mail.letter_id, attempt=run.id, reason=error.reason)
        log.event("letter_rejected", level=logging.WARNING, letter=mail.letter_id, reason=error.reason)
        return Outcome.REJECTED
    except Unavailable:
        run.ledger.release(mail.letter_id, attempt=run.id)
        raise
    _note_accepted(mail.letter_id, message_id, run)
    return Outcome.SENT


def _note_accepted(name: str, message_id: str, run: _Attempt) -> None:
    """Note what SES took. A note that fails does not fail the record: delivering again could only send the letter twice."""
    try:
        noted = run.ledger.note_accepted(name, attempt=run.id, message_id=message_id)
    except Unavailable:
        noted = False
    level = logging.INFO if noted else logging.ERROR
    log.event("letter_sent" if noted else "letter_sent_not_noted", level=level, letter=name, message=message_id)
