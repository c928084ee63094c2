"""Which event calls for which letter, and which wish silences it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.letters.catalogue import CATALOGUE, Letter, NoLetter, NotSentReason, choose, letter_id
from chalicelib.reports.contact import Contact, InformationWish
from chalicelib.reports.events import Actor, EventKind, Role
from chalicelib.reports.statuses import DECISIONS, Status
from tests.support.samples import NOON, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
ALL, DECISIONS_ONLY, NOTHING = InformationWish.ALL, InformationWish.DECISIONS, InformationWish.NOTHING
NOT_WANTED = NoLetter(NotSentReason.NOT_WANTED, Letter.NEWS)
NO_SURVEY = NoLetter(NotSentReason.NOT_WANTED, Letter.SURVEY)


def chosen(report, **contact):
    """The letter for the last event, under these wishes."""
    report = replace(report, contact=replace(report.contact, **contact))
    return choose(report.timeline[-1], report)


def asked():
    return a_report().asked("Was het slot heel?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)


def in_status(status):
    """A report of which the last event took it to a status."""
    report = a_report()
    event = replace(report.timeline[0], number=2, kind=EventKind.STATUS_CHANGED, status=status)
    return replace(report, status=status, timeline=(*report.timeline, event))


def test_every_kind_of_event_has_a_letter_or_a_reason():
    assert set(CATALOGUE) == set(EventKind)


@pytest.mark.parametrize(
    ("report", "letter"),
    [
        (a_report(), Letter.NEWS),
        (in_status(Status.CHECKED), Letter.NEWS),
        (asked(), Letter.NEWS),
        (asked().question_expired(at=NOON + timedelta(days=30)), Letter.NEWS),
        (a_report().invited_to_survey(at=NOON), Letter.SURVEY),
        (asked().answered(1, "Ja", at=NOON), NoLetter(NotSentReason.OWN_ACTION)),
        (a_report().wishes_changed(Contact(email="nieuw@example.org"), at=NOON), NoLetter(NotSentReason.OWN_ACTION)),
    ],
)
def test_who_wants_to_hear_all_gets_every_letter_except_about_own_acts(report, letter):
    assert chosen(report) == letter


def test_a_question_is_mailed_whatever_the_reporter_wished():
    assert [chosen(asked(), information=wish) for wish in (ALL, DECISIONS_ONLY, NOTHING)] == [Letter.NEWS] * 3


def test_who_has_to_come_to_the_desk_hears_it_whatever_the_wish():
    assert chosen(in_status(Status.REFERRED), information=NOTHING) == Letter.NEWS


@pytest.mark.parametrize("status", [status for status in Status if status not in (Status.REFERRED, Status.AWAITING_REPORTER)])
def test_decisions_only_means_decisions_only_and_nothing_means_nothing(status):
    report = in_status(status)

    assert chosen(report, information=DECISIONS_ONLY) == (Letter.NEWS if status in DECISIONS else NOT_WANTED)
    assert chosen(report, information=NOTHING) == NOT_WANTED


@pytest.mark.parametrize(
    ("contact", "letter"),
    [
        ({"information": DECISIONS_ONLY}, Letter.SURVEY),
        ({"information": NOTHING}, NO_SURVEY),
        ({"survey": False}, NO_SURVEY),
    ],
)
def test_the_survey_has_a_switch_of_its_own_and_bows_to_nothing(contact, letter):
    assert chosen(a_report().invited_to_survey(at=NOON), **contact) == letter


@pytest.mark.parametrize(
    ("contact", "reason"),
    [
        ({"usable": False}, NotSentReason.ADDRESS_UNUSABLE),
        ({"email": ""}, NotSentReason.ADDRESS_MISSING),
        ({"usable": False, "information": NOTHING}, NotSentReason.NOT_WANTED),  # nobody has to phone who wants to hear nothing
    ],
)
def test_without_a_usable_address_there_is_a_reason_instead_of_a_letter(contact, reason):
    assert chosen(a_report(), **contact) == NoLetter(reason, Letter.NEWS)


def test_a_letter_is_known_by_its_report_and_the_number_of_its_event():
    assert letter_id("K7MD-PR3W-9XCV", 12) == "K7MD-PR3W-9XCV#12"
