"""The places of a standard text that fill themselves in from a report, in its reporter's language. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from re import Match

from chalicelib.core.clock import day_of
from chalicelib.core.language import Language, long_date, translate
from chalicelib.forms.places import municipalities
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.reports.placeholders import PLACE

_Filler = Callable[[Report, Language], str]
_FILLERS: Mapping[tuple[str, str], _Filler] = {  # by the names that an officer types, in Dutch and in English
    ("aangiftenummer", "report number"): lambda report, _: report.reference,
    ("politienummer", "police number"): lambda report, _: report.registration_number,
    ("politie-eenheid", "police unit"): lambda report, _: report.unit,
    ("gemeente", "municipality"): lambda report, _: municipalities()[report.municipality].short_name,
    ("soort", "kind"): lambda report, language: translate(KINDS[report.kind].name, language),
    ("datum van aangifte", "date of report"): lambda report, language: long_date(day_of(report.filed_at), language),
}
AUTOMATIC: Mapping[str, _Filler] = {name: filler for names, filler in _FILLERS.items() for name in names}
NAMES: Mapping[Language, tuple[str, ...]] = {
    Language.NL: tuple(dutch for dutch, _ in _FILLERS),
    Language.EN: tuple(english for _, english in _FILLERS),
}
_SAMPLES: Mapping[str, str] = {  # by the Dutch name, for a preview; the others are told of the kind and the language
    "aangiftenummer": "K7MD-PR3W-9XCV",
    "politienummer": "PL0100-2026123456",
    "politie-eenheid": "Noord-Nederland",
    "gemeente": "Groningen",
}
_SAMPLE_DAY = date(2026, 11, 2)
_LONGEST = 60  # of what fills itself in, the kind apart


def fill(text: str, report: Report) -> str:
    """Return a text with what is known of the report, in its reporter's language; what is not known stays to be filled in."""
    language = report.contact.language

    def known(place: Match[str]) -> str:
        filler = AUTOMATIC.get(_name(place))
        return (filler(report, language) if filler else "") or place[0]

    return PLACE.sub(known, text)


def sample(text: str, crime: str, language: Language) -> str:
    """Return a text as a reporter would read it: filled in for a report that is made up."""
    kind = next(kind.name for kind in KINDS.values() if crime in ("", kind.crime))
    values = {**_SAMPLES, "soort": translate(kind, language), "datum van aangifte": long_date(_SAMPLE_DAY, language)}
    named = {name: values[names[0]] for names in _FILLERS for name in names}
    return PLACE.sub(lambda place: named.get(_name(place), place[0]), text)


def longest(text: str, crime: str, language: Language) -> int:
    """Return how long a text becomes at the most for the kinds of a crime (for all, when it is empty)."""
    kind = max((translate(kind.name, language) for kind in KINDS.values() if crime in ("", kind.crime)), key=len)
    return len(PLACE.sub(lambda place: kind if _name(place) in _OF_KIND else "x" * _LONGEST, text))


_OF_KIND = ("soort", "kind")


def _name(place: Match[str]) -> str:
    return place["name"].strip().lower()
