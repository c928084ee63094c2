"""The page between choosing and doing: what the reporter will read, what is mailed, or why not. It changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.core import ids
from chalicelib.desk.foresight import foreseen
from chalicelib.desk.labels import event_words
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Event
from chalicelib.reports.model import Report
from chalicelib.web import html
from chalicelib.web.request import Request
from chalicelib.web.response import Response

_DIGITS = 6  # of a number of an event, and some
CHECK, EDIT, DO = "check", "edit", "do"  # what a form's `_step` may say


def step_of(posted: Mapping[str, Any]) -> str:
    """Return what the officer pressed."""
    step = posted.get("_step")
    return step if isinstance(step, str) else ""


def seen_in(request: Request) -> int:
    """Return the number of the last event that a posted form knew of, 0 when it does not say."""
    seen = request.form().get("_seen") if request.method == "POST" else ""
    return int(seen) if isinstance(seen, str) and seen.isascii() and seen.isdigit() and len(seen) < _DIGITS else 0


def since(request: Request, report: Report) -> list[tuple[str, Event]]:
    """Return what happened to a report since the form was opened that was posted now, in words."""
    seen = seen_in(request)
    return [(event_words(event), event) for event in report.timeline if 0 < seen < event.number]


def check_page(request: Request, before: Report, after: Report, typed: Mapping[str, Any], *, seen: int) -> Response:
    """Show what comes of an act; its form is sent along, unseen, to be done or changed. The page's address is the form's own."""
    return html.page(
        request,
        "desk/report/check.html",
        report=before,
        kind=KINDS[before.kind].name,
        words=event_words(after.timeline[-1]),
        foreseen=foreseen(before, after, request.services),
        sent_along=list(flat(typed)),
        seen=seen,
        key=ids.secret_id(),
    )


def flat(typed: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, str]]:
    """Yield the fields of a form as they were sent: rows by their numbers, `questions.0.text`."""
    for name, value in typed.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{under}{name}.")
        elif isinstance(value, list):
            yield from _flat_rows(value, f"{under}{name}")
        else:
            yield f"{under}{name}", str(value)


def _flat_rows(rows: Sequence[Any], name: str) -> Iterator[tuple[str, str]]:
    for number, row in enumerate(rows):
        if isinstance(row, Mapping):
            yield from flat(row, f"{name}.{number}.")
        else:
            yield name, str(row)
