"""My details: the address that mail goes to, what we mail about, and how that stays safe. For all reports at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.citizen.profile.questions import ADDRESS, CODE, SAFETY, WISHES, typed, with_safety, with_wishes
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import mark, translate
from chalicelib.forms import fields as form
from chalicelib.forms.questions import Section
from chalicelib.profiles import actions
from chalicelib.profiles.model import Choices, Profile
from chalicelib.reports import submission
from chalicelib.reports.crimes.contact import LANGUAGE_WORDS, WISH_WORDS
from chalicelib.reports.presenter import HOUR_WORDS
from chalicelib.web import form_recovery, html
from chalicelib.web.access import CITIZEN
from chalicelib.web.messages import CONFLICT
from chalicelib.web.request import Call
from chalicelib.web.response import Reply, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

SAVED: Mapping[str, str] = {
    "address": mark("From now on we mail you at this address, about all your reports."),
    "wishes": mark("We have saved what you want to hear about. It counts for all your reports."),
    "safety": mark("We have saved how we can reach you safely. It counts for all your reports."),
}


@routes.page("/details", access=CITIZEN)
def overview(call: Call) -> Reply:
    profile = _profile(call)
    return html.page(
        call,
        "details/overview.html",
        profile=profile,
        waits=_waits(call, profile),
        choices=profile.choices,
        language_word=LANGUAGE_WORDS[profile.choices.language],
        wishes=WISH_WORDS,
        hours=HOUR_WORDS,
        saved=SAVED.get(call.argument("saved"), ""),
    )


@routes.page("/details/address", access=CITIZEN)
def address(call: Call) -> Reply:
    return _asked(call, ADDRESS, {"email": _profile(call).email})


@routes.page("/details/address", access=CITIZEN, method="POST")
def ask_code(call: Call) -> Reply:
    """Mail a code to the address; nothing changes before it is typed."""
    given = _given(call)
    try:
        email = submission.read(ADDRESS.questions, given, now=call.services.clock.now())["email"]
    except Invalid as invalid:
        return _form(call, ADDRESS, given, invalid.errors)
    actions.ask_code(email, pseudonym=call.citizen.pseudonym, language=call.language, desk=call.services.details)
    return redirect(f"{call.base}/details/code")


@routes.page("/details/code", access=CITIZEN)
def code(call: Call) -> Reply:
    profile, parked = _profile(call), form_recovery.parked(call)
    if profile.challenge is None:
        return redirect(f"{call.base}/details/address")
    return _code(call, profile, parked or {}, restored=parked is not None)


@routes.page("/details/code", access=CITIZEN, method="POST")
def type_code(call: Call) -> Reply:
    posted = call.form()
    given, number = str(posted.get("code", ""))[: CODE.most], str(posted.get("challenge", ""))
    try:
        submission.read((CODE,), {"code": given}, now=call.services.clock.now())
        actions.confirm(
            given,
            int(number) if number.isascii() and number.isdigit() and len(number) < _LONGEST else 0,
            pseudonym=call.citizen.pseudonym,
            language=call.language,
            desk=call.services.details,
        )
    except Invalid as invalid:
        return _code(call, _profile(call), {"code": given}, invalid.errors)
    except Conflict as conflict:
        return _code(call, _profile(call), {}, conflict=conflict)
    if call.session is not None:  # the reports follow in a moment (post.py); the list of reports looks again
        call.services.sessions.mark(call.session, unreachable=False)
    return redirect(f"{call.base}/details?saved=address#saved")


@routes.page("/details/wishes", access=CITIZEN)
def wishes(call: Call) -> Reply:
    return _asked(call, WISHES, typed(_profile(call).choices))


@routes.page("/details/wishes", access=CITIZEN, method="POST")
def choose_wishes(call: Call) -> Reply:
    return _chosen(call, WISHES)


@routes.page("/details/safety", access=CITIZEN)
def safety(call: Call) -> Reply:
    return _asked(call, SAFETY, typed(_profile(call).choices))


@routes.page("/details/safety", access=CITIZEN, method="POST")
def choose_safety(call: Call) -> Reply:
    return _chosen(call, SAFETY)


_LONGEST = 10  # digits of a number that a form of ours could hold
_CHANGES = {WISHES.name: with_wishes, SAFETY.name: with_safety}


def _profile(call: Call) -> Profile:
    return actions.of_person(call.citizen.pseudonym, language=call.language, desk=call.services.details)


def _given(call: Call) -> dict[str, Any]:
    return {name: value for name, value in call.form().items() if not name.startswith("_")}


def _chosen(call: Call, section: Section) -> Reply:
    given = _given(call)
    try:
        answers = submission.read(section.questions, given, now=call.services.clock.now())
    except Invalid as invalid:
        return _form(call, section, given, invalid.errors)

    def changed(before: Choices) -> Choices:
        return _CHANGES[section.name](before, answers)

    who, desk = call.citizen.pseudonym, call.services.details
    actions.choose(changed, about=section.name, pseudonym=who, language=call.language, desk=desk)
    return redirect(f"{call.base}/details?saved={section.name}#saved")


def _asked(call: Call, section: Section, now: Mapping[str, Any]) -> Reply:
    parked = form_recovery.parked(call)
    return _form(call, section, now if parked is None else parked, restored=parked is not None)


def _form(
    call: Call, section: Section, given: Mapping[str, Any], errors: Sequence[FieldError] = (), *, restored: bool = False
) -> Reply:
    fields = tuple(form.field_of(question, given, errors) for question in section.questions)
    return html.page(
        call,
        "details/change.html",
        status=400 if errors else 200,
        section=section,
        fields=fields,
        problems=form.problems(fields, errors),
        restored=restored,
    )


def _code(
    call: Call,
    profile: Profile,
    given: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    conflict: Conflict | None = None,
    restored: bool = False,
) -> Reply:
    field = form.field_of(CODE, given, errors)
    return html.page(
        call,
        "details/code.html",
        status=409 if conflict else 400 if errors else 200,
        challenge=profile.challenge,
        waits=_waits(call, profile),
        field=field,
        problems=form.problems((field,), errors),
        conflict=translate(CONFLICT[conflict.code], call.language) if conflict else "",
        restored=restored,
    )


def _waits(call: Call, profile: Profile) -> bool:
    """True while a code can be typed."""
    return profile.challenge is not None and profile.challenge.is_open(call.services.clock.now())
