"""The eyes see: a page with a fault of each sort, and nothing of it goes unnoticed."""

import pytest

from tests.browser import eyes
from tests.browser.tally import Tally

PAGE = (
    '<!doctype html><html lang="nl"><head><title>Een pagina</title></head><body><main><h1>Een pagina</h1>{}</main></body></html>'
)
FAULTS = {
    "a page too wide": ('<div><pre style="width:400px">x</pre></div>', "88 px too wide"),
    "an inline style": ('<p style="color:red">x</p>', "inline style"),
    "an inline handler": ('<p onclick="x()">x</p>', "inline handler"),
    "an inline script": ("<script>1</script>", "inline script"),
    "a form without a button": ("<form><label>x <input></label></form>", "a form that nothing sends"),
    "an id twice": ('<p id="a">x</p><p id="a">y</p>', "an id twice"),
    "a field without a label": ("<input>", "no label"),
    "a link without words": ('<a href="/"></a>', "no words"),
    "a description that is gone": ('<button aria-describedby="gone">x</button>', "refers to nothing"),
    "a link to a place that is gone": ('<a href="#gone">Een hele lange link</a>', "a link to no place"),
    "an order of its own": ('<p tabindex="3">x</p>', "tabindex above 0"),
    "two headings of the page": ("<h1>Nog een</h1>", "2 elements h1"),
    "small buttons side by side": ("<button>i</button><button>j</button>", "a target under 24 px"),
}
STYLE = "button {{ padding: 0; border: 0; width: 12px; height: 12px }} main {{ margin: 0 }} body {{ margin: 0 }} {}"


@pytest.fixture
def tab(browse):
    with browse() as tab:
        yield tab


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_page_is_seen(tab, name):
    body, fault = FAULTS[name]
    tab.set_content(PAGE.format(body))
    if name.startswith("small"):
        tab.add_style_tag(content=STYLE.format(""))

    found = eyes.facts(tab, "nl", failed=False)

    assert any(one.startswith(fault) for one in found), found


def test_a_small_link_in_a_sentence_and_a_small_button_with_room_are_well(tab):
    tab.set_content(PAGE.format('<p>Lees <a href="/">dit</a> eerst.</p><button>i</button>'))
    tab.add_style_tag(content=STYLE.format("button {{ margin: 40px }}".format()))

    assert [one for one in eyes.facts(tab, "nl", failed=False) if "target" in one] == []


def test_a_page_in_another_language_or_without_its_errors_is_seen(tab):
    tab.set_content(PAGE.format(""))

    assert "lang is nl" in eyes.facts(tab, "en", failed=False)
    assert "no error summary" in eyes.facts(tab, "nl", failed=True)


def test_axe_sees_what_is_wrong_and_says_what_it_cannot_tell(tab):
    tab.set_content(PAGE.format('<img src="data:,"><p style="background:url(data:,);color:#777">Grijs</p>'))

    eyes.begin_axe(tab)
    found = eyes.axe(tab, Tally())

    assert any(one.startswith("axe: image-alt") for one in found), found
    assert any(one.startswith("axe cannot tell: color-contrast") for one in found), found


@pytest.mark.parametrize(
    ("style", "fault"),
    [
        ("a:focus {{ outline: none }}", "the focus does not show"),
        ("main {{ display: flex; flex-direction: column-reverse }} a {{ display: block }}", "the focus jumps up"),
        ("aside {{ position: fixed; inset: 0; background: red }}", "out of sight"),
    ],
)
def test_a_focus_that_gets_lost_is_seen(tab, style, fault):
    tab.set_content(PAGE.format('<a href="/1">Een</a> <a href="/2">Twee</a><aside></aside>'))
    tab.add_style_tag(content=style.format())

    found = list(eyes.focus(tab, Tally()))

    assert any(one.startswith(fault) for one in found), found


def test_what_a_page_complains_of_and_weighs_is_heard(tab):
    window = eyes.Window(tab, "nl", Tally())
    body = PAGE.format("<script>fetch('/x')</script>" + "".join(f"<p>{number * 7919}</p>" for number in range(20_000)))
    policy = {"Content-Security-Policy": "default-src 'none'"}
    tab.route("**/*", lambda route: route.fulfill(body=body, status=500, content_type="text/html", headers=policy))

    tab.goto("http://portal.example/")
    heard = "\n".join(window.hears("x", 200))

    assert "status 500 instead of 200" in heard
    assert "refused by the policy: script-src-elem" in heard
    assert " bytes" in heard
