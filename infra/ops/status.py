"""Is anything wrong, and what waits: one line each. Ends with 1 when somebody has to do something."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import timedelta

from chalicelib.core.clock import day_of
from chalicelib.erasure.actions import MOST, expired
from chalicelib.letters import sweeper
from infra.ops.failure_queue import FailureQueue
from infra.ops.stage import Stage

ROUNDS_LATE = timedelta(minutes=15)  # a round goes every minute
LATE = timedelta(days=1)  # what is due on a day is done within the hour; a day later something keeps it from being done


def status(stage: Stage, _: Namespace) -> int:
    """Say how the stage is doing."""
    settings = stage.services.settings
    stage.say(f"{settings.stage}  {settings.portal_url}")
    findings = [*_alarms(stage), *_failures(stage), *_letters(stage), *_agenda(stage), *_expired(stage)]
    for line, _wrong in findings:
        stage.say(line)
    wrong = sum(is_wrong for _, is_wrong in findings)
    stage.say(f"{wrong} of these need somebody: docs/operations/on-call.md" if wrong else "nothing needs you")
    return 1 if wrong else 0


Finding = tuple[str, bool]  # a line, and whether somebody has to do something


def _alarms(stage: Stage) -> Iterator[Finding]:
    prefix = stage.services.settings.table_prefix
    pages = stage.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix)
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"] if alarm["StateValue"] == "ALARM"]
    names = sorted(alarm["AlarmName"].removeprefix(prefix) for alarm in alarms)
    yield f"alarms          {', '.join(names) or 'none'}", bool(names)


def _failures(stage: Stage) -> Iterator[Finding]:
    queue = FailureQueue(stage)
    if not queue.address:
        yield "failure queue   there is none (local stage)", False
        return
    waiting = queue.waiting()
    yield f"failure queue   {waiting} waiting", waiting > 0


def _letters(stage: Stage) -> Iterator[Finding]:
    ledger, now = stage.services.ledger, stage.services.clock.now()
    due = sum(1 for _ in ledger.due(now))
    late = sum(1 for _ in ledger.due(now - ROUNDS_LATE))
    piled = sum(1 for _ in sweeper.pile(ledger))
    yield f"letters         {due} due, {late} of them for long; {piled} given up", late > 0 or piled > 0


def _agenda(stage: Stage) -> Iterator[Finding]:
    services, now = stage.services, stage.services.clock.now()
    due = sum(1 for _ in services.reports.due(day_of(now)))
    late = sum(1 for _ in services.reports.due(day_of(now - LATE)))
    yield f"agenda          {due} due, {late} of them since yesterday or longer", late > 0


def _expired(stage: Stage) -> Iterator[Finding]:
    waiting = sum(1 for _ in expired(stage.services.archive))
    yield f"to be destroyed {waiting} reports over ten years", waiting > MOST
