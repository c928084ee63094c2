"""What was typed into a form after its session ran out: it waits 30 days, for the same person, and fills the form again."""

from typing import Any

from chalicelib.core import ids
from chalicelib.identity.model import Citizen
from chalicelib.web.call import Call

_NAME = "parked"


def park(call: Call, citizen: Citizen) -> None:
    """Keep the posted form of `call`, to be found again on the same page."""
    typed = {name: value for name, value in call.form().items() if not name.startswith("_")}
    call.services.drafts.put(citizen.pseudonym, _id(call), _NAME, typed)


def unpark(call: Call) -> dict[str, Any] | None:
    """Return what the citizen had typed on this page before the session ran out, once; None when there is nothing."""
    owner = call.citizen.pseudonym
    draft = call.services.drafts.get(owner, _id(call))
    if draft is None:
        return None
    call.services.drafts.remove(owner, draft.id)
    return draft.content


def _id(call: Call) -> str:
    return f"{_NAME}-{ids.digest(call.path)[:32]}"
