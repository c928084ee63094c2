"""The lines that the local stage writes while it runs: news, and what went wrong; not that there was none."""

import logging

import pytest

from infra.local.logs import is_news


def record(message, level=logging.INFO):
    return logging.LogRecord("mijn_politie", level, __file__, 1, message, (), None)


@pytest.mark.parametrize("message", ["round_made", "round_made waits=3"])
def test_a_round_that_had_nothing_to_do_is_no_news(message):
    assert not is_news(record(message))


@pytest.mark.parametrize(
    "message", ["round_made sent=1", "round_made waits=3 put_off=1", "report_filed reference=A", "round_made_up"]
)
def test_whatever_was_done_is_news(message):
    assert is_news(record(message))


def test_what_goes_wrong_is_news():
    assert is_news(record("round_made", logging.WARNING))
