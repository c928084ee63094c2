"""How a reporter is reached: in the hours that are safe for them, and as they chose for this report or for all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.reports import actions
from chalicelib.reports.actions import OwnReports
from chalicelib.reports.contact import MOST_WISHES, Contact, DetailsPart, Hours, InformationWish, Safety, may_be_sent_at
from chalicelib.reports.events import EventKind
from tests.support.fakes import FakeReports
from tests.support.samples import CITIZEN, NOON, REFERENCE, a_report


def within(hours):
    return Contact(email="sanne@example.org", safety=Safety(hours=hours))


@pytest.mark.parametrize(
    ("hours", "at", "sent"),
    [
        (Hours.ANY, datetime(2016, 7, 1, 1, 30, tzinfo=UTC), datetime(2016, 7, 1, 1, 30, tzinfo=UTC)),
        (Hours.DAY, datetime(2016, 7, 1, 6, 59, tzinfo=UTC), datetime(2016, 7, 1, 7, tzinfo=UTC)),  # summer: 8:59 → 9:00
        (Hours.DAY, datetime(2016, 7, 1, 14, 59, tzinfo=UTC), datetime(2016, 7, 1, 14, 59, tzinfo=UTC)),
        (Hours.DAY, datetime(2016, 7, 1, 15, tzinfo=UTC), datetime(2016, 7, 2, 7, tzinfo=UTC)),
        (Hours.DAY, datetime(2016, 6, 30, 22, 30, tzinfo=UTC), datetime(2016, 7, 1, 7, tzinfo=UTC)),  # already the next day here
        (Hours.MORNING, datetime(2016, 10, 29, 12, tzinfo=UTC), datetime(2016, 10, 30, 8, tzinfo=UTC)),  # the clock goes back
        (Hours.EVENING, datetime(2016, 12, 31, 20, tzinfo=UTC), datetime(2017, 1, 1, 16, tzinfo=UTC)),
    ],
)
def test_a_mail_waits_for_the_hours_in_which_it_is_safe(hours, at, sent):
    assert may_be_sent_at(within(hours), at) == sent


@pytest.mark.parametrize("hours", Hours)
def test_whenever_a_mail_waits_it_waits_less_than_a_day_and_then_may_go(hours):
    for half_hour in range(2 * 24 * 8):
        at = datetime(2016, 10, 27, tzinfo=UTC) + timedelta(minutes=30 * half_hour)
        sent = may_be_sent_at(within(hours), at)

        assert at <= sent < at + timedelta(hours=25)
        assert may_be_sent_at(within(hours), sent) == sent


@pytest.fixture
def reports():
    store = FakeReports()
    store.add(a_report())
    return store


def wish(reports, clock, information):
    return actions.change_wishes(
        REFERENCE,
        information=information,
        survey=True,
        mine=OwnReports(pseudonym=CITIZEN.pseudonym, reports=reports, clock=clock),
    )


def test_what_is_chosen_for_one_report_is_its_own(reports, clock):
    assert wish(reports, clock, InformationWish.NOTHING).contact.own


def test_a_report_does_not_grow_without_end_by_changing_ones_mind(reports, clock):
    wishes = [InformationWish.NOTHING, InformationWish.ALL] * (MOST_WISHES // 2)
    for information in wishes:
        wish(reports, clock, information)

    after = wish(reports, clock, InformationWish.NOTHING)

    assert len(after.timeline) == 1 + MOST_WISHES
    assert after.contact.information is InformationWish.NOTHING  # what they want counts, however often they changed it


def test_details_for_all_reports_are_applied_once_however_often_they_are_told(reports, clock):
    first, again = (told_for_all(reports, clock, number=7) for _ in range(2))

    assert again == first
    assert first.contact.email == "nieuw@example.org"
    assert [event.kind for event in first.timeline] == [EventKind.RECEIVED, EventKind.CONTACT_CHANGED]
    assert first.changed_at == NOON


def test_a_change_for_all_reports_that_changes_nothing_here_is_taken_all_the_same(reports, clock):
    """Else it would undo, when it comes again, what has happened to this report since."""
    told_for_all(reports, clock, number=7, email="sanne@example.org")
    found = reports.get(REFERENCE)
    reports.save(found, found.address_found_unusable(frozenset({"sanne@example.org"}), at=NOON))

    again = told_for_all(reports, clock, number=7, email="sanne@example.org")

    assert not again.contact.usable
    assert (again.taken.address, again.taken.choices) == (7, 0)


def test_a_change_of_before_does_not_undo_a_later_one(reports, clock):
    told_for_all(reports, clock, number=8)

    late = told_for_all(reports, clock, number=7, email="oud@example.org")

    assert late.contact.email == "nieuw@example.org"


def told_for_all(reports, clock, *, number, email="nieuw@example.org"):
    return actions.apply_details(
        REFERENCE,
        lambda report: replace(report.contact, email=email, usable=True),
        DetailsPart.ADDRESS,
        number,
        key=f"choice {number}",
        mine=OwnReports(pseudonym=CITIZEN.pseudonym, reports=reports, clock=clock),
    )
