"""Files in a real browser: chosen, sent straight to the bucket with their progress, or carried by the form; listed or refused."""

import pytest

from chalicelib.evidence.scanner import EICAR
from tests.app.forms import typed
from tests.browser.world import REPORTER
from tests.support import pictures

PLACES = {
    "a report": "/report/graffiti/{draft-with-files}/evidence",
    "an addition": "/reports/{bicycle-theft}/add/more",
}
PHOTO = {"name": "foto van mijn fiets.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg(pictures.exif())}
HARMFUL = {"name": "mis.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg(tail=EICAR)}


@pytest.fixture(scope="module", autouse=True)
def draft(world):
    """A draft of its own, so that no other visit meets these files."""
    person = world.principal(REPORTER)
    world.services.drafts.put(person.pseudonym, world.facts["draft-with-files"], "graffiti", typed("graffiti"))


@pytest.mark.parametrize("place", PLACES)
def test_a_file_is_sent_by_the_script_and_stands_in_the_list_and_nothing_of_it_breaks_the_policy(place, browse, world):
    complaints = []
    with browse(REPORTER, language="nl") as tab:
        tab.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.goto(world.address(PLACES[place]))

        tab.set_input_files("#file", PHOTO)
        tab.locator("#files strong").get_by_text(PHOTO["name"]).wait_for()
        tab.locator("#file-news").get_by_text("hierboven").wait_for()

        assert tab.locator("#file-news progress").count() == 0
        assert complaints == []


def test_a_harmful_file_is_refused_in_words(browse, world):
    with browse(REPORTER, language="nl") as tab:
        tab.goto(world.address(PLACES["a report"]))

        tab.set_input_files("#file", HARMFUL)
        tab.locator("#files").get_by_text("schadelijks").wait_for()


def test_without_a_script_the_form_itself_carries_the_file(browse, world):
    with browse(REPORTER, script=False, language="nl") as tab:
        tab.goto(world.address(PLACES["a report"]))

        tab.set_input_files("#file", {**PHOTO, "name": "zonder script.jpg"})
        tab.click("#file-add")

        assert "zonder script.jpg" in tab.inner_text("#files")
