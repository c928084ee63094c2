"""The mails of the demo's month: the ledger knows them as sent on their day, and nobody's mailbox gets a month of mail at once.

Written before the report itself, so that its stream finds each letter done. News of the last half hour is left to the stream.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core.clock import Clock
from chalicelib.letters.catalogue import NoLetter, choose, letter_id
from chalicelib.letters.ledger import Ledger
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.reports.events import Event
from chalicelib.reports.model import Report

FRESH = timedelta(minutes=30)
_ON_ITS_WAY = timedelta(seconds=20)


@dataclass(slots=True)
class Then:
    """The clock of the day that is being told of."""

    at: datetime

    def now(self) -> datetime:
        return self.at


class Post:
    """Notes what became of the mails. `ledger_of` makes a ledger with a clock."""

    def __init__(self, ledger_of: Callable[[Clock], Ledger], now: datetime) -> None:
        self._clock, self._now = Then(now), now
        self._ledger = ledger_of(self._clock)

    def told(self, report: Report) -> None:
        """Note of each event of a report that it was mailed then, or why not."""
        for event in report.timeline:
            if event.at < self._now - FRESH:
                self._note(event, report)

    def _note(self, event: Event, report: Report) -> None:
        name, called = letter_id(report.reference, event.number), choose(event, report)
        self._clock.at = event.at
        if isinstance(called, NoLetter):
            self._ledger.withhold(name, called)
            return
        attempt, message = f"demo-{event.number}", f"demo-{report.reference}-{event.number}"
        language = report.contact.language
        self._ledger.claim(LedgerEntry(id=name), attempt=attempt, letter=called, language=language, template="")
        self._ledger.note_accepted(name, attempt=attempt, message_id=message)
        delivered = {"delivered_at": event.at + _ON_ITS_WAY}
        self._ledger.note_receipt(name, delivered, message_id=message, accepted_at=event.at, is_final=True)
