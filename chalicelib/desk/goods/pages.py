"""The page of found property: one thing, or a list as a spreadsheet saves it; and what came of it, line by line."""

from collections.abc import Mapping, Sequence

from chalicelib.clues import goods
from chalicelib.clues.goods import BadLine, Line
from chalicelib.clues.sorts import SORTS, ClueSort
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.language import N_
from chalicelib.desk.actions import Desk
from chalicelib.desk.goods import actions
from chalicelib.desk.goods.actions import Taken
from chalicelib.forms import fields
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.people.permissions import Permission
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes

routes = Routes(__name__)

_ONE = (
    Question(
        "sort",
        N_("Which number is on it?"),
        Input.CHOICE,
        Need.REQUIRED,
        choices=tuple(Choice(sort.value, SORTS[sort].name) for sort in goods.GOODS),
    ),
    Question("value", N_("The number on the thing"), need=Need.REQUIRED, most=40, autocomplete="off"),
    Question("number", N_("Its number on the list of found property"), need=Need.REQUIRED, most=30, autocomplete="off"),
)
_LIST = Question(
    "list",
    N_("A list of things"),
    Input.LONG_TEXT,
    Need.REQUIRED,
    hint=N_(
        "One thing a line, at most 200: sort; number on the thing; number on the list. "
        "For example: frame; GZ1234567; NN-2016-0012. Sorts are frame, imei, serial and plate."
    ),
    most=60_000,
)
_FILE = Question(
    goods.FILE,
    N_("Or the list as a file"),
    need=Need.REQUIRED,
    hint=N_("A spreadsheet saved as CSV, with semicolons, commas or tabs between. At most 64 KB."),
)


@routes.page("/desk/goods", access=officer(Permission.WATCH_GOODS))
def show(request: Request) -> Response:
    return _page(request, {})


@routes.page("/desk/goods", access=officer(Permission.WATCH_GOODS), method="POST", files=True)
def put_in(request: Request) -> Response:
    """Take the good lines, and tell the others by their number and what is wrong."""
    typed = {name: value for name, value in request.form().items() if not name.startswith("_") and isinstance(value, str)}
    unit = _unit(request, typed)
    if request.wanted_language or not unit:
        return _page(request, typed, errors=[] if request.wanted_language else [FieldError("unit", "choose_one")])
    try:
        lines, bad, errors = _several(typed := _with_file(request, typed)) if _LIST.name in typed else _one(typed)
    except Invalid as invalid:
        return _page(request, typed, errors=invalid.errors)
    if errors:
        return _page(request, typed, errors=errors)
    taken = actions.put_in(lines, unit, desk=Desk.of(request), room=request.services.clue_room)
    return _page(request, {} if not bad else typed, taken=taken, bad=bad)


def _with_file(request: Request, typed: Mapping[str, str]) -> dict[str, str]:
    """Return the form with the list that came as a file, as if it had been pasted: so its lines stand there to be mended."""
    file = next((part for part in request.files() if part.name == goods.FILE), None)
    if file is None:
        return dict(typed)
    if typed[_LIST.name].strip():
        raise Invalid([FieldError(goods.FILE, "list_twice")])
    return {**typed, _LIST.name: goods.text_of(file.content)}


def _several(typed: Mapping[str, str]) -> tuple[list[Line], list[BadLine], list[FieldError]]:
    lines, bad = goods.parse(typed[_LIST.name])
    return lines, bad, [] if lines or bad else [FieldError(_LIST.name, "required")]


def _one(typed: Mapping[str, str]) -> tuple[list[Line], list[BadLine], list[FieldError]]:
    found = goods.read_line(1, typed.get("sort", ""), typed.get("value", ""), typed.get("number", ""))
    if isinstance(found, Line):
        return [found], [], []
    field = {"line_sort": "sort", "line_value": "value"}.get(found.code, "number")
    missing = not typed.get(field, "").strip()
    return [], [], [FieldError(field, "choose_one" if missing and field == "sort" else "required" if missing else found.code)]


def _unit(request: Request, typed: Mapping[str, str]) -> str:
    units = sorted(request.officer.units)
    return typed.get("unit") or (units[0] if len(units) == 1 else "")


def _page(
    request: Request,
    typed: Mapping[str, str],
    *,
    taken: Sequence[Taken] = (),
    bad: Sequence[BadLine] = (),
    errors: Sequence[FieldError] = (),
) -> Response:
    one = [fields.field_of(question, typed, errors) for question in _ONE]
    several, file = (fields.field_of(question, typed, errors) for question in (_LIST, _FILE))
    units, unit = sorted(request.officer.units), _unit(request, typed)
    watched = actions.of_unit(unit, desk=Desk.of(request), room=request.services.clue_room) if unit in units else []
    return html.page(
        request,
        "goods/goods.html",
        status=400 if errors else 200,
        fields=one,
        several=several,
        file=file,
        problems=fields.problems([*one, file, several], errors),
        units=units,
        unit=unit,
        taken=taken,
        hits=[one for one in taken if one.own or one.elsewhere],
        bad=[(line.line, FieldError("list", line.code)) for line in bad],
        watched=[(thing, SORTS[ClueSort(thing.sort)].name) for thing in watched],
        most=actions.MOST_SHOWN,
    )
