"""The gateway's own answers: a page in two languages for a browser, problem+json for a program.

No app and no Jinja here: a gateway response is fixed text. ANSWERS is by status; RESPONSE_TYPES says which of API Gateway's own
refusals gets which, and `gateway_responses` is what a deploy hands to it. Source: docs/tools.md, "Facts" (an unknown path is API
Gateway's own 403).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.web.headers import API_VERSION

HTML, PROBLEM, JSON = "text/html", "application/problem+json", "application/json"
# Loading our own style and following our own links is all that this page needs.
_POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Vary": "Accept",
    "API-Version": API_VERSION,  # nothing is known here of who asks: a page's reader has no use for it, and no harm of it
}


@dataclass(frozen=True, slots=True)
class Words:
    """A title and what to do, without the full stop, in both languages: nothing is known here of the reader."""

    title_nl: str
    remedy_nl: str
    title_en: str
    remedy_en: str


_TRY_AGAIN = ("Probeer het over een paar minuten opnieuw", "Try again in a few minutes")
ANSWERS: Mapping[int, Words] = {
    400: Words(
        "Wij kunnen dit niet lezen",
        "Ga terug, en probeer het opnieuw",
        "We cannot read this",
        "Go back, and try again",
    ),
    403: Words(
        "Dit mag hier niet",
        "Ga naar de startpagina, en begin daar opnieuw",
        "This is not allowed here",
        "Go to the start page, and begin there",
    ),
    404: Words(
        "Deze pagina is er niet",
        "Controleer het adres. Misschien is een deel weggevallen, of bestaat de pagina niet meer",
        "This page does not exist",
        "Check the address. Part of it may be missing, or the page may be gone",
    ),
    405: Words(
        "Dit kan hier niet",
        "Ga terug, en probeer het opnieuw",
        "This method is not allowed here",
        "Use one of the methods in the header Allow",
    ),
    411: Words(
        "Wij kunnen dit niet lezen",
        "Ga terug, en probeer het opnieuw",
        "Say how long the body is",
        "Send a Content-Length",
    ),
    413: Words(
        "Dit is te groot",
        "Ga terug, maak wat u stuurt kleiner, en probeer het opnieuw. Samen mag het 10 MB zijn",
        "This is too large",
        "Go back, make what you send smaller, and try again. Together it may be 10 MB",
    ),
    429: Words("Het is te druk", _TRY_AGAIN[0], "It is too busy", _TRY_AGAIN[1]),
    500: Words("Er ging iets mis bij ons", _TRY_AGAIN[0], "Something went wrong with us", _TRY_AGAIN[1]),
    502: Words("Er ging iets mis bij ons", _TRY_AGAIN[0], "Something went wrong with us", _TRY_AGAIN[1]),
    504: Words("Dit duurde te lang", _TRY_AGAIN[0], "This took too long", _TRY_AGAIN[1]),
}

RESPONSE_TYPES: Mapping[str, int] = {
    "MISSING_AUTHENTICATION_TOKEN": 404,  # its name for a path or method that no route declares
    "RESOURCE_NOT_FOUND": 404,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "REQUEST_TOO_LARGE": 413,
    "THROTTLED": 429,
    "QUOTA_EXCEEDED": 429,
    "WAF_FILTERED": 403,
    "INTEGRATION_FAILURE": 502,
    "INTEGRATION_TIMEOUT": 504,
    "DEFAULT_4XX": 400,
    "DEFAULT_5XX": 500,
}


def body(status: int, content_type: str) -> str:
    """Return the fixed text of a status of ANSWERS, as HTML or as problem+json (in English, as the API's own)."""
    words = ANSWERS[status]
    if content_type == HTML:
        return _page().format_map({name: getattr(words, name) for name in Words.__slots__})
    return json.dumps({"type": "about:blank", "title": words.title_en, "status": status, "detail": words.remedy_en})


def wanted(accept: str) -> str:
    """Return HTML for a browser, which names it; PROBLEM for a program, which does not."""
    return HTML if HTML in accept.lower() else PROBLEM


def gateway_responses() -> dict[str, dict[str, Any]]:
    """Return the gateway responses for `put-gateway-response` or `AWS::ApiGateway::GatewayResponse`, by response type.

    API Gateway picks the template by the Accept header, and sends the name of the template as Content-Type: so a program's is
    named as it asks. A static value stands in single quotes, and those inside it stay as they are.
    """
    headers = {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in HEADERS.items()}
    return {
        kind: {
            "statusCode": str(status),
            "responseParameters": headers,
            "responseTemplates": {
                JSON: body(status, PROBLEM),
                PROBLEM: body(status, PROBLEM),
                HTML: body(status, HTML),
            },
        }
        for kind, status in RESPONSE_TYPES.items()
    }


@cache
def _page() -> str:
    return (Path(__file__).parent / "page.html").read_text("utf-8")
