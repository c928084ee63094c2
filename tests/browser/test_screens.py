"""The pictures of docs/screens: taken in every run, and written when SCREENS=1 (`make screens`); those of the desk apart."""

import os
from dataclasses import dataclass

import pytest

from tests.browser.pictures import FROM_DEMO, SCREENS, small
from tests.browser.world import NEWCOMER, REPORTER

TALLEST = {320: 1150, 1280: 800}
SMALLEST, LARGEST = 5_000, 60_000  # bytes: an empty page, and more than a README should load


@dataclass(frozen=True, slots=True)
class Screen:
    """A picture of a page, as a reader with this width sees it."""

    width: int
    path: str
    who: str = ""


PICTURES = {
    "home-320": Screen(320, "/"),
    "form-320": Screen(320, "/report/bicycle-theft/{told-bicycle-theft}/bicycle", NEWCOMER),
    "choose-320": Screen(320, "/report"),
    "circumstances-320": Screen(320, "/report/bicycle-theft/circumstances"),
    "my-reports-320": Screen(320, "/reports", REPORTER),
    "question-320": Screen(320, "/reports/{asked}", REPORTER),
    "receipt-320": Screen(320, "/reports/{received}/receipt", REPORTER),
    "home-1280": Screen(1280, "/"),
    "report-1280": Screen(1280, "/reports/{registered}", REPORTER),
    "check-320": Screen(320, "/report/bicycle-theft/{told-bicycle-theft}/check", NEWCOMER),
    "report-320": Screen(320, "/reports/{registered}", REPORTER),
    "mail-tray-1280": Screen(1280, "/_local/mail"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_of_a_page_shows_something(browse, world, name):
    screen = PICTURES[name]
    with browse(screen.who, width=screen.width, path=screen.path) as tab:
        tab.goto(world.address(screen.path))
        height = min(tab.evaluate("document.documentElement.scrollHeight"), TALLEST[screen.width])

        taken = tab.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": screen.width, "height": height})
        picture = small(taken)

        assert SMALLEST < len(picture) < LARGEST
        if os.environ.get("SCREENS"):
            (SCREENS / f"{name}.png").write_bytes(picture)


def test_every_picture_in_the_docs_is_one_that_is_taken():
    shown = {path.stem for path in SCREENS.glob("*.png")}

    assert shown == {*PICTURES, *FROM_DEMO}
    assert all(SMALLEST < (SCREENS / f"{name}.png").stat().st_size < LARGEST for name in FROM_DEMO)
