"""The promises of every ledger: the same test bodies on the table (moto) and on the fake."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.errors import Unavailable
from chalicelib.core.language import Language
from chalicelib.letters.catalogue import Letter, NoLetter, NotSentReason
from chalicelib.letters.ledger import KEPT, LedgerStore
from chalicelib.letters.ledger_entry import HEARD_WITHIN, LEASE, LedgerEntry, Standing, Written
from chalicelib.letters.states import MOVES, LetterState, Move
from tests.support.fakes_letters import FakeLedger
from tests.support.samples import NOON, REFERENCE

ID = f"{REFERENCE}#3"
FACTS = {"letter": Letter.NEWS, "language": Language.NL, "template": "abc", "code_digest": "d1"}
NOT_WANTED, HELD_BACK = (NoLetter(NotSentReason(one), Letter.NEWS) for one in ("not_wanted", "address_unusable"))
BOUNCE = {"bounced_at": NOON, "bounce": "permanent"}


@pytest.fixture(params=["table", "fake"])
def ledger(request, settings, clock):
    if request.param == "fake":
        return FakeLedger(clock)
    request.getfixturevalue("aws")
    return LedgerStore(settings, clock)


def entry_of(ledger, name=ID):
    return ledger.get(name) or LedgerEntry(id=name)


def claim(ledger, attempt="a", name=ID, **facts):
    return ledger.claim(entry_of(ledger, name), attempt=attempt, **FACTS | facts)


def hear(ledger, facts, *, message_id="m", accepted_at=NOON, is_final=True):
    return ledger.note_receipt(ID, facts, message_id=message_id, accepted_at=accepted_at, is_final=is_final)


# Each state, and the shortest way to it.
WAYS = {
    LetterState.UNKNOWN: [],
    LetterState.WAITING: [lambda ledger: ledger.wait(ID, letter=Letter.NEWS, until=NOON)],
    LetterState.CLAIMED: [claim],
    LetterState.ACCEPTED: [claim, lambda ledger: ledger.note_accepted(ID, attempt="a", message_id="m")],
    LetterState.CAME_BACK: [claim, lambda ledger: hear(ledger, BOUNCE)],
    LetterState.REFUSED: [claim, lambda ledger: ledger.note_rejected(ID, attempt="a", reason="MessageRejected")],
    LetterState.HELD_BACK: [lambda ledger: ledger.withhold(ID, HELD_BACK)],
    LetterState.NOT_SENT: [lambda ledger: ledger.withhold(ID, NOT_WANTED)],
    LetterState.GIVEN_UP: [claim, lambda ledger: ledger.give_up(ID, attempt="a")],
    LetterState.MERGED: [
        lambda ledger: ledger.wait(ID, letter=Letter.NEWS, until=NOON),
        lambda ledger: ledger.merge(entry_of(ledger), into=4),
    ],
}


def begin(ledger):
    ledger.claim(LedgerEntry(id=ID), attempt="b", **FACTS)


def claim_what_waits(ledger):
    ledger.claim(LedgerEntry(id=ID, next_attempt_at=NOON), attempt="b", **FACTS)


def take_over(ledger):
    ledger._clock.advance(LEASE)
    ledger.take_over(ID, attempt="b")


# Each move, as the one who makes it does; the claim is that of "a".
MADE = {
    Move.WAIT: lambda ledger: ledger.wait(ID, letter=Letter.NEWS, until=NOON + LEASE),
    Move.HOLD: lambda ledger: ledger.hold(ID, letter=Letter.NEWS, until=NOON + 2 * LEASE),
    Move.RETRACT: lambda ledger: ledger.retract(ID),
    Move.WITHHOLD: lambda ledger: ledger.withhold(ID, NOT_WANTED),
    Move.BEGIN: begin,
    Move.CLAIM: claim_what_waits,
    Move.TAKE_OVER: take_over,
    Move.PUT_OFF: lambda ledger: ledger.look_again(ID, until=NOON + 3 * LEASE),
    Move.ABANDON: lambda ledger: ledger.give_up(ID),
    Move.DROP: lambda ledger: ledger.drop(ID, HELD_BACK),
    Move.RELEASE: lambda ledger: ledger.release(ID, attempt="a", until=NOON + LEASE),
    Move.GIVE_UP: lambda ledger: ledger.give_up(ID, attempt="a"),
    Move.WITHDRAW: lambda ledger: ledger.drop(ID, NOT_WANTED, attempt="a"),
    Move.ACCEPT: lambda ledger: ledger.note_accepted(ID, attempt="a", message_id="n"),
    Move.REFUSE: lambda ledger: ledger.note_rejected(ID, attempt="a", reason="BadRequestException"),
    Move.MERGE: lambda ledger: ledger.merge(entry_of(ledger), into=5),
    Move.RECALL: lambda ledger: ledger.recall(entry_of(ledger), letter=Letter.NEWS, until=NOON),
    Move.RETRY: lambda ledger: ledger.retry(ID),
    Move.CLOSE: lambda ledger: ledger.close(ID, no_receipt=True),
}


def brought_to(state, ledger):
    for step in WAYS[state]:
        step(ledger)
    assert entry_of(ledger).state is state
    return entry_of(ledger)


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", LetterState)
def test_a_letter_moves_as_the_table_says_and_in_no_other_way(ledger, state, move):
    before = brought_to(state, ledger)

    MADE[move](ledger)

    rule = MOVES[move]
    is_allowed = state in rule.begins_in and (not rule.by_holder or before.attempt == "a")
    if is_allowed:
        assert entry_of(ledger).state in rule.ends_in
        assert entry_of(ledger) != before
    else:
        assert entry_of(ledger) == before


@pytest.mark.parametrize("move", [move for move, rule in MOVES.items() if rule.by_holder])
def test_what_the_holder_may_do_nobody_else_may(ledger, move):
    ledger.claim(LedgerEntry(id=ID), attempt="somebody else", **FACTS)
    before = ledger.get(ID)
    if move is Move.TAKE_OVER:
        assert not ledger.take_over(ID, attempt="b"), "the lease is not over"
    else:
        MADE[move](ledger)

    assert ledger.get(ID) == before


def test_a_letter_that_was_held_since_it_was_read_is_not_claimed(ledger):
    ledger.wait(ID, letter=Letter.NEWS, until=NOON)
    seen = entry_of(ledger)
    assert ledger.hold(ID, letter=Letter.NEWS, until=NOON + LEASE)

    assert ledger.claim(seen, attempt="b", **FACTS) is Standing.FREE

    assert entry_of(ledger).state is LetterState.WAITING
    assert claim(ledger) is Standing.OURS
    assert not ledger.hold(ID, letter=Letter.NEWS, until=NOON + LEASE)


def test_news_that_was_put_off_meanwhile_is_not_merged(ledger):
    ledger.wait(ID, letter=Letter.NEWS, until=NOON)
    seen = entry_of(ledger)
    ledger.hold(ID, letter=Letter.NEWS, until=NOON + LEASE)

    ledger.merge(seen, into=4)

    assert entry_of(ledger).state is LetterState.WAITING
    assert entry_of(ledger).next_attempt_at == NOON + LEASE


def test_a_letter_that_nobody_claimed_is_claimed_with_a_lease(ledger):
    assert ledger.get(ID) is None

    assert claim(ledger) is Standing.OURS

    entry = ledger.get(ID)
    assert (entry.attempt, entry.claimed_at, entry.lease_until) == ("a", NOON, NOON + LEASE)
    assert (entry.letter, entry.language, entry.template) == ("news", "nl", "abc")
    assert not entry.is_settled


def test_a_claim_whose_reply_was_lost_is_still_ours(ledger):
    claim(ledger)

    assert ledger.claim(LedgerEntry(id=ID), attempt="a", **FACTS) is Standing.OURS


def test_another_attempt_waits_for_the_lease_and_is_then_in_doubt(ledger, clock):
    claim(ledger)

    assert claim(ledger, "b") is Standing.LEASED
    clock.advance(LEASE)
    assert claim(ledger, "b") is Standing.IN_DOUBT
    assert ledger.get(ID).attempt == "a", "looking does not take the claim over"


def test_a_letter_in_doubt_is_taken_over_once_and_flagged(ledger, clock):
    claim(ledger)
    assert not ledger.take_over(ID, attempt="b"), "its attempt may still live"
    clock.advance(LEASE)

    assert ledger.take_over(ID, attempt="b")
    assert not ledger.take_over(ID, attempt="c")
    assert ledger.take_over(ID, attempt="b"), "a lost reply"

    assert ledger.get(ID).repeated
    assert ledger.get(ID).lease_until == NOON + 2 * LEASE


def test_an_accepted_letter_is_settled_for_everybody(ledger, clock):
    claim(ledger)

    assert ledger.note_accepted(ID, attempt="a", message_id="m")
    assert ledger.note_accepted(ID, attempt="a", message_id="m"), "a lost reply"

    clock.advance(timedelta(days=1))
    assert claim(ledger, "b") is Standing.SETTLED
    assert not ledger.take_over(ID, attempt="b")
    assert (ledger.get(ID).accepted_at, ledger.get(ID).message_id) == (NOON, "m")


def test_what_was_written_otherwise_than_claimed_is_noted_with_its_acceptance(ledger):
    claim(ledger)

    ledger.note_accepted(ID, attempt="a", message_id="m", written=Written(Language.EN, "def"))

    assert (ledger.get(ID).language, ledger.get(ID).template) == ("en", "def")


def test_a_letter_that_was_not_sent_has_one_reason_and_stays_so(ledger):
    ledger.withhold(ID, NOT_WANTED)
    ledger.withhold(ID, HELD_BACK)

    assert ledger.get(ID).not_sent == "not_wanted"
    assert claim(ledger) is Standing.SETTLED


def test_a_released_letter_waits_can_be_claimed_again_and_remembers_that_it_was_in_doubt(ledger, clock):
    claim(ledger)
    clock.advance(LEASE)
    ledger.take_over(ID, attempt="b")

    ledger.release(ID, attempt="b", until=NOON + timedelta(hours=1))

    assert (ledger.get(ID).attempt, ledger.get(ID).next_attempt_at) == ("", NOON + timedelta(hours=1))
    assert claim(ledger, "c") is Standing.OURS
    assert ledger.get(ID).repeated
    assert ledger.get(ID).first_at == NOON


def test_what_waits_is_due_at_its_time_and_waits_once(ledger):
    for until in (NOON + LEASE, NOON):
        ledger.wait(ID, letter=Letter.NEWS, until=until)

    assert list(ledger.due(NOON)) == []
    assert list(ledger.due(NOON + LEASE)) == [ID]
    assert ledger.get(ID).standing("a", NOON) is Standing.FREE


def test_a_claim_is_looked_at_when_its_lease_is_over_and_an_accepted_letter_when_ses_should_have_spoken(ledger):
    claim(ledger)
    assert ledger.get(ID).next_attempt_at == NOON + LEASE

    ledger.note_accepted(ID, attempt="a", message_id="m")
    assert list(ledger.due(NOON + LEASE)) == []
    assert list(ledger.due(NOON + HEARD_WITHIN)) == [ID]

    ledger.close(ID, no_receipt=True)
    assert list(ledger.due(NOON + HEARD_WITHIN)) == []
    assert ledger.get(ID).no_receipt


@pytest.mark.parametrize("unit", ["", "Noord-Nederland"])
@pytest.mark.parametrize("claimed", [True, False])
def test_a_letter_given_up_lies_on_the_pile_of_its_unit_until_it_is_tried_again(ledger, claimed, unit):
    ledger.wait(ID, letter=Letter.NEWS, until=NOON)
    if claimed:
        claim(ledger)
    ledger.give_up(ID, attempt="a" if claimed else "", unit=unit)

    assert (list(ledger.given_up(unit)), list(ledger.due(NOON + LEASE))) == ([ID], [])
    assert list(ledger.given_up("Limburg")) == []
    assert claim(ledger, "b") is Standing.SETTLED
    assert ledger.retry(ID)
    assert not ledger.retry(ID)
    assert (list(ledger.given_up(unit)), list(ledger.due(NOON))) == ([], [ID])
    assert ledger.get(ID).first_at is None


def test_a_letter_in_doubt_that_is_put_off_or_given_up_stays_in_doubt(ledger, clock):
    claim(ledger)
    clock.advance(LEASE)

    ledger.look_again(ID, until=NOON + 2 * LEASE, tried=True)
    assert (ledger.get(ID).standing("b", clock.now()), ledger.get(ID).next_attempt_at) == (Standing.IN_DOUBT, NOON + 2 * LEASE)
    ledger.give_up(ID)
    ledger.retry(ID)
    assert ledger.get(ID).standing("b", clock.now()) is Standing.IN_DOUBT


def test_what_is_put_off_is_tried_for_a_day_only_when_it_was_tried(ledger, clock):
    ledger.wait(ID, letter=Letter.NEWS, until=NOON)

    ledger.look_again(ID, until=NOON + LEASE)
    assert (ledger.get(ID).next_attempt_at, ledger.get(ID).first_at) == (NOON + LEASE, None)
    ledger.look_again(ID, until=NOON + LEASE, tried=True)
    clock.advance(LEASE)
    ledger.look_again(ID, until=NOON + 2 * LEASE, tried=True)
    assert ledger.get(ID).first_at == NOON


def test_news_that_another_letter_told_is_settled_and_due_no_more(ledger):
    ledger.wait(ID, letter=Letter.NEWS, until=NOON)
    seen = ledger.get(ID)

    ledger.merge(seen, into=4)
    ledger.merge(seen, into=5)

    assert (ledger.get(ID).merged_into, list(ledger.due(NOON))) == (4, [])


def test_news_that_somebody_took_up_meanwhile_is_not_merged(ledger):
    ledger.wait(ID, letter=Letter.NEWS, until=NOON)
    seen = ledger.get(ID)
    claim(ledger)

    ledger.merge(seen, into=4)

    assert ledger.get(ID).merged_into == 0


def test_a_receipt_settles_a_letter_and_keeps_our_own_note(ledger, clock):
    assert not hear(ledger, {"delivered_at": NOON})
    assert ledger.get(ID) is None

    claim(ledger)
    for _ in range(2):
        assert hear(ledger, {}, is_final=False)
    clock.advance(LEASE)
    assert claim(ledger, "b") is Standing.SETTLED
    assert list(ledger.due(NOON + HEARD_WITHIN)) == [ID]

    hear(ledger, {"delivered_at": NOON + LEASE}, accepted_at=NOON + LEASE)
    assert (ledger.get(ID).accepted_at, ledger.get(ID).delivered_at) == (NOON, NOON + LEASE)
    assert list(ledger.due(NOON + HEARD_WITHIN)) == []


@pytest.mark.parametrize("facts", [BOUNCE, {"complained_at": NOON}, {"rejected": "Reject"}])
def test_a_letter_that_is_recalled_begins_anew_and_what_is_said_of_its_old_mail_counts_no_more(ledger, facts, clock):
    brought_to(LetterState.ACCEPTED, ledger)
    hear(ledger, facts)

    ledger.recall(ledger.get(ID), letter=Letter.NEWS, until=NOON)

    assert (ledger.get(ID).state, list(ledger.due(NOON)), ledger.get(ID).returned) == (LetterState.WAITING, [ID], "m")
    assert not hear(ledger, facts), "the same once more"
    assert claim(ledger, "b") is Standing.OURS
    ledger.note_accepted(ID, attempt="b", message_id="n")
    assert not hear(ledger, {"delivered_at": NOON}), "of the old mail"
    assert hear(ledger, BOUNCE, message_id="n")
    ledger.recall(ledger.get(ID), letter=Letter.NEWS, until=NOON)
    assert ledger.get(ID).returned == "m n"


def test_what_was_told_by_a_letter_that_reached_nobody_is_due_anew(ledger):
    seen = brought_to(LetterState.MERGED, ledger)

    ledger.recall(seen, letter=Letter.NEWS, until=NOON)

    assert (ledger.get(ID).state, ledger.get(ID).merged_into) == (LetterState.WAITING, 0)


def test_what_was_seen_to_reach_nobody_is_not_recalled_once_it_was_told_otherwise(ledger):
    seen = brought_to(LetterState.HELD_BACK, ledger)
    ledger.merge(seen, into=4)

    ledger.recall(seen, letter=Letter.NEWS, until=NOON)

    assert ledger.get(ID).state is LetterState.MERGED


def test_the_letters_of_a_report_come_in_the_order_of_its_events(ledger):
    for number in (10, 2, 1):
        ledger.wait(f"{REFERENCE}#{number}", letter=Letter.NEWS, until=NOON)
    ledger.wait("CCCC-CCCC-CCCC#1", letter=Letter.NEWS, until=NOON)

    assert [entry.number for entry in ledger.of_report(REFERENCE)] == [1, 2, 10]
    assert ledger.of_report("FFFF-FFFF-FFFF") == []


def test_who_was_overtaken_hears_it(ledger, clock):
    ledger.claim(LedgerEntry(id=ID), attempt="a", **FACTS)
    clock.advance(LEASE)
    ledger.take_over(ID, attempt="b")

    assert not ledger.note_accepted(ID, attempt="a", message_id="late")
    ledger.note_rejected(ID, attempt="a", reason="late")
    assert (ledger.get(ID).attempt, ledger.get(ID).rejected) == ("b", "")


def test_the_table_forgets_a_letter_after_two_years_and_holds_no_address(aws, settings, clock):
    ledger = LedgerStore(settings, clock)

    ledger.claim(LedgerEntry(id=ID), attempt="a", **FACTS)

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
        ledger.claim(LedgerEntry(id=ID), attempt="a", **FACTS)
    with pytest.raises(Unavailable):
        ledger.get(ID)


def test_the_letters_of_a_report_are_forgotten_and_no_other(ledger):
    other = "CCCC-CCCC-CCCC#3"
    for name in (ID, other):
        claim(ledger, name=name)

    ledger.forget(REFERENCE, 4)
    ledger.forget(REFERENCE, 4)

    assert ledger.get(ID) is None
    assert ledger.get(other)


def test_a_letter_is_found_by_the_digest_of_its_mails_code_whatever_became_of_it(ledger):
    other = f"{REFERENCE}#4"
    ledger.claim(LedgerEntry(id=ID), attempt="a", **FACTS)
    claim(ledger, name=other, code_digest="d2")
    ledger.note_accepted(ID, attempt="a", message_id="m")

    assert ledger.with_code("d1") == ledger.get(ID)
    assert ledger.with_code("d2").id == other
    assert ledger.with_code("d3") is None


def test_a_letter_claimed_without_a_code_is_found_by_none(ledger):
    claim(ledger, code_digest="")
    ledger.withhold(f"{REFERENCE}#4", NOT_WANTED)

    assert ledger.get(ID).code_digest == ""
    assert ledger.with_code("d1") is None


def test_a_claim_whose_lease_ended_long_ago_is_in_doubt_as_well(ledger, clock):
    ledger.claim(LedgerEntry(id=ID), attempt="a", **FACTS)
    clock.advance(5 * LEASE)

    assert claim(ledger, "b") is Standing.IN_DOUBT
