"""References and codes that people copy from paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import codes, ids

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


_SET = " \t\n\u00a0\u200b\u200e\u202f\ufeff-\u2010\u2011\u2013\u2014\u2212.,;:()[]\u201c\u201d'*_<>"
DECORATIONS = st.lists(st.sampled_from(_SET), max_size=3).map("".join)


@given(material, st.sampled_from(codes.LETTERED), st.lists(DECORATIONS, min_size=12, max_size=12))
def test_every_code_that_is_shown_is_read_however_it_is_set(seed, kind, decorations):
    code = ids.code(seed)
    symbols = codes.shown(kind, code).replace("-", "")

    spelled = "".join(decoration + symbol for decoration, symbol in zip(decorations, symbols, strict=False)) + decorations[-1]

    assert codes.read(spelled) == codes.read(spelled.lower()) == codes.Typed(kind, code)
    assert codes.read(ids.code(seed)) == codes.Typed(codes.CodeKind.OLD, code), "those of before had no letter"
    assert codes.read(ids.short_code(seed)).kind is codes.CodeKind.ADDRESS
    assert codes.read(ids.reference(seed)).kind is codes.CodeKind.NUMBER


@given(st.text(max_size=70))
def test_reading_twice_is_reading_once(text):
    found = codes.read(text)

    assert ids.folded(ids.folded(text)) == ids.folded(text)
    assert found is None or codes.read(codes.shown(found.kind, found.code)) == found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("С-К7МD", "CK7MD"), ("Ｋ７", "K7"), ("6o8u", "GD3V"), ("٣٤", "34"), ("c‑k7mdp–r3w9x.", "CK7MDPR3W9X")],
)
def test_a_symbol_that_looks_like_one_of_ours_is_that_one(typed, meant):
    assert ids.folded(typed) == meant


def test_a_pasted_page_is_no_code():
    assert codes.read("C-" + ids.code(b"x" * 32) + " " * 60) is None


def test_the_name_under_which_something_of_a_code_is_kept_cannot_be_made_without_the_key():
    code = ids.code(b"x" * 32)

    assert codes.kept_name(b"k" * 32, code) != codes.kept_name(b"l" * 32, code)
    assert codes.kept_names(b"k" * 32, code) == (codes.kept_name(b"k" * 32, code), ids.digest(code))
