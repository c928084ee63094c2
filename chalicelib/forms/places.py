"""Municipalities, and the one police unit that each belongs to. Source and licence: data/README.md."""

import csv
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_EVERYDAY = {"den haag": "GM0518", "the hague": "GM0518", "den bosch": "GM0796"}  # what people type for the official name
_FILE = Path(__file__).parent / "data" / "municipalities.csv"


@dataclass(frozen=True, slots=True)
class Municipality:
    """`code` is the CBS code (`GM0014`), `name` its CBS spelling (`short_name` without the suffix), `unit` the police unit."""

    code: str
    name: str
    short_name: str
    unit: str


@cache
def municipalities() -> dict[str, Municipality]:
    """Return all municipalities by CBS code, sorted by name."""
    with _FILE.open(encoding="utf-8") as file:
        rows = [Municipality(row["cbs_code"], row["name"], row["short_name"], row["police_unit"]) for row in csv.DictReader(file)]
    return {place.code: place for place in sorted(rows, key=lambda place: _folded(place.name))}


@cache
def units() -> tuple[str, ...]:
    """Return the names of the ten police units."""
    return tuple(sorted({place.unit for place in municipalities().values()}))


def municipality_named(text: str) -> Municipality | None:
    """Return the municipality with this code or name; capitals, accents and apostrophes do not matter.

    A name without the suffix that tells namesakes apart will do where only one municipality bears it: `Middelburg`, not `Bergen`.
    """
    folded = _folded(text)
    return municipalities().get(_EVERYDAY.get(folded, text.upper())) or _by_name().get(folded)


@cache
def _by_name() -> dict[str, Municipality]:
    places = municipalities().values()
    short = Counter(_folded(place.short_name) for place in places)
    return {_folded(place.short_name): place for place in places if short[_folded(place.short_name)] == 1} | {
        _folded(place.name): place for place in places
    }


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "").replace("'", "").casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))
