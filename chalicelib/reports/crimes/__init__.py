"""What may be reported online. KINDS is the whole list; a new kind is a row in theft.py, vandalism.py or fraud.py."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.reports.crimes import fraud, theft, vandalism
from chalicelib.reports.crimes.common import FOLLOWING, LEADING
from chalicelib.reports.questions import Question, Section


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of crime. `crime` is its family; `own` are the questions that only this kind has."""

    code: str
    crime: str
    name: str
    own: tuple[Section, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """All sections of the report, in the order of the wizard: the story before any question about it."""
        return (*LEADING, *self.own, *FOLLOWING)

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)


KINDS: Mapping[str, Kind] = {
    code: Kind(code, crime, name, own)
    for crime, kinds in (("theft", theft.KINDS), ("vandalism", vandalism.KINDS), ("fraud", fraud.KINDS))
    for code, (name, own) in kinds.items()
}
CRIMES = ("theft", "vandalism", "fraud")


def kinds_of(crime: str) -> tuple[Kind, ...]:
    """Return the kinds of a crime, in the order in which they are offered."""
    return tuple(kind for kind in KINDS.values() if kind.crime == crime)
