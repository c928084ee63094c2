"""The actions on standard texts: write a version, publish it, retire it, find the one to use.

Whoever writes and publishes is a supervisor; the desk asks that. Here it is asked that the two are not the same person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.core import ids
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Conflict, NotFound
from chalicelib.core.language import Language
from chalicelib.people.model import Officer
from chalicelib.texts import model
from chalicelib.texts.model import ALL_UNITS, TextState, TextVersion
from chalicelib.texts.store import MOST, Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEdit:
    """The words that an officer wants for a text; `bodies` by language."""

    unit: str
    occasion: str
    crime: str
    name: str
    bodies: Mapping[Language, str]


def readable(units: Sequence[str], texts: Texts) -> list[TextVersion]:
    """Return every version of the texts of some units, and of those for all."""
    return [version for unit in (*units, ALL_UNITS) for version in texts.of_unit(unit)]


def usable(unit: str, texts: Texts) -> tuple[TextVersion, ...]:
    """Return the texts that officers of a unit use now."""
    return model.current(readable([unit], texts))


def find(text_id: str, units: Sequence[str], texts: Texts) -> list[TextVersion]:
    """Return the versions of a text of one of these units, or for all, the newest last. Raises NotFound."""
    found = [version for version in readable(units, texts) if version.id == text_id]
    if not found:
        raise NotFound("text")
    return sorted(found, key=lambda version: version.version)


def write(edit: TextEdit, *, text_id: str = "", seen: int = 0, officer: Officer, texts: Texts, clock: Clock) -> TextVersion:
    """Keep a new text, or a new version of one (`text_id`) of which the officer saw the version `seen`.

    Raises Invalid with all that is wrong, Conflict(`text_changed`) when somebody wrote a newer version meanwhile,
    Conflict(`texts_full`) when a unit has as many texts as it can.
    """
    version = TextVersion(
        id=text_id or f"TXT-{ids.short_code(ids.secret_id().encode())}",
        version=seen + 1,
        unit=edit.unit,
        occasion=edit.occasion,
        crime=edit.crime,
        name=edit.name.strip(),
        bodies={language: body.strip() for language, body in edit.bodies.items()},
        author=officer.id,
        author_units=officer.units,
        written_at=clock.now(),
    )
    model.require_usable(version)
    others = {one.id for one in texts.of_unit(edit.unit)}
    if text_id not in others and len(others) >= MOST:
        raise Conflict("texts_full", most=MOST)
    return texts.add(version)


def publish(text: TextVersion, *, officer: Officer, texts: Texts, clock: Clock) -> TextVersion:
    """Publish a draft that somebody else wrote: from now on officers use it in the place of older versions."""
    model.require_may_publish(text, officer)
    model.require_usable(text)
    return texts.decide(text, replace(text, state=TextState.PUBLISHED, by=officer.id, at=clock.now()))


def retire(text: TextVersion, *, officer: Officer, texts: Texts, clock: Clock) -> TextVersion:
    """Take a published version out of use; what was told with it stays known. Raises Conflict for one that is not in use."""
    if text.state is not TextState.PUBLISHED:
        raise Conflict("text_not_published")
    return texts.decide(text, replace(text, state=TextState.RETIRED, by=officer.id, at=clock.now()))
