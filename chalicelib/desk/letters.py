"""For officers: what became of the letters of a report, and the mails as its reporter gets them."""

from chalicelib.desk import actions as desk
from chalicelib.desk import letters_overview, masks, reasons
from chalicelib.desk.actions import Desk
from chalicelib.desk.labels import event_words
from chalicelib.letters import labels
from chalicelib.letters.catalogue import ABOUT_A_REPORT, Letter
from chalicelib.people.permissions import Permission
from chalicelib.reports.model import Report
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/desk/reports/{reference}/letters", access=officer(Permission.READ_REPORT))
def show_letters(request: Request, reference: str) -> Response:
    """The look is on record like any other."""
    reason, services = reasons.chosen(request, reference), request.services
    if reason is None:
        return reasons.ask(request, reference)
    report = desk.load_report(reference, reason=reason, desk=Desk.of(request))
    return html.page(
        request,
        "letters/overview.html",
        report=report,
        email=masks.email_of(report),
        lines=[
            (event_words(line.event), line)
            for line in letters_overview.lines(report, services.ledger.of_report(report.reference))
        ],
        states=letters_overview.STATE_WORDS,
        previews=[(labels.LETTER_WORDS[letter], _preview(request, letter, report)) for letter in ABOUT_A_REPORT],
    )


def _preview(request: Request, letter: Letter, report: Report) -> letters_overview.Preview:
    texts = request.services.write_letter(letter, report.timeline[-1], report)
    return letters_overview.preview(letter, texts.subject, texts.text, neutral=texts.neutral)
