"""A person's details: where we mail them, in which language, of what, and how that stays safe. Pure.

An address counts once its reader typed the code that we mailed to it. The code is in no table: it follows from the question
(`Challenge`) and a key of ours. Every fact worth acting on is a notice at the end of `Profile.notices`, in the same write as
the change itself; the table's stream carries it to the reports and to the post (ADR-0001, ADR-0017).
"""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.core import ids
from chalicelib.core.clock import iso
from chalicelib.core.errors import Conflict
from chalicelib.core.language import DEFAULT_LANGUAGE, Language
from chalicelib.reports.contact import Contact, InformationWish, Safety, Taken

CODE_LIFE = timedelta(minutes=30)
MOST_TRIES = 5
_MOMENT = timedelta(seconds=20)
KEPT_NOTICES = 8  # older ones were carried out long ago, and hold addresses that are nobody's business any more


class NoticeKind(StrEnum):
    """The news that a notice tells."""

    CODE_ASKED = "code_asked"  # → a mail with a code, to the address that waits for it
    ADDRESS_PROVEN = "address_proven"  # → every report gets the address; a mail to the old one
    CHOICES_CHANGED = "choices_changed"  # → every report gets the choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One fact to act on. `to` is the address to mail, empty where nobody is mailed.

    `number` counts on without gaps, from the second in which the profile began: so those of a profile that was forgotten and
    begun anew are never those of before, which reports and letters remember for longer. `changed` are the choices that were
    made otherwise than before, by their names in `Choices`: only they are brought to the reports; None where that is not known.
    """

    number: int
    kind: NoticeKind
    at: datetime
    to: str = field(default="", repr=False)
    changed: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """An address that waits for its code. `number` is that of the notice that asked for it.

    `last_try` names the try that was counted last: two guesses at once are two writes that differ, and both are counted.
    """

    number: int
    email: str = field(repr=False)
    asked_at: datetime
    tries: int = 0
    last_try: str = ""

    @property
    def ends_at(self) -> datetime:
        return self.asked_at + CODE_LIFE

    def is_open(self, at: datetime) -> bool:
        return at < self.ends_at and self.tries < MOST_TRIES

    def missed(self, name: str) -> "Challenge":
        """Return it after a wrong code; `name` is unique to the try."""
        return replace(self, tries=self.tries + 1, last_try=name)


def open_challenge(waiting: Challenge | None, number: int, at: datetime) -> Challenge:
    """Return the challenge that waits, if a code may be typed for it: for an address of a person, or for an officer's digest.

    Raises Conflict(`code_replaced`) for an older one, `code_tried_out` after five wrong codes, `code_expired` after half an
    hour, `code_unasked` when none waits.
    """
    if waiting is None:
        raise Conflict("code_unasked")
    if waiting.number != number:
        raise Conflict("code_replaced")
    if waiting.tries >= MOST_TRIES:
        raise Conflict("code_tried_out")
    if not waiting.is_open(at):
        raise Conflict("code_expired")
    return waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The choices of a person for all their reports."""

    language: Language = DEFAULT_LANGUAGE
    information: InformationWish = InformationWish.ALL
    survey: bool = True
    safety: Safety = field(default_factory=Safety)

    @classmethod
    def of(cls, contact: Contact) -> "Choices":
        return cls(language=contact.language, information=contact.information, survey=contact.survey, safety=contact.safety)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One person's details. `id` names them in the ledger: it tells nothing of who they are.

    `version` 0 was never kept: it follows from the newest report, or from nothing. `proven_by` is the number of the challenge
    that proved the address; 0 for one that was only typed.
    """

    pseudonym: str
    id: str
    version: int = 0
    email: str = field(default="", repr=False)
    proven_at: datetime | None = None
    proven_by: int = 0
    choices: Choices = field(default_factory=Choices)
    challenge: Challenge | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def contact(self) -> Contact:
        """How this person is reached about a report that has no wishes of its own."""
        chosen = self.choices
        return Contact(
            email=self.email,
            language=chosen.language,
            information=chosen.information,
            survey=chosen.survey,
            safety=chosen.safety,
        )

    @property
    def last_number(self) -> int:
        return self.notices[-1].number if self.notices else 0

    @property
    def taken(self) -> Taken:
        """The changes that a report has which is filed now: every one up to the last."""
        return Taken(self.last_number, self.last_number)

    def has_proven(self, address: str) -> bool:
        """True when this person typed a code that was mailed to the address, and has no other since."""
        return self.proven_at is not None and self.email.casefold() == address.casefold()

    def next_number(self, at: datetime) -> int:
        """Return the number of the next notice."""
        return self.last_number + 1 if self.notices else int(at.timestamp())

    def code_asked(self, email: str, *, at: datetime) -> "Profile":
        """Return the profile in which an address waits for its code. An older code is of no use from now on.

        Unchanged when the same was asked a moment ago: a double click is one mail.
        """
        if (
            self.challenge
            and self.challenge.email == email
            and not self.challenge.tries
            and at < self.challenge.asked_at + _MOMENT
        ):
            return self
        challenge = Challenge(number=self.next_number(at), email=email, asked_at=at)
        return replace(self, challenge=challenge).told(NoticeKind.CODE_ASKED, at=at, to=email)

    def open_challenge(self, number: int, at: datetime) -> Challenge:
        """Return the challenge that a code may be typed for. Raises Conflict as `open_challenge` of this module does."""
        return open_challenge(self.challenge, number, at)

    def missed(self, name: str) -> "Profile":
        """Return the profile after a wrong code; `name` is unique to the try. Nothing else changes, and nobody is told."""
        if self.challenge is None:
            return self
        return replace(self, version=self.version + 1, challenge=self.challenge.missed(name))

    def proven(self, *, at: datetime) -> "Profile":
        """Return the profile with the address whose code was typed; the old address hears of it, if there was another."""
        if self.challenge is None:
            raise Conflict("code_unasked")
        new, old = self.challenge, self.email
        to = old if old.casefold() != new.email.casefold() else ""
        after = replace(self, email=new.email, proven_at=at, proven_by=new.number, challenge=None)
        return after.told(NoticeKind.ADDRESS_PROVEN, at=at, to=to)

    def chosen(self, choices: Choices, *, at: datetime) -> "Profile":
        """Return the profile with other choices; unchanged when they are the same and were kept before."""
        if choices == self.choices and self.version:
            return self
        changed = tuple(name for name in _CHOICES if getattr(choices, name) != getattr(self.choices, name))
        return replace(self, choices=choices).told(NoticeKind.CHOICES_CHANGED, at=at, changed=changed)

    def with_address(self, contact: Contact, *, usable: bool) -> Contact:
        """Return how a report's reporter is reached with the proven address; not `usable` when its mail came back since."""
        return replace(contact, email=self.email, usable=usable, proven=True)

    def with_choices(self, contact: Contact, *, since: int) -> Contact:
        """Return how a report's reporter is reached with what was chosen for all in notices after number `since`."""
        made = [one.changed for one in self.notices if one.kind is NoticeKind.CHOICES_CHANGED and one.number > since]
        names = {name for names in made for name in (_CHOICES if names is None else names)}
        if contact.own:  # the wishes of this report were chosen for it alone
            names -= _WISHES
        return replace(contact, **{name: getattr(self.choices, name) for name in names})

    def told(self, kind: NoticeKind, *, at: datetime, to: str = "", changed: tuple[str, ...] | None = None) -> "Profile":
        """Return the next version, with one notice more. No policy here."""
        notice = Notice(number=self.next_number(at), kind=kind, at=at, to=to, changed=changed)
        return replace(self, version=self.version + 1, notices=_kept((*self.notices, notice)))


_CHOICES = tuple(one.name for one in fields(Choices))
_WISHES = frozenset({"information", "survey"})


def _kept(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Return the notices that are kept: the last ones, and of older ones those that a report may still need.

    That is the last proof of an address, without the address it mailed, and the last change of each choice.
    """
    older, last = notices[:-KEPT_NOTICES], notices[-KEPT_NOTICES:]
    latest = {part: one.number for one in notices for part in _parts(one)}
    needed = (replace(one, to="") for one in older if any(latest[part] == one.number for part in _parts(one)))
    return (*needed, *last)


def _parts(notice: Notice) -> tuple[str, ...]:
    """Return what a notice may bring to reports: the address, or choices by their names."""
    if notice.kind is NoticeKind.CHOICES_CHANGED:
        return _CHOICES if notice.changed is None else notice.changed
    return ("email",) if notice.kind is NoticeKind.ADDRESS_PROVEN else ()


def profile_id(derivation_key: bytes, pseudonym: str) -> str:
    """Return the id of a person's profile: letters and digits only, and never a report's reference."""
    return ids.derive(derivation_key, "profile", pseudonym).hex()[:24]


def code_of(derivation_key: bytes, profile: str, challenge: Challenge) -> str:
    """Return the code that proves an address: only the holder of the key and the reader of the mail know it."""
    facts = (profile, str(challenge.number), challenge.email, iso(challenge.asked_at))
    return ids.short_code(ids.derive(derivation_key, "address", *facts))


def begun(pseudonym: str, name: str, contact: Contact | None, language: Language) -> Profile:
    """Return the details of somebody who never changed them: those of the newest report, its address not proven."""
    if contact is None:
        return Profile(pseudonym=pseudonym, id=name, choices=Choices(language=language))
    return Profile(pseudonym=pseudonym, id=name, email=contact.email, choices=Choices.of(contact))


def new_notices(before: Profile | None, after: Profile) -> tuple[Notice, ...]:
    """Return the notices that one write added."""
    last = before.last_number if before else 0
    return tuple(notice for notice in after.notices if notice.number > last)
