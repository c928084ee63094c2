"""The pages that belong to no room: static files, language, and where to tell of a weak spot."""

from datetime import timedelta

from chalicelib.core.clock import iso
from chalicelib.core.errors import NotFound
from chalicelib.core.language import LANGUAGES, language_of
from chalicelib.web import assets, cookies
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response, local_path, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

_YEAR_S = 31_536_000
_SECURITY_TXT_VALID = timedelta(days=180)


@routes.page("/static/{name}", access=PUBLIC)
def static_file(request: Request, name: str) -> Response:
    """An address with the file's own fingerprint may be kept for a year; any other is asked for again."""
    if name not in assets.ASSETS:
        raise NotFound("file")
    is_exact = request.argument("v") == assets.version(name)
    caching = f"public, max-age={_YEAR_S}, immutable" if is_exact else "no-cache"
    return Response(200, assets.text(name), assets.ASSETS[name].media_type, {"Cache-Control": caching})


@routes.page("/language", access=PUBLIC, method="POST")
def choose_language(request: Request) -> Response:
    form = request.form()
    cookie = cookies.put_language(request.services.settings, language_of(form.get("to")))
    return redirect(request.base + local_path(form.get("next")), (cookie,))


@routes.page("/.well-known/security.txt", access=PUBLIC)
def security_txt(request: Request) -> Response:
    """Where to tell of a weak spot (RFC 9116)."""
    portal = request.services.settings.portal_url
    lines = (
        f"Contact: {portal}/help#security",
        f"Expires: {iso(request.services.clock.now() + _SECURITY_TXT_VALID)}",
        f"Preferred-Languages: {', '.join(LANGUAGES)}",
        f"Canonical: {portal}/.well-known/security.txt",
    )
    return Response(200, "\n".join(lines) + "\n", "text/plain; charset=utf-8")
