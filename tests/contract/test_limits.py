"""The promises of every store of limits: on the table (moto) and on the fake."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pynamodb.exceptions import UpdateError

from chalicelib.core.errors import TooMany
from chalicelib.core.limits import LimitStore
from tests.support.fakes import FakeLimits

SOURCE, OTHER = "192.0.2.1", "192.0.2.2"
KEY = b"k" * 32


@pytest.fixture
def settings(settings):
    return replace(settings, limit_tries=3, limit_window_s=600)


@pytest.fixture(params=["table", "fake"])
def limits(request, settings, clock):
    if request.param == "fake":
        return FakeLimits(settings, clock)
    request.getfixturevalue("aws")
    return LimitStore(settings, clock, KEY)


def spend(limits, tries=3, purpose="verify", source=SOURCE):
    return [limits.count_try(purpose, source) for _ in range(tries)]


def test_after_the_last_try_there_is_none_until_the_window_ends(limits, clock):
    clock.advance(timedelta(seconds=150))
    spend(limits)

    with pytest.raises(TooMany) as refused:
        limits.count_try("verify", SOURCE)

    assert refused.value.wait_s == 450
    clock.advance(timedelta(seconds=450))
    assert limits.count_try("verify", SOURCE)


def test_a_try_that_is_given_back_can_be_taken_again(limits):
    taken = spend(limits)

    limits.give_back(taken[-1])

    assert limits.count_try("verify", SOURCE)
    with pytest.raises(TooMany):
        limits.count_try("verify", SOURCE)


def test_another_address_and_another_purpose_have_tries_of_their_own(limits):
    spend(limits)

    assert limits.count_try("verify", OTHER)
    assert limits.count_try("survey", SOURCE)


def test_where_there_are_fewer_tries_than_usual_they_end_sooner(limits):
    limits.count_try("verify", SOURCE, most=1)

    with pytest.raises(TooMany):
        limits.count_try("verify", SOURCE, most=1)
    assert limits.count_try("verify", SOURCE)


def test_giving_back_twice_or_in_a_later_window_makes_no_tries_more(limits, clock):
    taken = limits.count_try("verify", SOURCE)
    limits.give_back(taken)
    limits.give_back(taken)
    limits.give_back("unknown")
    clock.advance(timedelta(seconds=600))

    limits.give_back(taken)
    spend(limits)

    with pytest.raises(TooMany):
        limits.count_try("verify", SOURCE)


def test_a_refused_try_does_not_make_the_wait_longer(limits, clock):
    spend(limits)
    for _ in range(5):
        with pytest.raises(TooMany):
            limits.count_try("verify", SOURCE)

    clock.advance(timedelta(seconds=600))

    assert len(spend(limits)) == 3


def test_the_table_holds_no_address_and_forgets_the_window(aws, settings, clock):
    LimitStore(settings, clock, KEY).count_try("verify", SOURCE)

    [item] = aws.items("limits")

    assert set(item) == {"id", "tries", "expires_at"}
    assert SOURCE not in str(item)
    assert int(item["expires_at"]["N"]) == clock.now().timestamp() + 600


def test_a_fault_of_the_table_is_no_free_try(settings, clock, aws):
    limits = LimitStore(replace(settings, table_prefix="nowhere-"), clock, KEY)

    with pytest.raises(UpdateError):
        limits.count_try("verify", SOURCE)


def test_so_many_things_are_counted_each_once_and_no_more_until_the_window_ends(limits, clock):
    assert [limits.count_once("mail", SOURCE, name, most=2) for name in ("a", "b", "a", "c", "b", "c")] == [
        *(True, True, True),
        *(False, True, False),
    ]
    assert limits.count_once("mail", OTHER, "c", most=2)

    clock.advance(limits.next_window() - clock.now() - timedelta(seconds=1))
    assert not limits.count_once("mail", SOURCE, "c", most=2)
    clock.advance(timedelta(seconds=1))
    assert limits.count_once("mail", SOURCE, "c", most=2)


def test_what_is_counted_once_can_be_read_by_nobody(aws, settings, clock):
    LimitStore(settings, clock, KEY).count_once("mail", "sanne@example.org", "K7MD-PR3W-9XCV#1", most=2)

    [item] = aws.items("limits")
    assert "sanne" not in str(item)
    assert "K7MD" not in str(item)
