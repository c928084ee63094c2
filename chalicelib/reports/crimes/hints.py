"""Examples that fit: what is said with a question that every report has, by crime, and by kind where that differs.

A row replaces the hint of the question of that name; who lost a bicycle is not told about websites.
"""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.core.language import N_
from chalicelib.forms.questions import Section

BY_CRIME: Mapping[str, Mapping[str, str]] = {
    "theft": {
        "municipality": N_("Do you not know where it was stolen? Then choose the municipality where you found out."),
        "place": N_("For example a street and number, a station or a car park."),
    },
    "vandalism": {
        "municipality": N_("Do you not know where it was damaged? Then choose the municipality where you found out."),
        "place": N_("For example a street and number, or the name of a park."),
    },
    "fraud": {
        "municipality": N_("Did it happen on the internet? Then choose the municipality where you live."),
        "place": N_("For example the name of the website or the app, or the telephone number that called you."),
        "happenedFrom": N_("For example 12-7-2016 and 14:30: when you first had contact, or when you paid."),
        "happenedUntil": N_("The last contact or the last payment. Was it one moment? Then enter the same moment again."),
    },
}
BY_KIND: Mapping[str, Mapping[str, str]] = {
    "bicycle-theft": {"place": N_("For example a street and number, a station or a bicycle shed.")},
    "pickpocketing": {"place": N_("For example a street, a shop, or the number of a bus or tram.")},
    "shop-theft": {
        "municipality": N_("The municipality where the shop is."),
        "place": N_("The address of the shop."),
    },
}


def hinted(sections: tuple[Section, ...], *, crime: str, kind: str) -> tuple[Section, ...]:
    """Return the sections with the hints of this kind; a section about which nothing is said stays the very same."""
    hints = {**BY_CRIME[crime], **BY_KIND.get(kind, {})}
    return tuple(_hinted(section, hints) for section in sections)


def _hinted(section: Section, hints: Mapping[str, str]) -> Section:
    if not any(question.name in hints for question in section.questions):
        return section
    questions = (replace(one, hint=hints.get(one.name, one.hint)) for one in section.questions)
    return replace(section, questions=tuple(questions))
