"""The news of a report as a letter by post, for a reporter whom no mail reaches: what stands in it. Pure.

Its address shows through the window at the left of an envelope DL, EA5/6 or C5/6 (desk.css, `.posted`; the measures stand in
docs/desk.md, "The letter by post"), and nothing else does. It is signed by nobody: officers have no names outside. It says what
the page says, so that whoever gets it need not log in. Source: docs/domain.md, "Life of a report".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.language import N_, Language, long_date, translate
from chalicelib.reports import presenter
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.reports.statuses import OBJECTIONABLE, WORDS, Status

# The words of a status for paper: those of the page speak of "this page", and of mail that this reader does not get.
ON_PAPER: Mapping[Status, tuple[str, ...]] = {
    Status.RECEIVED: (N_("Someone at the police checks whether your report is complete."),),
    Status.CHECKED: (WORDS[Status.CHECKED].meaning, WORDS[Status.CHECKED].next),
    Status.AWAITING_REPORTER: (WORDS[Status.AWAITING_REPORTER].meaning,),
    Status.REGISTERED: (WORDS[Status.REGISTERED].meaning, WORDS[Status.REGISTERED].next),
    Status.INVESTIGATING: (WORDS[Status.INVESTIGATING].meaning, WORDS[Status.INVESTIGATING].next),
    Status.NOT_INVESTIGATED: (N_("We cannot investigate your case. We do keep your report. This is the reason:"),),
    Status.WITH_PROSECUTOR: (WORDS[Status.WITH_PROSECUTOR].meaning, WORDS[Status.WITH_PROSECUTOR].next),
    Status.CLOSED: (N_("We have stopped working on your case. We do keep your report. This is the reason:"),),
    Status.REFERRED: (WORDS[Status.REFERRED].meaning, WORDS[Status.REFERRED].next),
    Status.REOPENED: (N_("We work on your case again. You will hear what we decide. This is the reason:"),),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """The letter's parts, from top to bottom. `to` is the lines of the address, `facts` are labels with what belongs to them.

    `is_addressed` when it can be posted: some reporters have no address.
    """

    sender: str
    to: tuple[str, ...]
    is_addressed: bool
    date: str
    subject: str
    facts: tuple[tuple[str, str], ...]
    greeting: str
    news: tuple[str, ...]
    reason: str
    asked: tuple[str, ...]
    objection: tuple[str, ...]
    closing: tuple[str, ...]


def notice_of(report: Report, language: Language, *, portal: str, at: datetime) -> Notice:
    """Return the letter about what stands now, of the day of `at` (aware UTC); `portal` is the address as people type it."""
    answers = report.statement.answers
    street = " ".join(filter(None, (answers.get("street"), answers.get("houseNumber"))))
    town = " ".join(filter(None, (answers.get("postcode"), answers.get("city"))))

    def say(message: str, **values: object) -> str:
        return translate(message, language, **values)

    facts = (
        (say(N_("Number of the report")), report.reference),
        (say(N_("Police number")), report.registration_number),
        (say(N_("Kind of report")), say(KINDS[report.kind].name)),
        (say(N_("Report made on")), long_date(report.filed_at, language)),
    )
    return Notice(
        sender=say(N_("Police, unit %(unit)s"), unit=report.unit),
        to=tuple(filter(None, (presenter.reporter_name(report), street, town, answers.get("country")))),
        is_addressed=bool(town),
        date=long_date(at, language),
        subject=say(N_("Subject: news about your report")),
        facts=tuple((label, value) for label, value in facts if value),
        greeting=say(N_("Dear reader,")),
        news=(f"{say(WORDS[report.status].name)}.", *map(say, ON_PAPER[report.status])),
        reason=presenter.reason(report),
        asked=_asked(report, language),
        objection=tuple(say(message) for message in _OBJECTION) if report.status in OBJECTIONABLE else (),
        closing=(
            say(N_("You read all of your report at %(portal)s, after logging in. Questions? Call 0900-8844."), portal=portal),
            say(N_("Yours faithfully,")),
            say(N_("Police, unit %(unit)s"), unit=report.unit),
        ),
    )


_OBJECTION = (
    N_(
        "Write to the public prosecutor (officier van justitie) of the region where it happened. Say why you do not agree, and "
        "name the number of your report."
    ),
    N_(
        "Does the prosecutor not agree with you? Then you can complain to the court of appeal. This is called an article 12 "
        "procedure. You need no lawyer for the first letter."
    ),
    N_(
        "Victim Support Netherlands (Slachtofferhulp Nederland) helps you for free with this, and also if you just want to talk. "
        "Call 0900-0101."
    ),
)


def _asked(report: Report, language: Language) -> tuple[str, ...]:
    """Return the open question with its last day; nothing when none is open."""
    asked = report.open_question
    if asked is None:
        return ()
    until = translate(
        N_("Answer on our website or call 0900-8844 by %(date)s."),
        language,
        date=long_date(asked.deadline_on, language),
    )
    return (*filter(None, (asked.explanation,)), *(part.text for part in asked.parts), until)
