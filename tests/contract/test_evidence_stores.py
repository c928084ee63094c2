"""The promises of every store of folders, bucket and scanner: on AWS in memory (moto) and on the fakes."""

import base64
import json
from datetime import timedelta
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.config import Config

from chalicelib.core.clock import start_of_day
from chalicelib.core.errors import Conflict
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.evidence.bucket import Found, S3Bucket, disposition
from chalicelib.evidence.model import UNCONFIRMED, File, FileState, Folder
from chalicelib.evidence.scanner import EICAR, TAG, EicarScanner, GuardDutyScanner, Verdict
from chalicelib.evidence.store import LONGEST, FolderStore
from chalicelib.reports.retention import years_later
from infra.local.bucket import LocalBucket
from infra.local.http import LocalRequest
from tests.app import files
from tests.support.fakes import FakeBucket, FakeFolders
from tests.support.samples import NOON

FOLDER = "a" * 40
KEY = f"kept/{FOLDER}/{'b' * 32}/original"


def a_file(number=1, **facts):
    return File(**({"id": f"{number:032d}", "name": "foto café.jpg", "kind": "jpeg", "added_at": NOON} | facts))


@pytest.fixture(params=["table", "fake"])
def folders(request, settings, clock):
    if request.param == "fake":
        return FakeFolders()
    request.getfixturevalue("aws")
    return FolderStore(settings, clock)


@pytest.fixture(params=["s3", "fake"])
def bucket(request, settings):
    if request.param == "fake":
        return FakeBucket()
    return S3Bucket(request.getfixturevalue("aws").client("s3"), settings.evidence_bucket)


def test_a_folder_in_which_nothing_ever_was_is_empty(folders):
    assert folders.get(FOLDER) == Folder(id=FOLDER)


def test_a_folder_comes_back_as_it_was_kept(folders):
    empty = folders.get(FOLDER)
    filled = empty.added(a_file(state=FileState.CHECKED, size=7, sha256="c" * 64, has_copy=True)).added(a_file(2))

    folders.save(empty, filled)

    assert folders.get(FOLDER) == filled
    sealed = folders.save(filled, filled.confirmed())
    assert folders.get(FOLDER) == sealed
    kept = folders.save(sealed, sealed.named())
    assert folders.get(FOLDER) == kept
    assert [(one.sealed, one.kept) for one in (filled, sealed, kept)] == [(False, False), (True, False), (True, True)]


def test_a_folder_is_removed_once_and_twice(folders):
    empty = folders.get(FOLDER)
    folders.save(empty, empty.added(a_file()).confirmed())

    folders.remove(FOLDER)
    folders.remove(FOLDER)

    assert folders.get(FOLDER) == Folder(id=FOLDER)


def test_of_two_who_change_a_folder_at_once_the_second_is_told(folders):
    empty = folders.get(FOLDER)
    folders.save(empty, empty.added(a_file(1)))

    with pytest.raises(Conflict):
        folders.save(empty, empty.added(a_file(2)))

    assert [file.id for file in folders.get(FOLDER).files] == [a_file(1).id]


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_folder_that_no_report_names_is_forgotten_after_thirty_days_and_can_be_filled_again(aws, settings, clock, confirmed):
    folders = FolderStore(settings, clock)
    filled = folders.save(Folder(id=FOLDER), Folder(id=FOLDER).added(a_file()))
    if confirmed:
        folders.save(filled, filled.confirmed())
    clock.advance(timedelta(days=30, seconds=1))

    gone = folders.get(FOLDER)

    assert gone.files == ()
    assert folders.save(gone, gone.added(a_file(2))).files == (a_file(2),)


def test_a_folder_from_before_there_were_seals_is_still_sealed(aws, settings, clock):
    folders = FolderStore(settings, clock)
    folders.save(Folder(id=FOLDER), Folder(id=FOLDER).added(a_file()).named())
    facts = {"TableName": "test-files", "Key": {"id": {"S": FOLDER}}, "UpdateExpression": "REMOVE sealed"}
    aws.client("dynamodb").update_item(**facts)

    assert (folders.get(FOLDER).sealed, folders.get(FOLDER).kept) == (True, True)


def test_a_kept_folder_is_there_as_long_as_its_report_and_one_without_a_report_not_for_ever(aws, settings, clock):
    folders = FolderStore(settings, clock)
    folders.save(Folder(id=FOLDER), Folder(id=FOLDER).added(a_file()).named())
    clock.advance(timedelta(days=3_000))

    assert folders.get(FOLDER).files == (a_file(),)
    [item] = aws.items("files")
    assert item["expires_at"]["N"] == str(int((NOON + LONGEST).timestamp()))
    assert start_of_day(years_later(NOON.date(), RETENTION[Kept.REPORTS].years)) + UNCONFIRMED < NOON + LONGEST


def test_an_object_is_there_until_it_is_removed(bucket):
    assert bucket.get(KEY) is None
    bucket.put(KEY, b"content", "image/jpeg", name="foto.jpg", draft=True)

    assert bucket.get(KEY).content == b"content"
    bucket.keep(KEY)
    bucket.keep("kept/nothing")
    assert KEY in bucket.link(KEY)
    bucket.remove(KEY)
    bucket.remove(KEY)
    assert bucket.get(KEY) is None


def test_a_draft_expires_and_what_is_kept_does_not(aws, settings):
    s3 = aws.client("s3")
    bucket = S3Bucket(s3, settings.evidence_bucket)
    tags = lambda: s3.get_object_tagging(Bucket=settings.evidence_bucket, Key=KEY)["TagSet"]  # noqa: E731

    bucket.put(KEY, b"content", "image/jpeg", name="foto.jpg", draft=True)
    assert tags() == [{"Key": "state", "Value": "draft"}]
    bucket.keep(KEY)

    assert tags() == [{"Key": "state", "Value": "kept"}]


def test_an_object_is_a_download_under_its_own_name_and_no_address_holds_that_name(aws, settings):
    s3 = aws.client("s3")
    bucket = S3Bucket(s3, settings.evidence_bucket)

    bucket.put(KEY, b"content", "image/jpeg", name='foto "café".jpg')

    found = s3.get_object(Bucket=settings.evidence_bucket, Key=KEY)
    assert found["ContentDisposition"] == "attachment; filename=\"foto _caf__.jpg\"; filename*=UTF-8''foto%20%22caf%C3%A9%22.jpg"
    assert "foto" not in bucket.link(KEY)


def test_a_name_cannot_add_a_header():
    assert not set(disposition('a"; x\r\nSet-Cookie: y.jpg').split('filename="')[1].split('"')[0]) & set(';\r\n":')


def test_an_invitation_is_for_one_key_one_type_and_one_size(aws, settings):
    client = aws._session.create_client(
        "s3", region_name=settings.region, config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
    )

    made = S3Bucket(client, settings.evidence_bucket).invite("quarantine/x", "image/jpeg", 1_000, sha256(b"photo").hexdigest())

    assert made.fields["key"] == "quarantine/x"
    assert made.fields["Content-Type"] == "image/jpeg"
    assert base64.b64decode(made.fields["x-amz-checksum-sha256"]) == sha256(b"photo").digest()
    conditions = json.loads(base64.b64decode(made.fields["policy"]))["conditions"]
    assert {"x-amz-checksum-sha256": made.fields["x-amz-checksum-sha256"]} in conditions
    assert ["content-length-range", 1, 1_000] in conditions
    assert made.url.startswith(f"https://{settings.evidence_bucket}.s3.{settings.region}.")


def guardduty(aws, settings, status):
    """A scanner that has (or has not) written its verdict on the object."""
    tagging = f"{TAG}={status}" if status else ""
    aws.client("s3").put_object(Bucket=settings.evidence_bucket, Key="quarantine/x", Body=b"x", Tagging=tagging)
    return GuardDutyScanner(aws.client("s3"), settings.evidence_bucket)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("NO_THREATS_FOUND", Verdict.CLEAN),
        ("THREATS_FOUND", Verdict.HARMFUL),
        ("UNSUPPORTED", Verdict.UNKNOWN),
        ("ACCESS_DENIED", Verdict.UNKNOWN),
        ("FAILED", Verdict.UNKNOWN),
        ("", Verdict.LATER),
        ("SOMETHING_NEW", Verdict.LATER),
    ],
)
def test_the_scanner_of_aws_says_what_its_tag_says(aws, settings, status, verdict):
    assert guardduty(aws, settings, status).verdict("quarantine/x", Found(b"x")) is verdict


@pytest.mark.parametrize("name", ["eicar", "guardduty"])
def test_every_scanner_tells_harmful_from_clean(aws, settings, name):
    for content, status, verdict in ((EICAR, "THREATS_FOUND", Verdict.HARMFUL), (b"photo", "NO_THREATS_FOUND", Verdict.CLEAN)):
        scanner = EicarScanner() if name == "eicar" else guardduty(aws, settings, status)
        assert scanner.verdict("quarantine/x", Found(content)) is verdict


PHOTO = b"\xff\xd8\xff photo"


@pytest.fixture
def browsers(aws, settings):
    """The bucket as browsers meet it, and S3 as the portal does."""
    client = aws._session.create_client(
        "s3", region_name=settings.region, config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
    )
    secret = aws._session.get_credentials().secret_key
    return S3Bucket(client, settings.evidence_bucket), LocalBucket(client, settings.evidence_bucket, secret)


def sends(local, fields, content):
    body = files.encoded(fields, {"file": ("foto.jpg", "image/jpeg", content)})
    return local.handle(LocalRequest("POST", "/_local/s3", {}, {"content-type": files.TYPE}, body))


def test_a_permission_lets_one_object_in_and_no_other_bytes_after_it(browsers):
    bucket, local = browsers
    fields = bucket.invite("quarantine/x", "image/jpeg", 1_000, sha256(PHOTO).hexdigest()).fields
    other = base64.b64encode(sha256(b"other").digest()).decode()

    assert [sends(local, fields, content).status for content in (PHOTO, PHOTO, b"other", b"")] == [204, 204, 403, 403]
    assert sends(local, fields | {"x-amz-checksum-sha256": other}, b"other").status == 403
    assert sends(local, {name: value for name, value in fields.items() if "sha256" not in name}, b"other").status == 403
    assert bucket.get("quarantine/x").content == PHOTO


def test_a_verdict_is_on_the_version_that_was_read_and_on_none_that_came_after_it(aws, settings):
    s3, key = aws.client("s3"), "quarantine/x"
    facts = {"Bucket": settings.evidence_bucket, "Key": key}
    s3.put_object(**facts, Body=b"harmful", Tagging=f"{TAG}=THREATS_FOUND")
    found = S3Bucket(s3, settings.evidence_bucket).get(key)
    s3.put_object(**facts, Body=b"harmless", Tagging=f"{TAG}=NO_THREATS_FOUND")

    assert found.version
    assert GuardDutyScanner(s3, settings.evidence_bucket).verdict(key, found) is Verdict.HARMFUL


def test_nobody_on_the_way_keeps_what_is_downloaded(browsers):
    bucket, local = browsers
    bucket.put(KEY, PHOTO, "image/jpeg", name="foto.jpg")
    link = urlsplit(bucket.link(KEY))

    answer = local.handle(LocalRequest("GET", f"/_local/s3{link.path}", parse_qs(link.query), {}, b""))
    forged_query = parse_qs(link.query.replace("no-store", "public"))
    forged = local.handle(LocalRequest("GET", f"/_local/s3{link.path}", forged_query, {}, b""))

    assert (answer.status, answer.body, answer.headers["Cache-Control"]) == (200, PHOTO, "no-store")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert forged.status == 403
