"""The BSN: which numbers are one, and that nothing of it can be read where it is kept."""

import base64
import csv
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.core.settings import BadSetting, load
from chalicelib.identity.bsn import Vault, is_bsn
from chalicelib.identity.model import LoginRefused
from chalicelib.people.model import Level
from chalicelib.reports.facts import Reporter
from infra.local.people import CITIZENS
from tests.support.samples import a_report, environment

DATA = Path(__file__).parent.parent / "data"
BSN, OTHER = "999990019", "999997683"


@pytest.fixture
def vault(aws, settings):
    return Vault(aws.client("kms"), settings)


def test_the_published_test_numbers_are_bsns():
    numbers = [person.claims["bsn"] for person in CITIZENS]

    assert len(numbers) > 10
    assert all(is_bsn(number) for number in numbers)


def test_what_only_looks_like_a_bsn_is_none():
    with (DATA / "test-bsn-invalid.csv").open(encoding="utf-8") as file:
        inputs = [row["input"] for row in csv.DictReader(file)]

    assert len(inputs) > 10
    assert [text for text in inputs if is_bsn(text)] == []
    assert not is_bsn("٩٩٩٩٩٠٠١٩")  # digits, but not ours


@given(st.integers(0, 8), st.integers(1, 9))
def test_one_digit_read_wrong_is_always_found(place, distance):
    wrong = BSN[:place] + str((int(BSN[place]) + distance) % 10) + BSN[place + 1 :]

    assert not is_bsn(wrong)


def test_a_pseudonym_is_the_same_every_time_and_anothers_is_not(vault):
    assert vault.pseudonym(BSN) == vault.pseudonym(BSN)
    assert vault.pseudonym(BSN) != vault.pseudonym(OTHER)
    assert vault.pseudonym(BSN).startswith("V1-")


def test_there_is_no_pseudonym_of_what_is_no_bsn(vault):
    with pytest.raises(ValueError, match="not a BSN") as refused:
        vault.pseudonym("123456789")

    assert "123456789" not in str(refused.value)


def test_a_sealed_number_opens_for_its_own_pseudonym_only(vault):
    citizen = vault.citizen(BSN, Level.SUBSTANTIAL)

    assert vault.open(citizen.sealed_bsn, citizen.pseudonym) == BSN
    with pytest.raises(Exception, match="InvalidCiphertext"):
        vault.open(citizen.sealed_bsn, vault.pseudonym(OTHER))


def test_a_number_is_never_sealed_alike_twice_and_never_shows(vault):
    first, second = (vault.citizen(BSN, Level.HIGH) for _ in range(2))

    assert first.sealed_bsn != second.sealed_bsn
    assert BSN.encode() not in base64.b64decode(first.sealed_bsn)
    assert first.sealed_bsn not in repr(first)
    assert BSN not in repr(first)


def test_a_seal_that_was_changed_does_not_open(vault):
    citizen = vault.citizen(BSN, Level.SUBSTANTIAL)
    content = bytearray(base64.b64decode(citizen.sealed_bsn))
    content[-1] ^= 1

    with pytest.raises(InvalidTag):
        vault.open(base64.b64encode(content).decode(), citizen.pseudonym)


def test_a_seal_of_an_unknown_format_does_not_open(vault):
    citizen = vault.citizen(BSN, Level.SUBSTANTIAL)
    content = b"\x02" + base64.b64decode(citizen.sealed_bsn)[1:]

    with pytest.raises(ValueError, match="format"):
        vault.open(base64.b64encode(content).decode(), citizen.pseudonym)


@pytest.mark.parametrize("claims", [{}, {"bsn": 999990019}, {"bsn": "999990018"}, {"bsn": ["999990019"]}])
def test_claims_without_a_sound_bsn_make_no_citizen(vault, claims):
    with pytest.raises(LoginRefused, match="bsn"):
        vault.citizen_of(claims, Level.SUBSTANTIAL)


def test_the_claims_of_a_login_make_a_citizen(vault):
    assert vault.citizen_of({"bsn": BSN}, Level.HIGH).pseudonym == vault.pseudonym(BSN)


class TestReplacedKey:
    """A new key makes the names of who is new; who is known keeps the name of the key before."""

    @pytest.fixture
    def vaults(self, aws, settings):
        """The vault before, and the one with a new key, which asks `known` who is known."""
        key = aws.client("kms").create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
        older = f"V1={settings.bsn_hmac_key_id}"
        after = replace(settings, bsn_hmac_key_id=key, bsn_hmac_key_version="V2", bsn_hmac_older_keys=older)
        known: set[str] = set()
        return Vault(aws.client("kms"), settings), Vault(aws.client("kms"), after, known.__contains__), known

    def test_who_has_a_report_finds_it_after_the_key_was_replaced(self, vaults):
        before, after, known = vaults
        known.add(before.pseudonym(BSN))

        citizen = after.citizen(BSN, Level.SUBSTANTIAL)

        assert citizen.pseudonym == before.pseudonym(BSN)
        assert after.open(citizen.sealed_bsn, citizen.pseudonym) == BSN

    def test_who_is_new_gets_a_name_of_the_new_key(self, vaults):
        before, after, known = vaults
        known.add(before.pseudonym(OTHER))

        assert after.pseudonym(BSN).startswith("V2-")
        assert after.pseudonym(BSN)[3:] != before.pseudonym(BSN)[3:]

    @pytest.mark.parametrize("older", ["V2=arn", "V1", "V1=a,V1=b", "=arn"])
    def test_a_list_of_older_keys_that_cannot_be_is_refused(self, settings, older):
        environ = environment(settings)

        with pytest.raises(BadSetting, match="BSN_HMAC_OLDER_KEYS"):
            load(environ | {"BSN_HMAC_KEY_VERSION": "V2", "BSN_HMAC_OLDER_KEYS": older})
        assert load(environ | {"BSN_HMAC_KEY_VERSION": "V2", "BSN_HMAC_OLDER_KEYS": "V1=arn:aws:kms:x"}).bsn_older_keys

    def test_the_portal_looks_at_what_is_kept_to_know_who_is_known(self, aws, settings, clock, vaults):
        before, _, _ = vaults
        key = aws.client("kms").create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
        older = f"V1={settings.bsn_hmac_key_id}"
        after = replace(settings, bsn_hmac_key_id=key, bsn_hmac_key_version="V2", bsn_hmac_older_keys=older)
        services = wiring.Services(after, clock)
        assert services.vault.pseudonym(BSN).startswith("V2-")

        services.drafts.put(before.pseudonym(OTHER), "d1", "bicycle-theft", {})
        services.reports.add(a_report(reporter=Reporter(before.pseudonym(BSN), "sealed")))

        assert services.vault.pseudonym(BSN) == before.pseudonym(BSN)
        assert services.vault.pseudonym(OTHER) == before.pseudonym(OTHER), "a draft is lost to nobody"
