"""Sessions and login attempts. The browser holds a random id; the table holds its digest, so that a copy of it opens nothing.

A session that ran out stays readable for a day, as expired: what its owner had typed is then kept for them. DynamoDB deletes by
`expires_at` when it likes, so every reading compares with the clock.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.core import ids
from chalicelib.core.clock import Clock
from chalicelib.core.logins import IdentityKind
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, expiry, find, update, wrote
from chalicelib.identity import hints
from chalicelib.identity.model import Attempt, LogoutNotice, SessionLifetime
from chalicelib.people.model import Citizen, Level, Officer, Principal, Session, StaffRole, Use, form_token, owner_of

ATTEMPT_LIFE = timedelta(minutes=15)
KEPT_EXPIRED = RETENTION[Kept.ENDED_SESSIONS].length
NOTED_EVERY = timedelta(minutes=1)
MOST_REASONS = 100  # reports of one session whose reason is remembered: the item stays a page that one read takes in
KEPT_VISIT = RETENTION[Kept.VISITS].length


class Sessions(Protocol):
    """The store of sessions that the web layer needs."""

    def open(
        self,
        principal: Principal,
        *,
        issuer: str,
        subject: str,
        session_id: str,
        unreachable: bool = False,
        means: str = "",
        hint: str = "",
    ) -> str:
        """Keep a new session, and return its secret id: always a fresh one, whatever the browser held before.

        `means` is the login that was used, `hint` what its issuer wants to see again when the session ends (ADR-0038).
        """
        ...

    def hint(self, secret: str) -> str:
        """Return the hint that a session was opened with, while it lasts; empty when there is none. Only its secret reads it."""
        ...

    def find(self, secret: str) -> Session | None:
        """Return the session, also for a day after it ran out; None when it was closed or never was."""
        ...

    def touch(self, session: Session) -> Session:
        """Note that the session is in use, at most once a minute; return it as it is then. Never revives a closed one."""
        ...

    def mark(self, session: Session, *, unreachable: bool) -> Session:
        """Note whether mail to the session's person comes back; nothing is written when that was known. Never revives one."""
        ...

    def note_reason(self, session: Session, subject: str, reason: str) -> Session:
        """Remember for the rest of the session why its officer looks at a report; of two at the same moment one is asked again.

        Of more than MOST_REASONS the oldest are forgotten. Never revives a closed session.
        """
        ...

    def end(self, secret: str) -> None:
        """End the session; nothing happens when it is not there.

        Other windows of its browser do not know it yet: for a day it is found as expired, so that what is typed there is kept.
        """
        ...

    def close(self, secret: str) -> None:
        """End the session, and forget it; nothing happens when it is not there."""
        ...

    def close_of(self, issuer: str, subject: str, session_id: str) -> int:
        """End sessions as `end` does, and return how many ended: those of a person, of the issuer's `session_id`, or of the two.

        Either may be empty; raises ValueError when both are.
        """
        ...

    def end_others(self, session_id: str) -> int:
        """End every other session of the person whose session has this id, at every issuer; return how many ended."""
        ...

    def known_of(self, owner: str) -> int:
        """Return how many sessions of a person are kept, open or over since less than a day."""
        ...

    def end_of(self, owner: str) -> int:
        """End every session of a person (`owner_of`), at every issuer; return how many ended."""
        ...

    def heard(self, issuer: str, notice: LogoutNotice) -> bool:
        """True when this notice was carried out before."""
        ...

    def note_heard(self, issuer: str, notice: LogoutNotice) -> None:
        """Remember that a notice was carried out, for as long as its token could come again."""
        ...

    def of_same_person(self, session_id: str) -> tuple[Use, ...]:
        """Return all sessions of the person whose session has this id, the newest first; none when it is not there."""
        ...

    def begin(self, attempt: Attempt) -> str:
        """Keep a login attempt for a quarter of an hour, and return its secret id."""
        ...

    def consume_attempt(self, secret: str) -> Attempt | None:
        """Return the attempt and forget it: of two takers, one gets None."""
        ...


class BySubject(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB types all but this hook
    """A person's sessions, by the digest of issuer and subject; sparse: attempts have none."""

    class Meta:
        index_name = "by_subject"
        projection = KeysOnlyProjection()

    subject = UnicodeAttribute(hash_key=True)


class ByIssuerSession(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # as above
    """The sessions of one session at an issuer (`sid`), by the digest of both; sparse: not every issuer names its sessions."""

    class Meta:
        index_name = "by_issuer_session"
        projection = KeysOnlyProjection()

    issuer_session = UnicodeAttribute(hash_key=True)


class ByPerson(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # likewise
    """The sessions of who is logged in, at whichever issuer."""

    class Meta:
        index_name = "by_person"
        projection = KeysOnlyProjection()

    person = UnicodeAttribute(hash_key=True)


class SessionItem(Model):
    """A session, an attempt (only `attempt`), a person's last visit (only `last_seen_at`) or a notice of logout (neither)."""

    id = UnicodeAttribute(hash_key=True)
    expires_at = NumberAttribute()
    subject = UnicodeAttribute(null=True)
    person = UnicodeAttribute(null=True)
    issuer = UnicodeAttribute(null=True)
    session_id = UnicodeAttribute(null=True)
    issuer_session = UnicodeAttribute(null=True)
    principal = JSONAttribute(null=True)
    opened_at = InstantAttribute(null=True)
    last_seen_at = InstantAttribute(null=True)
    unreachable = BooleanAttribute(null=True)
    visited_before = InstantAttribute(null=True)
    ended = BooleanAttribute(null=True)
    means = UnicodeAttribute(null=True)
    hint = UnicodeAttribute(null=True)
    reasons = JSONAttribute(null=True)
    attempt = UnicodeAttribute(null=True)

    by_subject = BySubject()
    by_issuer_session = ByIssuerSession()
    by_person = ByPerson()


class SessionStore:
    """Sessions in DynamoDB. `key` is asked for where the token of an officer's forms is made."""

    def __init__(self, settings: Settings, clock: Clock, key: Callable[[], bytes]) -> None:
        self._model, self._clock, self._key = bind(SessionItem, "sessions", settings), clock, key
        self._lifetime = SessionLifetime(
            timedelta(seconds=settings.session_idle_s), timedelta(seconds=settings.session_longest_s)
        )

    def open(
        self,
        principal: Principal,
        *,
        issuer: str,
        subject: str,
        session_id: str,
        unreachable: bool = False,
        means: str = "",
        hint: str = "",
    ) -> str:
        secret, now = ids.secret_id(), self._clock.now()
        item = self._model(
            id=_session_key(secret),
            expires_at=expiry(self._lifetime.ends_at(now, now) + KEPT_EXPIRED),
            subject=_subject_key(issuer, subject),
            person=_person_key(owner_of(principal)),
            issuer=issuer,
            session_id=session_id or None,
            issuer_session=_issuer_session_key(issuer, session_id) if session_id else None,
            principal=packed(principal),
            opened_at=now,
            last_seen_at=now,
            unreachable=unreachable or None,
            visited_before=self._visit(principal, now),
            means=means or None,
            hint=hints.locked(hint, secret) if hint else None,
        )
        item.save(self._model.id.does_not_exist())
        return secret

    def find(self, secret: str) -> Session | None:
        item, now = self._item(_session_key(secret)), self._clock.now()
        if item is None or item.principal is None or item.opened_at is None or item.last_seen_at is None:
            return None
        ends_at = self._lifetime.ends_at(item.opened_at, item.last_seen_at)
        return Session(
            id=item.id,
            principal=unpacked(item.principal),
            issuer=item.issuer or "",
            session_id=item.session_id or "",
            opened_at=item.opened_at,
            last_seen_at=item.last_seen_at,
            ends_at=ends_at,
            expired=bool(item.ended) or now >= ends_at,
            ended=bool(item.ended),
            unreachable=bool(item.unreachable),
            visited_before=item.visited_before,
            form_token=form_token(secret, unpacked(item.principal), self._key),
            means=item.means or "",
            reasons=item.reasons or {},
        )

    def hint(self, secret: str) -> str:
        item = self._item(_session_key(secret))
        return hints.unlocked(item.hint, secret) if item is not None and item.hint and not item.ended else ""

    def touch(self, session: Session) -> Session:
        now = self._clock.now()
        if session.expired or now - session.last_seen_at < NOTED_EVERY:
            return session
        ends_at = self._lifetime.ends_at(session.opened_at, now)
        seen: list[Action] = [SessionItem.last_seen_at.set(now), SessionItem.expires_at.set(expiry(ends_at + KEPT_EXPIRED))]
        wrote(update, self._model(id=session.id), seen, SessionItem.principal.exists() & SessionItem.ended.does_not_exist())
        return replace(session, last_seen_at=now, ends_at=ends_at)

    def mark(self, session: Session, *, unreachable: bool) -> Session:
        if session.unreachable == unreachable:
            return session
        fact = SessionItem.unreachable.set(True) if unreachable else SessionItem.unreachable.remove()
        wrote(update, self._model(id=session.id), [fact], SessionItem.principal.exists())
        return replace(session, unreachable=unreachable)

    def note_reason(self, session: Session, subject: str, reason: str) -> Session:
        noted = with_reason(session, subject, reason)
        here = SessionItem.principal.exists() & SessionItem.ended.does_not_exist()
        wrote(update, self._model(id=session.id), [SessionItem.reasons.set(dict(noted.reasons))], here)
        return noted

    def end(self, secret: str) -> None:
        self._ended(_session_key(secret), "")

    def close(self, secret: str) -> None:
        self._model(id=_session_key(secret)).delete()

    def close_of(self, issuer: str, subject: str, session_id: str) -> int:
        if subject:  # sessions that an earlier version opened are in this index only
            found = self._model.by_subject.query(_subject_key(issuer, subject))
        elif session_id:
            found = self._model.by_issuer_session.query(_issuer_session_key(issuer, session_id))
        else:
            raise ValueError("neither a person nor a session")
        return sum(self._ended(key, session_id) for key in [item.id for item in found])

    def end_others(self, session_id: str) -> int:
        return sum(self._ended(item.id, "", only_open=True) for item in self._of_same_person(session_id) if item.id != session_id)

    def known_of(self, owner: str) -> int:
        return self._model.by_person.count(_person_key(owner))

    def end_of(self, owner: str) -> int:
        return sum(self._ended(item.id, "", only_open=True) for item in self._model.by_person.query(_person_key(owner)))

    def heard(self, issuer: str, notice: LogoutNotice) -> bool:
        return self._item(_notice_key(issuer, notice)) is not None

    def note_heard(self, issuer: str, notice: LogoutNotice) -> None:
        self._model(id=_notice_key(issuer, notice), expires_at=expiry(notice.ends_at)).save()

    def of_same_person(self, session_id: str) -> tuple[Use, ...]:
        uses = (self._use(item, is_this=item.id == session_id) for item in self._of_same_person(session_id))
        return tuple(sorted(filter(None, uses), key=lambda use: use.opened_at, reverse=True))

    def _of_same_person(self, session_id: str) -> Iterator[SessionItem]:
        """Yield this session and the person's others; those from before there was `person` are known by their subject."""
        this = self._item(session_id)
        if this is None or this.principal is None or this.subject is None:
            return
        person = _person_key(owner_of(unpacked(this.principal)))
        found = [*self._model.by_person.query(person), *self._model.by_subject.query(this.subject)]
        for key in dict.fromkeys([session_id, *(item.id for item in found)]):
            if item := self._item(key):
                yield item

    def _use(self, item: SessionItem, *, is_this: bool) -> Use | None:
        if item.opened_at is None or item.last_seen_at is None:
            return None
        ends_at = self._lifetime.ends_at(item.opened_at, item.last_seen_at)
        return Use(
            opened_at=item.opened_at,
            last_seen_at=item.last_seen_at,
            ends_at=ends_at,
            is_over=bool(item.ended) or self._clock.now() >= ends_at,
            is_this=is_this,
            visited_before=item.visited_before,
        )

    def begin(self, attempt: Attempt) -> str:
        secret = ids.secret_id()
        expires_at = expiry(self._clock.now() + ATTEMPT_LIFE)
        self._model(id=_attempt_key(secret), expires_at=expires_at, attempt=_written(attempt)).save()
        return secret

    def consume_attempt(self, secret: str) -> Attempt | None:
        item = self._item(_attempt_key(secret))
        if item is None or item.attempt is None:
            return None
        return _read(item.attempt) if wrote(item.delete, SessionItem.attempt.exists()) else None

    def _visit(self, principal: Principal, now: datetime) -> datetime | None:
        """Note that a citizen comes in, and return when they did so the time before."""
        if not isinstance(principal, Citizen):
            return None
        key = _visit_key(principal)
        before = self._item(key)
        self._model(id=key, last_seen_at=now, expires_at=expiry(now + KEPT_VISIT)).save()
        return before.last_seen_at if before else None

    def _item(self, key: str) -> SessionItem | None:
        item = find(self._model, key)
        return item if item and self._clock.now().timestamp() < item.expires_at else None

    def _ended(self, key: str, session_id: str, *, only_open: bool = False) -> bool:
        """End a session that is not ended; with `only_open` none that ran out, which need not be kept for another day."""
        now = self._clock.now()
        condition = SessionItem.principal.exists() & SessionItem.ended.does_not_exist()
        if session_id:
            condition &= SessionItem.session_id == session_id
        if only_open:
            condition &= SessionItem.expires_at > expiry(now + KEPT_EXPIRED)
        expires_at = SessionItem.expires_at.set(expiry(now + KEPT_EXPIRED))
        return wrote(update, self._model(id=key), [SessionItem.ended.set(True), SessionItem.hint.remove(), expires_at], condition)


def with_reason(session: Session, subject: str, reason: str) -> Session:
    """Return the session with one reason more, the newest last."""
    others = [pair for pair in session.reasons.items() if pair[0] != subject]
    return replace(session, reasons=dict([*others, (subject, reason)][-MOST_REASONS:]))


def packed(principal: Principal) -> dict[str, Any]:
    """Return a principal as JSON values."""
    if isinstance(principal, Citizen):
        known = {"pseudonym": principal.pseudonym, "sealed_bsn": principal.sealed_bsn, "level": principal.level.value}
        return known | (
            {} if principal.kind is IdentityKind.BSN else {"kind": principal.kind.value, "company": principal.company}
        )
    return {"officer": principal.id, "roles": sorted(principal.roles), "units": sorted(principal.units)}


def unpacked(values: Mapping[str, Any]) -> Principal:
    """Return the principal that `packed` wrote."""
    if "pseudonym" in values:
        kind = IdentityKind(values.get("kind", IdentityKind.BSN))  # a session of before there were others has none
        return Citizen(values["pseudonym"], values["sealed_bsn"], Level(values["level"]), kind, values.get("company", ""))
    return Officer(values["officer"], frozenset(StaffRole(role) for role in values["roles"]), frozenset(values["units"]))


def _session_key(secret: str) -> str:
    return ids.digest(f"session {secret}")


def _attempt_key(secret: str) -> str:
    """Return the key of an attempt, in a namespace of its own: an attempt's id opens no session, and the other way round."""
    return ids.digest(f"attempt {secret}")


def _visit_key(citizen: Citizen) -> str:
    return ids.digest(f"visit {owner_of(citizen)}")


def _person_key(owner: str) -> str:
    return ids.digest(f"person {owner}")


def _notice_key(issuer: str, notice: LogoutNotice) -> str:
    return ids.digest(f"notice {issuer} {notice.name}")


def _subject_key(issuer: str, subject: str) -> str:
    return ids.digest(f"subject {issuer} {subject}")


def _issuer_session_key(issuer: str, session_id: str) -> str:
    return ids.digest(f"issuer session {issuer} {session_id}")


def _written(attempt: Attempt) -> str:
    return json.dumps({**asdict(attempt), "started_at": attempt.started_at.isoformat()})


def _read(text: str) -> Attempt:
    values = json.loads(text)
    return Attempt(**{**values, "started_at": datetime.fromisoformat(values["started_at"])})
