"""The files that somebody collects for one part of a report: how many, how long, and what is confirmed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.errors import Conflict, Invalid, NotFound
from chalicelib.evidence.model import (
    ARRIVES_WITHIN,
    MOST_FILES,
    NAME_LENGTH,
    REPORT,
    UNCONFIRMED,
    File,
    FileState,
    Folder,
    clean_name,
    folder_id,
    key_of,
    parts_of,
    sent_with,
)
from chalicelib.official.model import document, parse
from chalicelib.reports.additions import FILES, Sort
from chalicelib.reports.information_request import AnswerSort, Part
from tests.support.samples import NOON, a_report
from tests.unit.test_edges_of_a_report import asked

TICK = timedelta(microseconds=1)


def a_file(number=1, **facts):
    return File(**{"id": f"f{number}", "name": "foto.jpg", "kind": "jpeg", "added_at": NOON, "state": FileState.CHECKED} | facts)


def filled(count, **facts):
    folder = Folder(id="f")
    for number in range(count):
        folder = folder.added(a_file(number, **facts))
    return folder


def test_ten_files_fit_and_the_eleventh_hears_how_many():
    assert [filled(count).is_full for count in (MOST_FILES - 1, MOST_FILES)] == [False, True]
    with pytest.raises(Conflict, match="too_many_files") as full:
        filled(MOST_FILES).added(a_file(99))
    assert full.value.values == {"most": MOST_FILES}


def test_every_change_of_a_folder_is_a_version_and_no_change_is_none():
    folder = filled(2)

    assert folder.version == 2
    assert folder.removed("f0") == replace(folder, version=3, files=(folder.files[1],))
    assert folder.removed("none") is folder
    assert folder.changed(a_file(1, name="b.jpg")).files == (a_file(0), a_file(1, name="b.jpg"))
    assert folder.changed(a_file(1)).version == 3
    assert folder.fresh(NOON).version == 2
    sealed = folder.confirmed()
    assert (sealed.sealed, sealed.kept, sealed.version) == (True, False, 3)
    assert sealed.confirmed() is sealed
    kept = sealed.named()
    assert (kept.sealed, kept.kept, kept.version) == (True, True, 4)
    assert kept.named() is kept
    assert (folder.named().sealed, folder.named().kept) == (True, True)
    assert (sealed.reopened(NOON).sealed, sealed.reopened(NOON).version) == (False, 4)


def test_what_was_confirmed_is_neither_added_to_nor_taken_from():
    sealed = filled(2).confirmed()

    for change in (lambda: sealed.added(a_file(9)), lambda: sealed.removed("f0")):
        with pytest.raises(Conflict, match="files_confirmed"):
            change()
    assert sealed.removed("none") is sealed, "what is not there can be taken away twice"


def test_a_file_that_never_arrives_is_waited_for_an_hour_and_another_is_kept_thirty_days():
    folder = Folder(id="f", files=(a_file(1, state=FileState.AWAITED), a_file(2), a_file(3, added_at=NOON + timedelta(days=1))))

    def left(after):
        return [file.id for file in folder.fresh(NOON + after).files]

    assert left(ARRIVES_WITHIN - TICK) == ["f1", "f2", "f3"]
    assert left(ARRIVES_WITHIN) == ["f2", "f3"]
    assert left(UNCONFIRMED - TICK) == ["f2", "f3"]
    assert left(UNCONFIRMED) == ["f3"]
    assert folder.confirmed().fresh(NOON + timedelta(days=99)) == folder.confirmed()
    assert [file.id for file in folder.confirmed().reopened(NOON + UNCONFIRMED).files] == ["f3"]


def test_a_folder_is_left_once_a_file_of_it_is_too_old_and_nothing_was_saved_with_it():
    confirmed = filled(2).confirmed()

    assert not confirmed.is_left(NOON + UNCONFIRMED - TICK)
    assert confirmed.is_left(NOON + UNCONFIRMED)
    assert not filled(2).is_left(NOON + UNCONFIRMED)
    assert not confirmed.named().is_left(NOON + UNCONFIRMED)
    older = Folder(id="f", sealed=True, files=(a_file(1, added_at=NOON + timedelta(days=1)), a_file(2)))
    assert older.is_left(NOON + UNCONFIRMED)


@pytest.mark.parametrize("state", FileState)
def test_what_can_be_confirmed_has_arrived(state):
    folder = filled(1, state=state, size=7, sha256="a" * 64)

    assert folder.is_settled is (state is not FileState.AWAITED)
    sound = state in (FileState.ARRIVED, FileState.CHECKED)
    assert [one.id for one in folder.attachments("answer-1")] == (["f0"] if sound else [])
    for one in folder.attachments("answer-1"):
        assert (one.name, one.kind, one.size, one.sha256, one.part) == ("foto.jpg", "jpeg", 7, "a" * 64, "answer-1")


def test_a_file_is_found_by_its_id_and_by_nothing_else():
    assert filled(2).file("f1") == a_file(1)
    with pytest.raises(NotFound, match="file"):
        filled(2).file("f2")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a" * NAME_LENGTH, "a" * NAME_LENGTH),
        ("a" * (NAME_LENGTH + 1), "a" * NAME_LENGTH),
        ("a" * NAME_LENGTH + ".jpeg", "a" * (NAME_LENGTH - 5) + ".jpeg"),
        ("foto.abcde", "foto.abcde"),
        ("a" * NAME_LENGTH + ".abcdef", "a" * NAME_LENGTH),
        ("a" * NAME_LENGTH + ".abcde", "a" * (NAME_LENGTH - 6) + ".abcde"),
        (" . .verslag. pdf", "verslag. pdf"),
        ("e\u0301.png", "é.png"),
        ("a  b\u00a0c.png", "a b c.png"),
        ("   ", "-"),
    ],
)
def test_a_name_is_cut_in_its_middle_and_keeps_its_end(typed, kept):
    assert clean_name(typed) == kept


def test_whose_folder_it_is_cannot_be_told_from_its_name_and_every_part_has_its_own():
    key = b"k" * 32
    names = [folder_id(key, "p", "r", part) for part in (REPORT, "answer-1", "answer-2")]
    names += [folder_id(key, "q", "r"), folder_id(key, "p", "s"), folder_id(b"l" * 32, "p", "r")]

    assert len(set(names)) == len(names)
    assert {len(name) for name in names} == {40}
    assert folder_id(key, "p", "r") == names[0]
    for odd in ("", "answer", "answer-", "answer-1/..", "x-1"):
        with pytest.raises(NotFound, match="part"):
            folder_id(key, "p", "r", odd)


def test_what_was_looked_at_stands_apart_from_what_was_not():
    assert [key_of("f", "i", what) for what in ("quarantine", "original", "copy")] == [
        "quarantine/f/i/quarantine",
        "kept/f/i/original",
        "kept/f/i/copy",
    ]


def attached(part):
    return {"id": "a", "name": "a.jpg", "kind": "jpeg", "size": 1, "sha256": "0" * 64, "part": part}


def test_every_place_where_files_can_be_is_looked_at_once():
    plain = a_report()
    wanting = asked(plain, parts=(Part("Foto?", AnswerSort.FILES),))
    answered = wanting.answered(1, {FILES: [attached("answer-1")]}, at=NOON)
    added = answered.added(Sort.MORE, {"text": "x", FILES: [attached("more-1")]}, at=NOON)

    assert [file.part for file in sent_with(added)] == ["answer-1", "more-1"]
    assert parts_of(plain) == (REPORT, *(f"addition-{sort.value}-1" for sort in Sort))
    assert "answer-1" in parts_of(wanting)
    assert "answer-1" not in parts_of(asked(plain))
    found = parts_of(added)
    assert len(set(found)) == len(found)
    assert {f"addition-{sort.value}-2" for sort in Sort} <= set(found)
    assert not {f"addition-{sort.value}-3" for sort in Sort} & set(found)


def test_an_official_report_is_asked_for_in_at_most_two_hundred_letters_each():
    whole = {"reference": "r" * 200, "employee": " e ", "reason": "x" * 200}

    assert parse(whole) == ("r" * 200, "e", "x" * 200)
    for name in whole:
        for wrong in ("x" * 201, "  ", "", None, 5):
            with pytest.raises(Invalid) as refused:
                parse(whole | {name: wrong})
            assert [(error.field, error.code) for error in refused.value.errors] == [(name, "required")]


def test_an_official_report_says_when_and_how_it_was_made_and_what_came_later():
    report = a_report().added(Sort.MORE, {"text": "x", FILES: [attached("more-1")]}, at=NOON + timedelta(hours=1))

    told = document(report, "999998620")

    assert told["filedAt"] == "2016-07-01T10:00:00Z"
    assert told["additions"] == [
        {"number": 1, "sort": "more", "at": "2016-07-01T11:00:00Z", "answers": {"text": "x", FILES: [attached("more-1")]}}
    ]
    assert [file["part"] for file in told["files"]] == ["more-1"]
    assert (told["bsn"], told["channel"], told["registrationNumber"]) == ("999998620", "online", "")
