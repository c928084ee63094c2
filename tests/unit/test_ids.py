"""References and codes that people copy from paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import ids

material = st.binary(min_size=16, max_size=64)


@given(material)
def test_a_reference_reads_back_however_it_is_typed(seed):
    reference = ids.reference(seed)

    assert ids.parse_reference(reference) == reference
    assert ids.parse_reference(f" {reference.lower().replace('-', ' ')} ") == reference


@given(material, st.integers(0, 11), st.sampled_from(ids.ALPHABET))
def test_one_wrong_character_is_always_found(seed, position, wrong):
    symbols = ids.reference(seed).replace("-", "")
    if symbols[position] != wrong:
        assert ids.parse_reference(symbols[:position] + wrong + symbols[position + 1 :]) is None


@given(material, st.integers(0, 9))
def test_two_swapped_neighbours_are_always_found(seed, position):
    symbols = ids.code(seed).replace("-", "")
    swapped = symbols[:position] + symbols[position : position + 2][::-1] + symbols[position + 2 :]
    if swapped != symbols:
        assert ids.parse_code(swapped) is None


@pytest.mark.parametrize("text", ["", "K7MD", "K7MD-PR3W-9XC0", "K7MD-PR3W-9XCV-9XCV", "é" * 12, "x" * 10_000])
def test_what_cannot_be_a_reference_is_none(text):
    assert ids.parse_reference(text) is None


def test_the_same_material_gives_the_same_reference_and_no_material_a_fresh_one():
    assert ids.reference(b"x" * 32) == ids.reference(b"x" * 32)
    assert ids.reference() != ids.reference()


def test_parts_cannot_run_into_each_other():
    assert ids.derive(b"k", "p", "ab", "c") != ids.derive(b"k", "p", "a", "bc")


def test_printed_ids_hold_no_look_alikes_and_no_vowels():
    assert not set(ids.ALPHABET) & set("0OQ1IL5S2Z8B6UAEY")
