"""How often somebody may try a code: failed tries are counted per purpose, address and window, and then forgotten.

A try is counted before its outcome is known and given back when it did not fail: of a thousand guesses sent at once, only as
many get through as are allowed. An item's id is a keyed digest, so the table holds no address and nobody can make one.
"""

from datetime import datetime
from typing import Protocol

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.core import ids
from chalicelib.core.clock import Clock
from chalicelib.core.errors import TooMany
from chalicelib.core.settings import Settings
from chalicelib.core.tables import bind, update, wrote


class Limits(Protocol):
    """The store of limits that the portal needs."""

    def count_try(self, purpose: str, source: str, *, most: int = 0) -> str:
        """Count one of the tries that `source` has for `purpose` in this window; return the window's id.

        `most` is how many there are, where that is not the usual number. Raises TooMany when none is left.
        """
        ...

    def give_back(self, window_id: str) -> None:
        """Give back a try that did not fail; nothing happens when its window was forgotten meanwhile."""
        ...


class LimitItem(Model):
    """The tries of one window as DynamoDB keeps them."""

    id = UnicodeAttribute(hash_key=True)
    tries = NumberAttribute(null=True)
    next_turn = NumberAttribute(null=True)  # of the one item that is no window: letters/rate_limiter.py
    expires_at = NumberAttribute()


class LimitStore:
    """Limits in DynamoDB."""

    def __init__(self, settings: Settings, clock: Clock, derivation_key: bytes) -> None:
        self._model, self._clock, self._key = bind(LimitItem, "limits", settings), clock, derivation_key
        self._most, self._window_s = settings.limit_tries, settings.limit_window_s

    def count_try(self, purpose: str, source: str, *, most: int = 0) -> str:
        number, left_s = window(self._clock.now(), self._window_s)
        window_id = ids.derive(self._key, "limit", purpose, source, str(number)).hex()
        ends = (number + 1) * self._window_s
        left = LimitItem.tries.does_not_exist() | (LimitItem.tries < (most or self._most))
        if not wrote(update, self._model(window_id), [LimitItem.tries.add(1), LimitItem.expires_at.set(ends)], left):
            raise TooMany(left_s)
        return window_id

    def give_back(self, window_id: str) -> None:
        wrote(update, self._model(window_id), [LimitItem.tries.add(-1)], LimitItem.tries > 0)


def window(at: datetime, length_s: int) -> tuple[int, int]:
    """Return the number of the window that an instant lies in, and the whole seconds until it ends (at least 1)."""
    number, gone_s = divmod(int(at.timestamp()), length_s)
    return number, length_s - gone_s
