"""How a reporter is reached, what they want to hear of, and how it stays safe to be written to. Pure.

Some people share a mailbox or a telephone, or live with the offender: what we send, and when, must not harm them.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from chalicelib.core.clock import AMSTERDAM
from chalicelib.core.language import DEFAULT_LANGUAGE, Language

MOST_WISHES = 100  # changes of the wishes of one report that stand in its timeline


class InformationWish(StrEnum):
    """What the reporter wants to hear of; changeable any day, and binding on every letter."""

    ALL = "all"
    DECISIONS = "decisions"
    NOTHING = "nothing"


class Hours(StrEnum):
    """When we may write and call, in hours of the day in Amsterdam: from the first, until the second begins."""

    ANY = "0-24"
    DAY = "9-17"
    MORNING = "9-12"
    AFTERNOON = "12-17"
    EVENING = "17-21"

    @property
    def bounds(self) -> tuple[int, int]:
        first, _, last = self.value.partition("-")
        return int(first), int(last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """The wishes that keep it safe to be reached.

    `neutral`: sender and subject of a mail do not tell that it comes from the police.
    """

    neutral: bool = False
    hours: Hours = Hours.ANY
    phone: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How and of what the reporter wants to hear. An address that bounced is kept but not `usable`.

    `own` says that the wishes were chosen for this very report: the reporter's general wishes do not change them any more.
    `proven` says that this reporter typed a code that was mailed to the address: one that is not gets little mail.
    """

    email: str
    language: Language = DEFAULT_LANGUAGE
    information: InformationWish = InformationWish.ALL
    survey: bool = True
    usable: bool = True
    own: bool = False
    proven: bool = False
    safety: Safety = Safety()


class DetailsPart(StrEnum):
    """A part of the details that a reporter keeps for all their reports, each changed for itself."""

    ADDRESS = "address"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Taken:
    """The numbers of the last changes of a reporter's details that a report took, for each part; 0 for none.

    So a change that comes late or again finds that the report has it, or is younger than it.
    """

    address: int = 0
    choices: int = 0

    def has(self, part: DetailsPart, number: int) -> bool:
        """True when the report has this change of the part, or a later one."""
        return number <= (self.address if part is DetailsPart.ADDRESS else self.choices)

    def with_change(self, part: DetailsPart, number: int) -> "Taken":
        return replace(self, **{part.value: number})


NOTHING_TAKEN = Taken()


@dataclass(frozen=True, slots=True)
class Reach:
    """How the reporter of a new report is reached, and which changes of their details are in it."""

    contact: Contact
    taken: Taken = NOTHING_TAKEN


def may_be_sent_at(contact: Contact, at: datetime) -> datetime:
    """Return the first instant (UTC), not before `at`, at which a mail may reach this reporter."""
    first, last = contact.safety.hours.bounds
    local = at.astimezone(AMSTERDAM)
    if first <= local.hour < last:
        return at
    day = local.date() + timedelta(days=int(local.hour >= last))
    return datetime(day.year, day.month, day.day, first, tzinfo=AMSTERDAM).astimezone(UTC)
