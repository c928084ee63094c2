"""A record of a look or an act, and in which register of its week it stands. Pure.

Everything is listed: what was refused, and what was looked at out of hours, whole; of the rest a sample. ADR-0059.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from chalicelib.core import ids
from chalicelib.core.clock import AMSTERDAM, day_of
from chalicelib.core.working_days import is_working_day

OPENS, CLOSES = time(7), time(20)  # in Amsterdam: between them, on a working day, a look is nothing to wonder about
REFUSED = "refused:"  # how the subject begins of what was asked for and not shown
FOLLOWS_WITHIN = timedelta(days=1)
LOOKS = frozenset(
    {
        *("read_report", "see_contact", "search", "listed", "file_copy", "file_original", "copy_printed", "audited"),
        *(
            "searched",
            "notice_printed",
            "batch_read",
            "board",
            "batch_tried",
            "read_board",
            "read_changes",
            "read_results",
            "read_audit",
        ),
    }
)


class Register(StrEnum):
    """The register of a week in which a record stands."""

    REFUSED = "refused"
    OUT_OF_HOURS = "out-of-hours"
    SAMPLE = "sample"  # all the others, in an order of chance: the first of them are the sample


@dataclass(frozen=True, slots=True)
class Record:
    """One look or act. `subject` is a report's reference, or `worklist:<unit>` for a list."""

    subject: str
    at: datetime
    officer: str
    roles: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of records, and where the next one starts (empty on the last page)."""

    records: tuple[Record, ...]
    next_cursor: str


def sort_of(record: Record) -> str:
    """Return the sort of a look or act: what was done, without what it was done to."""
    return record.what.partition(":")[0]


def is_act(record: Record) -> bool:
    """True for what changed something; False for a look."""
    return sort_of(record) not in LOOKS and not record.subject.startswith(REFUSED)


def register_of(subject: str, at: datetime) -> Register:
    """Return the register in which a record of this moment stands."""
    if subject.startswith(REFUSED):
        return Register.REFUSED
    return Register.SAMPLE if _is_in_hours(at) else Register.OUT_OF_HOURS


def place_of(register: Register, at: datetime, record_id: str) -> str:
    """Return the place in the register: by time, and in the sample by a lot that nobody can foresee or choose.

    The lot is the digest of the record's own random id: drawn once, by the write itself, and the same whenever it is looked up.
    """
    return ids.digest(f"lot {record_id}")[:16] if register is Register.SAMPLE else at.isoformat(timespec="microseconds")


def week_of(on: date) -> str:
    """Return the week of a day as ISO 8601 names it: `2016-W26`."""
    year, week, _ = on.isocalendar()
    return f"{year:04}-W{week:02}"


def weeks_until(on: date, count: int) -> tuple[str, ...]:
    """Return the weeks up to the one of a day, the newest first."""
    return tuple(week_of(on - timedelta(weeks=back)) for back in range(count))


def _is_in_hours(at: datetime) -> bool:
    return is_working_day(day_of(at)) and OPENS <= at.astimezone(AMSTERDAM).time() < CLOSES
