"""Pages: one Jinja environment per language, and what every page knows of its reader.

Everything that somebody typed is untrusted: autoescape is on for every template, and the one filter that makes markup
(`phones`) escapes first. Messages of the tables are translated with the filter `t`, those of a template with `_`.
"""

import re
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from chalicelib.core.language import LANGUAGES, N_, Language, long_date, long_time, money, short_time, translate, translations
from chalicelib.core.retention import RETENTION
from chalicelib.core.settings import Settings
from chalicelib.people.model import Citizen, Officer
from chalicelib.web import assets, cookies, navigation
from chalicelib.web.messages import FILE, field_sentence, warning_sentence
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.timing import Timing, timing_of

TEMPLATES = Path(__file__).parent / "templates"

_BAD_REQUEST = 400
_PHONE = re.compile(r"(?<![\w-])(?:112|0900-8844|088-070 70 70|0900-0101|0800-2000|\+31 34 357 8844)\b")
_PRIVATE = re.compile(r"/(?:reports?|details|session)(?:/|\Z)")
_HOMES = {"citizen": "/reports", None: "/"}  # where an error page leads who is nowhere in particular
_SUBJECT = re.compile(r"(?:/desk)?/reports/[A-Z0-9-]+|/report/[a-z-]+/[A-Z0-9-]+/check")


def page(request: Request, template: str, *, status: int = 200, cookies: Sequence[str] = (), **context: Any) -> Response:
    """Answer with a page in the reader's language; a form sent back with errors (400) says so in its title."""
    found = _environment(request.language).get_template(template)
    body = found.render({**_reader(request), "failed": status == _BAD_REQUEST, **context})
    return Response(status, body, cookies=tuple(cookies))


def home(request: Request) -> str:
    """Return the page at which this reader begins."""
    person = request.principal
    return navigation.home_of(person) if isinstance(person, Officer) else _HOMES[_who(request)]


def _reader(request: Request) -> dict[str, Any]:
    subject, who = _SUBJECT.match(request.path), _who(request)
    return {
        "base": request.base,
        "url": lambda path: request.base + path,
        "keeping": request.keeping,
        "asset": lambda name: f"{request.base}/static/{name}?v={assets.version(name)}",
        "token": request.session.form_token if request.session else "",
        "who": who,
        "language": request.language,
        "languages": LANGUAGES,
        "logins": _logins(request.services.settings, request.language),
        "kept": RETENTION,
        "here": request.here,
        "home": home(request),
        "menu": _menu(request),
        "onward": subject[0] if subject else home(request),
        "banner": not request.services.settings.is_production,
        "timing": _timing(request),
        "unreachable": who == "citizen" and request.session is not None and request.session.unreachable,
        "exit": request.services.settings.quick_exit_url if _PRIVATE.match(request.path) and who != "officer" else "",
    }


def _menu(request: Request) -> tuple[navigation.Item, ...]:
    if not isinstance(request.principal, Officer):
        return ()
    last = cookies.list_of(request.cookie("list"), request.session) if request.session else ""
    return navigation.menu(request.principal, request.path, last_list=last)


@cache
def _logins(settings: Settings, language: Language) -> str:
    """Return the names of the logins as a sentence has them: `DigiD`, or `DigiD, eHerkenning or a European login`."""
    *others, last = (means.names[language] for means in settings.citizen_logins)
    return translate(N_("%(others)s or %(last)s"), language, others=", ".join(others), last=last) if others else last


def _timing(request: Request) -> Timing | None:
    """When the session of somebody logged in ends; the pages that ask about that themselves need no dialog."""
    if request.session is None or request.path.startswith("/session/"):
        return None
    return timing_of(request.session, request.services.clock.now())


def _who(request: Request) -> str | None:
    if isinstance(request.principal, Citizen):
        return "citizen"
    return "officer" if isinstance(request.principal, Officer) else None


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # by the extension
    environment.filters.update(
        t=partial(translate, language=language),
        date=partial(long_date, language=language),
        time=partial(long_time, language=language),
        clock=partial(short_time, language=language),
        money=partial(money, language=language),
        sentence=partial(field_sentence, language=language),
        refusal=lambda file: translate(FILE[file.reason], language),
        warning=partial(warning_sentence, language=language),
        phones=_phones,
    )
    return environment


def _phones(text: str) -> Markup:
    """Make the telephone numbers in a sentence of ours into links that dial."""
    return Markup(_PHONE.sub(_dial, str(escape(text))))  # noqa: S704 — escaped on the line itself


def _dial(match: re.Match[str]) -> str:
    return f'<a class="number" href="tel:{re.sub(r"[ -]", "", match[0])}">{match[0]}</a>'
