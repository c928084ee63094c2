"""The promises of every store of officers' choices: on the table (moto) and on the fake."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.errors import Conflict, TooLarge
from chalicelib.officers.store import LARGEST, MOST, Choice, OfficerStore
from tests.support.fakes_officers import FakeOfficers


@pytest.fixture(params=["table", "fake"])
def officers(request, settings, clock):
    if request.param == "fake":
        return FakeOfficers(clock)
    request.getfixturevalue("aws")
    return OfficerStore(settings, clock)


def test_a_choice_comes_back_as_it_was_kept_and_to_its_officer_alone(officers):
    kept = officers.put("NN1234", "FILTER-A", {"name": "Fietsen ✓", "kind": ["bicycle-theft"]})

    assert officers.get("NN1234", "FILTER-A") == kept
    assert kept.content == {"name": "Fietsen ✓", "kind": ["bicycle-theft"]}
    assert officers.get("NN9999", "FILTER-A") is None
    assert officers.get("NN1234", "FILTER-B") is None


def test_the_choices_of_one_sort_stand_together_in_the_order_of_their_ids(officers):
    for name in ("FILTER-B", "REASON-A", "FILTER-A"):
        officers.put("NN1234", name, {})
    officers.put("NN9999", "FILTER-C", {})

    assert [choice.id for choice in officers.of_officer("NN1234", "FILTER-")] == ["FILTER-A", "FILTER-B"]


def test_all_that_lies_under_one_name_is_found_however_much(officers, clock):
    for number in range(MOST + 5):
        officers.put("DIGESTS", f"DIGEST-{number:03}", {"n": number})
    officers.put("DIGESTS", "DIGEST-A", {}, kept=timedelta(hours=1))
    officers.put("NN1234", "FILTER-A", {})
    clock.advance(timedelta(hours=1, seconds=1))

    assert [choice.content["n"] for choice in officers.every("DIGESTS")] == list(range(MOST + 5))


def test_a_choice_is_gone_when_its_term_is_over(officers, clock):
    officers.put("NN1234", "FILTER-A", {}, kept=timedelta(hours=1))
    clock.advance(timedelta(hours=1, seconds=1))

    assert officers.get("NN1234", "FILTER-A") is None
    assert officers.of_officer("NN1234", "FILTER-") == ()
    assert officers.replace(Choice("NN1234", "FILTER-A", {}), {"a": "1"}).content == {"a": "1"}


def test_of_two_who_replace_one_choice_the_second_is_refused(officers):
    seen = officers.put("NN1234", "FILTER-A", {"n": "1"})
    first = officers.replace(seen, {"n": "2"})

    with pytest.raises(Conflict, match="choice_changed"):
        officers.replace(seen, {"n": "3"})

    assert officers.get("NN1234", "FILTER-A") == first


def test_of_two_who_make_the_same_choice_the_second_is_refused(officers):
    nothing = Choice("NN1234", "FILTER-A", {})
    officers.replace(nothing, {"n": "1"})

    with pytest.raises(Conflict, match="choice_changed"):
        officers.replace(nothing, {"n": "2"})


def test_a_choice_that_was_replaced_can_be_replaced_again(officers):
    choice = officers.replace(Choice("NN1234", "FILTER-A", {}), {"n": "1"})

    again = officers.replace(choice, {"n": "2"})

    assert officers.replace(again, {"n": "3"}).content == {"n": "3"}
    assert replace(again, edition="") != again


def test_a_forgotten_choice_is_gone_and_forgetting_it_again_does_no_harm(officers):
    officers.put("NN1234", "FILTER-A", {})

    for _ in range(2):
        officers.remove("NN1234", "FILTER-A")

    assert officers.get("NN1234", "FILTER-A") is None


def test_a_choice_that_is_too_large_is_refused(officers):
    with pytest.raises(TooLarge):
        officers.put("NN1234", "FILTER-A", {"name": "x" * LARGEST})
