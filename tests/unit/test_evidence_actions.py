"""What happens to a file between its sending and its keeping; every event comes twice."""

from datetime import timedelta

import pytest

from chalicelib.core.errors import Conflict, Gone, Invalid, NotFound
from chalicelib.evidence import actions
from chalicelib.evidence.actions import EvidenceStorage
from chalicelib.evidence.model import MOST_BYTES, MOST_BYTES_IN_FORM, MOST_FILES, FileState, folder_id, key_of
from chalicelib.evidence.scanner import EICAR, EicarScanner, Verdict
from chalicelib.reports.statement import Statement
from infra.local.bucket import event_of
from tests import pictures
from tests.fakes import FakeBucket, FakeFolders, FakeReports
from tests.samples import CITIZEN, NEIGHBOUR, REFERENCE, a_report

KEY = b"d" * 64
FOLDER = folder_id(KEY, CITIZEN.pseudonym, REFERENCE)
PHOTO = pictures.jpeg(pictures.exif())


class LateScanner:
    """Has no verdict until it is told one, as a scanner that works beside the bucket."""

    said = Verdict.LATER

    def verdict(self, key, content):
        return self.said


@pytest.fixture
def shelves(clock):
    return EvidenceStorage(FakeFolders(), FakeBucket(), EicarScanner(), clock)


def sent(shelves, content=PHOTO, name="foto.jpg", declared="image/jpeg"):
    """Send a file straight to the bucket, as a browser with a script does; the bucket tells of it twice."""
    file, invitation = actions.invite(FOLDER, name=name, declared=declared, size=len(content), shelves=shelves)
    shelves.bucket.objects[invitation.fields["key"]] = content
    told(shelves, file.id)
    return present(shelves, file.id)


def told(shelves, file_id):
    for _ in range(2):
        actions.check_told(event_of("evidence", key_of(FOLDER, file_id, "quarantine"), "ObjectCreated:Post"), shelves=shelves)


def present(shelves, file_id):
    return actions.look(FOLDER, shelves).file(file_id)


def test_a_sound_photo_is_checked_and_leaves_the_quarantine(shelves):
    file = sent(shelves)

    assert (file.state, file.size, file.has_copy) == (FileState.CHECKED, len(PHOTO), True)
    assert set(shelves.bucket.objects) == {key_of(FOLDER, file.id, what) for what in ("original", "copy")}
    assert shelves.bucket.objects[key_of(FOLDER, file.id, "original")] == PHOTO
    assert pictures.SECRET not in shelves.bucket.objects[key_of(FOLDER, file.id, "copy")]


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
def test_what_should_not_be_opened_is_refused_and_not_kept(shelves, content, reason):
    file, invitation = actions.invite(FOLDER, name="foto.jpg", declared="image/jpeg", size=10, shelves=shelves)
    shelves.bucket.objects[invitation.fields["key"]] = content

    told(shelves, file.id)

    assert (present(shelves, file.id).state, present(shelves, file.id).reason) == (FileState.REFUSED, reason)
    assert shelves.bucket.objects == {}
    assert actions.look(FOLDER, shelves).attachments() == ()
    with pytest.raises(Gone):
        actions.link(actions.look(FOLDER, shelves), file.id, "original", shelves=shelves)


def test_a_file_of_a_form_is_checked_in_the_same_way_and_once(shelves):
    for _ in range(2):
        actions.add(FOLDER, name="foto.jpg", declared="image/jpeg", content=PHOTO, shelves=shelves)
    [file] = actions.look(FOLDER, shelves).files

    told(shelves, file.id)

    assert present(shelves, file.id).state is FileState.CHECKED


@pytest.mark.parametrize(
    ("name", "declared", "size", "code"),
    [
        ("virus.exe", "", 10, "file_kind"),
        ("foto.jpg", "text/html", 10, "file_not_as_declared"),
        ("foto.jpg", "image/jpeg", 0, "file_empty"),
        ("foto.jpg", "image/jpeg", MOST_BYTES + 1, "file_too_large"),
    ],
)
def test_what_cannot_be_taken_is_refused_before_it_is_sent(shelves, name, declared, size, code):
    with pytest.raises(Invalid) as refused:
        actions.invite(FOLDER, name=name, declared=declared, size=size, shelves=shelves)

    assert [error.code for error in refused.value.errors] == [code]
    assert actions.look(FOLDER, shelves).files == ()


def test_a_form_takes_four_megabytes(shelves):
    with pytest.raises(Invalid):
        actions.add(FOLDER, name="foto.jpg", declared="", content=bytes(MOST_BYTES_IN_FORM + 1), shelves=shelves)


def test_the_eleventh_file_is_refused(shelves):
    for number in range(MOST_FILES):
        sent(shelves, name=f"{number}.jpg")

    with pytest.raises(Conflict, match="too_many_files"):
        sent(shelves, name="11.jpg")


def test_what_never_arrives_makes_room_after_an_hour_and_comes_too_late_then(shelves, clock):
    file, invitation = actions.invite(FOLDER, name="foto.jpg", declared="", size=9, shelves=shelves)
    clock.advance(timedelta(hours=1))
    shelves.bucket.objects[invitation.fields["key"]] = PHOTO

    told(shelves, file.id)

    assert actions.look(FOLDER, shelves).files == ()
    assert shelves.bucket.objects == {}


def test_a_file_that_was_removed_while_it_was_on_its_way_is_not_kept(shelves):
    file, invitation = actions.invite(FOLDER, name="foto.jpg", declared="", size=9, shelves=shelves)
    actions.remove(FOLDER, file.id, shelves=shelves)
    actions.remove(FOLDER, file.id, shelves=shelves)
    shelves.bucket.objects[invitation.fields["key"]] = PHOTO

    told(shelves, file.id)

    assert actions.look(FOLDER, shelves).files == ()
    assert shelves.bucket.objects == {}


def test_a_file_may_be_confirmed_before_the_scanner_spoke_and_is_opened_only_after(clock):
    scanner = LateScanner()
    shelves = EvidenceStorage(FakeFolders(), FakeBucket(), scanner, clock)
    file = sent(shelves)
    assert file.state is FileState.ARRIVED

    [attachment] = actions.seal(actions.look(FOLDER, shelves), shelves=shelves)
    actions.keep(FOLDER, shelves=shelves)
    with pytest.raises(Conflict, match="file_not_checked"):
        actions.link(actions.look(FOLDER, shelves), file.id, "original", shelves=shelves)
    scanner.said = Verdict.CLEAN
    told(shelves, file.id)

    assert attachment == present(shelves, file.id).attachment()
    assert actions.link(actions.look(FOLDER, shelves), file.id, "original", shelves=shelves)
    assert shelves.bucket.drafts == set()


def test_what_is_sent_again_with_other_content_before_the_scanner_spoke_is_refused(clock):
    scanner = LateScanner()
    shelves = EvidenceStorage(FakeFolders(), FakeBucket(), scanner, clock)
    file = sent(shelves)
    shelves.bucket.objects[key_of(FOLDER, file.id, "quarantine")] = pictures.jpeg(pictures.remark())
    scanner.said = Verdict.CLEAN

    told(shelves, file.id)

    assert (present(shelves, file.id).state, present(shelves, file.id).reason) == (FileState.REFUSED, "file_changed")


def test_what_is_sent_again_after_it_was_checked_changes_nothing(shelves):
    file = sent(shelves)
    shelves.bucket.objects[key_of(FOLDER, file.id, "quarantine")] = b"MZ"

    told(shelves, file.id)

    assert present(shelves, file.id) == file
    assert shelves.bucket.objects[key_of(FOLDER, file.id, "original")] == PHOTO
    assert key_of(FOLDER, file.id, "quarantine") not in shelves.bucket.objects


def test_a_confirmed_folder_stays_as_it_is(shelves):
    file = sent(shelves)
    for _ in range(2):
        [attachment] = actions.seal(actions.look(FOLDER, shelves), shelves=shelves)

    assert attachment.sha256 == file.sha256
    with pytest.raises(Conflict, match="files_confirmed"):
        sent(shelves, name="later.jpg")
    with pytest.raises(Conflict, match="files_confirmed"):
        actions.remove(FOLDER, file.id, shelves=shelves)


def test_nothing_is_confirmed_while_a_file_is_on_its_way(shelves):
    actions.invite(FOLDER, name="foto.jpg", declared="", size=9, shelves=shelves)

    with pytest.raises(Conflict, match="files_awaited"):
        actions.seal(actions.look(FOLDER, shelves), shelves=shelves)


def test_files_that_were_confirmed_are_drafts_until_what_they_came_with_is_saved(shelves):
    sent(shelves)
    actions.seal(actions.look(FOLDER, shelves), shelves=shelves)
    assert len(shelves.bucket.drafts) == 2  # original and copy

    for _ in range(2):
        actions.keep(FOLDER, shelves=shelves)

    assert shelves.bucket.drafts == set()
    assert actions.look(FOLDER, shelves).kept


def test_nothing_is_sent_with_files_that_the_bucket_lost_after_an_earlier_try_to_send_them(shelves, clock):
    sent(shelves)
    clock.advance(timedelta(days=20))
    later = sent(shelves, name="later.jpg")
    actions.seal(actions.look(FOLDER, shelves), shelves=shelves)  # and what they came with was never saved
    clock.advance(timedelta(days=16))  # drafts are in the bucket for 35 days

    with pytest.raises(Conflict, match="files_forgotten"):
        actions.seal(actions.look(FOLDER, shelves), shelves=shelves)

    assert actions.look(FOLDER, shelves).files == (later,)
    assert [one.id for one in actions.seal(actions.look(FOLDER, shelves), shelves=shelves)] == [later.id]


def test_files_that_a_report_names_are_kept_however_late_it_is_found_out(shelves, died, clock):
    clock.advance(timedelta(days=34))

    assert actions.keep_named([REFERENCE], reports=died, derivation_key=KEY, shelves=shelves) == 0

    assert (actions.look(FOLDER, shelves).kept, len(actions.look(FOLDER, shelves).files)) == (True, 1)


def test_the_scanner_that_speaks_while_a_folder_is_kept_leaves_no_draft_behind(clock):
    scanner = LateScanner()
    shelves = EvidenceStorage(FakeFolders(), FakeBucket(), scanner, clock)
    file = sent(shelves)
    actions.seal(actions.look(FOLDER, shelves), shelves=shelves)
    honest, scanner.said = shelves.folders.save, Verdict.CLEAN

    def meanwhile(before, after):
        shelves.folders.save = honest
        told(shelves, file.id)
        return honest(before, after)

    shelves.folders.save = meanwhile
    actions.keep(FOLDER, shelves=shelves)

    assert present(shelves, file.id).state is FileState.CHECKED
    assert shelves.bucket.drafts == set()


def test_each_file_that_was_not_confirmed_is_forgotten_after_thirty_days_also_beside_a_later_one(shelves, clock):
    sent(shelves)
    clock.advance(timedelta(days=20))
    later = sent(shelves, name="later.jpg")
    clock.advance(timedelta(days=10))

    assert actions.look(FOLDER, shelves).files == (later,)
    actions.seal(actions.look(FOLDER, shelves), shelves=shelves)
    clock.advance(timedelta(days=10))
    assert [file.id for file in actions.look(FOLDER, shelves).files] == [later.id]


@pytest.fixture
def died(shelves):
    """A report that was filed with a file, by a request that died before the file was kept."""
    sent(shelves)
    [attachment] = actions.seal(actions.look(FOLDER, shelves), shelves=shelves)
    reports = FakeReports()
    reports.add(a_report(statement=Statement.of("bicycle-theft", {"story": "Weg."}, [attachment])))
    return reports


def test_the_day_keeps_the_files_of_a_report_whose_request_died_half_way(shelves, died):
    facts = {"reports": died, "derivation_key": KEY, "shelves": shelves}
    for _ in range(2):
        assert actions.keep_named([REFERENCE, "CCCC-CCCC-CCCC"], **facts) == 0

    assert shelves.bucket.drafts == set()
    assert actions.look(FOLDER, shelves).kept


def test_one_report_that_fails_keeps_no_other_from_its_files(shelves, died):
    died.broken.add("CCCC-CCCC-CCCC")

    failed = actions.keep_named(["CCCC-CCCC-CCCC", REFERENCE], reports=died, derivation_key=KEY, shelves=shelves)

    assert (failed, actions.look(FOLDER, shelves).kept) == (1, True)


def test_another_persons_file_does_not_exist(shelves):
    file = sent(shelves)
    theirs = folder_id(KEY, NEIGHBOUR.pseudonym, REFERENCE)

    with pytest.raises(NotFound):
        actions.link(actions.look(theirs, shelves), file.id, "original", shelves=shelves)
    actions.remove(theirs, file.id, shelves=shelves)
    assert present(shelves, file.id) == file


def test_an_event_of_another_object_is_nobodys_business(shelves):
    actions.check_told(event_of("evidence", "kept/x", "ObjectCreated:Put"), shelves=shelves)
    actions.check_told({"Event": "s3:TestEvent"}, shelves=shelves)

    assert shelves.bucket.objects == {}
