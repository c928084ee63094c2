"""The month's work of `make run DEMO=1`: whoever looks at the desk sees a desk."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from chalicelib.forms.places import units
from chalicelib.people.model import Citizen
from chalicelib.reports.queue import Flag, flags
from chalicelib.reports.statuses import DECISIONS, Status
from infra.local import demo

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


def test_the_same_month_comes_out_every_time(reports):
    again = Kept()
    demo.fill_into(again.add, vault=Vault(), claim=lambda report: None, now=NOW, count=20, progress=lambda one: None)

    assert [report.kind for report in again.added[:3]] == [report.kind for report in reports[:3]]
