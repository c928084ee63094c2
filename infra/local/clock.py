"""A clock that goes on from an instant of one's choice: what it shows is the same in any year."""

from datetime import datetime

from chalicelib.core.clock import SystemClock


class ClockFrom:
    """The machine's clock, moved to begin at an instant."""

    def __init__(self, start: datetime) -> None:
        self._behind = SystemClock().now() - start

    def now(self) -> datetime:
        return SystemClock().now() - self._behind
