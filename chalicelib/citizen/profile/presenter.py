"""All that the portal holds about somebody, in words that its reader knows. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.language import N_
from chalicelib.letters.catalogue import Letter, NotSentReason
from chalicelib.letters.labels import LETTER_WORDS
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.profiles.model import NoticeKind

WHY_NOT: Mapping[str, str] = {
    NotSentReason.OWN_ACTION: N_("not sent: you did it yourself"),
    NotSentReason.NOT_WANTED: N_("not sent: you did not want it"),
    NotSentReason.NOTHING_TO_TELL: N_("not sent: there was nothing to tell"),
    NotSentReason.ADDRESS_MISSING: N_("not sent: we had no e-mail address"),
    NotSentReason.ADDRESS_UNUSABLE: N_("not sent: mail to your address came back"),
    NotSentReason.ADDRESS_UNPROVEN: N_("not sent: you have not shown yet that this address is yours"),
    NotSentReason.TOLD_OTHERWISE: N_("not sent: we told you in another way"),
    NotSentReason.REPORT_GONE: N_("not sent: the report was destroyed"),
    NotSentReason.RETRACTED: N_("not sent: it was a mistake of ours, and put right at once"),
    NotSentReason.OVERTAKEN: N_("not sent: our question was not open any more"),
    NotSentReason.CODE_OVER: N_("not sent: the code could no longer be used"),
    NotSentReason.INTERNAL: N_("not sent: there was no news for you"),
}
NOTICES: Mapping[NoticeKind, str] = {
    NoticeKind.CODE_ASKED: N_("You asked for a code for an e-mail address"),
    NoticeKind.ADDRESS_PROVEN: N_("You proved an e-mail address"),
    NoticeKind.CHOICES_CHANGED: N_("You changed what counts for all your reports"),
}
_FACTS: Mapping[str, str] = {
    "accepted_at": N_("sent"),
    "delivered_at": N_("arrived"),
    "bounced_at": N_("came back"),
    "complained_at": N_("marked as unwanted"),
    "failed_at": N_("given up"),
}


@dataclass(frozen=True, slots=True)
class Mailed:
    """One letter: `name` and the words of `facts` are messages; a fact without a time has None."""

    name: str
    facts: tuple[tuple[str, datetime | None], ...]


def mailed(entries: Sequence[LedgerEntry]) -> tuple[Mailed, ...]:
    """Return what became of letters, the earliest first; what called for no letter because its reader did it is left out."""
    return tuple(
        Mailed(LETTER_WORDS[Letter(entry.letter or Letter.NEWS)], tuple(_facts(entry)))
        for entry in entries
        if entry.not_sent != NotSentReason.OWN_ACTION
    )


def _facts(entry: LedgerEntry) -> Iterator[tuple[str, datetime | None]]:
    if entry.not_sent:
        yield WHY_NOT[entry.not_sent], None
    elif entry.merged_into:
        yield N_("told together with other news"), None
    elif not entry.is_settled:
        yield N_("on its way"), None
    elif entry.rejected:
        yield N_("refused by the mail service"), None
    for name, word in _FACTS.items():
        at = getattr(entry, name)
        if at is not None:
            yield word, at
