"""The acts by which a report comes into other hands, and those of promises: taken, handed over, asked and told how it stands,
contested. They go the way of the desk: with its rights, its records and its rosters.
"""

from typing import Any

from chalicelib.core import ids
from chalicelib.desk.assigning import actions as assigning
from chalicelib.desk.moving import actions as moving
from chalicelib.desk.promises import actions as promises
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.people.permissions import LookReason
from chalicelib.reports import actions as reports
from chalicelib.reports.model import Report
from tests.support.samples import HANDLER, STRANGER

OFFICERS = {unit: officer for officer in (HANDLER, STRANGER) for unit in officer.units}
UNITS = tuple(OFFICERS)


def assign(player: Any, slot: tuple[int, int], to: str, key: int) -> None:
    """An officer takes a report, or lays it down again."""

    def give(before: Report, desk: TeamDesk) -> Report:
        return assigning.assign(before.reference, desk.officer.id if to == "me" else "", key=_digest("assign", key), desk=desk)

    _at_the_desk(player, slot, "assign", give)


def move(player: Any, slot: tuple[int, int], key: int) -> None:
    """A report is handed over to the other unit."""

    def hand_over(before: Report, desk: TeamDesk) -> Report:
        unit = next(each for each in UNITS if each != before.unit)
        return moving.move(before.reference, unit, "Dader daar.", version=before.version, key=_digest("move", key), desk=desk)

    _at_the_desk(player, slot, "move", hand_over)


def update(player: Any, slot: tuple[int, int], key: int) -> None:
    """An officer says how it stands."""

    def give(before: Report, desk: TeamDesk) -> Report:
        facts = {"version": before.version, "key": _digest("update", key), "desk": desk}
        return promises.give_update(before.reference, "Wij wachten op beelden.", **facts)

    _at_the_desk(player, slot, "update", give)


def ask_update(player: Any, slot: tuple[int, int], key: int) -> None:
    if player.book(slot):
        facts = {"key": _digest("ask_update", key)}
        player.request(
            "ask_update", lambda services: reports.ask_update(player.reference(slot), mine=player.mine(slot, services), **facts)
        )


def contest(player: Any, slot: tuple[int, int], key: int) -> None:
    if player.book(slot):
        facts = {"key": _digest("contest", key)}
        player.request(
            "contest",
            lambda services: reports.contest(
                player.reference(slot), "Er is een camera.", mine=player.mine(slot, services), **facts
            ),
        )


def _at_the_desk(player: Any, slot: tuple[int, int], name: str, act: Any) -> None:
    if not player.book(slot):
        return

    def done(services: Any) -> Report:
        before = reports.get(player.reference(slot), services.reports)
        answer: Report = act(before, desk_of(services, before.unit))
        return answer

    player.request(name, done)


def desk_of(services: Any, unit: str) -> TeamDesk:
    """Return the desk of the officer of a unit, who handles its reports."""
    return TeamDesk(
        officer=OFFICERS[unit],
        reports=services.reports,
        ledger=services.ledger,
        audit=services.audit,
        clock=services.clock,
        stated=LookReason.HANDLING,
        rosters=services.rosters,
        derivation_key=services.derivation_key,
    )


def _digest(what: str, key: int) -> str:
    return ids.digest(f"{what}-{key}")


ACTS = {"assign": assign, "move": move, "update": update, "ask_update": ask_update, "contest": contest}
