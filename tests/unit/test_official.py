"""The official report: the police's own system gets a report with its BSN, on record first; nobody else opens a number."""

import hashlib
from datetime import timedelta

import pytest

from app import app, make_official_report
from chalicelib import wiring
from chalicelib.core import ids
from chalicelib.core.errors import Invalid, NotFound
from chalicelib.core.logins import IdentityKind
from chalicelib.official.actions import NoBsn, make
from chalicelib.people.model import Level
from chalicelib.reports.additions import Sort
from chalicelib.reports.facts import Reporter
from chalicelib.reports.statement import Statement
from tests.support.samples import REFERENCE, a_report, answers

BSN = "999990019"
ASKED = {"reference": REFERENCE, "employee": "NN1234", "reason": "proces-verbaal"}


class BrokenAudit:
    """An audit trail that cannot be written."""

    def note(self, subject, **facts):
        raise OSError("audit: no answer")


class CountingVault:
    """Counts how often a number was opened."""

    def __init__(self):
        self.opened = 0

    def open(self, sealed, pseudonym):
        self.opened += 1
        return BSN


@pytest.fixture
def services(aws, settings, clock):
    made = wiring.Services(settings, clock)
    wiring.install(made)
    citizen = made.vault.citizen(BSN, Level.SUBSTANTIAL)
    report = a_report(
        reporter=Reporter(citizen.pseudonym, citizen.sealed_bsn), statement=Statement.of("bicycle-theft", answers())
    )
    made.reports.add(report.added(Sort.MORE, {"text": "De buurvrouw zag een bus."}, at=report.filed_at))
    yield made
    wiring.install(None)


@pytest.mark.parametrize(
    "reporter", [Reporter("V1-e", "", IdentityKind.EIDAS), Reporter("V1-c", "", IdentityKind.COMPANY, "68750110")]
)
def test_of_who_has_no_bsn_there_is_no_official_report_and_the_asker_reads_why(services, reporter):
    other = ids.reference(b"somebody else" * 2)
    services.reports.add(a_report(reference=other, reporter=reporter))
    vault = CountingVault()

    with pytest.raises(NoBsn, match=f"logged in without a BSN \\({reporter.kind}\\). Open the report at the desk"):
        make(ASKED | {"reference": other}, **{**parts(services), "vault": vault})

    assert vault.opened == 0
    assert make_official_report(ASKED, None)["bsn"] == BSN, "a report before it is made as ever"


def parts(services):
    return {"reports": services.reports, "audit": services.audit, "vault": services.vault, "clock": services.clock}


def test_the_official_report_holds_what_was_confirmed_what_came_later_and_whose_it_is(services):
    made = make_official_report(ASKED, None)

    assert made["bsn"] == BSN
    assert hashlib.sha256(made["statement"].encode()).hexdigest() == made["statementSha256"]
    assert made["statement"] == services.reports.get(REFERENCE).statement.text
    assert [one["answers"] for one in made["additions"]] == [{"text": "De buurvrouw zag een bus."}]
    assert made["filedAt"] == "2016-07-01T10:00:00Z"


def test_every_official_report_is_on_record_with_who_and_why_and_the_citizen_sees_by_what(services):
    make_official_report(ASKED, None)
    make_official_report(ASKED, None)

    records = services.audit.of(REFERENCE)

    assert [(one.officer, one.roles, one.what, one.why) for one in records] == [
        ("NN1234", "registry", "official_report", "proces-verbaal")
    ] * 2


def test_without_a_record_no_number_is_opened(services):
    vault = CountingVault()
    services.__dict__.update(audit=BrokenAudit(), vault=vault)

    with pytest.raises(OSError, match="audit"):
        make_official_report(ASKED, None)

    assert vault.opened == 0


def test_a_request_that_says_not_who_or_why_is_refused_and_names_what_is_missing(services, aws):
    for odd in (None, [], "x", {}, {"reference": REFERENCE, "employee": " ", "reason": 5}, {**ASKED, "reason": "x" * 300}):
        with pytest.raises(Invalid) as refused:
            make_official_report(odd, None)
        assert {error.code for error in refused.value.errors} == {"required"}

    assert aws.items("audit") == []


def test_a_report_that_does_not_exist_is_not_found_and_nothing_is_recorded(services, aws):
    with pytest.raises(NotFound):
        make_official_report({**ASKED, "reference": "K7MD-PR3W-9XCX"}, None)

    assert aws.items("audit") == []


def test_a_report_that_the_police_may_no_longer_see_is_not_opened_either(services, clock, aws):
    clock.advance(timedelta(days=365 * 5 + 3))

    with pytest.raises(NotFound):
        make_official_report(ASKED, None)

    assert aws.items("audit") == []


def test_the_number_is_in_no_log(services, caplog):
    make_official_report(ASKED, None)

    assert "official_report_made" in caplog.text
    assert BSN not in caplog.text


def test_the_sealed_number_of_somebody_else_does_not_open(services, aws):
    stolen = services.vault.citizen("999997683", Level.SUBSTANTIAL).sealed_bsn
    key = {"reference": {"S": REFERENCE}}
    change = {"sealed_bsn": {"Value": {"S": stolen}, "Action": "PUT"}}
    aws.client("dynamodb").update_item(TableName="test-reports", Key=key, AttributeUpdates=change)

    with pytest.raises(Exception, match="InvalidCiphertext"):
        make_official_report(ASKED, None)


def test_no_address_of_the_portal_leads_to_it():
    assert not [path for path in app.routes if "official" in path]
