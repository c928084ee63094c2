"""The derivation keys: read as the stack or an operator wrote them, and each code made with the key of its moment."""

import json
from datetime import timedelta

import pytest

from chalicelib.core.derivation import Derivation, ProofKey, ProofKeys
from tests.support.samples import NOON

OLD, NEW = b"o" * 40, b"n" * 40
DAY = timedelta(days=1)
ROTATED = ProofKeys((ProofKey(NOON, NEW), *ProofKeys.of(OLD).keys))


def test_what_the_stack_made_is_the_only_key():
    keys = Derivation.parse("d" * 64)

    assert keys.names == keys.proofs.at(NOON) == b"d" * 64
    assert keys.proofs.all == (b"d" * 64,)


def test_a_code_is_made_with_the_key_of_its_moment_also_later():
    assert [ROTATED.at(NOON + DAY * days) for days in (-9_000, -1, 0, 1)] == [OLD, OLD, NEW, NEW]
    assert ROTATED.all == (NEW, OLD)


def test_what_is_older_than_every_key_that_is_left_has_the_oldest():
    assert ProofKeys((ProofKey(NOON, NEW),)).at(NOON - DAY) == NEW


@pytest.mark.parametrize("keys", [Derivation.parse("d" * 64), Derivation(OLD, ROTATED)])
def test_keys_come_back_as_they_were_written_whatever_their_order(keys):
    assert Derivation.parse(keys.written()) == keys
    content = json.loads(keys.written())
    assert Derivation.parse(json.dumps(content | {"proofs": content["proofs"][::-1]})) == keys


SOUND = {"names": "n" * 32, "proofs": [{"since": "2016-07-01T10:00:00Z", "key": "p" * 32}]}


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "short",
        "{",
        "{}",
        *map(
            json.dumps,
            (
                SOUND | {"proofs": []},
                SOUND | {"names": "short"},
                SOUND | {"proofs": [{"since": "2016-07-01T10:00:00Z", "key": "short"}]},
                SOUND | {"proofs": [{"since": "yesterday", "key": "p" * 32}]},
                SOUND | {"proofs": [{"since": "2016-07-01T10:00:00", "key": "p" * 32}]},
                SOUND | {"proofs": "p"},
            ),
        ),
    ],
)
def test_a_secret_that_holds_no_keys_is_refused_and_not_repeated(secret):
    assert Derivation.parse(json.dumps(SOUND))
    with pytest.raises(ValueError, match=r"^(?!.*pppp)") as refused:
        Derivation.parse(secret)
    assert "p" * 32 not in str(refused.value)


def test_keys_stay_out_of_what_is_printed():
    printed = repr(Derivation(OLD, ROTATED))

    assert OLD.decode() not in printed
    assert NEW.decode() not in printed
