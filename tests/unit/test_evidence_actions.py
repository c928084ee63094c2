"""The life of a file between its sending and its keeping; every event comes twice."""

from datetime import timedelta
from hashlib import sha256

import pytest

from chalicelib.core.errors import Conflict, Gone, Invalid, NotFound
from chalicelib.evidence import actions, looking
from chalicelib.evidence.looking import EvidenceStorage
from chalicelib.evidence.model import MOST_BYTES, MOST_BYTES_IN_FORM, MOST_FILES, FileState, folder_id, key_of
from chalicelib.evidence.scanner import EICAR, EicarScanner, Verdict
from chalicelib.reports.statement import Statement
from infra.local.bucket import event_of
from tests.support import pictures
from tests.support.fakes import FakeBucket, FakeFolders, FakeReports
from tests.support.samples import CITIZEN, NEIGHBOUR, REFERENCE, a_report

KEY = b"d" * 64
FOLDER = folder_id(KEY, CITIZEN.pseudonym, REFERENCE)
PHOTO = pictures.jpeg(pictures.exif())


def sha(content):
    return sha256(content).hexdigest()


class LateScanner:
    """Has no verdict until it is told one, as a scanner that works beside the bucket."""

    said = Verdict.LATER

    def verdict(self, key, found):
        return self.said


@pytest.fixture
def storage(clock):
    return EvidenceStorage(FakeFolders(), FakeBucket(), EicarScanner(), clock)


def sent(storage, content=PHOTO, name="foto.jpg", declared="image/jpeg"):
    """Send a file straight to the bucket, as a browser with a script does; the bucket tells of it twice."""
    file, invitation = actions.invite(
        FOLDER, name=name, declared=declared, size=len(content), sha256=sha(content), storage=storage
    )
    storage.bucket.objects[invitation.fields["key"]] = content
    told(storage, file.id)
    return present(storage, file.id)


def told(storage, file_id):
    for _ in range(2):
        looking.check_told(event_of("evidence", key_of(FOLDER, file_id, "quarantine"), "ObjectCreated:Post"), storage=storage)


def present(storage, file_id):
    return looking.look(FOLDER, storage).file(file_id)


def test_a_sound_photo_is_checked_and_leaves_the_quarantine(storage):
    file = sent(storage)

    assert (file.state, file.size, file.has_copy) == (FileState.CHECKED, len(PHOTO), True)
    assert set(storage.bucket.objects) == {key_of(FOLDER, file.id, what) for what in ("original", "copy")}
    assert storage.bucket.objects[key_of(FOLDER, file.id, "original")] == PHOTO
    assert pictures.SECRET not in storage.bucket.objects[key_of(FOLDER, file.id, "copy")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"MZ" + bytes(50), "file_not_as_named"),
        (pictures.jpeg(tail=pictures.zipped()), "file_two_kinds"),
        (pictures.jpeg()[:40], "file_damaged"),
        (pictures.jpeg(tail=EICAR), "file_harmful"),
        (pictures.jpeg(tail=bytes(MOST_BYTES)), "file_too_large"),
    ],
)
def test_what_should_not_be_opened_is_refused_and_not_kept(storage, content, reason):
    file, invitation = actions.invite(
        FOLDER, name="foto.jpg", declared="image/jpeg", size=10, sha256=sha(content), storage=storage
    )
    storage.bucket.objects[invitation.fields["key"]] = content

    told(storage, file.id)

    assert (present(storage, file.id).state, present(storage, file.id).reason) == (FileState.REFUSED, reason)
    assert storage.bucket.objects == {}
    assert looking.look(FOLDER, storage).attachments() == ()
    with pytest.raises(Gone):
        actions.link(looking.look(FOLDER, storage), file.id, "original", storage=storage)


def test_a_file_of_a_form_is_checked_in_the_same_way_and_once(storage):
    for _ in range(2):
        actions.add(FOLDER, name="foto.jpg", declared="image/jpeg", content=PHOTO, storage=storage)
    [file] = looking.look(FOLDER, storage).files

    told(storage, file.id)

    assert present(storage, file.id).state is FileState.CHECKED


@pytest.mark.parametrize(
    ("name", "declared", "size", "code"),
    [
        ("virus.exe", "", 10, "file_kind"),
        ("foto.jpg", "text/html", 10, "file_not_as_declared"),
        ("foto.jpg", "image/jpeg", 0, "file_empty"),
        ("foto.jpg", "image/jpeg", MOST_BYTES + 1, "file_too_large"),
    ],
)
def test_what_cannot_be_taken_is_refused_before_it_is_sent(storage, name, declared, size, code):
    with pytest.raises(Invalid) as refused:
        actions.invite(FOLDER, name=name, declared=declared, size=size, sha256=sha(b""), storage=storage)

    assert [error.code for error in refused.value.errors] == [code]
    assert looking.look(FOLDER, storage).files == ()


def test_a_form_takes_four_megabytes(storage):
    with pytest.raises(Invalid):
        actions.add(FOLDER, name="foto.jpg", declared="", content=bytes(MOST_BYTES_IN_FORM + 1), storage=storage)


def test_the_eleventh_file_is_refused(storage):
    for number in range(MOST_FILES):
        sent(storage, name=f"{number}.jpg")

    with pytest.raises(Conflict, match="too_many_files"):
        sent(storage, name="11.jpg")


def test_what_never_arrives_makes_room_after_an_hour_and_comes_too_late_then(storage, clock):
    file, invitation = actions.invite(FOLDER, name="foto.jpg", declared="", size=9, sha256=sha(PHOTO), storage=storage)
    clock.advance(timedelta(hours=1))
    storage.bucket.objects[invitation.fields["key"]] = PHOTO

    told(storage, file.id)

    assert looking.look(FOLDER, storage).files == ()
    assert storage.bucket.objects == {}


def test_a_file_that_was_removed_while_it_was_on_its_way_is_not_kept(storage):
    file, invitation = actions.invite(FOLDER, name="foto.jpg", declared="", size=9, sha256=sha(PHOTO), storage=storage)
    actions.remove(FOLDER, file.id, storage=storage)
    actions.remove(FOLDER, file.id, storage=storage)
    storage.bucket.objects[invitation.fields["key"]] = PHOTO

    told(storage, file.id)

    assert looking.look(FOLDER, storage).files == ()
    assert storage.bucket.objects == {}


def test_a_file_may_be_confirmed_before_the_scanner_spoke_and_is_opened_only_after(clock):
    scanner = LateScanner()
    storage = EvidenceStorage(FakeFolders(), FakeBucket(), scanner, clock)
    file = sent(storage)
    assert file.state is FileState.ARRIVED

    [attachment] = actions.seal(looking.look(FOLDER, storage), storage=storage)
    actions.keep(FOLDER, storage=storage)
    with pytest.raises(Conflict, match="file_not_checked"):
        actions.link(looking.look(FOLDER, storage), file.id, "original", storage=storage)
    scanner.said = Verdict.CLEAN
    told(storage, file.id)

    assert attachment == present(storage, file.id).attachment()
    assert actions.link(looking.look(FOLDER, storage), file.id, "original", storage=storage)
    assert storage.bucket.drafts == set()


def test_what_is_sent_again_with_other_content_before_the_scanner_spoke_is_refused(clock):
    scanner = LateScanner()
    storage = EvidenceStorage(FakeFolders(), FakeBucket(), scanner, clock)
    file = sent(storage)
    storage.bucket.objects[key_of(FOLDER, file.id, "quarantine")] = pictures.jpeg(pictures.remark())
    scanner.said = Verdict.CLEAN

    told(storage, file.id)

    assert (present(storage, file.id).state, present(storage, file.id).reason) == (FileState.REFUSED, "file_changed")


def test_what_is_sent_again_after_it_was_checked_changes_nothing(storage):
    file = sent(storage)
    storage.bucket.objects[key_of(FOLDER, file.id, "quarantine")] = b"MZ"

    told(storage, file.id)

    assert present(storage, file.id) == file
    assert storage.bucket.objects[key_of(FOLDER, file.id, "original")] == PHOTO
    assert key_of(FOLDER, file.id, "quarantine") not in storage.bucket.objects


def test_a_confirmed_folder_stays_as_it_is(storage):
    file = sent(storage)
    for _ in range(2):
        [attachment] = actions.seal(looking.look(FOLDER, storage), storage=storage)

    assert attachment.sha256 == file.sha256
    with pytest.raises(Conflict, match="files_confirmed"):
        sent(storage, name="later.jpg")
    with pytest.raises(Conflict, match="files_confirmed"):
        actions.remove(FOLDER, file.id, storage=storage)


def test_nothing_is_confirmed_while_a_file_is_on_its_way(storage):
    actions.invite(FOLDER, name="foto.jpg", declared="", size=9, sha256=sha(PHOTO), storage=storage)

    with pytest.raises(Conflict, match="files_awaited"):
        actions.seal(looking.look(FOLDER, storage), storage=storage)


def test_files_that_were_confirmed_are_drafts_until_what_they_came_with_is_saved(storage):
    sent(storage)
    actions.seal(looking.look(FOLDER, storage), storage=storage)
    assert len(storage.bucket.drafts) == 2  # original and copy

    for _ in range(2):
        actions.keep(FOLDER, storage=storage)

    assert storage.bucket.drafts == set()
    assert looking.look(FOLDER, storage).kept


def test_nothing_is_sent_with_files_that_the_bucket_lost_after_an_earlier_try_to_send_them(storage, clock):
    sent(storage)
    clock.advance(timedelta(days=20))
    later = sent(storage, name="later.jpg")
    actions.seal(looking.look(FOLDER, storage), storage=storage)  # and what they came with was never saved
    clock.advance(timedelta(days=16))  # drafts are in the bucket for 35 days

    with pytest.raises(Conflict, match="files_forgotten"):
        actions.seal(looking.look(FOLDER, storage), storage=storage)

    assert looking.look(FOLDER, storage).files == (later,)
    assert [one.id for one in actions.seal(looking.look(FOLDER, storage), storage=storage)] == [later.id]


def test_files_that_a_report_names_are_kept_however_late_it_is_found_out(storage, died, clock):
    clock.advance(timedelta(days=34))

    assert actions.keep_named([REFERENCE], reports=died, derivation_key=KEY, storage=storage) == 0

    assert (looking.look(FOLDER, storage).kept, len(looking.look(FOLDER, storage).files)) == (True, 1)


def test_the_scanner_that_speaks_while_a_folder_is_kept_leaves_no_draft_behind(clock):
    scanner = LateScanner()
    storage = EvidenceStorage(FakeFolders(), FakeBucket(), scanner, clock)
    file = sent(storage)
    actions.seal(looking.look(FOLDER, storage), storage=storage)
    honest, scanner.said = storage.folders.save, Verdict.CLEAN

    def meanwhile(before, after):
        storage.folders.save = honest
        told(storage, file.id)
        return honest(before, after)

    storage.folders.save = meanwhile
    actions.keep(FOLDER, storage=storage)

    assert present(storage, file.id).state is FileState.CHECKED
    assert storage.bucket.drafts == set()


def test_each_file_that_was_not_confirmed_is_forgotten_after_thirty_days_also_beside_a_later_one(storage, clock):
    sent(storage)
    clock.advance(timedelta(days=20))
    later = sent(storage, name="later.jpg")
    clock.advance(timedelta(days=10))

    assert looking.look(FOLDER, storage).files == (later,)
    actions.seal(looking.look(FOLDER, storage), storage=storage)
    clock.advance(timedelta(days=10))
    assert [file.id for file in looking.look(FOLDER, storage).files] == [later.id]


@pytest.fixture
def died(storage):
    """A report that was filed with a file, by a request that died before the file was kept."""
    sent(storage)
    [attachment] = actions.seal(looking.look(FOLDER, storage), storage=storage)
    reports = FakeReports()
    reports.add(a_report(statement=Statement.of("bicycle-theft", {"story": "Weg."}, [attachment])))
    return reports


def test_the_day_keeps_the_files_of_a_report_whose_request_died_half_way(storage, died):
    facts = {"reports": died, "derivation_key": KEY, "storage": storage}
    for _ in range(2):
        assert actions.keep_named([REFERENCE, "CCCC-CCCC-CCCC"], **facts) == 0

    assert storage.bucket.drafts == set()
    assert looking.look(FOLDER, storage).kept


def test_one_report_that_fails_keeps_no_other_from_its_files(storage, died):
    died.broken.add("CCCC-CCCC-CCCC")

    failed = actions.keep_named(["CCCC-CCCC-CCCC", REFERENCE], reports=died, derivation_key=KEY, storage=storage)

    assert (failed, looking.look(FOLDER, storage).kept) == (1, True)


def test_another_persons_file_does_not_exist(storage):
    file = sent(storage)
    theirs = folder_id(KEY, NEIGHBOUR.pseudonym, REFERENCE)

    with pytest.raises(NotFound):
        actions.link(looking.look(theirs, storage), file.id, "original", storage=storage)
    actions.remove(theirs, file.id, storage=storage)
    assert present(storage, file.id) == file


def test_an_event_of_another_object_is_nobodys_business(storage):
    looking.check_told(event_of("evidence", "kept/x", "ObjectCreated:Put"), storage=storage)
    looking.check_told({"Event": "s3:TestEvent"}, storage=storage)

    assert storage.bucket.objects == {}
