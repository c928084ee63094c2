"""The persons who can log in on the local stage: citizens from a published test set, people of companies, people from elsewhere
in Europe, and officers of our own. None of them exists.

The ids are what the login pages offer and what `POST /_local/tokens {"person": "…"}` takes.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalicelib.forms.places import units
from chalicelib.people.model import StaffRole

_CITIZENS = Path(__file__).parent / "data" / "citizens.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can log in. `subject` is how the issuer names them to the portal, `claims` what it says of them.

    `note` stands beside the name on the login page, in Dutch.
    """

    id: str
    name: str
    subject: str
    claims: Mapping[str, Any] = field(repr=False)
    note: str = ""
    born_on: str = ""


@dataclass(frozen=True, slots=True)
class _Post:
    """An officer's row: staff id, name, roles and units; no units stands for all ten."""

    staff_id: str
    name: str
    roles: tuple[StaffRole, ...]
    units: tuple[str, ...] = ()


_DUTCH: Mapping[StaffRole, str] = {
    StaffRole.READER: "lezer",
    StaffRole.HANDLER: "behandelaar",
    StaffRole.DESK: "balie",
    StaffRole.SUPERVISOR: "leidinggevende",
    StaffRole.AUDITOR: "auditor",
}
_POSTS: Mapping[str, _Post] = {
    "handler": _Post("LD1001", "Robin de Wit", (StaffRole.HANDLER,)),
    "handler-noord": _Post("NN1002", "Fenna Dijkstra", (StaffRole.HANDLER,), ("Noord-Nederland",)),
    "handler-amsterdam": _Post("AM1003", "Youssef Amrani", (StaffRole.HANDLER,), ("Amsterdam",)),
    "handler-oost": _Post("ON1004", "Bram te Velde", (StaffRole.HANDLER,), ("Oost-Nederland",)),
    "reader-amsterdam": _Post("AM1005", "Li-Ming Tan", (StaffRole.READER,), ("Amsterdam",)),
    "desk-noord": _Post("NN1006", "Hylke Súdwester", (StaffRole.DESK,), ("Noord-Nederland",)),
    "desk-handler-oost": _Post("ON1007", "Zoë Daniëls", (StaffRole.DESK, StaffRole.HANDLER), ("Oost-Nederland",)),
    "supervisor": _Post("LD1008", "Marieke Ypma", (StaffRole.SUPERVISOR,)),
    "supervisor-amsterdam": _Post("AM1009", "Noël Coëlho", (StaffRole.SUPERVISOR,), ("Amsterdam",)),
    "handler-amsterdam-2": _Post("AM1011", "Aylin Demir", (StaffRole.HANDLER,), ("Amsterdam",)),
    "handler-amsterdam-3": _Post("AM1012", "Joost Bakker", (StaffRole.HANDLER,), ("Amsterdam",)),
    "auditor": _Post("LD1010", "Wim Kuiper", (StaffRole.AUDITOR,)),
}


def _citizen(row: Mapping[str, str]) -> Person:
    name = " ".join(part for part in (row["first_names"], row["prefix"], row["surname"]) if part)
    return Person(
        id=row["id"],
        name=name,
        subject=f"pseudonym-{row['id']}",
        claims={"bsn": row["bsn"]},
        note=row["note"],
        born_on=row["born_on"],
    )


def _officer(key: str, post: _Post) -> Person:
    claims = {"roles": [role.value for role in post.roles], "units": list(post.units or units()), "amr": ["pwd", "otp", "mfa"]}
    note = f"{', '.join(_DUTCH[role] for role in post.roles)} · {', '.join(post.units) or 'alle eenheden'}"
    return Person(id=key, name=post.name, subject=post.staff_id, claims=claims, note=note)


def _read() -> Iterator[Person]:
    with _CITIZENS.open(encoding="utf-8") as file:
        yield from map(_citizen, csv.DictReader(file))


def _of_company(key: str, name: str, number: str) -> Person:
    claims = {"represents": {"sub": number, "sub_id_type": "urn:nl-eid-gdi:1.0:id:KvKnr"}}
    return Person(id=key, name=name, subject=f"pseudonym-{key}", claims=claims, note="ingelogd voor een bedrijf")


CITIZENS = tuple(_read())
# The numbers are those of the Chamber of Commerce for trying its own interface out.
COMPANIES = (
    _of_company("bedrijf-donald", "Daan Vermeer (Test BV Donald)", "68750110"),
    _of_company("bedrijf-donald-2", "Saskia Blom (Test BV Donald)", "68750110"),
    _of_company("bedrijf-katrien", "Milan Aydin (Test NV Katrien)", "68727720"),
)
EUROPEANS = (
    Person(id="eidas-elena", name="Elena García", subject="ES/NL/T5930A", claims={}, note="Spanje · zonder BSN"),
    Person(id="eidas-lukas", name="Lukas Weber", subject="DE/NL/T81204", claims={}, note="Duitsland · zonder BSN"),
)
OFFICERS = tuple(_officer(key, post) for key, post in _POSTS.items())
