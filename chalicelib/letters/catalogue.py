"""Which event calls for which letter, or the reason for none. The tables are the policy. Pure.

The reporter's wishes bind every letter, except one that asks the reporter to act. Source: DOMAIN, "Mail".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.reports.contact import InformationWish
from chalicelib.reports.model import Event, EventKind, Report
from chalicelib.reports.statuses import DECISIONS, Status
from chalicelib.surveys.model import is_wanted


class Letter(StrEnum):
    """The letters that there are; each has its files in `templates/<letter>/<language>/`."""

    NEWS = "news"
    SURVEY = "survey"


class Reason(StrEnum):
    """Why an event did not lead to a letter; kept in the ledger."""

    OWN_ACTION = "own_action"  # the reporter did it, and knows
    NOT_WANTED = "not_wanted"
    ADDRESS_MISSING = "address_missing"
    ADDRESS_UNUSABLE = "address_unusable"


class Weight(StrEnum):
    """How much a letter matters to its reader, and so which wish silences it."""

    ACT = "act"  # asks the reporter to act: no wish silences it
    DECISION = "decision"
    ORDINARY = "ordinary"
    SURVEY = "survey"  # has a switch of its own


@dataclass(frozen=True, slots=True)
class NoLetter:
    """No letter, and why."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Called:
    """A letter that an event calls for, before the reporter's wishes are asked."""

    letter: Letter
    weight: Weight = Weight.ORDINARY


CATALOGUE: Mapping[EventKind, Called | NoLetter] = {
    EventKind.RECEIVED: Called(Letter.NEWS),
    EventKind.STATUS_CHANGED: Called(Letter.NEWS),  # weighed by BY_STATUS
    EventKind.QUESTION_ASKED: Called(Letter.NEWS, Weight.ACT),
    EventKind.QUESTION_ANSWERED: NoLetter(Reason.OWN_ACTION),
    EventKind.QUESTION_ENDED: Called(Letter.NEWS),
    EventKind.WISHES_CHANGED: NoLetter(Reason.OWN_ACTION),
    **dict.fromkeys((EventKind.ADDED, EventKind.CORRECTED, EventKind.GOODS_FOUND), NoLetter(Reason.OWN_ACTION)),
    EventKind.CONTACT_CHANGED: NoLetter(Reason.OWN_ACTION),
    EventKind.SURVEY_INVITED: Called(Letter.SURVEY, Weight.SURVEY),
}
BY_STATUS: Mapping[Status, Weight] = {
    **dict.fromkeys(DECISIONS, Weight.DECISION),
    Status.REFERRED: Weight.ACT,  # the report goes no further online: the reporter has to call or come
}
SILENCED: Mapping[InformationWish, frozenset[Weight]] = {
    InformationWish.ALL: frozenset(),
    InformationWish.DECISIONS: frozenset({Weight.ORDINARY}),
    InformationWish.NOTHING: frozenset({Weight.ORDINARY, Weight.DECISION}),
}


def choose(event: Event, report: Report) -> Letter | NoLetter:
    """Return the letter that this event calls for, or the reason for none, under the wishes that the report had right then."""
    called = CATALOGUE[event.kind]
    if isinstance(called, NoLetter):
        return called
    if _is_silenced(weight_of(event, called), report):
        return NoLetter(Reason.NOT_WANTED)
    if not report.contact.email:
        return NoLetter(Reason.ADDRESS_MISSING)
    if not report.contact.usable:
        return NoLetter(Reason.ADDRESS_UNUSABLE)
    return called.letter


def weight_of(event: Event, called: Called) -> Weight:
    """Return how much the letter matters: a change of status as much as its new status."""
    return BY_STATUS.get(event.status, called.weight) if event.kind is EventKind.STATUS_CHANGED else called.weight


def letter_id(reference: str, number: int) -> str:
    """Return the id under which the ledger keeps the letter of a report's event."""
    return f"{reference}#{number}"


def _is_silenced(weight: Weight, report: Report) -> bool:
    if weight is Weight.SURVEY:
        return not is_wanted(report.contact)
    return weight in SILENCED[report.contact.information]
