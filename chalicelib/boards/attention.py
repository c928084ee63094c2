"""Units at whose work nobody looks: said aloud after three working days, because reports wait there that nobody knows of."""

import logging
from collections.abc import Callable
from datetime import datetime

from chalicelib.boards.model import Number
from chalicelib.boards.store import Boards
from chalicelib.core import log
from chalicelib.core.clock import Clock, day_of
from chalicelib.core.working_days import add_working_days
from chalicelib.forms.places import units

WORKING_DAYS = 3
LastLook = Callable[[str], datetime | None]


def unattended(*, boards: Boards, last_look: LastLook, clock: Clock) -> tuple[str, ...]:
    """Say which units have open reports at which nobody looked for three working days, and return them.

    `last_look` tells when an officer last saw a list or the first page of a unit, None for never.
    """
    today = day_of(clock.now())
    found = []
    for unit in units():
        board, seen_at = boards.get(unit), last_look(unit)
        if board is None or not board.numbers.get(Number.OPEN):
            continue
        if seen_at is None or add_working_days(day_of(seen_at), WORKING_DAYS) < today:
            found.append(unit)
            log.event("unit_unattended", level=logging.WARNING, unit=unit.replace(" ", "-"), reports=board.numbers[Number.OPEN])
    return tuple(found)
