"""An operator learns what to look for in the log of a day, and nothing of anybody."""

from argparse import Namespace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from chalicelib.core.clock import MovableClock
from chalicelib.web.trace import digest_of
from infra.ops.stage import Refused
from infra.ops.trace import trace


class Still:
    def now(self):
        return datetime(2016, 7, 1, 10, tzinfo=UTC)


@pytest.fixture
def stage():
    lines = []
    services = SimpleNamespace(derivation_key=b"k" * 32, clock=MovableClock(Still()))
    return SimpleNamespace(services=services, say=lines.append, lines=lines)


@pytest.mark.parametrize(("day", "meant"), [(None, "2016-07-01"), ("2016-06-30", "2016-06-30")])
def test_what_stands_in_the_log_for_an_address_on_a_day_is_said(stage, day, meant):
    trace(stage, Namespace(address="203.0.113.7", day=day))

    assert stage.lines == [f"source={digest_of(b'k' * 32, meant, '203.0.113.7')}"]


def test_addresses_of_one_household_are_looked_for_together(stage):
    for address in ("2001:db8::1", "2001:db8::2"):
        trace(stage, Namespace(address=address, day=None))

    assert len(set(stage.lines)) == 1


@pytest.mark.parametrize(
    ("address", "day", "said"), [("somewhere", None, "no internet address"), ("203.0.113.7", "yesterday", "is no day")]
)
def test_what_cannot_be_looked_for_is_said_in_a_sentence(stage, address, day, said):
    with pytest.raises(Refused, match=said):
        trace(stage, Namespace(address=address, day=day))
