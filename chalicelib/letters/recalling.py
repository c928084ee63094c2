"""The letters that are due anew, because their reader can be reached otherwise than before.

A letter that waits is looked at again: the wishes, the address or the hours are not those by which it was to wait. A letter that
reached nobody, or only an address that is not the reporter's any more, is written again. Whoever notes that a letter reached
nobody asks here afterwards, and so does who brings a new address: of the two the later sees what the earlier did.
"""

from collections.abc import Collection, Sequence

from chalicelib.letters.catalogue import CATALOGUE, Called, Letter, NotSentReason
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.letters.mailroom import Mailroom
from chalicelib.letters.states import LetterState
from chalicelib.reports.model import Report


def recall(reference: str, entries: Sequence[LedgerEntry], room: Mailroom) -> None:
    """Make due anew, of a report's letters, what waits and what reached nobody."""
    now = room.clock.now()
    for entry in entries:
        if entry.state is LetterState.WAITING:
            room.ledger.look_again(entry.id, until=now)
    if _unreached(entries):
        recall_unreached(reference, {entry.number for entry in entries}, room)


def recall_unreached(reference: str, numbers: Collection[int], room: Mailroom) -> None:
    """Make due anew the letters of these events that reached nobody, if there is an address now to which mail arrives.

    With each goes all the news that it was to tell: each is weighed for itself again.
    """
    report = room.reports.get(reference)
    if report and report.contact.email and report.contact.usable:
        entries = room.ledger.of_report(reference)
        for entry, leader in _unreached(entries):
            if leader in numbers and _is_news(report, entry) and not _needs_proof(leader, entries, report):
                room.ledger.recall(entry, letter=Letter.NEWS, until=room.clock.now())


def _unreached(entries: Sequence[LedgerEntry]) -> list[tuple[LedgerEntry, int]]:
    """Return the letters that reached nobody, each with the number of the one that was to tell it: its own, or its leader's.

    Leaders come last: who stops half way finds the rest by them.
    """
    led = [(entry, leader_of(entry, entries)) for entry in entries]
    unreached = [(entry, leader.number) for entry, leader in led if leader.has_reached_nobody]
    return sorted(unreached, key=lambda one: one[0].number == one[1])


def leader_of(entry: LedgerEntry, entries: Sequence[LedgerEntry]) -> LedgerEntry:
    """Return the letter that was to tell the news of this one in the end."""
    known = {one.number: one for one in entries}
    for _ in entries:
        entry = known.get(entry.merged_into, entry)
    return entry


def _needs_proof(leader: int, entries: Sequence[LedgerEntry], report: Report) -> bool:
    """True for what was held back because nobody had proven the address, as long as nobody has."""
    held = next((one.not_sent for one in entries if one.number == leader), "")
    return held == NotSentReason.ADDRESS_UNPROVEN and not report.contact.proven


def _is_news(report: Report, entry: LedgerEntry) -> bool:
    """True for news; an invitation to the survey is over by then. The timeline knows: an old entry may not say."""
    called = CATALOGUE[report.timeline[entry.number - 1].kind]
    return isinstance(called, Called) and called.letter is Letter.NEWS
