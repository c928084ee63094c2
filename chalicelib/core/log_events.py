"""Every event that the log may hold: its fields, its levels, what it means, and what an operator does about it.

A call of `log.event` writes the name out, so that a line of the log leads to its place in the code; a house test compares
every call with this table, and another test every line that the tests log. docs/operations/log-events.md is made from it.
No function imports this module: a row costs nothing while the portal runs.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One row. `counts` are fields that stand in a line when they are not nought."""

    means: str
    fields: tuple[str, ...] = ()
    levels: tuple[int, ...] = (logging.INFO,)
    act: str = ""
    counts: tuple[str, ...] = ()


FIELDS: Mapping[str, str] = {
    "batch": "the number of what was decided for many reports at once",
    "done": "for how many reports it was done",
    "dropped": "how many reports had changed after the trial",
    "refused": "for how many reports it could not be done",
    "at": "where in our own code: module and line",
    "cause": "a code that says what failed",
    "door": "which login it was: the address where it begins, `/login` or `/staff/login`",
    "ended": "how many were ended",
    "erased": "how many were erased",
    "freed": "how many were set free",
    "error": "the kind of error, never its text; of SES, its code",
    "failed": "how many failed and were left for the next run",
    "file": "the file's id, which tells nothing of its name",
    "invited": "how many were invited",
    "kept": "how many promises were kept",
    "kind": "the kind of crime, file, notice or receipt",
    "left": "whether there are more for the next run",
    "login": "which login it was: `digid`, `staff`, or its key in `MORE_LOGINS`",
    "letter": "the letter: reference of its report (or id of its profile), `#`, number of its event",
    "message": "SES's own id of the mail",
    "method": "the HTTP method",
    "letters": "how many letters lie on the pile",
    "ready": "how many mails were laid ready",
    "missing": "how many letters the ledger did not know, or how many notices of a decision did not arrive",
    "month": "the month that the answer counts in",
    "new": "the status after the change",
    "number": "the number of the event in its profile",
    "officer": "the officer's id at the staff login",
    "old": "the status before the change",
    "profile": "the id of a citizen's details, which leads to nobody without the table",
    "reason": "a code that says why",
    "records": "how many records the stream brought",
    "reference": "the report's own number",
    "reports": "how many reports",
    "sequence_number": "the record's number in the stream",
    "sessions": "how many sessions were closed",
    "state": "what was found about the file",
    "status": "the HTTP status of the answer",
    "tries": "how many wrong codes were typed",
    "unit": "the police unit",
    "person": "a keyed digest of who was logged in, another one every day; `nobody`",
    "route": "the address as the code declares it, without what stands in its place",
    "source": "a keyed digest of the internet address, another one every day; `infra.ops trace` makes it",
    "version": "the version of the report after the change",
    "why": "a code that says why",
    "sent": "letters that SES took",
    "rejected": "letters that SES refused for good",
    "not_sent": "events whose letter is not to be sent; the ledger says why",
    "waits": "letters whose time has not come",
    "put_off": "letters that are tried again later",
    "unknown": "letters of which it is not known whether SES took them",
    "given_up": "letters that were tried for a day",
    "settled_before": "letters that were settled by somebody else",
    "unheard": "letters that SES took and never told of again",
}

OUTCOMES = ("sent", "rejected", "not_sent", "waits", "put_off", "unknown", "given_up", "settled_before", "unheard")

_INFO, _WARNING, _ERROR = logging.INFO, logging.WARNING, logging.ERROR
_CHANGE = ("reference", "old", "new", "version")

EVENTS: Mapping[str, LogEvent] = {
    # Logging in and out
    "logged_in": LogEvent("Somebody logged in.", ("door",)),
    "login_ended": LogEvent(
        "A login ended without a session: cancelled, too late, or refused.",
        ("door", "reason"),
        act="Many of one reason: the broker, its keys or our settings of it changed: see logins.md.",
    ),
    "logged_out": LogEvent("Somebody logged out here."),
    "logged_out_elsewhere": LogEvent("The broker told that somebody logged out; their sessions are closed.", ("sessions",)),
    "logged_out_everywhere": LogEvent("Somebody logged out everywhere but here.", ("sessions",)),
    "logout_notice_refused": LogEvent(
        "A notice of a logout was not the broker's, or came twice.", ("reason",), act="Many: as *login_ended*."
    ),
    "identity_provider_down": LogEvent(
        "A login's issuer was needed and failed; who waited was told to try again.",
        ("login", "cause"),
        (_WARNING,),
        "The *cause* says where to look: logins.md has every one.",
    ),
    "token_refused": LogEvent(
        "An access token for the API was refused; its bearer was told only that it is not valid.",
        ("login", "reason"),
        act="Many of one reason: see logins.md.",
    ),
    "left_quickly": LogEvent("Somebody left the portal with the button for that."),
    # Requests
    "asked": LogEvent(
        "A request that changes something, or was refused: where it came from and who asked, as digests of that day.",
        ("method", "route", "status", "source", "person"),
        act="Abuse: all lines of one source or person of that day; the portal's log is kept for two weeks.",
    ),
    "refused": LogEvent("A request was refused with a sentence that says why.", ("status", "error", "method")),
    "unexpected_error": LogEvent(
        "A request failed through a fault of ours.",
        ("error", "at"),
        (_ERROR,),
        "Look at that line of the code: *errors-logged*; when there are many, *gateway-fails*.",
    ),
    "foreign_reference": LogEvent(
        "A citizen asked for somebody else's report and was told that there is none.", ("reference",), (_WARNING,)
    ),
    "not_of_own_unit": LogEvent(
        "An officer asked for a report that is not theirs to see; the audit has it too.",
        ("officer", "reference"),
        (_WARNING,),
        "Many of one officer: tell the auditor.",
    ),
    # Reports
    "report_filed": LogEvent("A citizen filed a report.", ("reference", "kind", "unit")),
    "report_filed_at_desk": LogEvent("An officer filed a report at the desk.", ("reference", "officer")),
    "status_changed": LogEvent("An officer changed the status of a report.", _CHANGE),
    "status_corrected": LogEvent("An officer took a report back to an earlier status.", _CHANGE),
    "number_corrected": LogEvent("An officer corrected the police number of a report.", _CHANGE),
    "act_undone": LogEvent("An officer undid a change or a question whose letter still waited.", _CHANGE),
    "report_assigned": LogEvent("An officer gave a report to somebody, to a team or back.", ("reference", "version")),
    "assignment_failed": LogEvent(
        "One of several reports could not be given; the others were, and the officer reads which.",
        ("reference",),
        (_ERROR,),
        "The table was throttled or did not answer: see its alarms.",
    ),
    "report_moved": LogEvent("An officer handed a report over to another unit.", _CHANGE),
    "report_ranked": LogEvent("An officer said how soon a report must be done.", _CHANGE),
    "report_joined": LogEvent("An officer put a report into a joint case.", _CHANGE),
    "report_left_case": LogEvent("An officer took a report out of its joint case.", _CHANGE),
    "work_set_free": LogEvent("A part of the work of somebody who is absent was set free.", ("freed", "left")),
    "set_free_failed": LogEvent(
        "A report of somebody who is absent could not be set free; it is tried again within a minute.",
        ("reference",),
        (_ERROR,),
        "If it goes on: look at the report's version, and at the alarms of the table.",
    ),
    "question_asked": LogEvent("An officer asked the reporter a question.", _CHANGE),
    "question_answered": LogEvent("The reporter answered.", _CHANGE),
    "question_ended": LogEvent("A question ended at its deadline.", _CHANGE),
    "overdue_questions_ended": LogEvent("The hour's run over questions is done.", ("ended", "failed")),
    "question_end_failed": LogEvent(
        "A question past its deadline could not be ended; the next hour tries again.",
        ("reference",),
        (_ERROR,),
        "The same reference every hour: it will not mend itself.",
    ),
    "added": LogEvent("The reporter added something to their report.", _CHANGE),
    "wishes_changed": LogEvent("The reporter changed what they want to be told.", _CHANGE),
    "survey_refused": LogEvent("The reporter wants no survey.", _CHANGE),
    "contact_changed": LogEvent("The reporter changed how they are reached.", _CHANGE),
    "told_otherwise": LogEvent("An officer told the reporter by phone or letter.", _CHANGE),
    "address_not_lifted": LogEvent(
        "SES did not take an address off its own list; the code goes there all the same. Has the function the right?",
        ("error",),
        (_WARNING,),
    ),
    "address_unusable": LogEvent("Mail to the reporter's address bounces; the report is on the desk's list.", _CHANGE),
    "update_asked": LogEvent("The reporter asked how it stands.", _CHANGE),
    "contested": LogEvent("The reporter asked to look again at a decision.", _CHANGE),
    "update_given": LogEvent("An officer told the reporter how it stands.", _CHANGE),
    "reminded": LogEvent("A reporter was reminded of an open question.", _CHANGE),
    "nothing_changed": LogEvent("A reporter was told that nothing has changed.", _CHANGE),
    "read_not_noted": LogEvent(
        "A reporter read their news, and that could not be noted; the next time they look it is.", ("reference",), (_WARNING,)
    ),
    "promises_kept": LogEvent("The hour's reminders, and words that nothing has changed, are made.", ("kept", "failed")),
    "promise_failed": LogEvent(
        "A promise of a report could not be kept; the next hour tries again.",
        ("reference", "error"),
        (_ERROR,),
        "The same reference every hour: it will not mend itself.",
    ),
    "notices_checked": LogEvent("The hour's look for notices of decisions that did not arrive is done.", ("missing", "failed")),
    "notice_missing": LogEvent("The notice of a decision has not arrived; the report is on the desk's list.", ("reference",)),
    "notice_check_failed": LogEvent(
        "It could not be looked up whether the notice of a decision arrived; the next hour does.",
        ("reference", "error"),
        (_ERROR,),
        "The same reference every hour: it will not mend itself.",
    ),
    "official_report_made": LogEvent("The police's own system got a report with its BSN.", ("reference",)),
    "copy_verified": LogEvent("Somebody typed the code of a genuine copy.", ("reference",)),
    "copy_not_verified": LogEvent("Somebody typed a number and a code that belong to no copy."),
    "expired_reports_erased": LogEvent("The day's run over reports of ten years is done.", ("erased", "failed", "left")),
    "erasure_failed": LogEvent(
        "A report whose ten years are over could not be erased; the next day tries again.",
        ("reference", "error"),
        (_ERROR,),
        "Mend the cause: the law demands it. By hand: `erase-expired`.",
    ),
    # Files
    "file_checked": LogEvent("A file was looked at.", ("file", "kind", "state", "reason")),
    "file_given_up": LogEvent(
        "Our looks at a file kept ending without a result, for want of time or memory; it is refused, and its sender told.",
        ("file",),
        (_ERROR,),
        "See what the function says of those runs. The file is an older version in the quarantine for a day more.",
    ),
    "files_not_kept": LogEvent(
        "Files of a report could not be marked to be kept; the next day tries again.",
        ("reference", "error"),
        (_ERROR,),
        "Within 35 days: what is not kept is deleted then.",
    ),
    # Letters
    "letter_sent": LogEvent("SES took a letter.", ("letter", "message")),
    "letter_sent_not_noted": LogEvent(
        "SES took a letter and the ledger could not say so; SES's own *Send* event will.",
        ("letter", "message"),
        (_ERROR,),
        "Counted in *letters-in-doubt*.",
    ),
    "letter_in_doubt": LogEvent(
        "SES answered nothing: it may have the letter.", ("letter", "error"), (_WARNING,), "Counted in *letters-in-doubt*."
    ),
    "letter_repeated": LogEvent(
        "A letter in doubt was sent once more; somebody may get it twice.",
        ("letter",),
        (_WARNING,),
        "Counted in *letters-in-doubt*.",
    ),
    "letter_rejected": LogEvent("SES refused a letter for good; it is not tried again.", ("letter", "reason"), (_WARNING,)),
    "letter_put_off": LogEvent(
        "A letter is tried again later, for a day: SES is away, our rate is used up, or (as ERROR) something of ours failed.",
        ("letter", "error"),
        (_WARNING, _ERROR),
    ),
    "letter_given_up": LogEvent(
        "A letter was tried for a day; its reporter was not told.",
        ("letter", "error"),
        (_WARNING, _ERROR),
        "*letters-given-up*: mend the cause, then redrive.",
    ),
    "letter_failed": LogEvent(
        "A letter failed before anything could be noted of it; the next minute tries again.",
        ("letter", "error"),
        (_ERROR,),
        "The same letter every minute: mend the cause.",
    ),
    "letter_unheard": LogEvent(
        "SES took a letter and never told what became of it.",
        ("letter",),
        (_WARNING,),
        "Several: are receipts coming in? *receipts-fail*.",
    ),
    "letter_missing": LogEvent(
        "An event's letter was unknown to the ledger; the sweep has seen to it.",
        ("letter",),
        (_ERROR,),
        "The stream lost a record: look for *record_failed* of that hour.",
    ),
    "record_failed": LogEvent(
        "A record of a stream could not be worked on; it is delivered again.",
        ("sequence_number", "error"),
        (_ERROR,),
        "*letters-fail*, *details-fail* or *clues-fail*: mend, deploy, redrive.",
    ),
    "task_raised": LogEvent("The system laid a task on a report.", ("reference", "old", "new", "version")),
    "reports_indexed": LogEvent("The clues of a batch of the stream were written.", ("records", "failed")),
    "clues_failed": LogEvent(
        "The clues of a report could not be derived.", ("reference", "error"), (_ERROR,), "Mend the cause; derive-clues again."
    ),
    "batch_delivered": LogEvent("A batch of the stream was worked on.", ("records", "failed"), counts=OUTCOMES),
    "digest_code_asked": LogEvent("An officer asked for a code for the address of their digest."),
    "digest_begun": LogEvent("An officer proved the address for their digest."),
    "digest_ended": LogEvent("An officer wants no digest any more."),
    "digests_ready": LogEvent("The digests of a morning lie ready; the round of every minute sends them.", ("ready", "failed")),
    "digest_failed": LogEvent(
        "An officer's digest could not be laid ready; the next hour of the morning tries again.",
        ("error",),
        (_ERROR,),
        "Mend the cause; after ten in the morning that day has none.",
    ),
    "digest_not_refreshed": LogEvent(
        "An officer logged in, and their digest could not be told of which units they are now.",
        ("error",),
        (_WARNING,),
        "It is told at the next login.",
    ),
    "unit_unattended": LogEvent(
        "A police unit has open reports, and no officer looked at its lists for three working days; said every day.",
        ("unit", "reports"),
        (_WARNING,),
        "*units-unattended*: call the unit, reports wait there that nobody knows of.",
    ),
    "changes_failed": LogEvent(
        "Changes of status did not come into the feed for other systems; they are brought again.",
        ("error",),
        (_ERROR,),
        "Many: the table of changes does not answer, or a record cannot be read (then *clues-fail* says so too).",
    ),
    "round_made": LogEvent("The minute's round over waiting letters is done.", counts=OUTCOMES),
    "letters_swept": LogEvent("The hour's look for missing letters is done.", ("reports", "missing", "failed")),
    "letters_on_pile": LogEvent(
        "So many letters were given up, and nobody has mended that yet; said every hour.",
        ("letters",),
        (_WARNING,),
        "*letters-given-up*: mend the cause, then redrive.",
    ),
    "sweep_failed": LogEvent(
        "A report could not be looked at for missing letters; the next hour does.",
        ("reference", "error"),
        (_ERROR,),
        "The same reference every hour: it will not mend itself.",
    ),
    "receipt_noted": LogEvent("SES told what became of a letter.", ("letter", "kind")),
    "receipt_of_unknown_letter": LogEvent(
        "SES told of a letter that the ledger does not know.", ("letter", "kind"), (_WARNING,), "Many: another stage's mail?"
    ),
    "receipt_refused": LogEvent(
        "A receipt was not for us, or not readable.",
        ("why",),
        (_WARNING,),
        "*receipts-fail*: was the stack deployed without the functions?",
    ),
    "mail_recognised": LogEvent("Somebody typed the check code of a mail of ours."),
    "mail_not_recognised": LogEvent("Somebody typed a check code that no mail of ours carries."),
    # My details
    "address_code_asked": LogEvent("A citizen asked for the code that verifies an address.", ("profile", "number")),
    "address_code_wrong": LogEvent("A wrong code was typed.", ("profile", "number", "tries")),
    "address_proven": LogEvent("An address was verified.", ("profile", "number")),
    "choices_kept": LogEvent("A citizen changed what holds for all their reports.", ("profile", "number")),
    "details_carried_out": LogEvent("A change of somebody's details came to their reports.", ("profile", "number", "kind")),
    "details_failed": LogEvent(
        "A redrive could not carry out somebody's details.", ("error",), (_ERROR,), "Mend the cause; redrive again."
    ),
    # Many reports at once
    "batch_confirmed": LogEvent("An officer confirmed what is to be done for many reports.", ("batch", "officer", "reports")),
    "batch_row_done": LogEvent("It was done for one of them.", ("batch", "reference", "version")),
    "batch_row_failed": LogEvent(
        "One report could not be read or written; it is tried again for an hour, and then said to be left out.",
        ("batch", "reference", "error"),
        (_ERROR,),
        "The same reference every minute: look at its item.",
    ),
    "batch_failed": LogEvent(
        "A batch could not be carried on with; the next minute goes on where this one stopped.",
        ("batch", "error"),
        (_ERROR,),
        "The same batch every minute: look at its items.",
    ),
    "batch_done": LogEvent("It has ended for each of them.", ("batch", "done", "refused", "dropped")),
    # Survey
    "surveys_invited": LogEvent("The hour's invitations are made.", ("invited", "failed")),
    "survey_invitation_postponed": LogEvent("Somebody changed the report just now; its turn is the next hour.", ("reference",)),
    "survey_invitation_failed": LogEvent(
        "A reporter could not be invited; the next hour tries again.",
        ("reference", "error"),
        (_ERROR,),
        "The same reference every hour: it will not mend itself.",
    ),
    "survey_answered": LogEvent("A reporter answered the survey.", ("month",)),
}
