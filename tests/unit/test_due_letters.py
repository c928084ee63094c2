"""The round: news that waits becomes one mail, nothing is dropped, and what is in doubt is settled by SES's own word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.errors import Unavailable
from chalicelib.letters.due_letters import LASTS, send_due
from chalicelib.letters.ledger_entry import HEARD_WITHIN, LEASE, TRIED_FOR, LedgerEntry, try_again_at
from chalicelib.letters.mailer import OutcomeUnknown
from chalicelib.letters.sending import Outcome
from chalicelib.reports.contact import Contact, Hours, InformationWish, Safety
from chalicelib.reports.statuses import Status
from tests.support.office import A, B, PostOffice
from tests.support.samples import NOON

MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(settings, clock):
    return PostOffice(settings, clock)


@pytest.fixture
def settled(office):
    """The office after a report was filed and its receipt was mailed."""
    office.file()
    office.deliver()
    office.mailer.mails.clear()
    return office


def test_two_changes_within_minutes_become_one_mail(settled):
    settled.change()
    settled.clock.advance(2 * MINUTE)
    settled.change(status=Status.REGISTERED, registration_number="PL0100-2016000001")
    settled.deliver()

    assert settled.go_round() == {}, "nothing is due yet"
    settled.go_round(after=3 * MINUTE)
    settled.go_round(after=10 * MINUTE)

    assert settled.mailer.letters == [f"{A}#2"]
    assert settled.ledger.get(f"{A}#3").merged_into == 2


def test_a_change_after_the_mail_waits_for_a_mail_of_its_own(settled):
    settled.change()
    settled.deliver()
    settled.go_round(after=5 * MINUTE)
    settled.change(status=Status.REGISTERED, registration_number="PL0100-2016000001")
    settled.deliver()
    settled.go_round(after=5 * MINUTE)

    assert settled.mailer.letters == [f"{A}#2", f"{A}#3"]


def test_the_round_run_twice_sends_once(settled):
    settled.change()
    settled.deliver()
    settled.clock.advance(5 * MINUTE)

    assert settled.go_round() == {Outcome.SENT: 1}
    assert settled.go_round() == {}


def test_who_wants_to_hear_nothing_by_the_time_the_mail_goes_gets_none(settled):
    report = settled.change()
    settled.deliver()
    settled.change_contact(replace(report.contact, information=InformationWish.NOTHING))
    settled.deliver()

    settled.go_round(after=5 * MINUTE)

    assert settled.mailer.mails == []
    assert settled.ledger.get(f"{A}#2").not_sent == "not_wanted"


def test_a_mail_that_waited_goes_to_the_address_of_now(settled):
    report = settled.change()
    settled.deliver()
    settled.change_contact(replace(report.contact, email="veilig@example.org"))

    settled.go_round(after=5 * MINUTE)

    assert [mail.to for mail in settled.mailer.mails] == ["veilig@example.org"]


def test_news_waits_for_the_hours_at_which_it_is_safe(office):
    office.file(contact=Contact(email="sanne@example.org", safety=Safety(hours=Hours.MORNING)))
    office.deliver()
    assert office.mailer.mails == [], "it is twelve o'clock in Amsterdam"

    assert office.go_round(after=timedelta(hours=20)) == {}
    office.go_round(after=timedelta(hours=1))

    assert office.mailer.letters == [f"{A}#1"]


def test_safe_hours_that_were_chosen_while_it_waited_bind_too(settled):
    report = settled.change()
    settled.deliver()
    settled.change_contact(replace(report.contact, safety=Safety(hours=Hours.EVENING)))

    assert settled.go_round(after=5 * MINUTE) == {Outcome.WAITS: 1}
    settled.go_round(after=timedelta(hours=5))

    assert settled.mailer.letters == [f"{A}#2"]


def test_when_ses_is_away_it_is_tried_with_growing_pauses_and_nothing_is_dropped(office):
    office.mailer.answers = [Unavailable("ses")] * 4
    office.file()
    office.deliver()

    tried_at = [minute for minute in range(1, 61) if office.go_round(after=MINUTE)]

    assert tried_at == [1, 2, 4, 8]
    assert office.mailer.letters == [f"{A}#1"]


def test_after_a_day_a_letter_is_given_up_and_lies_on_the_failed_pile_until_it_is_tried_again(office):
    office.mailer.answers = [Unavailable("ses")] * 100
    office.file()
    office.deliver()

    for _ in range(26):
        office.go_round(after=timedelta(hours=1))

    assert list(office.ledger.failed()) == [f"{A}#1"]
    assert office.ledger.get(f"{A}#1").failed_at >= NOON + TRIED_FOR
    office.mailer.answers = []
    assert office.ledger.retry(f"{A}#1")
    office.go_round()
    assert office.mailer.letters == [f"{A}#1"]
    assert list(office.ledger.failed()) == []


def test_while_ses_is_away_one_letter_a_round_finds_out_and_the_others_lose_no_patience(office):
    office.mailer.answers = [Unavailable("ses")] * 2
    office.file(A)
    office.file(B)
    office.deliver()

    assert office.go_round(after=MINUTE) == {Outcome.PUT_OFF: 1}
    assert office.go_round(after=10 * MINUTE) == {Outcome.SENT: 2}


def test_a_letter_in_doubt_is_settled_by_the_send_event_of_ses(office):
    office.mailer.answers = [OutcomeUnknown("ReadTimeoutError")]
    office.file()
    office.deliver()

    office.take(office.happened("Send", f"{A}#1"))
    office.go_round(after=LEASE)

    assert office.mailer.mails == [], "SES has it"
    assert office.ledger.get(f"{A}#1").accepted_at == NOON
    assert not office.ledger.get(f"{A}#1").repeated


def test_a_letter_in_doubt_of_which_ses_says_nothing_is_sent_again_once_and_flagged(office):
    office.mailer.answers = [OutcomeUnknown("ReadTimeoutError")]
    office.file()
    office.deliver()

    assert office.go_round(after=LEASE - MINUTE) == {}, "SES's event may still come"
    assert office.go_round(after=MINUTE) == {Outcome.SENT: 1}
    assert office.go_round(after=LEASE) == {}
    assert office.ledger.get(f"{A}#1").repeated


def test_a_mail_of_which_ses_says_no_more_is_found_after_three_days(settled):
    assert settled.go_round(after=HEARD_WITHIN) == {Outcome.UNHEARD: 1}
    assert settled.ledger.get(f"{A}#1").no_receipt
    assert settled.go_round(after=HEARD_WITHIN) == {}


def test_a_mail_that_was_delivered_before_our_own_note_is_not_called_unheard(office):
    office.file()
    office.mailer.answers = [OutcomeUnknown("ReadTimeoutError")]
    office.deliver()
    office.take(office.happened("Delivery", f"{A}#1"), office.happened("Send", f"{A}#1"))

    assert office.go_round(after=HEARD_WITHIN) == {Outcome.SETTLED_BEFORE: 1}
    assert not office.ledger.get(f"{A}#1").no_receipt


def test_a_report_that_is_gone_leaves_a_reason(settled):
    settled.change()
    settled.deliver()
    del settled.reports._reports[A]

    settled.go_round(after=5 * MINUTE)

    assert settled.ledger.get(f"{A}#2").not_sent == "report_gone"


def test_a_report_that_cannot_be_read_is_tried_again_and_holds_up_nobody(settled):
    settled.file(B)
    settled.change(A)
    settled.change(B)
    settled.deliver()
    settled.mailer.mails.clear()
    settled.reports.broken.add(A)

    assert settled.go_round(after=5 * MINUTE) == {Outcome.PUT_OFF: 1, Outcome.SENT: 1}
    assert settled.mailer.letters == [f"{B}#2"]
    settled.reports.broken.clear()
    settled.go_round(after=MINUTE)
    assert settled.mailer.letters == [f"{B}#2", f"{A}#2"]


def test_a_round_ends_before_the_next_one_begins_and_leaves_the_rest_to_it(settled):
    settled.file(B)
    settled.change(A)
    settled.change(B)
    settled.deliver()
    settled.mailer.mails.clear()
    settled.clock.advance(5 * MINUTE)
    settled.mailer.send = _slow(settled, settled.mailer.send)

    first = send_due(settled.office)

    assert first == {Outcome.SENT: 1}
    assert send_due(settled.office) == {Outcome.SENT: 1}


def _slow(office, send):
    def slow(mail):
        office.clock.advance(LASTS)
        return send(mail)

    return slow


def test_a_new_address_brings_what_was_held_back_in_one_letter(settled):
    contact = settled.reports.get(A).contact
    settled.change_contact(replace(contact, usable=False))
    settled.change()
    settled.change(status=Status.REGISTERED, registration_number="PL0100-2016000001")
    settled.deliver()
    settled.go_round(after=5 * MINUTE)
    assert settled.mailer.mails == []
    assert settled.ledger.get(f"{A}#3").not_sent == "address_unusable"

    settled.change_contact(replace(contact, email="nieuw@example.org"))
    records = settled.records()
    for _ in range(2):
        settled.deliver(records)

    assert [(mail.letter_id, mail.to) for mail in settled.mailer.mails] == [(f"{A}#5", "nieuw@example.org")]
    assert [settled.ledger.get(f"{A}#{number}").merged_into for number in (3, 4)] == [5, 5]


def test_a_new_address_alone_is_no_news(settled):
    settled.change_contact(replace(settled.reports.get(A).contact, email="nieuw@example.org"))

    settled.deliver()

    assert settled.mailer.mails == []
    assert settled.ledger.get(f"{A}#2").not_sent == "own_action"


def test_pauses_grow_to_an_hour_and_end_after_a_day():
    assert try_again_at(None, NOON) == NOON + MINUTE
    assert try_again_at(NOON - 8 * MINUTE, NOON) == NOON + 8 * MINUTE
    assert try_again_at(NOON - timedelta(hours=5), NOON) == NOON + timedelta(hours=1)
    assert try_again_at(NOON - TRIED_FOR, NOON) is None


def test_an_entry_knows_its_report_and_event():
    assert (LedgerEntry(id=f"{A}#12").reference, LedgerEntry(id=f"{A}#12").number) == (A, 12)
