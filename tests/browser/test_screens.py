"""The pictures of docs/screens: taken in every run, and written when SCREENS=1 (`make screens`)."""

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.world import NEWCOMER, REPORTER

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
TALLEST = {320: 1150, 1280: 800}
SMALLEST, LARGEST = 5_000, 60_000  # bytes: an empty page, and more than a README should load
COLOURS = 48


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
    "worklist-1280": Screen(1280, "/desk/queue", "handler-noord"),
    "desk-report-1280": Screen(1280, "/desk/reports/{company}", "handler-noord"),
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


def small(picture):
    """Return a picture as a PNG with a palette: a third of its bytes, and nobody sees the difference."""
    packed = BytesIO()
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def test_every_picture_in_the_docs_is_one_that_is_taken():
    shown = {path.stem for path in SCREENS.glob("*.png")}

    assert shown == set(PICTURES)
