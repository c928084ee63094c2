"""The month's work of `make run DEMO=1`: whoever looks at the desk sees a desk."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.forms.places import units
from chalicelib.letters.states import LetterState
from chalicelib.people.model import Citizen
from chalicelib.reports.events import Actor, EventKind, Role
from chalicelib.reports.model import Change
from chalicelib.reports.queue import Flag, flags
from chalicelib.reports.statuses import DECISIONS, Status
from infra.local import demo
from infra.local.demo_post import Post
from tests.support.fakes_letters import FakeLedger
from tests.support.office import PostOffice
from tests.support.samples import a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


class Vault:
    def citizen(self, bsn, level):
        return Citizen(f"V1-{bsn}", "sealed", level)


class Kept:
    """Keeps reports as they are added."""

    def __init__(self):
        self.added = []

    def add(self, report):
        self.added.append(report)
        return report


@pytest.fixture(scope="module")
def reports():
    kept = Kept()
    demo.fill_into(kept.add, vault=Vault(), claim=lambda report: None, now=NOW, count=demo.MOST, progress=lambda one: None)
    return kept.added


def test_there_are_400_reports_over_ten_units_and_thirty_days(reports):
    assert len({report.reference for report in reports}) == demo.MOST
    assert {report.unit for report in reports} == set(units())
    assert 25 < (max(report.filed_at for report in reports) - min(report.filed_at for report in reports)).days <= demo.DAYS


def test_nothing_of_it_is_of_tomorrow(reports):
    assert all(report.timeline[-1].at < NOW for report in reports)


def test_every_status_and_flag_that_an_officer_works_with_is_there(reports):
    shown = Counter(flag for report in reports for flag in flags(report))

    assert {report.status for report in reports} >= set(Status) - {Status.CLOSED, Status.REOPENED}
    assert set(shown) >= {Flag.FRESH, Flag.UPDATE_ASKED, Flag.TO_TELL, Flag.NO_CALLS, Flag.TASK}
    assert sum(report.status in DECISIONS for report in reports) > 20


def test_frauds_come_in_clusters_on_few_accounts(reports):
    accounts = Counter(
        account["iban"]
        for report in reports
        for account in report.statement.answers.get("accounts", ())
        if report.kind != "phishing"
    )

    assert accounts.most_common(1)[0][1] >= 20
    assert len(accounts) <= 8


def test_frauds_on_one_account_are_a_joint_case_at_their_unit(reports):
    cases = Counter((report.joint_case, report.unit) for report in reports if report.joint_case)

    assert cases.most_common(1)[0][1] >= 2
    assert len({case for case, _ in cases}) == len(cases), "a case of its own at each unit"


def test_some_reporters_were_asked_how_it_went(reports):
    assert sum(event.kind is EventKind.SURVEY_INVITED for report in reports for event in report.timeline) >= 4


def test_the_mails_of_the_month_are_known_as_sent_on_their_day_and_none_goes_out_now(clock, settings):
    office = PostOffice(settings, clock)
    old = a_report(at=clock.now() - timedelta(days=20))
    checked = old.changed(Change(Status.CHECKED), by=OFFICER, at=clock.now() - timedelta(days=19))
    told = checked.noted("Gebeld.", by=OFFICER, at=clock.now() - timedelta(days=18))

    def ledger_of(then):
        office.ledger = FakeLedger(then)
        return office.ledger

    Post(ledger_of, clock.now()).told(told)
    office.reports.add(told)
    office.deliver()
    office.go_round(timedelta(minutes=10))

    assert office.mailer.mails == []
    states = [entry.state for entry in office.ledger.of_report(told.reference)]
    assert states == [LetterState.ACCEPTED, LetterState.ACCEPTED, LetterState.NOT_SENT]


def test_the_same_month_comes_out_every_time(reports):
    again = Kept()
    demo.fill_into(again.add, vault=Vault(), claim=lambda report: None, now=NOW, count=20, progress=lambda one: None)

    assert [report.kind for report in again.added[:3]] == [report.kind for report in reports[:3]]
