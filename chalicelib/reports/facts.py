"""Everything that is known of a report, and what follows from it: whose it is, what stands, what its reporter has still to hear.

Pure. The changes that may happen to a report are methods of `model.Report`.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.core.clock import day_of
from chalicelib.core.errors import Conflict
from chalicelib.core.logins import IdentityKind
from chalicelib.people.model import Citizen
from chalicelib.reports.additions import Addition
from chalicelib.reports.contact import MOST_WISHES, NOTHING_TAKEN, Contact, InformationWish, Taken
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import INTERNAL, Channel, Event, EventKind, Rank, Role
from chalicelib.reports.information_request import LARGEST_ANSWER, SupplementaryQuestion
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import DECISIONS, Status
from chalicelib.reports.tasks import Task, ticked

RETRACTED = "retracted"  # how a question ended that was taken back
_EVENT_SIZE = 200  # bytes of an event without its texts
OF_CONTACT = (EventKind.WISHES_CHANGED, EventKind.CONTACT_CHANGED)  # at most MOST_WISHES of each (Report.contact_changed)
_NEWS = frozenset(
    {
        EventKind.ADDRESS_UNUSABLE,
        EventKind.STATUS_CHANGED,
        EventKind.QUESTION_ASKED,
        EventKind.QUESTION_ENDED,
        EventKind.UPDATE_GIVEN,
        EventKind.REMINDED,
    }
)
_OF_TASKS = frozenset({EventKind.TASK_RAISED, EventKind.TASK_DONE})
_OF_STATUS = frozenset(  # the events that leave a status of their own; others note the one in which they found the report
    {
        EventKind.RECEIVED,
        EventKind.STATUS_CHANGED,
        EventKind.QUESTION_ASKED,
        EventKind.QUESTION_ANSWERED,
        EventKind.QUESTION_ENDED,
    }
)


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whose report it is: the keyed pseudonym to find it by, and the BSN sealed for the official report alone.

    A reporter who is known by something else than a BSN has none: `kind` says by what, `company` for which company they reported.
    """

    pseudonym: str
    sealed_bsn: str
    kind: IdentityKind = IdentityKind.BSN
    company: str = ""

    @classmethod
    def of(cls, citizen: Citizen) -> "Reporter":
        return cls(citizen.pseudonym, citizen.sealed_bsn, citizen.kind, citizen.company)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """All that is known of a report, and what follows from it. Immutable.

    `assignee` is the id of an officer or a team, empty while nobody has it; `joint_case` the case in which it is handled together
    with others. `read_number` is the newest event that its reporter read after logging in, `read_at` when they first did.
    `arrived_number` is the decision whose mail is known to have arrived, `missing_number` the one whose mail was not when it was
    looked up (ADR-0058).
    """

    reference: str
    reporter: Reporter
    statement: Statement
    kind: str
    contact: Contact
    unit: str
    municipality: str
    channel: Channel = Channel.ONLINE
    status: Status = Status.RECEIVED
    version: int = 1
    timeline: tuple[Event, ...] = ()
    questions: tuple[SupplementaryQuestion, ...] = ()
    additions: tuple[Addition, ...] = ()
    registration_number: str = ""
    taken: Taken = NOTHING_TAKEN
    assignee: str = ""
    rank: Rank = Rank.NORMAL
    joint_case: str = ""
    read_number: int = 0
    read_at: datetime | None = None
    arrived_number: int = 0
    missing_number: int = 0

    @property
    def filed_at(self) -> datetime:
        return self.timeline[0].at

    @property
    def changed_at(self) -> datetime:
        """When something last happened that its reporter may see: the desk's own acts do not show in a date either."""
        return self.told[-1].at

    @property
    def retracted(self) -> frozenset[int]:
        """The numbers of the events that were taken back."""
        return frozenset(event.undoes for event in self.timeline if event.kind is EventKind.RETRACTED)

    @property
    def effective(self) -> tuple[Event, ...]:
        """The events that still hold: without those that were taken back, and without the taking back."""
        gone = self.retracted
        return tuple(e for e in self.timeline if e.number not in gone and e.kind is not EventKind.RETRACTED)

    @property
    def told(self) -> tuple[Event, ...]:
        """The timeline as its reporter may see it: neither what is the desk's own, nor what was taken back."""
        return tuple(event for event in self.effective if event.kind not in INTERNAL)

    @property
    def told_questions(self) -> tuple[SupplementaryQuestion, ...]:
        """The questions as their reporter may see them: without those that were taken back."""
        return tuple(question for question in self.questions if question.end != RETRACTED)

    @property
    def open_question(self) -> SupplementaryQuestion | None:
        return next((q for q in self.questions if q.is_open), None)

    @property
    def decided_at(self) -> datetime | None:
        """When the decision that stands was taken; None while there is none."""
        if self.status not in DECISIONS:
            return None
        return next(e.at for e in reversed(self.effective) if e.kind is EventKind.STATUS_CHANGED)

    @property
    def survey_invited_at(self) -> datetime | None:
        return next((e.at for e in self.timeline if e.kind is EventKind.SURVEY_INVITED), None)

    @property
    def resumes_to(self) -> Status:
        """The status to which an awaiting report goes back: the one before the first of the open run of questions."""
        settled = (e.status for e in reversed(self.effective) if e.kind in _OF_STATUS)
        return next(status for status in settled if status is not Status.AWAITING_REPORTER)

    @property
    def news_at(self) -> datetime | None:
        """When something last happened that the reporter did not do; None while all of the timeline is their own."""
        return next((event.at for event in reversed(self.told) if event.by.role is not Role.REPORTER), None)

    @property
    def answer_by(self) -> date | None:
        """The last day on which the open question can be answered; None when nothing is asked."""
        return self.open_question.deadline_on if self.open_question else None

    @property
    def to_contact_since(self) -> datetime | None:
        """Since when there is news that no mail brings to the reporter, None when there is none.

        No mail arrives where there is no address, or one that is unusable: SES says that a mail to it came back for good, or its
        reader called it spam. A reporter who wants to hear nothing is told only of what asks them to act. A reporter who
        read it after login knows it. A decision of which no mail arrived in time is told as well.
        """
        if self.contact.usable and self.contact.email:
            return self._unnoticed_since
        is_wanted = _asks_to_act if self.contact.information is InformationWish.NOTHING else _is_news
        since: datetime | None = None
        for event in self.told:
            if event.kind is EventKind.CONTACTED_OFFLINE:
                since = None
            elif event.number > self.read_number and is_wanted(event):
                since = since or event.at
        return since or self._unnoticed_since

    @property
    def decision(self) -> Event | None:
        """The event of the decision that stands; None while there is none."""
        if self.status not in DECISIONS:
            return None
        return next((event for event in reversed(self.told) if event.kind is EventKind.STATUS_CHANGED), None)

    def has_reached(self, news: Event) -> bool:
        """True when its reporter is known to have this news: read after login, told by an officer, or a mail that arrived."""
        told = (event.number for event in self.told if event.kind is EventKind.CONTACTED_OFFLINE)
        return max(self.read_number, self.arrived_number, *told, 0) >= news.number

    @property
    def _unnoticed_since(self) -> datetime | None:
        decided = self.decision
        is_missing = decided is not None and self.missing_number == decided.number and not self.has_reached(decided)
        return decided.at if decided and is_missing else None

    @property
    def size(self) -> int:
        """The bytes that the report takes, and will take when its open question is answered as fully as can be."""
        questions = [(q.explanation, [(p.text, p.choices) for p in q.parts], dict(q.answers)) for q in self.questions]
        additions = [dict(addition.answers) for addition in self.additions]
        events = sum(_EVENT_SIZE + _bytes(event.explanation) + _bytes(event.remark) for event in self.timeline)
        changes_left = len(OF_CONTACT) * MOST_WISHES - sum(event.kind in OF_CONTACT for event in self.timeline)
        reserved = (LARGEST_ANSWER if self.open_question else 0) + changes_left * _EVENT_SIZE
        return len(self.statement.text.encode()) + _bytes(questions) + _bytes(additions) + events + reserved

    def handled(self, key: str) -> bool:
        """True when the request with this idempotency key (its digest) is already in the timeline.

        After a dot a key may name the content of its request. Raises Conflict(`idempotency_key_reused`) when the timeline
        has the same key with other content: two requests, and only one was carried out.
        """
        name = key.partition(".")[0]
        found = next((e.key for e in self.timeline if name and e.key.partition(".")[0] == name), "")
        if found and found != key:
            raise Conflict("idempotency_key_reused")
        return bool(found)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The tasks that the reporter ticked or that were raised, and that are not done, in the order of their table."""
        last = dict.fromkeys(map(str, ticked(self.statement.answers, self.status)), EventKind.TASK_RAISED)
        last |= {event.to: event.kind for event in self.effective if event.kind in _OF_TASKS}
        return tuple(task for task in Task if last.get(task) is EventKind.TASK_RAISED)

    def task_remarks(self, task: Task) -> tuple[str, ...]:
        """Return what was said of a task since it lies open: when it was raised, and later; nothing of one that is not open."""
        said: list[str] = []
        for event in self.effective:
            if event.to == task.value and event.kind is EventKind.TASK_DONE:
                said = []
            elif event.to == task.value and event.kind is EventKind.TASK_RAISED and event.remark:
                said.append(event.remark)
        return tuple(said) if task in self.open_tasks else ()

    def survey_due_on(self, deadlines: Deadlines) -> date | None:
        """Return the day to invite the reporter to the survey, None when that is done."""
        if self.survey_invited_at:
            return None
        latest = day_of(self.filed_at) + timedelta(days=deadlines.survey_latest_days)
        if self.decided_at is None:
            return latest
        return min(latest, day_of(self.decided_at) + timedelta(days=deadlines.survey_after_decision_days))

    def due_on(self, deadlines: Deadlines) -> date | None:
        """Return the first day on which the system has something to do for this report, None when never."""
        question = self.open_question
        expiry = question.deadline_on + timedelta(days=1) if question else None
        return min((day for day in (expiry, self.survey_due_on(deadlines)) if day), default=None)


def _is_news(event: Event) -> bool:
    return event.kind in _NEWS


def _asks_to_act(event: Event) -> bool:
    """True for a question, for what reminds of one, and for a report that goes no further online."""
    is_referred = event.kind is EventKind.STATUS_CHANGED and event.status is Status.REFERRED
    return is_referred or event.kind in (EventKind.QUESTION_ASKED, EventKind.REMINDED)


def _bytes(content: Any) -> int:
    return len(json.dumps(content, ensure_ascii=False, default=str).encode())
