"""How long everything is kept, a row each. ADR-0027.

The days that stores give to TTL, what the bucket's rules and the backups say, what the pages promise and
docs/operations/retention.md all derive from these rows, or are compared with them (tests/house/test_retention.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kept(StrEnum):
    """A sort of thing that is kept, and forgotten on a day of its own."""

    LISTED_REPORTS = "listed_reports"
    READ_REPORTS = "read_reports"
    REPORTS = "reports"
    NUMBERS = "numbers"
    FILES = "files"
    REMOVED_FILES = "removed_files"
    UNCONFIRMED_FILES = "unconfirmed_files"
    UNCONFIRMED_OBJECTS = "unconfirmed_objects"
    TOMBSTONES = "tombstones"
    TEAMS = "teams"
    CLUES = "clues"
    SHARED_VALUES = "shared_values"
    FOUND_THINGS = "found_things"
    DRAFTS = "drafts"
    OFFICERS_DRAFTS = "officers_drafts"
    OFFICERS = "officers"
    DIGESTS = "digests"
    TEXTS = "texts"
    LETTERS = "letters"
    SUPPRESSED = "suppressed"
    PROFILES = "profiles"
    SURVEYS = "surveys"
    CHANGES = "changes"
    ENDED_SESSIONS = "ended_sessions"
    VISITS = "visits"
    LOOKS = "looks"
    LOGS = "logs"
    TRACES = "traces"
    BATCHES = "batches"
    BACKUPS = "backups"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long something is kept `since` something, `by` what that is done, and why so long.

    In calendar years where the law counts so, else in days; in neither what is kept for ever.
    """

    what: str
    since: str = ""
    by: str
    why: str
    years: int = 0
    days: int = 0

    @property
    def length(self) -> timedelta:
        """How long it can be at the most: a calendar year has 366 days at the most."""
        return timedelta(days=self.days or 366 * self.years)

    @property
    def whole_years(self) -> int:
        """The years in words to a reader."""
        return self.years or self.days // _YEAR


_YEAR = 365
_REPORT_YEARS = 10
_DRAFT_DAYS = 30
_RECOVERY_DAYS = 35  # how far back DynamoDB's point-in-time recovery goes: more cannot be had, and less is asked nowhere

RETENTION: Mapping[Kept, Term] = {
    Kept.LISTED_REPORTS: Term(
        what="a report, for officers' lists",
        years=1,
        since="after filing, once decided",
        by="the desk does not list it",
        why="police data act (Wpg), art. 8: searched freely for a year",
    ),
    Kept.READ_REPORTS: Term(
        what="a report, by its number and with a reason",
        years=5,
        by="the desk does not find it",
        why="Wpg, art. 8 and 14: five years, then nobody at the police sees it",
    ),
    Kept.REPORTS: Term(
        what="a report, for its reporter",
        years=_REPORT_YEARS,
        by="`every_day` destroys it",
        why="Wpg, art. 14: destroyed at ten years",
    ),
    Kept.NUMBERS: Term(
        what="which report has a police number",
        years=_REPORT_YEARS,
        since="at the most: it goes with the report",
        by="`every_day`; a correction of the number",
        why="so that a number stands on one report ([ADR-0051](../adr/0051-undo-and-corrections.md))",
    ),
    Kept.FILES: Term(
        what="its files",
        days=366 * _REPORT_YEARS + 40,
        since="at the most: they go with the report",
        by="`every_day`; TTL of the folder and the bucket's lifecycle, if that were ever missed",
        why="older than any report they can belong to",
    ),
    Kept.REMOVED_FILES: Term(
        what="versions of files that were removed",
        days=_RECOVERY_DAYS,
        by="the bucket's lifecycle",
        why="as long as the tables can be brought back to a moment",
    ),
    Kept.UNCONFIRMED_FILES: Term(
        what="files that no report names",
        days=_DRAFT_DAYS,
        by="TTL, and not read after that",
        why="as long as the draft that they come with",
    ),
    Kept.UNCONFIRMED_OBJECTS: Term(
        what="the objects of files that no report names, or that nothing looked at yet",
        days=_DRAFT_DAYS + 5,
        by="the bucket's lifecycle",
        why="what is confirmed at the last moment is there five days more, so that `every_day` still finds it",
    ),
    Kept.TOMBSTONES: Term(
        what="a tombstone: reference, kind, unit, month, day of destruction",
        by="nothing",
        why="whoever shows a receipt hears that the report was destroyed ([ADR-0027](../adr/0027-retention-and-erasure.md))",
    ),
    Kept.TEAMS: Term(
        what="teams: who is in them (staff ids), where new reports go",
        by="a supervisor takes somebody out of a team, or a rule away",
        why="as long as they work so; nothing of reporters is in it ([ADR-0054](../adr/0054-rosters-and-routing.md))",
    ),
    Kept.CLUES: Term(
        what="by which clues a report is found (keyed digests; by its police number as long as it may be read)",
        years=1,
        since="after filing",
        by="TTL, and not read after that; `every_day` with its report",
        why="Wpg, art. 8: searched freely for a year ([ADR-0052](../adr/0052-clues.md))",
    ),
    Kept.SHARED_VALUES: Term(
        what="a value that an officer put down as shared (an account of a payment gateway, the number of a bank)",
        years=5,
        since="at the most, to the day that the officer chose",
        by="TTL, and not read after that",
        why="a number changes hands: whoever wrote it down looks at it again",
    ),
    Kept.FOUND_THINGS: Term(
        what="a thing that was found, with the number on it",
        years=1,
        since="after it was put in",
        by="TTL, and not read after that",
        why="found property is kept for a year",
    ),
    Kept.DRAFTS: Term(
        what="drafts",
        days=_DRAFT_DAYS,
        since="after the last change",
        by="TTL, and not read after that",
        why="so that somebody can go on later",
    ),
    Kept.OFFICERS_DRAFTS: Term(
        what="what an officer typed when the session ended",
        days=1,
        by="TTL, and not read after that",
        why="long enough to log in again",
    ),
    Kept.OFFICERS: Term(
        what="what an officer set for their own work at the desk, such as saved filters",
        days=400,
        since="at the most, after it was last set",
        by="TTL, and not read after that",
        why="so that it is there after a long absence, and goes after somebody left",
    ),
    Kept.DIGESTS: Term(
        what="that an officer wants a digest by mail, and the address for it",
        days=60,
        since="after the last login",
        by="TTL, and not read after that",
        why="nobody who left, or is away for long, hears how it stands at a unit",
    ),
    Kept.TEXTS: Term(
        what="standard texts, every version of them (nothing of a reporter is in them)",
        by="nothing",
        why="an event of ten years ago says with which version its reporter was told ([ADR-0061](../adr/0061-standard-texts.md))",
    ),
    Kept.LETTERS: Term(
        what="what became of a letter (no address)",
        days=2 * _YEAR,
        by="TTL; `every_day` with its report",
        why="to be able to show that the reporter was told",
    ),
    Kept.SUPPRESSED: Term(
        what="that an address is written to no more (a digest made with the portal's key, no address)",
        days=2 * _YEAR,
        since="after its mail came back for good, or its owner called it spam",
        by="TTL, and not read after that; or its owner proves it with a code",
        why="so that nobody is mailed who does not want it, as long as the letters tell of it",
    ),
    Kept.PROFILES: Term(
        what="*My details*: address, language, wishes, safety",
        days=2 * _YEAR,
        since="after the last change",
        by="TTL, and not read after that",
        why="the reports keep what was applied to them",
    ),
    Kept.SURVEYS: Term(
        what="survey answers (no link to a person)",
        days=5 * _YEAR,
        by="TTL",
        why="so that years can be compared",
    ),
    Kept.CHANGES: Term(
        what="which report came to which status, for the police's own system (a number and a status)",
        days=30,
        by="TTL",
        why="so that a system that was away for weeks misses nothing",
    ),
    Kept.ENDED_SESSIONS: Term(
        what="sessions",
        days=1,
        since="after their end, which comes within `SESSION_LONGEST_S`",
        by="TTL, and checked on read",
        why="whoever comes back is told that the session ended, and gets back what was typed",
    ),
    Kept.VISITS: Term(
        what="when a citizen logged in last",
        days=400,
        by="TTL, and not read after that",
        why="to show what is new since then",
    ),
    Kept.LOOKS: Term(
        what="which officer looked at what, and why",
        years=10,
        since="(`AUDIT_KEPT_YEARS`)",
        by="TTL",
        why="Wpg, art. 32a: the proof of a look does not go with the thing looked at",
    ),
    Kept.LOGS: Term(
        what="logs: ids and counts, no people",
        days=90,
        since="(`LogDays`)",
        by="CloudWatch",
        why="to find out what went wrong",
    ),
    Kept.TRACES: Term(
        what="the portal's own log: also where a change or a refusal came from and who asked, as keyed digests of a day",
        days=14,
        since="(`PortalLogDays`)",
        by="CloudWatch",
        why="to find abuse again, and no longer than that takes",
    ),
    Kept.BATCHES: Term(
        what="what was decided for many reports at once: their numbers, what was said, how it ended",
        days=90,
        since="after the last change",
        by="TTL, and not read after that",
        why="to look at how it ended, and to take it back; the reports keep what was done, the record of looks who did it",
    ),
    Kept.BACKUPS: Term(
        what="backups, point-in-time recovery",
        days=_RECOVERY_DAYS,
        by="AWS",
        why="what was destroyed is not to live on in them for longer",
    ),
}
