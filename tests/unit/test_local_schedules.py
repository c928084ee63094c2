"""The schedules of the local stage become due when its clock is moved."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.schedule import Schedules, period

EVENTS = Path(__file__).parents[1] / "events"


@pytest.fixture
def schedules(clock):
    return Schedules(clock)


def test_nothing_is_due_before_its_first_period_is_over(schedules, clock):
    schedules.add("every_hour", "rate(1 hour)", lambda _: None)

    clock.advance(timedelta(minutes=59))

    assert schedules.run_due() == []


def test_two_weeks_of_hours_are_one_run_and_the_next_is_an_hour_later(schedules, clock):
    runs = []
    schedules.add("every_hour", "rate(1 hour)", runs.append)

    clock.advance(timedelta(days=14, minutes=10))
    ran = schedules.run_due(), schedules.run_due()
    clock.advance(timedelta(minutes=50))
    ran_later = schedules.run_due()

    assert ran == (["every_hour"], [])
    assert ran_later == ["every_hour"]
    assert len(runs) == 2


def test_a_schedule_that_fails_shows_it_and_does_not_stop_the_others(schedules, clock):
    def failing(_):
        raise RuntimeError("no")

    runs = []
    schedules.add("failing", "rate(1 hour)", failing)
    schedules.add("working", "rate(30 minutes)", runs.append)

    clock.advance(timedelta(hours=1))
    ran = schedules.run_due()

    assert ran == ["failing", "working"]
    assert [state["last_error"] for state in schedules.state()] == ["RuntimeError: no", ""]
    assert len(runs) == 1


def test_a_handler_gets_the_event_that_eventbridge_sends(schedules, clock):
    genuine = json.loads((EVENTS / "eventbridge-scheduled-event.json").read_text())
    events = []
    schedules.add("every_hour", "rate(1 hour)", events.append)

    clock.advance(timedelta(hours=1))
    schedules.run_due()

    [event] = events
    assert {name: type(value) for name, value in event.items()} == {name: type(value) for name, value in genuine.items()}
    assert event["time"] == "2016-07-01T11:00:00Z"
    assert event["resources"] == ["arn:aws:events:eu-west-1:123456789012:rule/every_hour"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(1 minute)", timedelta(seconds=2)),  # who looks into the tray waits for no minute
        ("rate(5 minutes)", timedelta(minutes=5)),
        ("rate(2 days)", timedelta(days=2)),
    ],
)
def test_a_rate_is_a_period(expression, expected):
    assert period(expression) == expected


@pytest.mark.parametrize("expression", ["cron(0 9 * * ? *)", "rate(0 hours)", "rate(1 week)", ""])
def test_what_is_no_rate_is_refused_at_the_start(expression):
    with pytest.raises(ValueError, match="rate"):
        period(expression)
