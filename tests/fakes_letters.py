"""Ledger, mailer and surveys in memory. Each passes the contract tests of the real one (tests/contract)."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.core.clock import Clock
from chalicelib.core.errors import Gone, NotFound
from chalicelib.letters.ledger import LEASE, Entry, Standing
from chalicelib.letters.mailer import Mail
from chalicelib.surveys.model import Answer, Invitation, State, SurveyLine


class FakeLedger:
    """The ledger in a dictionary."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.entries: dict[str, Entry] = {}

    def claim(self, letter_id, *, attempt, letter, language, template, proof="") -> Standing:
        found = self._entry(letter_id)
        if found.attempt or found.not_sent:
            return found.standing(attempt, self._clock.now())
        facts = {"letter": letter.value, "language": language.value, "template": template, "proof": proof}
        self.entries[letter_id] = replace(found, **facts, **self._lease(attempt))
        return Standing.CLAIMED

    def take_over(self, letter_id, *, attempt) -> bool:
        found = self._entry(letter_id)
        if found.standing(attempt, self._clock.now()) is not Standing.IN_DOUBT:
            return found.attempt == attempt and not found.is_settled
        self.entries[letter_id] = replace(found, repeated=True, **self._lease(attempt))
        return True

    def release(self, letter_id, *, attempt) -> None:
        found = self._entry(letter_id)
        if found.attempt == attempt and not found.is_settled:
            self.entries[letter_id] = replace(found, attempt="", lease_until=None)

    def note_accepted(self, letter_id, *, attempt, message_id) -> bool:
        return self._note(letter_id, attempt, accepted_at=self._clock.now(), message_id=message_id)

    def note_rejected(self, letter_id, *, attempt, reason) -> bool:
        return self._note(letter_id, attempt, rejected=reason)

    def note_not_sent(self, letter_id, reason) -> None:
        found = self._entry(letter_id)
        if not (found.attempt or found.not_sent):
            self.entries[letter_id] = replace(found, not_sent=reason.value)

    def get(self, letter_id) -> Entry | None:
        return self.entries.get(letter_id)

    def forget(self, reference, events) -> None:
        for number in range(1, events + 1):
            self.entries.pop(f"{reference}#{number}", None)

    def with_proof(self, proof) -> Entry | None:
        return next((entry for entry in self.entries.values() if proof and entry.proof == proof), None)

    def _entry(self, letter_id) -> Entry:
        return self.entries.get(letter_id, Entry(id=letter_id))

    def _lease(self, attempt) -> dict:
        now = self._clock.now()
        return {"attempt": attempt, "claimed_at": now, "lease_until": now + LEASE}

    def _note(self, letter_id, attempt, **facts) -> bool:
        found = self._entry(letter_id)
        if found.attempt != attempt:
            return False
        self.entries[letter_id] = replace(found, **facts)
        return True


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
        if state is not State.OPEN:
            raise Gone("survey", state)
        self._keys[invitation_id] = key
        self.invitations[invitation_id] = replace(found, answer=answer)
        return self.invitations[invitation_id]

    def of_month(self, month: str) -> Iterator[SurveyLine]:
        for found in self.invitations.values():
            if found.month == month:
                scores = found.answer.scores if found.answer else None
                yield SurveyLine(found.kind, found.unit, found.channel, found.month, scores)
