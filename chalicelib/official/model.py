"""The content of the official report: what was confirmed, what came after, and whose report it is. Pure.

The document is what the police's own system takes over; it is made at the moment it is asked for, and kept nowhere here.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chalicelib.core.clock import iso
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.evidence.model import sent_with
from chalicelib.reports.model import Report

FORMAT = "mijn-politie-official-report-1"
_ASKED = ("reference", "employee", "reason")
_LONGEST = 200


def parse(event: Any) -> tuple[str, str, str]:
    """Return (reference, employee, reason) of a request `{"reference", "employee", "reason"}`: text, all three.

    Raises Invalid naming every field that is missing, empty, too long or no text.
    """
    given = event if isinstance(event, Mapping) else {}
    wrong = [FieldError(name, "required") for name in _ASKED if not _is_told(given.get(name))]
    if wrong:
        raise Invalid(wrong)
    reference, employee, reason = (given[name].strip() for name in _ASKED)
    return reference, employee, reason


def document(report: Report, bsn: str) -> dict[str, Any]:
    """Return the official report as JSON values; instants are UTC ending in Z, amounts are euro cents."""
    return {
        "format": FORMAT,
        "reference": report.reference,
        "registrationNumber": report.registration_number,
        "bsn": bsn,
        "filedAt": iso(report.filed_at),
        "channel": report.channel.value,
        "kind": report.kind,
        "unit": report.unit,
        "municipality": report.municipality,
        "statement": report.statement.text,  # the very text that was confirmed: its hash can be checked again
        "statementSha256": report.statement.sha256,
        "additions": [
            {"number": one.number, "sort": one.sort.value, "at": iso(one.at), "answers": dict(one.answers)}
            for one in report.additions
        ],
        "files": [asdict(file) for file in sent_with(report)],
    }


def _is_told(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= _LONGEST
