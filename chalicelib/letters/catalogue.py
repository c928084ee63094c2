"""Which event calls for which letter, or the reason for none. The tables are the policy. Pure.

The reporter's wishes bind every letter, except one that asks the reporter to act. Source: docs/domain.md, "Mail".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.reports.contact import InformationWish, may_be_sent_at
from chalicelib.reports.corrections import acts
from chalicelib.reports.events import INTERNAL, Event, EventKind, Role
from chalicelib.reports.model import Report
from chalicelib.reports.statuses import DECISIONS, Status
from chalicelib.surveys.model import is_wanted


class Letter(StrEnum):
    """The letters that there are; each has its files in `templates/<letter>/<language>/`."""

    NEWS = "news"
    SURVEY = "survey"
    ADDRESS_CODE = "address_code"
    ADDRESS_CHANGED = "address_changed"
    DIGEST = "digest"  # to an officer: counts of their work


class NotSentReason(StrEnum):
    """Why an event did not lead to a letter; kept in the ledger."""

    OWN_ACTION = "own_action"  # the reporter did it, and knows
    NOT_WANTED = "not_wanted"
    ADDRESS_MISSING = "address_missing"
    ADDRESS_UNUSABLE = "address_unusable"
    ADDRESS_UNPROVEN = "address_unproven"  # it has had its few mails of the day, and its reporter has not proven it
    TOLD_OTHERWISE = "told_otherwise"
    REPORT_GONE = "report_gone"
    INTERNAL = "internal"  # the desk's own: no reporter hears of it
    OVERTAKEN = "overtaken"  # it was to remind of a question that is answered, replaced or over by now
    CODE_OVER = "code_over"  # the code for an address can no longer be typed
    NOTHING_TO_TELL = "nothing_to_tell"  # a digest of nothing
    RETRACTED = "retracted"  # an officer took back what it was to tell


class Weight(StrEnum):
    """How much a letter matters to its reader, and so which wish silences it."""

    ACT = "act"  # asks the reporter to act: no wish silences it
    DECISION = "decision"
    ORDINARY = "ordinary"
    SURVEY = "survey"  # has a switch of its own


# Until there is an address that works, or is proven.
HOLDS_BACK = frozenset({NotSentReason.ADDRESS_MISSING, NotSentReason.ADDRESS_UNUSABLE, NotSentReason.ADDRESS_UNPROVEN})
# Events that anybody can cause as often as they like, with whose address they like: these do not wait for the next day.
HELD_BACK_UNPROVEN = frozenset({EventKind.RECEIVED, EventKind.SURVEY_INVITED})


@dataclass(frozen=True, slots=True)
class NoLetter:
    """No letter, and why; `letter` is the one that would have gone out, None for an event that calls for none."""

    reason: NotSentReason
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """A letter that an event calls for, before the reporter's wishes are asked.

    `at_once`: it does not wait for more news of its report. A letter that asks the reporter to act waits only as long as what
    an officer did can be undone.
    """

    letter: Letter
    weight: Weight = Weight.ORDINARY
    at_once: bool = False


CATALOGUE: Mapping[EventKind, Called | NoLetter] = {
    EventKind.RECEIVED: Called(Letter.NEWS, at_once=True),  # who has just filed looks for the mail that says so
    EventKind.STATUS_CHANGED: Called(Letter.NEWS),  # weighed by BY_STATUS
    EventKind.QUESTION_ASKED: Called(Letter.NEWS, Weight.ACT),
    EventKind.QUESTION_ANSWERED: NoLetter(NotSentReason.OWN_ACTION),
    EventKind.QUESTION_ENDED: Called(Letter.NEWS),
    EventKind.WISHES_CHANGED: NoLetter(NotSentReason.OWN_ACTION),
    **dict.fromkeys((EventKind.ADDED, EventKind.CORRECTED, EventKind.GOODS_FOUND), NoLetter(NotSentReason.OWN_ACTION)),
    EventKind.CONTACT_CHANGED: NoLetter(NotSentReason.OWN_ACTION),
    EventKind.ADDRESS_UNUSABLE: NoLetter(NotSentReason.ADDRESS_UNUSABLE),
    EventKind.CONTACTED_OFFLINE: NoLetter(NotSentReason.TOLD_OTHERWISE),
    EventKind.SURVEY_INVITED: Called(Letter.SURVEY, Weight.SURVEY, at_once=True),
    EventKind.UPDATE_ASKED: NoLetter(NotSentReason.OWN_ACTION),
    EventKind.CONTESTED: NoLetter(NotSentReason.OWN_ACTION),
    EventKind.UPDATE_GIVEN: Called(Letter.NEWS),
    EventKind.NOTHING_CHANGED: Called(Letter.NEWS),
    EventKind.REMINDED: Called(Letter.NEWS, Weight.ACT),
    **dict.fromkeys(sorted(INTERNAL), NoLetter(NotSentReason.INTERNAL)),
}
_CALLED = {row.letter for row in CATALOGUE.values() if isinstance(row, Called)}
ABOUT_A_REPORT = tuple(letter for letter in Letter if letter in _CALLED)  # profiles and digests ask for the others
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
    """Return the letter that this event calls for, or the reason for none, under the wishes and the address of the report."""
    called = CATALOGUE[event.kind]
    if isinstance(called, NoLetter):
        return called
    if event.number in report.retracted:
        return NoLetter(NotSentReason.RETRACTED)
    if event.kind is EventKind.REMINDED and not still_asks_to_act(event, report):
        return NoLetter(NotSentReason.OVERTAKEN, called.letter)
    if _is_silenced(weight_of(event, called), report):
        return NoLetter(NotSentReason.NOT_WANTED, called.letter)
    if not (report.contact.email and report.contact.usable):
        missing = NotSentReason.ADDRESS_UNUSABLE if report.contact.email else NotSentReason.ADDRESS_MISSING
        return NoLetter(missing, called.letter)
    return called.letter


def weight_of(event: Event, called: Called) -> Weight:
    """Return how much the letter matters: a change of status as much as its new status."""
    return BY_STATUS.get(event.status, called.weight) if event.kind is EventKind.STATUS_CHANGED else called.weight


def still_asks_to_act(event: Event, report: Report) -> bool:
    """True when the letter of an event asks the reporter to act, and that can still be done."""
    called = CATALOGUE[event.kind]
    if not isinstance(called, Called) or weight_of(event, called) is not Weight.ACT:
        return False
    asked = report.open_question
    of_a_question = event.kind in (EventKind.QUESTION_ASKED, EventKind.REMINDED)
    return not of_a_question or (asked is not None and asked.number == event.question)


@dataclass(frozen=True, slots=True)
class Waits:
    """How long letters wait: news for more `news` of its report, and all that an officer did until its `undo` is over."""

    news: timedelta
    undo: timedelta


def due_at(event: Event, report: Report, *, waits: Waits, now: datetime) -> datetime:
    """Return when the event's letter may go out: after its wait, and within the hours at which the reporter is safe.

    A mail brings its reader to all the news of the report; so it waits until the newest of that can be undone no more.
    """
    return may_be_sent_at(report.contact, max([now, *_waits_until(event, report, waits)]))


def _waits_until(event: Event, report: Report, waits: Waits) -> list[datetime]:
    called = CATALOGUE[event.kind]
    if not isinstance(called, Called) or called.at_once:
        return []
    undo_over = [act.at + waits.undo for act in acts(report)]
    if weight_of(event, called) is Weight.ACT:
        return undo_over if event.by.role is Role.OFFICER else []
    return [event.at + waits.news, *undo_over]


def letter_id(reference: str, number: int) -> str:
    """Return the id under which the ledger keeps the letter of a report's event."""
    return f"{reference}#{number}"


def _is_silenced(weight: Weight, report: Report) -> bool:
    if weight is Weight.SURVEY:
        return not is_wanted(report.contact)
    return weight in SILENCED[report.contact.information]
