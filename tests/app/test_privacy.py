"""Personal data stays in one place: not in logs, keys, indexes, URLs, mails, or on record with the letters."""

import json
import logging
import re

import pytest

from chalicelib.core import log
from chalicelib.letters import stream
from infra.tables import definitions
from tests.app.conftest import PEOPLE
from tests.support.logins import LoginWorld
from tests.support.samples import answers

PERSONAL = {
    "name": "Wonderwater",
    "given name": "Philippina",
    "address": "Lindelaan",
    "postcode": "1234AB",
    "e-mail": "philippina@example.org",
    "phone": "612349876",
    "birthday": "1975-03-04",
    "story": "Geheimenis",
    "explanation": "Vertrouwelijk",
    "answer": "Onthulling",
    "remark": "Terzijde",
}


@pytest.fixture
def told(portal, aws, caplog):
    """A report with something of everybody in it: filed, changed, asked, answered, refused; and all that was logged meanwhile."""
    caplog.set_level(logging.INFO)
    body = {
        "kind": "bicycle-theft",
        "answers": answers(
            familyName="Wonderwater", givenNames="Philippina", street="Lindelaan", postcode="1234 AB",
            email="philippina@example.org", phone="06 12349876", dateOfBirth="1975-03-04", story="Geheimenis",
        ),
        "truth": True,
    }  # fmt: skip
    report = portal.api("POST", "/v1/reports", body, person="sanne").json
    path = f"/v1/desk/reports/{report['reference']}"
    change = {"status": "checked", "version": 1, "explanation": "Vertrouwelijk", "remark": "Terzijde"}
    portal.api("POST", f"{path}/status-changes", change, person="handler")
    portal.api("POST", f"{path}/questions", {"text": "Vertrouwelijk?", "version": 2}, person="handler")
    portal.api("POST", f"/v1/reports/{report['reference']}/answers", {"question": 1, "answer": "Onthulling"}, person="sanne")
    portal.api(
        "POST", "/v1/reports", body | {"answers": body["answers"] | {"phone": "Wonderwater", "Lindelaan": 1}}, person="sanne"
    )
    portal.api("POST", "/v1/reports", {"Philippina": "Geheimenis"}, person="sanne")
    portal.request("POST", "/v1/reports", body=b'{"Wonderwater": ', headers={"Authorization": "Bearer sanne"})
    portal.api("GET", "/v1/reports/Wonderwater?Lindelaan=1", person="sanne")
    portal.api("GET", path, person="stranger")
    return report


def lines(caplog) -> str:
    """Everything that any library logged at the level of production, in the fixtures and in the test."""
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    return "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in records)


def test_nothing_personal_is_logged(told, caplog):
    logged = lines(caplog)

    assert "report_filed" in logged
    assert "status_changed" in logged
    assert "refused" in logged
    assert [what for what, value in PERSONAL.items() if value.lower() in logged.lower()] == []


def test_an_unexpected_error_is_logged_without_what_was_typed(portal, services, caplog):
    caplog.set_level(logging.INFO)

    class Broken:
        def add(self, report):
            raise RuntimeError(f"cannot write {report.statement.text}")

    services.__dict__["reports"] = Broken()
    body = {"kind": "bicycle-theft", "answers": answers(story="Geheimenis"), "truth": True}

    answer = portal.api("POST", "/v1/reports", body, person="sanne")

    assert answer.status == 500
    assert "Geheimenis" not in answer.text
    assert "Geheimenis" not in lines(caplog)
    assert "unexpected_error" in lines(caplog)


def test_keys_and_indexes_hold_nothing_personal(told, aws):
    checked = 0
    for definition in definitions("test-"):
        named = {one["AttributeName"] for one in definition["KeySchema"]}
        for index in definition.get("GlobalSecondaryIndexes", ()):
            named |= {one["AttributeName"] for one in index["KeySchema"]}
            named |= set(index["Projection"].get("NonKeyAttributes", ()))
        for item in aws.items(definition["TableName"].removeprefix("test-")):
            kept = json.dumps({name: value for name, value in item.items() if name in named}, ensure_ascii=False)
            assert [what for what, value in PERSONAL.items() if value in kept] == []
            checked += 1
    assert checked >= 3


def test_only_the_report_itself_holds_what_was_told(told, aws):
    for table in ("letters", "surveys", "audit", "sessions"):
        kept = json.dumps(aws.items(table), ensure_ascii=False)
        assert [what for what, value in PERSONAL.items() if value in kept] == [], table


def test_a_bsn_is_kept_as_a_pseudonym_and_sealed_and_nowhere_in_the_clear(portal, services, aws, settings, clock, caplog):
    caplog.set_level(logging.INFO)
    bsn = LoginWorld(settings, clock).log_in("bultenaar").claims["bsn"]
    citizen = services.vault.citizen_of({"bsn": bsn}, PEOPLE["sanne"].level)
    browser = portal.browser()
    browser.cookies["__Host-session"] = services.sessions.open(citizen, issuer="i", subject="s", session_id="x")
    body = {"kind": "graffiti", "answers": answers("graffiti"), "truth": True}
    services.access_tokens.principal = lambda bearer: citizen
    filed = portal.api("POST", "/v1/reports", body, person="whoever")

    everything = json.dumps([aws.items(name) for name in ("reports", "sessions", "drafts", "audit")], default=str)
    pages = browser.get("/reports").text + browser.get(f"/reports/{filed.json['reference']}").text

    assert re.fullmatch(r"\d{9}", bsn)
    assert citizen.pseudonym.startswith("V1-")
    assert bsn not in everything
    assert bsn not in pages + filed.text
    assert bsn not in lines(caplog)
    assert bsn not in repr(citizen)
    (report,) = aws.items("reports")
    assert services.vault.open(report["sealed_bsn"]["S"], citizen.pseudonym) == bsn


@pytest.mark.cut
def test_a_log_line_cannot_be_forged_by_a_value(caplog):
    log.event("copy_verified", reference="x\nlevel=ERROR")
    log.event("copy_verified", reference="mijn naam is Sanne")
    log.event("copy_verified", reference="K7MD-PR3W-9XCV")

    assert caplog.messages == [f"copy_verified reference={word}" for word in ("?", "?", "K7MD-PR3W-9XCV")]


def test_a_stream_record_hides_its_images():
    record = stream.StreamRecord("1", "INSERT", "K7MD-PR3W-9XCV", None, {"statement": {"S": "Geheimenis"}})

    assert "Geheimenis" not in repr(record)
