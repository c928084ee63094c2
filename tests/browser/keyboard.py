"""Somebody who has only a keyboard: Tab, Space, the arrows, Enter, and typing."""

from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Page

_AT = """() => {
  const at = document.activeElement;
  const { id, name, type, value, checked } = at;
  return { tag: at.localName, id, name: name ?? "", type: type ?? "", value: value ?? "", checked: checked ?? false,
    href: at.getAttribute("href") ?? "", main: at.closest("main") !== null, onward: at.matches("button.button:not(.second)") };
}"""
_FARTHEST = 400

At = Mapping[str, Any]


class Keyboard:
    """Works one tab. Whatever it is asked to find, it finds by pressing Tab until it is there."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab

    def at(self) -> At:
        found: At = self.tab.evaluate(_AT)
        return found

    def tab_to(self, wanted: Callable[[At], bool]) -> At:
        """Press Tab until the focus is on what is wanted."""
        for _ in range(_FARTHEST):
            self.tab.keyboard.press("Tab")
            if wanted(at := self.at()):
                return at
        raise AssertionError(f"no Tab comes there on {self.tab.url}: {self.tab.inner_text('main')[:1000]}")

    def follow(self, href: str) -> None:
        """Go to the first link to that page, whatever its address asks besides, and press Enter."""
        self.tab_to(lambda at: at["tag"] == "a" and at["href"].partition("?")[0].endswith(href))
        self.enter()

    def enter(self) -> None:
        """Press Enter, and wait for the page that comes of it."""
        with self.tab.expect_navigation():
            self.tab.keyboard.press("Enter")

    def fill_in(self, typed: Mapping[str, Any]) -> None:
        """Fill in whatever this page asks, in the order in which Tab comes by, and press the button that goes on."""
        while not self._is_done(self.tab_to(lambda at: at["main"]), typed):
            pass
        self.enter()

    def _is_done(self, at: At, typed: Mapping[str, Any]) -> bool:
        given = typed.get(at["name"])
        if at["type"] == "radio" and given is not None:
            self._choose(at, given)
        elif at["type"] == "checkbox":
            if at["value"] in (given if isinstance(given, list) else [given]) and not at["checked"]:
                self.tab.keyboard.press("Space")
        elif at["tag"] in ("input", "textarea") and given is not None:
            self.tab.keyboard.press("ControlOrMeta+A")
            self.tab.keyboard.type(given)
        return bool(at["onward"])

    def _choose(self, at: At, wanted: str) -> None:
        """Choose in a group of radio buttons: Space for the first one, the arrow down for the others."""
        self.tab.keyboard.press("Space")
        for _ in range(_FARTHEST):
            if self.at()["value"] == wanted:
                return
            self.tab.keyboard.press("ArrowDown")
        raise AssertionError(f"{at['name']} has no {wanted}")
