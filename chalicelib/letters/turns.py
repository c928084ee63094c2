"""The queue of turns in DynamoDB: one item of the limits table, which says when the next turn is."""

from datetime import UTC, datetime, timedelta

from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core.errors import Unavailable
from chalicelib.core.limits import LimitItem
from chalicelib.core.settings import Settings
from chalicelib.core.tables import bind, expiry, wrote

ID = "mail-turns"
_KEPT = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class TurnStore:
    """Turns in DynamoDB. The item's id is no digest, so it can be nobody's window of tries."""

    def __init__(self, settings: Settings) -> None:
        self._model = bind(LimitItem, "limits", settings)

    def join(self, now: datetime, by: timedelta, patience: timedelta) -> datetime | None:
        ahead = LimitItem.next_turn.between(_ticks(now), _ticks(now + patience))
        item = self._updated(LimitItem.next_turn.set(LimitItem.next_turn + _span(by)), ahead, now)
        return _EPOCH + _TICK * item.next_turn - by if item else None

    def start(self, now: datetime, by: timedelta) -> bool:
        passed = LimitItem.next_turn.does_not_exist() | (LimitItem.next_turn < _ticks(now))
        return self._updated(LimitItem.next_turn.set(_ticks(now + by)), passed, now) is not None

    def _updated(self, action: Action, condition: Condition, now: datetime) -> LimitItem | None:
        """Return the item after the write, None when its condition did not hold."""
        item = self._model(ID)
        expires = LimitItem.expires_at.set(expiry(now + _KEPT))
        try:
            return item if wrote(item.update, [action, expires], condition) else None
        except PynamoDBException as error:
            raise Unavailable("turns") from error


def _ticks(at: datetime) -> int:
    return _span(at - _EPOCH)


def _span(length: timedelta) -> int:
    return length // _TICK
