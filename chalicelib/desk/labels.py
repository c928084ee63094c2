"""The names of things at the desk: officers work with short names. The reporter's words stand in reports/statuses.py."""

from collections.abc import Mapping

from chalicelib.core.language import N_
from chalicelib.reports.events import Event, EventKind, Role
from chalicelib.reports.statuses import Status
from chalicelib.reports.tasks import Task

STATUS_WORDS: Mapping[Status, str] = {
    Status.RECEIVED: N_("Received"),
    Status.CHECKED: N_("Checked"),
    Status.AWAITING_REPORTER: N_("Waiting for the reporter"),
    Status.REGISTERED: N_("Registered"),
    Status.INVESTIGATING: N_("Under investigation"),
    Status.NOT_INVESTIGATED: N_("Not investigated"),
    Status.WITH_PROSECUTOR: N_("With the public prosecutor"),
    Status.CLOSED: N_("Closed"),
    Status.REFERRED: N_("Referred"),
    Status.REOPENED: N_("Reopened"),
}
DESK_EVENT_WORDS: Mapping[EventKind, str] = {
    EventKind.RECEIVED: N_("Received"),
    EventKind.QUESTION_ASKED: N_("Question to the reporter"),
    EventKind.QUESTION_ANSWERED: N_("The reporter answered"),
    EventKind.QUESTION_ENDED: N_("The reporter did not answer in time"),
    EventKind.WISHES_CHANGED: N_("The reporter changed what to hear about"),
    EventKind.CONTACT_CHANGED: N_("The reporter changed how to be reached"),
    EventKind.SURVEY_INVITED: N_("Invited to the survey"),
    EventKind.ADDED: N_("The reporter added something"),
    EventKind.CORRECTED: N_("The reporter corrected something"),
    EventKind.GOODS_FOUND: N_("Found again, says the reporter"),
    EventKind.ADDRESS_UNUSABLE: N_("Mail to the reporter does not arrive"),
    EventKind.CONTACTED_OFFLINE: N_("The reporter was told by telephone or letter"),
    EventKind.UPDATE_ASKED: N_("The reporter asks how it is going"),
    EventKind.CONTESTED: N_("The reporter asks to look at the decision again"),
    EventKind.UPDATE_GIVEN: N_("News to the reporter"),
    EventKind.NOTHING_CHANGED: N_("The reporter heard that nothing changed yet"),
    EventKind.REMINDED: N_("The reporter was reminded of the question"),
    EventKind.NOTED: N_("Note"),
    EventKind.ASSIGNED: N_("Assigned"),
    EventKind.MOVED: N_("Handed over to another unit"),
    EventKind.RANKED: N_("Taken up earlier or later"),
    EventKind.JOINED: N_("Joined with other reports"),
    EventKind.LEFT: N_("Taken out of the joint case"),
    EventKind.NUMBER_CORRECTED: N_("Police number corrected"),
    EventKind.RETRACTED: N_("Undone"),
    EventKind.TASK_RAISED: N_("Task"),
    EventKind.TASK_DONE: N_("Task done"),
}
QUESTION_END_WORDS: Mapping[str, str] = {
    "answered": N_("Answered"),
    "expired": N_("Not answered in time"),
    "replaced": N_("Replaced by a newer question"),
    "retracted": N_("Undone"),
}
ROLE_WORDS: Mapping[Role, str] = {
    Role.REPORTER: N_("the reporter"),
    Role.OFFICER: N_("officer"),
    Role.SYSTEM: N_("by itself"),
}

TASK_WORDS: Mapping[Task, str] = {
    Task.CALL_BACK: N_("Call back"),
    Task.SURVEY_CALL: N_("Call: wants to talk about how we kept them informed"),
    Task.VICTIM_SUPPORT: N_("Give to Victim Support"),
    Task.POST_COPY: N_("Send a copy by post"),
    Task.COMPENSATION: N_("Tell the prosecutor: wants compensation"),
    Task.CAMERA_IMAGES: N_("Secure camera images"),
    Task.GOODS_HIT: N_("Compare with found goods"),
    Task.TELL_BANK: N_("Tell the bank"),
    Task.FORWARD: N_("Forward to another organisation"),
}


def event_words(event: Event) -> str:
    """Return what happened, as a message; a change of status is called by the new status."""
    return DESK_EVENT_WORDS.get(event.kind) or STATUS_WORDS[event.status]


DOUBT_WORDS: Mapping[str, str] = {  # of an answer in a report, by the code of forms/doubts.py
    "untrue": N_("cannot be true as typed"),
    "cut": N_("too long: only the beginning was kept"),
    "doubtful_plate": N_("not a Dutch licence plate"),
    "doubtful_frame_number": N_("short, or without digits"),
    "namesake": N_("another municipality has a place with this name"),
}
