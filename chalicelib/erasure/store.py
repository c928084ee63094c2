"""The tombstones: one item per report that was destroyed, by the month of its filing."""

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib.core.settings import Settings
from chalicelib.core.tables import bind, wrote
from chalicelib.erasure.model import Tombstone


class Tombstones(Protocol):
    """The store of tombstones that the erasure needs."""

    def add(self, tombstone: Tombstone) -> None:
        """Write a tombstone; the first one for a report stands, whatever comes later."""
        ...

    def of_month(self, month: str) -> Iterator[Tombstone]:
        """Return what was destroyed of the reports that were filed in a month."""
        ...


class TombstoneItem(Model):
    """A tombstone as DynamoDB keeps it."""

    month = UnicodeAttribute(hash_key=True)
    reference = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    unit = UnicodeAttribute()
    erased_on = UnicodeAttribute()


class TombstoneStore:
    """Tombstones in DynamoDB."""

    def __init__(self, settings: Settings) -> None:
        self._model = bind(TombstoneItem, "tombstones", settings)

    def add(self, tombstone: Tombstone) -> None:
        item = self._model(
            month=tombstone.month,
            reference=tombstone.reference,
            kind=tombstone.kind,
            unit=tombstone.unit,
            erased_on=tombstone.erased_on.isoformat(),
        )
        wrote(item.save, condition=TombstoneItem.reference.does_not_exist())

    def of_month(self, month: str) -> Iterator[Tombstone]:
        for item in self._model.query(month):
            yield Tombstone(item.reference, item.month, item.kind, item.unit, date.fromisoformat(item.erased_on))
