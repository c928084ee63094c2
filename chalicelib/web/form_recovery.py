"""The text that was typed into a form whose session had run out: it waits for the same person, and fills the form again.

It waits until that form is sent (the page then carries a hidden `_restored`) or 30 days: opening a page takes nothing away.
An officer's text is about somebody else: that waits a day, until the next shift. A text that is typed at the counter never waits:
it is a whole report of somebody who did not confirm it, with their BSN. Nor does what was looked for on the worklist.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.core import ids
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.people.model import Officer, Principal, owner_of
from chalicelib.web.request import Request

RESTORED = "_restored"
KIND = "parked"
MOST = 20  # forms of one person that wait at a time; the oldest make room
_STAY, _COUNTER = frozenset({"/desk", "/desk/queue/next"}), "/desk/new/"


def may_wait(path: str) -> bool:
    """True for a page whose form may be kept before it is sent."""
    return path not in _STAY and not path.startswith(_COUNTER)


def keep_form(request: Request, person: Principal) -> None:
    """Keep the posted form of a request, to be found again on the same page."""
    keep(request, person, request.path, request.form())


def keep(request: Request, person: Principal, path: str, form: Mapping[str, Any]) -> None:
    """Keep a form of the page at `path`, without its hidden fields; nothing is kept of a form that may not wait."""
    if not may_wait(path):
        return
    typed = {name: value for name, value in form.items() if not name.startswith("_")}
    if not typed:  # a button alone
        return
    term = RETENTION[Kept.OFFICERS_DRAFTS if isinstance(person, Officer) else Kept.DRAFTS]
    drafts, owner = request.services.drafts, owner_of(person)
    drafts.put(owner, _id(path), KIND, typed, kept=term.length)
    for older in [draft for draft in drafts.of_owner(owner) if draft.kind == KIND][MOST:]:
        drafts.remove(owner, older.id)


def recovered(request: Request, path: str = "", *, after: datetime | None = None) -> dict[str, Any] | None:
    """Return what the reader had typed on this page (or on that at `path`) before the session ran out; None when nothing.

    A draft of the same form that was saved later than that (`after`) goes before it.
    """
    if request.principal is None:
        return None
    found = request.services.drafts.get(owner_of(request.principal), _id(path or request.path))
    return found.content if found and (after is None or found.saved_at >= after) else None


def forget(request: Request, person: Principal) -> None:
    """The form was sent again: what waited for it is of no use any more."""
    request.services.drafts.remove(owner_of(person), _id(request.path))


def _id(path: str) -> str:
    return f"{KIND}-{ids.digest(path)[:32]}"
