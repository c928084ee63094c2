"""Every order in which two invocations, SES and people may act: the policy of before loses news, that of today does not."""

import pytest

from tests.model.letters import World, before, broken, careless, now

NOBODY = {"weights": (), "states": (), "leaders": (), "records": ()}
QUESTION_HELD_BACK = World(**NOBODY, to_come=("act", "address"), works=False, refusals=2)
DECISION_TAKEN_ALONG = World(**NOBODY, to_come=("ordinary", "decision", "wishes"), works=True, refusals=2)
LIVES = {
    "a question was held back, and there is a new address": QUESTION_HELD_BACK,
    "a decision is told with a change that is not wanted any more": DECISION_TAKEN_ALONG,
    "news, a question, and then a new address": World(**NOBODY, to_come=("ordinary", "act", "address"), works=False),
    "wishes and news at an address that works": World(**NOBODY, to_come=("wishes", "ordinary", "act"), works=True),
    "what was taken back": World(**NOBODY, to_come=("act", "undo"), works=True),
    "what was taken back, with news before it": World(**NOBODY, to_come=("ordinary", "act", "undo"), works=True, refusals=0),
    "what was taken back, with news after it": World(**NOBODY, to_come=("act", "undo", "ordinary"), works=True, refusals=0),
    "what was taken back while there is a new address": World(**NOBODY, to_come=("act", "address", "undo"), works=False),
}


@pytest.mark.parametrize("life", [QUESTION_HELD_BACK, DECISION_TAKEN_ALONG], ids=list(LIVES)[:2])
def test_what_was_lost_before_is_found(life):
    found = broken(life, before)

    assert found is not None
    assert "merged" in found.states, "it counts as told, and never was"


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_today_no_order_of_steps_loses_news(life):
    assert broken(life, now) is None


def test_an_undo_that_holds_nothing_is_overtaken_by_the_round():
    found = broken(World(**NOBODY, to_come=("act", "undo"), works=True), careless)

    assert found is not None
    assert found.retracted & found.told, "a mail told of what its reader does not find"
