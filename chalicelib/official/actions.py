"""Making the official report: on record first, then the number is opened. Only this function's role may decrypt it.

Source: docs/domain.md, "Identity" (readable only by the function that makes the official report) and "Officers" (every export
is on record, with who and why).
"""

from typing import Any

from chalicelib.audit.store import Audit
from chalicelib.core import log
from chalicelib.core.clock import Clock
from chalicelib.core.errors import NotFound, PortalError
from chalicelib.core.logins import IdentityKind
from chalicelib.identity.bsn import Vault
from chalicelib.official import model
from chalicelib.people.model import Officer, StaffRole
from chalicelib.reports import actions
from chalicelib.reports.retention import Sight, sight
from chalicelib.reports.store import Reports

WHAT = "official_report"


class NoBsn(PortalError):
    """The reporter is known by something else than a BSN: there is nothing to open, and the report is taken over by hand."""

    def __init__(self, kind: IdentityKind) -> None:
        super().__init__(
            f"no official report: the reporter logged in without a BSN ({kind}). "
            "Open the report at the desk, and take it over by hand."
        )


def make(event: Any, *, reports: Reports, audit: Audit, vault: Vault, clock: Clock) -> dict[str, Any]:
    """Return the official report that the police's own system asks for; `event` is its request (`official.model.parse`).

    Raises Invalid, NoBsn, or NotFound also when the report is too old for the police to see (ADR-0027). If the record cannot be
    written the request fails, and nothing was opened.
    """
    reference, employee, reason = model.parse(event)
    report = actions.get(reference, reports)
    if sight(report.filed_at, clock.now()) is Sight.NONE:
        raise NotFound("report")
    if report.reporter.kind is not IdentityKind.BSN:
        raise NoBsn(report.reporter.kind)
    asker = Officer(employee, frozenset({StaffRole.REGISTRY}), frozenset({report.unit}))
    audit.note(report.reference, officer=asker, what=WHAT, why=reason)
    made = model.document(report, vault.open(report.reporter.sealed_bsn, report.reporter.pseudonym))
    log.event("official_report_made", reference=report.reference)
    return made
