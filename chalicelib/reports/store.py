"""The reports table: one item per report, one named function per access pattern.

Every write states its condition, and carries its event in the same write.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any, Protocol

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core.clock import day_of, month_of, months
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, find, require_first, update, wrote
from chalicelib.forms.places import units
from chalicelib.reports import queue
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Rank
from chalicelib.reports.filters import EVERYTHING, Filters, Index, Run
from chalicelib.reports.line_layout import condition_of, facts_of
from chalicelib.reports.model import Report
from chalicelib.reports.queue import Flag
from chalicelib.reports.registry import Registry
from chalicelib.reports.statuses import Status
from chalicelib.reports.table import SHARDS, Agenda, ReportItem, Worklist, item_of, report_of
from chalicelib.reports.tasks import Task

TASKS_PAGE = 100  # reports that ask for something, through which one page of tasks looks: it may show fewer
PAGE = 20  # lines of a list: what one look on a phone takes in, and 2 ms less to read than 50


@dataclass(frozen=True, slots=True)
class ReportLine:
    """The line of a report in a list; read from an index, without the statement."""

    reference: str
    kind: str
    unit: str
    status: Status
    filed_at: datetime
    changed_at: datetime
    registration_number: str
    # Told by the list of one's own reports alone: mail to its reporter comes back; when there was news; until when to answer.
    unreachable: bool = False
    news_at: datetime | None = None
    answer_by: date | None = None
    tell_since: datetime | None = None  # told by the list of whom to contact alone
    # Told by the lists of the desk alone.
    municipality: str = ""
    assignee: str = ""
    rank: Rank = Rank.NORMAL
    joint_case: str = ""
    due_on: date | None = None
    fresh_at: datetime | None = None
    flags: tuple[Flag, ...] = ()
    place: str = ""
    tasks: tuple[Task, ...] = ()  # told by the list of tasks alone


def line_of(report: Report, *, tell_since: datetime | None = None) -> ReportLine:
    """Return the line of a report that was read whole."""
    return ReportLine(
        reference=report.reference,
        kind=report.kind,
        unit=report.unit,
        status=report.status,
        filed_at=report.filed_at,
        changed_at=report.changed_at,
        registration_number=report.registration_number,
        tell_since=tell_since,
        municipality=report.municipality,
        assignee=report.assignee,
        rank=report.rank,
        joint_case=report.joint_case,
        due_on=queue.due_on(report),
        fresh_at=queue.fresh_at(report),
        flags=queue.flags(report),
        place=queue.place(report),
        tasks=report.open_tasks,
    )


@dataclass(frozen=True, slots=True)
class Filing:
    """The facts of one report that can be counted; read from an index, without anything of its reporter."""

    reference: str
    kind: str
    unit: str
    municipality: str
    channel: str
    filed_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and where the next one starts (empty on the last page)."""

    lines: tuple[ReportLine, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a run: the lines that are wanted, how many reports were looked at, and the place of the last of those.

    `reached` is empty when the run ends there.
    """

    lines: tuple[ReportLine, ...]
    looked: int
    reached: str


class Reports(Protocol):
    """The store of reports that the features need; tests/support/fakes.py has another one under the same contract."""

    def add(self, report: Report) -> Report:
        """Write a new report. When the reference is taken, return the report that holds it (the caller compares)."""
        ...

    def get(self, reference: str) -> Report | None:
        """Return the newest version of a report, None when there is none."""
        ...

    def save(self, before: Report, after: Report) -> Report:
        """Write `after` over `before`, with its new events. Raises Conflict(`stale_version`) when someone was first.

        Raises Invalid(`registration_number_taken`) for a police number that another report has.
        """
        ...

    def require_number(self, report: Report) -> None:
        """Raise what `save` would raise about the report's police number, and write nothing."""
        ...

    def mark(self, before: Report, after: Report) -> bool:
        """Write how news reached its reporter (`read_number` and its like), with no version and no event of its own: a form
        that an officer has open stays good. Return False, and write nothing, when somebody changed or marked it meanwhile.
        """
        ...

    def of_reporter(self, pseudonym: str, *, cursor: str = "") -> Page:
        """Return a reporter's own reports, the newest filed first."""
        ...

    def any_unreachable(self, pseudonym: str) -> bool:
        """True when mail about one of a reporter's own reports comes back."""
        ...

    def look(
        self, run: Run, *, filters: Filters = EVERYTHING, descending: bool = False, after: str = "", most: int = PAGE
    ) -> Slice:
        """Return the wanted reports among the first `most` of a run that stand behind the place `after`, in one question."""
        ...

    def to_contact(self, unit: str, *, cursor: str = "") -> Page:
        """Return a unit's reports whose reporter must be told by telephone or letter, the longest waiting first."""
        ...

    def with_tasks(self, unit: str, task: Task | None = None, *, cursor: str = "") -> Page:
        """Return a unit's reports with an open task (or with this one), in the order of the queue.

        A page of one task can have fewer lines than another.
        """

    def held_by(self, holder: str) -> Iterator[ReportLine]:
        """Return the open reports that an officer or a team has, of every unit, in the order of the queue."""
        ...

    def joint(self, case: str, *, cursor: str = "") -> Page:
        """Return the reports of a joint case, of every unit, by their reference."""
        ...

    def lines(self, references: Sequence[str]) -> tuple[ReportLine, ...]:
        """Return the lines of some reports, in this order, in one read per hundred; those that are not there have none."""
        ...

    def due(self, on: date) -> Iterator[str]:
        """Return the references of all reports for which the system has something to do on or before `on`."""
        ...

    def changed_since(self, at: datetime) -> Iterator[str]:
        """Return the references of all reports that were changed from `at` on, of every unit."""
        ...

    def filed_in(self, month: str) -> Iterator["Filing"]:
        """Return what can be counted of the reports that were filed in a month (`2016-07`)."""
        ...

    def filed_before(self, at: datetime) -> Iterator[str]:
        """Return the references of all reports that were filed before `at`, the longest filed first."""
        ...

    def remove(self, report: Report) -> None:
        """Forget a report; nothing happens when it is not there. Raises Conflict(`stale_version`) when it was changed."""
        ...


_AT_A_GLANCE = ("unreachable", "news_at", "answer_by", "tell_unit", "tell_since")
_OF_A_LINE = ["reference", "kind", "unit", "status", "filed_at", "changed_at", "registration_number"]
_TAKEN = ("taken_address", "taken_choices")
_REACHED = ("read_number", "read_at", "arrived_number", "missing_number")
_AT_DESK = ("unit", "place", "assignee", "attention", "holder", "rank", "joint_case", "desk_due", "fresh_at", "flags", "tasks")
_CHANGING = (
    "contact",
    "status",
    "unit_status",
    "registration_number",
    "agenda_shard",
    "due_on",
    *_AT_A_GLANCE,
    *_TAKEN,
    *_AT_DESK,
)


class ReportStore:
    """Reports in DynamoDB."""

    def __init__(self, settings: Settings, deadlines: Deadlines) -> None:
        self._model = bind(ReportItem, "reports", settings)
        self._registry, self._deadlines = Registry(settings), deadlines

    def add(self, report: Report) -> Report:
        is_first = wrote(item_of(report, self._model, self._deadlines).save, condition=ReportItem.reference.does_not_exist())
        return report if is_first else self._stored(report.reference)

    def get(self, reference: str) -> Report | None:
        item = find(self._model, reference)
        return report_of(item) if item else None

    def save(self, before: Report, after: Report) -> Report:
        is_same_number = after.registration_number == before.registration_number
        if after.registration_number and not is_same_number:
            self.register(after)
        stored = self._saved(before, after)
        if before.registration_number and not is_same_number:
            self._registry.free(before.registration_number, before.reference, before.version)
        return stored

    def register(self, report: Report) -> None:
        """Claim the police number of a report. Raises Invalid when another report has it; again nothing happens."""
        number, version = report.registration_number, report.version
        if not self._registry.claim(number, report.reference, version, at=report.timeline[-1].at, has=self._has_number):
            raise _taken()

    def require_number(self, report: Report) -> None:
        number, at = report.registration_number, report.timeline[-1].at
        if number and not self._registry.may_claim(number, report.reference, at=at, has=self._has_number):
            raise _taken()

    def _has_number(self, reference: str, number: str) -> bool:
        report = self.get(reference)
        return report is not None and report.registration_number == number

    def _saved(self, before: Report, after: Report) -> Report:
        item, fresh = (item_of(report, self._model, self._deadlines) for report in (before, after))
        news = fresh.timeline[len(before.timeline) :]
        actions: list[Action] = [
            ReportItem.version.set(after.version),
            ReportItem.changed_at.set(after.changed_at),
            ReportItem.timeline.set(ReportItem.timeline.append(news)),
        ]
        if added := fresh.additions[len(before.additions) :]:  # appended: what stands there may be large
            actions.append(ReportItem.additions.set(ReportItem.additions.append(added)))
        for place, question in enumerate(after.questions):  # one by one: what was answered before may be large
            if before.questions[place : place + 1] != (question,):
                actions.append(ReportItem.questions[place].set(fresh.questions[place]))
        actions += _changes(item, fresh, _CHANGING)
        if wrote(update, item, actions, _as_known(item)):
            return after
        stored = self.get(after.reference)
        if stored and stored.version == before.version:  # its reporter only read it meanwhile
            _require_unread(before, after, stored)
            return self._saved(before.reached_as(stored), after.reached_as(stored))
        return require_first(has_written=False, after=after.reached_as(stored) if stored else after, present=lambda: stored)

    def mark(self, before: Report, after: Report) -> bool:
        item, fresh = (item_of(report, self._model, self._deadlines) for report in (before, after))
        return wrote(update, item, list(_changes(item, fresh, (*_REACHED, *_CHANGING))), _as_known(item))

    def bring_into_lists(self, reference: str, *, only_look: bool = False) -> bool:
        """Give an item of before there were the desk's lists what these need; True for one that lacked it.

        Whoever writes the report at the same moment does the same, so a version that has moved on is no fault.
        """
        item = find(self._model, reference)
        if item is None or item.place:
            return False
        fresh = item_of(report_of(item), self._model, self._deadlines)
        actions = [getattr(ReportItem, name).set(value) for name in _AT_DESK if (value := getattr(fresh, name)) is not None]
        return only_look or wrote(update, item, actions, ReportItem.version == item.version)

    def of_reporter(self, pseudonym: str, *, cursor: str = "") -> Page:
        window = _window(cursor, "filed_at", reporter=pseudonym)
        return _page(self._model.by_reporter.query(pseudonym, scan_index_forward=False, **window), "filed_at")

    def any_unreachable(self, pseudonym: str) -> bool:
        found = self._model.by_reporter.query(pseudonym, filter_condition=ReportItem.unreachable.exists())
        return next(iter(found), None) is not None

    def look(
        self, run: Run, *, filters: Filters = EVERYTHING, descending: bool = False, after: str = "", most: int = PAGE
    ) -> Slice:
        if after and (after < run.low if descending else after > run.high):
            return Slice((), 0, "")
        window: dict[str, Any] = {"page_size": most, "scan_index_forward": not descending}
        if after and run.low <= after <= run.high:  # DynamoDB refuses a start outside the query
            window["last_evaluated_key"] = _start(run, after)
        found = getattr(self._model, _INDEXES[run.index]).query(
            run.key, ReportItem.place.between(run.low, run.high), filter_condition=condition_of(filters), **window
        )
        page = next(found.page_iter)  # one question, however much the filter passes over
        lines = tuple(ReportLine(**facts_of(item)) for item in page["Items"])
        last = page.get("LastEvaluatedKey")
        return Slice(lines, page["ScannedCount"], last["place"]["S"] if last else "")

    def to_contact(self, unit: str, *, cursor: str = "") -> Page:
        window = _window(cursor, "tell_since", tell_unit=unit)
        return _page(self._model.to_contact.query(unit, **window), "tell_since")

    def with_tasks(self, unit: str, task: Task | None = None, *, cursor: str = "") -> Page:
        window = _task_window(unit, cursor)
        found = self._model.by_attention.query(unit, limit=TASKS_PAGE, page_size=TASKS_PAGE, **window)
        lines = tuple(_line(item) for item in found)
        is_last = len(lines) < TASKS_PAGE or found.last_evaluated_key is None
        wanted = tuple(line for line in lines if (task in line.tasks if task else line.tasks))
        return Page(wanted, "" if is_last else f"{lines[-1].reference}-{lines[-1].place}")

    def held_by(self, holder: str) -> Iterator[ReportLine]:
        yield from map(_line, self._model.mine.query(holder))

    def joint(self, case: str, *, cursor: str = "") -> Page:
        window: dict[str, Any] = {"limit": PAGE, "page_size": PAGE}
        if cursor:
            match = _CURSOR.fullmatch(cursor)
            if not match:
                raise Invalid([FieldError("cursor", "cursor")])
            window["last_evaluated_key"] = {"joint_case": {"S": case}, "reference": {"S": match["reference"]}}
        return _page(self._model.joint.query(case, **window), "filed_at")

    def lines(self, references: Sequence[str]) -> tuple[ReportLine, ...]:
        found = {item.reference: _line(item) for item in self._model.batch_get(list(references), attributes_to_get=_OF_A_LINE)}
        return tuple(found[reference] for reference in references if reference in found)

    def due(self, on: date) -> Iterator[str]:
        for shard in range(SHARDS):
            for item in self._model.agenda.query(shard, Agenda.due_on <= on.isoformat()):
                yield item.reference

    def changed_since(self, at: datetime) -> Iterator[str]:
        # A hundred short queries: 25 ms of CPU an hour. An index of changes would take two writes more for each change.
        for unit, status in product(units(), Status):
            for item in self._model.worklist.query(f"{unit}#{status}", Worklist.changed_at >= at):
                yield item.reference

    def filed_in(self, month: str) -> Iterator[Filing]:
        for item in self._model.by_month.query(month):
            yield Filing(item.reference, item.kind, item.unit, item.municipality, item.channel, item.filed_at)

    def filed_before(self, at: datetime) -> Iterator[str]:
        for month in months(_FIRST_MONTH, month_of(day_of(at))):
            for item in self._model.by_month.query(month, ReportItem.filed_at < at):
                yield item.reference

    def remove(self, report: Report) -> None:
        if report.registration_number:  # first: what is left of a report that is gone, nobody would find
            self._registry.free(report.registration_number, report.reference, report.version)
        gone = ReportItem.reference.does_not_exist()
        if not wrote(self._model(reference=report.reference).delete, condition=gone | (ReportItem.version == report.version)):
            raise Conflict("stale_version")

    def report_of_image(self, image: dict[str, Any]) -> Report:
        """Return the report that a stream image (DynamoDB JSON) holds."""
        return report_of(self._model.from_raw_data(image))

    def _stored(self, reference: str) -> Report:
        return report_of(self._model.get(reference, consistent_read=True))


_INDEXES = {Index.QUEUE: "queue", Index.MINE: "mine", Index.ATTENTION: "by_attention"}  # as the model names them
_KEYS = {Index.QUEUE: "unit_status", Index.MINE: "holder", Index.ATTENTION: "attention"}


def _start(run: Run, after: str) -> dict[str, Any]:
    """Return where DynamoDB goes on behind a place; at its end stands the reference."""
    return {_KEYS[run.index]: {"S": run.key}, "place": {"S": after}, "reference": {"S": after[-_REFERENCE:]}}


_REFERENCE = len("K7MD-PR3W-9XCV")


def _as_known(item: ReportItem) -> Condition:
    """Return the condition that a report is still as it was read: no version more, and nothing new of how news reached it."""
    condition = ReportItem.version == item.version
    for name in ("read_number", "arrived_number", "missing_number"):
        attribute, known = getattr(ReportItem, name), getattr(item, name)
        condition &= attribute == known if known else attribute.does_not_exist()
    return condition


def _changes(old: ReportItem, new: ReportItem, names: Iterable[str]) -> Iterator[Action]:
    """Yield what is to be written of these attributes, of two items of one report."""
    for name in names:
        attribute, is_now = getattr(ReportItem, name), getattr(new, name)
        if getattr(old, name) != is_now:
            yield attribute.remove() if is_now is None else attribute.set(is_now)


def _require_unread(before: Report, after: Report, stored: Report) -> None:
    """Raises Conflict when a write takes back what the reporter has just read: reading moves no version."""
    undone = [event.undoes for event in after.timeline[len(before.timeline) :] if event.undoes]
    if any(number <= stored.read_number for number in undone):
        raise Conflict("stale_version")


_FIRST_MONTH = "2016-01"  # no report is older than the portal

_instant = InstantAttribute()


def _window(cursor: str, range_name: str, **hash_key: str) -> dict[str, Any]:
    """Turn a cursor into query arguments. A cursor holds the last line's reference and instant, never whose list it is.

    Raises Invalid for a cursor that no page ever gave: starting again without a word would have a program read in circles.
    """
    window: dict[str, Any] = {"limit": PAGE, "page_size": PAGE}
    match = _CURSOR.fullmatch(cursor)
    if cursor and not match:
        raise Invalid([FieldError("cursor", "cursor")])
    if match:
        keys = {name: {"S": value} for name, value in hash_key.items()}
        window["last_evaluated_key"] = {**keys, range_name: {"N": match["at"]}, "reference": {"S": match["reference"]}}
    return window


def _task_window(unit: str, cursor: str) -> dict[str, Any]:
    """Turn a cursor of the list of tasks into query arguments. Raises Invalid for one that no page ever gave."""
    match = _TASK_CURSOR.fullmatch(cursor)
    if cursor and not match:
        raise Invalid([FieldError("cursor", "cursor")])
    if not match:
        return {}
    keys = {"attention": unit, "place": match["place"], "reference": match["reference"]}
    return {"last_evaluated_key": {name: {"S": value} for name, value in keys.items()}}


_TASK_CURSOR = re.compile(r"(?P<reference>[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})-(?P<place>[0-9]-[0-9]{8}T[0-9]{12})")
_CURSOR = re.compile(r"(?P<reference>[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})-(?P<at>[0-9]{16,17})")


def _page(found: Any, range_name: str) -> Page:
    lines = tuple(_line(item) for item in found)
    if len(lines) < PAGE or found.last_evaluated_key is None:
        return Page(lines, "")
    return Page(lines, f"{lines[-1].reference}-{_instant.serialize(getattr(lines[-1], range_name))}")


def _line(item: Any) -> ReportLine:
    return ReportLine(
        reference=item.reference,
        kind=item.kind,
        unit=item.unit,
        status=Status(item.status),
        filed_at=item.filed_at,
        changed_at=item.changed_at,
        registration_number=item.registration_number or "",
        unreachable=bool(item.unreachable),
        news_at=item.news_at,
        answer_by=date.fromisoformat(item.answer_by) if item.answer_by else None,
        tell_since=item.tell_since,
        municipality=item.municipality or "",
        assignee=item.assignee or "",
        rank=Rank(item.rank or Rank.NORMAL),
        joint_case=item.joint_case or "",
        due_on=date.fromisoformat(item.desk_due) if item.desk_due else None,
        fresh_at=item.fresh_at,
        flags=tuple(map(Flag, (item.flags or "").split())),
        place=item.place or "",
        tasks=tuple(map(Task, (getattr(item, "tasks", None) or "").split())),
    )


def _taken() -> Invalid:
    return Invalid([FieldError("registrationNumber", "registration_number_taken")])
