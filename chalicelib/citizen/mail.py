"""Pages about mail: is it ours, and no more invitations to the survey."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.citizen.codes import CODE_PAGES
from chalicelib.core.codes import CodeKind
from chalicelib.core.errors import FieldError
from chalicelib.core.language import N_
from chalicelib.forms import fields as form
from chalicelib.forms.questions import Need, Question
from chalicelib.letters import actions
from chalicelib.letters.actions import NotRecognised, Recognised, Verdict
from chalicelib.letters.codes import PURPOSE, UNSUBSCRIBING
from chalicelib.web import html, limits
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes

routes = Routes(__name__)

ONE_CLICK = ("List-Unsubscribe", "One-Click")  # what the standard has a mail program post
CODE = Question(
    "code",
    N_("Check code of the e-mail"),
    need=Need.REQUIRED,
    hint=N_("For example C-K7MDP-R3W9X. Capitals, spaces and dashes do not matter."),
)


@routes.page("/mail", access=PUBLIC)
def ask(request: Request) -> Response:
    return _ask(request, {})


@routes.page("/mail", access=PUBLIC, method="POST")
def recognise(request: Request) -> Response:
    code = request.form().get(CODE.name)
    typed = {CODE.name: code} if isinstance(code, str) else {}
    if request.wanted_language:
        return _ask(request, typed)
    if not typed.get(CODE.name, "").strip():
        return _ask(request, typed, [FieldError(CODE.name, "required")])
    try:
        with limits.counted(request, PURPOSE):
            found = _recognised(request, typed[CODE.name])
    except NotRecognised as unknown:
        return _ask(request, typed, verdict=unknown.verdict)
    if found.sent_on is None:
        return _ask(request, typed, verdict=found.verdict)
    return html.page(request, "letters/ours.html", found=found, typed=typed, survey=CODE_PAGES[CodeKind.SURVEY])


@routes.page("/unsubscribe/{token}", access=PUBLIC)
def ask_unsubscribe(request: Request, token: str) -> Response:
    """Mail scanners open every address: whether the token is worth anything is told to nobody before the button is pressed."""
    return html.page(request, "letters/unsubscribe.html", token=token)


@routes.page("/unsubscribe/{token}", access=PUBLIC, method="POST", files=True)
def unsubscribe(request: Request, token: str) -> Response:
    """A mail program posts here without a person (RFC 8058), as a form of either kind; the page's button posts the same."""
    if request.form().get(ONE_CLICK[0]) != ONE_CLICK[1]:
        return ask_unsubscribe(request, token)
    services = request.services
    with limits.counted(request, UNSUBSCRIBING):
        actions.unsubscribe(
            token,
            ledger=services.ledger,
            reports=services.reports,
            derivation=services.derivation,
            clock=services.clock,
        )
    return html.page(request, "letters/unsubscribed.html")


def _recognised(request: Request, code: str) -> Recognised:
    services = request.services
    return actions.recognise(code, ledger=services.ledger, surveys=services.surveys, names_key=services.derivation_key)


def _ask(
    request: Request, typed: Mapping[str, Any], errors: Sequence[FieldError] = (), *, verdict: Verdict | None = None
) -> Response:
    fields = [form.field_of(CODE, typed, errors)]
    return html.page(
        request,
        "letters/recognise.html",
        status=400 if errors else 200,
        fields=fields,
        problems=form.problems(fields, errors),
        verdict=verdict,
        typed=typed,
        elsewhere=CODE_PAGES[LED_TO[verdict]] if verdict in LED_TO else None,
    )


LED_TO: Mapping[Verdict | None, CodeKind] = {
    Verdict.COPY: CodeKind.COPY,
    Verdict.ADDRESS: CodeKind.ADDRESS,
    Verdict.NUMBER: CodeKind.NUMBER,
}
