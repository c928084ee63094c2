"""The crimes that may be reported online. KINDS is the whole list; a new kind is a row in theft.py, vandalism.py or fraud.py."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.core.language import N_
from chalicelib.forms.questions import Question, Section
from chalicelib.reports.crimes import fraud, theft, vandalism
from chalicelib.reports.crimes.common import FOLLOWING, LEADING
from chalicelib.reports.crimes.hints import hinted


@dataclass(frozen=True, slots=True)
class CrimeKind:
    """A kind of crime. `crime` is its family; `sections` are all parts of its report, in the order of the wizard."""

    code: str
    crime: str
    name: str
    sections: tuple[Section, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)


def _sections(code: str, crime: str, own: tuple[Section, ...]) -> tuple[Section, ...]:
    """The story before any question about it; then what only this kind has (`own`); then what every report has."""
    return hinted((*LEADING, *own, *FOLLOWING), crime=crime, kind=code)


KINDS: Mapping[str, CrimeKind] = {
    code: CrimeKind(code, crime, name, _sections(code, crime, own))
    for crime, kinds in (("theft", theft.KINDS), ("vandalism", vandalism.KINDS), ("fraud", fraud.KINDS))
    for code, (name, own) in kinds.items()
}
CRIMES = ("theft", "vandalism", "fraud")
CRIME_WORDS: Mapping[str, str] = {
    "theft": N_("Something was stolen"),
    "vandalism": N_("Something was damaged"),
    "fraud": N_("I was cheated on the internet"),
}


def kinds_of(crime: str) -> tuple[CrimeKind, ...]:
    """Return the kinds of a crime, in the order in which they are offered."""
    return tuple(kind for kind in KINDS.values() if kind.crime == crime)
