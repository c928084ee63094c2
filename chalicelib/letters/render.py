"""From an order to the texts of its mail: Jinja2 templates per letter and language, compiled once per process.

Nothing of the case goes in: the news reads the same for every report and every status but for the mail's own code, and the
survey adds only its code and its last day. A reader finds the portal by typing its address: no link, no button, no picture.
Whoever is not safe gets the neutral texts: neither sender nor subject nor body tells that they come from the police.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
NEUTRAL_WITHIN = frozenset({Letter.ADDRESS_CODE, Letter.ADDRESS_CHANGED, Letter.DIGEST})  # their files say both, by `is_neutral`


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOrder:
    """A mail that is to be sent: which letter, to whom, and what its templates fill in.

    `check_code` is that of the mail itself: every mail has one. `unit` is whose
    desk hears of it when the mail cannot be sent, empty for a mail about no report. `untold` are the numbers of the events that
    were taken back: no mail tells of them.
    """

    letter: Letter
    to: str = field(repr=False)
    language: Language
    neutral: bool
    values: Mapping[str, str] = field(repr=False)
    check_code: str = field(repr=False)
    unsubscribe_at: str = field(default="", repr=False)
    unit: str = ""
    untold: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Texts:
    """A letter as its reader gets it, without the address.

    `check_code` is the mail's own, by which it can be told from a false one; `template` says which text it is (`version`).
    `unsubscribe_at` is the address for mail programs (RFC 8058), in a header and never in the text; empty for most letters.
    """

    subject: str
    text: str
    html: str
    check_code: str
    template: str
    neutral: bool = False
    unsubscribe_at: str = ""


Write = Callable[[Letter, Event, Report], Texts]


def write(letter: Letter, event: Event, report: Report, *, settings: Settings, proof_keys: Callable[[], ProofKeys]) -> Texts:
    """Return the texts of a report's letter for this event; written again, its codes are those of the first time."""
    return render(order_of(letter, event, report, settings=settings, proof_keys=proof_keys), settings=settings)


def order_of(
    letter: Letter, event: Event, report: Report, *, settings: Settings, proof_keys: Callable[[], ProofKeys]
) -> MailOrder:
    """Return what a report's letter for this event is made of."""
    contact, key, name = report.contact, proof_keys().at(event.at), letter_id(report.reference, event.number)
    code = codes.check_code_of(key, name)
    values, unsubscribe_at = {"code": code}, ""
    if letter is Letter.SURVEY:
        values["survey_code"] = surveys.code_of(key, report.reference)
        values["last_day"] = long_date(surveys.last_day(day_of(event.at), settings.survey_open_days), contact.language)
        unsubscribe_at = "" if contact.safety.neutral else f"{settings.portal_url}/unsubscribe/{codes.token_of(key, name)}"
    return MailOrder(
        letter=letter,
        to=contact.email,
        language=contact.language,
        neutral=contact.safety.neutral,
        values=values,
        check_code=code,
        unsubscribe_at=unsubscribe_at,
        unit=report.unit,
        untold=report.retracted,
    )


def render(order: MailOrder, *, settings: Settings) -> Texts:
    """Return the texts of any mail there is."""
    which = order.letter, order.language, order.neutral
    stage = {"address": urlsplit(settings.portal_url).netloc, "is_test": not settings.is_production, "is_neutral": order.neutral}
    subject, text, html = (template.render({**stage, **order.values}) for template in _templates(*which))
    return Texts(subject, text, html, order.check_code, version(*which), order.neutral, order.unsubscribe_at)


def folder(letter: Letter, language: Language, neutral: bool) -> Path:
    """Return where a letter's three files are."""
    plain = TEMPLATES / letter / language
    return plain / "neutral" if neutral and letter not in NEUTRAL_WITHIN else plain


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
