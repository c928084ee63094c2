"""An officer's wish for a digest, the address that they proved for it, and the counts that a mail brings. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from chalicelib.boards.model import Board, Number
from chalicelib.core import ids
from chalicelib.core.clock import AMSTERDAM, day_of
from chalicelib.core.errors import Conflict
from chalicelib.core.language import DEFAULT_LANGUAGE, Language
from chalicelib.core.working_days import is_working_day
from chalicelib.people.model import Officer
from chalicelib.people.permissions import Permission, may
from chalicelib.profiles.model import Challenge, open_challenge

MORNING = range(7, 10)  # hours in Amsterdam at which it is sent: who cannot be mailed by then hears tomorrow
COUNTED = (  # of what lies at the units, beside what is the reader's own
    Number.OVERDUE,
    Number.URGENT,
    Number.FRESH,
    Number.UPDATE_ASKED,
    Number.CONTESTED,
    Number.TO_TELL,
    Number.CALL_BACK,
)
_PREFIX = "DIGEST-"


def name_of(names_key: bytes, officer: str) -> str:
    """Return the name of an officer's wish in tables, in the ledger and in mails: nobody knows by it who it is."""
    return _PREFIX + ids.derive(names_key, "digest", officer).hex()[:24].upper()


def is_name(text: str) -> bool:
    """True for what names a wish, and no report or profile."""
    return text.startswith(_PREFIX)


def number_of(day: date) -> int:
    """Return the number of a day's mail in the ledger, such as 20161130; the numbers of codes are larger."""
    return int(f"{day:%Y%m%d}")


def day_numbered(number: int) -> datetime:
    """Return noon of the day with this number: with the key of that moment its codes are made. Raises ValueError."""
    return datetime.combine(date.fromisoformat(str(number)), time(12), AMSTERDAM)


def is_morning(at: datetime) -> bool:
    """True on the morning of a working day in Amsterdam."""
    return at.astimezone(AMSTERDAM).hour in MORNING and is_working_day(day_of(at))


def units_of(officer: Officer) -> tuple[str, ...]:
    """Return the units whose counts an officer may hear."""
    return tuple(sorted(unit for unit in officer.units if may(officer, Permission.READ_REPORT, unit)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """The wish of one officer. Without `email` nothing is sent: it was never proven, or they want no digest any more.

    `units` are those of the last login. `proven_by` is the number of the challenge that proved the address.
    """

    name: str
    officer: str
    units: tuple[str, ...] = ()
    language: Language = DEFAULT_LANGUAGE
    email: str = field(default="", repr=False)
    proven_by: int = 0
    challenge: Challenge | None = None

    @property
    def is_wanted(self) -> bool:
        return bool(self.email and self.units)

    def code_asked(self, email: str, language: Language, *, at: datetime) -> "Subscription":
        """Return it with an address that waits for its code; an older code is of no use any more."""
        last = max(self.proven_by, self.challenge.number if self.challenge else 0)
        challenge = Challenge(number=max(int(at.timestamp()), last + 1), email=email, asked_at=at)
        return replace(self, challenge=challenge, language=language)

    def open_challenge(self, number: int, at: datetime) -> Challenge:
        """Return the challenge that a code may be typed for. Raises Conflict as `profiles.model.open_challenge` does."""
        return open_challenge(self.challenge, number, at)

    def missed(self, name: str) -> "Subscription":
        """Return it after a wrong code; `name` is unique to the try."""
        return replace(self, challenge=self.challenge.missed(name)) if self.challenge else self

    def proven(self) -> "Subscription":
        """Return it with the address whose code was typed: from now on it is wanted."""
        if self.challenge is None:
            raise Conflict("code_unasked")
        return replace(self, email=self.challenge.email, proven_by=self.challenge.number, challenge=None)

    @property
    def content(self) -> dict[str, Any]:
        """The JSON that is kept of it."""
        waiting = self.challenge
        kept = {name: getattr(self, name) for name in ("officer", "email", "proven_by", "language")} | {"units": list(self.units)}
        return kept | ({"challenge": {**asdict(waiting), "asked_at": waiting.asked_at.isoformat()}} if waiting else {})


def subscription_of(name: str, content: Mapping[str, Any]) -> Subscription:
    """Return what `Subscription.content` is of."""
    waiting = content.get("challenge")
    challenge = Challenge(**{**waiting, "asked_at": datetime.fromisoformat(waiting["asked_at"])}) if waiting else None
    return Subscription(
        name=name,
        officer=content["officer"],
        units=tuple(content["units"]),
        language=Language(content["language"]),
        email=content["email"],
        proven_by=content["proven_by"],
        challenge=challenge,
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of one mail: of the reader's own open reports, and of all their units together."""

    mine: int
    mine_overdue: int
    numbers: Mapping[Number, int]
    counted_at: datetime | None

    @property
    def is_nothing(self) -> bool:
        """True when there is nothing to tell: no mail is sent then."""
        return not (self.mine or any(self.numbers.values()))


def counts(officer: str, boards: Iterable[Board]) -> Counts:
    """Return what a mail tells, from the newest boards of the reader's units."""
    boards = tuple(boards)
    return Counts(
        mine=sum(board.held.get(officer, 0) for board in boards),
        mine_overdue=sum(board.held_overdue.get(officer, 0) for board in boards),
        numbers={number: sum(board.numbers.get(number, 0) for board in boards) for number in COUNTED},
        counted_at=min((board.counted_at for board in boards), default=None),
    )
