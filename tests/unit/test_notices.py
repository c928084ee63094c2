"""A decision of which no mail arrived, and which nobody read, comes on the list of whom an officer tells."""

from datetime import timedelta

import pytest

from chalicelib.core.clock import day_of
from chalicelib.letters import notices
from chalicelib.letters.catalogue import Letter, NotSentReason, choose
from chalicelib.reports import actions, agenda, promises
from chalicelib.reports.contact import Contact, Hours, Safety
from chalicelib.reports.events import EventKind
from chalicelib.reports.statuses import Status
from tests.support.office import A, PostOffice

DAY = timedelta(days=1)


@pytest.fixture
def office(settings, clock):
    return PostOffice(settings, clock)


@pytest.fixture
def decided(office):
    """A report with a decision whose mail SES took."""
    office.file()
    office.change(status=Status.CHECKED)
    office.change(status=Status.REGISTERED, registration_number="PL0100-2016123456")
    office.change(status=Status.NOT_INVESTIGATED, explanation="Geen aanknopingspunten.")
    office.deliver()
    office.go_round(timedelta(minutes=10))
    return office.reports.get(A)


def check(office):
    due = tuple(office.reports.due(day_of(office.clock.now())))
    parts = {"reports": office.reports, "ledger": office.ledger, "clock": office.clock}
    return [notices.check_due(due, **parts) for _ in range(2)]


def name_of_mail(office, number):
    """Return the letter that told of an event: its own, or the one that it was merged into."""
    entry = office.ledger.get(f"{A}#{number}")
    return name_of_mail(office, entry.merged_into) if entry.merged_into else entry.id


def test_a_notice_that_arrived_is_nobodys_work(office, decided):
    office.take(office.happened("Delivery", name_of_mail(office, decided.decision.number)))
    office.clock.advance(12 * DAY)

    assert check(office) == [0, 0]
    assert office.reports.get(A).arrived_number == decided.decision.number
    assert office.reports.get(A).to_contact_since is None
    assert promises.notice_check_on(office.reports.get(A)) is None


def test_a_notice_of_which_nobody_knows_that_it_arrived_is_told_once(office, decided):
    office.clock.advance(10 * DAY)
    assert check(office) == [0, 0], "there is still time"
    office.clock.advance(1 * DAY)

    assert check(office) == [1, 0]
    assert office.reports.get(A).to_contact_since == decided.decided_at
    assert office.reports.get(A).version == decided.version, "no officer's form becomes stale"


def test_a_notice_that_was_delivered_and_came_back_has_not_arrived(office, decided):
    name = name_of_mail(office, decided.decision.number)
    office.take(office.happened("Delivery", name), office.happened("Complaint", name))
    office.clock.advance(12 * DAY)

    assert check(office) == [1, 0]


def test_who_has_read_the_decision_needs_no_other_notice(office, decided):
    actions.note_read(office.reports.get(A), reports=office.reports, clock=office.clock)
    office.clock.advance(12 * DAY)

    assert check(office) == [0, 0]
    assert office.reports.get(A).missing_number == 0


def test_a_report_that_cannot_be_looked_at_holds_up_no_other(office, decided):
    office.clock.advance(12 * DAY)
    office.reports.broken.add("CCCC-CCCC-CCCD")

    parts = {"reports": office.reports, "ledger": office.ledger, "clock": office.clock}
    assert notices.check_due(("CCCC-CCCC-CCCD", "DDDD-DDDD-DDDD", A), **parts) == 1


def test_marks_bring_no_letter(office, decided):
    office.records()
    actions.note_read(office.reports.get(A), reports=office.reports, clock=office.clock)
    sent = len(office.mailer.mails)

    [record] = office.records()
    office.deliver([record])
    office.go_round(timedelta(minutes=10))

    assert len(office.mailer.mails) == sent


# Words of the system


def remind(office):
    due = tuple(office.reports.due(day_of(office.clock.now())))
    return [agenda.keep_promises(due, reports=office.reports, clock=office.clock) for _ in range(2)]


@pytest.fixture
def asked(office):
    """A question until 15 July 2016, a Friday: 12 July is the day to remind of it."""
    before = office.file()
    deadline = day_of(office.clock.now() + 14 * DAY)
    asked = before.asked("Hoe laat?", deadline_on=deadline, by=before.timeline[0].by, at=office.clock.now())
    office.reports.save(before, asked)
    office.deliver()
    office.go_round(timedelta(minutes=10))
    return office.reports.get(A)


def test_a_reminder_goes_out_at_once_like_a_question_whatever_its_reader_wants_to_hear(office, asked):
    actions.change_wishes(A, information="nothing", survey=False, mine=mine(office))
    office.deliver()
    sent = len(office.mailer.mails)
    office.clock.advance(11 * DAY)

    assert remind(office) == [1, 0]
    office.deliver()

    assert len(office.mailer.mails) == sent + 1
    mail = office.mailer.mails[-1]
    assert mail.subject == office.mailer.mails[0].subject, "it says that something changed, and no more"


def mine(office):
    report = office.reports.get(A)
    return actions.OwnReports(pseudonym=report.reporter.pseudonym, reports=office.reports, clock=office.clock)


def test_a_reminder_waits_for_the_hours_that_are_safe_and_is_not_sent_when_the_answer_came_first(office, asked):
    safe = Contact(email="sanne@example.org", safety=Safety(hours=Hours.EVENING))
    office.change_contact(safe)
    office.deliver()
    sent = len(office.mailer.mails)
    office.clock.advance(11 * DAY)
    assert remind(office) == [1, 0]
    office.deliver()
    assert len(office.mailer.mails) == sent, "it waits for the evening"

    actions.answer(A, 1, "Om acht uur.", mine=mine(office))
    office.deliver()
    office.go_round(timedelta(hours=8))

    number = next(event.number for event in office.reports.get(A).timeline if event.kind is EventKind.REMINDED)
    assert len(office.mailer.mails) == sent
    assert office.ledger.get(f"{A}#{number}").not_sent == NotSentReason.OVERTAKEN


def test_word_that_nothing_changed_is_news_that_a_wish_silences(office):
    office.file()
    office.deliver()
    office.clock.advance(63 * DAY)
    sent = len(office.mailer.mails)

    assert remind(office) == [1, 0]
    report = office.reports.get(A)
    office.deliver()
    office.go_round(timedelta(minutes=10))

    assert report.timeline[-1].kind is EventKind.NOTHING_CHANGED
    assert len(office.mailer.mails) == sent + 1
    assert choose(report.timeline[-1], report) is Letter.NEWS
    quiet = report.wishes_changed(Contact(email="sanne@example.org", information="decisions"), at=office.clock.now())
    assert choose(report.timeline[-1], quiet).reason is NotSentReason.NOT_WANTED
