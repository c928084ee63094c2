"""The outcome of an act before it is done: what the reporter will read, which mail goes and when, or why none.

Decided by the functions that do it: the report's own, and those that decide about letters.
"""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.core.language import Language, translate
from chalicelib.desk.letters_overview import WHY_NOT, Preview, preview
from chalicelib.letters.catalogue import NoLetter, due_at
from chalicelib.letters.decision import Foreseen, foresee_last
from chalicelib.reports.events import EventKind
from chalicelib.reports.information_request import SupplementaryQuestion
from chalicelib.reports.model import Report
from chalicelib.reports.statuses import WORDS
from chalicelib.surveys.model import is_wanted
from chalicelib.wiring import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """All that comes of an act. Texts are in the reporter's language; `why_not` is a message for the officer.

    `is_unproven`: after a few mails of the day this one goes the next day. `undo_until` is when its letter goes, or would.
    """

    language: Language
    name: str
    meaning: str
    next: str
    explanation: str
    question: SupplementaryQuestion | None
    mail: Preview | None
    goes_at: datetime | None
    why_not: str
    is_unproven: bool
    must_be_told: bool
    survey_on: date | None
    undo_until: datetime


def foreseen(before: Report, after: Report, services: Services) -> Foresight:
    """Return what comes of the last event of `after`, which nobody has saved."""
    event, language, words = after.timeline[-1], after.contact.language, WORDS[after.status]
    found = foresee_last(event, after, services.mailroom)
    letter = None if isinstance(found, NoLetter) else found
    survey_on, survey_was_on = (report.survey_due_on(services.deadlines) for report in (after, before))
    return Foresight(
        language=language,
        name=translate(words.name, language),
        meaning=translate(words.meaning, language),
        next=translate(words.next, language),
        explanation=event.explanation,
        question=after.open_question if event.kind is EventKind.QUESTION_ASKED else None,
        mail=_written(letter, after, services) if letter else None,
        goes_at=letter.at if letter else None,
        why_not=WHY_NOT[found.reason] if isinstance(found, NoLetter) else "",
        is_unproven=letter is not None and not after.contact.proven,
        must_be_told=after.to_contact_since is not None,
        survey_on=survey_on if is_wanted(after.contact) and survey_on != survey_was_on else None,
        undo_until=due_at(event, after, waits=services.waits, now=event.at),
    )


def _written(foreseen: Foreseen, report: Report, services: Services) -> Preview:
    """Return the mail itself, its codes covered."""
    texts = services.write_letter(foreseen.letter, report.timeline[-1], report)
    return preview(foreseen.letter, texts.subject, texts.text, neutral=texts.neutral)
