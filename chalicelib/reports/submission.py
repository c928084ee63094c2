"""Untrusted JSON or form → Submission, or Invalid with every bad field at once, or Elsewhere with the right next step.

Pure. The API sends JSON, a page sends text; `inputs.py` reads both. Nothing here stores anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.core.clock import day_of, iso, second_time
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.language import Language
from chalicelib.forms.dates import UNKNOWN, earliest_birth
from chalicelib.forms.doubts import doubts_of
from chalicelib.forms.places import municipalities
from chalicelib.forms.questions import Need, Section, Warned
from chalicelib.forms.reading import collect, parse_one
from chalicelib.reports.contact import Contact, InformationWish
from chalicelib.reports.crimes import KINDS, CrimeKind
from chalicelib.reports.crimes.common import TRUTH
from chalicelib.reports.crimes.triage import MINIMUM_AGE, NONE, SWITCHED_OFF, TOO_YOUNG, stop
from chalicelib.reports.statement import Attachment, Statement


@dataclass(frozen=True, slots=True)
class Submission:
    """A reporter's answers, parsed and sound: the statement-to-be, the contact wishes, and what is doubtful about it."""

    kind: CrimeKind
    answers: Mapping[str, Any]
    warnings: tuple[Warned, ...]
    evidence: tuple[Attachment, ...] = ()

    @property
    def statement(self) -> Statement:
        return Statement.of(self.kind.code, self.answers, self.evidence)

    @property
    def municipality(self) -> str:
        code: str = self.answers["municipality"]
        return code

    @property
    def unit(self) -> str:
        return municipalities()[self.municipality].unit

    @property
    def contact(self) -> Contact:
        return Contact(
            email=self.answers.get("email", ""),  # at the counter one can do without
            language=Language(self.answers["language"]),
            information=InformationWish(self.answers["information"]),
        )


def kind_of(code: object, switched_off: Sequence[str] = ()) -> CrimeKind:
    """Return the kind with this code. Raises Invalid when there is none, Elsewhere when it is switched off for now."""
    kind = KINDS.get(code) if isinstance(code, str) else None
    if kind is None:
        raise Invalid([FieldError("kind", "not_a_choice")])
    if kind.code in switched_off:
        raise SWITCHED_OFF.elsewhere
    return kind


def parse(kind: CrimeKind, raw: object, *, now: datetime, at_counter: bool = False) -> Submission:
    """Read the answers of one report. Raises Elsewhere before Invalid: who must call 112 is not asked for a postcode first.

    At the counter of a station nobody is sent elsewhere: that is where people are sent.
    """
    if not isinstance(raw, Mapping):
        raise Invalid([FieldError("answers", "not_an_object")])
    errors: list[FieldError] = []
    answers = _in_order(collect(kind.questions, raw, now, errors), raw, now)
    if not at_counter:
        stop(kind.crime, answers.get("circumstances", []))
        _refuse_the_young(answers, now)
    errors.extend(_contradictions(answers))
    if errors:
        raise Invalid(errors)
    return Submission(kind, answers, tuple(_warnings(kind, answers)))


def parse_confirmed(kind: CrimeKind, raw: object, truth: object, *, now: datetime) -> Submission:
    """Read a report that is told and confirmed in one request; what is wrong with either is said at once."""
    errors: list[FieldError] = []
    try:
        confirmed(truth)
    except Invalid as invalid:
        errors.extend(invalid.errors)
    try:
        told = parse(kind, raw, now=now)
    except Invalid as invalid:
        raise Invalid([*errors, *invalid.errors]) from None
    if errors:
        raise Invalid(errors)
    return told


def problems_of(part: Section, kind: CrimeKind, raw: Mapping[str, Any], *, now: datetime) -> list[FieldError]:
    """Read one part of a report; `raw` may hold the other parts, of which only what this part asks about is looked at.

    Raises Elsewhere as soon as an answer of this part calls for it.
    """
    names = {question.name for question in part.questions}
    leading = {question.when[0] for question in part.questions if question.when}
    leading |= {question.eased.question for question in part.questions if question.eased}
    errors: list[FieldError] = []
    asked = {name: raw[name] for name in names | leading if name in raw}
    answers = _in_order(collect(kind.questions, asked, now, errors), asked, now)
    stop(kind.crime, answers.get("circumstances", []))
    _refuse_the_young(answers, now)
    errors.extend(_contradictions(answers))
    return [error for error in errors if error.field.split(".")[0] in names]


def confirmed(raw: object) -> None:
    """Raises Invalid unless the statement of truth was ticked (`raw` is the value of that one field)."""
    _, error = parse_one(TRUTH, raw, _NO_TIME)
    if error:
        raise Invalid([error])


def _in_order(answers: dict[str, Any], raw: Mapping[Any, Any], now: datetime) -> dict[str, Any]:
    """Return the answers, where a window ends in the hour that came twice in its second one, if it ends before it begins else.

    A form has a time of day only; an instant of the API says itself which of the two it means.
    """
    start, end = answers.get("happenedFrom"), answers.get("happenedUntil")
    if start and end and end < start and isinstance(raw.get("happenedUntil"), Mapping):
        second = iso(second_time(datetime.fromisoformat(end)))
        return answers | ({"happenedUntil": second} if start <= second <= iso(now) else {})
    return answers


def _refuse_the_young(answers: Mapping[str, Any], now: datetime) -> None:
    """Of a day of birth that is partly known the earliest counts: nobody is sent away for what they cannot know."""
    born_on = earliest_birth(answers.get("dateOfBirth", UNKNOWN))
    if born_on and _age(born_on, day_of(now)) < MINIMUM_AGE:
        raise TOO_YOUNG.elsewhere


def _age(born_on: date, on: date) -> int:
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _contradictions(answers: Mapping[str, Any]) -> Iterator[FieldError]:
    if answers.get("happenedUntil", "9999") < answers.get("happenedFrom", ""):
        yield FieldError("happenedUntil", "ends_before_start")
    chosen = answers.get("circumstances", [])
    if NONE in chosen and chosen != [NONE]:  # a circumstance that does not stop this kind of crime still contradicts "none"
        yield FieldError("circumstances", "none_and_others")


def _warnings(kind: CrimeKind, answers: Mapping[str, Any]) -> Iterator[Warned]:
    for question in kind.questions:
        if question.name in answers:
            yield from doubts_of(question, answers[question.name])
        elif question.need is Need.RECOMMENDED and question.asked(answers):
            yield Warned(question.name, "recommended")


_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # a tick has no time to compare with
