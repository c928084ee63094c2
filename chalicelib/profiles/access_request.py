"""Everything that the portal holds about one person, for that person (access request: police data act, art. 25).

Complete by construction: every table of the template is in SHOWN or in NOT_SHOWN (a house test), and what is shown is written
out field by field from the data classes themselves; only what HIDDEN names is left out. Nothing here decides how it looks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from chalicelib.core.clock import Clock, iso
from chalicelib.core.language import N_
from chalicelib.drafts.store import ANSWER, Draft, Drafts
from chalicelib.evidence.model import REPORT, Folder, folder_id, sent_with
from chalicelib.profiles.actions import ProfileDesk, of_person
from chalicelib.profiles.model import Profile
from chalicelib.reports import actions as reports_actions
from chalicelib.reports.actions import OwnReports
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.reports.wizard import filing_key

if TYPE_CHECKING:
    from chalicelib.audit.model import Record
    from chalicelib.audit.store import Audit
    from chalicelib.evidence.store import Folders
    from chalicelib.identity.sessions import Sessions
    from chalicelib.letters.ledger import Ledger
    from chalicelib.letters.ledger_entry import LedgerEntry
    from chalicelib.people.model import Use

# Each table, and where its contents are in the answer.
SHOWN: Mapping[str, str] = {
    "profiles": "details",
    "sessions": "sessions",
    "drafts": "drafts",
    "files": "files",
    "reports": "reports",
    "audit": "looks",
    "letters": "letters",
    "numbers": "reports",  # the police number stands in its report
}
# Each table of which nothing can be shown, and why (messages).
NOT_SHOWN: Mapping[str, str] = {
    "surveys": N_(
        "Your answers to our questionnaires: we keep them without anything that leads to you, so we cannot find them either."
    ),
    "limits": N_(
        "How often something was tried or sent today: numbers without a name, which are forgotten within a day. "
        "Nobody can see whose they are."
    ),
    "tombstones": N_(
        "That a report was destroyed after ten years: its number, month, kind of crime and police unit, "
        "and nothing that leads to you."
    ),
    "batches": N_(
        "What employees of the police decided for many reports at once: the numbers of the reports. What was done with yours "
        "stands in its history."
    ),
    "changes": N_(
        "For thirty days, which report came to which status, so that the police's own system hears of it. "
        "Your report says the same."
    ),
    "boards": N_("How many reports lie at each police unit: sums, in which nobody can be found."),
    "texts": N_("The texts that the police use to tell news. Nothing in it is about you."),
    "clues": N_(
        "By which numbers and addresses of your reports officers find them, for a year: only as codes that nobody can read. "
        "The numbers themselves stand in your reports."
    ),
    "officers": N_(
        "What employees of the police set for their own work, such as a filter of a list. Nothing in it is about you."
    ),
    "teams": N_("Which employees of the police work together, and which reports come to them. Nothing of you is in it."),
}
# The fields that are left out of what is shown: the reason (a message), and the fields by class and name.
_HIDDEN: Mapping[str, Sequence[str]] = {
    N_(
        "Notes of the police about your report, and why an employee looked at it. You can ask for those in writing; "
        "the police may refuse it while they investigate."
    ): ("Event.remark", "Record.why"),
    N_("How the police divide their work: which employee has your report, and with which other reports they look at it."): (
        *("Report.assignee", "Report.rank", "Report.joint_case"),
        *("Event.to", "Event.undoes", "Event.text", "Event.batch"),
    ),
    N_("The names of employees of the police. You do see when somebody looked, and in which role."): (
        "Actor.id",
        "Record.officer",
    ),
    N_("Your citizen service number (BSN): we keep it locked. Only the function that makes the official report can open it."): (
        "Reporter.sealed_bsn",
    ),
    N_("Numbers and keys with which our computers recognise things. They say nothing of you that does not stand here."): (
        *("Event.key", "Challenge.last_try", "Profile.pseudonym", "Reporter.pseudonym", "Draft.owner", "Statement.text"),
        *(
            "LedgerEntry.attempt",
            "LedgerEntry.code_digest",
            "LedgerEntry.message_id",
            "LedgerEntry.lease_until",
            "LedgerEntry.next_attempt_at",
            "LedgerEntry.first_at",
        ),
        *("Report.version", "Profile.version"),
    ),
}
# The fields that programs know by an older name than ours.
_KNOWN_AS: Mapping[str, str] = {"LedgerEntry.merged_into": "joined", "LedgerEntry.no_receipt": "unheard"}
HIDDEN: Mapping[str, str] = {field: reason for reason, found in _HIDDEN.items() for field in found}


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """Something that was typed and not sent, and the files that wait with it."""

    draft: Draft
    folder: Folder


@dataclass(frozen=True, slots=True)
class HeldReport:
    """One report, who looked at it, and what became of the letters about it."""

    report: Report
    looks: "Sequence[Record]"
    letters: "Sequence[LedgerEntry]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """All that is held of one person. `next_cursor` is empty unless there are more reports than one page can hold."""

    made_at: datetime
    details: Profile
    details_letters: "Sequence[LedgerEntry]"
    sessions: "Sequence[Use]"
    drafts: Sequence[HeldDraft]
    reports: Sequence[HeldReport]
    next_cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsSources:
    """Where it is all found."""

    desk: ProfileDesk
    drafts: Drafts
    folders: "Folders"
    audit: "Audit"
    ledger: "Ledger"
    sessions: "Sessions"
    clock: Clock


def gather(pseudonym: str, session: str, archive: HoldingsSources, *, cursor: str = "") -> Holdings:
    """Return all that is held of the person; `session` is the id of one of their sessions. Raises Invalid for a false cursor."""
    profile = of_person(pseudonym, desk=archive.desk)
    page = archive.desk.reports.of_reporter(pseudonym, cursor=cursor)
    return Holdings(
        made_at=archive.clock.now(),
        details=profile,
        details_letters=archive.ledger.of_report(profile.id),
        sessions=archive.sessions.of_same_person(session),
        drafts=tuple(_draft(one, archive) for one in archive.drafts.of_owner(pseudonym)),
        reports=tuple(_report(line.reference, pseudonym, archive) for line in page.lines),
        next_cursor=page.next_cursor,
    )


def plain(holdings: Holdings) -> dict[str, Any]:
    """Return it as JSON values."""
    return {
        "madeAt": iso(holdings.made_at),
        "details": _plain(holdings.details) | {"letters": _plain(holdings.details_letters)},
        "sessions": _plain(holdings.sessions),
        "drafts": [_plain(one.draft) | {"files": _plain(one.folder.files)} for one in holdings.drafts],
        "reports": [_plain_report(one) for one in holdings.reports],
        "nextCursor": holdings.next_cursor,
    }


def reasons() -> tuple[str, ...]:
    """Return what is not shown, each with its reason (messages)."""
    return (*_HIDDEN, *NOT_SHOWN.values())


def _draft(draft: Draft, archive: HoldingsSources) -> HeldDraft:
    """The files of a draft wait under the number that its report would get; those of an answer, under its question."""
    key, part, reference = archive.desk.derivation.names, REPORT, ""
    if draft.kind in KINDS:
        reference = reports_actions.reference_for(draft.owner, filing_key(draft.id), key)
    elif draft.kind == ANSWER and (report := archive.desk.reports.get(draft.id.removeprefix(f"{ANSWER}-"))):
        reference, part = report.reference, report.open_question.folder if report.open_question else ""
    if not reference or not part:
        return HeldDraft(draft, Folder(id=""))
    return HeldDraft(draft, archive.folders.get(folder_id(key, draft.owner, reference, part)))


def _report(reference: str, pseudonym: str, archive: HoldingsSources) -> HeldReport:
    mine = OwnReports(pseudonym=pseudonym, reports=archive.desk.reports, clock=archive.clock)
    report = reports_actions.own(reference, mine=mine)
    return HeldReport(report, archive.audit.of(reference), archive.ledger.of_report(reference))


def _plain_report(held: HeldReport) -> dict[str, Any]:
    report = held.report
    told = {"answers": report.statement.answers, "sha256": report.statement.sha256}
    facts = {"statement": told, "files": _plain(sent_with(report)), "looks": _plain(held.looks), "letters": _plain(held.letters)}
    return {**_plain(report), "timeline": _plain(report.told), "questions": _plain(report.told_questions), **facts}


def _plain(value: Any) -> Any:
    """Return any of our values as JSON has it. A new field of a class is in it at once, unless HIDDEN names it."""
    if is_dataclass(value) and not isinstance(value, type):
        name = type(value).__name__
        shown = (one.name for one in fields(value) if f"{name}.{one.name}" not in HIDDEN)
        return {_KNOWN_AS.get(f"{name}.{one}") or _camel(one): _plain(getattr(value, one)) for one in shown}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return iso(value) if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(inner) for inner in value]
    return value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
