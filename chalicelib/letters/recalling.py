"""The letters that are due anew, because their reader can be reached otherwise than before.

A letter that waits is looked at again: the wishes, the address or the hours are not those by which it was to wait. A letter that
reached nobody, or only an address that is not the reporter's any more, is written again. Whoever notes that a letter reached
nobody asks here afterwards, and so does who brings a new address: of the two the later sees what the earlier did.
"""

from collections.abc import Collection, Iterable

from chalicelib.letters.catalogue import CATALOGUE, Called, Letter
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.letters.mailroom import Mailroom
from chalicelib.letters.states import LetterState
from chalicelib.reports.model import Report


def recall(reference: str, entries: Iterable[LedgerEntry], room: Mailroom) -> None:
    """Make due anew, of a report's letters, what waits and what reached nobody."""
    now = room.clock.now()
    for entry in entries:
        if entry.state is LetterState.WAITING:
            room.ledger.look_again(entry.id, until=now)
    if any(entry.has_reached_nobody for entry in entries):
        recall_unreached(reference, {entry.number for entry in entries}, room)


def recall_unreached(reference: str, numbers: Collection[int], room: Mailroom) -> None:
    """Make due anew the letters of these events that reached nobody, if there is an address now to which mail arrives."""
    report = room.reports.get(reference)
    if report and report.contact.email and report.contact.usable:
        for entry in room.ledger.of_report(reference):
            if entry.number in numbers and entry.has_reached_nobody and _is_news(report, entry):
                room.ledger.recall(entry, letter=Letter.NEWS, until=room.clock.now())


def _is_news(report: Report, entry: LedgerEntry) -> bool:
    """True for news; an invitation to the survey is over by then. The timeline knows: an old entry may not say."""
    called = CATALOGUE[report.timeline[entry.number - 1].kind]
    return isinstance(called, Called) and called.letter is Letter.NEWS
