"""Untrusted JSON or form → Submission, or Invalid with every bad field at once, or Elsewhere with the right next step.

Pure. The API sends JSON, a page sends text; `inputs.py` reads both. Nothing here stores anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.core.clock import day_of
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.language import Language
from chalicelib.forms.inputs import INPUTS, Refused
from chalicelib.forms.places import municipalities
from chalicelib.forms.questions import Input, Need, Question, Section, Warned
from chalicelib.reports.contact import Contact, InformationWish
from chalicelib.reports.crimes import KINDS, Kind
from chalicelib.reports.crimes.common import TRUTH
from chalicelib.reports.crimes.triage import MINIMUM_AGE, NONE, SWITCHED_OFF, TOO_YOUNG, stop
from chalicelib.reports.statement import Attachment, Statement

_EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Submission:
    """What a reporter told, read and sound: the statement-to-be, the contact wishes, and what is doubtful about it."""

    kind: Kind
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


def kind_of(code: object, switched_off: Sequence[str] = ()) -> Kind:
    """Return the kind with this code. Raises Invalid when there is none, Elsewhere when it is switched off for now."""
    kind = KINDS.get(code) if isinstance(code, str) else None
    if kind is None:
        raise Invalid([FieldError("kind", "not_a_choice")])
    if kind.code in switched_off:
        raise SWITCHED_OFF.elsewhere
    return kind


def parse(kind: Kind, raw: object, *, now: datetime, at_counter: bool = False) -> Submission:
    """Read the answers of one report. Raises Elsewhere before Invalid: who must call 112 is not asked for a postcode first.

    At the counter of a station nobody is sent elsewhere: that is where people are sent.
    """
    if not isinstance(raw, Mapping):
        raise Invalid([FieldError("answers", "not_an_object")])
    errors: list[FieldError] = []
    answers = _read(kind.questions, raw, now, errors)
    if not at_counter:
        stop(kind.crime, answers.get("circumstances", []))
        _refuse_the_young(answers, now)
    errors.extend(_contradictions(answers))
    if errors:
        raise Invalid(errors)
    return Submission(kind, answers, tuple(_warnings(kind, answers)))


def parse_confirmed(kind: Kind, raw: object, truth: object, *, now: datetime) -> Submission:
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


def problems_of(part: Section, kind: Kind, raw: Mapping[str, Any], *, now: datetime) -> list[FieldError]:
    """Read one part of a report; `raw` may hold the other parts, of which only what this part asks about is looked at.

    Raises Elsewhere as soon as an answer of this part calls for it.
    """
    names = {question.name for question in part.questions}
    leading = {question.when[0] for question in part.questions if question.when}
    errors: list[FieldError] = []
    answers = _read(kind.questions, {name: raw[name] for name in names | leading if name in raw}, now, errors)
    stop(kind.crime, answers.get("circumstances", []))
    _refuse_the_young(answers, now)
    errors.extend(_contradictions(answers))
    return [error for error in errors if error.field.split(".")[0] in names]


def read(questions: Sequence[Question], raw: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Read answers to questions that belong to no kind of report. Raises Invalid with every bad field at once."""
    errors: list[FieldError] = []
    answers = _read(questions, raw, now, errors)
    if errors:
        raise Invalid(errors)
    return answers


def confirmed(raw: object) -> None:
    """Raises Invalid unless the statement of truth was ticked (`raw` is the value of that one field)."""
    _, error = _read_one(TRUTH, raw, _NO_TIME)
    if error:
        raise Invalid([error])


def _read(
    questions: Sequence[Question], raw: Mapping[Any, Any], now: datetime, errors: list[FieldError], prefix: str = ""
) -> dict[str, Any]:
    known = {question.name for question in questions}
    errors.extend(FieldError(f"{prefix}{str(name)[:60]}", "unknown_field") for name in raw if name not in known)
    answers: dict[str, Any] = {}
    for question in questions:
        if not question.asked(answers):
            continue  # what a page sent along in a field that does not apply is dropped
        value = raw.get(question.name)
        if question.input is Input.ROWS:
            answer = _read_rows(question, value, now, errors, prefix)
        else:
            answer, error = _read_one(question, value, now, prefix)
            errors.extend([error] if error else [])
        if answer is not None:
            answers[question.name] = answer
    return answers


def _read_one(question: Question, value: Any, now: datetime, prefix: str = "") -> tuple[Any, FieldError | None]:
    name = prefix + question.name
    if isinstance(value, Mapping) and not any(value.values()):
        value = None
    if value in _EMPTY or (isinstance(value, str) and not value.strip()):
        return None, FieldError(name, _MISSING.get(question.input, "required")) if question.need is Need.REQUIRED else None
    try:
        return INPUTS[question.input].read(value, question, now), None
    except Refused as refused:
        return None, FieldError(name, refused.code, refused.values)


def _read_rows(
    question: Question, value: Any, now: datetime, errors: list[FieldError], prefix: str
) -> list[dict[str, Any]] | None:
    name = prefix + question.name
    if value is not None and not isinstance(value, list):
        errors.append(FieldError(name, "not_a_list"))
        return None
    filled = [(index, row) for index, row in enumerate(value or ()) if not _is_blank(row)]
    if len(filled) > question.most:
        errors.append(FieldError(name, "too_many_rows", {"most": question.most}))
        return None
    if not filled and question.need is Need.REQUIRED:
        errors.append(FieldError(f"{name}.0.{question.rows[0].name}", "required"))
    if not all(isinstance(row, Mapping) for _, row in filled):
        errors.append(FieldError(name, "not_an_object"))
        return None
    return [_read(question.rows, row, now, errors, f"{name}.{index}.") for index, row in filled] or None


def _is_blank(row: Any) -> bool:
    return isinstance(row, Mapping) and not any(value not in _EMPTY for value in row.values())


def _refuse_the_young(answers: Mapping[str, Any], now: datetime) -> None:
    if "dateOfBirth" in answers and _age(date.fromisoformat(answers["dateOfBirth"]), day_of(now)) < MINIMUM_AGE:
        raise TOO_YOUNG.elsewhere


def _age(born_on: date, on: date) -> int:
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _contradictions(answers: Mapping[str, Any]) -> Iterator[FieldError]:
    if answers.get("happenedUntil", "9999") < answers.get("happenedFrom", ""):
        yield FieldError("happenedUntil", "ends_before_start")
    chosen = answers.get("circumstances", [])
    if NONE in chosen and chosen != [NONE]:  # a circumstance that does not stop this kind of crime still contradicts "none"
        yield FieldError("circumstances", "none_and_others")


def _warnings(kind: Kind, answers: Mapping[str, Any]) -> Iterator[Warned]:
    for question in kind.questions:
        if question.need is Need.RECOMMENDED and question.asked(answers) and question.name not in answers:
            yield Warned(question.name, "recommended")
    plate = "".join(character for character in answers.get("plate", "") if character.isalnum())
    if plate and not (
        len(plate) == _PLATE_LENGTH and plate.isascii() and any(map(str.isdigit, plate)) and any(map(str.isalpha, plate))
    ):
        yield Warned("plate", "doubtful_plate")
    frame = answers.get("frameNumber", "")
    if frame and (len(frame) < _FRAME_LENGTH or not any(map(str.isdigit, frame))):
        yield Warned("frameNumber", "doubtful_frame_number")


_PLATE_LENGTH = 6
_FRAME_LENGTH = 5
_MISSING = {Input.CHOICE: "choose_one", Input.CHOICES: "choose_one", Input.YES_NO: "yes_or_no", Input.TICK: "must_tick"}
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # a tick has no time to compare with
