"""Somebody with a telephone: taps and types, on what is shown and nowhere else, and reads what is asked."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page

_FIELDS = "main input:not([type=hidden]):not([type=file]), main textarea, main select"
_READ = "(fields) => fields.map(({ name, type, value }) => [name, type, value])"
_ONWARD = "main form .button:not(.second)"


class Hand:
    """Works one tab. A field that `typed` does not name is left as it is."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab

    def follow(self, href: str) -> None:
        """Tap the first link to that page, whatever its address asks besides."""
        self._tap(self.tab.locator(f'a[href$="{href}"], a[href*="{href}?"]').first)

    def press(self, selector: str) -> None:
        self._tap(self.tab.locator(selector).first)

    def fill_in(self, typed: Mapping[str, Any]) -> None:
        """Fill in whatever this page asks, and tap the button that goes on."""
        fields = self.tab.locator(_FIELDS)
        for place, (name, kind, value) in enumerate(fields.evaluate_all(_READ)):
            given = typed.get(name)
            if kind in ("radio", "checkbox"):
                if value in (given if isinstance(given, list) else [given]):
                    fields.nth(place).check()
            elif given is not None:
                fields.nth(place).fill(given)
        self.press(_ONWARD)

    def _tap(self, target: Locator) -> None:
        """Tap, and wait for the page that comes of it. A page that goes on by itself has gone on before the target is there."""
        target.wait_for()
        with self.tab.expect_navigation():
            target.tap()
