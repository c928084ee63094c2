"""The words that an officer reads of a letter: of all that is known the one thing that matters most."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.desk.letters_overview import COVERED, STATE_WORDS, WHY_NOT, LetterOutcome, lines, preview, state_of
from chalicelib.letters.catalogue import Letter, NotSentReason
from chalicelib.letters.labels import LETTER_WORDS
from chalicelib.letters.ledger_entry import LedgerEntry
from tests.support.samples import NOON, REFERENCE, a_report

ENTRY = LedgerEntry(id=f"{REFERENCE}#1", letter="news")
LATER = NOON + timedelta(hours=1)
SENT = replace(ENTRY, attempt="a", accepted_at=NOON)


@pytest.mark.parametrize(
    ("entry", "state", "at"),
    [
        (ENTRY, LetterOutcome.WAITING, None),
        (replace(ENTRY, attempt="a"), LetterOutcome.BEING_SENT, None),
        (SENT, LetterOutcome.SENT, NOON),
        (replace(SENT, delivered_at=LATER), LetterOutcome.DELIVERED, LATER),
        (replace(SENT, delayed_at=NOON), LetterOutcome.DELAYED, NOON),
        (replace(SENT, delayed_at=NOON, delivered_at=LATER), LetterOutcome.DELIVERED, LATER),
        (replace(SENT, delivered_at=NOON, bounced_at=LATER), LetterOutcome.BOUNCED, LATER),
        (replace(SENT, bounced_at=NOON, delivered_at=LATER), LetterOutcome.BOUNCED, NOON),
        (replace(SENT, delivered_at=NOON, complained_at=LATER), LetterOutcome.COMPLAINED, LATER),
        (replace(SENT, no_receipt=True), LetterOutcome.UNHEARD, None),
        (replace(ENTRY, attempt="a", rejected="MessageRejected"), LetterOutcome.REJECTED, None),
        (replace(ENTRY, failed_at=LATER), LetterOutcome.GIVEN_UP, LATER),
        (replace(ENTRY, merged_into=3), LetterOutcome.JOINED, None),
        (replace(ENTRY, not_sent="not_wanted"), LetterOutcome.NOT_SENT, None),
    ],
)
def test_of_all_facts_the_one_that_asks_most_of_an_officer_decides(entry, state, at):
    assert state_of(entry) == (state, at)


def test_every_event_has_a_line_also_one_of_which_nothing_is_known_yet():
    report = a_report().invited_to_survey(at=NOON)

    first, second = lines(report, [replace(ENTRY, not_sent="not_wanted")])

    assert (first.state, first.why) == (LetterOutcome.NOT_SENT, WHY_NOT[NotSentReason.NOT_WANTED])
    assert (second.state, second.event.number) == (LetterOutcome.NOT_YET, 2)


def test_every_state_letter_and_reason_has_its_words():
    assert set(STATE_WORDS) == set(LetterOutcome)
    assert set(LETTER_WORDS) == set(Letter)
    assert set(WHY_NOT) == set(NotSentReason)


def test_no_officer_sees_a_code():
    shown = preview(Letter.SURVEY, "?", "Code: K7MDP-R3W9X. Controle: AAAAA-BBBBB", neutral=False)

    assert shown.text == f"Code: {COVERED}. Controle: {COVERED}"
