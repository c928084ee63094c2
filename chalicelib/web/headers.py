"""The headers that every answer carries. Nothing is cached unless a view says so; nothing runs from the page itself."""

from chalicelib.core.language import Language
from chalicelib.core.settings import Settings
from chalicelib.web.response import Response

API_VERSION = "1.1.0"


def of(response: Response, settings: Settings, *, api_language: Language | None) -> dict[str, str]:
    """Return all headers of an answer except its cookies. `api_language` is that of an answer of the API, None for a page.

    A program says with every call which language it reads (Accept-Language); on a page that is a choice of its reader.
    """
    headers = {
        "Content-Type": response.content_type,
        "Cache-Control": "no-store",
        "Content-Security-Policy": _policy(settings),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # same-origin, not no-referrer: under no-referrer browsers send `Origin: null` with a form, and we check the origin
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        **(_of_api(api_language) if api_language else {}),
        **response.headers,
    }
    if settings.secure:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


def _of_api(language: Language) -> dict[str, str]:
    return {"API-Version": API_VERSION, "Content-Language": language, "Vary": "Accept-Language"}


def _policy(settings: Settings) -> str:
    """A browser applies form-action also to where a form is redirected: no form of ours ends elsewhere (ADR-0038)."""
    return (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
        f"connect-src 'self' https://{settings.evidence_bucket}.s3.{settings.region}.amazonaws.com; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
