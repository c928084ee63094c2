"""The sheet with which a report is passed on to an organisation outside: what may stand on it, and what does. Pure.

The least is the beginning: numbers, kind and day. An officer ticks what else the receiver needs. The reporter's own details, with
those of their bank, go only with their agreement; a tick for Victim Support in the report is one, for Victim Support alone.
Which ground of the law lets it go the officer says: no table can know it. ADR-0065.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.copies.model import Part, parts
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.language import N_, Language, long_date, translate
from chalicelib.desk.instructions import instructions
from chalicelib.forms.answer_lines import Line
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report


class Receiver(StrEnum):
    """The organisations to which reports are passed on."""

    MUNICIPALITY = "municipality"
    INSURER = "insurer"
    FRAUD_HELPDESK = "fraud_helpdesk"
    VICTIM_SUPPORT = "victim_support"
    OTHER = "other"


RECEIVER_WORDS: Mapping[Receiver, str] = {
    Receiver.MUNICIPALITY: N_("A municipality"),
    Receiver.INSURER: N_("An insurer"),
    Receiver.FRAUD_HELPDESK: N_("The Fraudehelpdesk"),
    Receiver.VICTIM_SUPPORT: N_("Victim Support Netherlands (Slachtofferhulp Nederland)"),
    Receiver.OTHER: N_("Another organisation"),
}
NAMED = frozenset({Receiver.MUNICIPALITY, Receiver.INSURER, Receiver.OTHER})  # of which there are many: which one?


class Ground(StrEnum):
    """The article of the police data act by which it goes outside."""

    AUTHORITY = "article_16"
    DECREE = "article_18"
    ONCE = "article_19"
    PARTNERSHIP = "article_20"


GROUND_WORDS: Mapping[Ground, str] = {
    Ground.AUTHORITY: N_("Police data act (Wpg), article 16: to an authority over the police, for its task"),
    Ground.DECREE: N_("Police data act (Wpg), article 18: to an organisation that the decree (Bpg) names, for its task"),
    Ground.ONCE: N_("Police data act (Wpg), article 19: once, for a weighty public interest, as decided with the authority"),
    Ground.PARTNERSHIP: N_("Police data act (Wpg), article 20: to a partnership, as its decision says"),
}
REPORTER = "reporter"
REPORTER_WORDS = N_("Name of the reporter, and how to reach them")
NEVER = frozenset({"circumstances", "you", "address", "contact", "wishes", "victim", "victim-details"})
OF_REPORTER = frozenset({REPORTER, "bank"})  # go with the reporter's agreement alone


@dataclass(frozen=True, slots=True)
class Order:
    """An officer's choice: to whom, by which ground, which parts; `agreed` when the reporter agreed to their own part."""

    receiver: Receiver
    name: str
    ground: Ground
    parts: tuple[str, ...] = ()
    agreed: bool = False

    @property
    def what(self) -> str:
        """The forwarding as it stands on record: to which kind of organisation, with which parts; no name."""
        return f"forwarded:{self.receiver}:{'+'.join(self.parts) or 'least'}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is printed, in one language. `facts` are labels with what belongs to them."""

    to: str
    sender: str
    date: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    ground: str
    agreed: str


def offered(report: Report, language: Language) -> dict[str, str]:
    """Return the parts that may be ticked, with their headings: what the statement has, and who made it."""
    found = {part: title for part, title in _titles(report, language).items() if part not in NEVER}
    return {**found, REPORTER: translate(REPORTER_WORDS, language)}


def checked(order: Order, report: Report) -> Order:
    """Return the order with its parts in the order of the form. Raises Invalid with all that is wrong."""
    errors: list[FieldError] = []
    possible = offered(report, Language.NL)
    if order.receiver in NAMED and not order.name.strip():
        errors.append(FieldError("receiverName", "receiver_name"))
    if not set(order.parts) <= set(possible):
        errors.append(FieldError("parts", "not_a_choice"))
    if OF_REPORTER & set(order.parts) and not (order.agreed or _ticked(order, report)):
        errors.append(FieldError("agreed", "not_agreed"))
    if errors:
        raise Invalid(errors)
    return Order(order.receiver, order.name.strip(), order.ground, tuple(p for p in possible if p in order.parts), order.agreed)


def called(order: Order, language: Language) -> str:
    """Return the receiver's name."""
    return order.name if order.receiver in NAMED else translate(RECEIVER_WORDS[order.receiver], language)


def remark_of(order: Order, report: Report, language: Language) -> str:
    """Return what an officer reads of it in the timeline: to whom, and what of it."""
    titles = offered(report, language)
    least = translate(N_("number, kind and day"), language)
    return f"{called(order, language)}: {', '.join([least, *(titles[part] for part in order.parts)])}"[:_LONGEST]


_LONGEST = 500


def sheet_of(order: Order, report: Report, language: Language, *, at: datetime) -> Sheet:
    """Return the sheet of the day of `at` (aware UTC); `order` was checked."""

    def say(message: str, **values: object) -> str:
        return translate(message, language, **values)

    facts = (
        (say(N_("Number of the report")), report.reference),
        (say(N_("Police number")), report.registration_number),
        (say(N_("Kind of report")), say(KINDS[report.kind].name)),
        (say(N_("Report made on")), long_date(report.filed_at, language)),
    )
    agreed = bool(OF_REPORTER & set(order.parts))
    return Sheet(
        to=called(order, language),
        sender=say(N_("Police, unit %(unit)s"), unit=report.unit),
        date=long_date(at, language),
        facts=tuple((label, value) for label, value in facts if value),
        parts=_parts(order.parts, report, language),
        ground=say(GROUND_WORDS[order.ground]),
        agreed=say(N_("The reporter agreed that you get their own details.")) if agreed else "",
    )


def _parts(names: Sequence[str], report: Report, language: Language) -> tuple[Part, ...]:
    titles = _titles(report, language)
    chosen = {titles[name] for name in names if name in titles}
    found = tuple(part for part in parts(report.statement, language) if part.title in chosen)
    return (*found, _reporter(report, language)) if REPORTER in names else found


def _reporter(report: Report, language: Language) -> Part:
    """A reporter who may not be called, or whose post or mail somebody else may read, is reached in no such way."""
    answers, how = report.statement.answers, instructions(report)
    name = " ".join(filter(None, (answers.get("givenNames"), answers.get("familyName"))))
    facts = (
        ("name", N_("Name"), name),
        ("phone", N_("Telephone number"), answers.get("phone", "") if how.may_call else ""),
        ("email", N_("E-mail address"), report.contact.email if how.may_post and report.contact.usable else ""),
    )
    lines = tuple(Line(key, translate(label, language), text) for key, label, text in facts if text)
    return Part(translate(REPORTER_WORDS, language), lines)


def _titles(report: Report, language: Language) -> dict[str, str]:
    sections = KINDS[report.kind].sections
    names = {part.title for part in parts(report.statement, language)}
    told = {section.name: translate(section.title, language) for section in sections}
    return {name: title for name, title in told.items() if title in names}


def _ticked(order: Order, report: Report) -> bool:
    return order.receiver is Receiver.VICTIM_SUPPORT and report.statement.answers.get("wantsVictimSupport") is True
