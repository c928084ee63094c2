"""The pages that belong to no room: static files, language, and where to tell of a weak spot."""

from datetime import timedelta

from chalicelib.core.clock import iso
from chalicelib.core.errors import NotFound
from chalicelib.core.language import Language
from chalicelib.web import assets, cookies
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Call
from chalicelib.web.response import Reply, local_path, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

_YEAR_S = 31_536_000
_SECURITY_TXT_VALID = timedelta(days=180)


@routes.page("/static/{name}", access=PUBLIC)
def static_file(call: Call, name: str) -> Reply:
    """An address with the file's own fingerprint may be kept for a year; any other is asked for again."""
    if name not in assets.ASSETS:
        raise NotFound("file")
    is_exact = call.argument("v") == assets.version(name)
    caching = f"public, max-age={_YEAR_S}, immutable" if is_exact else "no-cache"
    return Reply(200, assets.text(name), assets.ASSETS[name].media_type, {"Cache-Control": caching})


@routes.page("/language", access=PUBLIC, method="POST")
def choose_language(call: Call) -> Reply:
    form = call.form()
    wanted = form.get("to")
    language = Language(wanted) if wanted in list(Language) else Language.NL
    cookie = cookies.put_language(call.services.settings, language)
    return redirect(call.base + local_path(form.get("next")), (cookie,))


@routes.page("/.well-known/security.txt", access=PUBLIC)
def security_txt(call: Call) -> Reply:
    """Where to tell of a weak spot (RFC 9116)."""
    portal = call.services.settings.portal_url
    lines = (
        f"Contact: {portal}/help#security",
        f"Expires: {iso(call.services.clock.now() + _SECURITY_TXT_VALID)}",
        "Preferred-Languages: nl, en",
        f"Canonical: {portal}/.well-known/security.txt",
    )
    return Reply(200, "\n".join(lines) + "\n", "text/plain; charset=utf-8")
