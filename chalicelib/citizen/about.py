"""The pages that explain: they know no reader, and what they promise comes from the code that keeps the promise.

Deadlines and how long things are kept are read from where they are carried out; what a status means is read from its own words.
"""

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.core.language import N_
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.reports import promises
from chalicelib.reports.statuses import WORDS, Status
from chalicelib.web import html
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes

routes = Routes(__name__)

USUAL_COURSE = (Status.RECEIVED, Status.CHECKED, Status.REGISTERED, Status.INVESTIGATING)
# The words of a decision speak of a reason "on this page"; here is no report, so here is what it means in general.
DECISIONS_EXPLAINED: Mapping[Status, str] = {
    Status.NOT_INVESTIGATED: N_("Often there is too little to go on. We always tell you why. We keep your report."),
    Status.WITH_PROSECUTOR: N_("The Public Prosecution Service decides whether there will be a court case, and tells you."),
    Status.CLOSED: N_("Our work has ended. We always tell you why. New information can open your case again."),
}


@routes.page("/how-it-works", access=PUBLIC)
def show_how_it_works(request: Request) -> Response:
    decisions = [(WORDS[status].name, meaning) for status, meaning in DECISIONS_EXPLAINED.items()]
    return html.page(
        request,
        "about/how_it_works.html",
        course=[WORDS[status] for status in USUAL_COURSE],
        question=WORDS[Status.AWAITING_REPORTER],
        decisions=decisions,
        deadlines=request.services.deadlines,
    )


@routes.page("/rights", access=PUBLIC)
def show_rights(request: Request) -> Response:
    answer, between = promises.ANSWER_WORKING_DAYS, promises.BETWEEN.days
    return html.page(request, "about/rights.html", answer_days=answer, between_days=between)


@routes.page("/help", access=PUBLIC)
def show_help(request: Request) -> Response:
    return html.page(request, "about/help.html")


@routes.page("/privacy", access=PUBLIC)
def show_privacy(request: Request) -> Response:
    settings = request.services.settings
    return html.page(
        request,
        "about/privacy.html",
        looks_years=settings.audit_kept_years,
        idle_minutes=settings.session_idle_s // 60,
        session_hours=RETENTION[Kept.ENDED_SESSIONS].length // timedelta(hours=1),
        tries_minutes=settings.limit_window_s // 60,
    )


@routes.page("/toegankelijkheid", access=PUBLIC)
def show_accessibility(request: Request) -> Response:
    return html.page(request, "about/accessibility.html", idle_minutes=request.services.settings.session_idle_s // 60)
