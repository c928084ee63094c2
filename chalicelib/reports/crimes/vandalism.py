"""Vandalism: of a car, a house, another object, and graffiti."""

from chalicelib.core.language import N_
from chalicelib.forms.questions import Choice, Input, Need, Question, Section

_DAMAGE = (
    Question(
        "damageKind",
        N_("What kind of damage is it?"),
        Input.CHOICE,
        Need.REQUIRED,
        choices=(
            Choice("scratched", N_("Scratched")),
            Choice("broken", N_("Broken or smashed")),
            Choice("painted", N_("Painted or written on")),
            Choice("burnt", N_("Burnt")),
            Choice("other", N_("Other damage")),
        ),
        example="scratched",
    ),
    Question(
        "damageDetails",
        N_("Describe the damage"),
        Input.LONG_TEXT,
        Need.REQUIRED,
        most=1_000,
        example="Kras over de linkerzijde",
    ),
    Question("repaired", N_("Has it been repaired?"), Input.YES_NO, Need.RECOMMENDED, example=False),
)
_PLATE = Question("plate", N_("Licence plate"), Input.PLATE, Need.REQUIRED, most=12, clue="plate", example="12-ABC-3")
_TAG = Question("graffitiTag", N_("What does the graffiti say or show?"), most=200, example="ZORRO")


def _section(*first: Question) -> tuple[Section, ...]:
    return (Section("what", N_("The damage"), (*first, *_DAMAGE)),)


KINDS = {
    "car-vandalism": (N_("Damage to a car or other vehicle"), _section(_PLATE)),
    "house-vandalism": (
        N_("Damage to a house or building"),
        _section(Question("part", N_("Which part of the building?"), need=Need.REQUIRED, example="Voordeur")),
    ),
    "object-vandalism": (
        N_("Damage to something else"),
        _section(Question("object", N_("What was damaged?"), need=Need.REQUIRED, example="Tuinhek")),
    ),
    "graffiti": (
        N_("Graffiti"),
        _section(Question("object", N_("What was it sprayed on?"), need=Need.REQUIRED, example="Zijmuur"), _TAG),
    ),
}
