"""The round: news that waits becomes one mail, nothing is dropped, and what is in doubt is settled by SES's own word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.errors import Unavailable
from chalicelib.letters.due_letters import LASTS, send_due
from chalicelib.letters.ledger_entry import HEARD_WITHIN, LEASE, TRIED_FOR, LedgerEntry, try_again_at
from chalicelib.letters.mailer import OutcomeUnknown
from chalicelib.letters.mailroom import Outcome
from chalicelib.reports.contact import Contact, Hours, InformationWish, Safety
from chalicelib.reports.events import OfflineMeans
from chalicelib.reports.statuses import Status
from tests.support.office import OFFICER, A, B, PostOffice
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

    assert list(office.ledger.given_up("Noord-Nederland")) == [f"{A}#1"]
    assert office.ledger.get(f"{A}#1").failed_at >= NOON + TRIED_FOR
    office.mailer.answers = []
    assert office.ledger.retry(f"{A}#1")
    office.go_round()
    assert office.mailer.letters == [f"{A}#1"]
    assert list(office.ledger.given_up("Noord-Nederland")) == []


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


@pytest.fixture
def held_back(settled):
    """Two changes that were told to nobody: the address did not work."""
    contact = settled.reports.get(A).contact
    settled.change_contact(replace(contact, usable=False))
    settled.change()
    settled.change(status=Status.REGISTERED, registration_number="PL0100-2016000001")
    settled.deliver()
    settled.go_round(after=5 * MINUTE)
    assert settled.mailer.mails == []
    assert settled.ledger.get(f"{A}#3").not_sent == "address_unusable"
    return settled


def moved(office, **changes):
    """The records of a change of how the reporter is reached."""
    office.change_contact(replace(office.reports.get(A).contact, **changes))
    return office.records()


def told(office, *, rounds=1):
    for _ in range(rounds):
        office.go_round(after=MINUTE)
    return [(mail.letter_id, mail.to) for mail in office.mailer.mails]


NEW = {"email": "nieuw@example.org", "usable": True}


def test_a_new_address_brings_what_was_held_back_in_one_letter(held_back):
    records = moved(held_back, **NEW)
    for _ in range(2):
        held_back.deliver(records)

    assert told(held_back, rounds=3) == [(f"{A}#3", "nieuw@example.org")]
    assert held_back.ledger.get(f"{A}#4").merged_into == 3


def test_what_was_held_back_is_not_lost_when_ses_is_away_and_the_record_comes_again(held_back):
    """The record that recalls it came once more while it waited for SES, and closed it for good."""
    held_back.ask()
    held_back.deliver()
    records = moved(held_back, **NEW)
    held_back.mailer.answers = [Unavailable("ses")] * 2
    held_back.deliver(records)
    held_back.go_round(after=MINUTE)
    held_back.deliver(records)

    assert told(held_back, rounds=6) == [(f"{A}#4", "nieuw@example.org")]
    assert {held_back.ledger.get(f"{A}#{number}").merged_into for number in (3, 5)} == {4}


def test_a_decision_is_told_though_the_change_that_would_have_told_it_is_not_wanted_any_more(settled):
    settled.change()
    settled.change(status=Status.REGISTERED, registration_number="PL0100-2016000001")
    settled.change(status=Status.NOT_INVESTIGATED, explanation="Geen spoor.")
    settled.deliver()
    settled.mailer.answers = [Unavailable("ses")]
    settled.go_round(after=5 * MINUTE)
    settled.deliver(moved(settled, information=InformationWish.DECISIONS))

    assert told(settled, rounds=4) == [(f"{A}#4", "sanne@example.org")]
    assert settled.ledger.get(f"{A}#2").not_sent == "not_wanted"


def test_news_is_told_by_another_letter_only_once_ses_has_taken_that(settled):
    settled.change()
    settled.change(status=Status.REGISTERED, registration_number="PL0100-2016000001")
    settled.deliver()
    settled.mailer.answers = [OutcomeUnknown("ReadTimeoutError")]

    settled.go_round(after=5 * MINUTE)

    assert settled.ledger.get(f"{A}#3").merged_into == 0
    assert told(settled)[0][0] == f"{A}#3", "it does not hang on what is in doubt"


@pytest.mark.parametrize(("before", "after"), [(Hours.EVENING, Hours.ANY), (Hours.EVENING, Hours.AFTERNOON)])
def test_a_question_that_waits_for_safe_hours_goes_when_they_are_changed(settled, before, after):
    contact = settled.reports.get(A).contact
    settled.deliver(moved(settled, safety=Safety(hours=before)))
    settled.ask()
    settled.deliver()
    assert told(settled) == []

    settled.deliver(moved(settled, safety=Safety(hours=after)))

    assert told(settled) == [(f"{A}#3", contact.email)]


def test_a_question_mailed_to_a_slip_of_the_pen_is_mailed_to_the_right_address_once_its_bounce_is_heard(settled):
    settled.ask()
    settled.deliver()
    settled.deliver(moved(settled, **NEW))
    assert told(settled) == [(f"{A}#2", "sanne@example.org")]

    for _ in range(2):
        settled.take(settled.happened("Bounce", f"{A}#2", to="sanne@example.org"))

    assert told(settled, rounds=2)[1:] == [(f"{A}#2", "nieuw@example.org")]
    assert settled.reports.get(A).contact.usable


def test_what_a_mail_told_that_came_back_is_weighed_for_itself_when_it_is_written_again(settled):
    """The mail was about a change that is not wanted any more; with it went one that asks its reader to act."""
    settled.change()
    settled.change(status=Status.REFERRED, explanation="Bel ons.")
    settled.deliver()
    settled.go_round(after=5 * MINUTE)
    leader, follower = (settled.ledger.get(f"{A}#{number}") for number in (2, 3))
    assert sorted((leader.merged_into, follower.merged_into)) in ([0, 2], [0, 3])
    sent = next(mail.letter_id for mail in settled.mailer.mails)
    settled.take(settled.happened("Bounce", sent, to="sanne@example.org"))
    settled.deliver()
    settled.deliver(moved(settled, **NEW, information=InformationWish.NOTHING))

    assert told(settled, rounds=3)[1:] == [(f"{A}#3", "nieuw@example.org")]
    assert settled.ledger.get(f"{A}#2").not_sent == "not_wanted"


def test_what_was_held_back_while_its_reader_got_a_new_address_is_told_all_the_same(settled):
    """The round read the report before the new address was there, and wrote its note after that had been told."""
    settled.change()
    settled.deliver()
    settled.clock.advance(5 * MINUTE)
    dead = replace(settled.reports.get(A).contact, usable=False)
    settled.change_contact(dead)
    drop = settled.ledger.drop

    def late(*arguments, **facts):
        settled.deliver(moved(settled, **NEW))
        drop(*arguments, **facts)

    settled.ledger.drop = late
    settled.go_round()
    settled.ledger.drop = drop

    assert told(settled) == [(f"{A}#2", "nieuw@example.org")]


def test_what_an_officer_told_by_telephone_is_not_mailed_to_a_later_address(held_back):
    before = held_back.reports.get(A)
    held_back.reports.save(before, before.contacted_offline(OfflineMeans.PHONE, by=OFFICER, at=held_back.clock.now()))
    held_back.deliver()

    held_back.deliver(moved(held_back, **NEW))

    assert told(held_back) == []
    assert {held_back.ledger.get(f"{A}#{number}").merged_into for number in (3, 4)} == {5}


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
