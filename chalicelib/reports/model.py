"""A report and what may happen to it: every transition of it is a method here.

Pure: no clock, no store, no mail. Which status may follow which stands in `statuses.py`. Every change returns a new Report
whose timeline ends with the event that tells of it: the one idea of this house (ADR-0001).

There is an end to what can be asked and added, told in words: DynamoDB keeps 400 KB in an item, and a write that does not fit
would fail. An answer always fits, because its bytes are kept free from the moment that its question is asked. So are those of
every change of wishes or address that may still come: else a reporter could take the bytes that a decision needs.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.core.clock import day_of
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.reports.additions import MOST, Addition, Sort
from chalicelib.reports.contact import MOST_WISHES, Contact, DetailsPart, Reach
from chalicelib.reports.events import (
    REPORTER,
    SYSTEM,
    Actor,
    Channel,
    Event,
    EventKind,
    OfflineMeans,
    Rank,
)
from chalicelib.reports.facts import Reporter, ReportFacts
from chalicelib.reports.information_request import NAMES, Part, SupplementaryQuestion
from chalicelib.reports.placeholders import require_filled
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import REASON_REQUIRED, TRANSITIONS, Mover, Status
from chalicelib.reports.tasks import Task

EXPLANATION_LENGTH = 1_000
REGISTRATION_NUMBER = re.compile(r"PL[0-9]{4}-[0-9]{4}[0-9]{6}")
SIZE_LIMIT = 360 * 1024  # bytes: the rest of 400 KB is for names of attributes, and for what an officer has to say in the end


_BY_SORT: Mapping[Sort, EventKind] = {
    Sort.MORE: EventKind.ADDED,
    Sort.WRONG: EventKind.CORRECTED,
    Sort.FOUND: EventKind.GOODS_FOUND,
}


@dataclass(frozen=True, slots=True)
class Change:
    """The status that an officer wants for a report, and what they say of it.

    `explanation` (plain text, ≤ 1,000 characters) is shown to the reporter; `remark` is internal. `registration_number` is the
    police number where the report gets one, `key` the digest of the request's idempotency key. `text` is the standard text that
    the explanation came from, `batch` the action on many reports that this is a part of.
    """

    status: Status
    explanation: str = ""
    remark: str = ""
    registration_number: str = ""
    key: str = ""
    text: str = ""
    batch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(ReportFacts):
    """One report, whole. Immutable: each method below returns the next version."""

    def next_statuses(self) -> tuple[Status, ...]:
        """Return the statuses to which an officer may take the report now, in the table's order."""
        return tuple(to for to, mover in TRANSITIONS[self.status].items() if mover is Mover.OFFICER)

    @property
    def can_be_asked(self) -> bool:
        """True when an officer may ask the reporter something now; a newer question replaces an open one."""
        return self.status is Status.AWAITING_REPORTER or Status.AWAITING_REPORTER in TRANSITIONS[self.status]

    def changed(self, change: Change, *, by: Actor, at: datetime) -> "Report":
        """Return the report in its new status, with the event that took it there at the end of its timeline.

        `at` is aware UTC. Raises Conflict(`transition_not_allowed`) when TRANSITIONS has no such edge for an officer, Invalid
        when the new status demands an explanation or a registration number that is not there.
        """
        if TRANSITIONS[self.status].get(change.status) is not Mover.OFFICER:
            raise Conflict("transition_not_allowed", current=self.status, wanted=change.status)
        number = self._registration_number(change.status, change.registration_number)
        if change.status in REASON_REQUIRED and not change.explanation.strip():
            raise Invalid([FieldError("explanation", "reason_required")])
        require_filled(change.explanation)
        after = replace(self, registration_number=number)
        said = {"explanation": change.explanation, "remark": change.remark, "text": change.text, "batch": change.batch}
        said["to"] = number if number != self.registration_number else ""
        return after.with_event(EventKind.STATUS_CHANGED, change.status, by=by, at=at, key=change.key, **said)

    def asked(
        self,
        text: str,
        parts: Sequence[Part] = (),
        *,
        deadline_on: date,
        by: Actor,
        at: datetime,
        key: str = "",
        mark: str = "",
    ) -> "Report":
        """Return the report with a new open request; an older open one is replaced.

        `text` explains the `parts`; without them it is itself the one question, to be answered with a text. `mark` names the
        standard text that it came from.
        Raises Conflict(`question_not_allowed`) where nothing may be asked, Invalid for nothing asked or a deadline passed.
        """
        if not self.can_be_asked:
            raise Conflict("question_not_allowed", current=self.status)
        errors = [] if text or parts else [FieldError("text", "required")]
        if deadline_on <= day_of(at):
            errors.append(FieldError("deadlineOn", "deadline_in_past"))
        if errors:
            raise Invalid(errors)
        require_filled("\n".join((text, *(line for part in parts for line in (part.text, *part.choices)))), "text")
        number = len(self.questions) + 1
        facts: dict[str, Any] = {"explanation": text, "parts": tuple(parts)} if parts else {"parts": (Part(text),)}
        question = SupplementaryQuestion(number=number, asked_at=at, deadline_on=deadline_on, **facts)
        older = tuple(replace(q, ended_at=at, end="replaced") if q.is_open else q for q in self.questions)
        after = replace(self, questions=(*older, question))
        after.require_within_size_limit()
        said = {"question": number, "key": key, "text": mark}
        return after.with_event(EventKind.QUESTION_ASKED, Status.AWAITING_REPORTER, by=by, at=at, **said)

    def answered(self, number: int, answers: Mapping[str, Any] | str, *, at: datetime, key: str = "") -> "Report":
        """Return the report with the reporter's answers, back in the status it was in before the question.

        A text is the answer to the first question. When it is not open:
        Conflict(`question_answered`, `question_expired`, `question_replaced` or `question_unknown`).
        """
        question = self.open_question
        if question is None or question.number != number:
            ended = next((q for q in self.questions if q.number == number), None)
            raise Conflict(f"question_{ended.end}" if ended else "question_unknown")
        given = {NAMES[0]: answers} if isinstance(answers, str) else answers
        return self._question_ended(question, EventKind.QUESTION_ANSWERED, "answered", answers=given, by=REPORTER, at=at, key=key)

    def question_expired(self, *, at: datetime) -> "Report":
        """Return the report after the deadline of its open question; unchanged when none has passed."""
        question = self.open_question
        if question is None or day_of(at) <= question.deadline_on:
            return self
        return self._question_ended(question, EventKind.QUESTION_ENDED, "expired", by=SYSTEM, at=at)

    def wishes_changed(self, contact: Contact, *, at: datetime, key: str = "") -> "Report":
        """Return the report with other wishes of its own."""
        return self.contact_changed(contact, at=at, key=key, kind=EventKind.WISHES_CHANGED)

    def added(self, sort: Sort, answers: Mapping[str, Any], *, at: datetime, key: str = "") -> "Report":
        """Return the report with what its reporter adds, in any status; the statement stays as it was confirmed.

        Raises Conflict(`additions_full`, `report_full`) when there is so much that the report could not be kept.
        """
        if len(self.additions) >= MOST:
            raise Conflict("additions_full", most=MOST)
        addition = Addition(len(self.additions) + 1, sort, at, answers)
        after = replace(self, additions=(*self.additions, addition))
        after.require_within_size_limit()
        return after.with_event(_BY_SORT[sort], self.status, by=REPORTER, at=at, key=key)

    def contact_changed(
        self, contact: Contact, *, at: datetime, key: str = "", kind: EventKind = EventKind.CONTACT_CHANGED
    ) -> "Report":
        """Return the report with other contact details, by its reporter's choice; unchanged when they are the same.

        After MOST_WISHES of them a change makes no event any more: a report cannot grow for ever. It counts all the same, because
        whoever is in danger may not be reached as they were before.
        """
        if contact == self.contact:
            return self
        after = replace(self, contact=contact)
        if sum(event.kind is kind for event in self.timeline) >= MOST_WISHES:
            return replace(after, version=self.version + 1)
        return after.with_event(kind, self.status, by=REPORTER, at=at, key=key)

    def details_changed(self, contact: Contact, part: DetailsPart, number: int, *, at: datetime, key: str = "") -> "Report":
        """Return the report with a change that its reporter made for all their reports; unchanged when it took that before.

        `number` is that of the change. It is taken also where it changes nothing: it must not come back later.
        """
        if self.taken.has(part, number):
            return self
        after = replace(self.contact_changed(contact, at=at, key=key), taken=self.taken.with_change(part, number))
        return after if after.version > self.version else replace(after, version=self.version + 1)

    def address_found_unusable(self, addresses: frozenset[str], *, at: datetime) -> "Report":
        """Return the report with its address marked as unusable; unchanged when it has none of these `addresses` by now."""
        contact = self.contact
        if not contact.usable or contact.email.lower() not in addresses:
            return self
        after = replace(self, contact=replace(contact, usable=False))
        return after.with_event(EventKind.ADDRESS_UNUSABLE, self.status, by=SYSTEM, at=at)

    def contacted_offline(
        self, means: OfflineMeans, *, by: Actor, at: datetime, key: str = "", is_mail_given_up: bool = False
    ) -> "Report":
        """Return the report after an officer told its reporter what there is to know.

        Raises Conflict(`nothing_to_tell`) when mail brought all there is: the address works, and none was given up.
        """
        if self.to_contact_since is None and not is_mail_given_up:
            raise Conflict("nothing_to_tell")
        return self.with_event(EventKind.CONTACTED_OFFLINE, self.status, by=by, at=at, remark=means.value, key=key)

    def noted(self, remark: str, *, by: Actor, at: datetime, key: str = "", batch: str = "") -> "Report":
        """Return the report with a note that only officers read.

        Notes leave the last fifth of the room to its reporter and to decisions: then Conflict(`notes_full`).
        """
        if self.is_nearly_full:
            raise Conflict("notes_full")
        return self.with_event(EventKind.NOTED, self.status, by=by, at=at, remark=remark, key=key, batch=batch)

    def assigned(self, to: str, *, by: Actor, at: datetime, remark: str = "", key: str = "", batch: str = "") -> "Report":
        """Return the report in the hands of an officer or a team (their id), of nobody for an empty one; unchanged when it is."""
        if to == self.assignee:
            return self
        after = replace(self, assignee=to)
        return after.with_event(EventKind.ASSIGNED, self.status, to=to, by=by, at=at, remark=remark, key=key, batch=batch)

    def moved(self, unit: str, *, by: Actor, at: datetime, remark: str = "", key: str = "") -> "Report":
        """Return the report at another unit, where nobody has it yet; its place and its terms stay. Unchanged if it is there."""
        if unit == self.unit:
            return self
        return replace(self, unit=unit, assignee="").with_event(
            EventKind.MOVED, self.status, to=unit, by=by, at=at, remark=remark, key=key
        )

    def ranked(self, rank: Rank, *, by: Actor, at: datetime, remark: str = "", key: str = "") -> "Report":
        """Return the report to be taken up before others, or after them; unchanged when it is so already."""
        if rank is self.rank:
            return self
        return replace(self, rank=rank).with_event(
            EventKind.RANKED, self.status, to=rank.value, by=by, at=at, remark=remark, key=key
        )

    def joined(self, case: str, *, by: Actor, at: datetime, key: str = "", batch: str = "") -> "Report":
        """Return the report as one of a joint case; unchanged if it is. Raises Conflict(`already_joint`) if of another."""
        if self.joint_case == case:
            return self
        if self.joint_case:
            raise Conflict("already_joint", case=self.joint_case)
        return replace(self, joint_case=case).with_event(
            EventKind.JOINED, self.status, to=case, by=by, at=at, key=key, batch=batch
        )

    def left(self, *, by: Actor, at: datetime, remark: str = "", key: str = "", batch: str = "") -> "Report":
        """Return the report as one of no joint case; unchanged when it is of none."""
        if not self.joint_case:
            return self
        after = replace(self, joint_case="")
        facts = {"to": self.joint_case, "remark": remark, "key": key, "batch": batch}
        return after.with_event(EventKind.LEFT, self.status, by=by, at=at, **facts)

    def task_raised(self, task: Task, *, by: Actor, at: datetime, remark: str = "", key: str = "") -> "Report":
        """Return the report with a task open on it; unchanged when it is."""
        if task in self.open_tasks:
            return self
        return self.with_event(EventKind.TASK_RAISED, self.status, to=task.value, by=by, at=at, remark=remark, key=key)

    def task_noted(self, task: Task, *, by: Actor, at: datetime, remark: str = "", key: str = "") -> "Report":
        """Return the report with the task open on it; if it was, with one remark more, if there is any."""
        change = self.task_remarked if remark and task in self.open_tasks else self.task_raised
        return change(task, by=by, at=at, remark=remark, key=key)

    def task_remarked(self, task: Task, *, by: Actor, at: datetime, remark: str, key: str = "") -> "Report":
        """Return the report with one remark more about an open task; unchanged when it is closed, knows that, or has no room."""
        if task not in self.open_tasks or self.is_nearly_full or remark in self.task_remarks(task):
            return self
        return self.with_event(EventKind.TASK_RAISED, self.status, to=task.value, by=by, at=at, remark=remark, key=key)

    def task_done(self, task: Task, *, by: Actor, at: datetime, remark: str = "", key: str = "") -> "Report":
        """Return the report without the open task. Raises Conflict(`task_not_open`)."""
        if task not in self.open_tasks:
            raise Conflict("task_not_open")
        return self.with_event(EventKind.TASK_DONE, self.status, to=task.value, by=by, at=at, remark=remark, key=key)

    def reached_as(self, other: "Report") -> "Report":
        """Return the report, with what `other` knows of how its news reached its reporter."""
        reached = {name: getattr(other, name) for name in ("read_number", "read_at", "arrived_number", "missing_number")}
        return replace(self, **reached)

    def invited_to_survey(self, *, at: datetime) -> "Report":
        """Return the report with the invitation in its timeline; unchanged when it was invited before."""
        if self.survey_invited_at:
            return self
        return self.with_event(EventKind.SURVEY_INVITED, self.status, by=SYSTEM, at=at)

    def _registration_number(self, status: Status, given: str) -> str:
        if given:
            checked_number(given)
        if given and self.registration_number and given != self.registration_number:
            raise Invalid([FieldError("registrationNumber", "registration_number_stands")])
        if status is Status.REGISTERED and not (given or self.registration_number):
            raise Invalid([FieldError("registrationNumber", "registration_number_required")])
        return given or self.registration_number

    def _question_ended(
        self,
        question: SupplementaryQuestion,
        kind: EventKind,
        end: str,
        *,
        by: Actor,
        at: datetime,
        answers: Mapping[str, Any] | None = None,
        key: str = "",
    ) -> "Report":
        ended = replace(question, answers=answers or {}, ended_at=at, end=end)
        questions = tuple(ended if q is question else q for q in self.questions)
        return replace(self, questions=questions).with_event(
            kind, self.resumes_to, by=by, at=at, question=question.number, key=key
        )

    @property
    def is_nearly_full(self) -> bool:
        """True when four fifths of what a report can hold are taken."""
        return self.size > SIZE_LIMIT * 4 // 5

    def require_within_size_limit(self) -> None:
        """Raises Conflict(`report_full`) for a report that may not fit."""
        if self.size > SIZE_LIMIT:
            raise Conflict("report_full")

    def with_event(self, kind: EventKind, status: Status, *, by: Actor, at: datetime, **facts: Any) -> "Report":
        """Return the next version, with one event more (`facts` are its other fields). No policy here."""
        event = Event(number=len(self.timeline) + 1, kind=kind, at=at, by=by, status=status, **facts)
        return replace(self, status=status, version=self.version + 1, timeline=(*self.timeline, event))


def checked_number(number: str) -> str:
    """Return a police number. Raises Invalid for what can be none."""
    if not REGISTRATION_NUMBER.fullmatch(number):
        raise Invalid([FieldError("registrationNumber", "registration_number")])
    return number


def filed(
    *,
    reference: str,
    reporter: Reporter,
    statement: Statement,
    reach: Reach,
    unit: str,
    municipality: str,
    at: datetime,
    channel: Channel = Channel.ONLINE,
    by: Actor = REPORTER,
    key: str = "",
) -> Report:
    """Return a new report: version 1, received, with the event that says so."""
    received = Event(number=1, kind=EventKind.RECEIVED, at=at, by=by, status=Status.RECEIVED, key=key)
    return Report(
        reference=reference,
        reporter=reporter,
        statement=statement,
        kind=statement.kind,
        contact=reach.contact,
        unit=unit,
        municipality=municipality,
        channel=channel,
        timeline=(received,),
        taken=reach.taken,
    )


class Urgency(StrEnum):
    """How long a reporter has been waiting for news that no mail brings."""

    NEW = "new"
    OVER_A_DAY = "over_a_day"
    OVER_EIGHT_DAYS = "over_eight_days"


def urgency(since: datetime, now: datetime) -> Urgency:
    """Return how urgent it is: after a day somebody should have called, after eight a letter must go by post."""
    if now - since >= timedelta(days=8):
        return Urgency.OVER_EIGHT_DAYS
    return Urgency.OVER_A_DAY if now - since >= timedelta(days=1) else Urgency.NEW


def new_events(before: Report | None, after: Report) -> tuple[Event, ...]:
    """Return the timeline's new tail: the news of one write, empty for a write that tells nothing."""
    return after.timeline[len(before.timeline) if before else 0 :]
