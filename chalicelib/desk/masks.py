"""How to reach the reporter is masked for officers who need not know it. Pure; pages and API share it."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.people.model import Officer
from chalicelib.people.permissions import Permission, may
from chalicelib.reports.model import Report


def email_of(report: Report, reader: Officer) -> str:
    """Return the reporter's present address as this officer may see it."""
    return report.contact.email if may(reader, Permission.SEE_CONTACT, report.unit) else _masked_email(report.contact.email)


def answers_of(report: Report, reader: Officer) -> dict[str, Any]:
    """Return the statement's answers as this officer may see them."""
    answers = report.statement.answers
    if may(reader, Permission.SEE_CONTACT, report.unit):
        return answers
    return {name: _MASKS[name](answer) if name in _MASKS else answer for name, answer in answers.items()}


def _masked_email(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}" if at else ""  # who came to the counter need not have one


def _masked_phone(number: str) -> str:
    return f"•••{number[-2:]}"


_MASKS: Mapping[str, Callable[[str], str]] = {"email": _masked_email, "phone": _masked_phone}
