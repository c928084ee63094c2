"""The actions on copies: tell whoever holds one whether it is genuine, and not a word more."""

from dataclasses import dataclass
from datetime import date

from chalicelib.copies.model import Proof, proof_of
from chalicelib.core import ids, log
from chalicelib.core.clock import day_of
from chalicelib.core.codes import read_long
from chalicelib.core.derivation import ProofKeys
from chalicelib.core.errors import NotFound
from chalicelib.reports.statement import Statement
from chalicelib.reports.store import Reports

PURPOSE = "verify"  # under which failed tries are counted
_NOTHING = Statement("")


@dataclass(frozen=True, slots=True)
class Genuine:
    """All that is told of a genuine copy. `is_current` until the reporter adds something to the report."""

    filed_on: date
    is_current: bool


def verify(reference: str, code: str, *, reports: Reports, proof_keys: ProofKeys) -> Genuine:
    """Tell of the report to which a number and a code belong, both as people type them.

    Raises NotFound("copy") alike for a number that nobody has, a code that does not fit, and what can be neither.
    """
    known, typed = ids.parse_reference(reference) or "", read_long(code)
    report = reports.get(known) if known and typed else None
    statement, additions = (report.statement, len(report.additions)) if report else (_NOTHING, 0)
    proof = proof_of(proof_keys.all, known, statement, additions, typed)
    if proof is Proof.NONE or report is None:
        log.event("copy_not_verified")
        raise NotFound("copy")
    log.event("copy_verified", reference=report.reference)
    return Genuine(day_of(report.filed_at), proof is Proof.CURRENT)
