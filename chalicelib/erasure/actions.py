"""Destroy the reports whose ten years are over, with all that hangs on them; leave a tombstone. ADR-0027.

Runs twice, or dies anywhere, without harm: the tombstone comes first and the report goes last, so what was half done is
found again by the next run. An item that hangs on no report has a term of its own in its table: drafts, surveys, sessions, looks.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chalicelib.audit.store import Audit
from chalicelib.core import log
from chalicelib.core.clock import Clock, day_of
from chalicelib.core.errors import Conflict
from chalicelib.erasure.model import tombstone_of
from chalicelib.erasure.store import Tombstones
from chalicelib.evidence import actions as evidence
from chalicelib.evidence.looking import EvidenceStorage
from chalicelib.evidence.model import folder_id, parts_of
from chalicelib.people.model import Officer
from chalicelib.reports.model import Report
from chalicelib.reports.retention import destroyed_before
from chalicelib.reports.store import Reports

SYSTEM = Officer("every_day", frozenset(), frozenset())  # the one that destroys, on record under its own name
ERASED, TIME_OVER = "erased", "time_over"
MOST = 5_000  # in one run: a day of the national load is 1,918, and a run takes less than the 15 minutes that it has


@dataclass(frozen=True, slots=True)
class Archive:
    """The stores that hold something of a report. `forget_letters` takes a reference and the number of its events;
    `forget_clues` the report, from which they follow.
    """

    reports: Reports
    tombstones: Tombstones
    evidence_storage: EvidenceStorage
    forget_letters: Callable[[str, int], None]
    forget_clues: Callable[[Report], None]
    derivation_key: bytes
    clock: Clock
    audit: Audit


@dataclass(frozen=True, slots=True)
class Erased:
    """How a run ended. `left` when there is more than one run may do."""

    erased: int
    failed: int
    left: bool


def expired(archive: Archive) -> Iterator[str]:
    """Return the references of the reports that have to be destroyed now, the longest filed first."""
    return archive.reports.filed_before(destroyed_before(archive.clock.now()))


def erase_expired(archive: Archive, *, most: int = MOST) -> Erased:
    """Destroy what has to be destroyed, at most `most` reports; one that fails keeps nobody's from being destroyed."""
    erased, failed, left = 0, 0, False
    for reference in expired(archive):
        if erased + failed >= most:
            left = True
            break
        try:
            erased += erase(reference, archive)
        except Exception as error:  # noqa: BLE001 — it is found again tomorrow; the alarm stands on the line below
            failed += 1
            log.event("erasure_failed", level=logging.ERROR, reference=reference, error=type(error).__name__)
    log.event("expired_reports_erased", erased=erased, failed=failed, left=left)
    return Erased(erased, failed, left)


def erase(reference: str, archive: Archive) -> bool:
    """Destroy one report whose time is over, and return True; False when there is none, or its time is not over."""
    report = archive.reports.get(reference)
    if report is None or report.filed_at >= destroyed_before(archive.clock.now()):
        return False
    archive.tombstones.add(tombstone_of(report, day_of(archive.clock.now())))
    for folder in _folders(report, archive.derivation_key):
        evidence.erase(folder, storage=archive.evidence_storage)
    archive.forget_letters(report.reference, len(report.timeline))
    archive.audit.note(report.reference, officer=SYSTEM, what=ERASED, why=TIME_OVER)
    archive.forget_clues(report)
    try:
        archive.reports.remove(report)
    except Conflict:  # changed while it was being destroyed: there may be a new file, so once more from the start
        return erase(reference, archive)
    return True


def _folders(report: Report, derivation_key: bytes) -> list[str]:
    return [folder_id(derivation_key, report.reporter.pseudonym, report.reference, part) for part in parts_of(report)]
