"""A line of the list for Victim Support, and the list as a file. Pure.

Only who ticked it in their report is on it, with no more than is needed to reach them, and in no way that they do not want. The
file is CSV after RFC 4180 (commas, quotation marks, CRLF), in UTF-8 with a byte order mark: without that a spreadsheet reads é as
two signs. A cell that a spreadsheet would run as a formula begins with an apostrophe. ADR-0065.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.core.clock import day_of
from chalicelib.core.language import N_, Language, translate
from chalicelib.desk.instructions import instructions
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import EventKind
from chalicelib.reports.model import Report
from chalicelib.reports.tasks import Task


class LeftOut(StrEnum):
    """Why a report with the task is not on the list."""

    NOT_TICKED = "not_ticked"
    UNREACHABLE = "unreachable"


LEFT_OUT_WORDS: Mapping[LeftOut, str] = {
    LeftOut.NOT_TICKED: N_("The reporter did not tick this. Ask them first, and pass it on with a sheet of its own"),
    LeftOut.UNREACHABLE: N_("No way to reach this person is safe or known. Ask them when they contact the police"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A person on the list. `phone` and `email` are empty where they must not be used; `listed_on`: of an earlier list."""

    reference: str
    registration_number: str
    unit: str
    kind: str
    filed_on: date
    name: str
    phone: str
    email: str
    language: Language
    warns: bool
    listed_on: date | None


def row_of(report: Report, list_id: str) -> Row | LeftOut:
    """Return the line of a report on a list, or why it has none."""
    answers, how = report.statement.answers, instructions(report)
    phone = answers.get("phone", "") if how.may_call else ""
    email = report.contact.email if how.may_post and report.contact.usable else ""
    if answers.get("wantsVictimSupport") is not True:
        return LeftOut.NOT_TICKED
    if not phone and not email:
        return LeftOut.UNREACHABLE
    return Row(
        reference=report.reference,
        registration_number=report.registration_number,
        unit=report.unit,
        kind=KINDS[report.kind].name,
        filed_on=day_of(report.filed_at),
        name=" ".join(filter(None, (answers.get("givenNames"), answers.get("familyName")))),
        phone=phone,
        email=email,
        language=report.contact.language,
        warns=how.warns,
        listed_on=_listed_on(report, list_id),
    )


def is_on(report: Report, list_id: str) -> bool:
    """True for a report that was put on this list and not handed over yet."""
    return list_id in report.task_remarks(Task.VICTIM_SUPPORT)


COLUMNS = (
    *("lijst", "aangiftenummer", "politienummer", "eenheid", "soort aangifte", "aangifte gedaan op", "naam", "telefoon"),
    *("e-mail", "taal", "let op", "eerder op een lijst"),
)
WARNING = N_("Somebody else may pick up. Do not say who you are before you know whom you speak to.")


def as_csv(list_id: str, rows: Iterable[Row]) -> str:
    """Return the file, with its byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(_safe(cell) for cell in _cells(list_id, row))
    return f"\ufeff{out.getvalue()}"


def _cells(list_id: str, row: Row) -> tuple[str, ...]:
    return (
        list_id,
        row.reference,
        row.registration_number,
        row.unit,
        translate(row.kind, Language.NL),
        row.filed_on.isoformat(),
        row.name,
        row.phone,
        row.email,
        row.language.value,
        translate(WARNING, Language.NL) if row.warns else "",
        row.listed_on.isoformat() if row.listed_on else "",
    )


def _safe(cell: str) -> str:
    return f"'{cell}" if cell[:1] in _FORMULA else cell


_FORMULA = frozenset("=+-@\t\r")


def _listed_on(report: Report, list_id: str) -> date | None:
    """Return the day of the newest other list on which the report was since the task lies open."""
    earlier: datetime | None = None
    open_since = report.task_remarks(Task.VICTIM_SUPPORT)
    for event in report.effective:
        if event.kind is EventKind.TASK_RAISED and event.to == Task.VICTIM_SUPPORT and event.remark in open_since:
            earlier = event.at if _is_list(event.remark) and event.remark != list_id else earlier
    return day_of(earlier) if earlier else None


def _is_list(remark: str) -> bool:
    return remark.startswith(PREFIX) and " " not in remark


PREFIX = "S-"
