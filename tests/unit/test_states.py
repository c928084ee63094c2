"""The laws of the table of a letter's states: what was decided is never decided anew, and nothing is left without a way on."""

import pytest

from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.letters.states import MOVES, UNREACHED, LetterState, Move
from tests.support.samples import NOON

S = LetterState
BROUGHT_BY_A_RECORD = {Move.WAIT, Move.WITHHOLD, Move.BEGIN}
FINAL = {S.ACCEPTED, S.MERGED, S.NOT_SENT}  # told, or a reason that was true; SES may still say that a mail came back


def begins(state):
    return {move for move, rule in MOVES.items() if state in rule.begins_in}


def test_a_record_that_comes_again_finds_nothing_to_decide():
    assert {move: MOVES[move].begins_in for move in BROUGHT_BY_A_RECORD} == {move: {S.UNKNOWN} for move in BROUGHT_BY_A_RECORD}


def test_no_move_leads_back_to_where_nothing_is_known():
    assert [move for move, rule in MOVES.items() if S.UNKNOWN in rule.ends_in] == []


def test_a_letter_is_sent_only_by_who_claimed_it_where_it_was_nobodys():
    assert {move: rule.begins_in for move, rule in MOVES.items() if S.CLAIMED in rule.ends_in and not rule.by_holder} == {
        Move.BEGIN: {S.UNKNOWN},
        Move.CLAIM: {S.WAITING},
        Move.PUT_OFF: {S.WAITING, S.CLAIMED},
        Move.RETRY: {S.GIVEN_UP},
    }
    assert all(MOVES[move].by_holder for move in (Move.ACCEPT, Move.REFUSE, Move.RELEASE, Move.TAKE_OVER))


@pytest.mark.parametrize("state", UNREACHED)
def test_news_that_reached_nobody_can_be_written_again_and_told_by_another_letter(state):
    assert {Move.RECALL, Move.MERGE} <= begins(state)


@pytest.mark.parametrize("state", FINAL)
def test_what_was_told_or_has_its_reason_stays_so(state):
    """Save for the holder's own late note: a mail that SES took is a mail. And what another told hangs on that."""
    assert begins(state) <= {Move.ACCEPT, Move.CLOSE} | ({Move.RECALL, Move.RETRACT} if state is S.MERGED else set())


@pytest.mark.parametrize("state", [state for state in S if state not in FINAL])
def test_every_other_state_has_a_way_on(state):
    assert begins(state) - {Move.PUT_OFF, Move.TAKE_OVER, Move.CLOSE, Move.ACCEPT}


def test_news_is_never_merged_into_a_letter_before_ses_took_that():
    """Whatever waits keeps its own way until then: nothing but MERGE ends there, and no claim is merged."""
    assert [move for move, rule in MOVES.items() if rule.ends_in == {S.MERGED}] == [Move.MERGE]
    assert S.CLAIMED not in MOVES[Move.MERGE].begins_in


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"accepted_at": NOON, "bounced_at": NOON, "bounce": "transient"}, S.ACCEPTED),
        ({"accepted_at": NOON, "bounced_at": NOON, "bounce": "permanent"}, S.CAME_BACK),
        ({"accepted_at": NOON, "delivered_at": NOON, "complained_at": NOON}, S.CAME_BACK),
        ({"accepted_at": NOON, "rejected": "Reject"}, S.REFUSED),
        ({"accepted_at": NOON, "not_sent": "not_wanted"}, S.ACCEPTED),
        ({"accepted_at": NOON, "bounced_at": NOON, "bounce": "permanent", "merged_into": 4}, S.MERGED),
        ({"not_sent": "address_missing"}, S.HELD_BACK),
        ({"not_sent": "address_unusable"}, S.HELD_BACK),
        ({"not_sent": "told_otherwise"}, S.NOT_SENT),
        ({"failed_at": NOON, "attempt": "a"}, S.GIVEN_UP),
        ({"attempt": "a", "next_attempt_at": NOON}, S.CLAIMED),
        ({}, S.UNKNOWN),
    ],
)
def test_of_several_facts_the_one_that_says_most_is_the_state(facts, state):
    assert LedgerEntry(id="CCCC-CCCC-CCCC#1", **facts).state is state
