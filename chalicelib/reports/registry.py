"""The police numbers that reports have: each is on one report. ADR-0051.

A number is claimed before the report that gets it is saved, and freed after the report that had it is: so of two reports one is
refused. Whoever stops between the two leaves a claim that no report bears out; another report takes that over after a while.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, find, wrote

LEASE = timedelta(minutes=2)  # a save that follows its claim takes seconds: no function runs longer

Has = Callable[[str, str], bool]


class NumberItem(Model):
    """A police number as DynamoDB keeps it: the report that has it, and the version in which that got it."""

    number = UnicodeAttribute(hash_key=True)
    reference = UnicodeAttribute()
    version = NumberAttribute()
    claimed_at = InstantAttribute()


class Registry:
    """The police numbers in DynamoDB."""

    def __init__(self, settings: Settings) -> None:
        self._model = bind(NumberItem, "numbers", settings)

    def claim(self, number: str, reference: str, version: int, *, at: datetime, has: Has) -> bool:
        """Claim a number for the version of a report that gets it; False when another report has it.

        Claimed again for the same report it stays claimed. `has` tells whether a report has a number, by reference and number.
        """
        item = self._model(number=number, reference=reference, version=version, claimed_at=at)
        unclaimed = NumberItem.number.does_not_exist()
        if wrote(item.save, condition=unclaimed | (NumberItem.reference == reference)):
            return True
        found = find(self._model, number)
        if found and _holds(found, at, has):
            return False
        as_found = (NumberItem.reference == found.reference) & (NumberItem.version == found.version) if found else unclaimed
        return wrote(item.save, condition=as_found)

    def may_claim(self, number: str, reference: str, *, at: datetime, has: Has) -> bool:
        """True when `claim` would take the number for this report now."""
        found = find(self._model, number)
        return not found or found.reference == reference or not _holds(found, at, has)

    def free(self, number: str, reference: str, version: int) -> None:
        """Free the number that a report had up to this version. Nothing happens when it is another's, or the report's anew."""
        is_theirs = (NumberItem.reference == reference) & (NumberItem.version <= version)
        wrote(self._model(number=number).delete, condition=is_theirs)

    def holder(self, number: str) -> str:
        """Return the reference of the report for which a number was claimed, empty when it is nobody's."""
        found = find(self._model, number)
        return found.reference if found else ""


def _holds(found: NumberItem, at: datetime, has: Has) -> bool:
    """True when the report that claimed a number has it, or may still be about to."""
    return at - found.claimed_at < LEASE or has(found.reference, found.number)
