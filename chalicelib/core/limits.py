"""How often somebody may do something: tries are counted per purpose, source and window, and then forgotten.

A try is counted before its outcome is known and given back when it did not fail: of a thousand guesses sent at once, only as
many get through as are allowed. An item's id is a keyed digest, so the table holds no address and nobody can make one.
"""

from datetime import UTC, datetime
from typing import Protocol

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.expressions.update import Action
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

    def count_once(self, purpose: str, source: str, name: str, *, most: int) -> bool:
        """Count `name` among the things that `source` may have for `purpose` in this window; False when there are `most` others.

        The same name again is no other thing: whoever asks twice, after a failure, is answered the same.
        """
        ...

    def next_window(self) -> datetime:
        """Return when the next window begins."""
        ...

    def give_back(self, window_id: str) -> None:
        """Give back a try that did not fail; nothing happens when its window was forgotten meanwhile."""
        ...


class LimitItem(Model):
    """The tries of one window as DynamoDB keeps them."""

    id = UnicodeAttribute(hash_key=True)
    tries = NumberAttribute(null=True)
    counted = UnicodeSetAttribute(null=True)  # keyed digests of what is counted once
    next_turn = NumberAttribute(null=True)  # of the one item that is no window: letters/rate_limiter.py
    expires_at = NumberAttribute()


class LimitStore:
    """Limits in DynamoDB."""

    def __init__(self, settings: Settings, clock: Clock, derivation_key: bytes) -> None:
        self._model, self._clock, self._key = bind(LimitItem, "limits", settings), clock, derivation_key
        self._most, self._window_s = settings.limit_tries, settings.limit_window_s

    def count_try(self, purpose: str, source: str, *, most: int = 0) -> str:
        window_id, ends, left_s = self._window(purpose, source)
        left = LimitItem.tries.does_not_exist() | (LimitItem.tries < (most or self._most))
        if not wrote(update, self._model(window_id), [LimitItem.tries.add(1), ends], left):
            raise TooMany(left_s, purpose)
        return window_id

    def count_once(self, purpose: str, source: str, name: str, *, most: int) -> bool:
        window_id, ends, _ = self._window(purpose, source)
        item, counted = self._model(window_id), ids.derive(self._key, "counted", name).hex()[:_NAME]
        is_known, room = LimitItem.counted.contains(counted), LimitItem.tries.does_not_exist() | (LimitItem.tries < most)
        is_taken = wrote(update, item, [LimitItem.tries.add(1), LimitItem.counted.add({counted}), ends], room & ~is_known)
        return is_taken or wrote(update, item, [ends], is_known)

    def next_window(self) -> datetime:
        now = self._clock.now()
        return datetime.fromtimestamp((window(now, self._window_s)[0] + 1) * self._window_s, UTC)

    def give_back(self, window_id: str) -> None:
        wrote(update, self._model(window_id), [LimitItem.tries.add(-1)], LimitItem.tries > 0)

    def _window(self, purpose: str, source: str) -> tuple[str, Action, int]:
        """Return the id of the window of now, what writes when it ends, and the seconds that are left of it."""
        number, left_s = window(self._clock.now(), self._window_s)
        window_id = ids.derive(self._key, "limit", purpose, source, str(number)).hex()
        return window_id, LimitItem.expires_at.set((number + 1) * self._window_s), left_s


_NAME = 16  # characters of a digest: among the few things of one window no two have the same


def window(at: datetime, length_s: int) -> tuple[int, int]:
    """Return the number of the window that an instant lies in, and the whole seconds until it ends (at least 1)."""
    number, gone_s = divmod(int(at.timestamp()), length_s)
    return number, length_s - gone_s
