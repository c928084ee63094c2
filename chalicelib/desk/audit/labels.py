"""The words for what is on record of officers and of the system: each look and act by its name. Pure."""

from collections.abc import Mapping

from chalicelib.audit.model import Record, Register, sort_of
from chalicelib.core.language import N_
from chalicelib.people.permissions import REASON_WORDS
from chalicelib.reports.events import EventKind

WORDS: Mapping[str, str] = {  # by the sort of a record (audit/model.py, sort_of)
    "read_report": N_("Looked at the report"),
    "see_contact": N_("Uncovered how to reach the reporter"),
    "listed": N_("Looked at a list"),
    "search": N_("Searched"),
    "searched": N_("Searched"),
    "found_things": N_("Put in found property"),
    "put_down": N_("Put down a shared value"),
    "unlisted": N_("Let a shared value link again"),
    "notice_printed": N_("Printed a letter by post"),
    "file_copy": N_("Opened a file"),
    "file_original": N_("Opened the original of a file"),
    "copy_printed": N_("Printed a copy for the reporter"),
    "audited": N_("Checked what is on record"),
    "board": N_("Looked at the first page of a police unit"),
    "edit_texts": N_("Worked on a standard text"),
    "wrote": N_("Wrote a standard text"),
    "published": N_("Published a standard text"),
    "retired": N_("Took a standard text out of use"),
    "read_board": N_("Looked at the figures of a police unit"),
    "read_changes": N_("Read the changes of a police unit"),
    "change_status": N_("Changed the status"),
    "ask_reporter": N_("Asked the reporter something"),
    "tell_reporter": N_("Told the reporter by telephone or letter"),
    "filed_at_desk": N_("Made the report at the counter"),
    "official_report": N_("Made the official report"),
    "erased": N_("Destroyed the report: its time was over"),
    "read_results": N_("Read survey results"),
    "file_report": N_("Made a report at the counter"),
    "read_audit": N_("Checked what is on record"),
    "write_note": N_("Wrote a note"),
    "forward_report": N_("Passed the report on to an organisation"),
    "forwarded": N_("Printed a sheet for an organisation"),
    "victim_list": N_("Worked on the list for Victim Support"),
    "do_tasks": N_("Worked on a task"),
    "take_report": N_("Took the report"),
    "assign": N_("Assigned the report"),
    "move_report": N_("Moved the report to another police unit"),
    "run_teams": N_("Changed a team"),
    "join_reports": N_("Joined the report to a case"),
    "watch_goods": N_("Worked on found goods"),
    "share_values": N_("Changed the list of shared values"),
    "bulk": N_("Did it with several reports at once"),
    "bulk_large": N_("Did it with many reports at once"),
    "batch": N_("Did it with several reports at once"),
    "batch_read": N_("Looked at a list of reports to do something with"),
    "batch_tried": N_("Tried what an act would do with several reports"),
    "batch_confirmed": N_("Confirmed an act with several reports"),
    "batch_undone": N_("Undid an act with several reports"),
    "correct": N_("Corrected a slip"),
    "give_update": N_("Gave the reporter an update"),
}
WHY: Mapping[str, str] = {  # as an officer chose, or where nobody has to choose
    **{reason.value: words for reason, words in REASON_WORDS.items()},
    "worklist": N_("To see what is to be done"),
    "identity_document_seen": N_("The reporter stood at the counter, with an identity document"),
    "time_over": N_("The time that it may be kept was over"),
}
REGISTER_WORDS: Mapping[Register, str] = {
    Register.REFUSED: N_("Refused"),
    Register.OUT_OF_HOURS: N_("Out of hours"),
    Register.SAMPLE: N_("Sample"),
}
SYSTEM = "system"
SYSTEM_OF: Mapping[EventKind, str] = {  # by which function the system did it: each has an id of its own
    EventKind.QUESTION_ENDED: "every_hour",
    EventKind.SURVEY_INVITED: "every_hour",
    EventKind.ADDRESS_UNUSABLE: "on_receipt",
    EventKind.CONTACT_CHANGED: "on_details_changed",
}


def words_of(record: Record) -> str:
    """Return what was done, as a message; an act that has no words yet is called by its own name."""
    return WORDS.get(sort_of(record), sort_of(record))
