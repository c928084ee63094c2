"""Two thousand steps of the state machine; `make soak` takes a hundred thousand."""

import logging

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.soak.machine import PostMachine

QUICK = settings(
    max_examples=40,
    stateful_step_count=50,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


def test_whatever_happens_no_letter_is_lost_doubled_stuck_or_sent_where_it_must_not_go(settings, caplog):
    caplog.set_level(logging.CRITICAL, "mijn_politie")
    PostMachine.settings = settings

    run_state_machine_as_test(PostMachine, settings=QUICK)

    assert PostMachine.steps >= 1_000
    assert PostMachine.mails > 50
