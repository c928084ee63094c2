"""Every page, from the package that is sent and with the rights of its function; and a file from sending to destroying."""

import json
import re
import time
from dataclasses import dataclass
from hashlib import sha256

import pytest

import app
from chalicelib.evidence.scanner import TAG
from infra.deploy.functions import APP_NAME
from tests.deployed.cast import EVENTS, Visitor, earlier, send_file
from tests.deployed.cloud import ACCOUNT, PREFIX
from tests.deployed.traffic import called
from tests.e2e.story import form_of
from tests.support.pictures import exif, jpeg

BUCKET = f"{PREFIX}evidence"
# Every story goes through these; those of further logins lead nowhere on a stage that has none.
OF_LOGINS = {"/login", "/login/callback", "/logout", "/staff/login", "/staff/login/callback"}
OF_LOGINS |= {"/login/with/{key}", "/login/callback/{key}"}
TEN_YEARS_AND_MORE = 3700


@dataclass
class Sent:
    """A report with a photo, and where it was made."""

    citizen: Visitor
    draft: str
    reference: str
    files: str  # the address of its panel
    file: str
    key: str  # of the photo in the quarantine


def judge(cloud, key):
    """Give the scanner's verdict, as GuardDuty does and with its role."""
    scanner = cloud.taken_on(cloud.client("sts"), f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}scanner")
    verdict = [{"Key": TAG, "Value": "NO_THREATS_FOUND"}]
    files = cloud.with_credentials("s3", **scanner)
    assert files.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    files.put_object_tagging(Bucket=BUCKET, Key=key, Tagging={"TagSet": verdict})
    tell(cloud, "ObjectTagging:Put", key)  # the emulator's S3 tells of no tags


def tell(cloud, event, key):
    """Tell the function of files what S3 tells it."""
    record = {"eventName": event, "s3": {"bucket": {"name": BUCKET}, "object": {"key": key}}}
    name = f"{APP_NAME}-test-on_file_uploaded"
    told = cloud.client("lambda").invoke(FunctionName=name, Payload=json.dumps({"Records": [record]}))
    assert "FunctionError" not in told, told["Payload"].read()


@pytest.fixture(scope="module")
def sent(cloud, cast, eventually):
    citizen, photo = cast.citizen(), jpeg(exif())
    citizen.log_in("boer")
    check = citizen.tell("graffiti", form_of("graffiti", email="foto@example.org"))
    page = citizen.open(check.path.replace("/check", "/evidence"))
    files = re.search(r'data-address="([^"]+)"', page.text)[1]
    named = {"name": "foto.jpg", "type": "image/jpeg", "size": len(photo), "sha256": sha256(photo).hexdigest()}
    invited = json.loads(citizen.post(page, files, **named).text)
    assert send_file(invited, photo) < 300
    judge(cloud, invited["fields"]["key"])
    assert eventually(lambda: not json.loads(citizen.open(files).text)["awaited"])
    listed = json.loads(citizen.open(files).text)["html"]
    assert "foto.jpg" in listed
    assert "ontvangen en gecontroleerd" in listed
    receipt = citizen.confirm(citizen.open(check.path))
    reference = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", receipt.path)[0]
    return Sent(citizen, check.path.split("/")[-2], reference, files, invited["id"], invited["fields"]["key"])


def test_a_photo_is_looked_at_and_kept_and_twice_does_no_harm(cloud, sent):
    kept = cloud.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]
    settings = cloud.client("lambda").get_function_configuration(FunctionName=f"{APP_NAME}-test")["Environment"]["Variables"]

    assert [each["Key"].split("/")[0] for each in kept] == ["kept", "kept"], "the original, and a copy without Exif"
    assert exif() not in sent.citizen.fetch(f"/reports/{sent.reference}/files/{sent.file}")
    assert settings["EVIDENCE_SCANNER"] == "guardduty", "the stack has a scanner, and the functions know"
    tell(cloud, "ObjectCreated:Post", sent.key)


def test_every_page_opens(cloud, cast, sent):
    officer = cast.officer()
    officer.log_in("handler")
    assert "Waarom bekijkt u" not in officer.read(sent.reference).words, "every page of the report asked for the reason"
    parts = {"reference": sent.reference, "kind": "graffiti", "draft": sent.draft, "step": "contact", "sort": "more"}
    parts |= {"file": sent.file, "part": "report", "name": "site.css"}
    parts |= dict.fromkeys(("token", "batch", "case", "clue", "rule", "team", "text"), "x")  # of which there are none
    failed, opened = [], 0

    for path in sorted(set(app.app.routes) - OF_LOGINS):
        address = path.format(**parts)
        if path.startswith("/v1/"):
            who = "handler" if path.startswith("/v1/desk") else "boer"
            status, _ = called(cloud, cast.token(who), "GET", address, Accept="application/json")
        else:
            status = (officer if path.startswith("/desk") else sent.citizen).status(address)
        opened += status == 200
        failed += [(path, status)] if status >= 500 else []

    assert failed == [], cloud.logs("api_handler")[-20:]
    assert opened > 50
    logged = [line for line in cloud.logs("api_handler") if "[ERROR]" in line or "unexpected_error" in line]
    assert logged == []


def test_another_address_is_verified_by_a_code(sent, cast, eventually):
    inbox = cast.inbox("nieuw@example.org")

    asked = sent.citizen.send(sent.citizen.open("/details/address"), {"email": "nieuw@example.org"})

    assert asked.path == "/details/code"
    assert eventually(inbox.mails)


def test_after_ten_years_a_report_is_destroyed_with_its_files(cloud, sent):
    reports, tables = f"{PREFIX}reports", cloud.client("dynamodb")
    key = {"reference": {"S": sent.reference}}
    item = earlier(tables.get_item(TableName=reports, Key=key, ConsistentRead=True)["Item"], TEN_YEARS_AND_MORE)
    filed = time.gmtime(int(item["filed_at"]["N"]) / 1_000_000)
    tables.put_item(TableName=reports, Item={**item, "filed_month": {"S": time.strftime("%Y-%m", filed)}})
    struck = (EVENTS / "eventbridge-scheduled-event.json").read_text()

    told = cloud.client("lambda").invoke(FunctionName=f"{APP_NAME}-test-every_day", Payload=struck)

    assert "FunctionError" not in told, told["Payload"].read()
    assert "Item" not in tables.get_item(TableName=reports, Key=key, ConsistentRead=True)
    assert cloud.client("s3").list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
    stones = tables.scan(TableName=f"{PREFIX}tombstones")["Items"]
    assert sent.reference in [each["reference"]["S"] for each in stones]
