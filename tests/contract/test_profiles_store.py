"""The promises of every store of profiles: on the table (moto) and on the fake."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.errors import Conflict
from chalicelib.core.language import Language
from chalicelib.profiles.model import Choices, Profile
from chalicelib.profiles.store import KEPT, ProfileStore
from chalicelib.reports.contact import Hours, InformationWish, Safety
from tests.support.fakes import FakeProfiles
from tests.support.samples import CITIZEN, NEIGHBOUR, NOON

CHOICES = Choices(
    language=Language.EN,
    information=InformationWish.DECISIONS,
    survey=False,
    safety=Safety(neutral=True, hours=Hours.EVENING, phone=False),
)
NEW = Profile(pseudonym=CITIZEN.pseudonym, id="a" * 24)


@pytest.fixture(params=["table", "fake"])
def profiles(request, settings, clock):
    if request.param == "fake":
        return FakeProfiles()
    request.getfixturevalue("aws")
    return ProfileStore(settings, clock)


def test_who_never_changed_anything_has_no_profile(profiles):
    assert profiles.get(CITIZEN.pseudonym) is None


def test_a_profile_comes_back_as_it_was_kept(profiles):
    waiting = profiles.save(NEW, NEW.code_asked("sanne@example.org", at=NOON))
    missed = profiles.save(waiting, waiting.missed("a try"))
    proven = missed.proven(at=NOON).chosen(CHOICES, at=NOON).code_asked("nieuw@example.org", at=NOON)

    assert profiles.get(CITIZEN.pseudonym) == missed
    profiles.save(missed, proven)
    assert profiles.get(CITIZEN.pseudonym) == proven
    assert profiles.get(NEIGHBOUR.pseudonym) is None


def test_of_two_windows_the_second_is_told(profiles):
    first = profiles.save(NEW, NEW.code_asked("sanne@example.org", at=NOON))

    with pytest.raises(Conflict, match="stale_version"):
        profiles.save(NEW, NEW.code_asked("ander@example.org", at=NOON))
    profiles.save(first, first.missed("a try"))
    with pytest.raises(Conflict, match="stale_version"):
        profiles.save(first, first.chosen(CHOICES, at=NOON))


def test_a_write_whose_reply_was_lost_is_no_conflict(profiles):
    after = NEW.code_asked("sanne@example.org", at=NOON)

    assert profiles.save(NEW, after) == profiles.save(NEW, after) == after


def test_an_operator_finds_whoever_changed_something_since_a_moment(profiles, clock):
    profiles.save(NEW, NEW.code_asked("sanne@example.org", at=clock.now()))
    clock.advance(timedelta(days=1))
    other = replace(NEW, pseudonym=NEIGHBOUR.pseudonym)
    profiles.save(other, other.code_asked("noor@example.org", at=clock.now()))

    assert set(profiles.changed_since(clock.now() - timedelta(days=1))) == {CITIZEN.pseudonym, NEIGHBOUR.pseudonym}
    assert set(profiles.changed_since(clock.now())) == {NEIGHBOUR.pseudonym}
    assert set(profiles.changed_since(clock.now() + timedelta(seconds=1))) == set()


def test_what_was_not_changed_for_two_years_is_forgotten_and_can_begin_anew(aws, settings, clock):
    profiles = ProfileStore(settings, clock)
    profiles.save(NEW, NEW.chosen(CHOICES, at=clock.now()))
    clock.advance(KEPT)

    assert profiles.get(CITIZEN.pseudonym) is None
    assert profiles.save(NEW, NEW.code_asked("sanne@example.org", at=clock.now())).version == 1
    clock.advance(KEPT - timedelta(seconds=1))
    assert profiles.get(CITIZEN.pseudonym) is not None


def test_the_table_holds_no_code(aws, settings, clock):
    from chalicelib.profiles.model import code_of

    asked = NEW.code_asked("sanne@example.org", at=clock.now())
    ProfileStore(settings, clock).save(NEW, asked)

    code = code_of(b"d" * 64, NEW.id, asked.challenge)
    assert code not in str(aws.items("profiles"))
    assert code.replace("-", "") not in str(aws.items("profiles"))
