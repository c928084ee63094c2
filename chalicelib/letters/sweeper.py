"""The letters that the stream never brought: a timeline calls for them, and the ledger knows nothing of them.

A record can be lost on its way: a stream that was read too late, a batch that was given up, a mapping that stood still. The
timeline is the truth; each of its events must have an entry. Found by reading the reports that changed lately, every hour,
and by an operator's hand for any longer time. A letter that is missing is put on the due queue; twice harms nobody.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import log
from chalicelib.forms.places import units
from chalicelib.letters.catalogue import letter_id
from chalicelib.letters.ledger import KEPT, Ledger
from chalicelib.letters.mailroom import Mailroom, Run
from chalicelib.letters.stream import settle
from chalicelib.reports.model import Report

LOOKS_BACK = timedelta(hours=3)  # every hour: what one sweep misses the next two see again
STREAM_TAKES = timedelta(minutes=10)  # younger events may still be on their way
REMEMBERED = KEPT - timedelta(days=30)  # of older events the ledger may have forgotten that their letter was sent


@dataclass(frozen=True, slots=True)
class Swept:
    """The findings of a sweep. `retried` are letters that were given up and lie on the due queue again."""

    reports: int
    missing: int
    failed: int
    retried: int = 0


def sweep(references: Iterable[str], mailroom: Mailroom) -> Swept:
    """Settle what the ledger does not know of these reports. One that fails holds up no other, and is found again."""
    run, reports, missing, failed = Run(mailroom), 0, 0, 0
    run.only_notes = True  # the round sends them, within a minute: who sweeps needs no leave to send
    for reference in references:
        reports += 1
        try:
            report = mailroom.reports.get(reference)
            missing += _settled(report, run) if report else 0
        except Exception as error:  # noqa: BLE001 — one report must not keep the sweep from the others
            failed += 1
            log.event("sweep_failed", level=logging.ERROR, reference=reference, error=type(error).__name__)
    log.event("letters_swept", reports=reports, missing=missing, failed=failed)
    return Swept(reports, missing, failed)


def redrive(references: Iterable[str], mailroom: Mailroom) -> Swept:
    """Sweep, and try again what was given up. For an operator who knows that what was broken is mended."""
    retried = sum(_retried(name, mailroom.ledger) for name in list(pile(mailroom.ledger)))
    found = sweep(references, mailroom)
    return Swept(found.reports, found.missing, found.failed, retried)


def pile(ledger: Ledger) -> Iterator[str]:
    """Yield the ids of all letters that were given up: of every unit's reports, and of none."""
    for unit in ("", *units()):
        yield from ledger.given_up(unit)


def remind(ledger: Ledger) -> int:
    """Log how many letters lie on the pile, if any do: as long as that is said every hour, an alarm stands."""
    number = sum(1 for _ in pile(ledger))
    if number:
        log.event("letters_on_pile", level=logging.WARNING, letters=number)
    return number


def _retried(name: str, ledger: Ledger) -> bool:
    """Put a letter from the pile on the due queue. One that SES has taken or refused meanwhile only leaves the pile."""
    is_retried = ledger.retry(name)
    if not is_retried:
        ledger.close(name)
    return is_retried


def _settled(report: Report, run: Run) -> int:
    """Settle the report's events of which nothing is known, and return how many those were."""
    now = run.mailroom.clock.now()
    since, until = now - REMEMBERED, now - STREAM_TAKES
    known = {entry.number for entry in run.mailroom.ledger.of_report(report.reference)}
    lost = [event for event in report.told if event.number not in known and since <= event.at <= until]
    for event in lost:
        log.event("letter_missing", level=logging.ERROR, letter=letter_id(report.reference, event.number))
        settle(event, report, run)
    return len(lost)
