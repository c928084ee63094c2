"""The survey's pages: type the code (or come in logged in), answer, thanks. A GET changes nothing: mail scanners open everything.

The code travels in forms, never in an address.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib.citizen.codes import Elsewhere, known_elsewhere
from chalicelib.citizen.own import own_reports
from chalicelib.citizen.surveys.call_pages import may_ask
from chalicelib.core import ids
from chalicelib.core.codes import CodeKind
from chalicelib.core.errors import FieldError, Invalid, NotFound
from chalicelib.core.language import N_
from chalicelib.forms import fields
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.reports import actions as reports
from chalicelib.surveys import actions
from chalicelib.surveys.model import (
    HIGHEST,
    LOWEST,
    PURPOSE,
    SATISFACTION,
    SATISFACTION_HINT,
    SCALE,
    STATEMENTS,
    WHY,
    WHY_HINT,
    WHY_LENGTH,
    Invitation,
    code_of,
)
from chalicelib.web import form_recovery, html, limits
from chalicelib.web.access import CITIZEN, PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

if TYPE_CHECKING:
    from chalicelib.citizen.surveys.schemas import SurveyAnswer

routes = Routes(__name__)


def _as_in_the_api(name: str) -> str:
    """Return what SurveyAnswer calls a field outside: the form is read with that model."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


CODE = Question(
    "code",
    N_("Your code"),
    need=Need.REQUIRED,
    hint=N_("The code stands in our mail, for example V-K7MDP-R3W9X. Capitals, spaces and dashes do not matter."),
)
MARKS = tuple(Choice(str(number), str(number)) for number in range(LOWEST, HIGHEST + 1))
POINTS = tuple(Choice(str(point), label) for point, label in SCALE.items())
QUESTIONS = (
    Question("satisfaction", SATISFACTION, Input.CHOICE, Need.REQUIRED, SATISFACTION_HINT, choices=MARKS),
    Question("why", WHY, Input.LONG_TEXT, hint=WHY_HINT, most=WHY_LENGTH),
    *(Question(_as_in_the_api(name), label, Input.CHOICE, choices=POINTS) for name, label in STATEMENTS.items()),
)
_NUMBERS = frozenset(question.name for question in QUESTIONS if question.input is Input.CHOICE)


@routes.page("/survey", access=PUBLIC)
def start(request: Request) -> Response:
    return _ask_code(request, {})


@routes.page("/survey", access=PUBLIC, method="POST")
def enter_code(request: Request) -> Response:
    code, typed = _code(request), request.form()  # beside the code there are answers when the language was changed half way
    try:
        return _survey(request, _read(request, code), typed, action="/survey/answer", code=code)
    except Invalid as invalid:
        other = known_elsewhere(request, code, CodeKind.SURVEY)
        return _ask_code(request, {"code": code}, other.errors if other else invalid.errors, elsewhere=other)


@routes.page("/survey/answer", access=PUBLIC)
def back_to_start(request: Request) -> Response:
    """Whoever reloads the address of the form starts with the code again."""
    return redirect(f"{request.base}/survey")


@routes.page("/survey/answer", access=PUBLIC, method="POST")
def answer(request: Request) -> Response:
    code = _code(request)
    if request.wanted_language:
        return enter_code(request)
    try:
        given = _given(request)
    except Invalid as invalid:
        return _survey(request, _read(request, code), request.form(), invalid.errors, action="/survey/answer", code=code)
    with limits.counted(request, PURPOSE):
        return _answered(request, code, given)


@routes.page("/survey/thanks", access=PUBLIC)
def thanks(request: Request) -> Response:
    return html.page(request, "surveys/thanks.html")


@routes.page("/reports/{reference}/survey", access=CITIZEN)
def own_survey(request: Request, reference: str) -> Response:
    recovered = form_recovery.recovered(request)
    action = f"/reports/{reference}/survey"
    return _survey(
        request,
        _invitation(request, _own_code(request, reference)),
        recovered or {},
        action=action,
        restored=recovered is not None,
    )


@routes.page("/reports/{reference}/survey", access=CITIZEN, method="POST")
def answer_own(request: Request, reference: str) -> Response:
    code = _own_code(request, reference)
    try:
        given = _given(request)
    except Invalid as invalid:
        return _survey(request, _invitation(request, code), request.form(), invalid.errors, action=f"/reports/{reference}/survey")
    answered = _answered(request, code, given)
    report = reports.own(reference, mine=own_reports(request))
    asks = may_ask(request, report)
    return redirect(f"{request.base}/reports/{report.reference}/call?saved=survey#saved") if asks else answered


def _own_code(request: Request, reference: str) -> str:
    """Return the code of one's own report; another person's report is not found."""
    report = reports.own(reference, mine=own_reports(request))
    invited_at = report.survey_invited_at or request.services.clock.now()
    return code_of(request.services.proof_keys.at(invited_at), report.reference)


def _code(request: Request) -> str:
    typed = request.form().get("code")
    return typed if isinstance(typed, str) else ""


def _invitation(request: Request, code: str) -> Invitation:
    services = request.services
    return actions.load_invitation(code, surveys=services.surveys, names_key=services.derivation_key, clock=services.clock)


def _read(request: Request, code: str) -> Invitation:
    """Return the open invitation of a typed code. One that nobody has is, to whoever typed it, a typing error as well."""
    try:
        with limits.counted(request, PURPOSE):
            return _invitation(request, code)
    except NotFound:
        raise Invalid([FieldError("code", "code_unknown")]) from None


def _given(request: Request) -> "SurveyAnswer":
    from chalicelib.citizen.surveys.schemas import SurveyAnswer  # noqa: PLC0415 — pydantic only where an answer is read
    from chalicelib.web.schema import parse  # noqa: PLC0415 — likewise

    typed = {name: value for name, value in request.form().items() if not name.startswith("_") and name != "code"}
    try:
        return parse(SurveyAnswer, {name: value for name, value in typed.items() if value != ""})
    except Invalid as invalid:
        raise Invalid([_in_words(error) for error in invalid.errors]) from None


def _in_words(error: FieldError) -> FieldError:
    """A radio button that nobody chose is told as such, and not as a number that is missing."""
    return FieldError(error.field, "choose_one") if error.field in _NUMBERS else error


def _answered(request: Request, code: str, given: "SurveyAnswer") -> Response:
    services, key = request.services, request.form_key(request.form())
    actions.answer(
        code,
        given.scores,
        given.why,
        key=key,
        surveys=services.surveys,
        names_key=services.derivation_key,
        clock=services.clock,
    )
    return redirect(f"{request.base}/survey/thanks")


def _ask_code(
    request: Request, typed: Mapping[str, Any], errors: Sequence[FieldError] = (), *, elsewhere: Elsewhere | None = None
) -> Response:
    return html.page(
        request,
        "surveys/code.html",
        status=400 if errors else 200,
        code=fields.field_of(CODE, typed, errors),
        problems=[fields.Problem(error, CODE.label) for error in errors],
        elsewhere=elsewhere,
    )


def _survey(
    request: Request,
    invitation: Invitation,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    action: str,
    code: str = "",
    restored: bool = False,
) -> Response:
    labels = {question.name: question.label for question in QUESTIONS}
    return html.page(
        request,
        "surveys/survey.html",
        status=400 if errors else 200,
        action=action,
        code=code,
        key=ids.secret_id(),
        last_day=invitation.last_day,
        fields=[fields.field_of(question, typed, errors) for question in QUESTIONS],
        problems=[fields.Problem(error, labels.get(error.field, "")) for error in errors],
        restored=restored,
    )
