"""The page of shared values: which there are, why, until when; a supervisor puts others down and takes them off."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from chalicelib.clues.shared import REASON_WORDS, Reason
from chalicelib.clues.sorts import LONGEST, SORTS, ClueSort
from chalicelib.clues.traces import SharedValue
from chalicelib.core.errors import FieldError, Invalid, NotFound
from chalicelib.core.language import N_
from chalicelib.desk.actions import Desk
from chalicelib.desk.search import shared
from chalicelib.forms import fields, reading
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.people.permissions import Permission
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

ASKED = (
    Question(
        "sort",
        N_("Sort"),
        Input.CHOICE,
        Need.REQUIRED,
        choices=tuple(Choice(sort.value, SORTS[sort].name) for sort in shared.LINKING),
        example="iban",
    ),
    Question("value", N_("Value"), need=Need.REQUIRED, most=LONGEST, autocomplete="off", example="NL91ABNA0417164300"),
    Question(
        "reason",
        N_("Why do many have it?"),
        Input.CHOICE,
        Need.REQUIRED,
        choices=tuple(Choice(reason.value, words) for reason, words in REASON_WORDS.items()),
        example="gateway",
    ),
    Question("until", N_("Until which day?"), Input.DAY, Need.REQUIRED, example="2017-06-30"),
)


@routes.page("/desk/shared", access=officer(Permission.SHARE_VALUES))
def show(request: Request) -> Response:
    return _page(request, {})


@routes.page("/desk/shared", access=officer(Permission.SHARE_VALUES), method="POST")
def put_down(request: Request) -> Response:
    typed = {name: value for name, value in request.form().items() if not name.startswith("_") and isinstance(value, str)}
    if request.wanted_language:
        return _page(request, typed)
    try:
        told = reading.parse_answers(ASKED, typed, now=request.services.clock.now())
        shared.put_down(
            ClueSort(told["sort"]),
            told["value"],
            Reason(told["reason"]),
            date.fromisoformat(told["until"]),
            desk=Desk.of(request),
            room=request.services.clue_room,
        )
    except Invalid as invalid:
        return _page(request, typed, invalid.errors)
    return redirect(f"{request.base}/desk/shared")


@routes.page("/desk/shared/{clue}/end", access=officer(Permission.SHARE_VALUES), method="POST")
def unlist(request: Request, clue: str) -> Response:
    """End that a value counts as shared; pressed twice, it has ended."""
    request.form()
    with suppress(NotFound):
        shared.unlist(clue, desk=Desk.of(request), room=request.services.clue_room)
    return redirect(f"{request.base}/desk/shared")


def _page(request: Request, typed: Mapping[str, str], errors: Sequence[FieldError] = ()) -> Response:
    asked = [fields.field_of(question, typed, errors) for question in ASKED]
    found = shared.listed(desk=Desk.of(request), room=request.services.clue_room)
    return html.page(
        request,
        "search/shared.html",
        status=400 if errors else 200,
        fields=asked,
        problems=fields.problems(asked, errors),
        own=[(name, one, SORTS[one.sort].name, REASON_WORDS[Reason(one.reason)], _last(one)) for name, one in found.own],
        everywhere=[(one, SORTS[one.clue.sort].name, REASON_WORDS[one.reason]) for one in found.everywhere],
    )


def _last(one: SharedValue) -> datetime:
    """Return a moment of the last day on which a value is shared."""
    return one.until - timedelta(hours=1)
