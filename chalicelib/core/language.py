"""The reader's language. English sentences are the source; `locale/nl` holds the Dutch, which comes first on the page."""

import gettext
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


def N_(message: str) -> str:  # noqa: N802 — gettext's own name
    """Mark a sentence in a table for translation (Babel extracts it); it is looked up when it is shown."""
    return message


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """Return the catalogue of a language; English is its own catalogue."""
    if language is Language.EN:
        return gettext.NullTranslations()
    return gettext.translation("messages", LOCALE, [language])


def translate(message: str, language: Language, **values: object) -> str:
    """Return `message` in `language`, `%(name)s` filled in. An empty message stays empty (gettext answers with its header)."""
    found = translations(language).gettext(message) if message else ""
    return found % values if values else found


_MONTHS = {
    Language.NL: [
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
    ],
    Language.EN: [
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
    ],
}


def long_date(on: date, language: Language) -> str:
    """Render a day as people write it: `12 november 2026`. An instant is shown as its Amsterdam day."""
    day = on.astimezone(AMSTERDAM).date() if isinstance(on, datetime) else on
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def long_time(at: datetime, language: Language) -> str:
    """Render an instant in Amsterdam time: `12 november 2026 om 14.05 uur`, `12 November 2026 at 14:05`."""
    joint = "om" if language is Language.NL else "at"
    return f"{long_date(at, language)} {joint} {short_time(at, language)}"


def short_time(at: datetime, language: Language) -> str:
    """Render the time of day of an instant in Amsterdam: `14.05 uur`, `14:05`."""
    local = at.astimezone(AMSTERDAM)
    return f"{local:%H.%M} uur" if language is Language.NL else f"{local:%H:%M}"


def money(cents: int, language: Language) -> str:
    """Render an amount in euro cents: `€ 1.234,50`, `€1,234.50`."""
    text = f"{cents / 100:,.2f}"
    if language is Language.NL:
        return "€ " + text.translate(str.maketrans(",.", ".,"))
    return "€" + text
