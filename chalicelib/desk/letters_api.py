"""/v1/desk/reports/{reference}/letters: what became of the letters of a report."""

from datetime import datetime

from chalicelib.core.language import Language, translate
from chalicelib.desk import actions, stated
from chalicelib.desk.actions import Desk
from chalicelib.desk.letters_overview import LetterOutcome, Line, lines
from chalicelib.letters.catalogue import Letter, NotSentReason
from chalicelib.people.permissions import Permission
from chalicelib.reports.events import EventKind
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes
from chalicelib.web.schema import Out

routes = Routes(__name__)


class LetterOut(Out):
    """An event of the timeline (`number`) of which the reporter may hear, and its letter; null where there is none (yet).

    `at` is since when it is so, `goesAt` when one that waits is to be sent, `toldIn` the number of the event whose mail told of
    this one too. `readBy`: the reporter had read of it after login, at that moment at the latest.
    """

    number: int
    event: EventKind
    letter: Letter | None
    outcome: LetterOutcome
    at: datetime | None
    goes_at: datetime | None
    why_not: NotSentReason | None
    why_not_text: str
    told_in: int | None
    may_be_twice: bool
    read_by: datetime | None

    @classmethod
    def of(cls, line: Line, language: Language) -> "LetterOut":
        entry = line.entry
        is_withheld = line.state is LetterOutcome.NOT_SENT
        return cls(
            number=line.event.number,
            event=line.event.kind,
            letter=Letter(entry.letter) if entry.letter else None,
            outcome=line.state,
            at=line.at,
            goes_at=line.goes_at,
            why_not=NotSentReason(entry.not_sent) if is_withheld else None,
            why_not_text=translate(line.why, language) if is_withheld else "",
            told_in=entry.merged_into or None,
            may_be_twice=entry.repeated,
            read_by=line.read_by,
        )


class LettersOut(Out):
    """The letters of a report, in the order of its timeline."""

    letters: tuple[LetterOut, ...]


@routes.api(
    "GET",
    "/v1/desk/reports/{reference}/letters",
    access=officer(Permission.READ_REPORT),
    summary="What became of each letter of a report: waits, sent, delivered, came back, not sent and why; and read after login",
    description="No address and no text of a mail stands in it. The look is recorded with its reason.",
    reasoned=True,
    answer=LettersOut,
)
def letters(request: Request, reference: str) -> Response:
    report = actions.load_report(reference, reason=stated.of_program(request, None), desk=Desk.of(request))
    found = lines(report, request.services.ledger.of_report(report.reference))
    return as_json(LettersOut(letters=tuple(LetterOut.of(line, request.language) for line in found)).content())
