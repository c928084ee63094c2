"""Sample people and reports that many tests tell their stories with. Nothing here is a real person."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from chalicelib.citizen.following.schemas import example_of
from chalicelib.clues.model import ClueKeys
from chalicelib.core.derivation import Derivation
from chalicelib.core.settings import Settings
from chalicelib.people.model import Citizen, Level, Officer, StaffRole
from chalicelib.reports.contact import Contact, Reach, Taken
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.facts import Reporter
from chalicelib.reports.model import Report, filed
from chalicelib.reports.statement import Statement

NOON = datetime(2016, 7, 1, 10, tzinfo=UTC)

CITIZEN = Citizen("V1-aaaa", "sealed-a", Level.SUBSTANTIAL)
NEIGHBOUR = Citizen("V1-bbbb", "sealed-b", Level.SUBSTANTIAL)
HANDLER = Officer("NN1234", frozenset({StaffRole.HANDLER}), frozenset({"Noord-Nederland"}))
READER = Officer("NN2222", frozenset({StaffRole.READER}), frozenset({"Noord-Nederland"}))
SUPERVISOR = Officer("NN4444", frozenset({StaffRole.SUPERVISOR}), frozenset({"Noord-Nederland"}))
AUDITOR = Officer("NN3333", frozenset({StaffRole.AUDITOR}), frozenset({"Noord-Nederland"}))
STRANGER = Officer("AM1234", frozenset({StaffRole.HANDLER}), frozenset({"Amsterdam"}))

REFERENCE = "K7MD-PR3W-9XCV"
DERIVATION = Derivation.parse("d" * 64)
CLUE_KEYS = ClueKeys.parse("c" * 64)


def answers(kind: str = "bicycle-theft", **changes: Any) -> dict[str, Any]:
    """Valid answers of a kind, with changes; a change to None leaves the answer out."""
    told = {**example_of(KINDS[kind])["answers"], **changes}
    return {name: value for name, value in told.items() if value is not None}


def a_report(**changes: Any) -> Report:
    """A report as it was filed at NOON."""
    facts: dict[str, Any] = {
        "reference": REFERENCE,
        "reporter": Reporter(CITIZEN.pseudonym, CITIZEN.sealed_bsn),
        "statement": Statement.of("bicycle-theft", {"story": "Mijn fiets is weg."}),
        "contact": Contact(email="sanne@example.org"),
        "unit": "Noord-Nederland",
        "municipality": "GM0014",
        "at": NOON,
    } | changes
    return filed(reach=Reach(facts.pop("contact"), facts.pop("taken", Taken())), **facts)


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a function would have these settings."""
    texts = {name.upper(): str(value) for name, value in asdict(settings).items()}
    return {name: text.lower() if text in ("True", "False") else text for name, text in texts.items()}
