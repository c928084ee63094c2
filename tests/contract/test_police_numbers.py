"""The promise about police numbers of every store of reports, on the table (moto) and on the fake: each is on one report."""

from datetime import timedelta

import pytest

from chalicelib.core.errors import Conflict, Invalid
from chalicelib.reports.corrections import taken_back
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Change
from chalicelib.reports.registry import LEASE, Registry
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import ReportStore
from chalicelib.reports.table import ReportItem
from tests.support.fakes import FakeReports
from tests.support.samples import NOON, REFERENCE, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
NUMBER, OTHER = "PL0100-2016123456", "CCCC-CCCC-CCCC"


@pytest.fixture(params=["table", "fake"])
def reports(request, settings):
    if request.param == "fake":
        return FakeReports()
    request.getfixturevalue("aws")
    return ReportStore(settings, Deadlines())


@pytest.fixture
def store(aws, settings):
    return ReportStore(settings, Deadlines())


def checked(reports, reference=REFERENCE):
    report = reports.add(a_report(reference=reference))
    return reports.save(report, report.changed(Change(Status.CHECKED), by=OFFICER, at=NOON))


def registered(report, at=NOON):
    return report.changed(Change(Status.REGISTERED, registration_number=NUMBER), by=OFFICER, at=at)


def refused(reports, before, after):
    with pytest.raises(Invalid) as invalid:
        reports.save(before, after)
    return [(error.field, error.code) for error in invalid.value.errors]


def test_a_number_that_another_report_has_is_refused_and_nothing_is_changed(reports):
    first, second = checked(reports), checked(reports, OTHER)
    reports.save(first, registered(first))

    assert refused(reports, second, registered(second)) == [("registrationNumber", "registration_number_taken")]

    assert reports.get(OTHER) == second


def test_that_a_number_is_taken_can_be_asked_before_and_asking_takes_none(reports):
    first, second = checked(reports), checked(reports, OTHER)
    reports.require_number(registered(first))  # nobody has it, and nobody gets it by this
    stored = reports.save(second, registered(second))

    with pytest.raises(Invalid) as invalid:
        reports.require_number(registered(first))

    assert [(error.field, error.code) for error in invalid.value.errors] == [("registrationNumber", "registration_number_taken")]
    reports.require_number(stored)


def test_the_same_number_of_the_same_report_may_be_saved_again(reports):
    before = checked(reports)
    after = reports.save(before, registered(before))

    assert reports.save(before, registered(before)) == after
    reports.register(after)


def test_whoever_was_too_late_with_a_number_did_not_take_it_from_the_report(reports):
    before = checked(reports)
    reports.save(before, registered(before))

    with pytest.raises(Conflict, match="stale_version"):
        reports.save(before, registered(before, at=NOON + timedelta(hours=1)))

    second = checked(reports, OTHER)
    assert refused(reports, second, registered(second, at=NOON + timedelta(days=1)))


def test_the_number_of_a_destroyed_report_is_free(reports):
    first, second = checked(reports), checked(reports, OTHER)
    reports.remove(reports.save(first, registered(first)))

    assert reports.save(second, registered(second)).registration_number == NUMBER


def test_who_stopped_between_claim_and_save_holds_a_number_for_two_minutes_and_gets_it_at_once(store, settings):
    first, second = checked(store), checked(store, OTHER)
    store.register(registered(first))  # and dies

    assert refused(store, second, registered(second))
    assert refused(store, second, registered(second, at=NOON + LEASE - timedelta(seconds=1)))
    assert store.save(first, registered(first)).registration_number == NUMBER
    assert refused(store, second, registered(second, at=NOON + timedelta(days=1)))


def test_a_claim_that_no_report_bears_out_is_taken_over_after_two_minutes(store, settings):
    first, second = checked(store), checked(store, OTHER)
    store.register(registered(first))

    store.save(second, registered(second, at=NOON + LEASE))

    assert Registry(settings).holder(NUMBER) == OTHER
    assert refused(store, first, registered(first, at=NOON + timedelta(days=1)))


def test_the_number_of_a_report_whose_registration_was_undone_is_free(reports):
    first, second = checked(reports), checked(reports, OTHER)
    first = reports.save(first, registered(first))
    reports.save(first, taken_back(first, 3, by=OFFICER, at=NOON))

    assert reports.save(second, registered(second)).registration_number == NUMBER


def test_an_undo_is_refused_if_the_reporter_reads_in_the_very_moment(store):
    before = checked(store)
    store._model(reference=REFERENCE).update(actions=[ReportItem.read_number.set(2)])  # which moves no version

    with pytest.raises(Conflict, match="stale_version"):
        store.save(before, taken_back(before, 2, by=OFFICER, at=NOON))
    with pytest.raises(Conflict, match="read_already"):
        taken_back(store.get(REFERENCE), 2, by=OFFICER, at=NOON)


def test_who_frees_a_number_late_leaves_it_to_the_report_that_got_it_anew(settings, aws):
    registry = Registry(settings)
    has_it = {"at": NOON, "has": lambda *_: True}
    registry.claim(NUMBER, REFERENCE, 3, **has_it)
    registry.claim(NUMBER, REFERENCE, 7, **has_it)

    registry.free(NUMBER, REFERENCE, 5)
    registry.free(NUMBER, OTHER, 9)
    assert registry.holder(NUMBER) == REFERENCE

    registry.free(NUMBER, REFERENCE, 7)
    registry.free(NUMBER, REFERENCE, 7)
    assert registry.holder(NUMBER) == ""
