"""What things are called at the desk: officers work with short names. What the reporter reads stands in reports/statuses.py."""

from collections.abc import Mapping

from chalicelib.core.language import mark
from chalicelib.reports.model import Event, EventKind, Role
from chalicelib.reports.statuses import Status

STATUS_WORDS: Mapping[Status, str] = {
    Status.RECEIVED: mark("Received"),
    Status.CHECKED: mark("Checked"),
    Status.AWAITING_REPORTER: mark("Waiting for the reporter"),
    Status.REGISTERED: mark("Registered"),
    Status.INVESTIGATING: mark("Under investigation"),
    Status.NOT_INVESTIGATED: mark("Not investigated"),
    Status.WITH_PROSECUTOR: mark("With the public prosecutor"),
    Status.CLOSED: mark("Closed"),
    Status.REFERRED: mark("Referred"),
    Status.REOPENED: mark("Reopened"),
}
EVENT_WORDS: Mapping[EventKind, str] = {
    EventKind.RECEIVED: mark("Received"),
    EventKind.QUESTION_ASKED: mark("Question to the reporter"),
    EventKind.QUESTION_ANSWERED: mark("The reporter answered"),
    EventKind.QUESTION_ENDED: mark("The reporter did not answer in time"),
    EventKind.WISHES_CHANGED: mark("The reporter changed what to hear about"),
    EventKind.CONTACT_CHANGED: mark("The reporter changed how to be reached"),
    EventKind.SURVEY_INVITED: mark("Invited to the survey"),
    EventKind.ADDED: mark("The reporter added something"),
    EventKind.CORRECTED: mark("The reporter corrected something"),
    EventKind.GOODS_FOUND: mark("Found again, says the reporter"),
    EventKind.ADDRESS_UNUSABLE: mark("Mail to the reporter does not arrive"),
    EventKind.TOLD_OTHERWISE: mark("The reporter was told by telephone or letter"),
}
QUESTION_END_WORDS: Mapping[str, str] = {
    "answered": mark("Answered"),
    "expired": mark("Not answered in time"),
    "replaced": mark("Replaced by a newer question"),
}
ROLE_WORDS: Mapping[Role, str] = {
    Role.REPORTER: mark("the reporter"),
    Role.OFFICER: mark("officer"),
    Role.SYSTEM: mark("by itself"),
}


def event_words(event: Event) -> str:
    """Return what happened, as a message; a change of status is called by the new status."""
    return EVENT_WORDS.get(event.kind) or STATUS_WORDS[event.status]
