"""Standard texts for the officer who asks: within their own units, and on record."""

from chalicelib.core.errors import Conflict, Forbidden
from chalicelib.desk.actions import Desk
from chalicelib.people.permissions import LookReason, Permission, require
from chalicelib.texts import actions
from chalicelib.texts.actions import TextEdit
from chalicelib.texts.model import ALL_UNITS, TextVersion
from chalicelib.texts.store import Texts


def usable(unit: str, *, texts: Texts, desk: Desk) -> tuple[TextVersion, ...]:
    """Return the texts in use at a unit of the officer's own (for all units, when it is empty). Raises Forbidden."""
    require(desk.officer, Permission.READ_REPORT, unit or None)
    return actions.usable(unit, texts)


def versions(text_id: str, *, texts: Texts, desk: Desk) -> list[TextVersion]:
    """Return the versions of a text that the officer may see, the newest last. Raises NotFound."""
    return actions.find(text_id, sorted(desk.officer.units), texts)


def write(edit: TextEdit, *, text_id: str = "", seen: int = 0, texts: Texts, desk: Desk) -> TextVersion:
    """Keep a new text or version as a draft. A text stays with its unit. Raises Forbidden, Invalid, Conflict, NotFound."""
    require(desk.officer, Permission.EDIT_TEXTS, edit.unit or None)
    if text_id and versions(text_id, texts=texts, desk=desk)[-1].unit != edit.unit:
        raise Forbidden(Permission.EDIT_TEXTS)
    if text_id.startswith("STD-"):
        raise Conflict("text_of_portal")
    text = actions.write(edit, text_id=text_id, seen=seen, officer=desk.officer, texts=texts, clock=desk.clock)
    desk.note(f"text:{text.id}", f"wrote:{text.version}", LookReason.SUPERVISION)
    return text


def publish(text_id: str, version: int, *, texts: Texts, desk: Desk) -> TextVersion:
    """Publish the newest draft of a text, which somebody else wrote. Raises Conflict(`text_changed`) when it is another."""
    text = _newest(text_id, version, texts, desk)
    done = actions.publish(text, officer=desk.officer, texts=texts, clock=desk.clock)
    desk.note(f"text:{text.id}", f"published:{version}", LookReason.SUPERVISION)
    return done


def retire(text_id: str, version: int, *, texts: Texts, desk: Desk) -> TextVersion:
    """Take a text out of use."""
    text = _newest(text_id, version, texts, desk)
    done = actions.retire(text, officer=desk.officer, texts=texts, clock=desk.clock)
    desk.note(f"text:{text.id}", f"retired:{version}", LookReason.SUPERVISION)
    return done


def _newest(text_id: str, version: int, texts: Texts, desk: Desk) -> TextVersion:
    newest = versions(text_id, texts=texts, desk=desk)[-1]
    require(desk.officer, Permission.EDIT_TEXTS, newest.unit if newest.unit != ALL_UNITS else None)
    if newest.version != version:
        raise Conflict("text_changed")
    return newest
