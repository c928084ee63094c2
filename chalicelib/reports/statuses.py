"""Where a report can stand: which status may follow which, who moves it there, and what the citizen reads.

TRANSITIONS is the whole policy; change it here, and the officer's buttons, the API's 409s and the letters follow. WORDS is
what a citizen reads, in language level B1; a house test wants a row for every status. Source: docs/domain.md, "Life of a report".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.core.language import N_


class Status(StrEnum):
    """Where a report stands. The order is that of a report's life."""

    RECEIVED = "received"
    CHECKED = "checked"
    AWAITING_REPORTER = "awaiting_reporter"
    REGISTERED = "registered"
    INVESTIGATING = "investigating"
    NOT_INVESTIGATED = "not_investigated"
    WITH_PROSECUTOR = "with_prosecutor"
    CLOSED = "closed"
    REFERRED = "referred"
    REOPENED = "reopened"


class Mover(StrEnum):
    """The one who may take an edge of TRANSITIONS."""

    OFFICER = "officer"  # by changing the status
    QUESTION = "question"  # by asking the reporter something
    SYSTEM = "system"  # only by itself: on the answer, or at the deadline
    CORRECTION = "correction"  # back, by an officer who says what went wrong; only to where the report has been (ADR-0051)


_ASK = {Status.AWAITING_REPORTER: Mover.QUESTION}


def _by_officer(*to: Status) -> dict[Status, Mover]:
    return dict.fromkeys(to, Mover.OFFICER)


def _back(*to: Status) -> dict[Status, Mover]:
    return dict.fromkeys(to, Mover.CORRECTION)


TRANSITIONS: Mapping[Status, Mapping[Status, Mover]] = {
    Status.RECEIVED: _by_officer(Status.CHECKED, Status.REFERRED) | _ASK,
    Status.CHECKED: _by_officer(Status.REGISTERED, Status.REFERRED) | _ASK | _back(Status.RECEIVED),
    Status.AWAITING_REPORTER: dict.fromkeys(  # back to where it was, and nowhere else: Report.resumes_to
        (Status.RECEIVED, Status.CHECKED, Status.REGISTERED, Status.INVESTIGATING, Status.REOPENED), Mover.SYSTEM
    ),
    Status.REGISTERED: (
        _by_officer(Status.INVESTIGATING, Status.NOT_INVESTIGATED) | _ASK | _back(Status.CHECKED, Status.REFERRED)
    ),
    Status.INVESTIGATING: (
        _by_officer(Status.WITH_PROSECUTOR, Status.NOT_INVESTIGATED, Status.CLOSED)
        | _ASK
        | _back(Status.REGISTERED, Status.REOPENED)
    ),
    Status.NOT_INVESTIGATED: _by_officer(Status.REOPENED) | _back(Status.REGISTERED, Status.INVESTIGATING),
    Status.WITH_PROSECUTOR: _by_officer(Status.CLOSED, Status.REOPENED) | _back(Status.INVESTIGATING),
    Status.CLOSED: (_by_officer(Status.REOPENED) | _back(Status.INVESTIGATING, Status.WITH_PROSECUTOR, Status.REFERRED)),
    Status.REFERRED: _by_officer(Status.REGISTERED, Status.CLOSED) | _back(Status.RECEIVED, Status.CHECKED),
    Status.REOPENED: _by_officer(Status.INVESTIGATING, Status.NOT_INVESTIGATED, Status.WITH_PROSECUTOR, Status.CLOSED) | _ASK,
}
REASON_REQUIRED = frozenset({Status.NOT_INVESTIGATED, Status.CLOSED, Status.REOPENED})
DECISIONS = frozenset({Status.NOT_INVESTIGATED, Status.WITH_PROSECUTOR, Status.CLOSED})
UNNUMBERED = frozenset({Status.RECEIVED, Status.CHECKED, Status.REFERRED})  # a correction to here frees the police number
OBJECTIONABLE = frozenset({Status.NOT_INVESTIGATED, Status.CLOSED})  # to the public prosecutor; then article 12


@dataclass(frozen=True, slots=True)
class Words:
    """A status in plain words: its name, what it means, and what comes next. Messages, translated when shown."""

    name: str
    meaning: str
    next: str


WORDS: Mapping[Status, Words] = {
    Status.RECEIVED: Words(
        N_("We have received your report"),
        N_("Your report has reached the police."),
        N_("A police employee checks whether your report is complete. You will get an e-mail when that has been done."),
    ),
    Status.CHECKED: Words(
        N_("We have checked your report"),
        N_("A police employee has read your report. It is complete."),
        N_("We put your report in the police system. It then gets a police number."),
    ),
    Status.AWAITING_REPORTER: Words(
        N_("We have a question for you"),
        N_("We need more information from you before we can go on."),
        N_("Answer the question before the date shown with it. If you do not answer, we go on without your answer."),
    ),
    Status.REGISTERED: Words(
        N_("Your report is in our system"),
        N_("Your report has a police number. You can give this number to your insurer."),
        N_("We decide whether we can investigate. You will hear what we decide."),
    ),
    Status.INVESTIGATING: Words(
        N_("We are investigating"),
        N_("A police employee is working on your case."),
        N_("You will hear from us when there is news. An investigation can take months."),
    ),
    Status.NOT_INVESTIGATED: Words(
        N_("We are not investigating"),
        N_("We cannot investigate your case. The reason is shown on this page. We do keep your report."),
        N_("Do you not agree? You can object. This page tells you how. If new information comes in, we look at your case again."),
    ),
    Status.WITH_PROSECUTOR: Words(
        N_("Your case is with the public prosecutor"),
        N_("The police have finished their work. The Public Prosecution Service decides whether there will be a court case."),
        N_("The Public Prosecution Service will tell you what it decides."),
    ),
    Status.CLOSED: Words(
        N_("We have closed your case"),
        N_("We have stopped working on your case. The reason is shown on this page. We do keep your report."),
        N_("Do you not agree? You can object. This page tells you how. If new information comes in, we look at your case again."),
    ),
    Status.REFERRED: Words(
        N_("This cannot be done online"),
        N_("Your report needs a conversation. That is why we want to speak with you."),
        N_("We will contact you, or you can make an appointment at a police station: call 0900-8844."),
    ),
    Status.REOPENED: Words(
        N_("We are looking at your case again"),
        N_("We work on your case again. The reason is shown on this page."),
        N_("You will hear what we decide."),
    ),
}
