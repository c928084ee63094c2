"""The reader's language. English sentences are the source; `locale/nl` holds the Dutch, which comes first on the page.

LANGUAGES is all there is to a language besides its sentences and letters: a row more, and the portal offers it everywhere.
"""

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

from chalicelib.core.clock import AMSTERDAM

LOCALE = Path(__file__).parent.parent / "locale"


class Language(StrEnum):
    """The languages that the portal speaks, completely."""

    NL = "nl"
    EN = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """How a language writes what is no sentence. `name` is its own, in itself; `is_source` says that it needs no catalogue.

    `moment` and `euro` are filled in with `%`, `clock` is for strftime. `marks` stand between thousands and before decimals.
    """

    name: str
    months: tuple[str, ...]
    short_months: str
    moment: str
    clock: str
    euro: str
    marks: str
    is_source: bool = False


LANGUAGES: Mapping[Language, Conventions] = {
    Language.NL: Conventions(
        name="Nederlands",
        months=(
            "januari",
            "februari",
            "maart",
            "april",
            "mei",
            "juni",
            "juli",
            "augustus",
            "september",
            "oktober",
            "november",
            "december",
        ),
        short_months="jan feb mrt apr mei jun jul aug sep okt nov dec",
        moment="%(day)s om %(clock)s",
        clock="%H.%M uur",
        euro="€ %s",
        marks=".,",
    ),
    Language.EN: Conventions(
        name="English",
        months=(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        short_months="Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        moment="%(day)s at %(clock)s",
        clock="%H:%M",
        euro="€%s",
        marks=",.",
        is_source=True,
    ),
}
DEFAULT_LANGUAGE = next(iter(LANGUAGES))  # of a reader who never said which: the first row


def language_of(code: object) -> Language:
    """Return the language with this code (of a cookie, a form); the default one for anything that is none."""
    return next((language for language in LANGUAGES if language == code), DEFAULT_LANGUAGE)


def accepted_language(header: str) -> Language:
    """Return the language that an Accept-Language header likes best of those we speak; the default one when it names none."""
    liked = [match for part in header.lower().split(",") if (match := _LIKED.fullmatch(part.strip()))]
    best_first = sorted(liked, key=lambda match: -float(match[2] or 1))
    spoken = (language_of(match[1]) for match in best_first if match[1] in LANGUAGES and float(match[2] or 1))
    return next(spoken, DEFAULT_LANGUAGE)


_LIKED = re.compile(r"([a-z]{2,3})(?:-[a-z0-9-]{1,30})?(?:\s*;\s*q=([01](?:\.[0-9]{0,3})?))?")


def N_(message: str) -> str:  # noqa: N802 — gettext's own name
    """Mark a sentence in a table for translation (Babel extracts it); it is looked up when it is shown."""
    return message


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """Return the catalogue of a language; the source is its own catalogue."""
    if LANGUAGES[language].is_source:
        return gettext.NullTranslations()
    return gettext.translation("messages", LOCALE, [language])


def translate(message: str, language: Language, **values: object) -> str:
    """Return `message` in `language`, `%(name)s` filled in. An empty message stays empty (gettext answers with its header)."""
    found = translations(language).gettext(message) if message else ""
    return found % values if values else found


def long_date(on: date, language: Language) -> str:
    """Render a day as people write it: `12 november 2026`. An instant is shown as its Amsterdam day."""
    day = on.astimezone(AMSTERDAM).date() if isinstance(on, datetime) else on
    return f"{day.day} {long_month(day.year, day.month, language)}"


def short_date(on: date, language: Language, *, year: int) -> str:
    """Render a day as narrow as can be: `12 nov`, and with its year when that is not `year`. An instant is its Amsterdam day."""
    day = on.astimezone(AMSTERDAM).date() if isinstance(on, datetime) else on
    month = LANGUAGES[language].short_months.split()[day.month - 1]
    return f"{day.day} {month}" if day.year == year else f"{day.day} {month} {day.year}"


def long_month(year: int, month: int, language: Language) -> str:
    """Render a month as people write it: `november 2026`."""
    return f"{LANGUAGES[language].months[month - 1]} {year}"


def long_time(at: datetime, language: Language) -> str:
    """Render an instant in Amsterdam time: `12 november 2026 om 14.05 uur`, `12 November 2026 at 14:05`."""
    return LANGUAGES[language].moment % {"day": long_date(at, language), "clock": short_time(at, language)}


def short_time(at: datetime, language: Language) -> str:
    """Render the time of day of an instant in Amsterdam: `14.05 uur`, `14:05`."""
    return at.astimezone(AMSTERDAM).strftime(LANGUAGES[language].clock)


def money(cents: int, language: Language) -> str:
    """Render an amount in euro cents: `€ 1.234,50`, `€1,234.50`."""
    return LANGUAGES[language].euro % number(cents / 100, language, decimals=2)


def number(value: float, language: Language, *, decimals: int) -> str:
    """Render a number with so many decimals: `1.234,5`, `1,234.5`."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", LANGUAGES[language].marks))
