"""When a session ends and when its owner is warned, as a page tells it (WCAG 2.2, 2.2.1 and 2.2.6)."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.people.model import Session

WARNED_BEFORE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Timing:
    """Whole seconds from now: until the session runs out, and until its owner is warned of that. `ends_at` is aware UTC."""

    left_s: int
    warn_s: int
    ends_at: datetime


def timing_of(session: Session, now: datetime) -> Timing:
    """Return the timing of a session that has not run out. It is rounded down: nobody is told of time that is not there."""
    left_s = max(0, math.floor((session.ends_at - now).total_seconds()))
    return Timing(left_s, max(0, left_s - int(WARNED_BEFORE.total_seconds())), session.ends_at)
