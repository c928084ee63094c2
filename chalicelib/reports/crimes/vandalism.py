"""Vandalism: of a car, a house, another object, and graffiti."""

from chalicelib.core.language import mark
from chalicelib.forms.questions import Choice, Input, Need, Question, Section

_DAMAGE = (
    Question(
        "damageKind",
        mark("What kind of damage is it?"),
        Input.CHOICE,
        Need.REQUIRED,
        choices=(
            Choice("scratched", mark("Scratched")),
            Choice("broken", mark("Broken or smashed")),
            Choice("painted", mark("Painted or written on")),
            Choice("burnt", mark("Burnt")),
            Choice("other", mark("Other damage")),
        ),
        example="scratched",
    ),
    Question(
        "damageDetails",
        mark("Describe the damage"),
        Input.LONG_TEXT,
        Need.REQUIRED,
        most=1_000,
        example="Kras over de linkerzijde",
    ),
    Question("repaired", mark("Has it been repaired?"), Input.YES_NO, Need.RECOMMENDED, example=False),
)
_PLATE = Question("plate", mark("Licence plate"), Input.PLATE, Need.REQUIRED, most=12, example="12-ABC-3")
_TAG = Question("graffitiTag", mark("What does the graffiti say or show?"), most=200, example="ZORRO")


def _section(*first: Question) -> tuple[Section, ...]:
    return (Section("what", mark("The damage"), (*first, *_DAMAGE)),)


KINDS = {
    "car-vandalism": (mark("Damage to a car or other vehicle"), _section(_PLATE)),
    "house-vandalism": (
        mark("Damage to a house or building"),
        _section(Question("part", mark("Which part of the building?"), need=Need.REQUIRED, example="Voordeur")),
    ),
    "object-vandalism": (
        mark("Damage to something else"),
        _section(Question("object", mark("What was damaged?"), need=Need.REQUIRED, example="Tuinhek")),
    ),
    "graffiti": (
        mark("Graffiti"),
        _section(Question("object", mark("What was it sprayed on?"), need=Need.REQUIRED, example="Zijmuur"), _TAG),
    ),
}
