"""Every page, narrow and wide, in both languages, with and without JavaScript: nobody is shut out."""

from urllib.parse import urlsplit

import pytest

from tests.browser import eyes
from tests.browser.routes import route_of
from tests.browser.tally import TALLY
from tests.browser.visits import VISITS

WALKS = {("nl", 320), ("en", 1280)}  # in which language and at which width Tab is pressed through the whole page


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("name", VISITS)
def test_everybody_can_use_the_page(windows, world, name, script):
    visit, faults = VISITS[name], []
    opened = [windows(language, script=script) for language in visit.languages]

    for window in opened:
        come_to(window, visit, world)
        faults += [f"{window.language}: {fault}" for fault in window.hears(name, visit.status)]
    for width in visit.widths:
        for window in opened:
            faults += [f"{window.language} {width}: {fault}" for fault in looked_at(window, width, visit, script=script)]
        for window in opened:
            found = [*(eyes.axe(window.tab, TALLY) if script else ()), *walked(window, width, script=script)]
            faults += [f"{window.language} {width}: {fault}" for fault in found]
            TALLY.visits += 1
    TALLY.pages.add(name)
    TALLY.routes.add(route_of(visit.ends or visit.path) or "/_local")

    assert not faults, "\n".join([f"{name}:", *faults])


def come_to(window, visit, world):
    """Do what the visit says, as a hand would, also where no script runs."""
    tab = window.tab
    tab.set_viewport_size({"width": visit.widths[0], "height": 900})
    world.admit(tab.context, visit.who, window.language)
    tab.goto(world.address(visit.path))
    for field, value in visit.typed.items():
        fill_in(tab, field, value.format_map(world.facts))
    for selector in visit.press:
        with tab.expect_navigation():
            tab.locator(selector).first.click()
    ends = urlsplit(world.address(visit.ends or visit.path)).path
    assert urlsplit(tab.url).path == ends, tab.inner_text("main")


def fill_in(tab, field, value):
    fields = tab.locator(f'[name="{field}"]')
    kind = fields.first.get_attribute("type")
    if kind == "hidden":
        fields.first.evaluate("(field, value) => { field.value = value }", value)
    elif kind in ("radio", "checkbox"):
        fields.and_(tab.locator(f'[value="{value}"]')).check()
    else:
        fields.first.fill(value)


def looked_at(window, width, visit, *, script):
    window.tab.set_viewport_size({"width": width, "height": 900})
    if script:
        eyes.begin_axe(window.tab)
    return eyes.facts(window.tab, window.language, failed=visit.failed)


def walked(window, width, *, script):
    return eyes.focus(window.tab, TALLY) if script and (window.language, width) in WALKS else ()
