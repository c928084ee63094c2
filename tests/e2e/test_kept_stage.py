"""The stage that `make run KEEP=1` keeps: a stage that is stopped and started again goes on where it was."""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.keeping import BODIES, FORMAT, NAME, Keeper, Unusable
from infra.local.stage import Stage
from tests.e2e.actors import Citizen, Inbox, Officer, World
from tests.e2e.story import ADDRESS, file
from tests.e2e.test_mail_returns import filed

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kept"


@pytest.fixture
def started(tmp_path, folder):
    """Starts a stage that keeps what it has in the folder; each start is another process as far as the stage knows."""
    return lambda keep_in=folder: Stage(port=0, keys_file=tmp_path / "keys.json", keep_in=keep_in)


def moved(browser, url):
    """The same browser at the address that the stage has after a restart: its cookies belong to the machine."""
    browser._url = url
    return browser


def test_who_files_and_stops_the_stage_finds_the_report_the_mails_and_the_login_again(started, eventually):
    with started() as stage:
        citizen = Citizen(stage.url)
        citizen.log_in("janssen")
        reference = file(citizen, email=ADDRESS)
        assert eventually(Inbox(stage.url, ADDRESS).mails)
        World(stage.url).minutes_pass(3)
        now = stage.clock.now()

    with started() as stage:
        inbox = Inbox(stage.url, ADDRESS)
        assert reference in moved(citizen, stage.url).open("/reports").text, "still logged in"
        assert "We hebben uw aangifte ontvangen" in citizen.open(f"/reports/{reference}").words
        assert now <= stage.clock.now() < now + timedelta(minutes=2)
        (received,) = inbox.mails()

        officer = Officer(stage.url)
        officer.log_in()
        officer.change(reference, "checked", explanation="Uw aangifte is duidelijk.")
        World(stage.url).minutes_pass(10)
        assert len(eventually(lambda: len(inbox.mails()) > 1 and inbox.mails())) == 2, "one letter of the change, none twice"
        assert inbox.mails()[0] == received
        assert stage.tray.receipts_of(received["id"]) == ("Send", "Delivery")


def test_a_bsn_that_was_sealed_can_be_opened_after_a_restart_and_a_pseudonym_is_the_same(started):
    with started() as stage:
        sealed = stage.client("kms").encrypt(KeyId=stage.settings.bsn_key_id, Plaintext=b"999990019")["CiphertextBlob"]
        mac = {"KeyId": stage.settings.bsn_hmac_key_id, "MacAlgorithm": "HMAC_SHA_256", "Message": b"999990019"}
        pseudonym = stage.client("kms").generate_mac(**mac)["Mac"]
        derivation = stage.client("secretsmanager").get_secret_value(SecretId="local-derivation")["SecretString"]

    with started() as stage:
        assert stage.client("kms").decrypt(CiphertextBlob=sealed)["Plaintext"] == b"999990019"
        assert stage.settings.bsn_hmac_key_id == mac["KeyId"]
        assert stage.client("kms").generate_mac(**mac)["Mac"] == pseudonym
        assert stage.client("secretsmanager").get_secret_value(SecretId="local-derivation")["SecretString"] == derivation


def test_files_of_a_report_are_there_after_a_restart_and_are_written_once(started, folder):
    photo = {"Key": "kept/photo", "Body": b"a photo" * 1000, "ContentType": "image/jpeg", "Tagging": "state=clean"}
    with started() as stage:
        stage.client("s3").put_object(Bucket=stage.settings.evidence_bucket, **photo)
        stage.client("s3").put_object(Bucket=stage.settings.evidence_bucket, Key="kept/gone", Body=b"forgotten later")
    bodies = {each.name: each.stat().st_mtime_ns for each in (folder / BODIES).iterdir()}

    with started() as stage:
        at = {"Bucket": stage.settings.evidence_bucket, "Key": "kept/photo"}
        found = stage.client("s3").get_object(**at)
        assert (found["Body"].read(), found["ContentType"]) == (photo["Body"], "image/jpeg")
        assert stage.client("s3").get_object_tagging(**at)["TagSet"] == [{"Key": "state", "Value": "clean"}]
        stage.client("s3").delete_object(Bucket=at["Bucket"], Key="kept/gone")
    after = {each.name: each.stat().st_mtime_ns for each in (folder / BODIES).iterdir()}

    assert len(bodies) == 2
    assert len(after) == 1
    assert after.items() <= bodies.items()


def test_a_letter_that_the_stream_had_not_brought_when_the_machine_died_is_sent_once(started, folder, tmp_path, eventually):
    with started() as stage:
        filed(stage, "wiel", "before@example.org")
        assert eventually(Inbox(stage.url, "before@example.org").mails)
        for stream in stage.streams.values():
            stream.stop()
        filed(stage, "wiel", "after@example.org")
        stage.keep()
        shutil.copytree(folder, tmp_path / "as-it-died")

    with started(tmp_path / "as-it-died") as stage:
        assert eventually(Inbox(stage.url, "after@example.org").mails)
        stage.drain()
        assert [mail.to for mail in stage.tray.newest_first()] == ["after@example.org", "before@example.org"]


def test_a_rule_that_was_due_in_half_an_hour_is_due_then_after_a_restart_too(started):
    with started() as stage:
        due = stage.schedules.kept()

    with started() as stage:
        hourly = {name: at for name, at in stage.schedules.kept().items() if name == "every_hour"}

    assert hourly
    assert hourly.items() <= due.items()


def test_a_stage_that_keeps_nothing_leaves_nothing(started, folder):
    with started(None):
        pass

    assert not folder.exists()


def kept(folder, content):
    folder.mkdir(exist_ok=True)
    (folder / NAME).write_text(content if isinstance(content, str) else json.dumps(content))
    return (folder / NAME).read_bytes()


EMPTY = {
    "format": FORMAT, "ahead_s": 0.0, "secrets": {}, "keys": {}, "tables": {}, "untaken": {}, "objects": [], "mails": [],
    "schedules": {},
}  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{half of",
        {},
        {**EMPTY, "surplus": 1},
        {**EMPTY, "mails": {}},
        {**EMPTY, "objects": [{"body": "gone"}]},
        {**EMPTY, "objects": [7]},
    ],
)
def test_what_is_damaged_is_said_in_a_sentence_and_left_as_it_is(folder, content):
    before = kept(folder, content)

    with Keeper(folder) as keeper, pytest.raises(Unusable, match=r"cannot be taken up: it is damaged. Nothing of it was changed"):
        keeper.load()

    assert (folder / NAME).read_bytes() == before


def test_what_another_version_kept_is_said_in_a_sentence(folder):
    kept(folder, {**EMPTY, "format": FORMAT + 1})

    with Keeper(folder) as keeper, pytest.raises(Unusable, match="another version of Mijn Politie wrote it"):
        keeper.load()


@pytest.mark.parametrize("part", ["secrets", "keys", "tables"])
def test_a_stage_that_cannot_go_on_from_what_was_kept_starts_nothing_and_changes_nothing(started, folder, part):
    with started():
        pass
    content = json.loads((folder / NAME).read_text())
    before = kept(folder, {**content, part: {"no-such-thing": []}})

    with pytest.raises(Unusable, match=r"cannot be taken up"), started():
        pass

    assert (folder / NAME).read_bytes() == before
    with started(None) as stage:
        assert stage.state()["mails"] == 0, "another stage starts as ever"


def test_a_folder_belongs_to_one_stage_at_a_time(folder):
    with Keeper(folder), pytest.raises(Unusable, match="Another stage keeps its data in"), Keeper(folder):
        pass

    with Keeper(folder) as keeper:
        assert keeper.load() is None


def test_a_save_that_breaks_off_leaves_what_was_there(started, folder):
    with started():
        pass
    before = (folder / NAME).read_bytes()

    with Keeper(folder) as keeper:
        whole = keeper.load()
        whole.mails.append(object())
        with pytest.raises(TypeError):
            keeper.save(whole, {})

    assert (folder / NAME).read_bytes() == before


def run(*arguments):
    line = [sys.executable, "-m", "infra.local", "--port", "0", *arguments]
    return subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))


def test_in_the_terminal_it_says_where_it_keeps_and_what_it_cannot_take_up(folder):
    process = run("--keep", str(folder))
    said = [process.stdout.readline() for _ in range(3)]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    kept(folder, "damaged")
    again = run("--keep", str(folder))
    _, refused = again.communicate(timeout=60)

    assert f"what you do is kept in {folder}" in "".join(said)
    assert process.returncode == 0
    assert again.returncode == 1
    assert refused.startswith(f"What was kept in {folder} cannot be taken up")
    assert refused.count("\n") == 1


def test_without_keep_it_says_that_nothing_is_kept():
    process = run()
    said = [process.stdout.readline() for _ in range(3)]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)

    assert "nothing is kept when you stop it (KEEP=1 keeps it)" in "".join(said)
