"""Logs are events: one line, a name and ids — never people, never bodies.

status_changed reference=K7MD-PR3W-9XCV old=received new=checked version=2

Which events there are, with their fields and their meaning: log_events.py; a house test compares every call with it.
"""

import logging
import re

_logger = logging.getLogger("mijn_politie")
_logger.setLevel(logging.INFO)  # Lambda's root logger keeps the rest (botocore writes whole bodies at DEBUG) at WARNING
_PLAIN = re.compile(r"[A-Za-z0-9_.:/@#+=-]{1,200}")


def event(name: str, /, *, level: int = logging.INFO, exc_info: bool = False, **ids: object) -> None:
    """Write one event. Values are ids, codes and counts; anything that is not one plain word is cut to `?`.

    The cut makes log injection impossible and keeps a sentence typed by a citizen out by construction.
    """
    words = (f"{key}={_word(value)}" for key, value in ids.items())
    _logger.log(level, " ".join((name, *words)), exc_info=exc_info)


def _word(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else "?"
