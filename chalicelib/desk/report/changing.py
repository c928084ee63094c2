"""The message after an act: what was done, whether a mail goes, until when it can be undone; and the way to a correction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.desk.check_step import since
from chalicelib.desk.labels import event_words
from chalicelib.desk.letters_overview import WHY_NOT
from chalicelib.letters.catalogue import NoLetter
from chalicelib.letters.decision import foresee
from chalicelib.letters.undoing import undoable
from chalicelib.people.permissions import Permission, may
from chalicelib.reports import corrections
from chalicelib.reports.events import Event
from chalicelib.reports.model import Report
from chalicelib.web.request import Request


@dataclass(frozen=True, slots=True)
class Done:
    """The act that can be undone, in words: what it was, when and until when; when its letter goes, or why none goes."""

    act: Event
    words: str
    until: datetime
    goes_at: datetime | None
    why_not: str


def done(request: Request, report: Report) -> Done | None:
    """Return the newest act if it can be undone now, and by this officer."""
    services = request.services
    found = undoable(report, services.undoing) if may(request.officer, Permission.CHANGE_STATUS, report.unit) else None
    if found is None:
        return None
    letter = foresee(found.act, report, waits=services.waits, now=services.clock.now())
    is_silent = isinstance(letter, NoLetter)
    why_not = WHY_NOT[letter.reason] if isinstance(letter, NoLetter) else ""
    return Done(found.act, event_words(found.act), found.until, None if is_silent else found.until, why_not)


def shown(request: Request, report: Report) -> dict[str, Any]:
    """Return what the page of a report shows of acts to undo, corrections, and what others did since a form was opened."""
    may_correct = may(request.officer, Permission.CORRECT, report.unit)
    return {
        "done": done(request, report),
        "may_go_back": may_correct and bool(corrections.corrections(report)),
        "may_renumber": may_correct and bool(report.registration_number),
        "since": since(request, report),
    }
