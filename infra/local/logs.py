"""The lines that the local stage writes while it runs: what a developer wants to read.

The functions' own log, on AWS, has all of it.
"""

import logging
import re

_NOISY = ("botocore", "urllib3", "moto", "werkzeug", "pynamodb")
_IDLE = re.compile(r"round_made(?: waits=\d+)?")  # a round that had nothing to do yet: thirty in a minute here


def begin(*, verbose: bool) -> None:
    """Write to the terminal; with `verbose` also that a round had nothing to do."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S")
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for handler in logging.getLogger().handlers:
        if not verbose:
            handler.addFilter(is_news)


def is_news(record: logging.LogRecord) -> bool:
    """Whether something was done, or went wrong."""
    return record.levelno > logging.INFO or _IDLE.fullmatch(record.getMessage()) is None
