"""Counting failed tries: whose they are, which endings count, and how long the wait is."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from chalicelib.core.errors import Gone, Invalid, NotFound, TooMany
from chalicelib.core.limits import window
from chalicelib.web.limits import counted, source_of
from tests.support.fakes import FakeLimits


@pytest.fixture
def call(settings, clock):
    limits = FakeLimits(replace(settings, limit_tries=1), clock)
    return SimpleNamespace(services=SimpleNamespace(limits=limits), source_ip="192.0.2.1")


def attempt(call, ending=None):
    with counted(call, "verify"):
        if ending:
            raise ending


@pytest.mark.parametrize("ending", [NotFound("copy"), Invalid([])])
def test_a_failed_try_counts(call, ending):
    with pytest.raises(type(ending)):
        attempt(call, ending)

    with pytest.raises(TooMany):
        attempt(call)


@pytest.mark.parametrize("ending", [Gone("survey", "answered"), OSError("reports: no answer")])
def test_a_right_code_that_is_of_no_use_and_a_fault_of_ours_do_not_count(call, ending):
    with pytest.raises(type(ending)):
        attempt(call, ending)

    attempt(call)


def test_tries_that_succeed_never_run_out(call):
    for _ in range(5):
        attempt(call)


def test_what_is_not_tried_any_more_does_not_happen(call):
    with pytest.raises(NotFound):
        attempt(call, NotFound("copy"))
    happened = []

    with pytest.raises(TooMany), counted(call, "verify"):
        happened.append("a look")

    assert happened == []


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", ""),
        ("test-invoke-source-ip", ""),
    ],
)
def test_the_addresses_of_one_customer_are_counted_together(address, source):
    assert source_of(address) == source


def test_a_window_ends_where_the_next_begins():
    at = datetime(2016, 7, 1, 10, tzinfo=UTC)

    first, last, following = (window(at.replace(minute=m, second=s), 600) for m, s in ((0, 0), (9, 59), (10, 0)))

    assert (first[0], first[1]) == (last[0], 600)
    assert last[1] == 1
    assert following == (first[0] + 1, 600)
