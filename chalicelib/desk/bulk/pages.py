"""The officers' pages of a batch: bring the numbers, say what is to be done, read what would come of it, confirm, look."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from chalicelib.bulk import actions
from chalicelib.bulk.model import ALONE, MOST, Act, Batch, Phase
from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import N_, translate
from chalicelib.desk.actions import Desk
from chalicelib.desk.bulk import words
from chalicelib.desk.bulk.schemas import BatchOrder
from chalicelib.desk.joint import actions as joint
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.desk.queue.actions import whole
from chalicelib.desk.queue.query import parse_address
from chalicelib.desk.schemas import NO_TEXT
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.desk.texts.labels import OCCASION_WORDS
from chalicelib.desk.work import NOBODY, receivers_of
from chalicelib.forms import fields as form
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.people.permissions import Permission
from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.reports.statuses import TRANSITIONS, WORDS, Mover, Status
from chalicelib.texts.actions import readable
from chalicelib.texts.model import UPDATE, current
from chalicelib.web import form_recovery, html
from chalicelib.web.access import officer
from chalicelib.web.messages import CONFLICT
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.schema import parse

routes = Routes(__name__)

PAGE = 50  # rows
_REFERENCES = Question(
    "references",
    N_("Numbers of reports"),
    Input.LONG_TEXT,
    Need.REQUIRED,
    hint=N_(
        "Police numbers too. One on each line, or with a comma between them; also of reports that were closed, up to five years "
        "after filing."
    ),
    most=MOST * 20,
)
_TO = tuple(status for status in Status if any(edges.get(status) is Mover.OFFICER for edges in TRANSITIONS.values()))
_ACT = Question(
    "act",
    N_("What do you want to do?"),
    Input.CHOICE,
    Need.REQUIRED,
    choices=tuple(Choice(act, words.ACT_WORDS[act]) for act in Act if act is not Act.UNDO),
)
_TELLS = frozenset({Act.STATUS.value, Act.UPDATE.value})
_STATUS = Question(
    "status",
    N_("New status"),
    Input.CHOICE,
    Need.REQUIRED,
    hint=N_("Below each status stands what the reporters will read."),
    choices=tuple(Choice(status, STATUS_WORDS[status], WORDS[status].name) for status in _TO),
    when=("act", frozenset({Act.STATUS.value})),
)
_EXPLANATION = Question(
    "explanation",
    N_("Explanation for all these reporters"),
    Input.LONG_TEXT,
    hint=N_(
        "Every one of them reads this. Write in plain words why. It may be empty with a standard text, and for a status other "
        "than stopped, closed or reopened."
    ),
    most=EXPLANATION_LENGTH,
    when=("act", _TELLS),
)
_TEXT = Question(
    "text",
    N_("Standard text"),
    Input.CHOICE,
    hint=N_("Then leave the explanation empty. It is filled in for each report, in the language of its reporter."),
    when=("act", _TELLS),
)
_GIVEN_TO = Question("to", N_("Who gets them?"), Input.CHOICE, Need.REQUIRED, when=("act", frozenset({Act.ASSIGN.value})))
_CASE = Question(
    "case",
    N_("Number of the joint case"),
    hint=N_("Leave it empty for a new one, or for the one in which some of them are."),
    most=20,
    autocomplete="off",
    when=("act", frozenset({Act.JOIN.value})),
)
_REMARK = Question(
    "remark",
    N_("Internal remark"),
    Input.LONG_TEXT,
    hint=N_("Only officers read this."),
    most=EXPLANATION_LENGTH,
    when=("act", frozenset({Act.STATUS.value, Act.NOTE.value, Act.ASSIGN.value})),
)
_SEPARATORS = re.compile(r"[\r\n,;]+")


@routes.page("/desk/batches", access=officer(Permission.BULK))
def list_batches(request: Request) -> Response:
    room, mine = request.services.batch_room, request.officer
    page = room.batches.of_officer(mine.id, cursor=request.argument("cursor"))
    return html.page(
        request,
        "desk/batches/list.html",
        lines=page.lines,
        waiting=actions.to_confirm(officer=mine, room=room),
        phases=words.PHASE_WORDS,
        next_query=urlencode({"cursor": page.next_cursor}) if page.next_cursor else "",
    )


@routes.page("/desk/batches/new", access=officer(Permission.BULK))
def type_numbers(request: Request) -> Response:
    return _new(request, form_recovery.recovered(request) or {})


@routes.page("/desk/batches/new", access=officer(Permission.BULK), method="POST")
def choose(request: Request) -> Response:
    """Freeze all of a list, what was ticked in one, or what was typed; nothing is read of the reports yet."""
    posted = request.form()
    try:
        batch = actions.choose(
            _chosen(request, posted),
            officer=request.officer,
            key=request.form_key(posted),
            room=request.services.batch_room,
        )
    except Invalid as invalid:
        return _new(request, {_REFERENCES.name: _typed_text(posted.get(_REFERENCES.name))}, invalid.errors)
    return redirect(f"{request.base}/desk/batches/{batch.id}")


@routes.page("/desk/batches/{batch}", access=officer(Permission.BULK))
def show(request: Request, batch: str) -> Response:
    found, recovered = _loaded(request, batch), form_recovery.recovered(request)
    return _page(request, found, recovered or {}, restored=recovered is not None)


@routes.page("/desk/batches/{batch}", access=officer(Permission.BULK), method="POST")
def act(request: Request, batch: str) -> Response:
    """Do what the button says: try, confirm, or take back."""
    posted, room = request.form(), request.services.batch_room
    typed = {name: value for name, value in posted.items() if not name.startswith("_")}
    if request.wanted_language:
        return _page(request, _loaded(request, batch), typed)
    try:
        if posted.get("_go") == "undo":
            done = actions.undo(batch, officer=request.officer, room=room)
        elif posted.get("_go") == "confirm":
            done = actions.confirm(batch, str(posted.get("_fingerprint", "")), officer=request.officer, room=room)
        else:
            order = parse(BatchOrder, {name: value for name, value in typed.items() if value != ""}).order()
            done = actions.try_out(batch, order, officer=request.officer, room=room)
    except Invalid as invalid:
        return _page(request, _loaded(request, batch), typed, invalid.errors)
    except Conflict as conflict:
        sentence = translate(CONFLICT[conflict.code], request.language, **conflict.values)
        return _page(request, _loaded(request, batch), typed, conflict=sentence)
    return redirect(f"{request.base}/desk/batches/{done.id}")


def _chosen(request: Request, posted: Mapping[str, Any]) -> Sequence[str]:
    """Return the numbers that the button means: all of a list, of linked reports, of a case; or what was ticked or typed."""
    wanted = posted.get("_go")
    if wanted == "all":
        return _all_of(request, posted)
    if wanted == "case":
        return _all_of_case(request, _typed_text(posted.get("case")))
    return numbers_of(posted.get("whole" if wanted == "whole" else _REFERENCES.name))


def _all_of_case(request: Request, case: str) -> list[str]:
    """Return the numbers of all reports of a case that are of the officer's units; the look is on record."""
    desk = TeamDesk.of(request)
    joint.of_case(case, reason=desk.why(case), desk=desk)
    found = [line.reference for line in islice(joint.members(case, desk=desk), MOST + 1)]
    if len(found) > MOST:
        raise Invalid([FieldError("case", "batch_case_too_large", {"most": MOST})])
    return found


def _all_of(request: Request, posted: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the numbers of a whole list, as it is now. Raises Invalid for a longer one than can be taken at once."""
    query = parse_address(_typed_text(posted.get("list")))
    found = whole(query, most=MOST, desk=Desk.of(request))
    if len(found) > MOST:
        raise Invalid([FieldError("list", "batch_list_too_large", {"most": MOST})])
    return found


def numbers_of(posted: object) -> list[str]:
    """Return the numbers that a form brought: one for each that was ticked, or a text with one on each line."""
    texts = [text for text in posted if isinstance(text, str)] if isinstance(posted, list) else [_typed_text(posted)]
    return [number.strip() for text in texts for number in _SEPARATORS.split(text) if number.strip()]


def _typed_text(posted: object) -> str:
    if isinstance(posted, list):
        return "\n".join(text for text in posted if isinstance(text, str))
    return posted if isinstance(posted, str) else ""


def _loaded(request: Request, batch: str) -> Batch:
    return actions.load(batch, officer=request.officer, room=request.services.batch_room)


def _new(request: Request, typed: Mapping[str, Any], errors: Sequence[FieldError] = ()) -> Response:
    field = form.field_of(_REFERENCES, typed, errors)
    return html.page(
        request,
        "desk/batches/new.html",
        status=400 if errors else 200,
        field=field,
        problems=form.problems([field], errors),
        most=MOST,
        key=ids.secret_id(),
    )


def _page(
    request: Request,
    batch: Batch,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    conflict: str = "",
    restored: bool = False,
) -> Response:
    number, rows = _page_number(request, batch), words.ordered(batch)
    shown = rows[(number - 1) * PAGE : number * PAGE]
    fields = form.fields_of(_questions(request, batch), typed or _ordered_before(batch), errors)
    counts = batch.counts
    return html.page(
        request,
        "desk/batches/batch.html",
        status=409 if conflict else 400 if errors else 200,
        batch=batch,
        act=words.ACT_WORDS[batch.order.act] if batch.order else "",
        new_status=STATUS_WORDS[batch.order.status] if batch.order and batch.order.status else "",
        reads=WORDS[batch.order.status] if batch.order and batch.order.status else None,
        counts=counts,
        minutes=words.minutes_of(counts.mail, request.services.settings.mail_rate),
        survey_days=request.services.settings.survey_after_decision_days,
        phases=words.PHASE_WORDS,
        may_try=batch.phase in (Phase.CHOSEN, Phase.TRIED),
        why_not=CONFLICT.get(batch.why_not_confirmed_by(request.officer), ""),
        alone=ALONE,
        wording=batch.order.wording if batch.order else None,
        given_to=_given_to(request, batch),
        back=words.BACK_WORDS[batch.order.act] if batch.order else "",
        may_undo=batch.is_undoable_at(request.services.clock.now()),
        rows=[words.view_of(row, batch, request.language) for row in shown],
        number=number,
        pages=_pages(batch),
        fields=fields,
        problems=form.problems(fields, errors),
        conflict=conflict,
        restored=restored,
    )


def _ordered_before(batch: Batch) -> dict[str, str]:
    """Return the form as it was sent for the last trial."""
    if batch.order is None:
        return {}
    order = batch.order
    return {
        "act": order.act,
        "status": order.status or "",
        "explanation": order.explanation,
        "text": order.text,
        "remark": order.remark,
        "to": NOBODY if order.to == "" else order.to or "",
        "case": order.case,
    }


def _questions(request: Request, batch: Batch) -> tuple[Question, ...]:
    """Return what is asked of an act: with the standard texts of the units of who chose, and the people who may get reports."""
    if batch.phase not in (Phase.CHOSEN, Phase.TRIED):
        return ()
    text, to = replace(_TEXT, choices=_texts(request, batch)), replace(_GIVEN_TO, choices=_receivers(request, batch))
    return (_ACT, _STATUS, *([text] if len(text.choices) > 1 else []), _EXPLANATION, to, _CASE, _REMARK)


def _texts(request: Request, batch: Batch) -> tuple[Choice, ...]:
    wanted = {UPDATE, *(status.value for status in _TO)}
    found = current(readable(sorted(batch.maker.units), request.services.texts))
    each = (Choice(one.mark, one.name, OCCASION_WORDS[one.occasion]) for one in found if one.occasion in wanted)
    return (Choice(NO_TEXT, N_("None: I write it myself")), *each)


def _receivers(request: Request, batch: Batch) -> tuple[Choice, ...]:
    rosters = request.services.rosters.of_units(sorted(batch.maker.units))
    return tuple(Choice(to, name) for to, name in receivers_of(request.officer, rosters))


def _given_to(request: Request, batch: Batch) -> str:
    """Return how the one is called who gets the reports, empty where nobody does."""
    if batch.order is None or not batch.order.to:
        return ""
    rosters = request.services.rosters.of_units(sorted(batch.maker.units))
    return next((team.name for roster in rosters if (team := roster.team(batch.order.to))), batch.order.to)


def _pages(batch: Batch) -> int:
    return (len(batch.rows) + PAGE - 1) // PAGE


def _page_number(request: Request, batch: Batch) -> int:
    asked = request.argument("page")
    return min(max(int(asked), 1), _pages(batch)) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1  # noqa: PLR2004
