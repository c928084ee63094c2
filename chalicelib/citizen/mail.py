"""Pages about mail: is it ours, and no more invitations to the survey."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core.errors import FieldError, NotFound
from chalicelib.core.language import N_
from chalicelib.forms import fields as form
from chalicelib.forms.questions import Need, Question
from chalicelib.letters import actions
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
    hint=N_("For example K7MDP-R3W9X. Capitals, spaces and dashes do not matter."),
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
            sent_on = actions.recognise(typed[CODE.name], ledger=request.services.ledger)
    except NotFound:
        return _ask(request, typed, is_unknown=True)
    return html.page(request, "letters/ours.html", sent_on=sent_on)


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
            proof_keys=services.proof_keys,
            clock=services.clock,
        )
    return html.page(request, "letters/unsubscribed.html")


def _ask(request: Request, typed: Mapping[str, Any], errors: Sequence[FieldError] = (), *, is_unknown: bool = False) -> Response:
    fields = [form.field_of(CODE, typed, errors)]
    return html.page(
        request,
        "letters/recognise.html",
        status=400 if errors else 200,
        fields=fields,
        problems=form.problems(fields, errors),
        is_unknown=is_unknown,
    )
