"""From a letter to its texts: Jinja2 templates per letter and language, compiled once per process.

Nothing of the case goes in: the news reads the same for every report and every status but for the mail's own code, and the
survey adds only its code and its last day. A reader finds the portal by typing its address: no link, no button, no picture.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib.core.clock import day_of
from chalicelib.core.language import Language, long_date
from chalicelib.core.settings import Settings
from chalicelib.letters import codes
from chalicelib.letters.catalogue import Letter, letter_id
from chalicelib.reports.model import Event, Report
from chalicelib.surveys.model import code_of, last_day

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"
PARTS = ("subject.txt", "body.txt", "body.html")


@dataclass(frozen=True, slots=True)
class Texts:
    """A letter as its reader gets it, without the address; `code` is the mail's own, by which it can be told from a false one."""

    subject: str
    text: str
    html: str
    code: str


def write(letter: Letter, event: Event, report: Report, *, settings: Settings, derivation_key: Callable[[], bytes]) -> Texts:
    """Return the letter's texts for this event."""
    language, key = report.contact.language, derivation_key()
    code = codes.code_of(key, letter_id(report.reference, event.number))
    values = {"address": urlsplit(settings.portal_url).netloc, "is_test": not settings.is_production, "code": code}
    if letter is Letter.SURVEY:
        values["survey_code"] = code_of(key, report.reference)
        values["last_day"] = long_date(last_day(day_of(event.at), settings.survey_open_days), language)
    subject, text, html = (template.render(values) for template in _templates(letter, language))
    return Texts(subject, text, html, code)


@cache
def version(letter: Letter, language: Language) -> str:
    """Return the first 16 hex digits of the SHA-256 over a letter's templates: the ledger keeps which text somebody got."""
    folder = TEMPLATES / letter / language
    return hashlib.sha256(b"\0".join((folder / part).read_bytes() for part in PARTS)).hexdigest()[:16]


@cache
def _templates(letter: Letter, language: Language) -> "tuple[Template, ...]":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # noqa: PLC0415 — only where letters are written

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / letter / language),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return tuple(environment.get_template(part) for part in PARTS)
