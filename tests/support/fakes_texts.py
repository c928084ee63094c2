"""Standard texts in memory; it passes the contract tests of the table (tests/contract/test_texts.py)."""

from chalicelib.core.errors import Conflict
from chalicelib.texts.model import ALL_UNITS
from chalicelib.texts.store import shipped


class FakeTexts:
    """Texts in a dictionary."""

    def __init__(self) -> None:
        self._kept = {}

    def of_unit(self, unit):
        kept = [text for (owner, _, _), text in sorted(self._kept.items()) if owner == unit]
        return [*kept, *(shipped() if unit == ALL_UNITS else ())]

    def add(self, text):
        if self._kept.setdefault(_key(text), text) != text:
            raise Conflict("text_changed")
        return text

    def decide(self, before, after):
        if self._kept.get(_key(before)) not in (before, after):
            raise Conflict("text_changed")
        self._kept[_key(after)] = after
        return after


def _key(text):
    return text.unit, text.id, text.version
