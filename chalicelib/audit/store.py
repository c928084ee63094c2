"""The record of who saw or did what, when and why; append only. If the record cannot be written, the request fails.

A record is kept for a term of its own (AUDIT_KEPT_YEARS), which the end of its report does not shorten.

Source: police data act, art. 32a; docs/domain.md, "Officers".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.core import ids
from chalicelib.core.clock import Clock, iso
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, expiry
from chalicelib.people.model import Officer


@dataclass(frozen=True, slots=True)
class Record:
    """One look or act. `subject` is a report's reference, or `worklist:<unit>` for a list."""

    subject: str
    at: datetime
    officer: str
    roles: str
    what: str
    why: str


class Audit(Protocol):
    """The part of the audit trail that the desk needs."""

    def note(self, subject: str, *, officer: Officer, what: str, why: str) -> None:
        """Append a record. Raises when it cannot be written, also where another one stands in its place."""
        ...

    def of(self, subject: str) -> Sequence[Record]:
        """Return what is on record about a subject, oldest first."""
        ...


class AuditItem(Model):
    """An audit record as DynamoDB keeps it; `at_id` = instant and a random id, so that no record can overwrite another."""

    subject = UnicodeAttribute(hash_key=True)
    at_id = UnicodeAttribute(range_key=True)
    at = InstantAttribute()
    officer = UnicodeAttribute()
    roles = UnicodeAttribute()
    what = UnicodeAttribute()
    why = UnicodeAttribute()
    expires_at = NumberAttribute()


class AuditStore:
    """The audit trail in DynamoDB. A record is written where none stands, and never again: no function may change or delete one.

    `new_id` tells two records of one second apart.
    """

    def __init__(self, settings: Settings, clock: Clock, new_id: Callable[[], str] = ids.secret_id) -> None:
        self._model, self._clock, self._new_id = bind(AuditItem, "audit", settings), clock, new_id
        self._kept = timedelta(days=366 * settings.audit_kept_years)

    def note(self, subject: str, *, officer: Officer, what: str, why: str) -> None:
        now = self._clock.now()
        item = self._model(
            subject=subject,
            at_id=f"{iso(now)}#{self._new_id()}",
            at=now,
            officer=officer.id,
            roles=",".join(sorted(officer.roles)),
            what=what,
            why=why,
            expires_at=expiry(now + self._kept),
        )
        item.save(condition=AuditItem.at_id.does_not_exist())

    def of(self, subject: str) -> Sequence[Record]:
        found = self._model.query(subject, consistent_read=True)
        return [Record(item.subject, item.at, item.officer, item.roles, item.what, item.why) for item in found]
