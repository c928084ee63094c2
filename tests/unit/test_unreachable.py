"""A reporter whom no mail reaches is told by somebody, and somebody else sees when that takes too long."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.core.errors import Conflict
from chalicelib.reports.contact import Contact, InformationWish
from chalicelib.reports.events import Actor, EventKind, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from chalicelib.reports.unreachable import Telling, Urgency, found_unusable, to_tell_since, told_otherwise, urgency
from tests.samples import NOON, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
HOUR = timedelta(hours=1)
ADDRESS = frozenset({"sanne@example.org"})


def bounced():
    return found_unusable(a_report(), ADDRESS, at=NOON + HOUR)


def test_a_bounce_is_news_that_somebody_has_to_bring():
    assert to_tell_since(a_report()) is None
    assert to_tell_since(bounced()) == NOON + HOUR
    assert bounced().timeline[-1].kind is EventKind.ADDRESS_UNUSABLE


def test_an_address_that_is_not_the_reporters_any_more_says_nothing():
    report = a_report(contact=Contact(email="Nieuw@example.org"))

    assert found_unusable(report, ADDRESS, at=NOON) is report
    assert not found_unusable(report, frozenset({"nieuw@example.org"}), at=NOON).contact.usable
    assert found_unusable(bounced(), ADDRESS, at=NOON) != a_report()
    again = bounced()
    assert found_unusable(again, ADDRESS, at=NOON) is again


def test_who_was_told_waits_for_the_next_news():
    told = told_otherwise(bounced(), Telling.PHONE, by=OFFICER, at=NOON + 2 * HOUR)
    assert to_tell_since(told) is None
    with pytest.raises(Conflict, match="nothing_to_tell"):
        told_otherwise(told, Telling.LETTER, by=OFFICER, at=NOON + 3 * HOUR)

    changed = told.changed(Change(Status.CHECKED), by=OFFICER, at=NOON + 4 * HOUR)
    later = changed.asked("Hoe?", deadline_on=date(2016, 8, 1), by=OFFICER, at=NOON + 5 * HOUR)
    assert to_tell_since(later) == NOON + 4 * HOUR


def test_a_new_address_takes_the_reporter_from_the_list():
    report = bounced()

    mended = report.contact_changed(replace(report.contact, email="nieuw@example.org", usable=True), at=NOON + 2 * HOUR)

    assert to_tell_since(mended) is None


def test_who_has_no_address_is_told_of_changes_and_who_wants_nothing_of_questions_only():
    nobody = a_report(contact=Contact(email=""))
    assert to_tell_since(nobody) is None, "who filed knows that"
    assert to_tell_since(nobody.changed(Change(Status.CHECKED), by=OFFICER, at=NOON + HOUR)) == NOON + HOUR

    quiet = a_report(contact=Contact(email="", information=InformationWish.NOTHING))
    changed = quiet.changed(Change(Status.CHECKED), by=OFFICER, at=NOON + HOUR)
    assert to_tell_since(changed) is None
    asked = changed.asked("Hoe?", deadline_on=date(2016, 8, 1), by=OFFICER, at=NOON + 2 * HOUR)
    assert to_tell_since(asked) == NOON + 2 * HOUR


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
