"""The actions on surveys: invite who is due, read an invitation, answer it, count the answers about a month.

The invitation is an event of the report, and the letter follows from that event like every other letter.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.core import ids, log
from chalicelib.core.clock import Clock, day_of
from chalicelib.core.codes import kept_name, kept_names, read_long
from chalicelib.core.derivation import Derivation
from chalicelib.core.errors import Conflict, FieldError, Gone, Invalid, NotFound
from chalicelib.reports import actions as reports_actions
from chalicelib.reports.actions import OwnReports
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.model import Report
from chalicelib.reports.store import Reports
from chalicelib.surveys.calls import call_asked
from chalicelib.surveys.model import Answer, Invitation, Scores, SurveyState, code_of, invitation, is_wanted
from chalicelib.surveys.results import Results, State, counted, state_of
from chalicelib.surveys.store import Surveys


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """The parts that invitations are made with. `open_days` is how long a survey can be answered."""

    reports: Reports
    surveys: Surveys
    clock: Clock
    deadlines: Deadlines
    open_days: int
    derivation: Derivation


def invite_due(due: Iterable[str], dispatch: Dispatch) -> int:
    """Invite the reporters on the agenda (`due`: references) whose day has come; return how many.

    Runs twice, or dies half-way, without harm: the code follows from the reference, so the invitation is written over
    itself, and the report takes the event once. A report that fails stays due and is logged as an error, on which the
    alarm stands; raising at the end would only make the schedule try at once what it tries again in an hour.
    """
    now, invited, failed = dispatch.clock.now(), 0, 0
    today = day_of(now)
    for reference in due:
        try:
            report = dispatch.reports.get(reference)
            if report and _is_due(report, today, dispatch.deadlines):
                _invite(report, now, dispatch)
                invited += 1
        except Conflict:  # somebody changed the report just now: its turn comes with the next run
            log.event("survey_invitation_postponed", reference=reference)
        except Exception as error:  # noqa: BLE001 — one report must not keep the schedule from the others; it stays due
            failed += 1
            log.event("survey_invitation_failed", level=logging.ERROR, reference=reference, error=type(error).__name__)
    log.event("surveys_invited", invited=invited, failed=failed)
    return invited


def load_invitation(code: str, *, surveys: Surveys, names_key: bytes, clock: Clock) -> Invitation:
    """Return the open invitation that belongs to a code, as people type it; `names_key` is the key of names.

    Raises Invalid for a code that nobody ever got (a typing error), NotFound when no survey has it, Gone when it was
    answered or its time is over.
    """
    found = invitation_of(_parsed(code), surveys=surveys, names_key=names_key)
    if found is None:
        raise NotFound("survey")
    state = found.state(day_of(clock.now()))
    if state is not SurveyState.OPEN:
        raise Gone("survey", state)
    return found


def invitation_of(code: str, *, surveys: Surveys, names_key: bytes) -> Invitation | None:
    """Return the invitation of a code without its letter, open or not; None when no survey has it."""
    return next(filter(None, map(surveys.get, kept_names(names_key, code))), None)


def answer(code: str, scores: Scores, why: str, *, key: str = "", surveys: Surveys, names_key: bytes, clock: Clock) -> Invitation:
    """Answer the survey that belongs to a code, once. A repeated request (same `key`) changes nothing.

    Raises as `load_invitation`.
    """
    given = Answer(scores, why, day_of(clock.now()))
    answered = _answered(_parsed(code), given, key or ids.secret_id(), surveys, names_key)
    log.event("survey_answered", month=answered.month)
    return answered


def ask_call(reference: str, *, open_days: int, key: str = "", mine: OwnReports) -> Report:
    """Ask, as the reporter, to be called about how they were kept informed (see `calls.call_asked`). A repeated request changes
    nothing.
    """

    def asked(before: Report) -> Report:
        return call_asked(before, open_days=open_days, at=mine.clock.now(), key=key)

    return reports_actions.change_own(reference, asked, "task_raised", key=key, mine=mine)


def results(month: str, *, surveys: Surveys, clock: Clock) -> Results:
    """Return the results about the reports of a month (`2016-07`); of one that is not closed, or long over, that it is so."""
    state = state_of(month, day_of(clock.now()))
    return counted(month, list(surveys.of_month(month))) if state is State.COUNTED else Results(month, state)


def _is_due(report: Report, today: date, deadlines: Deadlines) -> bool:
    due_on = report.survey_due_on(deadlines)
    return due_on is not None and due_on <= today


def _invite(report: Report, at: datetime, dispatch: Dispatch) -> None:
    """Write the invitation, then the event. A reporter who wants no survey gets the event alone: it ends the wait, and counts
    for no one.
    """
    if is_wanted(report.contact):
        code = code_of(dispatch.derivation.proofs.at(at), report.reference)
        name = kept_name(dispatch.derivation.names, read_long(code))
        dispatch.surveys.add(invitation(report, name=name, on=day_of(at), open_days=dispatch.open_days))
    dispatch.reports.save(report, report.invited_to_survey(at=at))


def _parsed(code: str) -> str:
    known = read_long(code)
    if not known:
        raise Invalid([FieldError("code", "code_unknown")])
    return known


def _answered(code: str, given: Answer, key: str, surveys: Surveys, names_key: bytes) -> Invitation:
    """Answer the invitation under the name of now, or the one that it was kept under before."""
    name, older = kept_names(names_key, code)
    try:
        return surveys.answer(name, given, key=key)
    except NotFound:
        return surveys.answer(older, given, key=key)
