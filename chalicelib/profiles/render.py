"""The mails about a person's own address, per language; neutral ones do not tell that they come from the police."""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chalicelib.core.language import Language
from chalicelib.core.settings import Settings
from chalicelib.letters.render import Texts

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"
PARTS = ("subject.txt", "body.txt", "body.html")


class Mailing(StrEnum):
    """The mails that there are; each has its files in `templates/<mailing>/<language>/`."""

    CODE = "address_code"
    CHANGED = "address_changed"


def write(
    mailing: Mailing, language: Language, *, is_neutral: bool, settings: Settings, values: Mapping[str, Any] | None = None
) -> Texts:
    """Return a mail's texts. `values` are the code and the time until which it can be typed."""
    given = {"address": urlsplit(settings.portal_url).netloc, "is_test": not settings.is_production, "is_neutral": is_neutral}
    subject, text, html = (template.render({**given, **(values or {})}) for template in _templates(mailing, language))
    return Texts(subject, text, html, (values or {}).get("proof", ""), version(mailing, language), is_neutral)


@cache
def version(mailing: Mailing, language: Language) -> str:
    """Return the first 16 hex digits of the SHA-256 over a mail's templates: the ledger keeps which text somebody got."""
    folder = TEMPLATES / mailing / language
    return hashlib.sha256(b"\0".join((folder / part).read_bytes() for part in PARTS)).hexdigest()[:16]


@cache
def _templates(mailing: Mailing, language: Language) -> "tuple[Template, ...]":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # noqa: PLC0415 — only where mails are written

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / mailing / language),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return tuple(environment.get_template(part) for part in PARTS)
