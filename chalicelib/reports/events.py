"""The facts that a timeline holds: their kinds, who caused them, and one of them. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.reports.statuses import Status


class EventKind(StrEnum):
    """Facts that a timeline holds. `letters/catalogue.py` says for each which letter it calls for, or why none."""

    RECEIVED = "received"
    STATUS_CHANGED = "status_changed"
    QUESTION_ASKED = "question_asked"
    QUESTION_ANSWERED = "question_answered"
    QUESTION_ENDED = "question_ended"
    WISHES_CHANGED = "wishes_changed"
    CONTACT_CHANGED = "contact_changed"
    SURVEY_INVITED = "survey_invited"
    ADDED = "added"
    CORRECTED = "corrected"
    GOODS_FOUND = "goods_found"
    ADDRESS_UNUSABLE = "address_unusable"
    CONTACTED_OFFLINE = "told_otherwise"  # the word in which timelines have kept it since before it had this name
    UPDATE_ASKED = "update_asked"
    CONTESTED = "contested"
    UPDATE_GIVEN = "update_given"
    NOTHING_CHANGED = "nothing_changed"
    REMINDED = "reminded"
    NOTED = "noted"
    ASSIGNED = "assigned"
    MOVED = "moved"
    RANKED = "ranked"
    JOINED = "joined"
    LEFT = "left"
    NUMBER_CORRECTED = "number_corrected"
    RETRACTED = "retracted"
    TASK_RAISED = "task_raised"
    TASK_DONE = "task_done"


# The desk's own facts: in no page, copy, answer of the API, access request, mail or feed that is not an officer's.
INTERNAL = frozenset(
    {
        EventKind.NOTED,
        EventKind.ASSIGNED,
        EventKind.MOVED,
        EventKind.RANKED,
        EventKind.JOINED,
        EventKind.LEFT,
        EventKind.NUMBER_CORRECTED,
        EventKind.RETRACTED,
        EventKind.TASK_RAISED,
        EventKind.TASK_DONE,
    }
)


class Rank(StrEnum):
    """How soon a report is to be taken up, before all others or after them."""

    URGENT = "urgent"
    NORMAL = "normal"
    LATER = "later"


class Channel(StrEnum):
    """Where a report was made."""

    ONLINE = "online"
    DESK = "desk"


class OfflineMeans(StrEnum):
    """By what an officer told a reporter whom no mail reaches; kept as the event's remark."""

    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in_person"  # who called or came by themselves


class Role(StrEnum):
    """In which capacity somebody acted."""

    REPORTER = "reporter"
    OFFICER = "officer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or system that did something. `id` is an officer's staff id; a reporter and the system have none here."""

    role: Role
    id: str = ""


REPORTER = Actor(Role.REPORTER)


SYSTEM = Actor(Role.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact worth telling. `number` counts from 1 without gaps; `status` is the status that the event left.

    `explanation` is for the reporter, `remark` is internal. `key` is the digest of the request's idempotency key (and,
    after a dot, of its content), so that a repeated request is recognised.

    `to` is what an internal event set: an assignee, a unit, a rank, a case, a police number or a task. `undoes` is the number of
    the event that a RETRACTED takes back, `text` the standard text (id and version) that the explanation came from, `batch` the
    id of the action on many reports that this was a part of.
    """

    number: int
    kind: EventKind
    at: datetime
    by: Actor
    status: Status
    explanation: str = ""
    remark: str = ""
    question: int = 0
    key: str = ""
    to: str = ""
    undoes: int = 0
    text: str = ""
    batch: str = ""
