"""The pages of standard texts: the list, one text with its preview, and the editor."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import N_, Language
from chalicelib.desk.actions import Desk
from chalicelib.desk.refusals import conflict_sentence
from chalicelib.desk.texts import actions
from chalicelib.desk.texts.labels import OCCASION_WORDS, REMARK_WORDS, STATE_WORDS
from chalicelib.desk.texts.schemas import NewText, VersionSeen
from chalicelib.forms import fields
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.people.permissions import Permission, may
from chalicelib.reports.crimes import CRIME_WORDS
from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.texts import actions as domain
from chalicelib.texts import model, reading_level
from chalicelib.texts.filling import NAMES, sample
from chalicelib.texts.model import ALL_UNITS, EVERY_CRIME, NAME_LENGTH, PORTAL, TextState, TextVersion
from chalicelib.web import form_recovery, html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.schema import parse

routes = Routes(__name__)

_CRIMES = {EVERY_CRIME: N_("Every crime"), **CRIME_WORDS}
_OCCASION = Question(
    "occasion",
    N_("For which occasion?"),
    Input.CHOICE,
    Need.REQUIRED,
    choices=tuple(Choice(occasion, words) for occasion, words in OCCASION_WORDS.items()),
)
_CRIME = Question(
    "crime",
    N_("For which crime?"),
    Input.CHOICE,
    Need.REQUIRED,
    choices=tuple(Choice(crime or "every", words) for crime, words in _CRIMES.items()),
)
_NAME = Question("name", N_("Name of the text"), need=Need.REQUIRED, hint=N_("Colleagues see this name."), most=NAME_LENGTH)
_DUTCH = Question(
    "nl",
    N_("Text in Dutch"),
    Input.LONG_TEXT,
    Need.REQUIRED,
    hint=N_("Write to the reporter, in plain words. Put braces around what is different in each report."),
    most=EXPLANATION_LENGTH,
)
_ENGLISH = Question(
    "en", N_("Text in English"), Input.LONG_TEXT, Need.REQUIRED, hint=N_("The same, in English."), most=EXPLANATION_LENGTH
)


@routes.page("/desk/texts", access=officer(Permission.READ_REPORT))
def list_texts(request: Request) -> Response:
    every = domain.readable(sorted(request.officer.units), request.services.texts)
    newest = {version.id: version for version in sorted(every, key=lambda one: one.version)}
    return html.page(
        request,
        "desk/texts/list.html",
        texts=model.current(every),
        drafts=[version for version in newest.values() if version.state is TextState.DRAFT],
        occasions=OCCASION_WORDS,
        crimes=_CRIMES,
        may_edit=may(request.officer, Permission.EDIT_TEXTS),
    )


@routes.page("/desk/texts/new", access=officer(Permission.EDIT_TEXTS))
def new_text(request: Request) -> Response:
    recovered = form_recovery.recovered(request)
    return _editor(request, recovered or {"crime": "every"}, restored=recovered is not None)


@routes.page("/desk/texts/new", access=officer(Permission.EDIT_TEXTS), method="POST")
def keep_text(request: Request) -> Response:
    return _keep(request, "")


@routes.page("/desk/texts/{text}", access=officer(Permission.READ_REPORT))
def show_text(request: Request, text: str) -> Response:
    return _text(request, text)


@routes.page("/desk/texts/{text}/edit", access=officer(Permission.EDIT_TEXTS))
def edit_text(request: Request, text: str) -> Response:
    newest = _versions(request, text)[-1]
    recovered = form_recovery.recovered(request)
    return _editor(request, recovered or _typed(newest), newest=newest, restored=recovered is not None)


@routes.page("/desk/texts/{text}/edit", access=officer(Permission.EDIT_TEXTS), method="POST")
def keep_version(request: Request, text: str) -> Response:
    return _keep(request, text)


@routes.page("/desk/texts/{text}", access=officer(Permission.EDIT_TEXTS), method="POST")
def decide(request: Request, text: str) -> Response:
    """Publish or retire the version that the officer read, by the button that they pressed."""
    posted = request.form()
    act = actions.retire if posted.get("_go") == "retire" else actions.publish
    try:
        seen = parse(VersionSeen, {"version": posted.get("version", "")})
        act(text, seen.version, texts=request.services.texts, desk=Desk.of(request))
    except Invalid:
        return _text(request, text, conflict=conflict_sentence(Conflict("text_changed"), request))
    except Conflict as conflict:
        return _text(request, text, conflict=conflict_sentence(conflict, request))
    return redirect(f"{request.base}/desk/texts/{text}")


def _keep(request: Request, text: str) -> Response:
    """Keep what was typed as a draft; the button that only looks shows it as its reader would see it."""
    posted = request.form()
    typed = {name: value for name, value in posted.items() if not name.startswith("_")}
    newest = _versions(request, text)[-1] if text else None
    if posted.get("_go") == "preview":
        return _editor(request, typed, newest=newest, is_preview=True)
    try:
        body = parse(NewText, _sent(typed))
        version = actions.write(body.edit(), text_id=text, seen=body.seen, texts=request.services.texts, desk=Desk.of(request))
    except Invalid as invalid:
        return _editor(request, typed, invalid.errors, newest=newest)
    except Conflict as conflict:
        return _editor(request, typed, newest=newest, conflict=conflict_sentence(conflict, request))
    return redirect(f"{request.base}/desk/texts/{version.id}")


def _sent(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form as it is read: a choice of everything is empty there, and what was left empty was not sent."""
    words = {"unit": "all", "crime": "every"}
    sent = {name: "" if value == words.get(name) else value for name, value in typed.items()}
    return {name: value for name, value in sent.items() if value != "" or (name in words and name in typed)}


def _typed(version: TextVersion) -> dict[str, Any]:
    bodies = {language.value: body for language, body in version.bodies.items()}
    return {"occasion": version.occasion, "crime": version.crime or "every", "name": version.name, **bodies}


def _editor(
    request: Request,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    newest: TextVersion | None = None,
    conflict: str = "",
    restored: bool = False,
    is_preview: bool = False,
) -> Response:
    shown = [fields.field_of(question, typed, errors) for question in (_unit(request, newest), *_questions())]
    bodies = {language: str(typed.get(language.value, "")) for language in Language}
    return html.page(
        request,
        "desk/texts/edit.html",
        status=409 if conflict else 400 if errors else 200,
        fields=shown,
        problems=fields.problems(shown, errors),
        conflict=conflict,
        restored=restored,
        newest=newest,
        names=NAMES,
        previews=_previews(bodies, str(typed.get("crime", "every")).removeprefix("every")) if is_preview else (),
        remark_words=REMARK_WORDS,
        key=ids.secret_id(),
    )


def _questions() -> tuple[Question, ...]:
    return (_OCCASION, _CRIME, _NAME, _DUTCH, _ENGLISH)


def _unit(request: Request, newest: TextVersion | None) -> Question:
    """Ask for which unit a new text is; a text stays with its unit."""
    units = [newest.unit] if newest else [*sorted(request.officer.units), ALL_UNITS]
    choices = tuple(Choice(unit or "all", unit or N_("All units")) for unit in units)
    return Question("unit", N_("For which police unit?"), Input.CHOICE, Need.REQUIRED, choices=choices)


def _previews(bodies: Mapping[Language, str], crime: str) -> list[tuple[Language, str, Any]]:
    kind = crime if crime in CRIME_WORDS else EVERY_CRIME
    return [(language, sample(body, kind, language), reading_level.remarks(body, language)) for language, body in bodies.items()]


def _text(request: Request, text: str, *, conflict: str = "") -> Response:
    versions = _versions(request, text)
    newest = versions[-1]
    may_edit = may(request.officer, Permission.EDIT_TEXTS, newest.unit if newest.unit != ALL_UNITS else None)
    return html.page(
        request,
        "desk/texts/text.html",
        status=409 if conflict else 200,
        conflict=conflict,
        text=newest,
        versions=versions[::-1],
        states=STATE_WORDS,
        occasion=OCCASION_WORDS[newest.occasion],
        crime=_CRIMES[newest.crime],
        previews=_previews(newest.bodies, newest.crime),
        remark_words=REMARK_WORDS,
        may_edit=may_edit and newest.author != PORTAL,
        is_own=newest.author == request.officer.id,
    )


def _versions(request: Request, text: str) -> list[TextVersion]:
    return actions.versions(text, texts=request.services.texts, desk=Desk.of(request))
