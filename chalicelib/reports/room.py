"""How large a report may become: DynamoDB keeps 400 KB in an item, and a write that does not fit would fail. Pure.

So there is an end to what can be asked and added, told in words. An answer always fits: its room is kept free from the moment
that its question is asked. So does every change of wishes or address that may still come: else a reporter could fill the room
that an officer needs for a decision.
"""

import json
from typing import TYPE_CHECKING, Any

from chalicelib.core.errors import Conflict
from chalicelib.reports.contact import MOST_WISHES
from chalicelib.reports.information_request import LARGEST_ANSWER

if TYPE_CHECKING:
    from chalicelib.reports.model import Report

LARGEST = 360 * 1024  # bytes: the rest is for names of attributes, and for what an officer has to say in the end
_EVENT = 200  # bytes of an event without its texts
_CHANGES = ("wishes_changed", "contact_changed")  # events at most MOST_WISHES times (Report.contact_changed)


def weight(report: "Report") -> int:
    """Return the bytes that a report takes, and will take when its open question is answered as fully as can be."""
    questions = [(q.explanation, [(p.text, p.choices) for p in q.parts], dict(q.answers)) for q in report.questions]
    additions = [dict(addition.answers) for addition in report.additions]
    events = sum(_EVENT + _bytes(event.explanation) + _bytes(event.remark) for event in report.timeline)
    changes_left = len(_CHANGES) * MOST_WISHES - sum(event.kind in _CHANGES for event in report.timeline)
    reserved = (LARGEST_ANSWER if report.open_question else 0) + changes_left * _EVENT
    return len(report.statement.text.encode()) + _bytes(questions) + _bytes(additions) + events + reserved


def require(report: "Report") -> None:
    """Raises Conflict(`report_full`) for a report that may not fit."""
    if weight(report) > LARGEST:
        raise Conflict("report_full")


def _bytes(content: Any) -> int:
    return len(json.dumps(content, ensure_ascii=False, default=str).encode())
