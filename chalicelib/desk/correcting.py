"""Officers take back what they did: undo while nobody was told, a correction later, another police number. ADR-0051."""

from chalicelib.desk.actions import Desk, permitted
from chalicelib.letters import undoing
from chalicelib.letters.undoing import Undoing
from chalicelib.people.permissions import Permission
from chalicelib.reports import actions
from chalicelib.reports.model import Change, Report


def undo(reference: str, number: int, *, version: int, key: str, room: Undoing, desk: Desk) -> Report:
    """Take back the newest act on a report of the officer's own unit; whoever may change its status may."""
    before = permitted(reference, Permission.CHANGE_STATUS, desk)
    return undoing.undo(before, number, by=desk.by, version=version, key=key, room=room)


def correct_status(reference: str, change: Change, *, version: int, desk: Desk) -> Report:
    """Take a report of the officer's own unit back to an earlier status."""
    before = permitted(reference, Permission.CORRECT, desk)
    return actions.correct_status(before, change, by=desk.by, version=version, reports=desk.reports, clock=desk.clock)


def correct_number(reference: str, number: str, reason: str, *, version: int, key: str, desk: Desk) -> Report:
    """Correct the police number of a report of the officer's own unit."""
    before = permitted(reference, Permission.CORRECT, desk)
    return actions.correct_number(
        before, number, reason, by=desk.by, version=version, key=key, reports=desk.reports, clock=desk.clock
    )
