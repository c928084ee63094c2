"""Remarks on a text that is hard to read: long sentences, words of offices, hard words together. Pure; advice, no law.

The rules are those of LANGUAGE_RULES: at most 15 words in a Dutch sentence and 20 in an English one, plain words, and for the
whole a score of 60 or more (the score of a short text jumps) by Flesch-Douma (Dutch:
206.84 - 0.93 W - 77 S) or Flesch (English: 206.835 - 1.015 W - 84.6 S), in which W is words a sentence and S syllables a word.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core.language import Language
from chalicelib.reports.placeholders import PLACE

ENOUGH = 60
_FEWEST = 8  # words of a text that a score says anything of


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """The rules of one language. `offices` are words that a plainer one can stand for; `score` has the numbers of its formula."""

    most_words: int
    offices: re.Pattern[str]
    syllable: re.Pattern[str]
    score: tuple[float, float, float]


LANGUAGE_RULES: Mapping[Language, LanguageRules] = {
    Language.NL: LanguageRules(
        15,
        re.compile(
            r"\b(aangaande|alsmede|betreffende|conform|dien(?:t|en)|derhalve|geschieden|indien|ingevolge|inzake|middels|omtrent|"
            r"reeds|teneinde|tevens|thans|tijdig|verstrekken|wegens|afschrift|hoogstens|op schrift)\b",
            re.IGNORECASE,
        ),
        re.compile(r"aai|ooi|oei|eeuw|ieuw|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ij|ei|au|ou|[aeiouyáéëïöüè]"),
        (206.84, 0.93, 77),
    ),
    Language.EN: LanguageRules(
        20,
        re.compile(
            r"\b(aforementioned|commence|deemed|herein|in order to|need not|prior to|pursuant|regarding|shall|utilise|whom)\b",
            re.IGNORECASE,
        ),
        re.compile(r"(?!e\b|(?<![td])ed\b)[aeiouy]+|(?<=l)e\b"),  # a last e is silent, but for -le
        (206.835, 1.015, 84.6),
    ),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that makes a text hard to read: a code for its sentence, and the values in that."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def remarks(text: str, language: Language) -> tuple[Remark, ...]:
    """Return what makes a text hard to read, sentence by sentence, and then for the whole."""
    return (*_of_sentences(text, language), *_of_whole(text, language))


def score(text: str, language: Language) -> float | None:
    """Return the reading score of a text, from about 0 (hard) to 100 (easy); None for one that is too short to tell."""
    found = [_words(one) for one in _sentences(text)]
    words = [word for one in found for word in one]
    if len(words) < _FEWEST:
        return None
    rules = LANGUAGE_RULES[language]
    base, of_words, of_syllables = rules.score
    syllables = sum(max(1, len(rules.syllable.findall(word.lower()))) for word in words)
    return base - of_words * len(words) / len(found) - of_syllables * syllables / len(words)


def _of_sentences(text: str, language: Language) -> Iterator[Remark]:
    rules = LANGUAGE_RULES[language]
    for sentence in _sentences(text):
        count = len(_words(sentence))
        if count > rules.most_words:
            yield Remark("long_sentence", {"count": count, "most": rules.most_words, "begins": " ".join(sentence.split()[:4])})
        for word in dict.fromkeys(match[0].lower() for match in rules.offices.finditer(sentence)):
            yield Remark("word_of_offices", {"word": word})


def _of_whole(text: str, language: Language) -> Iterator[Remark]:
    found = score(text, language)
    if found is not None and found < ENOUGH:
        yield Remark("hard_to_read", {"score": round(found), "least": ENOUGH})


def _sentences(text: str) -> list[str]:
    parts = re.split(r"(?<=[.!?:;])\s+|\n+", PLACE.sub("X", text))
    return [part for part in parts if _words(part)]


def _words(sentence: str) -> list[str]:
    return re.findall(r"[^\W\d_][\w'’-]*", sentence)
