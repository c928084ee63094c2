"""Every page, narrow and wide, in both languages, with and without JavaScript: nobody is shut out.

The findings of axe-core and of the focus hang on the language or on the width, hardly ever on both: a page gets each language
and each width once, and the next page the other pairs. Without scripts a page comes in one language, and the next in the other
one. Under TESTS=all (`make test-all`, `make browser-all`) each page gets all.
"""

from contextlib import nullcontext
from urllib.parse import urlsplit

import pytest

from tests.browser import eyes
from tests.browser.routes import route_of
from tests.browser.tally import TALLY
from tests.browser.visits import VISITS
from tests.support.products import WHOLE

WALKS = {("nl", 320), ("en", 1280)}  # in which language and at which width Tab is pressed through the whole page
TURNS = {name: number % 2 for number, name in enumerate(VISITS)}


def is_axes_turn(name, language, width):
    visit = VISITS[name]
    return (
        WHOLE
        or 1 in (len(visit.languages), len(visit.widths))
        or (visit.languages.index(language) + visit.widths.index(width) + TURNS[name]) % 2 == 0
    )


def languages_of(name, *, script):
    """The languages in which a page is opened: each with scripts, one of them without."""
    languages = VISITS[name].languages
    return languages if script or WHOLE else (languages[TURNS[name] % len(languages)],)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("name", VISITS)
def test_everybody_can_use_the_page(windows, world, name, script):
    visit, faults = VISITS[name], []
    opened = [windows(language, script=script) for language in languages_of(name, script=script)]

    for window in opened:
        come_to(window, visit, world)
        faults += [f"{window.language}: {fault}" for fault in window.hears(name, visit.status)]
    for width in visit.widths:
        axes = [window for window in opened if script and is_axes_turn(name, window.language, width)]
        for window in opened:
            found = looked_at(window, width, visit, axe=window in axes)
            faults += [f"{window.language} {width}: {fault}" for fault in found]
        for window in opened:
            found = [*(eyes.axe(window.tab, TALLY) if window in axes else ()), *walked(window, width, name, script=script)]
            faults += [f"{window.language} {width}: {fault}" for fault in found]
            TALLY.visits += 1
    TALLY.pages.add(name)
    TALLY.routes.add(route_of(visit.ends or visit.path) or "/_local")

    assert not faults, "\n".join([f"{name}:", *faults])


def come_to(window, visit, world):
    """Do what the visit says, as a hand would, also where no script runs."""
    tab = window.tab
    tab.set_viewport_size({"width": visit.widths[0], "height": 900})
    if visit.anew:
        world.renew(visit.anew)
    world.admit(tab.context, visit.who, window.language, "" if visit.asks_why else visit.path)
    tab.goto(world.address(visit.path))
    for field, value in visit.typed.items():
        fill_in(tab, field, value.format_map(world.facts))
    for selector in visit.press:
        press(tab, tab.locator(selector).first)
    ends = urlsplit(world.address(visit.ends or visit.path)).path
    assert urlsplit(tab.url).path == ends, tab.inner_text("main")


def press(tab, element):
    """Press something, and wait for the page to which it leads: a summary and a box to tick lead nowhere."""
    stays = element.evaluate("element => element.matches('summary, input')")
    with nullcontext() if stays else tab.expect_navigation():
        element.click()


def fill_in(tab, field, value):
    fields = tab.locator(f'[name="{field}"]')
    kind = fields.first.get_attribute("type")
    for summary in tab.locator("details:not([open])", has=fields).locator("> summary").all():
        press(tab, summary)
    if kind == "hidden":
        fields.first.evaluate("(field, value) => { field.value = value }", value)
    elif kind in ("radio", "checkbox"):
        fields.and_(tab.locator(f'[value="{value}"]')).check()
    else:
        fields.first.fill(value)


def looked_at(window, width, visit, *, axe):
    window.tab.set_viewport_size({"width": width, "height": 900})
    if axe:
        eyes.begin_axe(window.tab)
    return eyes.facts(window.tab, window.language, failed=visit.failed)


def walked(window, width, name, *, script):
    """Press Tab through the page: narrow on one page, wide on the next."""
    is_turn = WHOLE or len(VISITS[name].widths) == 1 or VISITS[name].widths[TURNS[name]] == width
    return eyes.focus(window.tab, TALLY) if script and is_turn and (window.language, width) in WALKS else ()
