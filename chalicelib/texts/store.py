"""The table of standard texts: every version of every text of a unit, and the texts that come with the portal.

Nothing in it is about a reporter. A version is never taken out: a report that names it may live for ten years.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from pynamodb.attributes import JSONAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.models import Model

from chalicelib.core.errors import Conflict
from chalicelib.core.language import Language
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, wrote
from chalicelib.texts.model import ALL_UNITS, PORTAL, TextState, TextVersion

MOST = 200  # texts of a unit, and as many for all units
_EVERYWHERE = "ALL"


class Texts(Protocol):
    """The store of standard texts."""

    def of_unit(self, unit: str) -> Sequence[TextVersion]:
        """Return every version of every text of a unit, or of those for all units (ALL_UNITS), by id and version."""
        ...

    def add(self, text: TextVersion) -> TextVersion:
        """Keep a new version. Raises Conflict(`text_changed`) when somebody else made a version with this number."""
        ...

    def decide(self, before: TextVersion, after: TextVersion) -> TextVersion:
        """Publish or retire a version. Raises Conflict(`text_changed`) when it is no longer what it was."""
        ...


class TextItem(Model):
    """A version as DynamoDB keeps it; `id_version` sorts by text and then by version."""

    unit = UnicodeAttribute(hash_key=True)
    id_version = UnicodeAttribute(range_key=True)
    occasion = UnicodeAttribute()
    crime = UnicodeAttribute(null=True)
    name = UnicodeAttribute()
    bodies = JSONAttribute()
    author = UnicodeAttribute()
    author_units: UnicodeSetAttribute = UnicodeSetAttribute()
    written_at = InstantAttribute()
    state = UnicodeAttribute()
    by = UnicodeAttribute(null=True)
    at = InstantAttribute(null=True)


class TextStore:
    """Standard texts in DynamoDB."""

    def __init__(self, settings: Settings) -> None:
        self._model = bind(TextItem, "texts", settings)

    def of_unit(self, unit: str) -> Sequence[TextVersion]:
        kept = [_version(item) for item in self._model.query(unit or _EVERYWHERE, consistent_read=True)]
        return [*kept, *(shipped() if unit == ALL_UNITS else ())]

    def add(self, text: TextVersion) -> TextVersion:
        if not wrote(self._item(text).save, condition=TextItem.id_version.does_not_exist()) and not self._stands(text):
            raise Conflict("text_changed")
        return text

    def decide(self, before: TextVersion, after: TextVersion) -> TextVersion:
        if not wrote(self._item(after).save, condition=TextItem.state == before.state.value) and not self._stands(after):
            raise Conflict("text_changed")
        return after

    def _stands(self, text: TextVersion) -> bool:
        """True when our own first attempt stands in the way of its repetition: its reply was lost."""
        return text in self.of_unit(text.unit)

    def _item(self, text: TextVersion) -> TextItem:
        return self._model(
            unit=text.unit or _EVERYWHERE,
            id_version=f"{text.id}#{text.version:05}",
            occasion=text.occasion,
            crime=text.crime or None,
            name=text.name,
            bodies={language.value: body for language, body in text.bodies.items()},
            author=text.author,
            author_units=set(text.author_units),
            written_at=text.written_at,
            state=text.state.value,
            by=text.by or None,
            at=text.at,
        )


@cache
def shipped() -> tuple[TextVersion, ...]:
    """Return the texts that come with the portal, for all units; two readers saw them as they see its code."""
    rows: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "standard.json").read_text(encoding="utf-8"))
    return tuple(_shipped(row) for row in rows)


_SHIPPED_AT = datetime.fromisoformat("2026-11-30T00:00:00+00:00")


def _shipped(row: dict[str, Any]) -> TextVersion:
    bodies = {Language(code): body for code, body in row["bodies"].items()}
    written = {"author": PORTAL, "author_units": frozenset(), "written_at": _SHIPPED_AT}
    published = {"state": TextState.PUBLISHED, "by": PORTAL, "at": _SHIPPED_AT}
    facts: dict[str, Any] = {**row, **written, **published, "unit": ALL_UNITS, "bodies": bodies}
    return TextVersion(**facts)


def _version(item: TextItem) -> TextVersion:
    text_id, _, number = item.id_version.partition("#")
    return TextVersion(
        id=text_id,
        version=int(number),
        unit="" if item.unit == _EVERYWHERE else item.unit,
        occasion=item.occasion,
        crime=item.crime or "",
        name=item.name,
        bodies={Language(code): body for code, body in item.bodies.items()},
        author=item.author,
        author_units=frozenset(item.author_units),
        written_at=item.written_at,
        state=TextState(item.state),
        by=item.by or "",
        at=item.at,
    )
