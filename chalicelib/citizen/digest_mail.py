"""No digest any more, for whoever got one in the mail: without logging in, as the standard for mail programs asks (RFC 8058)."""

from chalicelib.citizen.mail import ONE_CLICK
from chalicelib.digests import actions
from chalicelib.letters.codes import UNSUBSCRIBING
from chalicelib.web import html, limits
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/unsubscribe/digest/{token}", access=PUBLIC)
def ask(request: Request, token: str) -> Response:
    """Mail scanners open every address: whether the token is worth anything is told to nobody before the button is pressed."""
    return html.page(request, "letters/unsubscribe_digest.html", token=token)


@routes.page("/unsubscribe/digest/{token}", access=PUBLIC, method="POST", files=True)
def unsubscribe(request: Request, token: str) -> Response:
    if request.form().get(ONE_CLICK[0]) != ONE_CLICK[1]:
        return ask(request, token)
    with limits.counted(request, UNSUBSCRIBING):
        actions.stop_by_token(token, request.services.digest_room)
    return html.page(request, "letters/unsubscribed_digest.html")
