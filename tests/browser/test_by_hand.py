"""A report of every kind, filed by hand on a narrow screen where no script runs: from the first page to the receipt."""

import re

import pytest

from chalicelib.reports.crimes import KINDS
from tests.app.forms import typed
from tests.browser import eyes
from tests.browser.hand import Hand
from tests.browser.tally import TALLY

PERSON = "bultenaar"
MOST_PAGES = 30
NOT_SHOWN = {"language", "truth"}  # read back in other words, or not at all


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_of_every_kind_can_be_filed_by_hand_on_a_narrow_screen_without_scripts(browse, world, kind):
    fields, faults = typed(kind), []
    with browse(width=320, script=False) as tab:
        hand = Hand(tab)
        tab.goto(world.url)

        hand.follow("/report")
        hand.follow(f"/report/{kind}/circumstances")
        hand.fill_in(fields)
        hand.follow("/login/with/digid")
        hand.press(f'button[value="{PERSON}"]')  # the simulator of DigiD
        for _ in range(MOST_PAGES):
            if tab.url.endswith("/receipt"):
                break
            before = tab.url
            faults += [f"{before}: {fault}" for fault in eyes.facts(tab, "nl", failed=False)]
            hand.fill_in({**fields, "truth": "yes"})
            assert tab.url != before, tab.inner_text("main")

        assert tab.locator("h1").inner_text() == "We hebben uw aangifte ontvangen"
        [reference] = re.findall(r"/reports/([0-9A-Z-]{14})/receipt$", tab.url)
        tab.goto(f"{world.url}/reports/{reference}")
        shown = tab.inner_text("main")

    assert not faults, "\n".join(faults)
    assert [text for text in told(fields) if text not in shown] == []
    TALLY.filed_by_hand.add(kind)


def told(fields):
    """The text that somebody wrote in words of their own: all of it must be on the page of the report."""
    written = [text for text in fields.values() if isinstance(text, str) and re.search(r"[a-z]{3}.* .*[a-z]{3}", text)]
    assert written
    return written
