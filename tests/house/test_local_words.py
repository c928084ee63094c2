"""The pages under /_local speak both languages: every word of them has its Dutch, and no Dutch is left over."""

import re
from pathlib import Path

import pytest

from chalicelib.core.language import Language
from chalicelib.people.model import Level
from infra.local import issuer, pages, ses_feedback, words
from infra.local.http import LocalRequest
from infra.local.people import CITIZENS, COMPANIES, EUROPEANS, OFFICERS

TEMPLATES = sorted(Path(pages.__file__).with_name("templates").glob("*.html"))
SAID = re.compile(r'_\("([^"]+)"\)')


def said():
    """Return every English word that is said: by the templates, by the tables, and by what stands beside a name."""
    found = {each for template in TEMPLATES for each in SAID.findall(template.read_text(encoding="utf-8"))}
    found |= set(pages.TOLD.values()) | {habit.words for habit in ses_feedback.HABITS.values()}
    found |= {word for kind in issuer.KINDS.values() for word in (kind.title, kind.not_real)} | {
        level.name.lower() for level in Level
    }
    beside = {
        word
        for person in (*CITIZENS, *COMPANIES, *EUROPEANS, *OFFICERS)
        for part in person.note.split(" · ")
        for word in part.split(", ")
    }
    return found | {
        words.note(word, Language.EN) for word in beside if words.note(word, Language.EN) != word or word == "auditor"
    }


def test_every_word_has_its_dutch_and_every_dutch_is_said():
    assert said() == set(words.DUTCH)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_word_stands_in_a_template_by_itself(template):
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<code>.*?</code>|<[^>]*>", " ", template.read_text(encoding="utf-8"))

    assert [word for word in re.findall(r"\w{2,}", bare) if word not in ("Mijn", "Politie")] == []


def test_only_names_of_units_stay_dutch_beside_an_english_name():
    notes = [words.note(person.note, Language.EN) for person in OFFICERS]

    assert "desk, handler · Oost-Nederland" in notes
    assert "auditor · all units" in notes


@pytest.mark.parametrize(
    ("cookie", "language"),
    [
        ("", Language.NL),
        ("language=en", Language.EN),
        ("a=b; language=en", Language.EN),
        ("language=xx", Language.NL),
        ("@;;=", Language.NL),
    ],
)
def test_the_language_is_the_one_that_was_chosen_in_the_portal(cookie, language):
    assert words.language_of(LocalRequest("GET", "/_local", {}, {"cookie": cookie}, b"")) == language
