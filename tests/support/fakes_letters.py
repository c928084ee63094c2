"""Ledger, mailer and surveys in memory. Each passes the contract tests of the real one (tests/contract)."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.core.clock import Clock
from chalicelib.core.errors import Gone, NotFound
from chalicelib.letters.ledger_entry import HEARD_WITHIN, LEASE, LedgerEntry, LetterState
from chalicelib.letters.mailer import Mail
from chalicelib.surveys.model import Answer, Invitation, SurveyLine, SurveyState


class FakeLedger:
    """The ledger in a dictionary."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.entries: dict[str, LedgerEntry] = {}

    def wait(self, letter_id, *, letter, until) -> None:
        if letter_id not in self.entries:
            self.entries[letter_id] = LedgerEntry(id=letter_id, letter=letter.value, next_attempt_at=until)

    def claim(self, letter_id, *, attempt, letter, language, template, code_digest="") -> LetterState:
        found, now = self._entry(letter_id), self._clock.now()
        standing = found.standing(attempt, now)
        if standing is not LetterState.WAITING:
            return standing
        facts = {"letter": letter.value, "language": language.value, "template": template, "code_digest": code_digest}
        self._change(letter_id, **facts, **self._lease(found, attempt))
        return LetterState.CLAIMED

    def take_over(self, letter_id, *, attempt) -> bool:
        found = self._entry(letter_id)
        if found.standing(attempt, self._clock.now()) is not LetterState.IN_DOUBT:
            return found.attempt == attempt and not found.is_settled
        return self._change(letter_id, repeated=True, **self._lease(found, attempt))

    def release(self, letter_id, *, attempt, until) -> None:
        found = self._entry(letter_id)
        if found.attempt == attempt and not found.is_settled:
            self._change(letter_id, attempt="", lease_until=None, **self._put_off(until))

    def look_again(self, letter_id, *, until, tried) -> None:
        found = self._entry(letter_id)
        if letter_id in self.entries and not found.is_settled:
            first = {"first_at": found.first_at or self._clock.now()} if tried else {}
            self._change(letter_id, **first, **self._put_off(until))

    def join(self, letter_id, *, into) -> None:
        found = self._entry(letter_id)
        if letter_id in self.entries and not found.merged_into and (not found.attempt or found.bounced_at or found.complained_at):
            self._change(letter_id, merged_into=into, next_attempt_at=None)

    def note_accepted(self, letter_id, *, attempt, message_id) -> bool:
        now = self._clock.now()
        return self._note(letter_id, attempt, accepted_at=now, message_id=message_id, next_attempt_at=now + HEARD_WITHIN)

    def note_rejected(self, letter_id, *, attempt, reason) -> bool:
        return self._note(letter_id, attempt, rejected=reason, next_attempt_at=self._clock.now())

    def note_not_sent(self, letter_id, reason, *, attempt="") -> None:
        found = self._entry(letter_id)
        if found.attempt == attempt and not found.is_settled:
            self._change(letter_id, not_sent=reason.value, next_attempt_at=None)

    def note_receipt(self, letter_id, facts, *, accepted_at, is_final) -> bool:
        found = self.entries.get(letter_id)
        next_attempt_at = None if is_final else accepted_at + HEARD_WITHIN
        if "rejected" in facts:
            next_attempt_at = self._clock.now()
        return bool(found) and self._change(
            letter_id, **{"accepted_at": found.accepted_at or accepted_at, **facts, "next_attempt_at": next_attempt_at}
        )

    def close(self, letter_id, *, no_receipt) -> None:
        found = self._entry(letter_id)
        if found.accepted_at and not found.rejected:
            self._change(letter_id, next_attempt_at=None, no_receipt=no_receipt or found.no_receipt)

    def retry(self, letter_id) -> bool:
        return bool(self._entry(letter_id).failed_at) and self._change(
            letter_id, failed_at=None, first_at=None, next_attempt_at=self._clock.now()
        )

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
        waiting = [one for one in self.entries.values() if one.next_attempt_at and not (one.failed_at or one.rejected)]
        yield from [one.id for one in sorted(waiting, key=lambda one: one.next_attempt_at) if one.next_attempt_at <= now]

    def failed(self) -> Iterator[str]:
        given_up = [one for one in self.entries.values() if one.next_attempt_at and (one.failed_at or one.rejected)]
        yield from [one.id for one in sorted(given_up, key=lambda one: one.next_attempt_at)]

    def _entry(self, letter_id) -> LedgerEntry:
        return self.entries.get(letter_id, LedgerEntry(id=letter_id))

    def _change(self, letter_id, **facts) -> bool:
        self.entries[letter_id] = replace(self._entry(letter_id), **facts)
        return True

    def _lease(self, found, attempt) -> dict:
        now = self._clock.now()
        until = now + LEASE
        return {
            "attempt": attempt,
            "claimed_at": now,
            "lease_until": until,
            "next_attempt_at": until,
            "first_at": found.first_at or now,
        }

    def _put_off(self, until) -> dict:
        return {"next_attempt_at": until} if until else {"failed_at": self._clock.now(), "next_attempt_at": self._clock.now()}

    def _note(self, letter_id, attempt, **facts) -> bool:
        return self._entry(letter_id).attempt == attempt and self._change(letter_id, **facts)


class FakeMailer:
    """Keeps the mails. `answers` are errors to raise on the next sends, in order; None sends."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.answers: list[Exception | None] = []

    def send(self, mail: Mail) -> str:
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.mails.append(mail)
        return f"message-{len(self.mails)}"

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
