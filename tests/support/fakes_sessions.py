"""Sessions in a dictionary; passes the same contract tests as the table."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.core import ids
from chalicelib.identity.model import SessionLifetime
from chalicelib.identity.sessions import ATTEMPT_LIFE, KEPT_EXPIRED, NOTED_EVERY, with_reason
from chalicelib.people.model import Citizen, Session, Use, form_token, owner_of
from tests.support.samples import DERIVATION


class FakeSessions:
    def __init__(self, settings, clock):
        self._clock = clock
        self._lifetime = SessionLifetime(
            timedelta(seconds=settings.session_idle_s), timedelta(seconds=settings.session_longest_s)
        )
        self._sessions, self._attempts, self._visits, self._ended, self._heard = {}, {}, {}, set(), {}
        self._hints = {}

    def open(self, principal, *, issuer, subject, session_id, unreachable=False, means="", hint=""):
        secret, now = ids.secret_id(), self._clock.now()
        session = Session(
            id=ids.digest(secret),
            principal=principal,
            issuer=issuer,
            session_id=session_id,
            opened_at=now,
            last_seen_at=now,
            ends_at=self._lifetime.ends_at(now, now),
            expired=False,
            ended=False,
            unreachable=unreachable,
            visited_before=self._visits.get(principal) if isinstance(principal, Citizen) else None,
            form_token=form_token(secret, principal, lambda: DERIVATION.names),
            means=means,
        )
        self._sessions[session.id] = subject, session
        self._hints[session.id] = hint
        self._visits[principal] = now
        return secret

    def find(self, secret):
        _, session = self._sessions.get(ids.digest(secret), (None, None))
        if session is None or self._clock.now() >= session.ends_at + KEPT_EXPIRED:
            return None
        ended = session.id in self._ended
        return replace(session, expired=ended or self._clock.now() >= session.ends_at, ended=ended)

    def hint(self, secret):
        key = ids.digest(secret)
        return self._hints[key] if self.find(secret) and key not in self._ended else ""

    def touch(self, session):
        now = self._clock.now()
        if session.expired or now - session.last_seen_at < NOTED_EVERY:
            return session
        fresh = replace(session, last_seen_at=now, ends_at=self._lifetime.ends_at(session.opened_at, now))
        if session.id in self._sessions and session.id not in self._ended:
            self._sessions[session.id] = self._sessions[session.id][0], fresh
        return fresh

    def mark(self, session, *, unreachable):
        marked = replace(session, unreachable=unreachable)
        if session.id in self._sessions:
            self._sessions[session.id] = self._sessions[session.id][0], marked
        return marked

    def note_reason(self, session, subject, reason):
        noted = with_reason(session, subject, reason)
        if session.id in self._sessions and session.id not in self._ended:
            self._sessions[session.id] = self._sessions[session.id][0], noted
        return noted

    def end(self, secret):
        key = ids.digest(secret)
        if key in self._sessions and key not in self._ended:
            whose, session = self._sessions[key]
            self._sessions[key] = whose, replace(session, ends_at=self._clock.now())
            self._ended.add(key)

    def close(self, secret):
        self._sessions.pop(ids.digest(secret), None)

    def close_of(self, issuer, subject, session_id):
        if not subject and not session_id:
            raise ValueError("neither a person nor a session")
        ended = [
            key
            for key, (whose, session) in self._sessions.items()
            if session.issuer == issuer
            and subject in ("", whose)
            and session_id in ("", session.session_id)
            and key not in self._ended
        ]
        for key in ended:
            whose, session = self._sessions[key]
            self._sessions[key] = whose, replace(session, ends_at=self._clock.now())
        self._ended.update(ended)
        return len(ended)

    def end_others(self, session_id):
        if session_id not in self._sessions:
            return 0
        return self._end_all(self._sessions[session_id][1].principal, but=session_id)

    def known_of(self, owner):
        return sum(owner_of(session.principal) == owner for _, session in self._sessions.values())

    def end_of(self, owner):
        return self._end_all(owner)

    def _end_all(self, principal, but=""):
        owner = principal if isinstance(principal, str) else owner_of(principal)
        mine = [key for key, (_, session) in self._sessions.items() if owner_of(session.principal) == owner and key != but]
        over = [key for key in mine if key not in self._ended and self._clock.now() < self._sessions[key][1].ends_at]
        for key in over:
            whose, session = self._sessions[key]
            self._sessions[key] = whose, replace(session, ends_at=self._clock.now())
        self._ended.update(over)
        return len(over)

    def heard(self, issuer, notice):
        return (issuer, notice.name) in self._heard and self._clock.now() < self._heard[issuer, notice.name]

    def note_heard(self, issuer, notice):
        self._heard[issuer, notice.name] = notice.ends_at

    def of_same_person(self, session_id):
        if session_id not in self._sessions:
            return ()
        this = self._sessions[session_id][1]
        mine = [one for _, one in self._sessions.values() if owner_of(one.principal) == owner_of(this.principal)]
        uses = (
            Use(
                opened_at=one.opened_at,
                last_seen_at=one.last_seen_at,
                ends_at=one.ends_at,
                is_over=self._clock.now() >= one.ends_at,
                is_this=one.id == session_id,
                visited_before=one.visited_before,
            )
            for one in mine
            if self._clock.now() < one.ends_at + KEPT_EXPIRED
        )
        return tuple(sorted(uses, key=lambda use: use.opened_at, reverse=True))

    def begin(self, attempt):
        secret = ids.secret_id()
        self._attempts[secret] = self._clock.now() + ATTEMPT_LIFE, attempt
        return secret

    def consume_attempt(self, secret):
        ends_at, attempt = self._attempts.pop(secret, (self._clock.now(), None))
        return attempt if self._clock.now() < ends_at else None
