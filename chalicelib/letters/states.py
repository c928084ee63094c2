"""The states of a letter, and every move from one to another, as one table. Pure. ADR-0035.

A letter's state follows from the facts that the ledger has of it (`LedgerEntry.state`). Whoever moves a letter does it in one
write, on the condition that it is where the move begins (`Rule.begins_in`) and, where the rule says so, that the mover still
holds the claim. So of two who move the same letter one is first; and what was decided is never decided anew by a record that
comes again, because what a record may do begins in UNKNOWN, and no move leads back there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class LetterState(StrEnum):
    """The states of a letter. Of several facts the one whose state comes first here decides."""

    MERGED = "merged"  # another letter, which SES took, told of this news too
    REFUSED = "refused"  # SES will never take it to this address
    CAME_BACK = "came_back"  # SES took it, and no mail reaches its reader: a bounce for good, a complaint
    ACCEPTED = "accepted"  # SES took it
    HELD_BACK = "held_back"  # not sent, for want of an address that works
    NOT_SENT = "not_sent"  # not sent for good, and on record is why
    GIVEN_UP = "given_up"  # tried for a day: it lies on the pile that an operator works off
    CLAIMED = "claimed"  # an attempt has it, or died with it
    WAITING = "waiting"  # the round sends it when it is due
    UNKNOWN = "unknown"  # nothing is known of it


class Move(StrEnum):
    """The moves from one state of a letter to another."""

    WAIT = "wait"
    HOLD = "hold"
    RETRACT = "retract"
    WITHHOLD = "withhold"
    BEGIN = "begin"
    CLAIM = "claim"
    TAKE_OVER = "take_over"
    PUT_OFF = "put_off"
    ABANDON = "abandon"
    DROP = "drop"
    RELEASE = "release"
    GIVE_UP = "give_up"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    REFUSE = "refuse"
    MERGE = "merge"
    RECALL = "recall"
    RETRY = "retry"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Rule:
    """The states in which a move may begin and end. `by_holder`: only for the attempt that holds the claim at that moment."""

    begins_in: frozenset[LetterState]
    ends_in: frozenset[LetterState]
    by_holder: bool = False


def _of(*states: LetterState) -> frozenset[LetterState]:
    return frozenset(states)


S = LetterState
ANY = frozenset(S)
UNREACHED = _of(S.REFUSED, S.CAME_BACK, S.HELD_BACK, S.GIVEN_UP)
_OPEN = _of(S.WAITING, S.CLAIMED)
_ENDED = _of(S.ACCEPTED, S.CAME_BACK, S.REFUSED, S.MERGED)

MOVES: Mapping[Move, Rule] = {
    # A record of a stream, or the sweep, decides once: on a letter of which nothing is known.
    Move.WAIT: Rule(_of(S.UNKNOWN), _of(S.WAITING)),
    Move.WITHHOLD: Rule(_of(S.UNKNOWN), _of(S.NOT_SENT, S.HELD_BACK)),
    Move.BEGIN: Rule(_of(S.UNKNOWN), _of(S.CLAIMED)),
    # An officer who takes back what a letter is to tell keeps it from the round meanwhile, whether its record came or not. One
    # that was held back is decided anew after that, or dropped.
    Move.HOLD: Rule(_of(S.UNKNOWN, S.WAITING, S.HELD_BACK), _of(S.WAITING)),
    # And notes that it was taken back: another letter of that very moment may count it as told, and its reader finds nothing.
    Move.RETRACT: Rule(_of(S.WAITING, S.HELD_BACK, S.MERGED), _of(S.NOT_SENT)),
    # The round moves what waits, and the claims of attempts that died.
    Move.CLAIM: Rule(_of(S.WAITING), _of(S.CLAIMED)),
    Move.TAKE_OVER: Rule(_of(S.CLAIMED), _of(S.CLAIMED), by_holder=True),  # in the name of the one whose lease is over
    Move.PUT_OFF: Rule(_OPEN, _OPEN),  # a claim in doubt stays one
    Move.ABANDON: Rule(_OPEN, _of(S.GIVEN_UP)),
    Move.DROP: Rule(_of(S.WAITING), _of(S.NOT_SENT, S.HELD_BACK)),
    # The attempt that holds the claim says how it ended; SES's own events may have said more by then.
    Move.RELEASE: Rule(_of(S.CLAIMED), _of(S.WAITING), by_holder=True),
    Move.GIVE_UP: Rule(_of(S.CLAIMED), _of(S.GIVEN_UP), by_holder=True),
    Move.WITHDRAW: Rule(_of(S.CLAIMED), _of(S.NOT_SENT, S.HELD_BACK), by_holder=True),
    Move.REFUSE: Rule(_of(S.CLAIMED), _of(S.REFUSED), by_holder=True),
    Move.ACCEPT: Rule(ANY, _ENDED, by_holder=True),
    # Another letter told this news, and SES took that one.
    Move.MERGE: Rule(_of(S.WAITING) | UNREACHED, _of(S.MERGED)),
    # There is an address that works: what reached nobody is due anew, with all that it told of, since each has a weight of its
    # own. Or an operator mended what kept it from being sent.
    Move.RECALL: Rule(UNREACHED | _of(S.MERGED), _of(S.WAITING)),
    Move.RETRY: Rule(_of(S.GIVEN_UP), _OPEN),
    # SES has said all that it will, or nothing for so long that it will not.
    Move.CLOSE: Rule(_ENDED, _ENDED),
}
