"""The officers' pages on whose work a report is: one report, and what became of the ticked lines of the queue."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, Invalid
from chalicelib.core.language import N_
from chalicelib.desk.assigning import actions
from chalicelib.desk.assigning.schemas import Assignment, Assignments, Ranking, told
from chalicelib.desk.joint import actions as joint
from chalicelib.desk.joint.schemas import Joining
from chalicelib.desk.refusals import conflict_sentence
from chalicelib.desk.report.acting import looked_at
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.desk.work import RANK_WORDS, choices_of, work_of
from chalicelib.forms import fields
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.people.permissions import Permission
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import EXPLANATION_LENGTH, Report
from chalicelib.web import form_recovery, html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.schema import parse

routes = Routes(__name__)

_RANK = Question(
    "rank",
    N_("How soon must it be done?"),
    Input.CHOICE,
    Need.REQUIRED,
    choices=tuple(Choice(rank, words) for rank, words in RANK_WORDS.items()),
)
_REASON = Question(
    "reason", N_("Why?"), Input.LONG_TEXT, Need.REQUIRED, hint=N_("Only officers read this."), most=EXPLANATION_LENGTH
)
_OTHER = Question(
    "other",
    N_("Number of the other report"),
    need=Need.REQUIRED,
    hint=N_("A report of your own unit, such as K7MD-PR3W-9XCV."),
    most=20,
    autocomplete="off",
)
TOLD: Mapping[str, str] = {
    "assigned": N_("This report was given. Its place in the queue and its last day stay as they were."),
    "ranked": N_("This report has its new place in the queue."),
    "moved": N_("This report was handed over. Nobody has it there yet; its place and its last day stay as they were."),
    "joined": N_("The two reports are in one joint case now. What you do with one does nothing to the other."),
    "left": N_("This report is no longer in the joint case."),
}


@routes.page("/desk/reports/{reference}/work", access=officer(Permission.ASSIGN))
def show(request: Request, reference: str) -> Response:
    recovered = form_recovery.recovered(request)
    return _page(request, looked_at(request, reference), recovered or {}, restored=recovered is not None)


@routes.page("/desk/reports/{reference}/work", access=officer(Permission.ASSIGN), method="POST")
def change(request: Request, reference: str) -> Response:
    """Give the report to somebody, rank it, join it or take it out of its case: the button says which."""
    posted = request.form()
    typed = {name: value for name, value in posted.items() if not name.startswith("_")}
    act, key = str(typed.pop("act", "")), request.form_key(posted)
    sent = {name: value for name, value in typed.items() if value != "" or name == "seen"}
    try:
        _ACTS.get(act, _assign)(reference, sent, key, TeamDesk.of(request))
    except Invalid as invalid:
        return _page(request, looked_at(request, reference), typed, invalid)
    except Conflict as conflict:
        return _page(request, looked_at(request, reference), typed, conflict)
    if act == "taken":
        return redirect(request.keeping(f"/desk/reports/{reference}"))
    done = act if act in _ACTS else "assigned"
    return redirect(request.keeping(f"/desk/reports/{reference}/work?done={done}"))


def _assign(reference: str, sent: Mapping[str, Any], key: str, desk: TeamDesk) -> None:
    told = parse(Assignment, _only(sent, "to", "seen"))
    actions.assign(reference, told.to, seen=told.seen, key=key, desk=desk)


def _rank(reference: str, sent: Mapping[str, Any], key: str, desk: TeamDesk) -> None:
    told = parse(Ranking, _only(sent, "rank", "reason", "version"))
    actions.rank(reference, told.rank, told.reason, version=told.version, key=key, desk=desk)


def _join(reference: str, sent: Mapping[str, Any], key: str, desk: TeamDesk) -> None:
    joint.join(reference, parse(Joining, _only(sent, "other")).other, key=key, desk=desk)


def _leave(reference: str, sent: Mapping[str, Any], key: str, desk: TeamDesk) -> None:  # noqa: ARG001 — nothing more is asked
    joint.leave(reference, key=key, desk=desk)


def _only(sent: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: sent[name] for name in names if name in sent}


_ACTS: Mapping[str, Callable[[str, Mapping[str, Any], str, TeamDesk], None]] = {
    "ranked": _rank,
    "joined": _join,
    "left": _leave,
}


@routes.page("/desk/assignments", access=officer(Permission.ASSIGN), method="POST")
def assign_many(request: Request) -> Response:
    """Give the ticked lines of the queue to one, and show what became of each. Sent again it does nothing twice."""
    posted = request.form()
    try:
        outcomes = _given(posted, request)
    except Invalid as invalid:
        return _outcomes(request, posted, (), invalid)
    return _outcomes(request, posted, [(outcome, told(outcome, request.language)[1]) for outcome in outcomes])


def _given(posted: Mapping[str, Any], request: Request) -> Sequence[actions.Outcome]:
    ticked = posted.get("references", posted.get("reference", []))
    typed = {"references": [ticked] if isinstance(ticked, str) else ticked, "to": posted.get("to")}
    told_to = parse(Assignments, {name: value for name, value in typed.items() if value is not None})
    return actions.assign_many(told_to.references, told_to.to, key=request.form_key(posted), desk=TeamDesk.of(request))


def _outcomes(
    request: Request, posted: Mapping[str, Any], lines: Sequence[tuple[actions.Outcome, str]], invalid: Invalid | None = None
) -> Response:
    """Show what became of each line, or why none was given; the way back leads to the list in which they were ticked."""
    ticked_in = posted.get("list")
    return html.page(
        request,
        "desk/assigned.html",
        status=400 if invalid else 200,
        done=[outcome for outcome, sentence in lines if not sentence],
        refused=[(outcome, sentence) for outcome, sentence in lines if sentence],
        problems=[fields.Problem(error) for error in invalid.errors] if invalid else [],
        back=f"/desk/queue?{ticked_in}" if isinstance(ticked_in, str) else "/desk/queue",
    )


@routes.page("/desk/assignments", access=officer(Permission.ASSIGN))
def back_to_queue(request: Request) -> Response:
    """Whoever logged in again after ticking lines comes back here."""
    return redirect(f"{request.base}/desk")


def _page(
    request: Request,
    report: Report,
    typed: Mapping[str, Any],
    refused: Invalid | Conflict | None = None,
    *,
    restored: bool = False,
) -> Response:
    errors = refused.errors if isinstance(refused, Invalid) else ()
    roster = request.services.rosters.get(report.unit)
    asked = {question.name: fields.field_of(question, typed, errors) for question in (_RANK, _REASON, _OTHER)}
    return html.page(
        request,
        "desk/work.html",
        status=409 if isinstance(refused, Conflict) else 400 if refused else 200,
        report=report,
        kind=KINDS[report.kind].name,
        work=work_of(report, request.officer, roster),
        choices=choices_of(request.officer, roster, has_it=report.assignee),
        fields=asked,
        problems=fields.problems(list(asked.values()), errors),
        conflict=conflict_sentence(refused, request) if isinstance(refused, Conflict) else "",
        restored=restored,
        done=TOLD.get(request.argument("done"), "") if request.method == "GET" else "",
        key=ids.secret_id(),
    )
