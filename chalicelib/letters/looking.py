"""For officers: what became of the letters of a report, and the mails as its reporter gets them."""

from chalicelib.desk import actions as desk
from chalicelib.desk import masks
from chalicelib.desk.access import Permission, Reason
from chalicelib.desk.pages import ask_reason
from chalicelib.desk.words import event_words
from chalicelib.letters import overview
from chalicelib.letters.catalogue import Letter
from chalicelib.reports.model import Report
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.call import Call
from chalicelib.web.reply import Reply
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
        lines=[(event_words(line.event), line) for line in overview.lines(report, services.ledger.of_report(report.reference))],
        states=overview.STATE_WORDS,
        previews=[(overview.LETTER_WORDS[letter], _preview(call, letter, report)) for letter in Letter],
    )


def _preview(call: Call, letter: Letter, report: Report) -> overview.Preview:
    texts = call.services.write_letter(letter, report.timeline[-1], report)
    return overview.preview(letter, texts.subject, texts.text, neutral=texts.neutral)
