"""The ledger: for every event of every report what became of its letter, and what is still to be done about it.

A claim is written before its letter is sent, with the id of the attempt and a lease. Whatever is not finished lies on a
queue of the index, with the time to look at it: a letter that waits, a claim whose attempt may die, a mail of which SES must
still be heard. So nothing depends on anybody remembering. Which write may follow which stands in states.py (ADR-0002,
ADR-0019, ADR-0035). No address is kept here.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache, reduce
from operator import and_, or_
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
from chalicelib.core.tables import InstantAttribute, bind, expiry, find, shard_of, update, wrote
from chalicelib.letters.catalogue import HOLDS_BACK, Letter, NoLetter, NotSentReason, letter_id
from chalicelib.letters.ledger_entry import HEARD_WITHIN, LEASE, RETURNED, LedgerEntry, Standing, Written
from chalicelib.letters.states import ANY, MOVES, LetterState, Move

KEPT = RETENTION[Kept.LETTERS].length
SHARDS = 4  # of the due queue: one partition takes 1,000 writes a second
FAILED = "failed"


class Ledger(Protocol):
    """The ledger that sending needs. A function does nothing to a letter in a state from which states.py does not let it go.

    Every function raises core.errors.Unavailable when the outcome is not known.
    """

    def wait(self, letter_id: str, *, letter: Letter, until: datetime) -> None:
        """Note that a letter waits, of which nothing was known."""
        ...

    def hold(self, letter_id: str, *, letter: Letter, until: datetime) -> bool:
        """Keep a letter from being sent until then. False when it was or is being sent, and then nothing is changed."""
        ...

    def retract(self, letter_id: str) -> None:
        """Note that what a letter was to tell was taken back, wherever it has not gone by itself."""
        ...

    def withhold(self, letter_id: str, none: NoLetter) -> None:
        """Note why no letter goes out, of which nothing was known."""
        ...

    def claim(
        self, entry: LedgerEntry, *, attempt: str, letter: Letter, language: Language, template: str, code_digest: str = ""
    ) -> Standing:
        """Claim a letter that is nobody's, in one write; return what it is to us now.

        It must be as `entry` has it: new, or waiting, and due as it was.
        """
        ...

    def take_over(self, letter_id: str, *, attempt: str) -> bool:
        """Claim a letter in doubt, flagged as repeated. False when somebody else was first, or settled it."""
        ...

    def look_again(self, letter_id: str, *, until: datetime, tried: bool = False) -> None:
        """Put off an unsettled letter, with its claim if it has one. `tried` starts the day after which it is given up."""
        ...

    def release(self, letter_id: str, *, attempt: str, until: datetime) -> None:
        """Give up a claim of which nothing was sent: the letter waits until then."""
        ...

    def give_up(self, letter_id: str, *, attempt: str = "", unit: str = "") -> None:
        """Put an unsettled letter on the pile; `unit` is whose desk hears of it.

        With `attempt` its claim is given up as well: nothing was sent.
        """
        ...

    def drop(self, letter_id: str, none: NoLetter, *, attempt: str = "") -> None:
        """Note why no letter goes out any more that waits, or of which `attempt` has the claim."""
        ...

    def merge(self, entry: LedgerEntry, *, into: int) -> None:
        """Note that the letter of event `into` told of this news too, if it still is where `entry` has it, and due as it was."""
        ...

    def recall(self, entry: LedgerEntry, *, letter: Letter, until: datetime) -> None:
        """Make due anew what reached nobody, if it still is where `entry` has it.

        From then on nothing counts that is said of its earlier mail.
        """
        ...

    def note_accepted(self, letter_id: str, *, attempt: str, message_id: str, written: Written | None = None) -> bool:
        """Note that SES took the letter. False when another attempt has taken the claim over.

        `written` is what was written, where that is not what the claim says.
        """
        ...

    def note_rejected(self, letter_id: str, *, attempt: str, reason: str) -> None:
        """Note that SES refused the letter for good."""
        ...

    def note_receipt(
        self, letter_id: str, facts: Mapping[str, Any], *, message_id: str, accepted_at: datetime, is_final: bool
    ) -> bool:
        """Note what SES said of a mail that it took. False for a letter of which nothing is known, and for a mail that came
        back before the letter was written anew.
        """
        ...

    def close(self, letter_id: str, *, no_receipt: bool = False) -> None:
        """Take a letter that has ended from its queue; `no_receipt` when SES never said what became of the mail."""
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

    def given_up(self, unit: str) -> Iterator[str]:
        """Return the ids of a unit's letters on the pile (empty: of those that are no unit's), the oldest first."""
        ...


class ByCodeDigest(GlobalSecondaryIndex[Any]):
    """The letters by the digest of their mail's code. Keys alone: an accepted or delivered letter writes nothing here."""

    class Meta:
        index_name = "by_proof"
        projection = KeysOnlyProjection()

    code_digest = UnicodeAttribute(attr_name="proof", hash_key=True)


class Queue(GlobalSecondaryIndex[Any]):
    """The letters that are unfinished: `due#<shard>`, `failed#<unit>` or `failed`, by the time to look at it; sparse."""

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
    returned = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()

    by_code_digest = ByCodeDigest()
    by_queue = Queue()


class LedgerStore:
    """The ledger in DynamoDB."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._model, self._clock = bind(LetterItem, "letters", settings), clock

    def wait(self, letter_id: str, *, letter: Letter, until: datetime) -> None:
        self._move(letter_id, Move.WAIT, {"letter": letter.value, **_due(letter_id, until)})

    def hold(self, letter_id: str, *, letter: Letter, until: datetime) -> bool:
        return self._move(letter_id, Move.HOLD, {"letter": letter.value, "not_sent": None, **_due(letter_id, until)})

    def retract(self, letter_id: str) -> None:
        facts = {"not_sent": NotSentReason.RETRACTED.value, "merged_into": None, **_NO_QUEUE}
        self._move(letter_id, Move.RETRACT, facts)

    def withhold(self, letter_id: str, none: NoLetter) -> None:
        self._move(letter_id, Move.WITHHOLD, _withheld(none))

    def claim(
        self, entry: LedgerEntry, *, attempt: str, letter: Letter, language: Language, template: str, code_digest: str = ""
    ) -> Standing:
        move = Move.BEGIN if entry.state is LetterState.UNKNOWN else Move.CLAIM
        facts = {"letter": letter.value, "language": language.value, "template": template, "code_digest": code_digest or None}
        if self._move(entry.id, move, {**facts, **self._lease(entry.id, attempt)}, due_at=entry.next_attempt_at):
            return Standing.OURS
        return self._entry(entry.id).standing(attempt, self._clock.now())

    def take_over(self, letter_id: str, *, attempt: str) -> bool:
        found = self._entry(letter_id)
        if found.standing(attempt, self._clock.now()) is Standing.IN_DOUBT:
            facts = {"repeated": True, **self._lease(letter_id, attempt)}
            if self._move(letter_id, Move.TAKE_OVER, facts, holder=found.attempt):
                return True
            found = self._entry(letter_id)  # the reply to our own first try may have been lost
        return found.standing(attempt, self._clock.now()) is Standing.OURS

    def look_again(self, letter_id: str, *, until: datetime, tried: bool = False) -> None:
        first = {"first_at": LetterItem.first_at | self._clock.now()} if tried else {}
        self._move(letter_id, Move.PUT_OFF, {**first, **_due(letter_id, until)})

    def release(self, letter_id: str, *, attempt: str, until: datetime) -> None:
        self._move(letter_id, Move.RELEASE, {**_NO_CLAIM, **_due(letter_id, until)}, holder=attempt)

    def give_up(self, letter_id: str, *, attempt: str = "", unit: str = "") -> None:
        move, freed = (Move.GIVE_UP, _NO_CLAIM) if attempt else (Move.ABANDON, {})
        now = self._clock.now()
        facts = {"failed_at": now, "queue": _pile(unit), "next_attempt_at": now}
        self._move(letter_id, move, {**freed, **facts}, holder=attempt)

    def drop(self, letter_id: str, none: NoLetter, *, attempt: str = "") -> None:
        move, freed = (Move.WITHDRAW, _NO_CLAIM) if attempt else (Move.DROP, {})
        self._move(letter_id, move, {**freed, **_withheld(none)}, holder=attempt)

    def merge(self, entry: LedgerEntry, *, into: int) -> None:
        facts = {"merged_into": into, **_NO_QUEUE}
        self._move(entry.id, Move.MERGE, facts, seen=entry.state, due_at=entry.next_attempt_at)

    def recall(self, entry: LedgerEntry, *, letter: Letter, until: datetime) -> None:
        returned = " ".join(filter(None, (entry.returned, entry.message_id)))
        facts = {"letter": letter.value, "returned": returned or None, **_due(entry.id, until)}
        self._move(entry.id, Move.RECALL, {**_NOT_ENDED, **_NO_CLAIM, **facts}, seen=entry.state)

    def note_accepted(self, letter_id: str, *, attempt: str, message_id: str, written: Written | None = None) -> bool:
        now = self._clock.now()
        facts = {"accepted_at": now, "message_id": message_id, **_due(letter_id, now + HEARD_WITHIN)}
        facts |= {"language": written.language.value, "template": written.template} if written else {}
        return self._move(letter_id, Move.ACCEPT, facts, holder=attempt)

    def note_rejected(self, letter_id: str, *, attempt: str, reason: str) -> None:
        self._move(letter_id, Move.REFUSE, {"rejected": reason, **_NO_QUEUE}, holder=attempt)

    def note_receipt(
        self, letter_id: str, facts: Mapping[str, Any], *, message_id: str, accepted_at: datetime, is_final: bool
    ) -> bool:
        queue = _NO_QUEUE if is_final else _due(letter_id, accepted_at + HEARD_WITHIN)
        told = {"message_id": message_id, "accepted_at": LetterItem.accepted_at | accepted_at, **facts, **queue}
        is_of_now = LetterItem.reference.exists() & ~LetterItem.returned.contains(message_id)
        return self._update(letter_id, told, is_of_now)

    def close(self, letter_id: str, *, no_receipt: bool = False) -> None:
        found = {"no_receipt": True} if no_receipt else {}
        self._move(letter_id, Move.CLOSE, {**found, **_NO_QUEUE})

    def retry(self, letter_id: str) -> bool:
        facts = {"failed_at": None, "first_at": None, **_due(letter_id, self._clock.now())}
        return self._move(letter_id, Move.RETRY, facts)

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

    def given_up(self, unit: str) -> Iterator[str]:
        yield from self._queue(_pile(unit), None)

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

    def _entry(self, letter_id: str) -> LedgerEntry:
        return self.get(letter_id) or LedgerEntry(id=letter_id)

    def _move(
        self,
        letter_id: str,
        move: Move,
        facts: Mapping[str, Any],
        *,
        holder: str = "",
        seen: LetterState | None = None,
        due_at: datetime | None = None,
    ) -> bool:
        """Write the facts of a move, if the letter is where it may begin; False when it is not.

        `seen`: and where that was; `due_at`: and due as it was.
        """
        rule = MOVES[move]
        begins_in = rule.begins_in & {seen} if seen else rule.begins_in
        if not begins_in:
            return False
        held = [LetterItem.attempt == holder] if rule.by_holder else []
        there = [] if begins_in == ANY else [_is_one_of(begins_in)]
        unmoved = [LetterItem.next_attempt_at == due_at] if due_at else []
        return self._update(letter_id, facts, reduce(and_, [*held, *there, *unmoved]))

    def _update(self, letter_id: str, facts: Mapping[str, Any], condition: Condition) -> bool:
        """Write the facts (None removes one) under a condition; False when it does not hold."""
        facts = {**facts, "expires_at": expiry(self._clock.now() + KEPT)}
        attributes = {name: getattr(LetterItem, name) for name in facts}
        actions = [attributes[name].remove() if value is None else attributes[name].set(value) for name, value in facts.items()]
        try:
            return wrote(update, self._model(*_key(letter_id)), actions, condition)
        except UpdateError as error:
            raise Unavailable("letters") from error


_NO_QUEUE: Mapping[str, Any] = {"queue": None, "next_attempt_at": None}
_NO_CLAIM: Mapping[str, Any] = {"attempt": None, "lease_until": None}
_ENDINGS = ("merged_into", "not_sent", "rejected", "failed_at", "accepted_at", "message_id", "delivered_at", "delayed_at")
_RETURNS = ("bounced_at", "bounce", "complained_at", "no_receipt", "first_at")
_NOT_ENDED: Mapping[str, Any] = dict.fromkeys((*_ENDINGS, *_RETURNS))
# The facts by which DynamoDB knows the states, in the order in which LedgerEntry.state asks for them.
_KNOWN_BY: Mapping[LetterState, Condition] = {
    LetterState.MERGED: LetterItem.merged_into.exists(),
    LetterState.REFUSED: LetterItem.rejected.exists(),
    LetterState.CAME_BACK: LetterItem.complained_at.exists() | LetterItem.bounce.is_in(*RETURNED),
    LetterState.ACCEPTED: LetterItem.accepted_at.exists(),
    LetterState.HELD_BACK: LetterItem.not_sent.is_in(*(reason.value for reason in HOLDS_BACK)),
    LetterState.NOT_SENT: LetterItem.not_sent.exists(),
    LetterState.GIVEN_UP: LetterItem.failed_at.exists(),
    LetterState.CLAIMED: LetterItem.attempt.exists(),
    LetterState.WAITING: LetterItem.reference.exists(),
    LetterState.UNKNOWN: LetterItem.reference.does_not_exist(),
}


@cache
def _is_one_of(states: frozenset[LetterState]) -> Condition:
    """Return the condition that a letter is in one of these states."""
    return reduce(or_, (_is(state) for state in LetterState if state in states))


@cache
def _is(state: LetterState) -> Condition:
    """Return the condition that a letter is in this state: known by its fact, and by none that comes before it."""
    order = tuple(_KNOWN_BY)
    before = () if state is LetterState.UNKNOWN else order[: order.index(state)]
    return reduce(and_, (~_KNOWN_BY[one] for one in before), _KNOWN_BY[state])


def _withheld(none: NoLetter) -> dict[str, Any]:
    return {"letter": none.letter.value if none.letter else None, "not_sent": none.reason.value, **_NO_QUEUE}


def _pile(unit: str) -> str:
    return f"{FAILED}#{unit}" if unit else FAILED


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
        returned=item.returned or "",
    )
