"""The facts that are known of one letter, and what they mean to whoever wants to send it. Pure.

Facts, not a state: each has its own time, and a late one (a bounce after a delivery) changes none of the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.core.language import Language
from chalicelib.letters.catalogue import HOLDS_BACK, Letter
from chalicelib.letters.states import UNREACHED, LetterState

LEASE = timedelta(minutes=10)  # an attempt ends within 10 s (wiring's time-outs); the rest is time for SES's own Send event
HEARD_WITHIN = timedelta(days=3)  # a mail of which SES says nothing more for so long is found by the round
FIRST_PAUSE, LONGEST_PAUSE, TRIED_FOR = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24)
PERMANENT = "permanent"
UNDELIVERED = "undelivered"  # SES gave up on a mailbox that may take mail again, and the letter asked its reader to act
RETURNED = (PERMANENT, UNDELIVERED)


class Standing(StrEnum):
    """The standing of a letter to an attempt that wants to send it."""

    OURS = "ours"  # ours to send
    FREE = "free"  # nobody's yet: nothing is known of it, or it waits
    SETTLED = "settled"  # nothing to do
    LEASED = "leased"  # another attempt is sending it, or died a moment ago
    IN_DOUBT = "in_doubt"  # another attempt died, and SES has not said that it has the letter


@dataclass(frozen=True, slots=True)
class Written:
    """The form in which somebody got a letter: its language, and the digest of its texts."""

    language: Language
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """The facts that the ledger knows of one letter.

    `attempt` is empty while nobody claims it; `repeated` says that it may have gone out twice; `merged_into` is the number of
    the event whose letter told of this one too; `next_attempt_at` is when the round must look at it again, None when never;
    `code_digest` is the digest of the code that its mail carries; `returned` are the ids of mails that came back before the
    letter was written anew.
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
    returned: str = ""

    @property
    def reference(self) -> str:
        return self.id.rpartition("#")[0]

    @property
    def number(self) -> int:
        return int(self.id.rpartition("#")[2])

    @property
    def state(self) -> LetterState:
        return next(state for state, is_so in _FACTS if is_so(self))

    @property
    def is_settled(self) -> bool:
        return self.state not in _UNSETTLED

    @property
    def is_heard_of(self) -> bool:
        """True when SES said how the mail ended."""
        return bool(self.delivered_at or self.bounced_at or self.complained_at or self.rejected)

    @property
    def is_news(self) -> bool:
        """True for a letter that another one of its report can tell of too."""
        return self.letter == Letter.NEWS

    @property
    def has_reached_nobody(self) -> bool:
        return self.state in UNREACHED

    def standing(self, attempt: str, now: datetime) -> Standing:
        """Return what this entry means to an attempt that wants the letter."""
        if self.is_settled:
            return Standing.SETTLED
        if not self.attempt:
            return Standing.FREE
        if self.attempt == attempt:  # our own claim, whose reply was lost: the SDK wrote it twice
            return Standing.OURS
        return Standing.LEASED if self.lease_until is None or now < self.lease_until else Standing.IN_DOUBT


_UNSETTLED = frozenset({LetterState.UNKNOWN, LetterState.WAITING, LetterState.CLAIMED})
_FACTS: tuple[tuple[LetterState, Callable[[LedgerEntry], object]], ...] = (
    (LetterState.MERGED, lambda entry: entry.merged_into),
    (LetterState.REFUSED, lambda entry: entry.rejected),
    (LetterState.CAME_BACK, lambda entry: entry.complained_at or (entry.bounced_at and entry.bounce in RETURNED)),
    (LetterState.ACCEPTED, lambda entry: entry.accepted_at),
    (LetterState.HELD_BACK, lambda entry: entry.not_sent in HOLDS_BACK),
    (LetterState.NOT_SENT, lambda entry: entry.not_sent),
    (LetterState.GIVEN_UP, lambda entry: entry.failed_at),
    (LetterState.CLAIMED, lambda entry: entry.attempt),
    (LetterState.WAITING, lambda entry: entry.next_attempt_at),
    (LetterState.UNKNOWN, lambda _: True),
)


def try_again_at(first_at: datetime | None, now: datetime) -> datetime | None:
    """Return when to try a letter again that could not be sent now, None when that has gone on for a day.

    The pause is as long as the tries have gone on so far: 1, 1, 2, 4 minutes, … at most an hour.
    """
    gone_on = now - (first_at or now)
    again = now + min(max(gone_on, FIRST_PAUSE), LONGEST_PAUSE)
    return again if gone_on < TRIED_FOR else None
