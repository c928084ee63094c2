"""The facts that are known of one letter, and what they mean to whoever wants to send it. Pure.

Facts, not a state: each has its own time, and a late one (a bounce after a delivery) changes none of the others.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.letters.catalogue import Letter, NotSentReason

LEASE = timedelta(minutes=10)  # an attempt ends within 10 s (wiring's time-outs); the rest is time for SES's own Send event
HEARD_WITHIN = timedelta(days=3)  # a mail of which SES says nothing more for so long is found by the round
FIRST_PAUSE, LONGEST_PAUSE, TRIED_FOR = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24)
PERMANENT = "permanent"
_HELD_BACK = frozenset({NotSentReason.ADDRESS_MISSING.value, NotSentReason.ADDRESS_UNUSABLE.value})


class LetterState(StrEnum):
    """The state of a letter to an attempt that wants to send it."""

    CLAIMED = "claimed"  # ours to send
    WAITING = "waiting"  # nobody's yet: the round sends it when it is due
    SETTLED = "settled"  # accepted, rejected, not sent or given up: nothing to do
    LEASED = "leased"  # another attempt is sending it, or died a moment ago
    IN_DOUBT = "in_doubt"  # another attempt died, and SES has not said that it has the letter


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """The facts that the ledger knows of one letter.

    `attempt` is empty while nobody claims it; `repeated` says that it may have gone out twice; `merged_into` is the number of
    the event whose letter told of this one too; `next_attempt_at` is when the round must look at it again, None when never;
    `code_digest` is the digest of the code that its mail carries.
    """

    id: str
    letter: str = ""
    language: str = ""
    template: str = ""
    attempt: str = ""
    claimed_at: datetime | None = None
    lease_until: datetime | None = None
    first_at: datetime | None = None
    next_attempt_at: datetime | None = None
    accepted_at: datetime | None = None
    message_id: str = ""
    rejected: str = ""
    not_sent: str = ""
    merged_into: int = 0
    repeated: bool = False
    failed_at: datetime | None = None
    delivered_at: datetime | None = None
    delayed_at: datetime | None = None
    bounced_at: datetime | None = None
    bounce: str = ""
    complained_at: datetime | None = None
    no_receipt: bool = False
    code_digest: str = ""

    @property
    def reference(self) -> str:
        return self.id.rpartition("#")[0]

    @property
    def number(self) -> int:
        return int(self.id.rpartition("#")[2])

    @property
    def is_settled(self) -> bool:
        return bool(self.accepted_at or self.rejected or self.not_sent or self.merged_into or self.failed_at)

    @property
    def is_heard_of(self) -> bool:
        """True when SES said how the mail ended."""
        return bool(self.delivered_at or self.bounced_at or self.complained_at or self.rejected)

    @property
    def is_held_back(self) -> bool:
        """True for news that did not reach its reader, and about which nobody has written since."""
        came_back = bool(self.complained_at) or (bool(self.bounced_at) and self.bounce == PERMANENT)
        return not self.merged_into and (came_back or bool(self.failed_at) or self.not_sent in _HELD_BACK)

    @property
    def is_waiting_news(self) -> bool:
        return not self.is_settled and not self.attempt and self.letter == Letter.NEWS

    def standing(self, attempt: str, now: datetime) -> LetterState:
        """Return what this entry means to an attempt that wants the letter."""
        if self.is_settled:
            return LetterState.SETTLED
        if not self.attempt:
            return LetterState.WAITING
        if self.attempt == attempt:  # our own claim, whose reply was lost: the SDK wrote it twice
            return LetterState.CLAIMED
        return LetterState.LEASED if self.lease_until is None or now < self.lease_until else LetterState.IN_DOUBT


def try_again_at(first_at: datetime | None, now: datetime) -> datetime | None:
    """Return when to try a letter again that could not be sent now, None when that has gone on for a day.

    The pause is as long as the tries have gone on so far: 1, 1, 2, 4 minutes, … at most an hour.
    """
    gone_on = now - (first_at or now)
    again = now + min(max(gone_on, FIRST_PAUSE), LONGEST_PAUSE)
    return again if gone_on < TRIED_FOR else None
