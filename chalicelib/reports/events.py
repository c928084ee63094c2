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


class Channel(StrEnum):
    """Where a report was made."""

    ONLINE = "online"
    DESK = "desk"


class OfflineMeans(StrEnum):
    """By what an officer told a reporter whom no mail reaches; kept as the event's remark."""

    PHONE = "phone"
    LETTER = "letter"


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
