"""My details: the address that mail goes to, what we mail about, and how that stays safe. For all reports at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.citizen.codes import Elsewhere, elsewhere
from chalicelib.citizen.profile.questions import ADDRESS, CODE, SAFETY, WISHES, typed, with_safety, with_wishes
from chalicelib.core import log
from chalicelib.core.codes import CodeKind, read
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import N_, translate
from chalicelib.forms import fields as form
from chalicelib.forms import reading
from chalicelib.forms.questions import Section
from chalicelib.profiles import actions
from chalicelib.profiles.model import Choices, Profile
from chalicelib.reports.crimes.contact import WISH_WORDS
from chalicelib.reports.presenter import HOUR_WORDS
from chalicelib.web import form_recovery, html
from chalicelib.web.access import CITIZEN, CITIZEN_AGAIN
from chalicelib.web.messages import CONFLICT
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

SAVED: Mapping[str, str] = {
    "address": N_("From now on we mail you at this address, about all your reports."),
    "wishes": N_("We have saved what you want to hear about. It counts for all your reports."),
    "safety": N_("We have saved how we can reach you safely. It counts for all your reports."),
    "elsewhere": N_("You are logged out everywhere else. Here you are still logged in."),
}


@routes.page("/details", access=CITIZEN)
def overview(request: Request) -> Response:
    profile = _profile(request)
    return html.page(
        request,
        "details/overview.html",
        profile=profile,
        waits=_waits(request, profile),
        choices=profile.choices,
        wishes=WISH_WORDS,
        hours=HOUR_WORDS,
        saved=SAVED.get(request.argument("saved"), ""),
    )


@routes.page("/details/address", access=CITIZEN_AGAIN)
def address(request: Request) -> Response:
    return _asked(request, ADDRESS, {"email": _profile(request).email})


@routes.page("/details/address", access=CITIZEN_AGAIN, method="POST")
def ask_code(request: Request) -> Response:
    """Mail a code to the address; nothing changes before it is typed."""
    given = _given(request)
    try:
        email = reading.parse_answers(ADDRESS.questions, given, now=request.services.clock.now())["email"]
    except Invalid as invalid:
        return _form(request, ADDRESS, given, invalid.errors)
    actions.ask_code(email, pseudonym=request.citizen.pseudonym, language=request.language, desk=request.services.details)
    return redirect(f"{request.base}/details/code")


@routes.page("/details/code", access=CITIZEN)
def code(request: Request) -> Response:
    profile, recovered = _profile(request), form_recovery.recovered(request)
    if profile.challenge is None:
        return redirect(f"{request.base}/details/address")
    return _code(request, profile, recovered or {}, restored=recovered is not None)


@routes.page("/details/code", access=CITIZEN, method="POST")
def type_code(request: Request) -> Response:
    posted = request.form()
    given, number = str(posted.get("code", ""))[: CODE.most], str(posted.get("challenge", ""))
    try:
        reading.parse_answers((CODE,), {"code": given}, now=request.services.clock.now())
        actions.confirm(
            given,
            int(number) if number.isascii() and number.isdigit() and len(number) < _LONGEST else 0,
            pseudonym=request.citizen.pseudonym,
            language=request.language,
            desk=request.services.details,
        )
    except Invalid as invalid:
        other = _other_code(given)
        return _code(request, _profile(request), {"code": given}, other.errors if other else invalid.errors, elsewhere=other)
    except Conflict as conflict:
        return _code(request, _profile(request), {}, conflict=conflict)
    if request.session is not None:  # the reports follow in a moment (profiles/stream.py); the list of reports looks again
        request.services.sessions.mark(request.session, unreachable=False)
    return redirect(f"{request.base}/details?saved=address#saved")


@routes.page("/details/wishes", access=CITIZEN)
def wishes(request: Request) -> Response:
    return _asked(request, WISHES, typed(_profile(request).choices))


@routes.page("/details/wishes", access=CITIZEN, method="POST")
def choose_wishes(request: Request) -> Response:
    return _chosen(request, WISHES)


@routes.page("/details/safety", access=CITIZEN)
def safety(request: Request) -> Response:
    return _asked(request, SAFETY, typed(_profile(request).choices))


@routes.page("/details/safety", access=CITIZEN, method="POST")
def choose_safety(request: Request) -> Response:
    return _chosen(request, SAFETY)


@routes.page("/details/logins", access=CITIZEN)
def logins(request: Request) -> Response:
    """Where somebody is logged in, and was until a day ago."""
    session = request.session.id if request.session else ""
    return html.page(request, "details/logins.html", uses=request.services.sessions.of_same_person(session))


@routes.page("/details/logins", access=CITIZEN_AGAIN, method="POST")
def log_out_elsewhere(request: Request) -> Response:
    ended = request.services.sessions.end_others(request.session.id if request.session else "")
    log.event("logged_out_everywhere", sessions=ended)
    return redirect(f"{request.base}/details?saved=elsewhere#saved")


_LONGEST = 16  # digits of a number that a form of ours could hold
_CHANGES = {WISHES.name: with_wishes, SAFETY.name: with_safety}


def _profile(request: Request) -> Profile:
    return actions.of_person(request.citizen.pseudonym, language=request.language, desk=request.services.details)


def _given(request: Request) -> dict[str, Any]:
    return {name: value for name, value in request.form().items() if not name.startswith("_")}


def _chosen(request: Request, section: Section) -> Response:
    given = _given(request)
    try:
        answers = reading.parse_answers(section.questions, given, now=request.services.clock.now())
    except Invalid as invalid:
        return _form(request, section, given, invalid.errors)

    def changed(before: Choices) -> Choices:
        return _CHANGES[section.name](before, answers)

    who, desk = request.citizen.pseudonym, request.services.details
    actions.choose(changed, about=section.name, pseudonym=who, language=request.language, desk=desk)
    return redirect(f"{request.base}/details?saved={section.name}#saved")


def _asked(request: Request, section: Section, now: Mapping[str, Any]) -> Response:
    recovered = form_recovery.recovered(request)
    return _form(request, section, now if recovered is None else recovered, restored=recovered is not None)


def _form(
    request: Request, section: Section, given: Mapping[str, Any], errors: Sequence[FieldError] = (), *, restored: bool = False
) -> Response:
    fields = tuple(form.field_of(question, given, errors) for question in section.questions)
    return html.page(
        request,
        "details/change.html",
        status=400 if errors else 200,
        section=section,
        fields=fields,
        problems=form.problems(fields, errors),
        restored=restored,
    )


def _other_code(typed: str) -> Elsewhere | None:
    """Return where a code belongs that is of another kind; a long one without a letter stood, most likely, in the same mail.

    None is looked up: here nobody's tries with those are counted.
    """
    found = read(typed)
    kind = CodeKind.CHECK if found and found.kind is CodeKind.OLD else found.kind if found else None
    return elsewhere(kind, CodeKind.ADDRESS)


def _code(
    request: Request,
    profile: Profile,
    given: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    conflict: Conflict | None = None,
    restored: bool = False,
    elsewhere: Elsewhere | None = None,
) -> Response:
    field = form.field_of(CODE, given, errors)
    return html.page(
        request,
        "details/code.html",
        status=409 if conflict else 400 if errors else 200,
        challenge=profile.challenge,
        waits=_waits(request, profile),
        field=field,
        problems=form.problems((field,), errors),
        conflict=translate(CONFLICT[conflict.code], request.language) if conflict else "",
        restored=restored,
        elsewhere=elsewhere,
    )


def _waits(request: Request, profile: Profile) -> bool:
    """True while a code can be typed."""
    return profile.challenge is not None and profile.challenge.is_open(request.services.clock.now())
