"""For officers: what became of the letters of a report, and the mails as its reporter gets them."""

from chalicelib.desk import actions as desk
from chalicelib.desk import letters_overview, masks
from chalicelib.desk.labels import event_words
from chalicelib.desk.pages import ask_reason
from chalicelib.letters.catalogue import Letter
from chalicelib.people.permissions import Permission, Reason
from chalicelib.reports.model import Report
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Call
from chalicelib.web.response import Reply
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/desk/reports/{reference}/letters", access=officer(Permission.READ_REPORT))
def show_letters(call: Call, reference: str) -> Reply:
    """The look is on record like any other."""
    reason, services = call.argument("reason"), call.services
    if reason not in list(Reason):
        return ask_reason(call, reference)
    report = desk.read(reference, reason=Reason(reason), desk=services.desk(call.officer))
    return html.page(
        call,
        "letters/overview.html",
        report=report,
        reason=reason,
        email=masks.email_of(report, call.officer),
        lines=[
            (event_words(line.event), line)
            for line in letters_overview.lines(report, services.ledger.of_report(report.reference))
        ],
        states=letters_overview.STATE_WORDS,
        previews=[(letters_overview.LETTER_WORDS[letter], _preview(call, letter, report)) for letter in Letter],
    )


def _preview(call: Call, letter: Letter, report: Report) -> letters_overview.Preview:
    texts = call.services.write_letter(letter, report.timeline[-1], report)
    return letters_overview.preview(letter, texts.subject, texts.text, neutral=texts.neutral)
