"""The reporter's address, birth and ways to be reached are covered until an officer who may know them needs them. Pure.

Pages and API share it. `is_open`: it was put on record that this officer uncovered them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from chalicelib.reports.model import Report
from chalicelib.reports.presenter import Block


class ContactView(StrEnum):
    """Whether an officer asks to see how to reach the reporter."""

    COVERED = "covered"
    SHOWN = "shown"


def email_of(report: Report, *, is_open: bool = False) -> str:
    """Return the reporter's present address, or so much of it that two can be told apart."""
    return report.contact.email if is_open else _masked_email(report.contact.email)


def answers_of(report: Report, *, is_open: bool = False) -> dict[str, Any]:
    """Return the statement's answers as a program may see them."""
    answers = report.statement.answers
    return answers if is_open else {name: _covered(name, answer) for name, answer in answers.items()}


def blocks_of(blocks: tuple[Block, ...], *, is_open: bool) -> tuple[Block, ...]:
    """Return the statement's answers in words as an officer may see them."""
    if is_open:
        return blocks
    return tuple(
        replace(block, lines=tuple(replace(line, text=_covered(line.name, line.text)) for line in block.lines))
        for block in blocks
    )


def _covered(name: str, answer: Any) -> Any:
    return MASKS[name](str(answer)) if name in MASKS and answer else answer


def _masked_email(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}" if at else ""  # who came to the counter need not have one


def _masked_phone(number: str) -> str:
    return f"•••{number[-2:]}"


def _hidden(_: str) -> str:
    return "•••"


MASKS: Mapping[str, Callable[[str], str]] = {
    "email": _masked_email,
    "phone": _masked_phone,
    **dict.fromkeys(("street", "houseNumber", "postcode", "dateOfBirth", "placeOfBirth"), _hidden),
    **dict.fromkeys(("victimAddress", "victimDateOfBirth"), _hidden),
}
