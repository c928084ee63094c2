"""The pictures of docs/screens: taken in every run, and written when SCREENS=1 (`make screens`)."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.world import NEWCOMER, REPORTER

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
TALLEST = {320: 1150, 1280: 800}
SMALLEST, LARGEST = 5_000, 150_000  # bytes: an empty page, and more than a README should load


@dataclass(frozen=True, slots=True)
class Screen:
    """A picture of a page, as a reader with this width sees it."""

    width: int
    path: str
    who: str = ""


PICTURES = {
    "home-320": Screen(320, "/"),
    "form-320": Screen(320, "/report/bicycle-theft/{told-bicycle-theft}/bicycle", NEWCOMER),
    "check-320": Screen(320, "/report/bicycle-theft/{told-bicycle-theft}/check", NEWCOMER),
    "report-320": Screen(320, "/reports/{registered}", REPORTER),
    "worklist-1280": Screen(1280, "/desk", "handler-noord"),
    "mail-tray-1280": Screen(1280, "/_local/mail"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_of_a_page_shows_something(browse, world, name):
    screen = PICTURES[name]
    with browse(screen.who, width=screen.width) as tab:
        tab.goto(world.address(screen.path))
        height = min(tab.evaluate("document.documentElement.scrollHeight"), TALLEST[screen.width])

        picture = tab.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": screen.width, "height": height})

        assert SMALLEST < len(picture) < LARGEST
        if os.environ.get("SCREENS"):
            (SCREENS / f"{name}.png").write_bytes(picture)


def test_every_picture_in_the_docs_is_one_that_is_taken():
    shown = {path.stem for path in SCREENS.glob("*.png")}

    assert shown == set(PICTURES)
