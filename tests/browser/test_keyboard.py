"""With the keyboard alone, from the first page to the receipt: one report of each crime."""

import re

import pytest

from tests.app.forms import typed
from tests.browser.keyboard import Keyboard
from tests.browser.tally import TALLY

PERSON = "bultenaar"
MOST_PAGES = 30


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("kind", ["bicycle-theft", "graffiti", "web-shop-fraud"])
def test_a_report_can_be_filed_with_the_keyboard_alone(browse, world, kind, script):
    with browse(script=script) as tab:
        keyboard = Keyboard(tab)
        tab.goto(world.url)

        keyboard.follow("/report")
        keyboard.follow(f"/report/{kind}/circumstances")
        keyboard.fill_in(typed(kind))
        keyboard.follow("/login/with/digid")
        tab.wait_for_selector(f'button[value="{PERSON}"]')  # the simulator of DigiD, behind a page that goes on by itself
        keyboard.tab_to(lambda at: at["value"] == PERSON)
        keyboard.enter()
        for _ in range(MOST_PAGES):
            if tab.url.endswith("/receipt"):
                break
            before = tab.url
            keyboard.fill_in({**typed(kind), "truth": "yes"})
            assert tab.url != before, tab.inner_text("main")

        assert re.search(r"/reports/[0-9A-Z-]{14}/receipt$", tab.url), tab.inner_text("main")
        assert tab.locator("h1").inner_text() == "We hebben uw aangifte ontvangen"
        TALLY.filed_by_keyboard.add(kind)


def test_the_first_tab_is_the_way_past_the_menu(browse, world):
    with browse() as tab:
        tab.goto(world.url)

        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")

        assert Keyboard(tab).at()["main"]


def test_a_line_of_the_error_summary_leads_to_its_field(browse, world):
    with browse() as tab:
        tab.goto(f"{world.url}/survey")
        Keyboard(tab).fill_in({})

        Keyboard(tab).tab_to(lambda at: at["href"] == "#code")
        tab.keyboard.press("Enter")
        tab.wait_for_function("document.activeElement.id === 'code'")

        assert Keyboard(tab).at()["name"] == "code"
