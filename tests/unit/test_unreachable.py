"""A reporter whom no mail reaches is told by somebody, and somebody else sees when that takes too long."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.core.errors import Conflict
from chalicelib.reports.contact import Contact, InformationWish
from chalicelib.reports.events import Actor, EventKind, OfflineMeans, Role
from chalicelib.reports.model import Change, Urgency, urgency
from chalicelib.reports.statuses import Status
from tests.support.samples import NOON, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
HOUR = timedelta(hours=1)
ADDRESS = frozenset({"sanne@example.org"})


def bounced():
    return a_report().address_found_unusable(ADDRESS, at=NOON + HOUR)


def test_a_bounce_is_news_that_somebody_has_to_bring():
    assert a_report().to_contact_since is None
    assert bounced().to_contact_since == NOON + HOUR
    assert bounced().timeline[-1].kind is EventKind.ADDRESS_UNUSABLE


def test_an_address_that_is_not_the_reporters_any_more_says_nothing():
    report = a_report(contact=Contact(email="Nieuw@example.org"))

    assert report.address_found_unusable(ADDRESS, at=NOON) is report
    assert not report.address_found_unusable(frozenset({"nieuw@example.org"}), at=NOON).contact.usable
    assert bounced().address_found_unusable(ADDRESS, at=NOON) != a_report()
    again = bounced()
    assert again.address_found_unusable(ADDRESS, at=NOON) is again


def test_who_was_told_waits_for_the_next_news():
    told = bounced().contacted_offline(OfflineMeans.PHONE, by=OFFICER, at=NOON + 2 * HOUR)
    assert told.to_contact_since is None
    with pytest.raises(Conflict, match="nothing_to_tell"):
        told.contacted_offline(OfflineMeans.LETTER, by=OFFICER, at=NOON + 3 * HOUR)

    changed = told.changed(Change(Status.CHECKED), by=OFFICER, at=NOON + 4 * HOUR)
    later = changed.asked("Hoe?", deadline_on=date(2016, 8, 1), by=OFFICER, at=NOON + 5 * HOUR)
    assert later.to_contact_since == NOON + 4 * HOUR


def test_a_new_address_takes_the_reporter_from_the_list():
    report = bounced()

    mended = report.contact_changed(replace(report.contact, email="nieuw@example.org", usable=True), at=NOON + 2 * HOUR)

    assert mended.to_contact_since is None


def test_who_has_no_address_is_told_of_changes_and_who_wants_nothing_of_questions_only():
    nobody = a_report(contact=Contact(email=""))
    assert nobody.to_contact_since is None, "who filed knows that"
    assert nobody.changed(Change(Status.CHECKED), by=OFFICER, at=NOON + HOUR).to_contact_since == NOON + HOUR

    quiet = a_report(contact=Contact(email="", information=InformationWish.NOTHING))
    changed = quiet.changed(Change(Status.CHECKED), by=OFFICER, at=NOON + HOUR)
    assert changed.to_contact_since is None
    asked = changed.asked("Hoe?", deadline_on=date(2016, 8, 1), by=OFFICER, at=NOON + 2 * HOUR)
    assert asked.to_contact_since == NOON + 2 * HOUR
    referred = changed.changed(Change(Status.REFERRED, explanation="Kom langs."), by=OFFICER, at=NOON + 3 * HOUR)
    assert referred.to_contact_since == NOON + 3 * HOUR, "it goes no further online: they have to come"


def test_whose_mail_was_given_up_can_be_told_though_the_address_works():
    with pytest.raises(Conflict, match="nothing_to_tell"):
        a_report().contacted_offline(OfflineMeans.PHONE, by=OFFICER, at=NOON)

    told = a_report().contacted_offline(OfflineMeans.PHONE, by=OFFICER, at=NOON, is_mail_given_up=True)

    assert told.timeline[-1].kind is EventKind.CONTACTED_OFFLINE


@pytest.mark.parametrize(
    ("waited", "expected"),
    [
        (timedelta(hours=23), Urgency.NEW),
        (timedelta(days=1), Urgency.OVER_A_DAY),
        (timedelta(days=7, hours=23), Urgency.OVER_A_DAY),
        (timedelta(days=8), Urgency.OVER_EIGHT_DAYS),
    ],
)
def test_it_becomes_urgent_after_a_day_and_very_after_eight(waited, expected):
    assert urgency(NOON, NOON + waited) is expected
