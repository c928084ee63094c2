"""Every mail there is goes out by the same way: whatever breaks, it is settled by the same code."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from chalicelib.core.errors import Unavailable
from chalicelib.core.language import Language
from chalicelib.digests.model import COUNTED
from chalicelib.letters.catalogue import ABOUT_A_REPORT, Letter, Waits
from chalicelib.letters.ledger_entry import LEASE, LedgerEntry
from chalicelib.letters.mailer import OutcomeUnknown, Rejected, Throttled
from chalicelib.letters.mailroom import Mailroom, Outcome, Retry, Run
from chalicelib.letters.render import MailOrder, render
from chalicelib.letters.sending import BeingSent, settle
from tests.support.fakes import FakeReports
from tests.support.fakes_letters import FakeLedger, FakeMailer, FakeSuppression

NAME = "CCCC-CCCC-CCCC#1"
TO = "sanne@example.org"
FILLED_IN = ("code", "survey_code", "last_day", "proof", "until", "mine", "mine_overdue", "counted_at", *COUNTED)
VALUES = dict.fromkeys(map(str, FILLED_IN), "K7MD-PR3W")


@pytest.fixture
def mailroom(settings, clock):
    return Mailroom(
        reports=FakeReports(),
        unusable=lambda reference, addresses: None,
        ledger=FakeLedger(clock),
        suppression=FakeSuppression(clock),
        turn=lambda: None,
        mailer=FakeMailer(),
        order_of=None,
        render=partial(render, settings=settings),
        code_digest=lambda code: code,
        unproven=None,
        clock=clock,
        waits=Waits(timedelta(minutes=5), timedelta(0)),
    )


@pytest.fixture(params=Letter)
def send(request, mailroom):
    letter = request.param
    order = MailOrder(letter=letter, to="sanne@example.org", language=Language.NL, neutral=False, values=VALUES, check_code="C")
    usual = Retry.ROUND if letter in (*ABOUT_A_REPORT, Letter.DIGEST) else Retry.STREAM

    def send(retry=usual):
        entry = mailroom.ledger.get(NAME) or LedgerEntry(id=NAME)
        return settle(order, entry, lambda: order, Run(mailroom, retry=retry)) if not entry.is_settled else Outcome.SETTLED_BEFORE

    return send


def dies_after_ses_took_it(mailroom, send):
    mailroom.mailer.answers = [OutcomeUnknown("died")]
    with pytest.raises(OutcomeUnknown):
        send(Retry.STREAM)


def test_a_mail_whose_sender_died_is_settled_by_what_ses_tells_of_it(mailroom, send, clock):
    dies_after_ses_took_it(mailroom, send)

    mailroom.ledger.note_receipt(NAME, {}, message_id="m", accepted_at=clock.now(), is_final=False)
    clock.advance(LEASE)

    assert (send(), mailroom.mailer.mails) == (Outcome.SETTLED_BEFORE, [])


def test_a_mail_whose_sender_died_in_silence_is_sent_once_more_after_its_lease_and_flagged(mailroom, send, clock):
    dies_after_ses_took_it(mailroom, send)

    clock.advance(LEASE)

    assert [send(), send()] == [Outcome.SENT, Outcome.SETTLED_BEFORE]
    assert (len(mailroom.mailer.mails), mailroom.ledger.get(NAME).repeated) == (1, True)


def test_a_letter_in_doubt_that_its_record_brings_again_is_left_to_the_round(mailroom, clock):
    order = MailOrder(
        letter=Letter.NEWS, to="sanne@example.org", language=Language.NL, neutral=False, values=VALUES, check_code="C"
    )
    new = LedgerEntry(id=NAME)
    dies_after_ses_took_it(mailroom, lambda retry: settle(order, new, lambda: order, Run(mailroom, retry=retry)))
    clock.advance(LEASE)

    assert settle(order, new, lambda: order, Run(mailroom)) is Outcome.SETTLED_BEFORE
    assert mailroom.mailer.mails == []


def test_only_a_mail_that_its_stream_brings_again_is_raised_while_another_holds_it(mailroom, send):
    dies_after_ses_took_it(mailroom, send)

    assert send(Retry.ROUND) is Outcome.SETTLED_BEFORE
    with pytest.raises(BeingSent):
        send(Retry.STREAM)
    assert mailroom.mailer.mails == []


def test_a_mail_that_ses_would_not_take_now_lies_in_the_queue_whoever_comes_back_for_it(mailroom, send, clock):
    mailroom.mailer.answers = [Unavailable("away"), Unavailable("away")]

    assert send(Retry.ROUND) is Outcome.PUT_OFF
    with pytest.raises(Unavailable):
        send(Retry.STREAM)

    clock.advance(timedelta(minutes=1))
    assert list(mailroom.ledger.due(clock.now())) == [NAME]
    assert send() is Outcome.SENT


def test_a_mail_waits_for_its_turn_and_without_one_nothing_is_sent(mailroom, send, clock):
    taken = []

    def no_turn():
        taken.append(clock.now())
        raise Throttled("turns_missed")

    mailroom = replace(mailroom, turn=no_turn)
    order = MailOrder(letter=Letter.NEWS, to=TO, language=Language.NL, neutral=False, values=VALUES, check_code="C")

    assert settle(order, LedgerEntry(id=NAME), lambda: order, Run(mailroom)) is Outcome.PUT_OFF

    assert (len(taken), mailroom.mailer.mails, mailroom.ledger.get(NAME).attempt) == (1, [], "")


def test_a_claim_of_which_no_reply_came_is_given_up_and_not_left_for_ten_minutes(mailroom, clock):
    class Deaf(FakeLedger):
        def claim(self, *arguments, **facts):
            super().claim(*arguments, **facts)
            raise Unavailable("letters")

    mailroom = replace(mailroom, ledger=Deaf(clock))
    order = MailOrder(letter=Letter.NEWS, to=TO, language=Language.NL, neutral=False, values=VALUES, check_code="C")

    with pytest.raises(Unavailable):
        settle(order, LedgerEntry(id=NAME), lambda: order, Run(mailroom))

    assert list(mailroom.ledger.due(clock.now())) == [NAME]
    assert mailroom.ledger.get(NAME).attempt == ""


@pytest.mark.parametrize("is_about_address", [True, False])
def test_an_address_that_ses_says_cannot_be_is_written_to_no_more_in_any_report(mailroom, is_about_address):
    order = MailOrder(letter=Letter.NEWS, to=TO, language=Language.NL, neutral=False, values=VALUES, check_code="C")
    mailroom.mailer.answers = [Rejected("MessageRejected", is_about_address=is_about_address)]

    outcome = settle(order, LedgerEntry(id=NAME), lambda: order, Run(mailroom))

    assert outcome is Outcome.REJECTED
    assert mailroom.suppression.holds(TO) is is_about_address
