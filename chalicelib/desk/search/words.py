"""The words for what lies on a clue. Pure; the sentences are messages."""

from chalicelib.clues.linking import OnClue
from chalicelib.clues.model import MANY
from chalicelib.core.language import N_, Language, translate

_SOME, _NUMBER, _MANY = (
    N_("Also in other units"),
    N_("Also in other units: %(number)s reports"),
    N_("Also in other units: more than %(number)s reports"),
)


def elsewhere_words(on: OnClue, language: Language) -> str:
    """Return what is told of other units, empty where there is nothing. One and two are told alike."""
    told = on.tally.elsewhere
    if told == "many":
        return translate(_MANY, language, number=MANY)
    return translate(_NUMBER if told.isdigit() else _SOME, language, number=told) if told else ""


def own_words(on: OnClue, language: Language) -> str:
    """Return how many reports of one's own units lie on a clue."""
    if on.tally.own_is_many:
        return translate(N_("More than %(number)s reports in your unit"), language, number=MANY)
    if on.tally.own == 1:
        return translate(N_("1 report in your unit"), language)
    return translate(N_("%(number)s reports in your unit"), language, number=on.tally.own)
