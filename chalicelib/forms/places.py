"""Municipalities, the one police unit that each belongs to, and the names of places by which people know them. Pure.

Source and licence: data/README.md. The names of places are read when a name is no municipality's.
"""

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.core.text import coded
from chalicelib.forms.text import BadInput, code

_DATA = Path(__file__).parent / "data"
_MOST = 100  # characters of a name
_MOST_GUESSES = 5
_LIKE = 0.8  # how much a mistyped name is like the right one, at least

_EVERYDAY = {"the hague": "GM0518"}  # what people type for the official name, and no list of places has
_PROVINCES: Mapping[str, str] = {
    **dict.fromkeys(("gn", "gr"), "Groningen"),
    **dict.fromkeys(("fr", "frl", "friesland", "fryslan"), "Fryslân"),
    **dict.fromkeys(("dr", "drenthe"), "Drenthe"),
    **dict.fromkeys(("o", "ov", "overijssel"), "Overijssel"),
    **dict.fromkeys(("g", "gld", "gelderland"), "Gelderland"),
    **dict.fromkeys(("fl", "flevoland"), "Flevoland"),
    **dict.fromkeys(("u", "ut"), "Utrecht"),
    **dict.fromkeys(("nh", "noord holland", "north holland"), "Noord-Holland"),
    **dict.fromkeys(("zh", "zuid holland", "south holland"), "Zuid-Holland"),
    **dict.fromkeys(("z", "zl", "zld", "zeeland"), "Zeeland"),
    **dict.fromkeys(("nb", "noord brabant", "brabant"), "Noord-Brabant"),
    **dict.fromkeys(("l", "lb", "limb", "limburg"), "Limburg"),
}
# Official names that are also those of places elsewhere; a test compares them with the list of places, which is read seldom.
_NAMESAKES: Mapping[str, tuple[str, ...]] = {
    "GM0209": ("GM0168",),  # Beuningen
    "GM0214": ("GM0060",),  # Buren
    "GM0797": ("GM0743",),  # Heusden
    "GM0405": ("GM0093",),  # Hoorn
    "GM0575": ("GM1969",),  # Noordwijk
    "GM0826": ("GM1734",),  # Oosterhout
    "GM0279": ("GM0098",),  # Scherpenzeel
    "GM0851": ("GM1699",),  # Steenbergen
    "GM0285": ("GM1509",),  # Voorst
}
_QUARTERS = frozenset(
    {"centrum", "noord", "oost", "zuid", "west", "noordoost", "noordwest", "zuidoost", "zuidwest", "binnenstad"}
)


@dataclass(frozen=True, slots=True)
class Municipality:
    """`code` is the CBS code (`GM0014`), `name` its CBS spelling (`short_name` without the suffix), `unit` the police unit."""

    code: str
    name: str
    short_name: str
    unit: str
    province: str

    @property
    def title(self) -> str:
        """The name with the province: what tells one from another where people choose."""
        return f"{self.name}, {self.province}"


@cache
def municipalities() -> dict[str, Municipality]:
    """Return all municipalities by CBS code, sorted by name."""
    rows = [
        Municipality(row["cbs_code"], row["name"], row["short_name"], row["police_unit"], row["province"])
        for row in _rows("municipalities.csv")
    ]
    return {place.code: place for place in sorted(rows, key=lambda place: _folded(place.name))}


@cache
def units() -> tuple[str, ...]:
    """Return the names of the ten police units."""
    return tuple(sorted({place.unit for place in municipalities().values()}))


def read_municipality(value: Any) -> str:
    """Read the code or name of a municipality, or of a place in one, and return the code.

    Raises BadInput: with `codes` of the ones to choose from where a name leads to several, or is like others.
    """
    typed = code(value, _MOST)
    found = places_named(typed)
    if len(found) == 1:
        return found[0]
    guesses = found or _alike(typed)
    if not guesses:
        raise BadInput("municipality")
    names = "; ".join(municipalities()[one].title for one in guesses)
    raise BadInput("municipality_which" if found else "municipality_like", names=names, codes=guesses)


def settled(typed: Any) -> Any:
    """Return the answer of a form that asked "did you mean …?": the choice, if it was one for the name that stands above it."""
    if not (isinstance(typed, list) and len(typed) == 2 and all(isinstance(one, str) for one in typed)):  # noqa: PLR2004
        return typed
    name, chosen = typed
    told = coded(name)[:_MOST]
    return chosen if chosen in (places_named(told) or _alike(told)) else name


def places_named(text: str) -> tuple[str, ...]:
    """Return the codes of the municipalities that a name can mean; of an official name and of a code it is that one alone.

    Capitals, accents, apostrophes and `Gemeente` do not matter. A province or municipality behind a name tells namesakes
    apart (`Bergen NH`, `Zevenhuizen (Zuidplas)`).
    """
    if text.upper() in municipalities():
        return (text.upper(),)
    words = _folded(text)
    bare = re.sub(r"^(?:gemeente|gem|municipality of|stad) (?=.)|(?<=.) (?:gemeente|gem)$", "", words)
    return _named(words) or _named(bare) or _with_hint(bare.split())


def namesakes(municipality: str) -> tuple[str, ...]:
    """Return the codes of other municipalities in which there is a place of just this municipality's official name."""
    return _NAMESAKES.get(municipality, ())


def _named(words: str) -> tuple[str, ...]:
    official = _official().get(words)
    return (official,) if official else _by_name().get(words, ())


def _with_hint(words: list[str]) -> tuple[str, ...]:
    """A name with what tells it apart behind it, or with the part of the town."""
    for split in range(len(words) - 1, 0, -1):
        name, hint = " ".join(words[:split]), " ".join(words[split:])
        if hint in _QUARTERS:
            return _named(name)
        told = tuple(_apart(_named(name), hint)) or tuple(_apart(_by_name().get(name, ()), hint))
        if told:
            return told
    return ()


def _apart(codes: Iterable[str], hint: str) -> Iterator[str]:
    """Those that the hint fits: a province, the municipality itself, or another name in it."""
    wanted, within = {_PROVINCES.get(hint.replace(" ", "")), _PROVINCES.get(hint)}, _by_name().get(hint, ())
    for one in codes:
        if one in within or municipalities()[one].province in wanted or _folded(municipalities()[one].province) == hint:
            yield one


def _alike(text: str) -> tuple[str, ...]:
    """Return the codes to which mistyped names may lead, the likeliest first."""
    names = difflib.get_close_matches(_folded(text), _by_name(), n=_MOST_GUESSES, cutoff=_LIKE)
    return tuple(dict.fromkeys(one for name in names for one in _named(name)))[:_MOST_GUESSES]


@cache
def _official() -> dict[str, str]:
    return {_folded(place.name): place.code for place in municipalities().values()} | _EVERYDAY


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    """The codes by every name that somebody may use: of municipalities, places, districts; sorted as the municipalities are."""
    found: dict[str, set[str]] = {}
    for place in municipalities().values():
        for name in (place.name, place.short_name):
            found.setdefault(_folded(name), set()).add(place.code)
    for row in _rows("places.csv"):
        for name in {row["place"], _SUFFIX.sub("", row["place"])}:
            found.setdefault(_folded(name), set()).add(row["cbs_code"])
    order = {code: place for place, code in enumerate(municipalities())}
    return {name: tuple(sorted(codes, key=order.__getitem__)) for name, codes in found.items()}


_SUFFIX = re.compile(r" (?:\(.*\)|gem\..*|Gld)$")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _folded(text: str) -> str:
    """Return a name as words: without capitals, accents, apostrophes and marks; `St.` and `a/d` as they are written in full."""
    plain = unicodedata.normalize("NFKD", re.sub("['\u2018\u2019`\u00b4]", "", text.casefold()))
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    words = " ".join(re.sub(r"[^\w]+", " ", bare).split())
    words = re.sub(r"\bst\b", "sint", re.sub(r"\ba d\b|\baan de\b", "aan den", words))
    return re.sub(r"(?<=\b\w) (?=\w\b(?: |$))", "", words)  # n h: nh
