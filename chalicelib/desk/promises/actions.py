"""The acts of officers that keep promises: tell a reporter how it stands, and print the news for who gets no mail."""

from chalicelib.desk.actions import Desk, found, permitted
from chalicelib.people.permissions import LookReason, Permission
from chalicelib.reports import actions
from chalicelib.reports.model import Report

PRINTED = "notice_printed"


def give_update(reference: str, explanation: str, *, text: str = "", version: int, key: str, desk: Desk) -> Report:
    """Tell the reporter of a report of the officer's own unit how it stands."""
    before = permitted(reference, Permission.GIVE_UPDATE, desk)
    return actions.give_update(
        before, explanation, text=text, by=desk.by, version=version, key=key, reports=desk.reports, clock=desk.clock
    )


def notice(reference: str, *, desk: Desk) -> Report:
    """Return a report of the officer's own unit for a letter by post to its reporter; on record is that it was printed.

    The letter has the reporter's address on it, so whoever prints it may see that.
    """
    reason = desk.why(reference, LookReason.REPORTER_CONTACT)
    report = found(reference, Permission.TELL_REPORTER, reason=reason, desk=desk)
    is_printed = not report.contact.safety.neutral
    desk.note(report.reference, PRINTED if is_printed else Permission.TELL_REPORTER, reason)
    return report
