"""Which officer may do what: roles × own unit, deny by default. The table is the policy. Pure.

Source: docs/domain.md, "Officers".
"""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.core.errors import Forbidden
from chalicelib.core.language import N_
from chalicelib.people.model import Officer, StaffRole


class Permission(StrEnum):
    """The acts that are possible at the desk."""

    READ_REPORT = "read_report"
    SEE_CONTACT = "see_contact"  # how to reach the reporter; masked for others
    CHANGE_STATUS = "change_status"
    CORRECT = "correct"  # back to an earlier status, or another police number; undo goes with changing the status
    ASK_REPORTER = "ask_reporter"
    WRITE_NOTE = "write_note"
    DO_TASKS = "do_tasks"
    FORWARD = "forward_report"  # to an organisation outside the police, on paper
    VICTIM_LIST = "victim_list"  # who wants Victim Support: the whole list of a unit
    TELL_REPORTER = "tell_reporter"  # by telephone or letter, where no mail arrives
    TAKE_REPORT = "take_report"  # the next one that nobody has
    GIVE_UPDATE = "give_update"  # say how it stands, without a change of status
    READ_RESULTS = "read_results"
    FILE_REPORT = "file_report"  # for somebody who stands at the counter
    BULK = "bulk"  # one act for many reports
    BULK_LARGE = "bulk_large"  # for more of them than one officer decides alone
    READ_AUDIT = "read_audit"  # who looked at what; never a statement
    READ_BOARD = "read_board"  # the figures of a unit: counts only
    READ_CHANGES = "read_changes"  # for the police's own system: which report came to which status
    EDIT_TEXTS = "edit_texts"  # standard texts: write, publish what a colleague wrote, retire
    ASSIGN = "assign"  # whose work a report is: to oneself, one's team and back; a supervisor to anybody of the unit
    MOVE_REPORT = "move_report"  # to another unit
    RUN_TEAMS = "run_teams"  # who is in a team, and where new reports go
    JOIN = "join_reports"  # reports that belong together
    SEARCH = "search"  # by a clue; clues/sorts.py says which sorts whose role may search
    WATCH_GOODS = "watch_goods"  # have found property compared with what was stolen
    SHARE_VALUES = "share_values"  # put down that a value links nobody


ALLOWED: Mapping[Permission, frozenset[StaffRole]] = {
    Permission.READ_REPORT: frozenset(
        {StaffRole.READER, StaffRole.HANDLER, StaffRole.DESK, StaffRole.SUPERVISOR}  # an auditor reads looks, no statements
    ),
    Permission.SEE_CONTACT: frozenset({StaffRole.HANDLER, StaffRole.DESK, StaffRole.SUPERVISOR}),
    Permission.CHANGE_STATUS: frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR}),
    Permission.CORRECT: frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR}),
    Permission.ASK_REPORTER: frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR}),
    Permission.WRITE_NOTE: frozenset({StaffRole.HANDLER, StaffRole.DESK, StaffRole.SUPERVISOR}),
    Permission.DO_TASKS: frozenset({StaffRole.HANDLER, StaffRole.DESK, StaffRole.SUPERVISOR}),
    Permission.FORWARD: frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR}),
    Permission.VICTIM_LIST: frozenset({StaffRole.SUPERVISOR}),
    Permission.TELL_REPORTER: frozenset({StaffRole.HANDLER, StaffRole.DESK, StaffRole.SUPERVISOR}),
    Permission.TAKE_REPORT: frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR}),
    Permission.GIVE_UPDATE: frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR}),
    Permission.READ_RESULTS: frozenset({StaffRole.SUPERVISOR, StaffRole.AUDITOR}),
    Permission.FILE_REPORT: frozenset({StaffRole.HANDLER, StaffRole.DESK}),
    Permission.BULK: frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR}),
    Permission.BULK_LARGE: frozenset({StaffRole.SUPERVISOR}),
    Permission.READ_AUDIT: frozenset({StaffRole.AUDITOR}),
    Permission.READ_BOARD: frozenset({StaffRole.SUPERVISOR, StaffRole.AUDITOR}),
    Permission.READ_CHANGES: frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR}),
    Permission.EDIT_TEXTS: frozenset({StaffRole.SUPERVISOR}),
    Permission.ASSIGN: frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR}),
    Permission.MOVE_REPORT: frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR}),
    Permission.RUN_TEAMS: frozenset({StaffRole.SUPERVISOR}),
    Permission.JOIN: frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR}),
    Permission.SEARCH: frozenset({StaffRole.HANDLER, StaffRole.SUPERVISOR}),
    Permission.WATCH_GOODS: frozenset({StaffRole.HANDLER, StaffRole.DESK, StaffRole.SUPERVISOR}),
    Permission.SHARE_VALUES: frozenset({StaffRole.SUPERVISOR}),
}


class LookReason(StrEnum):
    """Why an officer looks at a report; recorded with every look (police data act, art. 32a)."""

    HANDLING = "handling"
    REPORTER_CONTACT = "reporter_contact"
    SUPERVISION = "supervision"
    AUDIT = "audit"
    AUDIT_COMPLAINT = "audit_complaint"
    AUDIT_SUSPICION = "audit_suspicion"


REASON_WORDS: Mapping[LookReason, str] = {
    LookReason.HANDLING: N_("I am handling this report"),
    LookReason.REPORTER_CONTACT: N_("The reporter contacted us"),
    LookReason.SUPERVISION: N_("I am checking the work of my team"),
    LookReason.AUDIT: N_("I am checking who looked at this report"),
    LookReason.AUDIT_COMPLAINT: N_("Somebody complained, or asked who looked"),
    LookReason.AUDIT_SUSPICION: N_("I was asked to look into possible misuse"),
}


REASONS: Mapping[StaffRole, frozenset[LookReason]] = {  # which reasons go with which work: others are refused, and not offered
    StaffRole.READER: frozenset({LookReason.HANDLING, LookReason.REPORTER_CONTACT}),
    StaffRole.HANDLER: frozenset({LookReason.HANDLING, LookReason.REPORTER_CONTACT}),
    StaffRole.DESK: frozenset({LookReason.REPORTER_CONTACT}),
    StaffRole.SUPERVISOR: frozenset({LookReason.HANDLING, LookReason.REPORTER_CONTACT, LookReason.SUPERVISION}),
    StaffRole.AUDITOR: frozenset({LookReason.AUDIT, LookReason.AUDIT_COMPLAINT, LookReason.AUDIT_SUSPICION}),
    StaffRole.REGISTRY: frozenset(),
}


def reasons_of(officer: Officer) -> tuple[LookReason, ...]:
    """Return the reasons that go with the roles of an officer, in the order in which they are offered."""
    return tuple(reason for reason in LookReason if any(reason in REASONS[role] for role in officer.roles))


def require_reason(officer: Officer, reason: LookReason) -> None:
    """Raises Forbidden when the reason goes with none of the officer's roles."""
    if reason not in reasons_of(officer):
        raise Forbidden("reason")


def may(officer: Officer, permission: Permission, unit: str | None = None) -> bool:
    """True when one of the officer's roles allows it and, if a unit is given, the unit is one of the officer's own."""
    return bool(officer.roles & ALLOWED[permission]) and (unit is None or unit in officer.units)


def require(officer: Officer, permission: Permission, unit: str | None = None) -> None:
    """Raises Forbidden naming the permission when the officer may not."""
    if not may(officer, permission, unit):
        raise Forbidden(permission)
