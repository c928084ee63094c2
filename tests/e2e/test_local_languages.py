"""The pages of the local stage, in the language that its reader chose here or in the portal."""

import pytest

from tests.e2e.actors import Citizen

PAGES = {
    "/_local": ("Wat er op de achtergrond gebeurt", "What happens in the background"),
    "/_local/mail": ("Wat er met post kan gebeuren", "What can happen to mail"),
    "/login/with/digid": ("Dit is een simulator, niet DigiD.", "This is a simulator, not DigiD."),
    "/staff/login": ("leidinggevende", "supervisor"),
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_dutch_until_its_reader_chooses_english_and_again_after_that(stage, path):
    dutch, english = PAGES[path]
    reader = Citizen(stage.url)

    first = reader.open(path)
    chosen = reader.open("/_local?language=en")
    second = reader.open(path)
    reader.open("/_local/mail?language=nl")

    assert dutch in first.words
    assert '<html lang="nl">' in first.text
    assert (chosen.path, chosen.status) == ("/_local", 200)
    assert english in second.words
    assert dutch not in second.words
    assert '<html lang="en">' in second.text
    assert dutch in reader.open(path).words


def test_a_language_that_there_is_not_changes_nothing(stage):
    assert '<html lang="nl">' in Citizen(stage.url).open("/_local?language=xx").text


def test_who_chose_english_in_the_portal_reads_the_local_pages_in_english(stage):
    reader = Citizen(stage.url)
    reader.send(reader.open("/"), {"to": "en"}, to="/language")

    assert "What can happen to mail" in reader.open("/_local/mail").words
