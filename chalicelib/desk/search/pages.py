"""The page on which officers search: why, what it is, and what was found."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.clues.shared import REASON_WORDS as SHARED_WORDS
from chalicelib.clues.sorts import LONGEST, SORTS, ClueSort, searched_by
from chalicelib.core import ids
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.language import N_
from chalicelib.desk.actions import Desk
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.desk.search import actions
from chalicelib.desk.search.actions import Found, SearchRoom
from chalicelib.desk.search.words import elsewhere_words, own_words
from chalicelib.forms import fields
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.people.permissions import REASON_WORDS, LookReason, Permission, reasons_of
from chalicelib.reports.crimes import KINDS
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

_REASON = Question("reason", N_("Why do you look?"), Input.CHOICE, Need.REQUIRED)
_VALUE = Question(
    "value",
    N_("What do you know?"),
    need=Need.REQUIRED,
    hint=N_(
        "The number of a report or a police number, an account, a telephone number, an e-mail address, a website, "
        "a frame number, a plate. Spaces and capitals do not matter. On record is that you searched, why and for what "
        "sort; your text only as a code."
    ),
    most=LONGEST,
    autocomplete="off",  # a browser would offer to the next officer what was typed here
)
ANY = ""


@routes.page("/desk/search", access=officer(Permission.SEARCH))
def show(request: Request) -> Response:
    return _page(request, {})


@routes.page("/desk/search", access=officer(Permission.SEARCH), method="POST")
def search(request: Request) -> Response:
    """Find by a clue; by the number of a report, lead to it. A typed text comes into no address."""
    typed = {name: value for name, value in request.form().items() if not name.startswith("_") and isinstance(value, str)}
    if request.wanted_language:
        return _page(request, typed)
    known = ids.parse_reference(typed.get("value", ""))
    if known:
        return redirect(f"{request.base}/desk/reports/{known}")  # which asks for the reason first
    try:
        found = actions.search(
            typed.get("value", ""),
            _sort(typed),
            reason=_reason(request, typed),
            desk=Desk.of(request),
            room=SearchRoom.of(request),
        )
    except Invalid as invalid:
        return _page(request, typed, errors=invalid.errors)
    return _page(request, typed, found=found)


def _sort(typed: Mapping[str, Any]) -> ClueSort | None:
    given = typed.get("sort", ANY)
    if given == ANY:
        return None
    if given not in list(ClueSort):
        raise Invalid([FieldError("sort", "not_a_choice")])
    return ClueSort(given)


def _reason(request: Request, typed: Mapping[str, Any]) -> LookReason:
    """Return why the officer searches: no reason is chosen for them, unless their role has one only."""
    reasons = reasons_of(request.officer)
    given = typed.get("reason", "")
    if given not in reasons:
        raise Invalid([FieldError("reason", "choose_one")])
    return LookReason(given)


def _page(
    request: Request, typed: Mapping[str, Any], *, found: Sequence[Found] | None = None, errors: Sequence[FieldError] = ()
) -> Response:
    reasons = tuple(Choice(reason, REASON_WORDS[reason]) for reason in reasons_of(request.officer))
    asked = [fields.field_of(question, typed, errors) for question in (_reason_question(reasons), _VALUE)]
    return html.page(
        request,
        "search/search.html",
        status=400 if errors else 200,
        fields=asked,
        problems=fields.problems(asked, errors),
        sorts=[(sort.value, SORTS[sort].name) for sort in searched_by(request.officer)],
        sort=typed.get("sort", ANY),
        units=sorted(request.officer.units),
        found=None if found is None else [_shown(request, one) for one in found],
        reason=typed.get("reason", ""),
    )


def _reason_question(reasons: tuple[Choice, ...]) -> Question:
    return Question(_REASON.name, _REASON.label, _REASON.input, _REASON.need, choices=reasons)


def _shown(request: Request, one: Found) -> dict[str, Any]:
    return {
        "sort": SORTS[one.on.clue.sort].name,
        "id": one.on.id,
        "own": own_words(one.on, request.language) if one.on.tally.own else "",
        "is_many": one.on.tally.own_is_many,
        "links": SORTS[one.on.clue.sort].links and not one.on.shared,
        "shared": SHARED_WORDS[one.on.shared] if one.on.shared else "",
        "elsewhere": elsewhere_words(one.on, request.language),
        "lines": [(line, KINDS[line.kind].name, STATUS_WORDS[line.status]) for line in one.lines],
    }
