"""What happened on one day, in counts: to read with coffee, or to mail to who is responsible."""

from argparse import Namespace
from collections import Counter
from datetime import date, timedelta

from chalicelib.core.clock import day_of
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.retention import KEPT_YEARS
from infra.ops.stage import Refused, Stage


def digest(stage: Stage, arguments: Namespace) -> int:
    """Say what happened on a day."""
    day = _day(arguments.day, day_of(stage.services.clock.now()))
    stage.say(f"{stage.services.settings.stage}  {day.isoformat()}")
    filings = [one for one in stage.services.reports.filed_in(day.isoformat()[:7]) if day_of(one.filed_at) == day]
    stage.say(f"filed      {_counts(Counter(KINDS[one.kind].crime for one in filings))}")
    stage.say(f"channel    {_counts(Counter(one.channel for one in filings))}")
    stage.say(f"destroyed  {_destroyed_on(day, stage)}")
    return 0


def _day(given: str | None, today: date) -> date:
    try:
        return date.fromisoformat(given) if given else today - timedelta(days=1)
    except ValueError:
        raise Refused("Write a day as 2016-07-01.") from None


def _destroyed_on(day: date, stage: Stage) -> int:
    """Count the tombstones of the day: most are of the month ten years before it, some of the month before that."""
    first = day.replace(year=day.year - KEPT_YEARS, day=1)
    months = {first.isoformat()[:7], (first - timedelta(days=1)).isoformat()[:7]}
    return sum(stone.erased_on == day for month in months for stone in stage.services.archive.tombstones.of_month(month))


def _counts(counter: Counter[str]) -> str:
    if not counter:
        return "0"
    return f"{counter.total()}: " + ", ".join(f"{name} {number}" for name, number in sorted(counter.items()))
