"""The promises of every list of addresses that are written to no more: the same test bodies on the table and on the fake."""

from datetime import timedelta

import pytest

from chalicelib.letters.suppression import KEPT, SuppressionList
from tests.support.fakes_letters import FakeSuppression
from tests.support.samples import NOON

ADDRESS = "Sanne@Example.org"


@pytest.fixture(params=["table", "fake"])
def suppression(request, settings, clock):
    if request.param == "fake":
        return FakeSuppression(clock)
    request.getfixturevalue("aws")
    return SuppressionList(settings, clock, lambda: b"k" * 32)


def test_an_address_that_was_added_is_on_the_list_however_it_is_spelled(suppression):
    assert not suppression.holds(ADDRESS)

    for _ in range(2):
        suppression.add(ADDRESS)

    assert suppression.holds("sanne@example.ORG")
    assert not suppression.holds("jan@example.org")


def test_who_proves_an_address_is_written_to_again(suppression, clock):
    suppression.add(ADDRESS)
    clock.advance(timedelta(minutes=1))

    for _ in range(2):
        suppression.remove(ADDRESS.lower(), proven_at=clock.now())

    assert not suppression.holds(ADDRESS)
    suppression.add(ADDRESS)
    assert suppression.holds(ADDRESS), "its mail came back once more"


def test_a_proof_of_before_that_comes_again_takes_nobody_off_the_list(suppression, clock):
    clock.advance(timedelta(minutes=1))
    suppression.add(ADDRESS)

    suppression.remove(ADDRESS, proven_at=NOON)

    assert suppression.holds(ADDRESS)


def test_an_address_that_is_not_on_the_list_is_not_put_on_it_by_a_proof(suppression):
    suppression.remove(ADDRESS, proven_at=NOON)

    assert not suppression.holds(ADDRESS)


def test_the_table_holds_no_address_and_forgets_after_two_years(aws, settings, clock):
    suppression = SuppressionList(settings, clock, lambda: b"k" * 32)
    suppression.add(ADDRESS)

    [item] = aws.items("letters")

    assert "sanne" not in str(item).lower()
    assert int(item["expires_at"]["N"]) == int((NOON + KEPT).timestamp())
    clock.advance(KEPT)
    assert not suppression.holds(ADDRESS)
