"""The addresses that are written to no more: mail to them came back for good, or their owner called us spam.

An address is known by a digest that is made with the portal's own key, so the table tells nobody whose it is. One that somebody
proves with a code is written to again. Kept beside the letters, as long as they.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from pynamodb.exceptions import PynamoDBException

from chalicelib.core import ids
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Unavailable
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.settings import Settings
from chalicelib.core.tables import bind, expiry, find, update, wrote
from chalicelib.letters.ledger import LetterItem

KEPT = RETENTION[Kept.SUPPRESSED].length
_NUMBER = 0  # no event has it


class Suppression(Protocol):
    """The list that sending needs. Every function raises core.errors.Unavailable when the outcome is not known."""

    def add(self, address: str) -> None:
        """Write to an address no more."""
        ...

    def remove(self, address: str, *, proven_at: datetime) -> None:
        """Write to an address again whose owner has shown that mail arrives; not when it was added after that."""
        ...

    def holds(self, address: str) -> bool:
        """True when an address is written to no more; capitals make no difference."""
        ...


class SuppressionList:
    """The list in DynamoDB, in the table of the letters."""

    def __init__(self, settings: Settings, clock: Clock, key: Callable[[], bytes]) -> None:
        self._model, self._clock, self._key = bind(LetterItem, "letters", settings), clock, key

    def add(self, address: str) -> None:
        now = self._clock.now()
        until = LetterItem.expires_at.set(expiry(now + KEPT))
        try:
            update(self._model(self._name(address), _NUMBER), [LetterItem.first_at.set(now), until])
        except PynamoDBException as error:
            raise Unavailable("letters") from error

    def remove(self, address: str, *, proven_at: datetime) -> None:
        try:
            is_over = LetterItem.expires_at.set(expiry(self._clock.now()))
            wrote(update, self._model(self._name(address), _NUMBER), [is_over], LetterItem.first_at <= proven_at)
        except PynamoDBException as error:
            raise Unavailable("letters") from error

    def holds(self, address: str) -> bool:
        try:
            item = find(self._model, self._name(address), _NUMBER)
        except PynamoDBException as error:
            raise Unavailable("letters") from error
        return item is not None and self._clock.now().timestamp() < item.expires_at

    def _name(self, address: str) -> str:
        return "ADDRESS-" + ids.derive(self._key(), "suppressed", address.casefold()).hex()[:32].upper()
