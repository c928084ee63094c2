"""What the portal holds about somebody, in words that its reader knows. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.language import mark
from chalicelib.desk.letters_overview import LETTER_WORDS
from chalicelib.letters.catalogue import Letter, Reason
from chalicelib.letters.ledger_entry import Entry
from chalicelib.profiles.model import Kind

LETTERS: Mapping[str, str] = {
    **{letter.value: words for letter, words in LETTER_WORDS.items()},
    "address_code": mark("Code for an e-mail address"),
    "address_changed": mark("Your e-mail address was changed"),
}
WHY_NOT: Mapping[str, str] = {
    Reason.OWN_ACTION: mark("not sent: you did it yourself"),
    Reason.NOT_WANTED: mark("not sent: you did not want it"),
    Reason.ADDRESS_MISSING: mark("not sent: we had no e-mail address"),
    Reason.ADDRESS_UNUSABLE: mark("not sent: mail to your address came back"),
    Reason.TOLD_OTHERWISE: mark("not sent: we told you in another way"),
    Reason.REPORT_GONE: mark("not sent: the report was destroyed"),
    Reason.CODE_OVER: mark("not sent: the code could no longer be used"),
}
NOTICES: Mapping[Kind, str] = {
    Kind.CODE_ASKED: mark("You asked for a code for an e-mail address"),
    Kind.ADDRESS_PROVEN: mark("You proved an e-mail address"),
    Kind.CHOICES_CHANGED: mark("You changed what counts for all your reports"),
}
_FACTS: Mapping[str, str] = {
    "accepted_at": mark("sent"),
    "delivered_at": mark("arrived"),
    "bounced_at": mark("came back"),
    "complained_at": mark("marked as unwanted"),
    "failed_at": mark("given up"),
}


@dataclass(frozen=True, slots=True)
class Mailed:
    """One letter: `name` and the words of `facts` are messages; a fact without a time has None."""

    name: str
    facts: tuple[tuple[str, datetime | None], ...]


def mailed(entries: Sequence[Entry]) -> tuple[Mailed, ...]:
    """Return what became of letters, the earliest first; what called for no letter because its reader did it is left out."""
    return tuple(
        Mailed(LETTERS.get(entry.letter, LETTERS[Letter.NEWS]), tuple(_facts(entry)))
        for entry in entries
        if entry.not_sent != Reason.OWN_ACTION
    )


def _facts(entry: Entry) -> Iterator[tuple[str, datetime | None]]:
    if entry.not_sent:
        yield WHY_NOT[entry.not_sent], None
    elif entry.joined:
        yield mark("told together with other news"), None
    elif not entry.is_settled:
        yield mark("on its way"), None
    elif entry.rejected:
        yield mark("refused by the mail service"), None
    for name, word in _FACTS.items():
        at = getattr(entry, name)
        if at is not None:
            yield word, at
