"""The actions on a report: load, decide, save. Each change is one conditional write with its event in it.

Stores, clock and keys are arguments; nothing here knows HTTP. A repeated request (same idempotency key) finds its own
event in the timeline and changes nothing.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.core import ids, log
from chalicelib.core.clock import Clock, day_of
from chalicelib.core.errors import Conflict, NotFound, Unavailable
from chalicelib.core.retry import load_decide_save
from chalicelib.reports import corrections, promises
from chalicelib.reports.additions import Sort
from chalicelib.reports.contact import Contact, DetailsPart, InformationWish, Reach
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import REPORTER, SYSTEM, Actor, Channel, OfflineMeans, Rank
from chalicelib.reports.facts import Reporter
from chalicelib.reports.information_request import Part, SupplementaryQuestion
from chalicelib.reports.model import Change, Report, filed
from chalicelib.reports.store import Reports
from chalicelib.reports.submission import Submission
from chalicelib.reports.tasks import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReports:
    """One reporter's own reports: whose they are, and what they are found, changed and dated with."""

    pseudonym: str
    reports: Reports
    clock: Clock


def file(
    submission: Submission,
    *,
    reporter: Reporter,
    reach: Reach | None = None,
    key: str,
    channel: Channel = Channel.ONLINE,
    by: Actor = REPORTER,
    placed: Callable[[Report], Report] = lambda report: report,
    reports: Reports,
    derivation_key: bytes,
    clock: Clock,
) -> Report:
    """File a report and return it. `key` (the digest of an idempotency key) decides the reference.

    `reach` is how its reporter is reached, where that is more than what the report itself says. `placed` brings the new report
    to the unit and team that take it, before it is written.

    A repeated request therefore meets its own report and gets it back; the same key with another statement is a
    Conflict(`idempotency_key_reused`). An empty `key` files a new report every time.
    """
    report = placed(
        filed(
            reference=reference_for(reporter.pseudonym, key, derivation_key) if key else ids.reference(),
            reporter=reporter,
            statement=submission.statement,
            reach=reach or Reach(submission.contact),
            unit=submission.unit,
            municipality=submission.municipality,
            at=clock.now(),
            channel=channel,
            by=by,
            key=key,
        )
    )
    stored = reports.add(report)
    if stored is report:
        log.event("report_filed", reference=report.reference, kind=report.kind, unit=report.unit.replace(" ", "-"))
        return report
    if stored.reporter.pseudonym != reporter.pseudonym or stored.statement != report.statement:
        raise Conflict("idempotency_key_reused")
    return stored


def reference_for(pseudonym: str, key: str, derivation_key: bytes) -> str:
    """Return the reference that a reporter's filing with this (non-empty) key has, or would get."""
    return ids.reference(ids.derive(derivation_key, "reference", pseudonym, key.partition(".")[0]))


def own(reference: str, *, mine: OwnReports) -> Report:
    """Return the reporter's own report. Another person's is NotFound, like one that does not exist."""
    report = get(reference, mine.reports)
    if report.reporter.pseudonym != mine.pseudonym:
        log.event("foreign_reference", level=logging.WARNING, reference=report.reference)
        raise NotFound("report")
    return report


def answer(
    reference: str,
    number: int,
    answers: str | Callable[[SupplementaryQuestion], Mapping[str, Any]],
    *,
    key: str = "",
    mine: OwnReports,
) -> Report:
    """Give the reporter's answers to an open request; the report goes on where it was.

    `answers` reads them for the request as it was asked, and may raise Invalid; a text answers a question that stands alone.
    """

    def answered(before: Report) -> Report:
        after = before.question_expired(at=mine.clock.now())
        if after is not before:  # the deadline passed before the schedule came by: end it now, and say so
            mine.reports.save(before, after)
            raise Conflict("question_expired")
        asked = before.open_question
        given = answers(asked) if asked and asked.number == number and not isinstance(answers, str) else {}
        return before.answered(number, answers if isinstance(answers, str) else given, at=mine.clock.now(), key=key)

    return change_own(reference, answered, "question_answered", key=key, mine=mine)


def add(
    reference: str,
    sort: Sort,
    read: Callable[[Report], Mapping[str, Any]],
    *,
    key: str = "",
    mine: OwnReports,
) -> Report:
    """Add what the reporter tells later; `read` makes the answers, and may raise Invalid for this very report."""

    def added(before: Report) -> Report:
        return before.added(sort, read(before), at=mine.clock.now(), key=key)

    return change_own(reference, added, "added", key=key, mine=mine)


def change_wishes(reference: str, *, information: InformationWish, survey: bool, key: str = "", mine: OwnReports) -> Report:
    """Change what the reporter wants to hear about this report."""

    def changed(before: Report) -> Report:
        if (information, survey) == (before.contact.information, before.contact.survey):
            return before
        wanted = replace(before.contact, information=information, survey=survey, own=True)
        return before.wishes_changed(wanted, at=mine.clock.now(), key=key)

    return change_own(reference, changed, "wishes_changed", key=key, mine=mine)


def refuse_survey(reference: str, *, mine: OwnReports) -> Report:
    """Switch the survey off for a report, and leave its other wishes as they are."""

    def refused(before: Report) -> Report:
        return before.wishes_changed(replace(before.contact, survey=False), at=mine.clock.now())

    return change_own(reference, refused, "survey_refused", key="", mine=mine)


def apply_details(
    reference: str, change: Callable[[Report], Contact], part: DetailsPart, number: int, *, key: str, mine: OwnReports
) -> Report:
    """Change how a reporter is reached, as they chose for all their reports. `number` is that of the choice, taken once.

    `key` names it in the timeline: a report that took it before there were numbers knows it by that.
    """

    def changed(before: Report) -> Report:
        return before.details_changed(change(before), part, number, at=mine.clock.now(), key=key)

    return change_own(reference, changed, "contact_changed", key=key, mine=mine)


def ask_update(reference: str, *, key: str = "", mine: OwnReports) -> Report:
    """Ask, as the reporter, how it stands (see `promises.update_asked`)."""

    def asked(before: Report) -> Report:
        return promises.update_asked(before, at=mine.clock.now(), key=key)

    return change_own(reference, asked, "update_asked", key=key, mine=mine)


def contest(reference: str, reason: str, *, key: str = "", mine: OwnReports) -> Report:
    """Ask, as the reporter, to look again at a decision (see `promises.contested`)."""

    def contested(before: Report) -> Report:
        return promises.contested(before, reason, at=mine.clock.now(), key=key)

    return change_own(reference, contested, "contested", key=key, mine=mine)


def note_read(report: Report, *, reports: Reports, clock: Clock) -> None:
    """Note that the reporter reads the news of their report, once for each; who reads waits for no other try."""
    after = promises.read(report, at=clock.now())
    if after is report:
        return
    try:
        reports.mark(report, after)
    except Unavailable:
        log.event("read_not_noted", level=logging.WARNING, reference=report.reference)


def change_status(before: Report, change: Change, *, by: Actor, version: int, reports: Reports, clock: Clock) -> Report:
    """Take a report to another status. `version` is the one that the officer saw: Conflict(`stale_version`) when it moved on."""
    return _as_seen(before, lambda: before.changed(change, by=by, at=clock.now()), "status_changed", version, change.key, reports)


def take_back(before: Report, number: int, *, by: Actor, version: int, key: str = "", reports: Reports, clock: Clock) -> Report:
    """Take back an officer's newest act (`corrections.taken_back`), whose letter somebody holds (`letters.undoing`)."""
    return _as_seen(
        before,
        lambda: corrections.taken_back(before, number, by=by, at=clock.now(), key=key),
        "act_undone",
        version,
        key,
        reports,
    )


def correct_status(before: Report, change: Change, *, by: Actor, version: int, reports: Reports, clock: Clock) -> Report:
    """Take a report back to an earlier status, with an explanation to its reporter; `version` as for `change_status`."""
    return _as_seen(
        before,
        lambda: corrections.corrected(before, change, by=by, at=clock.now()),
        "status_corrected",
        version,
        change.key,
        reports,
    )


def correct_number(
    before: Report, number: str, reason: str, *, by: Actor, version: int, key: str = "", reports: Reports, clock: Clock
) -> Report:
    """Give a report the right police number; the wrong one is free again. `reason` is for officers."""
    return _as_seen(
        before,
        lambda: corrections.number_corrected(before, number, reason, by=by, at=clock.now(), key=key),
        "number_corrected",
        version,
        key,
        reports,
    )


def ask(
    before: Report,
    text: str,
    parts: Sequence[Part] = (),
    *,
    by: Actor,
    version: int,
    deadline_on: date | None = None,
    deadlines: Deadlines,
    key: str = "",
    mark: str = "",
    reports: Reports,
    clock: Clock,
) -> Report:
    """Ask the reporter one or more questions (see `Report.asked`); without a deadline of its own they get the usual term."""
    now = clock.now()
    by_when = deadline_on or last_day(now, deadlines)
    return _as_seen(
        before,
        lambda: before.asked(text, parts, deadline_on=by_when, by=by, at=now, key=key, mark=mark),
        "question_asked",
        version,
        key,
        reports,
    )


def last_day(now: datetime, deadlines: Deadlines) -> date:
    """Return the last day to answer what is asked now, by the usual term."""
    return day_of(now) + timedelta(days=deadlines.question_days)


def give_update(
    before: Report,
    explanation: str,
    *,
    text: str = "",
    by: Actor,
    version: int,
    key: str = "",
    reports: Reports,
    clock: Clock,
) -> Report:
    """Tell the reporter how it stands; `version` is what the officer saw, `text` names the standard text."""
    return _as_seen(
        before,
        lambda: promises.update_given(before, explanation, by=by, at=clock.now(), key=key, text=text),
        "update_given",
        version,
        key,
        reports,
    )


def rank(before: Report, to: Rank, why: str, *, by: Actor, version: int, key: str = "", reports: Reports, clock: Clock) -> Report:
    """Take a report up earlier or later than its turn; `version` is what the officer saw."""
    return _as_seen(
        before, lambda: before.ranked(to, by=by, at=clock.now(), remark=why, key=key), "report_ranked", version, key, reports
    )


def move(
    before: Report, unit: str, remark: str, *, by: Actor, version: int, key: str = "", reports: Reports, clock: Clock
) -> Report:
    """Hand a report over to another unit, where nobody has it yet; `version` is what the officer saw."""
    return _as_seen(
        before, lambda: before.moved(unit, by=by, at=clock.now(), remark=remark, key=key), "report_moved", version, key, reports
    )


def place(
    before: Report, unit: str, team: str, *, by: Actor, version: int, key: str = "", reports: Reports, clock: Clock
) -> Report:
    """Bring a report to a unit and, if one is named, to a team there, in one write; `version` is what the officer saw."""

    def placed() -> Report:
        now = clock.now()
        moved = before.moved(unit, by=by, at=now, key=key)
        return moved.assigned(team, by=by, at=now, key="" if moved is not before else key) if team else moved

    return _as_seen(before, placed, "report_moved", version, key, reports)


def join(reference: str, case: str, *, by: Actor, key: str = "", reports: Reports, clock: Clock) -> Report:
    """Put a report into a joint case; unchanged when it is in it. Raises Conflict(`already_joint`)."""
    return _changed_anew(
        reference, lambda before: before.joined(case, by=by, at=clock.now(), key=key), "report_joined", key, reports
    )


def leave(reference: str, *, by: Actor, key: str = "", reports: Reports, clock: Clock) -> Report:
    """Take a report out of its joint case; unchanged when it is in none."""
    return _changed_anew(reference, lambda before: before.left(by=by, at=clock.now(), key=key), "report_left_case", key, reports)


def note_contacted_offline(
    before: Report,
    how: OfflineMeans,
    *,
    by: Actor,
    version: int,
    key: str = "",
    is_mail_given_up: bool = False,
    reports: Reports,
    clock: Clock,
) -> Report:
    """Note that an officer told the reporter what there is to know; `version` is what that officer saw."""
    return _as_seen(
        before,
        lambda: before.contacted_offline(how, by=by, at=clock.now(), key=key, is_mail_given_up=is_mail_given_up),
        "told_otherwise",
        version,
        key,
        reports,
    )


def note_unusable(reference: str, addresses: frozenset[str], *, reports: Reports, clock: Clock) -> None:
    """Mark a report's address as unusable if it is one of `addresses`; a report that is gone needs none."""
    with suppress(NotFound):
        load_decide_save(
            lambda: get(reference, reports),
            lambda before: before.address_found_unusable(addresses, at=clock.now()),
            lambda before, after: saved(before, after, reports, "address_unusable"),
            tries=_TRIES,
        )


def raise_task(reference: str, task: Task, *, remark: str = "", key: str, reports: Reports, clock: Clock) -> bool:
    """Have the system lay a task on a report; `key` names what called for it, done once. False for a report that is gone.

    A task that lies open takes the remark of what calls for it too: a second found thing is not lost.
    """

    def raised(before: Report) -> Report:
        return before if before.handled(key) else before.task_noted(task, by=SYSTEM, at=clock.now(), remark=remark, key=key)

    with suppress(NotFound):
        load_decide_save(
            lambda: get(reference, reports),
            raised,
            lambda before, after: saved(before, after, reports, "task_raised"),
            tries=_TRIES,
        )
        return True
    return False


def get(reference: str, reports: Reports) -> Report:
    """Return a report by its reference, spelled as people type it. Raises NotFound."""
    known = ids.parse_reference(reference)
    report = reports.get(known) if known else None
    if report is None:
        raise NotFound("report")
    return report


def change_own(reference: str, change: Callable[[Report], Report], event: str, *, key: str, mine: OwnReports) -> Report:
    """Load, decide, save; and again when an officer was first: what a reporter does rests on no version that they saw."""
    return load_decide_save(
        lambda: own(reference, mine=mine),
        lambda before: before if before.handled(key) else change(before),
        lambda before, after: saved(before, after, mine.reports, event, key),
        tries=_TRIES,
    )[1]


def _changed_anew(reference: str, change: Callable[[Report], Report], event: str, key: str, reports: Reports) -> Report:
    """Load, decide, save; and again when somebody was first: for what rests on no version that an officer saw."""
    return load_decide_save(
        lambda: get(reference, reports),
        lambda before: before if before.handled(key) else change(before),
        lambda before, after: saved(before, after, reports, event, key),
        tries=_TRIES,
    )[1]


def _as_seen(before: Report, act: Callable[[], Report], event: str, version: int, key: str, reports: Reports) -> Report:
    """Save what an officer does to the report as they saw it (`version`), once for a key; nothing, where it changes nothing."""
    if before.handled(key):
        return before
    require_version(before, version)
    after = act()
    return before if after is before else saved(before, after, reports, event, key)


_TRIES = 3


def require_version(report: Report, version: int) -> None:
    """Raises Conflict(`stale_version`) when a report moved on from the version that an officer saw."""
    if report.version != version:
        raise Conflict("stale_version", current=report.version)


def saved(before: Report, after: Report, reports: Reports, event: str, key: str = "") -> Report:
    """Save and log. Of the same request twice at once (same key), the second gets what the first did."""
    try:
        stored = reports.save(before, after)
    except Conflict:
        present = get(before.reference, reports)
        if not present.handled(key):
            raise
        return present
    log.event(event, reference=after.reference, old=before.status, new=after.status, version=after.version)
    return stored
