"""From writes of reports to entries of the feed. May run twice on every write, and stop anywhere (ADR-0060)."""

from collections.abc import Iterable

from chalicelib.core.clock import Clock
from chalicelib.feed.model import Entry, changes, undone
from chalicelib.feed.store import Feed
from chalicelib.reports.events import Event
from chalicelib.reports.model import Report

Write = tuple[Report | None, Report]


def publish(writes: Iterable[Write], *, feed: Feed, clock: Clock) -> int:
    """Bring the changes of status of some writes, in their order, into the feeds of their units; return how many.

    A change that was undone is withdrawn; if others may know it, they are told which status stands again.
    """
    waiting: dict[str, list[Entry]] = {}
    count = 0
    for before, after in writes:
        fresh = [_entry(event, after, clock) for event in changes(before, after)]
        if fresh:
            waiting.setdefault(after.unit, []).extend(fresh)
        for undoing, event in undone(before, after):
            _flush(waiting, feed)
            if not feed.withdraw(after.unit, f"{after.reference}-{event.number}") and event.status is not undoing.status:
                waiting.setdefault(after.unit, []).append(_entry(undoing, after, clock))
        count += len(fresh)
    _flush(waiting, feed)
    return count


def _flush(waiting: dict[str, list[Entry]], feed: Feed) -> None:
    for unit in list(waiting):
        feed.append(unit, waiting.pop(unit))


def _entry(event: Event, report: Report, clock: Clock) -> Entry:
    return Entry(report.reference, event.number, event.status, event.at, clock.now())
