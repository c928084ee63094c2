"""A report as DynamoDB keeps it, and back: the inverse pair `item_of` and `report_of`.

Indexes hold what a list shows and no more: no statement, no name, no address. Attribute names inside lists are short,
because every write of a report pays for the whole item.
"""

import json
from datetime import date
from typing import Any

from pynamodb.attributes import BooleanAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.core.clock import day_of, month_of
from chalicelib.core.logins import IdentityKind
from chalicelib.core.tables import InstantAttribute, ListOf, shard_of
from chalicelib.reports import promises, queue
from chalicelib.reports.additions import Addition, Sort
from chalicelib.reports.contact import Taken
from chalicelib.reports.contact_layout import ContactMap, contact_of, map_of
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, Channel, Event, EventKind, Rank, Role
from chalicelib.reports.facts import Reporter
from chalicelib.reports.information_request import NAMES, AnswerSort, Part, SupplementaryQuestion
from chalicelib.reports.model import Report
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import DECISIONS, Status

SHARDS = 4  # of the agenda index: one partition takes 1,000 writes a second


class _EventItem(MapAttribute[str, Any]):
    number = NumberAttribute(attr_name="n")
    kind = UnicodeAttribute(attr_name="k")
    at = InstantAttribute()
    role = UnicodeAttribute(attr_name="r")
    officer = UnicodeAttribute(attr_name="o", null=True)
    status = UnicodeAttribute(attr_name="s")
    explanation = UnicodeAttribute(attr_name="x", null=True)
    remark = UnicodeAttribute(attr_name="m", null=True)
    question = NumberAttribute(attr_name="q", null=True)
    key = UnicodeAttribute(attr_name="i", null=True)
    to = UnicodeAttribute(attr_name="v", null=True)
    undoes = NumberAttribute(attr_name="u", null=True)
    text = UnicodeAttribute(attr_name="t", null=True)
    batch = UnicodeAttribute(attr_name="b", null=True)


class _QuestionItem(MapAttribute[str, Any]):
    number = NumberAttribute(attr_name="n")
    text = UnicodeAttribute(attr_name="t", null=True)
    parts = UnicodeAttribute(attr_name="p", null=True)
    asked_at = InstantAttribute(attr_name="at")
    deadline_on = UnicodeAttribute(attr_name="d")
    answer = UnicodeAttribute(attr_name="a", null=True)
    answers = UnicodeAttribute(attr_name="w", null=True)
    ended_at = InstantAttribute(attr_name="ea", null=True)
    end = UnicodeAttribute(attr_name="e", null=True)


class _AdditionItem(MapAttribute[str, Any]):
    number = NumberAttribute(attr_name="n")
    sort = UnicodeAttribute(attr_name="s")
    at = InstantAttribute()
    answers = UnicodeAttribute(attr_name="a")


class ByReporter(GlobalSecondaryIndex[Any]):
    """A reporter's own reports by time of filing."""

    class Meta:
        index_name = "by_reporter"
        projection = IncludeProjection(
            ["kind", "unit", "status", "registration_number", "changed_at", "unreachable", "news_at", "answer_by"]
        )

    reporter = UnicodeAttribute(hash_key=True)
    filed_at = InstantAttribute(range_key=True)
    unreachable = BooleanAttribute(null=True)
    news_at = InstantAttribute(null=True)
    answer_by = UnicodeAttribute(null=True)


class Worklist(GlobalSecondaryIndex[Any]):
    """A unit's reports in one status by time of the last change."""

    class Meta:
        index_name = "worklist"
        projection = IncludeProjection(["kind", "unit", "status", "registration_number", "filed_at"])

    unit_status = UnicodeAttribute(hash_key=True)
    changed_at = InstantAttribute(range_key=True)


_LINE = [
    *("reference", "kind", "unit", "municipality", "status", "registration_number", "filed_at", "changed_at"),
    *("assignee", "rank", "joint_case", "desk_due", "fresh_at", "flags", "place"),
]  # what a line of the desk shows


def _line_without(*keys: str) -> list[str]:
    return [name for name in _LINE if name not in {*keys, "reference"}]


class Queue(GlobalSecondaryIndex[Any]):
    """A unit's reports in one status, in the order in which they are to be taken up (`queue.place`)."""

    class Meta:
        index_name = "queue"
        projection = IncludeProjection(_line_without("place"))

    unit_status = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)


class Mine(GlobalSecondaryIndex[Any]):
    """The open reports that an officer or a team has, in the same order; sparse."""

    class Meta:
        index_name = "mine"
        projection = IncludeProjection(_line_without("place"))

    holder = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)


class Attention(GlobalSecondaryIndex[Any]):
    """A unit's reports that ask for something beside their handling, decided ones too, in the same order; sparse."""

    class Meta:
        index_name = "attention"
        projection = IncludeProjection([*_line_without("place"), "tasks"])

    attention = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)


class Joint(GlobalSecondaryIndex[Any]):
    """The reports of a joint case; sparse."""

    class Meta:
        index_name = "joint"
        projection = IncludeProjection(_line_without("joint_case"))

    joint_case = UnicodeAttribute(hash_key=True)
    reference = UnicodeAttribute(range_key=True)


class ToContact(GlobalSecondaryIndex[Any]):
    """The reports of a unit whose reporter must be told by telephone or letter, by since when; sparse."""

    class Meta:
        index_name = "to_tell"  # as it was made
        projection = IncludeProjection(["kind", "unit", "status", "registration_number", "filed_at", "changed_at"])

    tell_unit = UnicodeAttribute(hash_key=True)
    tell_since = InstantAttribute(range_key=True)


class ByMonth(GlobalSecondaryIndex[Any]):
    """The reports that were filed in a month, with what can be counted of them. It changes with no later write."""

    class Meta:
        index_name = "by_month"
        projection = IncludeProjection(["kind", "unit", "municipality", "channel"])

    filed_month = UnicodeAttribute(hash_key=True)
    filed_at = InstantAttribute(range_key=True)


class Agenda(GlobalSecondaryIndex[Any]):
    """The work that the system has to do, by day; sparse. The shard spreads the writes; the day is the range key, so that one
    query per shard also finds what an outage left behind.
    """

    class Meta:
        index_name = "agenda"
        projection = KeysOnlyProjection()

    agenda_shard = NumberAttribute(hash_key=True)
    due_on = UnicodeAttribute(range_key=True)


class ReportItem(Model):
    """A report as DynamoDB keeps it."""

    reference = UnicodeAttribute(hash_key=True)
    version = NumberAttribute()
    reporter = UnicodeAttribute()
    sealed_bsn = UnicodeAttribute(null=True)  # of a reporter with a BSN
    identity = UnicodeAttribute(null=True)  # of a reporter without one: what they are known by
    company = UnicodeAttribute(null=True)
    statement = UnicodeAttribute()
    kind = UnicodeAttribute()
    unit = UnicodeAttribute()
    municipality = UnicodeAttribute()
    channel = UnicodeAttribute()
    contact: ContactMap = ContactMap()
    status = UnicodeAttribute()
    unit_status = UnicodeAttribute()
    registration_number = UnicodeAttribute(null=True)
    filed_at = InstantAttribute()
    filed_month = UnicodeAttribute()
    changed_at = InstantAttribute()
    timeline: ListOf[_EventItem] = ListOf(of=_EventItem)
    questions: ListOf[_QuestionItem] = ListOf(of=_QuestionItem)
    additions: ListOf[_AdditionItem] = ListOf(of=_AdditionItem)
    agenda_shard = NumberAttribute(null=True)
    due_on = UnicodeAttribute(null=True)
    unreachable = BooleanAttribute(null=True)
    news_at = InstantAttribute(null=True)
    answer_by = UnicodeAttribute(null=True)
    tell_unit = UnicodeAttribute(null=True)
    tell_since = InstantAttribute(null=True)
    taken_address = NumberAttribute(null=True)
    taken_choices = NumberAttribute(null=True)
    # The desk's: an item of before there were these has none until it is written again.
    place = UnicodeAttribute(null=True)
    assignee = UnicodeAttribute(null=True)
    attention = UnicodeAttribute(null=True)  # the unit, as long as something is asked for
    holder = UnicodeAttribute(null=True)  # the assignee, as long as the report is open
    rank = UnicodeAttribute(null=True)
    joint_case = UnicodeAttribute(null=True)
    desk_due = UnicodeAttribute(null=True)
    fresh_at = InstantAttribute(null=True)
    flags = UnicodeAttribute(null=True)
    tasks = UnicodeAttribute(null=True)
    read_number = NumberAttribute(null=True)
    read_at = InstantAttribute(null=True)
    arrived_number = NumberAttribute(null=True)
    missing_number = NumberAttribute(null=True)

    by_reporter = ByReporter()
    worklist = Worklist()
    agenda = Agenda()
    by_month = ByMonth()
    to_contact = ToContact()
    queue = Queue()
    mine = Mine()
    joint = Joint()
    by_attention = Attention()


def item_of(report: Report, model: type[ReportItem], deadlines: Deadlines) -> ReportItem:
    """Return the item of `model` (bound to a stage's table) that holds the report, with its day on the agenda under `terms`."""
    due_on, until, waiting_since = promises.due_on(report, deadlines), report.answer_by, report.to_contact_since
    desk_due, flags, tasks = queue.due_on(report), queue.flags(report), report.open_tasks
    return model(
        reference=report.reference,
        version=report.version,
        reporter=report.reporter.pseudonym,
        sealed_bsn=report.reporter.sealed_bsn or None,
        identity=None if report.reporter.kind is IdentityKind.BSN else report.reporter.kind.value,
        company=report.reporter.company or None,
        statement=report.statement.text,
        kind=report.kind,
        unit=report.unit,
        municipality=report.municipality,
        channel=report.channel.value,
        contact=map_of(report.contact),
        status=report.status.value,
        unit_status=f"{report.unit}#{report.status}",
        registration_number=report.registration_number or None,
        filed_at=report.filed_at,
        filed_month=month_of(day_of(report.filed_at)),
        changed_at=report.changed_at,
        timeline=[_event_item(event) for event in report.timeline],
        questions=[_question_item(question) for question in report.questions],
        additions=[_addition_item(addition) for addition in report.additions],
        agenda_shard=shard_of(report.reference, SHARDS) if due_on else None,
        due_on=due_on.isoformat() if due_on else None,
        unreachable=None if report.contact.usable else True,
        news_at=report.news_at,
        answer_by=until.isoformat() if until else None,
        tell_unit=report.unit if waiting_since else None,
        tell_since=waiting_since,
        taken_address=report.taken.address or None,
        taken_choices=report.taken.choices or None,
        place=queue.place(report),
        assignee=report.assignee or None,
        attention=report.unit if queue.ASKS & set(flags) else None,
        holder=None if report.status in DECISIONS else report.assignee or None,
        rank=None if report.rank is Rank.NORMAL else report.rank.value,
        joint_case=report.joint_case or None,
        desk_due=desk_due.isoformat() if desk_due else None,
        fresh_at=queue.fresh_at(report),
        flags=" ".join(flags) or None,
        tasks=" ".join(tasks) or None,
        read_number=report.read_number or None,
        read_at=report.read_at,
        arrived_number=report.arrived_number or None,
        missing_number=report.missing_number or None,
    )


def report_of(item: ReportItem) -> Report:
    """Return the report that an item holds: the inverse of `item_of`."""
    return Report(
        reference=item.reference,
        reporter=Reporter(
            item.reporter, item.sealed_bsn or "", IdentityKind(item.identity or IdentityKind.BSN), item.company or ""
        ),
        statement=Statement(item.statement),
        kind=item.kind,
        contact=contact_of(item.contact),
        unit=item.unit,
        municipality=item.municipality,
        channel=Channel(item.channel),
        status=Status(item.status),
        version=int(item.version),
        timeline=tuple(_event(event) for event in item.timeline),
        questions=tuple(_question(question) for question in item.questions),
        additions=tuple(_addition(addition) for addition in item.additions),
        registration_number=item.registration_number or "",
        taken=Taken(int(item.taken_address or 0), int(item.taken_choices or 0)),
        assignee=item.assignee or "",
        rank=Rank(item.rank or Rank.NORMAL),
        joint_case=item.joint_case or "",
        read_number=int(item.read_number or 0),
        read_at=item.read_at,
        arrived_number=int(item.arrived_number or 0),
        missing_number=int(item.missing_number or 0),
    )


def _event_item(event: Event) -> _EventItem:
    return _EventItem(
        number=event.number,
        kind=event.kind.value,
        at=event.at,
        role=event.by.role.value,
        officer=event.by.id or None,
        status=event.status.value,
        explanation=event.explanation or None,
        remark=event.remark or None,
        question=event.question or None,
        key=event.key or None,
        to=event.to or None,
        undoes=event.undoes or None,
        text=event.text or None,
        batch=event.batch or None,
    )


def _event(item: Any) -> Event:
    return Event(
        number=int(item.number),
        kind=EventKind(item.kind),
        at=item.at,
        by=Actor(Role(item.role), item.officer or ""),
        status=Status(item.status),
        explanation=item.explanation or "",
        remark=item.remark or "",
        question=int(item.question or 0),
        key=item.key or "",
        to=item.to or "",
        undoes=int(item.undoes or 0),
        text=item.text or "",
        batch=item.batch or "",
    )


def _question_item(question: SupplementaryQuestion) -> _QuestionItem:
    return _QuestionItem(
        number=question.number,
        text=question.explanation or None,
        parts=_compact([[part.sort, part.text, *part.choices] for part in question.parts]),
        asked_at=question.asked_at,
        deadline_on=question.deadline_on.isoformat(),
        answers=_compact(question.answers) if question.answers else None,
        ended_at=question.ended_at,
        end=question.end or None,
    )


def _question(item: Any) -> SupplementaryQuestion:
    """An item of before there were sorts of questions has no parts: its text is the question, its answer a text."""
    parts = json.loads(item.parts) if item.parts else [[AnswerSort.TEXT, item.text]]
    answers = json.loads(item.answers) if item.answers else {NAMES[0]: item.answer} if item.answer else {}
    return SupplementaryQuestion(
        number=int(item.number),
        explanation=(item.text or "") if item.parts else "",
        parts=tuple(Part(text, AnswerSort(sort), tuple(choices)) for sort, text, *choices in parts),
        asked_at=item.asked_at,
        deadline_on=date.fromisoformat(item.deadline_on),
        answers=answers,
        ended_at=item.ended_at,
        end=item.end or "",
    )


def _compact(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _addition_item(addition: Addition) -> _AdditionItem:
    return _AdditionItem(
        number=addition.number,
        sort=addition.sort.value,
        at=addition.at,
        answers=json.dumps(addition.answers, ensure_ascii=False),
    )


def _addition(item: Any) -> Addition:
    return Addition(int(item.number), Sort(item.sort), item.at, json.loads(item.answers))
