"""The promises of every ledger: the same test bodies on the table (moto) and on the fake."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.errors import Unavailable
from chalicelib.core.language import Language
from chalicelib.letters.catalogue import Letter, NotSentReason
from chalicelib.letters.ledger import KEPT, LedgerStore
from chalicelib.letters.ledger_entry import HEARD_WITHIN, LEASE, LetterState
from tests.support.fakes_letters import FakeLedger
from tests.support.samples import NOON, REFERENCE

ID = f"{REFERENCE}#3"
FACTS = {"letter": Letter.NEWS, "language": Language.NL, "template": "abc", "code_digest": "d1"}


@pytest.fixture(params=["table", "fake"])
def ledger(request, settings, clock):
    if request.param == "fake":
        return FakeLedger(clock)
    request.getfixturevalue("aws")
    return LedgerStore(settings, clock)


def test_a_letter_that_nobody_claimed_is_claimed_with_a_lease(ledger):
    assert ledger.get(ID) is None

    assert ledger.claim(ID, attempt="a", **FACTS) is LetterState.CLAIMED

    entry = ledger.get(ID)
    assert (entry.attempt, entry.claimed_at, entry.lease_until) == ("a", NOON, NOON + LEASE)
    assert (entry.letter, entry.language, entry.template) == ("news", "nl", "abc")
    assert not entry.is_settled


def test_a_claim_whose_reply_was_lost_is_still_ours(ledger):
    ledger.claim(ID, attempt="a", **FACTS)

    assert ledger.claim(ID, attempt="a", **FACTS) is LetterState.CLAIMED


def test_another_attempt_waits_for_the_lease_and_is_then_in_doubt(ledger, clock):
    ledger.claim(ID, attempt="a", **FACTS)

    assert ledger.claim(ID, attempt="b", **FACTS) is LetterState.LEASED
    clock.advance(LEASE)
    assert ledger.claim(ID, attempt="b", **FACTS) is LetterState.IN_DOUBT
    assert ledger.get(ID).attempt == "a", "looking does not take the claim over"


def test_a_letter_in_doubt_is_taken_over_once_and_flagged(ledger, clock):
    ledger.claim(ID, attempt="a", **FACTS)
    assert not ledger.take_over(ID, attempt="b"), "its attempt may still live"
    clock.advance(LEASE)

    assert ledger.take_over(ID, attempt="b")
    assert not ledger.take_over(ID, attempt="c")
    assert ledger.take_over(ID, attempt="b"), "a lost reply"

    assert ledger.get(ID).repeated
    assert ledger.get(ID).lease_until == NOON + 2 * LEASE


def test_an_accepted_letter_is_settled_for_everybody(ledger, clock):
    ledger.claim(ID, attempt="a", **FACTS)

    assert ledger.note_accepted(ID, attempt="a", message_id="m")
    assert ledger.note_accepted(ID, attempt="a", message_id="m"), "a lost reply"

    clock.advance(timedelta(days=1))
    assert ledger.claim(ID, attempt="b", **FACTS) is LetterState.SETTLED
    assert not ledger.take_over(ID, attempt="b")
    assert (ledger.get(ID).accepted_at, ledger.get(ID).message_id) == (NOON, "m")


def test_a_rejected_letter_is_settled_with_its_reason(ledger):
    ledger.claim(ID, attempt="a", **FACTS)

    assert ledger.note_rejected(ID, attempt="a", reason="MessageRejected")

    assert ledger.claim(ID, attempt="b", **FACTS) is LetterState.SETTLED
    assert ledger.get(ID).rejected == "MessageRejected"


def test_a_letter_that_was_not_sent_has_one_reason_and_stays_so(ledger):
    ledger.note_not_sent(ID, NotSentReason.NOT_WANTED)
    ledger.note_not_sent(ID, NotSentReason.ADDRESS_UNUSABLE)

    assert ledger.get(ID).not_sent == "not_wanted"
    assert ledger.claim(ID, attempt="a", **FACTS) is LetterState.SETTLED


def test_a_reason_never_replaces_a_claim(ledger):
    ledger.claim(ID, attempt="a", **FACTS)

    ledger.note_not_sent(ID, NotSentReason.NOT_WANTED)

    assert ledger.get(ID).not_sent == ""


def test_a_released_letter_waits_can_be_claimed_again_and_remembers_that_it_was_in_doubt(ledger, clock):
    ledger.claim(ID, attempt="a", **FACTS)
    clock.advance(LEASE)
    ledger.take_over(ID, attempt="b")

    ledger.release(ID, attempt="b", until=NOON + timedelta(hours=1))

    assert (ledger.get(ID).attempt, ledger.get(ID).next_attempt_at) == ("", NOON + timedelta(hours=1))
    assert ledger.claim(ID, attempt="c", **FACTS) is LetterState.CLAIMED
    assert ledger.get(ID).repeated
    assert ledger.get(ID).first_at == NOON


def test_only_the_holder_releases_and_never_a_settled_letter(ledger):
    ledger.claim(ID, attempt="a", **FACTS)

    ledger.release(ID, attempt="b", until=NOON)
    assert ledger.get(ID).attempt == "a"

    ledger.note_accepted(ID, attempt="a", message_id="m")
    ledger.release(ID, attempt="a", until=NOON)
    assert ledger.claim(ID, attempt="c", **FACTS) is LetterState.SETTLED


def test_what_waits_is_due_at_its_time_and_waits_once(ledger):
    for until in (NOON + LEASE, NOON):
        ledger.wait(ID, letter=Letter.NEWS, until=until)

    assert list(ledger.due(NOON)) == []
    assert list(ledger.due(NOON + LEASE)) == [ID]
    assert ledger.get(ID).standing("a", NOON) is LetterState.WAITING
    assert ledger.claim(ID, attempt="a", **FACTS) is LetterState.CLAIMED


def test_a_claim_is_looked_at_when_its_lease_is_over_and_an_accepted_letter_when_ses_should_have_spoken(ledger):
    ledger.claim(ID, attempt="a", **FACTS)
    assert ledger.get(ID).next_attempt_at == NOON + LEASE

    ledger.note_accepted(ID, attempt="a", message_id="m")
    assert list(ledger.due(NOON + LEASE)) == []
    assert list(ledger.due(NOON + HEARD_WITHIN)) == [ID]

    ledger.close(ID, no_receipt=True)
    assert list(ledger.due(NOON + HEARD_WITHIN)) == []
    assert ledger.get(ID).no_receipt


@pytest.mark.parametrize("claimed", [True, False])
def test_a_letter_given_up_lies_on_the_failed_pile_until_it_is_tried_again(ledger, claimed):
    ledger.wait(ID, letter=Letter.NEWS, until=NOON)
    if claimed:
        ledger.claim(ID, attempt="a", **FACTS)
        ledger.release(ID, attempt="a", until=None)
    else:
        ledger.look_again(ID, until=None, tried=True)

    assert (list(ledger.failed()), list(ledger.due(NOON + LEASE))) == ([ID], [])
    assert ledger.claim(ID, attempt="b", **FACTS) is LetterState.SETTLED
    assert ledger.retry(ID)
    assert not ledger.retry(ID)
    assert (list(ledger.failed()), list(ledger.due(NOON))) == ([], [ID])
    assert ledger.get(ID).first_at is None


def test_what_is_put_off_is_tried_for_a_day_only_when_it_was_tried(ledger, clock):
    ledger.wait(ID, letter=Letter.NEWS, until=NOON)

    ledger.look_again(ID, until=NOON + LEASE, tried=False)
    assert (ledger.get(ID).next_attempt_at, ledger.get(ID).first_at) == (NOON + LEASE, None)
    ledger.look_again(ID, until=NOON + LEASE, tried=True)
    clock.advance(LEASE)
    ledger.look_again(ID, until=NOON + 2 * LEASE, tried=True)
    assert ledger.get(ID).first_at == NOON


def test_nothing_is_put_off_that_is_not_there_or_settled(ledger):
    ledger.look_again(ID, until=NOON, tried=True)
    assert ledger.get(ID) is None

    ledger.note_not_sent(ID, NotSentReason.NOT_WANTED)
    ledger.look_again(ID, until=NOON, tried=True)
    assert ledger.get(ID).next_attempt_at is None


def test_news_that_waits_joins_another_letter_and_is_settled(ledger):
    ledger.wait(ID, letter=Letter.NEWS, until=NOON)

    ledger.join(ID, into=4)
    ledger.join(ID, into=5)

    assert (ledger.get(ID).merged_into, list(ledger.due(NOON))) == (4, [])
    assert ledger.claim(ID, attempt="a", **FACTS) is LetterState.SETTLED


def test_a_letter_that_somebody_sends_joins_no_other_but_one_that_came_back_does(ledger):
    ledger.join(ID, into=4)
    assert ledger.get(ID) is None

    ledger.claim(ID, attempt="a", **FACTS)
    ledger.join(ID, into=4)
    assert ledger.get(ID).merged_into == 0

    ledger.note_receipt(ID, {"bounced_at": NOON, "bounce": "permanent"}, accepted_at=NOON, is_final=True)
    ledger.join(ID, into=4)
    assert ledger.get(ID).merged_into == 4


def test_a_receipt_settles_a_letter_and_keeps_our_own_note(ledger, clock):
    assert not ledger.note_receipt(ID, {"delivered_at": NOON}, accepted_at=NOON, is_final=True)
    assert ledger.get(ID) is None

    ledger.claim(ID, attempt="a", **FACTS)
    for _ in range(2):
        assert ledger.note_receipt(ID, {"message_id": "m"}, accepted_at=NOON, is_final=False)
    clock.advance(LEASE)
    assert ledger.claim(ID, attempt="b", **FACTS) is LetterState.SETTLED
    assert list(ledger.due(NOON + HEARD_WITHIN)) == [ID]

    ledger.note_receipt(ID, {"delivered_at": NOON + LEASE}, accepted_at=NOON + LEASE, is_final=True)
    assert (ledger.get(ID).accepted_at, ledger.get(ID).delivered_at) == (NOON, NOON + LEASE)
    assert list(ledger.due(NOON + HEARD_WITHIN)) == []


def test_a_mail_that_ses_refused_after_all_lies_on_the_failed_pile(ledger):
    ledger.claim(ID, attempt="a", **FACTS)
    ledger.note_receipt(ID, {"rejected": "Reject"}, accepted_at=NOON, is_final=True)

    assert list(ledger.failed()) == [ID]


def test_a_reason_is_noted_under_the_claim_that_was_seen(ledger, clock):
    ledger.claim(ID, attempt="a", **FACTS)

    ledger.note_not_sent(ID, NotSentReason.NOT_WANTED, attempt="other")
    assert ledger.get(ID).not_sent == ""
    ledger.note_not_sent(ID, NotSentReason.NOT_WANTED, attempt="a")
    assert (ledger.get(ID).not_sent, ledger.get(ID).next_attempt_at) == ("not_wanted", None)


def test_the_letters_of_a_report_come_in_the_order_of_its_events(ledger):
    for number in (10, 2, 1):
        ledger.wait(f"{REFERENCE}#{number}", letter=Letter.NEWS, until=NOON)
    ledger.wait("CCCC-CCCC-CCCC#1", letter=Letter.NEWS, until=NOON)

    assert [entry.number for entry in ledger.of_report(REFERENCE)] == [1, 2, 10]
    assert ledger.of_report("FFFF-FFFF-FFFF") == []


def test_who_was_overtaken_hears_it(ledger, clock):
    ledger.claim(ID, attempt="a", **FACTS)
    clock.advance(LEASE)
    ledger.take_over(ID, attempt="b")

    assert not ledger.note_accepted(ID, attempt="a", message_id="late")
    assert not ledger.note_rejected(ID, attempt="a", reason="late")


def test_the_table_forgets_a_letter_after_two_years_and_holds_no_address(aws, settings, clock):
    ledger = LedgerStore(settings, clock)

    ledger.claim(ID, attempt="a", **FACTS)

    item = aws.items("letters")[0]
    assert int(item["expires_at"]["N"]) == int((NOON + KEPT).timestamp())
    assert set(item) == {
        "reference",
        "number",
        "letter",
        "language",
        "template",
        "proof",
        "attempt",
        "claimed_at",
        "lease_until",
        "first_at",
        "pile",
        "look_at",
        "expires_at",
    }


def test_a_table_that_does_not_answer_is_unavailable(aws, settings, clock):
    ledger = LedgerStore(replace(settings, table_prefix="no-such-"), clock)

    with pytest.raises(Unavailable):
        ledger.claim(ID, attempt="a", **FACTS)
    with pytest.raises(Unavailable):
        ledger.get(ID)


def test_the_letters_of_a_report_are_forgotten_and_no_other(ledger):
    other = "CCCC-CCCC-CCCC#3"
    for name in (ID, other):
        ledger.claim(name, attempt="a", **FACTS)

    ledger.forget(REFERENCE, 4)
    ledger.forget(REFERENCE, 4)

    assert ledger.get(ID) is None
    assert ledger.get(other)


def test_a_letter_is_found_by_the_digest_of_its_mails_code_whatever_became_of_it(ledger):
    other = f"{REFERENCE}#4"
    ledger.claim(ID, attempt="a", **FACTS)
    ledger.claim(other, attempt="a", **FACTS | {"code_digest": "d2"})
    ledger.note_accepted(ID, attempt="a", message_id="m")

    assert ledger.with_code("d1") == ledger.get(ID)
    assert ledger.with_code("d2").id == other
    assert ledger.with_code("d3") is None


def test_a_letter_claimed_without_a_code_is_found_by_none(ledger):
    ledger.claim(ID, attempt="a", **FACTS | {"code_digest": ""})
    ledger.note_not_sent(f"{REFERENCE}#4", NotSentReason.NOT_WANTED)

    assert ledger.get(ID).code_digest == ""
    assert ledger.with_code("d1") is None


def test_a_claim_whose_lease_ended_long_ago_is_in_doubt_as_well(ledger, clock):
    ledger.claim(ID, attempt="a", **FACTS)
    clock.advance(5 * LEASE)

    assert ledger.claim(ID, attempt="b", **FACTS) is LetterState.IN_DOUBT
