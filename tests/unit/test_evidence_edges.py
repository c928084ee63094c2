"""Files at the edges: the largest one, ten that arrive at once, a harmful one, and what a removed or refused one leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.errors import Conflict, Gone, Invalid, NotFound
from chalicelib.erasure import actions as erasure
from chalicelib.erasure.actions import Archive
from chalicelib.evidence import actions, looking
from chalicelib.evidence.actions import LOOKS_BACK
from chalicelib.evidence.looking import EvidenceStorage
from chalicelib.evidence.model import MOST_BYTES, MOST_BYTES_IN_FORM, UNCONFIRMED, FileState
from chalicelib.evidence.scanner import EicarScanner, Verdict
from tests.support import pictures
from tests.support.fakes import FakeAudit, FakeBucket, FakeFolders, FakeReports, FakeTombstones
from tests.support.samples import NOON, REFERENCE, a_report
from tests.unit.test_evidence_actions import FOLDER, KEY, PHOTO, LateScanner, present, sent, sha

MEGABYTE = 1024 * 1024


class BusyFolders(FakeFolders):
    """Folders that somebody else changes just before each of the next writes."""

    rivals, tries = 0, 0

    def save(self, before, after):
        self.tries += 1
        if self.tries <= self.rivals:
            raise Conflict("stale_version")
        return super().save(before, after)


@pytest.fixture
def storage(clock):
    return EvidenceStorage(BusyFolders(), FakeBucket(), EicarScanner(), clock)


def invited(storage, size, content=PHOTO):
    return actions.invite(FOLDER, name="foto.jpg", declared="image/jpeg", size=size, sha256=sha(content), storage=storage)


def added(storage, content=PHOTO, name="foto.jpg"):
    return actions.add(FOLDER, name=name, declared="image/jpeg", content=content, storage=storage)


def wrong(act):
    with pytest.raises(Invalid) as refused:
        act()
    return [(error.field, error.code, dict(error.values)) for error in refused.value.errors]


def test_the_largest_file_is_taken_and_a_byte_more_is_refused_with_the_number(storage):
    most, in_form = MOST_BYTES, MOST_BYTES_IN_FORM

    assert invited(storage, most)[0].state is FileState.AWAITED
    assert invited(storage, 1)[0].size == 0
    assert wrong(lambda: invited(storage, most + 1)) == [("file", "file_too_large", {"most": most // MEGABYTE})]
    assert wrong(lambda: invited(storage, 0)) == [("file", "file_empty", {})]
    assert added(storage, PHOTO.ljust(in_form, b"x")).size == in_form
    assert wrong(lambda: added(storage, PHOTO.ljust(in_form + 1, b"x"))) == [
        ("file", "file_too_large", {"most": in_form // MEGABYTE})
    ]
    assert (most // MEGABYTE, in_form // MEGABYTE) == (15, 4)


def test_a_file_that_turns_out_larger_than_it_was_said_to_be_is_refused(storage):
    for length, state, reason in ((MOST_BYTES, FileState.CHECKED, ""), (MOST_BYTES + 1, FileState.REFUSED, "file_too_large")):
        content = PHOTO.ljust(length, b"x")
        file, invitation = invited(storage, 9, content)
        storage.bucket.objects[invitation.fields["key"]] = content
        looking.check(FOLDER, file.id, storage=storage)
        found = present(storage, file.id)
        assert (found.state, found.reason, found.size) == (state, reason, length)


def test_the_same_file_twice_is_there_once_and_under_another_name_twice(storage):
    for name in ("a.jpg", "a.jpg", "b.jpg"):
        added(storage, name=name)
    added(storage, pictures.jpeg(), name="a.jpg")

    assert [file.name for file in looking.look(FOLDER, storage).files] == ["a.jpg", "b.jpg", "a.jpg"]
    assert len(storage.bucket.objects) == 3


@pytest.mark.parametrize(("rivals", "is_kept"), [(11, True), (12, False)])
def test_of_many_files_that_arrive_at_once_each_finds_its_place(storage, rivals, is_kept):
    storage.folders.rivals = rivals

    if is_kept:
        added(storage)
        assert storage.folders.tries == 12
    else:
        with pytest.raises(Conflict, match="stale_version"):
            added(storage)


def test_what_is_removed_leaves_nothing_behind_and_is_removed_twice(storage):
    file, other = sent(storage), sent(storage, pictures.jpeg())

    for _ in range(2):
        actions.remove(FOLDER, file.id, storage=storage)

    assert [one.id for one in looking.look(FOLDER, storage).files] == [other.id]
    assert all(other.id in key for key in storage.bucket.objects)


@pytest.mark.parametrize(
    ("verdict", "state", "reason"),
    [
        (Verdict.CLEAN, FileState.CHECKED, ""),
        (Verdict.HARMFUL, FileState.REFUSED, "file_harmful"),
        (Verdict.UNKNOWN, FileState.REFUSED, "file_not_scanned"),
        (Verdict.LATER, FileState.ARRIVED, ""),
    ],
)
def test_a_file_is_opened_once_the_scanner_says_that_it_is_clean(clock, verdict, state, reason):
    storage = EvidenceStorage(FakeFolders(), FakeBucket(), LateScanner(), clock)
    storage.scanner.said = verdict

    file = sent(storage)

    assert (file.state, file.reason) == (state, reason)
    assert file.has_copy is (state in (FileState.CHECKED, FileState.ARRIVED))
    kinds = {key.rpartition("/")[2] for key in storage.bucket.objects}
    assert (
        kinds
        == {
            FileState.CHECKED: {"original", "copy"},
            FileState.ARRIVED: {"quarantine"},
            FileState.REFUSED: set(),
        }[state]
    )
    folder = looking.look(FOLDER, storage)
    if state is FileState.CHECKED:
        assert actions.link(folder, file.id, "copy", storage=storage) != actions.link(
            folder, file.id, "original", storage=storage
        )
        assert actions.link(folder, file.id, "odd", storage=storage) == actions.link(folder, file.id, "original", storage=storage)
    else:
        expected = Gone if state is FileState.REFUSED else Conflict
        with pytest.raises(expected):
            actions.link(folder, file.id, "copy", storage=storage)
    with pytest.raises(NotFound):
        actions.link(folder, "another", "copy", storage=storage)


def test_what_cannot_be_copied_is_given_as_it_is(storage):
    file = sent(storage, pictures.mail(), "bon.eml", "message/rfc822")

    assert (file.state, file.has_copy) == (FileState.CHECKED, False)
    folder = looking.look(FOLDER, storage)
    assert actions.link(folder, file.id, "copy", storage=storage) == actions.link(folder, file.id, "original", storage=storage)


def test_an_empty_folder_confirms_nothing_and_a_full_one_once(storage):
    empty = looking.look(FOLDER, storage)

    assert actions.seal(empty, storage=storage) == ()
    assert storage.folders.tries == 0
    sent(storage)
    tries = storage.folders.tries
    first = actions.seal(looking.look(FOLDER, storage), storage=storage)
    assert actions.seal(looking.look(FOLDER, storage), storage=storage) == first
    assert storage.folders.tries == tries + 1
    actions.keep(FOLDER, storage=storage)
    actions.keep(FOLDER, storage=storage)
    assert storage.folders.tries == tries + 2
    actions.keep("nothing", storage=storage)
    assert storage.folders.tries == tries + 2


def test_what_was_confirmed_and_forgotten_is_told_with_its_days_and_is_open_again(storage, clock):
    sent(storage)
    actions.seal(looking.look(FOLDER, storage), storage=storage)
    clock.advance(UNCONFIRMED)

    with pytest.raises(Conflict, match="files_forgotten") as forgotten:
        actions.seal(storage.folders.get(FOLDER), storage=storage)

    assert forgotten.value.values == {"days": 30}
    assert (storage.folders.get(FOLDER).sealed, storage.folders.get(FOLDER).files) == (False, ())
    assert timedelta(days=4) == LOOKS_BACK


def test_destroying_takes_all_of_a_folder_and_asks_nothing_of_one_that_never_was(storage):
    sent(storage)
    invited(storage, 9)

    actions.erase(FOLDER, storage=storage)
    actions.erase(FOLDER, storage=storage)

    assert storage.bucket.objects == {}
    assert storage.folders.get(FOLDER).version == 0


@pytest.fixture
def archive(storage, clock):
    reports = FakeReports()
    for number in range(3):
        name = (REFERENCE, "CCCC-CCCC-CCCC", "DDDD-DDDD-DDDD")[number]
        reports.add(replace(a_report(at=NOON + timedelta(days=number)), reference=name))
    clock.advance(timedelta(days=3_655))
    return Archive(reports, FakeTombstones(), storage, lambda *_: None, lambda _: None, KEY, clock, FakeAudit())


@pytest.mark.parametrize(("most", "expected"), [(1, (1, True)), (2, (2, True)), (3, (3, False)), (4, (3, False))])
def test_a_day_destroys_no_more_than_it_has_time_for_and_says_whether_more_is_left(archive, most, expected):
    done = erasure.erase_expired(archive, most=most)

    assert (done.erased, done.left) == expected
    assert done.failed == 0
    assert len(list(erasure.expired(archive))) == 3 - done.erased


def test_one_that_cannot_be_destroyed_counts_and_keeps_no_other(archive):
    archive.reports.broken = {REFERENCE}

    done = erasure.erase_expired(archive, most=2)

    assert (done.erased, done.failed, done.left) == (1, 1, True)


def test_a_report_is_not_destroyed_a_day_too_early(archive, clock):
    young = replace(a_report(at=clock.now() - timedelta(days=3_651)), reference="FFFF-FFFF-FFFF")
    archive.reports.add(young)

    assert not erasure.erase("FFFF-FFFF-FFFF", archive)
    assert not erasure.erase("GGGG-GGGG-GGGG", archive)
    assert erasure.erase(REFERENCE, archive)
    assert archive.reports.get(REFERENCE) is None
