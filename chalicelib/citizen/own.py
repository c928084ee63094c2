"""A citizen's own reports, of the request in which they ask for them."""

from chalicelib.reports.actions import OwnReports
from chalicelib.web.request import Request


def own_reports(request: Request) -> OwnReports:
    """Return the bag with which the citizen who is logged in works on their own reports."""
    services = request.services
    return OwnReports(pseudonym=request.citizen.pseudonym, reports=services.reports, clock=services.clock)
