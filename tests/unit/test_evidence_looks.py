"""A look is bounded: by the file, by the run, and by how often it may end without a result. A permission is for these bytes."""

import json
from dataclasses import replace

import pytest

from chalicelib.core.errors import Invalid
from chalicelib.evidence import actions, looking
from chalicelib.evidence.looking import EvidenceStorage, MoreToLookAt
from chalicelib.evidence.model import MOST_BYTES, MOST_LOOKS, File, FileState, Folder, key_of
from chalicelib.evidence.scanner import EicarScanner, Verdict
from chalicelib.evidence.store import FolderItem, FolderStore
from tests.support import pictures
from tests.support.fakes import FakeBucket, FakeFolders
from tests.support.samples import NOON
from tests.unit.test_evidence_actions import FOLDER, PHOTO, LateScanner, present, sent, sha, told


class Dying(FakeFolders):
    """Folders of a function that is killed right after each look has begun, without a word: by time, or by memory."""

    kills = True

    def save(self, before, after):
        saved = super().save(before, after)
        if self.kills and any(file.looks for file in after.files):
            raise SystemExit
        return saved


class CountingBucket(FakeBucket):
    """A bucket that counts the bytes that were read."""

    read = 0

    def get(self, key):
        found = super().get(key)
        self.read += len(found.content) if found else 0
        return found


@pytest.fixture
def storage(clock):
    return EvidenceStorage(Dying(), CountingBucket(), EicarScanner(), clock)


def arrives(storage, content=PHOTO, **said):
    facts = {"name": "foto.jpg", "declared": "", "size": len(content), "sha256": sha(content)} | said
    file, invitation = actions.invite(FOLDER, **facts, storage=storage)
    storage.bucket.objects[invitation.fields["key"]] = content
    return file


def told_once(storage, *files):
    keys = [{"s3": {"object": {"key": key_of(FOLDER, file.id, "quarantine")}}} for file in files]
    looking.check_told({"Records": keys}, storage=storage)


def test_a_file_at_which_looks_keep_dying_is_given_up_and_its_sender_is_told(storage, caplog):
    file = arrives(storage)
    for _ in range(MOST_LOOKS):
        with pytest.raises(SystemExit):
            told_once(storage, file)
        assert present(storage, file.id).state is FileState.AWAITED

    for _ in range(2):
        told_once(storage, file)

    given_up = present(storage, file.id)
    assert (given_up.state, given_up.reason) == (FileState.REFUSED, "file_given_up")
    assert storage.bucket.objects == {}
    assert caplog.text.count("file_given_up") == 1
    assert actions.seal(looking.look(FOLDER, storage), storage=storage) == ()


def test_a_look_that_has_a_result_makes_earlier_ones_forgotten(storage):
    file = arrives(storage)
    with pytest.raises(SystemExit):
        told_once(storage, file)
    storage.folders.kills = False

    told_once(storage, file)

    assert (present(storage, file.id).state, present(storage, file.id).looks) == (FileState.CHECKED, 0)


def test_lambda_tells_of_a_file_as_often_as_it_takes_to_give_it_up():
    tells = 3  # an event that nobody waits for is tried twice more

    assert tells == MOST_LOOKS + 1


def test_a_run_looks_at_so_much_and_leaves_the_rest_to_the_next(storage):
    storage.folders.kills = False
    files = [arrives(storage, PHOTO + bytes([number]) * (MOST_BYTES - len(PHOTO))) for number in range(5)]

    with pytest.raises(MoreToLookAt):
        told_once(storage, *files)
    assert storage.bucket.read == looking.MOST_BYTES_IN_A_RUN
    told_once(storage, *files)

    assert {file.state for file in looking.look(FOLDER, storage).files} == {FileState.CHECKED}
    assert storage.bucket.read == 5 * MOST_BYTES, "what was judged is not read again"


def test_a_permission_is_for_the_bytes_that_were_named_and_for_no_others(storage):
    storage.folders.kills = False
    file = arrives(storage, pictures.jpeg(pictures.remark()), sha256=sha(PHOTO))

    told_once(storage, file)

    assert (present(storage, file.id).state, present(storage, file.id).reason) == (FileState.REFUSED, "file_changed")
    assert storage.bucket.objects == {}


@pytest.mark.parametrize("named", ["", "a", "g" * 64, "A" * 64, "a" * 65, "a" * 64 + "\n"])
def test_who_does_not_say_which_bytes_gets_no_permission(storage, named):
    with pytest.raises(Invalid) as refused:
        arrives(storage, sha256=named)

    assert [error.code for error in refused.value.errors] == ["not_a_form"]
    assert looking.look(FOLDER, storage).files == ()


def test_a_file_that_waits_for_the_scanner_is_not_read_again_however_often_it_is_sent(clock):
    storage = EvidenceStorage(FakeFolders(), FakeBucket(), LateScanner(), clock)
    file = sent(storage)
    version = looking.look(FOLDER, storage).version

    for _ in range(5):
        told(storage, file.id)

    assert (file.state, looking.look(FOLDER, storage).version) == (FileState.ARRIVED, version)
    storage.scanner.said = Verdict.CLEAN
    told(storage, file.id)
    assert present(storage, file.id).state is FileState.CHECKED


def test_of_two_looks_at_once_at_different_bytes_the_first_that_is_noted_counts(clock):
    storage = EvidenceStorage(FakeFolders(), FakeBucket(), LateScanner(), clock)
    file = actions.add(FOLDER, name="foto.jpg", declared="", content=PHOTO, storage=storage)
    forgetful = replace(looking.look(FOLDER, storage).file(file.id), sha256="")  # as those were that earlier versions took in
    storage.folders._folders[FOLDER] = looking.look(FOLDER, storage).changed(forgetful)
    honest = storage.scanner.verdict

    def meanwhile(key, found):
        storage.scanner.verdict = honest
        storage.bucket.objects[key] = pictures.jpeg()
        told(storage, file.id)
        return Verdict.CLEAN

    storage.scanner.verdict = meanwhile
    told(storage, file.id)

    assert present(storage, file.id).reason == "file_changed"
    assert not [key for key in storage.bucket.objects if key.startswith("kept/")]


def test_a_file_that_a_script_announced_and_never_brought_comes_with_the_form(storage):
    storage.folders.kills = False
    facts = {"name": "foto.jpg", "declared": "", "storage": storage}
    announced, _ = actions.invite(FOLDER, size=len(PHOTO), sha256=sha(PHOTO), **facts)

    came = actions.add(FOLDER, content=PHOTO, **facts)
    told_once(storage, announced)

    assert came.id == announced.id
    assert [file.state for file in looking.look(FOLDER, storage).files] == [FileState.CHECKED]


def test_a_picture_is_kept_as_what_it_shows_and_fetched_under_a_name_that_says_so(storage):
    storage.folders.kills = False
    names = {}
    honest = storage.bucket.put

    def put(key, content, media_type, *, name="", draft=False):
        names[key.rpartition("/")[2]] = (media_type, name)
        honest(key, content, media_type, name=name, draft=draft)

    storage.bucket.put = put
    file = arrives(storage, pictures.png())

    told_once(storage, file)

    assert (present(storage, file.id).kind, present(storage, file.id).name) == ("png", "foto.jpg")
    assert names["original"] == names["copy"] == ("image/png", "foto.jpg.png")


OLD = [
    {
        "id": "b" * 32, "name": "a.heic", "kind": "heic", "added_at": "2016-07-01T10:00:00+00:00", "state": "checked", "size": 7,
        "sha256": "c" * 64, "has_copy": False, "reason": "",
    }
]  # fmt: skip


def test_a_file_of_an_earlier_version_is_read_and_may_hide_what_nobody_took_out_of_it(aws, settings, clock):
    folders = FolderStore(settings, clock)
    folders.save(Folder(id=FOLDER), Folder(id=FOLDER).added(File(id="x", name="x", kind="pdf", added_at=NOON)).named())
    facts = {"TableName": "test-files", "Key": {"id": {"S": FOLDER}}, "UpdateExpression": "SET files = :files"}
    aws.client("dynamodb").update_item(**facts, ExpressionAttributeValues={":files": {"S": json.dumps(OLD)}})

    [file] = folders.get(FOLDER).files

    assert (file.looks, file.hides, file.may_hide) == (0, False, True)
    assert not replace(file, has_copy=True).may_hide
    assert replace(file, has_copy=True, hides=True).may_hide
    assert not replace(file, kind="eml").may_hide


def test_what_is_kept_of_a_file_is_what_an_earlier_version_reads_too(aws, settings, clock):
    folders = FolderStore(settings, clock)
    file = File(id="x", name="x", kind="jpeg", added_at=NOON)
    for one in (file, replace(file, looks=1, hides=True)):
        before = folders.get(FOLDER)
        folders.save(before, replace(before, version=before.version + 1, files=(one,)))
        [kept] = json.loads(aws.items("files")[0]["files"]["S"])

        assert folders.get(FOLDER).files == (one,)
        assert set(kept) - set(OLD[0]) == ({"looks", "hides"} if one.looks else set())
    assert FolderItem.files.attr_name == "files"
