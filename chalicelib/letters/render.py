"""From a letter to its texts: Jinja2 templates per letter and language, compiled once per process.

Nothing of the case goes in: the news reads the same for every report and every status but for the mail's own code, and the
survey adds only its code and its last day. A reader finds the portal by typing its address: no link, no button, no picture.
Whoever is not safe gets the neutral texts: neither sender nor subject nor body tells that they come from the police.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib.core.clock import day_of
from chalicelib.core.derivation import ProofKeys
from chalicelib.core.language import Language, long_date
from chalicelib.core.settings import Settings
from chalicelib.letters import codes
from chalicelib.letters.catalogue import Letter, letter_id
from chalicelib.reports.events import Event
from chalicelib.reports.model import Report
from chalicelib.surveys import model as surveys

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"
PARTS = ("subject.txt", "body.txt", "body.html")


@dataclass(frozen=True, slots=True)
class Texts:
    """A letter as its reader gets it, without the address.

    `code` is the mail's own, by which it can be told from a false one; `template` says which text it is (`version`).
    `unsubscribe_at` is the address for mail programs (RFC 8058), in a header and never in the text; empty for most letters.
    """

    subject: str
    text: str
    html: str
    code: str
    template: str
    neutral: bool = False
    unsubscribe_at: str = ""


def write(letter: Letter, event: Event, report: Report, *, settings: Settings, proof_keys: Callable[[], ProofKeys]) -> Texts:
    """Return the letter's texts for this event; written again, its codes are those of the first time."""
    contact, key, name = report.contact, proof_keys().at(event.at), letter_id(report.reference, event.number)
    language, neutral, code = contact.language, contact.safety.neutral, codes.code_of(key, name)
    values = {"address": urlsplit(settings.portal_url).netloc, "is_test": not settings.is_production, "code": code}
    unsubscribe_at = ""
    if letter is Letter.SURVEY:
        values["survey_code"] = surveys.code_of(key, report.reference)
        values["last_day"] = long_date(surveys.last_day(day_of(event.at), settings.survey_open_days), language)
        unsubscribe_at = "" if neutral else f"{settings.portal_url}/unsubscribe/{codes.token_of(key, name)}"
    subject, text, html = (template.render(values) for template in _templates(letter, language, neutral))
    return Texts(subject, text, html, code, version(letter, language, neutral), neutral, unsubscribe_at)


def folder(letter: Letter, language: Language, neutral: bool) -> Path:
    """Return where a letter's three files are."""
    plain = TEMPLATES / letter / language
    return plain / "neutral" if neutral else plain


@cache
def version(letter: Letter, language: Language, neutral: bool = False) -> str:
    """Return the first 16 hex digits of the SHA-256 over a letter's templates: the ledger keeps which text somebody got."""
    files = (folder(letter, language, neutral) / part for part in PARTS)
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


@cache
def _templates(letter: Letter, language: Language, neutral: bool) -> "tuple[Template, ...]":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # noqa: PLC0415 — only where letters are written

    environment = Environment(
        loader=FileSystemLoader(folder(letter, language, neutral)),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return tuple(environment.get_template(part) for part in PARTS)
