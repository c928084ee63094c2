"""The ledger: for every event of every report what became of its letter, and what is still to be done about it.

A claim is written before its letter is sent, with the id of the attempt and a lease. Whatever is not finished lies on a
queue of the index, with the time to look at it: a letter that waits, a claim whose attempt may die, a mail of which SES must
still be heard. So nothing depends on anybody remembering. No address is kept here (ADR-0002, ADR-0019).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.core.clock import Clock
from chalicelib.core.errors import Unavailable
from chalicelib.core.language import Language
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, expiry, find, shard_of, wrote
from chalicelib.letters.catalogue import Letter, NotSentReason, letter_id
from chalicelib.letters.ledger_entry import HEARD_WITHIN, LEASE, LedgerEntry, LetterState

KEPT = RETENTION[Kept.LETTERS].length
SHARDS = 4  # of the due queue: one partition takes 1,000 writes a second
FAILED = "failed"


class Ledger(Protocol):
    """The ledger that sending needs. Every function raises core.errors.Unavailable when the outcome is not known."""

    def wait(self, letter_id: str, *, letter: Letter, until: datetime) -> None:
        """Note that a letter waits; nothing changes when something is known of it already."""
        ...

    def claim(
        self, letter_id: str, *, attempt: str, letter: Letter, language: Language, template: str, code_digest: str = ""
    ) -> LetterState:
        """Claim a letter that nobody claimed, in one conditional write; return what stands there now."""
        ...

    def take_over(self, letter_id: str, *, attempt: str) -> bool:
        """Claim a letter in doubt, flagged as repeated. False when somebody else was first, or settled it."""
        ...

    def release(self, letter_id: str, *, attempt: str, until: datetime | None) -> None:
        """Give up a claim of which nothing was sent: it waits until then, or (None) is given up for good."""
        ...

    def look_again(self, letter_id: str, *, until: datetime | None, tried: bool) -> None:
        """Put off an unsettled letter, or (None) give it up. `tried` starts the day after which it is given up."""
        ...

    def join(self, letter_id: str, *, into: int) -> None:
        """Note that the letter of event `into` tells of this news too; nothing changes when somebody is sending it."""
        ...

    def note_accepted(self, letter_id: str, *, attempt: str, message_id: str) -> bool:
        """Note that SES took the letter. False when another attempt has taken the claim over."""
        ...

    def note_rejected(self, letter_id: str, *, attempt: str, reason: str) -> bool:
        """Note that SES refused the letter for good. False when another attempt has taken the claim over."""
        ...

    def note_not_sent(self, letter_id: str, reason: NotSentReason, *, attempt: str = "") -> None:
        """Note why no letter went out, if its claim still is `attempt` (empty: nobody's) and nothing is noted yet."""
        ...

    def note_receipt(self, letter_id: str, facts: Mapping[str, Any], *, accepted_at: datetime, is_final: bool) -> bool:
        """Note what SES said of a mail that it took. False for a letter of which nothing is known."""
        ...

    def close(self, letter_id: str, *, no_receipt: bool) -> None:
        """Take a settled letter from its queue; `no_receipt` when SES never said what became of the mail."""
        ...

    def retry(self, letter_id: str) -> bool:
        """Put a letter that was given up back on the due queue. False for any other."""
        ...

    def get(self, letter_id: str) -> LedgerEntry | None:
        """Return what is known of a letter, None when nothing is."""
        ...

    def of_report(self, reference: str) -> list[LedgerEntry]:
        """Return what is known of all letters of a report, by the order of its events."""
        ...

    def forget(self, reference: str, events: int) -> None:
        """Forget the letters of a report's first `events` events; nothing happens for those that are not there."""
        ...

    def with_code(self, code_digest: str) -> LedgerEntry | None:
        """Return the letter whose mail carries the code with this digest, None when no letter has it."""
        ...

    def due(self, now: datetime) -> Iterator[str]:
        """Return the ids of the letters to look at now, the longest due first within a shard."""
        ...

    def failed(self) -> Iterator[str]:
        """Return the ids of the letters that were given up or rejected, the oldest first."""
        ...


class ByCodeDigest(GlobalSecondaryIndex[Any]):
    """The letters by the digest of their mail's code. Keys alone: an accepted or delivered letter writes nothing here."""

    class Meta:
        index_name = "by_proof"
        projection = KeysOnlyProjection()

    code_digest = UnicodeAttribute(attr_name="proof", hash_key=True)


class Queue(GlobalSecondaryIndex[Any]):
    """The letters that are unfinished: `due#<shard>` or `failed`, by the time to look at it; sparse."""

    class Meta:
        index_name = "pile"
        projection = KeysOnlyProjection()

    queue = UnicodeAttribute(attr_name="pile", hash_key=True)
    next_attempt_at = InstantAttribute(attr_name="look_at", range_key=True)


class LetterItem(Model):
    """A letter as DynamoDB keeps it."""

    reference = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True)
    letter = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    template = UnicodeAttribute(null=True)
    queue = UnicodeAttribute(attr_name="pile", null=True)
    next_attempt_at = InstantAttribute(attr_name="look_at", null=True)
    attempt = UnicodeAttribute(null=True)
    claimed_at = InstantAttribute(null=True)
    lease_until = InstantAttribute(null=True)
    first_at = InstantAttribute(null=True)
    accepted_at = InstantAttribute(null=True)
    message_id = UnicodeAttribute(null=True)
    rejected = UnicodeAttribute(null=True)
    not_sent = UnicodeAttribute(null=True)
    merged_into = NumberAttribute(attr_name="joined", null=True)
    repeated = BooleanAttribute(null=True)
    failed_at = InstantAttribute(null=True)
    delivered_at = InstantAttribute(null=True)
    delayed_at = InstantAttribute(null=True)
    bounced_at = InstantAttribute(null=True)
    bounce = UnicodeAttribute(null=True)
    complained_at = InstantAttribute(null=True)
    no_receipt = BooleanAttribute(attr_name="unheard", null=True)
    code_digest = UnicodeAttribute(attr_name="proof", null=True)
    expires_at = NumberAttribute()

    by_code_digest = ByCodeDigest()
    by_queue = Queue()


class LedgerStore:
    """The ledger in DynamoDB."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._model, self._clock = bind(LetterItem, "letters", settings), clock

    def wait(self, letter_id: str, *, letter: Letter, until: datetime) -> None:
        self._update(letter_id, {"letter": letter.value, **_due(letter_id, until)}, LetterItem.reference.does_not_exist())

    def claim(
        self, letter_id: str, *, attempt: str, letter: Letter, language: Language, template: str, code_digest: str = ""
    ) -> LetterState:
        facts = {"letter": letter.value, "language": language.value, "template": template, "code_digest": code_digest or None}
        if self._update(
            letter_id, {**facts, **self._lease(letter_id, attempt)}, _UNSETTLED & LetterItem.attempt.does_not_exist()
        ):
            return LetterState.CLAIMED
        return self._entry(letter_id).standing(attempt, self._clock.now())

    def take_over(self, letter_id: str, *, attempt: str) -> bool:
        found = self._entry(letter_id)
        if found.standing(attempt, self._clock.now()) is not LetterState.IN_DOUBT:
            return found.attempt == attempt and not found.is_settled
        unchanged = (LetterItem.attempt == found.attempt) & _UNSETTLED
        if self._update(letter_id, {"repeated": True, **self._lease(letter_id, attempt)}, unchanged):
            return True
        found = self._entry(letter_id)
        return found.attempt == attempt and not found.is_settled  # the reply to our own first try was lost

    def release(self, letter_id: str, *, attempt: str, until: datetime | None) -> None:
        facts = {"attempt": None, "lease_until": None, **self._put_off(letter_id, until)}
        self._update(letter_id, facts, (LetterItem.attempt == attempt) & _UNSETTLED)

    def look_again(self, letter_id: str, *, until: datetime | None, tried: bool) -> None:
        first = {"first_at": LetterItem.first_at | self._clock.now()} if tried else {}
        self._update(letter_id, {**self._put_off(letter_id, until), **first}, LetterItem.reference.exists() & _UNSETTLED)

    def join(self, letter_id: str, *, into: int) -> None:
        free = LetterItem.attempt.does_not_exist() | LetterItem.bounced_at.exists() | LetterItem.complained_at.exists()
        known = LetterItem.reference.exists() & LetterItem.merged_into.does_not_exist()
        self._update(letter_id, {"merged_into": into, **_NO_QUEUE}, known & free)

    def note_accepted(self, letter_id: str, *, attempt: str, message_id: str) -> bool:
        now = self._clock.now()
        facts = {"accepted_at": now, "message_id": message_id, **_due(letter_id, now + HEARD_WITHIN)}
        return self._update(letter_id, facts, LetterItem.attempt == attempt)

    def note_rejected(self, letter_id: str, *, attempt: str, reason: str) -> bool:
        facts = {"rejected": reason, "queue": FAILED, "next_attempt_at": self._clock.now()}
        return self._update(letter_id, facts, LetterItem.attempt == attempt)

    def note_not_sent(self, letter_id: str, reason: NotSentReason, *, attempt: str = "") -> None:
        held = LetterItem.attempt == attempt if attempt else LetterItem.attempt.does_not_exist()
        self._update(letter_id, {"not_sent": reason.value, **_NO_QUEUE}, held & _UNSETTLED)

    def note_receipt(self, letter_id: str, facts: Mapping[str, Any], *, accepted_at: datetime, is_final: bool) -> bool:
        queue = _NO_QUEUE if is_final else _due(letter_id, accepted_at + HEARD_WITHIN)
        if "rejected" in facts:
            queue = {"queue": FAILED, "next_attempt_at": self._clock.now()}
        told = {"accepted_at": LetterItem.accepted_at | accepted_at, **facts, **queue}
        return self._update(letter_id, told, LetterItem.reference.exists())

    def close(self, letter_id: str, *, no_receipt: bool) -> None:
        found = {"no_receipt": True} if no_receipt else {}
        self._update(letter_id, {**found, **_NO_QUEUE}, LetterItem.accepted_at.exists() & LetterItem.rejected.does_not_exist())

    def retry(self, letter_id: str) -> bool:
        facts = {"failed_at": None, "first_at": None, **_due(letter_id, self._clock.now())}
        return self._update(letter_id, facts, LetterItem.failed_at.exists())

    def get(self, letter_id: str) -> LedgerEntry | None:
        try:
            item = find(self._model, *_key(letter_id))
        except PynamoDBException as error:
            raise Unavailable("letters") from error
        return _entry_of(item) if item else None

    def of_report(self, reference: str) -> list[LedgerEntry]:
        try:
            return [_entry_of(item) for item in self._model.query(reference, consistent_read=True)]
        except PynamoDBException as error:
            raise Unavailable("letters") from error

    def forget(self, reference: str, events: int) -> None:
        with self._model.batch_write() as batch:
            for number in range(1, events + 1):
                batch.delete(self._model(reference, number))

    def with_code(self, code_digest: str) -> LedgerEntry | None:
        try:
            found = next(iter(self._model.by_code_digest.query(code_digest, limit=1)), None)
        except PynamoDBException as error:
            raise Unavailable("letters") from error
        return self.get(letter_id(found.reference, int(found.number))) if found else None

    def due(self, now: datetime) -> Iterator[str]:
        first = int(now.timestamp() // 60)  # another shard goes first every minute: none waits for ever behind a backlog
        for number in range(SHARDS):
            yield from self._queue(f"due#{(first + number) % SHARDS}", Queue.next_attempt_at <= now)

    def failed(self) -> Iterator[str]:
        yield from self._queue(FAILED, None)

    def _queue(self, queue: str, condition: Condition | None) -> Iterator[str]:
        try:
            for item in self._model.by_queue.query(queue, condition):
                yield letter_id(item.reference, int(item.number))
        except PynamoDBException as error:
            raise Unavailable("letters") from error

    def _lease(self, letter_id: str, attempt: str) -> dict[str, Any]:
        now = self._clock.now()
        held = {"attempt": attempt, "claimed_at": now, "lease_until": now + LEASE, "first_at": LetterItem.first_at | now}
        return {**held, **_due(letter_id, now + LEASE)}

    def _put_off(self, letter_id: str, until: datetime | None) -> dict[str, Any]:
        now = self._clock.now()
        return _due(letter_id, until) if until else {"failed_at": now, "queue": FAILED, "next_attempt_at": now}

    def _entry(self, letter_id: str) -> LedgerEntry:
        return self.get(letter_id) or LedgerEntry(id=letter_id)

    def _update(self, letter_id: str, facts: Mapping[str, Any], condition: Condition) -> bool:
        """Write the facts (None removes one) under a condition; False when it does not hold."""
        facts = {**facts, "expires_at": expiry(self._clock.now() + KEPT)}
        attributes = {name: getattr(LetterItem, name) for name in facts}
        actions = [attributes[name].remove() if value is None else attributes[name].set(value) for name, value in facts.items()]
        try:
            return wrote(self._model(*_key(letter_id)).update, actions=actions, condition=condition)
        except UpdateError as error:
            raise Unavailable("letters") from error


_NO_QUEUE: Mapping[str, Any] = {"queue": None, "next_attempt_at": None}
_UNSETTLED = (
    LetterItem.accepted_at.does_not_exist()
    & LetterItem.rejected.does_not_exist()
    & LetterItem.not_sent.does_not_exist()
    & LetterItem.merged_into.does_not_exist()
    & LetterItem.failed_at.does_not_exist()
)


def _key(letter_id: str) -> tuple[str, int]:
    reference, _, number = letter_id.rpartition("#")
    return reference, int(number)


def _due(letter_id: str, at: datetime) -> dict[str, Any]:
    return {"queue": f"due#{shard_of(letter_id.partition('#')[0], SHARDS)}", "next_attempt_at": at}


def _entry_of(item: LetterItem) -> LedgerEntry:
    return LedgerEntry(
        id=letter_id(item.reference, int(item.number)),
        letter=item.letter or "",
        language=item.language or "",
        template=item.template or "",
        attempt=item.attempt or "",
        claimed_at=item.claimed_at,
        lease_until=item.lease_until,
        first_at=item.first_at,
        next_attempt_at=item.next_attempt_at,
        accepted_at=item.accepted_at,
        message_id=item.message_id or "",
        rejected=item.rejected or "",
        not_sent=item.not_sent or "",
        merged_into=int(item.merged_into or 0),
        repeated=bool(item.repeated),
        failed_at=item.failed_at,
        delivered_at=item.delivered_at,
        delayed_at=item.delayed_at,
        bounced_at=item.bounced_at,
        bounce=item.bounce or "",
        complained_at=item.complained_at,
        code_digest=item.code_digest or "",
        no_receipt=bool(item.no_receipt),
    )
