"""The letter with which a reporter objects to a decision, ready to print: what stands in it. Pure.

It is written in the language asked for; the pages ask for Dutch, which is what a public prosecutor reads. No term is named
that the law does not set. Source: docs/domain.md, "Life of a report".
"""

from dataclasses import dataclass

from chalicelib.core.language import N_, Language, long_date, translate
from chalicelib.reports import presenter
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.reports.statuses import WORDS


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter's parts, from top to bottom; `sender` is lines, `facts` are labels with what belongs to them."""

    sender: tuple[str, ...]
    to: str
    place: str
    subject: str
    facts: tuple[tuple[str, str], ...]
    greeting: str
    story: str
    reason: str
    because: str
    request: str
    closing: str
    name: str


def letter_of(report: Report, language: Language) -> Letter:
    """Return the letter about the decision that stands; `report` has one (`decided_at`)."""
    answers = report.statement.answers
    decided_on = long_date(report.decided_at or report.changed_at, language)
    filed_on = long_date(report.filed_at, language)
    status = translate(WORDS[report.status].name, language)
    name = presenter.reporter_name(report)
    street = " ".join(filter(None, (answers.get("street"), answers.get("houseNumber"))))
    town = " ".join(filter(None, (answers.get("postcode"), answers.get("city"))))

    def say(message: str, **values: object) -> str:
        return translate(message, language, **values)

    return Letter(
        sender=tuple(filter(None, (name, street, town, answers.get("country")))),
        to=say(N_("To the public prosecutor of the district court public prosecutor's office in")),
        place=answers.get("city", ""),
        subject=say(N_("Subject: I do not agree with the decision about my report")),
        facts=tuple(
            (label, value)
            for label, value in (
                (say(N_("Number of the report")), report.reference),
                (say(N_("Police number")), report.registration_number),
                (say(N_("Kind of report")), say(KINDS[report.kind].name)),
                (say(N_("Report made on")), filed_on),
                (say(N_("Decision of")), f"{decided_on}: {status}"),
            )
            if value
        ),
        greeting=say(N_("Dear public prosecutor,")),
        story=say(
            N_("On %(filed_on)s I made a report to the police. On %(decided_on)s they decided: “%(status)s”."),
            filed_on=filed_on,
            decided_on=decided_on,
            status=status,
        ),
        reason=presenter.reason(report),
        because=say(N_("I do not agree with this, because:")),
        request=say(
            N_(
                "I ask you to look at my case again, and to tell me what you decide. I know that after that I can complain to "
                "the court of appeal (article 12 of the Code of Criminal Procedure)."
            )
        ),
        closing=say(N_("Yours faithfully,")),
        name=name,
    )
