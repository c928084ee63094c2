"""The events of one day, in counts: to read with coffee, or to mail to who is responsible."""

from argparse import Namespace
from collections import Counter
from datetime import date, timedelta

from chalicelib.core.clock import day_of, month_of, start_of_day
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.desk.letters_overview import LetterOutcome, state_of
from chalicelib.letters import sweeper
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import EventKind
from infra.ops.stage import Refused, Stage


def digest(stage: Stage, arguments: Namespace) -> int:
    """Say what happened on a day."""
    day = _day(arguments.day, day_of(stage.services.clock.now()))
    stage.say(f"{stage.services.settings.stage}  {day.isoformat()}")
    filings = [one for one in stage.services.reports.filed_in(month_of(day)) if day_of(one.filed_at) == day]
    stage.say(f"filed      {_counts(Counter(KINDS[one.kind].crime for one in filings))}")
    stage.say(f"channel    {_counts(Counter(one.channel for one in filings))}")
    changes, letters = _changed_on(day, stage)
    stage.say(f"changed    {_counts(changes)}")
    stage.say(f"letters    {_counts(letters)}")
    stage.say(f"given up   {sum(1 for _ in sweeper.pile(stage.services.ledger))} letters, until they are redriven")
    stage.say(f"destroyed  {_destroyed_on(day, stage)}")
    return 0


def _changed_on(day: date, stage: Stage) -> tuple[Counter[str], Counter[str]]:
    """Count what the day's events were, and what has become of their letters; of those not sent, why."""
    changes: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for reference in stage.services.reports.changed_since(start_of_day(day)):
        report = stage.services.reports.get(reference)
        events = [event for event in report.timeline if day_of(event.at) == day] if report else []
        known = {entry.number: entry for entry in stage.services.ledger.of_report(reference)} if events else {}
        for event in events:
            changes[event.status if event.kind is EventKind.STATUS_CHANGED else event.kind] += 1
            letters[_ended(known.get(event.number))] += 1
    return changes, letters


def _ended(entry: LedgerEntry | None) -> str:
    if entry is None:
        return LetterOutcome.NOT_YET
    return f"{LetterOutcome.NOT_SENT}:{entry.not_sent}" if entry.not_sent else state_of(entry)[0]


def _day(given: str | None, today: date) -> date:
    try:
        return date.fromisoformat(given) if given else today - timedelta(days=1)
    except ValueError:
        raise Refused("Write a day as 2016-07-01.") from None


def _destroyed_on(day: date, stage: Stage) -> int:
    """Count the tombstones of the day: most are of the month ten years before it, some of the month before that."""
    first = day.replace(year=day.year - RETENTION[Kept.REPORTS].years, day=1)
    months = {month_of(first), month_of(first - timedelta(days=1))}
    return sum(stone.erased_on == day for month in months for stone in stage.services.archive.tombstones.of_month(month))


def _counts(counter: Counter[str]) -> str:
    if not counter:
        return "0"
    return f"{counter.total()}: " + ", ".join(f"{name} {number}" for name, number in sorted(counter.items()))
