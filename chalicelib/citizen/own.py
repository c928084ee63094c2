"""A citizen's own reports, of the request in which they ask for them; and how many of them a day may bring."""

from collections.abc import Callable

from chalicelib.core.errors import TooMany
from chalicelib.reports import actions
from chalicelib.reports.actions import OwnReports
from chalicelib.reports.model import Report
from chalicelib.web import limits
from chalicelib.web.request import Request

REPORTS, DRAFTS = "reports of a person", "drafts of a person"  # under which the ones of a day are counted


def own_reports(request: Request) -> OwnReports:
    """Return the bag with which the citizen who is logged in works on their own reports."""
    services = request.services
    return OwnReports(pseudonym=request.citizen.pseudonym, reports=services.reports, clock=services.clock)


def note_read(request: Request, report: Report) -> None:
    """Note that the citizen reads the news of their report with this request. A HEAD shows nothing, and is no reading."""
    if request.method == "GET":
        actions.note_read(report, reports=request.services.reports, clock=request.services.clock)


def filed_today(request: Request, key: str, file: Callable[[], Report]) -> Report:
    """File a report of the citizen, who may send so many a day. A request that comes again (same `key`) is no other report.

    Raises TooMany.
    """
    try:
        with limits.one_of_the_day(request, REPORTS, request.services.settings.reports_most):
            return file()
    except TooMany:
        if not _is_filed(request, key):
            raise
        return file()


def _is_filed(request: Request, key: str) -> bool:
    services, who = request.services, request.citizen.pseudonym
    return bool(key) and services.reports.get(actions.reference_for(who, key, services.derivation_key)) is not None
