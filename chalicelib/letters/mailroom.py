"""The bag of parts that mail is sent with, one run with it, and how a letter can end in a run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.core import ids
from chalicelib.core.clock import Clock
from chalicelib.core.limits import Limits
from chalicelib.letters.catalogue import Letter, NoLetter, Waits
from chalicelib.letters.ledger import Ledger
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.letters.mailer import Mailer
from chalicelib.letters.render import MailOrder, Texts
from chalicelib.letters.suppression import Suppression
from chalicelib.reports.events import Event
from chalicelib.reports.model import Report

OrderOf = Callable[[Letter, Event, Report], MailOrder]
Render = Callable[[MailOrder], Texts]
DecideOther = Callable[[], MailOrder | NoLetter | datetime]


class Outcome(StrEnum):
    """How it ended for one letter, this time."""

    SENT = "sent"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    WAITS = "waits"
    PUT_OFF = "put_off"  # SES or something that we need was not there
    UNKNOWN = "unknown"  # SES may have it: its own Send event will tell
    GIVEN_UP = "given_up"  # tried for a day
    SETTLED_BEFORE = "settled_before"
    UNHEARD = "unheard"  # SES took it, and never said what became of it


class Reading(Protocol):
    """The part of the reports that sending needs."""

    def get(self, reference: str) -> Report | None:
        """Return the newest version of a report, None when there is none."""
        ...


class Unusable(Protocol):
    """The change that an address asks of a report to which no mail arrives."""

    def __call__(self, reference: str, addresses: frozenset[str]) -> None:
        """Mark the report's address as unusable if it is one of `addresses` (lower case)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """The parts that letters are sent with. How long each waits stands in `waits`.

    `order_of` makes the mail of a report's event, `render` writes out any mail, `code_digest` says what is kept of its code;
    `turn` returns when SES may be called, and raises Throttled when that would take too long; `unproven` says how much
    mail an address gets that nobody proved. `others` says how to decide on a letter about no report, None for one of a stream.
    """

    reports: Reading
    unusable: Unusable
    ledger: Ledger
    suppression: Suppression
    turn: Callable[[], None]
    mailer: Mailer
    order_of: OrderOf
    render: Render
    code_digest: Callable[[str], str]
    unproven: "Callable[[], UnprovenMail]"
    clock: Clock
    waits: Waits
    others: "Callable[[LedgerEntry], DecideOther | None]" = lambda _: None


@dataclass(frozen=True, slots=True)
class UnprovenMail:
    """The few mails a day, about all reports of everybody, to an address that its reporter has not proven."""

    daily: Limits
    most: int

    def has_room(self, address: str, letter_id: str) -> bool:
        """True when a letter may go to the address today: it is counted then, and once, however often it is tried."""
        return self.daily.count_once("mails to an unproven address", address.casefold(), letter_id, most=self.most)


class Retry(StrEnum):
    """The part that comes back for a mail that could not be settled now: the policy of a run."""

    ROUND = "round"  # it lies in the queue until the round sends it: how it ended this time is all that is told
    STREAM = "stream"  # what brought it must come again, so it must fail: BeingSent, Unavailable or OutcomeUnknown is raised


class Run:
    """One run over many letters: its attempt's id, whether SES was found to be away, or nothing is to be sent at all."""

    def __init__(self, mailroom: Mailroom, attempt: str = "", retry: Retry = Retry.ROUND) -> None:
        self.mailroom, self.id, self.retry = mailroom, attempt or ids.secret_id(), retry
        self.ses_is_away = self.only_notes = False
