"""Stores in memory, for tests of what stands on them. Each passes the contract tests of the real one (tests/contract)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from chalicelib.audit.model import FOLLOWS_WITHIN, Record, RecordPage, Register, register_of, week_of
from chalicelib.audit.store import PAGE as RECORDS
from chalicelib.core import ids
from chalicelib.core.clock import Clock, day_of, month_of
from chalicelib.core.errors import Conflict, FieldError, Invalid, TooMany
from chalicelib.core.limits import window
from chalicelib.core.settings import Settings
from chalicelib.erasure.model import Tombstone
from chalicelib.evidence.bucket import Found, Invitation
from chalicelib.evidence.model import Folder
from chalicelib.people.model import Officer
from chalicelib.profiles.model import Profile
from chalicelib.reports import promises, queue
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.filters import EVERYTHING
from chalicelib.reports.model import Report
from chalicelib.reports.queue import place
from chalicelib.reports.statuses import DECISIONS
from chalicelib.reports.store import PAGE, TASKS_PAGE, Filing, Page, ReportLine, Slice, line_of
from chalicelib.reports.tasks import Task


class FakeReports:
    """Reports in a dictionary; `writes` keeps every version, as the table's stream would."""

    def __init__(self, deadlines: Deadlines | None = None) -> None:
        self._reports: dict[str, Report] = {}
        self._deadlines = deadlines or Deadlines()
        self.writes: list[tuple[Report | None, Report]] = []
        self._lines: dict[str, tuple[Report, ReportLine]] = {}  # as they were made last
        self.broken: set[str] = set()  # references whose reading fails, as a throttled table would

    def add(self, report: Report) -> Report:
        if report.reference in self._reports:
            return self._reports[report.reference]
        self._reports[report.reference] = report
        self.writes.append((None, report))
        return report

    def keep(self, report: Report) -> None:
        """Have a report as a record of it says, unless a later version is known; no write of ours."""
        known = self._reports.get(report.reference)
        if known is None or known.version <= report.version:
            self._reports[report.reference] = report

    def get(self, reference: str) -> Report | None:
        if reference in self.broken:
            raise OSError("reports: no answer")
        return self._reports.get(reference)

    def save(self, before: Report, after: Report) -> Report:
        stored = self._reports[before.reference]
        if stored.version != before.version and stored != after:
            raise Conflict("stale_version")
        if after.registration_number != before.registration_number:
            self.register(after)
        after = after.reached_as(stored)
        self._reports[after.reference] = after
        self.writes.append((before, after))
        return after

    def register(self, report: Report) -> None:
        others = (one for one in self._reports.values() if one.reference != report.reference)
        if report.registration_number and any(one.registration_number == report.registration_number for one in others):
            raise Invalid([FieldError("registrationNumber", "registration_number_taken")])

    require_number = register

    def mark(self, before: Report, after: Report) -> bool:
        stored = self._reports.get(before.reference)
        if stored is None or stored.version != before.version or before.reached_as(stored) != before:
            return False
        self._reports[after.reference] = after
        self.writes.append((stored, after))
        return True

    def of_reporter(self, pseudonym: str, *, cursor: str = "") -> Page:
        mine = [r for r in self._reports.values() if r.reporter.pseudonym == pseudonym]
        page = self._page(sorted(mine, key=lambda r: r.filed_at, reverse=True), cursor)
        whole = [self._reports[line.reference] for line in page.lines]
        glances = [{"unreachable": not r.contact.usable, "news_at": r.news_at, "answer_by": r.answer_by} for r in whole]
        return Page(tuple(replace(line, **facts) for line, facts in zip(page.lines, glances, strict=True)), page.next_cursor)

    def any_unreachable(self, pseudonym: str) -> bool:
        return any(r.reporter.pseudonym == pseudonym and not r.contact.usable for r in self._reports.values())

    def look(self, run, *, filters=EVERYTHING, descending=False, after="", most=PAGE):
        within = [line for line in map(self._line, list(self._reports.values())) if run.holds(line)]
        ordered = sorted(within, key=lambda line: line.place, reverse=descending)
        left = [line for line in ordered if not after or (line.place < after if descending else line.place > after)]
        looked = left[:most]
        reached = looked[-1].place if len(left) > most else ""
        return Slice(tuple(line for line in looked if filters.fits(line)), len(looked), reached)

    def _line(self, report: Report) -> ReportLine:
        known, line = self._lines.get(report.reference, (None, None))
        if line is None or known is not report:
            line = replace(line_of(report), tasks=())  # only the list of tasks tells them
            self._lines[report.reference] = report, line
        return line

    def to_contact(self, unit: str, *, cursor: str = "") -> Page:
        found = [r for r in self._reports.values() if r.unit == unit and r.to_contact_since]
        return self._page(sorted(found, key=lambda r: r.to_contact_since), cursor)

    def with_tasks(self, unit: str, task: Task | None = None, *, cursor: str = "") -> Page:
        found = sorted(
            (r for r in self._reports.values() if r.unit == unit and queue.ASKS & set(queue.flags(r))), key=queue.place
        )
        start = next((i + 1 for i, r in enumerate(found) if r.reference == cursor), 0)
        page = found[start : start + TASKS_PAGE]
        wanted = tuple(line_of(r) for r in page if (task in r.open_tasks if task else r.open_tasks))
        return Page(wanted, page[-1].reference if len(found) > start + TASKS_PAGE else "")

    def held_by(self, holder: str) -> Iterator[ReportLine]:
        held = [r for r in self._reports.values() if r.assignee == holder and r.status not in DECISIONS]
        yield from map(line_of, sorted(held, key=place))

    def joint(self, case: str, *, cursor: str = "") -> Page:
        return self._page(sorted((r for r in self._reports.values() if r.joint_case == case), key=lambda r: r.reference), cursor)

    def lines(self, references: Sequence[str]) -> tuple[ReportLine, ...]:
        return tuple(line_of(self._reports[reference]) for reference in references if reference in self._reports)

    def due(self, on: date) -> Iterator[str]:
        for report in list(self._reports.values()):
            due_on = promises.due_on(report, self._deadlines)
            if due_on and due_on <= on:
                yield report.reference

    def changed_since(self, at: datetime) -> Iterator[str]:
        yield from [r.reference for r in self._reports.values() if r.changed_at >= at]

    def filed_in(self, month: str) -> Iterator[Filing]:
        for r in sorted(self._reports.values(), key=lambda r: r.filed_at):
            if day_of(r.filed_at).isoformat().startswith(month):
                yield Filing(r.reference, r.kind, r.unit, r.municipality, r.channel.value, r.filed_at)

    def filed_before(self, at: datetime) -> Iterator[str]:
        old = [r for r in self._reports.values() if r.filed_at < at]
        yield from (r.reference for r in sorted(old, key=lambda r: r.filed_at))

    def remove(self, report: Report) -> None:
        stored = self._reports.get(report.reference)
        if stored and stored.version != report.version:
            raise Conflict("stale_version")
        self._reports.pop(report.reference, None)

    def _page(self, reports: list[Report], cursor: str) -> Page:
        start = next((i + 1 for i, r in enumerate(reports) if r.reference == cursor), 0)
        page = reports[start : start + PAGE]
        return Page(tuple(map(line_of, page)), page[-1].reference if len(reports) > start + PAGE else "")


class FakeAudit:
    """The audit trail in a list."""

    def __init__(self, at: datetime = datetime(2016, 7, 1, 10, tzinfo=UTC), new_id: Callable[[], str] = ids.secret_id) -> None:
        self._at, self._records, self._new_id, self._taken = at, [], new_id, set()
        self.broken = False
        self.clock: Clock | None = None

    def note(self, subject: str, *, officer: Officer, what: str, why: str) -> None:
        if self.broken:
            raise OSError("audit: no answer")
        name = subject, self._new_id()
        if name in self._taken:
            raise OSError("audit: a record stands there")
        self._taken.add(name)
        at = self.clock.now() if self.clock else self._at
        self._records.append(Record(subject, at, officer.id, ",".join(sorted(officer.roles)), what, why))

    def of(self, subject: str) -> list[Record]:
        return [record for record in self._records if record.subject == subject]

    def about(self, subject: str, *, cursor: str = "") -> RecordPage:
        return self._page(self.of(subject)[::-1], cursor)

    def newest_at(self, subject: str) -> datetime | None:
        return max((record.at for record in self.of(subject)), default=None)

    def by_officer(self, officer: str, month: str, *, cursor: str = "") -> RecordPage:
        found = [one for one in self._records if one.officer == officer and month_of(day_of(one.at)) == month]
        return self._page(found[::-1], cursor)

    def in_register(self, week: str, register: Register, *, cursor: str = "", most: int = RECORDS) -> RecordPage:
        found = [one for one in self._records if (week_of(day_of(one.at)), register_of(one.subject, one.at)) == (week, register)]
        return self._page(found, cursor, most)

    def after(self, record: Record) -> Iterator[Record]:
        last = record.at + FOLLOWS_WITHIN
        found = [one for one in self.of(record.subject) if record.at < one.at <= last]
        yield from (one for one in found if one.officer == record.officer)

    def _page(self, records: list[Record], cursor: str, most: int = RECORDS) -> RecordPage:
        if cursor and not cursor.isdecimal():
            raise Invalid([FieldError("cursor", "cursor")])
        start = int(cursor or 0)
        return RecordPage(tuple(records[start : start + most]), str(start + most) if len(records) > start + most else "")


class FakeLimits:
    """Tries in a dictionary."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._most, self._window_s, self._clock = settings.limit_tries, settings.limit_window_s, clock
        self._tries: dict[str, int] = {}
        self._counted: dict[tuple[str, str, int], set[str]] = {}

    def count_try(self, purpose: str, source: str, *, most: int = 0) -> str:
        number, left_s = window(self._clock.now(), self._window_s)
        window_id = f"{len(purpose)}{purpose}{source}#{number}"
        if self._tries.get(window_id, 0) >= (most or self._most):
            raise TooMany(left_s, purpose)
        self._tries[window_id] = self._tries.get(window_id, 0) + 1
        return window_id

    def count_once(self, purpose: str, source: str, name: str, *, most: int) -> bool:
        number, _ = window(self._clock.now(), self._window_s)
        counted = self._counted.setdefault((purpose, source, number), set())
        if name not in counted and len(counted) >= most:
            return False
        counted.add(name)
        return True

    def next_window(self) -> datetime:
        now = self._clock.now()
        return now + timedelta(seconds=window(now, self._window_s)[1] - now.microsecond / 1_000_000)

    def give_back(self, window_id: str) -> None:
        if self._tries.get(window_id, 0) > 0:
            self._tries[window_id] -= 1


class FakeTombstones:
    """Tombstones in a dictionary."""

    def __init__(self) -> None:
        self._tombstones: dict[str, Tombstone] = {}

    def add(self, tombstone: Tombstone) -> None:
        self._tombstones.setdefault(tombstone.reference, tombstone)

    def of_month(self, month: str) -> Iterator[Tombstone]:
        yield from (one for one in self._tombstones.values() if one.month == month)


class FakeFolders:
    """Folders in a dictionary."""

    def __init__(self) -> None:
        self._folders: dict[str, Folder] = {}

    def get(self, folder: str) -> Folder:
        return self._folders.get(folder, Folder(id=folder))

    def save(self, before: Folder, after: Folder) -> Folder:
        if self.get(before.id).version != before.version:
            raise Conflict("stale_version")
        self._folders[after.id] = after
        return after

    def remove(self, folder: str) -> None:
        self._folders.pop(folder, None)


class FakeBucket:
    """Objects in a dictionary; `drafts` are the keys that would expire."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.drafts: set[str] = set()

    def invite(self, key: str, media_type: str, most: int, sha256: str) -> Invitation:
        fields = {"key": key, "Content-Type": media_type, "most": str(most), "sha256": sha256}
        return Invitation("https://bucket.example/", fields)

    def put(self, key: str, content: bytes, media_type: str, *, name: str = "", draft: bool = False) -> None:
        self.objects[key] = content
        (self.drafts.add if draft else self.drafts.discard)(key)

    def get(self, key: str) -> Found | None:
        content = self.objects.get(key)
        return None if content is None else Found(content)

    def keep(self, key: str) -> None:
        self.drafts.discard(key)

    def remove(self, key: str) -> None:
        self.objects.pop(key, None)

    def link(self, key: str) -> str:
        return f"https://bucket.example/{key}"


class FakeProfiles:
    """Profiles in a dictionary; `writes` keeps every version, as the table's stream would."""

    def __init__(self) -> None:
        self._profiles: dict[str, Profile] = {}
        self.writes: list[tuple[Profile | None, Profile]] = []

    def get(self, pseudonym: str) -> Profile | None:
        return self._profiles.get(pseudonym)

    def forget(self, pseudonym: str) -> None:
        """Have a profile be over its time, and deleted."""
        self._profiles.pop(pseudonym)

    def changed_since(self, at: datetime) -> Iterator[str]:
        yield from [name for name, each in self._profiles.items() if any(notice.at >= at for notice in each.notices)]

    def save(self, before: Profile, after: Profile) -> Profile:
        stored = self._profiles.get(before.pseudonym)
        if (stored.version if stored else 0) != before.version and stored != after:
            raise Conflict("stale_version")
        self._profiles[after.pseudonym] = after
        self.writes.append((stored, after))
        return after
