"""The record of who saw or did what, when and why; append only. If the record cannot be written, the request fails.

A record is kept for a term of its own (AUDIT_KEPT_YEARS), which the end of its report does not shorten. The same write puts it
under its officer's month and into a register of its week (ADR-0059): whoever checks finds it without reading all the others.

Source: police data act, art. 32a; docs/domain.md, "Officers".
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.audit.model import FOLLOWS_WITHIN, Record, RecordPage, Register, place_of, register_of, week_of
from chalicelib.core import ids
from chalicelib.core.clock import Clock, day_of, iso, month_of
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, expiry
from chalicelib.people.model import Officer

PAGE = 50
_FOLLOWING = 100  # records of one report in a day: more are not read to know whether an act followed a look


class Audit(Protocol):
    """The part of the audit trail that the desk needs."""

    def note(self, subject: str, *, officer: Officer, what: str, why: str) -> None:
        """Append a record. Raises when it cannot be written, also where another one stands in its place."""
        ...

    def of(self, subject: str) -> Sequence[Record]:
        """Return what is on record about a subject, oldest first."""
        ...

    def about(self, subject: str, *, cursor: str = "") -> RecordPage:
        """Return a page of what is on record about a subject, newest first. Raises Invalid for a cursor of no page."""
        ...

    def newest_at(self, subject: str) -> datetime | None:
        """Return when the newest record about a subject was made, None when there is none."""
        ...

    def by_officer(self, officer: str, month: str, *, cursor: str = "") -> RecordPage:
        """Return a page of what an officer saw and did in a month (`2016-07`), newest first. Raises Invalid likewise."""
        ...

    def in_register(self, week: str, register: Register, *, cursor: str = "", most: int = PAGE) -> RecordPage:
        """Return a page of a week's register (`2016-W26`), in its order. Raises Invalid likewise."""
        ...

    def after(self, record: Record) -> Iterable[Record]:
        """Return what the same officer is on record for about the same subject, up to a day later; at most a hundred."""
        ...


class ByOfficer(GlobalSecondaryIndex[Any]):
    """The looks and acts of an officer, by month."""

    class Meta:
        index_name = "by_officer"
        projection = AllProjection()

    officer_month = UnicodeAttribute(hash_key=True)
    at = InstantAttribute(range_key=True)


class ByWeek(GlobalSecondaryIndex[Any]):
    """The registers of a week: refused and out of hours by time, the others by lot."""

    class Meta:
        index_name = "by_week"
        projection = AllProjection()

    register = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)


class AuditItem(Model):
    """An audit record as DynamoDB keeps it; `at_id` = instant and a random id, so that no record can overwrite another."""

    subject = UnicodeAttribute(hash_key=True)
    at_id = UnicodeAttribute(range_key=True)
    at = InstantAttribute()
    officer = UnicodeAttribute()
    roles = UnicodeAttribute()
    what = UnicodeAttribute()
    why = UnicodeAttribute()
    officer_month = UnicodeAttribute(null=True)  # of before there were registers: it has none
    register = UnicodeAttribute(null=True)
    place = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()

    officers = ByOfficer()
    weeks = ByWeek()


class AuditStore:
    """The audit trail in DynamoDB. A record is written where none stands, and never again: no function may change or delete one.

    `new_id` tells two records of one second apart.
    """

    def __init__(self, settings: Settings, clock: Clock, new_id: Callable[[], str] = ids.secret_id) -> None:
        self._model, self._clock, self._new_id = bind(AuditItem, "audit", settings), clock, new_id
        self._kept = timedelta(days=366 * settings.audit_kept_years)

    def note(self, subject: str, *, officer: Officer, what: str, why: str) -> None:
        now, new_id = self._clock.now(), self._new_id()
        register, on = register_of(subject, now), day_of(now)
        item = self._model(
            subject=subject,
            at_id=f"{iso(now)}#{new_id}",
            at=now,
            officer=officer.id,
            roles=",".join(sorted(officer.roles)),
            what=what,
            why=why,
            officer_month=_key(officer.id, month_of(on)),
            register=_key(week_of(on), register),
            place=f"{place_of(register, now, new_id)}#{new_id}",
            expires_at=expiry(now + self._kept),
        )
        item.save(condition=AuditItem.at_id.does_not_exist())

    def of(self, subject: str) -> Sequence[Record]:
        return [_record(item) for item in self._model.query(subject, consistent_read=True)]

    def about(self, subject: str, *, cursor: str = "") -> RecordPage:
        start = _start(cursor, "at_id", {"subject": subject})
        found = self._model.query(subject, consistent_read=True, scan_index_forward=False, limit=PAGE, page_size=PAGE, **start)
        return _page(found, "at_id")

    def newest_at(self, subject: str) -> datetime | None:
        newest = next(iter(self._model.query(subject, scan_index_forward=False, limit=1)), None)
        return newest.at if newest else None

    def by_officer(self, officer: str, month: str, *, cursor: str = "") -> RecordPage:
        key = _key(officer, month)
        start = _start(cursor, "at", {"officer_month": key})
        return _page(self._model.officers.query(key, scan_index_forward=False, limit=PAGE, page_size=PAGE, **start), "at")

    def in_register(self, week: str, register: Register, *, cursor: str = "", most: int = PAGE) -> RecordPage:
        key = _key(week, register)
        start = _start(cursor, "place", {"register": key})
        return _page(self._model.weeks.query(key, limit=most, page_size=most, **start), "place", most)

    def after(self, record: Record) -> Iterator[Record]:
        # '#' ends the instant in the key, and '$' comes right after it: all that is of the last second is within.
        within = AuditItem.at_id.between(iso(record.at), f"{iso(record.at + FOLLOWS_WITHIN)}$")
        for item in self._model.query(record.subject, within, limit=_FOLLOWING, page_size=_FOLLOWING):
            if item.officer == record.officer and item.at > record.at:
                yield _record(item)


def _key(first: str, second: str) -> str:
    return f"{first}#{second}"


def _record(item: Any) -> Record:
    return Record(item.subject, item.at, item.officer, item.roles, item.what, item.why)


_CURSOR = re.compile(r"[0-9A-F]{2,900}")
_SPLIT = "\x1f"
_NUMBERS = frozenset({"at"})


def _page(found: Any, range_name: str, most: int = PAGE) -> RecordPage:
    """A page ends with a cursor that spells the keys of its last line; never whose page it is."""
    records = tuple(_record(item) for item in found)
    last = found.last_evaluated_key
    if len(records) < most or last is None:
        return RecordPage(records, "")
    keys = [next(iter(last[name].values())) for name in _named(range_name)]
    return RecordPage(records, _SPLIT.join(keys).encode().hex().upper())


def _named(range_name: str) -> tuple[str, ...]:
    return (range_name,) if range_name == "at_id" else (range_name, "subject", "at_id")


def _start(cursor: str, range_name: str, hash_key: dict[str, str]) -> dict[str, Any]:
    """Return where a query goes on. Raises Invalid for a cursor that no page ever gave."""
    if not cursor:
        return {}
    names = _named(range_name)
    keys = _spelled(cursor)
    if len(keys) != len(names) or not all(keys) or (range_name in _NUMBERS and not keys[0].isdecimal()):
        raise Invalid([FieldError("cursor", "cursor")])
    found = {name: {"N" if name in _NUMBERS else "S": value} for name, value in zip(names, keys, strict=True)}
    return {"last_evaluated_key": {name: {"S": value} for name, value in hash_key.items()} | found}


def _spelled(cursor: str) -> list[str]:
    if len(cursor) % 2 or not _CURSOR.fullmatch(cursor):
        return []
    try:
        return bytes.fromhex(cursor).decode().split(_SPLIT)
    except UnicodeDecodeError:
        return []
