"""A standard text: for which occasion and crime, in both languages, and what became of each of its versions. Pure. ADR-0061.

A version never changes: an event keeps its id and number, so that it stays known which words a reporter read. A version is
published by somebody else than its author, and by somebody of another unit where the text is for all units.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import Language
from chalicelib.people.model import Officer
from chalicelib.reports.crimes import CRIMES, KINDS
from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.reports.placeholders import unfilled
from chalicelib.reports.statuses import TRANSITIONS, Mover
from chalicelib.texts.filling import AUTOMATIC, longest

ALL_UNITS = ""
EVERY_CRIME = ""
UPDATE = "update_given"
QUESTION = "question_asked"
NAME_LENGTH = 80
PORTAL = "PORTAL"  # the author of what comes with the portal: nobody's staff id
_REACHED = [to.value for edges in TRANSITIONS.values() for to, mover in edges.items() if mover is Mover.OFFICER]
OCCASIONS: tuple[str, ...] = (*dict.fromkeys(_REACHED), UPDATE, QUESTION)  # a new status, or an act without one


class TextState(StrEnum):
    """Where a version stands. A newer published version takes the place of an older one."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextVersion:
    """One version of a standard text. `unit` is empty for all units, `crime` for every crime (a key of CRIMES).

    `bodies` are by language, with places such as `{politienummer}`. `author` and `by` are staff ids: who wrote it, and who
    published or retired it.
    """

    id: str
    version: int
    unit: str
    occasion: str
    crime: str
    name: str
    bodies: Mapping[Language, str]
    author: str
    author_units: frozenset[str]
    written_at: datetime
    state: TextState = TextState.DRAFT
    by: str = ""
    at: datetime | None = None

    @property
    def mark(self) -> str:
        """The id and the version, as an event keeps them."""
        return f"{self.id}-{self.version}"

    def suits(self, occasion: str, kind: str) -> bool:
        """True for a text of this occasion that is meant for this kind of report, or for any."""
        return self.occasion == occasion and self.crime in (EVERY_CRIME, KINDS[kind].crime)


def require_usable(text: TextVersion) -> None:
    """Raises Invalid with all that is wrong with a version before anybody can be asked to publish it."""
    errors = [FieldError("occasion", "not_a_choice")] if text.occasion not in OCCASIONS else []
    if text.crime != EVERY_CRIME and text.crime not in CRIMES:
        errors.append(FieldError("crime", "not_a_choice"))
    errors += [
        FieldError(field, "required") for field, value in {"name": text.name, **_fields(text)}.items() if not value.strip()
    ]
    if not errors:
        errors += _misfits(text)
    if errors:
        raise Invalid(errors)


def require_may_publish(text: TextVersion, officer: Officer) -> None:
    """Raises Conflict for a version that is not a draft any more, and for its author; also for a colleague of its author when it
    is for all units.
    """
    if text.state is not TextState.DRAFT:
        raise Conflict("text_not_a_draft")
    if officer.id == text.author or (text.unit == ALL_UNITS and text.author_units & officer.units):
        raise Conflict("text_needs_another_reader")


def current(versions: Iterable[TextVersion]) -> tuple[TextVersion, ...]:
    """Return, of each text, the version that officers use now: its newest published one, if it was not retired since."""
    newest: dict[str, TextVersion] = {}
    for version in sorted(versions, key=lambda one: one.version):
        if version.state is not TextState.DRAFT:
            newest[version.id] = version
    usable = (one for one in newest.values() if one.state is TextState.PUBLISHED)
    return tuple(sorted(usable, key=lambda one: (OCCASIONS.index(one.occasion), one.crime, one.name)))


def _fields(text: TextVersion) -> dict[str, str]:
    return {language.value: text.bodies.get(language, "") for language in Language}


def _misfits(text: TextVersion) -> list[FieldError]:
    """Say what would go wrong when the text is used: tried on every kind of report that it is for, and in both languages."""
    to_fill = {len(set(unfilled(body)) - set(AUTOMATIC)) for body in text.bodies.values()}
    most = {"most": EXPLANATION_LENGTH}
    errors = [
        FieldError(language.value, "too_long", most)
        for language, body in text.bodies.items()
        if longest(body, text.crime, language) > EXPLANATION_LENGTH
    ]
    if len(to_fill) > 1:
        errors.append(FieldError(Language.EN.value, "placeholders_differ"))
    return errors
