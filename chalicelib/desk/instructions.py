"""How a reporter whom no mail reaches may be told: what their wishes allow, and the words in which officers read it. Pure.

The one table for the page of a report, the list of whom to tell, and whoever prints a letter: none of them says by itself to
call or to write. Somebody who shares a household gets no post, and nobody is called against their wish, however long they wait.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.core.language import N_
from chalicelib.reports.events import OfflineMeans
from chalicelib.reports.model import Report, Urgency

WARNING = N_(
    "Somebody else may read the mail or pick up the telephone. Do not say that you are of the police before you know whom you "
    "speak to."
)
NO_CALLS = N_("Do not call.")
NO_POST = N_("Send no post to this address.")


@dataclass(frozen=True, slots=True)
class Instructions:
    """The ways that are open. `warns`: somebody else may read along or pick up the telephone."""

    may_call: bool
    may_post: bool
    warns: bool

    @property
    def means(self) -> tuple[OfflineMeans, ...]:
        """The means by which news may be told; it can always be told to whoever comes or calls by themselves."""
        allowed = {OfflineMeans.PHONE: self.may_call, OfflineMeans.LETTER: self.may_post, OfflineMeans.IN_PERSON: True}
        return tuple(means for means in OfflineMeans if allowed[means])

    @property
    def lines(self) -> tuple[str, ...]:
        """The messages that an officer reads before anything else, the warning first; none for who can be reached freely."""
        said = ((WARNING, self.warns), (NO_CALLS, not self.may_call), (NO_POST, not self.may_post))
        return tuple(words for words, is_said in said if is_said)

    @property
    def act(self) -> str:
        """The message that says how to tell news that no mail brings."""
        return ACTS[self.may_call, self.may_post]


ACTS: Mapping[tuple[bool, bool], str] = {  # may be called, may get post
    (True, True): N_("Call, or send a letter by post. Then note here how you told it."),
    (True, False): N_("Call. Then note here that you told it."),
    (False, True): N_("Send a letter by post. Then note here that you told it."),
    (False, False): N_(
        "Do not try to reach this person. They read the news after logging in. Tell it when they call or come by themselves, and "
        "note that here."
    ),
}
WAITS: Mapping[Urgency, str] = {  # in a list, which does not know the wishes: the page of the report says how
    Urgency.NEW: N_("Today"),
    Urgency.OVER_A_DAY: N_("Waits longer than a day: open the report, it says how"),
    Urgency.OVER_EIGHT_DAYS: N_("Waits longer than eight days: open the report, it says how"),
}
MEANS_WORDS: Mapping[OfflineMeans, str] = {
    OfflineMeans.PHONE: N_("Told by telephone"),
    OfflineMeans.LETTER: N_("Told by letter"),
    OfflineMeans.IN_PERSON: N_("Told when they called or came"),
}


def instructions(report: Report) -> Instructions:
    """Return how the reporter of a report may be reached."""
    safety = report.contact.safety
    return Instructions(may_call=safety.phone, may_post=not safety.neutral, warns=safety.neutral)
