"""The ledger: for every event of every report what became of its letter. Claimed, accepted, rejected, or not sent and why.

A claim is written before its letter is sent, with the id of the attempt and a lease. So a second delivery of the same
event finds what stands there: settled, being sent, or in doubt because its attempt died. No address is kept here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.core.clock import Clock
from chalicelib.core.errors import Unavailable
from chalicelib.core.language import Language
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, condition_failed
from chalicelib.letters.catalogue import Letter, Reason, letter_id

KEPT = timedelta(days=730)
LEASE = timedelta(minutes=1)  # an attempt at SES ends after 10 s (wiring's time-outs): a lapsed lease is a dead attempt


class Standing(StrEnum):
    """What a claim found."""

    CLAIMED = "claimed"  # the letter is ours to send
    SETTLED = "settled"  # accepted, rejected or not sent: nothing to do
    LEASED = "leased"  # another attempt is sending it, or died a moment ago
    IN_DOUBT = "in_doubt"  # another attempt died; whether SES has the letter is not known here


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the ledger knows of one letter.

    `attempt` is empty while nobody claims it; `repeated` says that it may have gone out twice; `proof` is the digest of the
    code that its mail carries.
    """

    id: str
    letter: str = ""
    language: str = ""
    template: str = ""
    proof: str = ""
    attempt: str = ""
    claimed_at: datetime | None = None
    lease_until: datetime | None = None
    accepted_at: datetime | None = None
    message_id: str = ""
    rejected: str = ""
    not_sent: str = ""
    repeated: bool = False

    @property
    def is_settled(self) -> bool:
        return bool(self.accepted_at or self.rejected or self.not_sent)

    def standing(self, attempt: str, now: datetime) -> Standing:
        """Return what this entry means to an attempt that wants the letter."""
        if self.is_settled:
            return Standing.SETTLED
        if self.attempt == attempt:  # our own claim, whose reply was lost: the SDK wrote it twice
            return Standing.CLAIMED
        return Standing.LEASED if self.lease_until is None or now < self.lease_until else Standing.IN_DOUBT


class Ledger(Protocol):
    """What the post needs of a ledger. Every function raises core.errors.Unavailable when the outcome is not known."""

    def claim(
        self, letter_id: str, *, attempt: str, letter: Letter, language: Language, template: str, proof: str = ""
    ) -> Standing:
        """Claim a letter that nobody claimed, in one conditional write; return what stands there now."""
        ...

    def take_over(self, letter_id: str, *, attempt: str) -> bool:
        """Claim a letter in doubt, flagged as repeated. False when somebody else was first, or settled it."""
        ...

    def release(self, letter_id: str, *, attempt: str) -> None:
        """Give up a claim of which nothing was sent."""
        ...

    def note_accepted(self, letter_id: str, *, attempt: str, message_id: str) -> bool:
        """Note that SES took the letter. False when another attempt has taken the claim over."""
        ...

    def note_rejected(self, letter_id: str, *, attempt: str, reason: str) -> bool:
        """Note that SES refused the letter for good. False when another attempt has taken the claim over."""
        ...

    def note_not_sent(self, letter_id: str, reason: Reason) -> None:
        """Note why no letter went out; nothing changes when something is noted already."""
        ...

    def get(self, letter_id: str) -> Entry | None:
        """Return what is known of a letter, None when nothing is."""
        ...

    def forget(self, reference: str, events: int) -> None:
        """Forget the letters of a report's first `events` events; nothing happens for those that are not there."""
        ...

    def with_proof(self, proof: str) -> Entry | None:
        """Return the letter whose mail carries the code with this digest, None when no letter has it."""
        ...


class ByProof(GlobalSecondaryIndex[Any]):
    """The letters by the digest of their mail's code. Keys alone: an accepted or delivered letter writes nothing here."""

    class Meta:
        index_name = "by_proof"
        projection = KeysOnlyProjection()

    proof = UnicodeAttribute(hash_key=True)


class LetterItem(Model):
    """A letter as DynamoDB keeps it."""

    id = UnicodeAttribute(hash_key=True)
    letter = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    template = UnicodeAttribute(null=True)
    attempt = UnicodeAttribute(null=True)
    claimed_at = InstantAttribute(null=True)
    lease_until = InstantAttribute(null=True)
    accepted_at = InstantAttribute(null=True)
    message_id = UnicodeAttribute(null=True)
    rejected = UnicodeAttribute(null=True)
    not_sent = UnicodeAttribute(null=True)
    repeated = BooleanAttribute(null=True)
    proof = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()
    by_proof = ByProof()


class LedgerStore:
    """The ledger in DynamoDB."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._model, self._clock = bind(LetterItem, "letters", settings), clock

    def claim(
        self, letter_id: str, *, attempt: str, letter: Letter, language: Language, template: str, proof: str = ""
    ) -> Standing:
        facts = {"letter": letter.value, "language": language.value, "template": template, "proof": proof or None}
        facts |= self._lease(attempt)
        if self._update(letter_id, facts, _UNCLAIMED):
            return Standing.CLAIMED
        return self._entry(letter_id).standing(attempt, self._clock.now())

    def take_over(self, letter_id: str, *, attempt: str) -> bool:
        found = self._entry(letter_id)
        if found.standing(attempt, self._clock.now()) is not Standing.IN_DOUBT:
            return found.attempt == attempt and not found.is_settled
        unchanged = (LetterItem.attempt == found.attempt) & _UNSETTLED
        if self._update(letter_id, {"repeated": True, **self._lease(attempt)}, unchanged):
            return True
        return self._entry(letter_id).attempt == attempt  # the reply to our own first try was lost

    def release(self, letter_id: str, *, attempt: str) -> None:
        self._update(letter_id, {"attempt": None, "lease_until": None}, (LetterItem.attempt == attempt) & _UNSETTLED)

    def note_accepted(self, letter_id: str, *, attempt: str, message_id: str) -> bool:
        facts = {"accepted_at": self._clock.now(), "message_id": message_id}
        return self._update(letter_id, facts, LetterItem.attempt == attempt)

    def note_rejected(self, letter_id: str, *, attempt: str, reason: str) -> bool:
        return self._update(letter_id, {"rejected": reason}, LetterItem.attempt == attempt)

    def note_not_sent(self, letter_id: str, reason: Reason) -> None:
        self._update(letter_id, {"not_sent": reason.value}, _UNCLAIMED)

    def get(self, letter_id: str) -> Entry | None:
        try:
            return _entry_of(self._model.get(letter_id, consistent_read=True))
        except self._model.DoesNotExist:
            return None
        except PynamoDBException as error:
            raise Unavailable("letters") from error

    def forget(self, reference: str, events: int) -> None:
        with self._model.batch_write() as batch:
            for number in range(1, events + 1):
                batch.delete(self._model(letter_id(reference, number)))

    def with_proof(self, proof: str) -> Entry | None:
        try:
            found = next(iter(self._model.by_proof.query(proof, limit=1)), None)
        except PynamoDBException as error:
            raise Unavailable("letters") from error
        return self.get(found.id) if found else None

    def _lease(self, attempt: str) -> dict[str, Any]:
        now = self._clock.now()
        return {"attempt": attempt, "claimed_at": now, "lease_until": now + LEASE}

    def _entry(self, letter_id: str) -> Entry:
        return self.get(letter_id) or Entry(id=letter_id)

    def _update(self, letter_id: str, facts: Mapping[str, Any], condition: Condition) -> bool:
        """Write the facts (None removes one) under a condition; False when it does not hold."""
        facts = {**facts, "expires_at": int((self._clock.now() + KEPT).timestamp())}
        attributes = {name: getattr(LetterItem, name) for name in facts}
        actions = [attributes[name].remove() if value is None else attributes[name].set(value) for name, value in facts.items()]
        try:
            self._model(letter_id).update(actions=actions, condition=condition)
        except UpdateError as error:
            if not condition_failed(error):
                raise Unavailable("letters") from error
            return False
        return True


_UNSETTLED = LetterItem.accepted_at.does_not_exist() & LetterItem.rejected.does_not_exist() & LetterItem.not_sent.does_not_exist()
_UNCLAIMED = LetterItem.attempt.does_not_exist() & LetterItem.not_sent.does_not_exist()


def _entry_of(item: LetterItem) -> Entry:
    return Entry(
        id=item.id,
        letter=item.letter or "",
        language=item.language or "",
        template=item.template or "",
        proof=item.proof or "",
        attempt=item.attempt or "",
        claimed_at=item.claimed_at,
        lease_until=item.lease_until,
        accepted_at=item.accepted_at,
        message_id=item.message_id or "",
        rejected=item.rejected or "",
        not_sent=item.not_sent or "",
        repeated=bool(item.repeated),
    )
