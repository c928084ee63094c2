"""On paper: what was reported, and none of what only works on a screen."""

import re
import zlib

import pytest

from tests.browser.tally import TALLY
from tests.browser.visits import HANDLER
from tests.browser.world import REPORTER

PAPERS = ("/reports/{bicycle-theft}", "/reports/{closed}", "/reports/{received}/receipt", "/reports/{phishing}/copy")
MOST_SHEETS = 6
SCREEN_ONLY = ("header", "nav", "footer", ".skip", ".buttons", ".urgent")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", PAPERS)
def test_a_printed_page_has_the_report_and_no_navigation(browse, world, path, language):
    with browse(REPORTER, width=1280, language=language) as tab:
        tab.goto(world.address(path))
        reference = world.address(path).split("/")[4]

        paper = tab.pdf(prefer_css_page_size=True)
        tab.emulate_media(media="print")
        seen = [selector for selector in SCREEN_ONLY for part in tab.locator(selector).all() if part.is_visible()]

        assert seen == []
        assert reference in tab.inner_text("main")
        assert 1 <= len(sheets := _sheets(paper)) <= MOST_SHEETS
        assert all(abs(wide - 595) < 2 and abs(high - 842) < 2 for wide, high in sheets)
        assert _drawn(paper) > 200
        TALLY.printed.add(f"{path} {language}")


MM = 96 / 25.4  # pixels
TOP, LEFT = 18, 16  # mm, the margins of a sheet (site.css)
SHOWS = {"top": 35, "bottom": 94}  # mm from the top of the sheet: all that a window can show, wherever the sheet lies
ALWAYS = {"top": 55, "bottom": 79, "left": 20, "right": 100}  # what every window shows in any case


@pytest.mark.parametrize("language", ["nl", "en"])
def test_through_the_window_of_an_envelope_the_address_is_read_and_nothing_else(browse, world, language):
    notice = f"/desk/reports/{{not_investigated}}/notice?language={language}"
    with browse(HANDLER, width=round((210 - 2 * LEFT) * MM), path=notice) as tab:
        tab.goto(world.address(notice))
        paper = tab.pdf(prefer_css_page_size=True)
        tab.emulate_media(media="print")
        letter = tab.locator(".posted").bounding_box()
        parts = {
            part.get_attribute("class") or part.inner_text(): part.bounding_box() for part in tab.locator(".posted > *").all()
        }

    window = {name: value / MM for name, value in parts["window"].items()}
    top, left = window["y"] - letter["y"] / MM + TOP, window["x"] - letter["x"] / MM + LEFT
    assert letter["y"] == 0, "the letter begins where the sheet begins"
    assert ALWAYS["top"] <= top
    assert top + window["height"] <= ALWAYS["bottom"]
    assert ALWAYS["left"] <= left
    assert left + window["width"] <= ALWAYS["right"]
    for words, box in parts.items():
        begins, ends = ((box["y"] + height) / MM + TOP for height in (0, box["height"]))
        assert words == "window" or ends <= SHOWS["top"] or begins >= SHOWS["bottom"], words
    assert 1 <= len(_sheets(paper)) <= 2


def _sheets(paper):
    """Return the width and height of every sheet, in points."""
    return [(float(wide), float(high)) for wide, high in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper)]


def _drawn(paper):
    """Return how many pieces of text are drawn in a PDF (the operators Tj and TJ of its streams)."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL)
    return sum(len(re.findall(rb"\bT[jJ]\b", _unpacked(stream))) for stream in streams)


def _unpacked(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:  # pictures and fonts that are packed in another way
        return b""
