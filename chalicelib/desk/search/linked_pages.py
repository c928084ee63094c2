"""The links of a report on its page, and the reports that share a clue with it as a list."""

from typing import Any
from urllib.parse import urlencode

from chalicelib.clues.linking import MOST_LINKED, OnClue
from chalicelib.clues.model import MANY
from chalicelib.clues.shared import REASON_WORDS as SHARED_WORDS
from chalicelib.clues.sorts import SORTS
from chalicelib.core import ids
from chalicelib.desk import reasons
from chalicelib.desk.actions import Desk
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.desk.search import links
from chalicelib.desk.search.words import elsewhere_words, own_words
from chalicelib.people.permissions import Permission, may
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.reports.store import ReportLine
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/desk/reports/{reference}/linked/{clue}", access=officer(Permission.SEARCH))
def show(request: Request, reference: str, clue: str) -> Response:
    """Show the reports that share a clue with one. The clue stands in the address as part of a keyed digest."""
    reason, page = reasons.chosen(request, reference), _page_of(request.argument("page"))
    if reason is None:
        return reasons.ask(request, reference)
    found = links.listed(reference, clue, page=page, reason=reason, desk=Desk.of(request), room=request.services.clue_room)
    return html.page(
        request,
        "search/linked.html",
        here=request.path,
        reference=found.reference,
        sort=SORTS[found.clue.sort].name,
        value=found.clue.value,
        total=len(found.references),
        references=found.references,
        may_bulk=may(request.officer, Permission.BULK),
        key=ids.secret_id(),
        most=MOST_LINKED,
        lines=[_shown_line(line) for line in found.lines],
        next_page=found.next_page,
        next_query=urlencode({"page": found.next_page}),
    )


def _page_of(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) < _DIGITS and int(given) else 1


_DIGITS = 4


def links_shown(request: Request, report: Report) -> dict[str, Any] | None:
    """Return what the page of a report shows of its links (search/links.html), None for whose work that is not."""
    if not may(request.officer, Permission.SEARCH, report.unit):
        return None
    found = links.of_report(report, desk=Desk.of(request), room=request.services.clue_room)
    return {
        "on": [_shown(request, one) for one in found.on],
        "others": [_shown_line(line) for line in found.others],
        "left": found.left,
    }


def _shown(request: Request, one: OnClue) -> dict[str, Any]:
    is_much = one.tally.own_is_many and one.tally.others > MANY
    return {
        "sort": SORTS[one.clue.sort].name,
        "value": one.clue.value,
        "id": one.id,
        "shared": SHARED_WORDS[one.shared] if one.shared else "",
        "is_much": is_much,
        "many": MANY,
        "listed": bool(one.tally.own),
        "own": own_words(one, request.language) if one.tally.own else "",
        "elsewhere": "" if is_much else elsewhere_words(one, request.language),
    }


def _shown_line(line: ReportLine) -> tuple[ReportLine, str, str]:
    return line, KINDS[line.kind].name, STATUS_WORDS[line.status]
