"""Municipalities, and the one police unit that each belongs to. Source and licence: data/README.md."""

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_EVERYDAY = {"den haag": "GM0518", "den bosch": "GM0796"}  # what people type for the official name
_FILE = Path(__file__).parent / "data" / "municipalities.csv"


@dataclass(frozen=True, slots=True)
class Municipality:
    """`code` is the CBS code (`GM0014`), `name` its CBS spelling, `unit` the police unit."""

    code: str
    name: str
    unit: str


@cache
def municipalities() -> dict[str, Municipality]:
    """Return all municipalities by CBS code, sorted by name."""
    with _FILE.open(encoding="utf-8") as file:
        rows = [Municipality(row["cbs_code"], row["name"], row["police_unit"]) for row in csv.DictReader(file)]
    return {place.code: place for place in sorted(rows, key=lambda place: _folded(place.name))}


@cache
def units() -> tuple[str, ...]:
    """Return the names of the ten police units."""
    return tuple(sorted({place.unit for place in municipalities().values()}))


def municipality_named(text: str) -> Municipality | None:
    """Return the municipality with this code or name; capitals, accents and the apostrophe's shape do not matter."""
    folded = _folded(text)
    return municipalities().get(_EVERYDAY.get(folded, text.upper())) or _by_name().get(folded)


@cache
def _by_name() -> dict[str, Municipality]:
    return {_folded(place.name): place for place in municipalities().values()}


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'").casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))
