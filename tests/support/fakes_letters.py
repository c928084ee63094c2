"""Ledger, mailer and surveys in memory. Each passes the contract tests of the real one (tests/contract)."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.core.clock import Clock
from chalicelib.core.errors import Gone, NotFound
from chalicelib.letters.ledger_entry import HEARD_WITHIN, LEASE, LedgerEntry, Standing
from chalicelib.letters.mailer import Mail
from chalicelib.letters.states import MOVES, LetterState, Move
from chalicelib.surveys.model import Answer, Invitation, SurveyLine, SurveyState


class FakeLedger:
    """The ledger in a dictionary. It asks the same table what may be done in which state."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.entries: dict[str, LedgerEntry] = {}
        self._piles: dict[str, str] = {}

    def wait(self, letter_id, *, letter, until) -> None:
        self._move(letter_id, Move.WAIT, letter=letter.value, next_attempt_at=until)

    def hold(self, letter_id, *, letter, until) -> bool:
        return self._move(letter_id, Move.HOLD, letter=letter.value, not_sent="", next_attempt_at=until)

    def retract(self, letter_id) -> None:
        self._move(letter_id, Move.RETRACT, not_sent="retracted", merged_into=0, next_attempt_at=None)

    def withhold(self, letter_id, none) -> None:
        self._move(letter_id, Move.WITHHOLD, **_withheld(none))

    def claim(self, entry, *, attempt, letter, language, template, code_digest="") -> Standing:
        move = Move.BEGIN if entry.state is LetterState.UNKNOWN else Move.CLAIM
        facts = {"letter": letter.value, "language": language.value, "template": template, "code_digest": code_digest}
        is_as_seen = entry.next_attempt_at in (None, self._entry(entry.id).next_attempt_at)
        if is_as_seen and self._move(entry.id, move, **facts, **self._lease(entry.id, attempt)):
            return Standing.OURS
        return self._entry(entry.id).standing(attempt, self._clock.now())

    def take_over(self, letter_id, *, attempt) -> bool:
        found = self._entry(letter_id)
        if found.standing(attempt, self._clock.now()) is Standing.IN_DOUBT:
            return self._move(letter_id, Move.TAKE_OVER, found.attempt, repeated=True, **self._lease(letter_id, attempt))
        return found.standing(attempt, self._clock.now()) is Standing.OURS

    def look_again(self, letter_id, *, until, tried=False) -> None:
        first = {"first_at": self._entry(letter_id).first_at or self._clock.now()} if tried else {}
        self._move(letter_id, Move.PUT_OFF, **first, next_attempt_at=until)

    def release(self, letter_id, *, attempt, until) -> None:
        self._move(letter_id, Move.RELEASE, attempt, **_NO_CLAIM, next_attempt_at=until)

    def give_up(self, letter_id, *, attempt="", unit="") -> None:
        now = self._clock.now()
        move, freed = (Move.GIVE_UP, _NO_CLAIM) if attempt else (Move.ABANDON, {})
        if self._move(letter_id, move, attempt, **freed, failed_at=now, next_attempt_at=now):
            self._piles[letter_id] = unit

    def drop(self, letter_id, none, *, attempt="") -> None:
        move, freed = (Move.WITHDRAW, _NO_CLAIM) if attempt else (Move.DROP, {})
        self._move(letter_id, move, attempt, **freed, **_withheld(none))

    def merge(self, entry, *, into) -> None:
        if entry.next_attempt_at in (None, self._entry(entry.id).next_attempt_at):
            self._move(entry.id, Move.MERGE, seen=entry.state, merged_into=into, next_attempt_at=None)

    def recall(self, entry, *, letter, until) -> None:
        returned = " ".join(filter(None, (entry.returned, entry.message_id)))
        facts = {"letter": letter.value, "returned": returned, "next_attempt_at": until}
        self._move(entry.id, Move.RECALL, seen=entry.state, **_NOT_ENDED, **_NO_CLAIM, **facts)

    def note_accepted(self, letter_id, *, attempt, message_id, written=None) -> bool:
        now = self._clock.now()
        facts = {"language": written.language.value, "template": written.template} if written else {}
        facts |= {"accepted_at": now, "message_id": message_id, "next_attempt_at": now + HEARD_WITHIN}
        return self._move(letter_id, Move.ACCEPT, attempt, **facts)

    def note_rejected(self, letter_id, *, attempt, reason) -> None:
        self._move(letter_id, Move.REFUSE, attempt, rejected=reason, next_attempt_at=None)

    def note_receipt(self, letter_id, facts, *, message_id, accepted_at, is_final) -> bool:
        found = self.entries.get(letter_id)
        if found is None or message_id in found.returned:
            return False
        until = None if is_final else accepted_at + HEARD_WITHIN
        told = {"message_id": message_id, "accepted_at": found.accepted_at or accepted_at, **facts, "next_attempt_at": until}
        return self._change(letter_id, **told)

    def close(self, letter_id, *, no_receipt=False) -> None:
        found = {"no_receipt": True} if no_receipt else {}
        self._move(letter_id, Move.CLOSE, next_attempt_at=None, **found)

    def retry(self, letter_id) -> bool:
        return self._move(letter_id, Move.RETRY, failed_at=None, first_at=None, next_attempt_at=self._clock.now())

    def get(self, letter_id) -> LedgerEntry | None:
        return self.entries.get(letter_id)

    def of_report(self, reference) -> list[LedgerEntry]:
        found = [entry for entry in self.entries.values() if entry.reference == reference]
        return sorted(found, key=lambda entry: entry.number)

    def forget(self, reference, events) -> None:
        for number in range(1, events + 1):
            self.entries.pop(f"{reference}#{number}", None)

    def with_code(self, code_digest) -> LedgerEntry | None:
        return next((entry for entry in self.entries.values() if code_digest and entry.code_digest == code_digest), None)

    def due(self, now) -> Iterator[str]:
        waiting = [one for one in self.entries.values() if one.next_attempt_at and one.state is not LetterState.GIVEN_UP]
        yield from [one.id for one in sorted(waiting, key=lambda one: one.next_attempt_at) if one.next_attempt_at <= now]

    def given_up(self, unit) -> Iterator[str]:
        piled = [one for one in self.entries.values() if one.state is LetterState.GIVEN_UP and self._piles[one.id] == unit]
        yield from [one.id for one in sorted(piled, key=lambda one: one.next_attempt_at)]

    def _entry(self, letter_id) -> LedgerEntry:
        return self.entries.get(letter_id, LedgerEntry(id=letter_id))

    def _move(self, letter_id, move, holder="", seen=None, **facts) -> bool:
        entry, rule = self._entry(letter_id), MOVES[move]
        is_there = entry.state in rule.begins_in and seen in (None, entry.state)
        return is_there and (not rule.by_holder or entry.attempt == holder) and self._change(letter_id, **facts)

    def _change(self, letter_id, **facts) -> bool:
        self.entries[letter_id] = replace(self._entry(letter_id), **facts)
        return True

    def _lease(self, letter_id, attempt) -> dict:
        now = self._clock.now()
        held = {"attempt": attempt, "claimed_at": now, "lease_until": now + LEASE, "next_attempt_at": now + LEASE}
        return {**held, "first_at": self._entry(letter_id).first_at or now}


_NO_CLAIM = {"attempt": "", "lease_until": None}
_NOT_ENDED = {
    **dict.fromkeys(("not_sent", "rejected", "message_id", "bounce"), ""),
    **dict.fromkeys(("failed_at", "accepted_at", "delivered_at", "delayed_at", "bounced_at", "complained_at", "first_at")),
    "no_receipt": False,
    "merged_into": 0,
}


def _withheld(none) -> dict:
    return {"letter": none.letter.value if none.letter else "", "not_sent": none.reason.value, "next_attempt_at": None}


class FakeSuppression:
    """The addresses that are written to no more, in a dictionary."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._since = clock, {}

    def add(self, address) -> None:
        self._since[address.casefold()] = self._clock.now()

    def remove(self, address, *, proven_at) -> None:
        if self.holds(address) and self._since[address.casefold()] <= proven_at:
            del self._since[address.casefold()]

    def holds(self, address) -> bool:
        return address.casefold() in self._since


class FakeMailer:
    """Keeps the mails. `answers` are errors to raise on the next sends, in order; None sends."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.answers: list[Exception | None] = []
        self.lifted: list[str] = []

    def send(self, mail: Mail) -> str:
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.mails.append(mail)
        return f"message-{len(self.mails)}"

    def lift(self, address: str) -> None:
        self.lifted.append(address)

    @property
    def letters(self) -> list[str]:
        """The ids of the letters sent, in order."""
        return [mail.letter_id for mail in self.mails]


class FakeTurns:
    """The queue of turns in a variable."""

    def __init__(self) -> None:
        self.next = None
        self.writes = 0

    def join(self, now, by, patience):
        self.writes += 1
        if self.next is None or not now <= self.next <= now + patience:
            return None
        turn, self.next = self.next, self.next + by
        return turn

    def start(self, now, by) -> bool:
        self.writes += 1
        if self.next is not None and self.next >= now:
            return False
        self.next = now + by
        return True


class FakeSurveys:
    """Surveys in a dictionary."""

    def __init__(self) -> None:
        self.invitations: dict[str, Invitation] = {}
        self._keys: dict[str, str] = {}

    def add(self, invitation: Invitation) -> None:
        found = self.invitations.get(invitation.id)
        if found is None or found.answer is None:
            self.invitations[invitation.id] = invitation

    def get(self, invitation_id: str) -> Invitation | None:
        return self.invitations.get(invitation_id)

    def answer(self, invitation_id: str, answer: Answer, *, key: str) -> Invitation:
        found = self.invitations.get(invitation_id)
        if found is None:
            raise NotFound("survey")
        if self._keys.get(invitation_id) == key:
            return found
        state = found.state(answer.answered_on)
        if state is not SurveyState.OPEN:
            raise Gone("survey", state)
        self._keys[invitation_id] = key
        self.invitations[invitation_id] = replace(found, answer=answer)
        return self.invitations[invitation_id]

    def of_month(self, month: str) -> Iterator[SurveyLine]:
        for found in self.invitations.values():
            if found.month == month:
                scores = found.answer.scores if found.answer else None
                yield SurveyLine(found.kind, found.unit, found.channel, found.month, scores)
