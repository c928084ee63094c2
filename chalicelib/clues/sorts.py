"""The sorts of clues, a row each: how a value is spelled so that equal ones are equal, who may search it, whether it links. Pure.

Each sort has one normaliser, made of the readers that clean the input (`forms/`): what a reporter typed and what an officer seeks
meet in one spelling. A value that is none (NO_CLUE, or that cannot be true) is no clue: "unknown" would link strangers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from chalicelib.core.language import N_
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.forms import numbers, reachable
from chalicelib.forms.dates import UNKNOWN, read_birthday
from chalicelib.forms.text import BadInput, clean, code
from chalicelib.people.model import Officer, StaffRole
from chalicelib.people.permissions import Permission, may
from chalicelib.reports.model import REGISTRATION_NUMBER


class NoClue(Exception):
    """A value by which nothing can be found."""


class ClueSort(StrEnum):
    """A sort of clue. The questions of a report name it (`Question.clue`)."""

    IBAN = "iban"
    WALLET = "wallet"
    PHONE = "phone"
    EMAIL = "email"
    USER_NAME = "user-name"
    ADVERT = "advert"
    HOST = "host"
    FRAME = "frame"
    IMEI = "imei"
    SERIAL = "serial"
    PLATE = "plate"
    REPORTER_PHONE = "reporter-phone"
    REPORTER_EMAIL = "reporter-email"
    ADDRESS = "address"
    PERSON = "person"
    NUMBER = "number"


LONGEST = 500  # characters of a value that somebody seeks
_SHORTEST = 4  # letters and digits of a mark: fewer are on too many things
_LONGEST_MARK = 40
_HANDLING = frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR})
_ABOUT_PEOPLE = frozenset({StaffRole.HANDLER})  # where somebody lives, and who was born when: for who handles reports alone
_YEARS_LISTED, _YEARS_READ = (RETENTION[kept].years for kept in (Kept.CLUES, Kept.READ_REPORTS))
_NOW = datetime(2100, 1, 1, tzinfo=UTC)  # a day of birth in a search lies before any day

_NOTHING = """
onbekend onbekent onbek unknown geen geenidee none niets nvt na nee no weetikniet weetniet nietbekend nietvantoepassing leeg
blank test xxx abc abcd qwerty asdf 123 1234 12345 123456 1234567 12345678 123456789 0123456789 1234567890 framenummer
serienummer imei kenteken
"""
NO_CLUE = frozenset(_NOTHING.split())


def _bare(text: str) -> str:
    """The letters and digits of a value, in capitals."""
    return "".join(filter(str.isalnum, code(text, LONGEST).upper()))


def _is_none(bare: str) -> bool:
    """True for what people type where they know nothing: a word of the list, or one sign repeated."""
    return bare.lower() in NO_CLUE or len(set(bare)) < 2  # noqa: PLR2004 — 0000, XXXX


def _mark(text: str) -> str:
    """The number on a thing. Letters that are read for digits are those digits, and zeros in front are left off: a spreadsheet
    drops them, and nobody tells O from 0 on a frame.
    """
    bare = _bare(text)
    if _is_none(bare) or not any(map(str.isdigit, bare)) or len(bare) > _LONGEST_MARK or re.search("[@:]", text):
        raise NoClue
    folded = bare.translate(_READ_FOR).lstrip("0")
    if len(folded) < _SHORTEST:
        raise NoClue
    return folded


_READ_FOR = str.maketrans("OIL", "011")


def _imei(text: str) -> str:
    found = numbers.read_imei(text)
    if _is_none(found):
        raise NoClue
    return found


def _plate(text: str) -> str:
    bare = _bare(text)
    if _is_none(bare) or not any(map(str.isdigit, bare)) or not _SHORTEST <= len(bare) <= 12:  # noqa: PLR2004 — of any country
        raise NoClue
    return bare


_WALLET = re.compile(r"[A-Za-z0-9]{25,110}")
_CASELESS = re.compile(r"(?:bc1|0x)[a-z0-9]+", re.IGNORECASE)  # Bech32 and hexadecimal wallets; in others capitals count


def _wallet(text: str) -> str:
    bare = re.sub(r"^(?:bitcoin|ethereum):|[\s]", "", code(text, LONGEST), flags=re.IGNORECASE).partition("?")[0]
    if not _WALLET.fullmatch(bare) or not any(map(str.isdigit, bare)):
        raise NoClue
    return bare.lower() if _CASELESS.fullmatch(bare) else bare


def _email(text: str) -> str:
    return reachable.their_email(text, LONGEST).lower()


def _host(text: str) -> str:
    address = reachable.web_address(text, LONGEST * 8)
    host = re.sub(r"^(?:[a-z]+://)?(?:[^/?#@]*@)?", "", address)
    return re.sub(r"^www\.", "", re.split(r"[:/?#]", host)[0].rstrip("."))


def _user_name(text: str) -> str:
    """A name means something on its platform only: `marktplaats: topdeals88`."""
    platform, colon, name = clean(text, LONGEST).partition(":")
    platform, name = ("".join(part.casefold().split()).lstrip("@") for part in (platform, name))
    platform = re.sub(r"^www\.|\.(?:nl|com|be|eu|org)$", "", platform)
    if not colon or not platform or len(name) < 3 or name in NO_CLUE or platform in {"http", "https", "mailto"}:  # noqa: PLR2004
        raise NoClue
    return f"{platform}:{name}"


_ADVERT = re.compile(r"(?<![A-Z0-9])[AM]?[0-9]{8,12}(?![A-Z0-9])")


def _advert(text: str) -> str:
    """The number of an advertisement, also where it stands in an address; else the address without its query."""
    typed = code(text, LONGEST)
    if found := _ADVERT.search(typed.upper()):
        return found[0]
    address = re.sub(r"^[a-z]+://(?:www\.)?", "", typed.casefold()).partition("?")[0].partition("#")[0].rstrip("/")
    if not any(map(str.isdigit, address)) or "/" not in address or " " in address:
        raise NoClue
    return address


_HOME = re.compile(r"(?P<postcode>[1-9][0-9]{3}\s*[A-Z]{2})[\s,]+(?P<number>[0-9]+.*)", re.IGNORECASE)


def _address(text: str) -> str:
    found = _HOME.fullmatch(code(text, LONGEST))
    if not found:
        raise NoClue
    return f"{numbers.read_postcode(found['postcode'])} {_bare(found['number'])}"


_BORN = re.compile(r"(?P<name>\D*[^\W\d_]\D*?)[\s,;]+(?P<born>\d.*)")


def _person(text: str) -> str:
    """A family name with a whole day of birth. A name alone is nobody's clue."""
    found = _BORN.fullmatch(code(text, LONGEST))
    born = read_birthday(found["born"], _NOW) if found else UNKNOWN
    if not found or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", born) or born.endswith("-00"):
        raise NoClue
    return f"{''.join(filter(str.isalpha, found['name'].casefold()))} {born}"


def _number(text: str) -> str:
    bare = "".join(code(text, LONGEST).upper().split())
    if not REGISTRATION_NUMBER.fullmatch(bare):
        raise NoClue
    return bare


def is_exact(told: str, sought: str) -> bool:
    """True when two marks that are one clue are also spelled alike, but for spaces, dashes and capitals."""
    return _bare(told) == _bare(sought)


def alike(sort: ClueSort) -> tuple[ClueSort, ...]:
    """Return the sorts under which a number on a thing is asked for: who finds the thing does not know which it is."""
    return _MARKS if sort in _MARKS else (sort,)


_MARKS = (ClueSort.FRAME, ClueSort.SERIAL)


@dataclass(frozen=True, slots=True)
class Row:
    """A sort of clue: its name, how it is spelled, what an officer is shown for an example, which roles may search it.

    `links` when two reports that share it may belong together. `goods` when it is on a thing that can be found. `years` after
    filing it is found no more.
    """

    name: str
    read: Callable[[str], str]
    example: str
    roles: frozenset[StaffRole] = _HANDLING
    links: bool = False
    goods: bool = False
    years: int = _YEARS_LISTED


SORTS: Mapping[ClueSort, Row] = {
    ClueSort.IBAN: Row(N_("Account number (IBAN)"), numbers.read_iban, "NL91ABNA0417164300", links=True),
    ClueSort.WALLET: Row(N_("Crypto wallet"), _wallet, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", links=True),
    ClueSort.PHONE: Row(N_("Telephone number of the other party"), reachable.their_phone, "06 11223344", links=True),
    ClueSort.EMAIL: Row(N_("E-mail address of the other party"), _email, "verkoper@example.net", links=True),
    ClueSort.USER_NAME: Row(N_("Platform and user name"), _user_name, "Marktplaats: topdeals88", links=True),
    ClueSort.ADVERT: Row(N_("Advertisement"), _advert, "m1234567890", links=True),
    ClueSort.HOST: Row(N_("Address of a website"), _host, "www.example.com", links=True),
    ClueSort.FRAME: Row(N_("Frame number"), _mark, "GZ1234567", links=True, goods=True),
    ClueSort.IMEI: Row(N_("IMEI number"), _imei, "490154203237518", links=True, goods=True),
    ClueSort.SERIAL: Row(N_("Serial number"), _mark, "FP2-00123", links=True, goods=True),
    ClueSort.PLATE: Row(N_("Licence plate"), _plate, "12-ABC-3", links=True, goods=True),
    ClueSort.REPORTER_PHONE: Row(N_("Telephone number of the reporter"), reachable.their_phone, "06 12345678"),
    ClueSort.REPORTER_EMAIL: Row(N_("E-mail address of the reporter"), _email, "sanne@example.org"),
    ClueSort.ADDRESS: Row(N_("Postcode and house number of the reporter"), _address, "1012 AB 14", _ABOUT_PEOPLE),
    ClueSort.PERSON: Row(N_("Family name and date of birth of the reporter"), _person, "van den Berg 12-7-1980", _ABOUT_PEOPLE),
    ClueSort.NUMBER: Row(N_("Police number"), _number, "PL0100-2016123456", years=_YEARS_READ),
}


def read(sort: ClueSort, value: object) -> str | None:
    """Return a value in the one spelling of its sort, None where it is no clue."""
    if not isinstance(value, str) or not value or len(value) > LONGEST * 8:
        return None
    try:
        found = SORTS[sort].read(value)
    except (BadInput, NoClue):
        return None
    return None if _is_none(_bare(found[:LONGEST])) else found


def searched_by(officer: Officer) -> tuple[ClueSort, ...]:
    """Return the sorts that an officer may search, in the table's order."""
    if not may(officer, Permission.SEARCH):
        return ()
    return tuple(sort for sort, row in SORTS.items() if officer.roles & row.roles)
