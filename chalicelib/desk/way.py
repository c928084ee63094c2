"""The way between a list and its reports: a link to a report carries the list and the place in it, and leads back and on.

Nothing personal stands in it. Each page and form of the report keeps it (`Request.keeping`), so that after an act the way leads
back to the same page of the list, and on to the report behind this one. A report that was opened otherwise belongs to the list of
the cookie, which was opened last, and goes on at its beginning.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from chalicelib.web import cookies
from chalicelib.web.request import Request

QUEUE, ON = "/desk/queue", "/desk/queue/next"


@dataclass(frozen=True, slots=True)
class Way:
    """Addresses from a report back to its list, to the next report of the list, and to the one before it (empty: unknown)."""

    back: str
    next: str
    previous: str


def carried(list_address: str, place: str, cursor: str = "") -> str:
    """Return what the address of a report carries: its list, the page of it that begins at `cursor`, its place there."""
    page = [list_address] if list_address else []
    return urlencode({"list": "&".join([*page, *([f"cursor={cursor}"] if cursor else [])]), "at": place})


def way_of(request: Request, reference: str) -> Way | None:
    """Return the ways from the page of a report, None where it was not opened from a list."""
    place = request.argument("at")
    if "list" in request.query:
        list_address = request.argument("list")
    else:
        last = cookies.list_of(request.cookie("list"), request.session) if request.session else ""
        path, _, list_address = last.partition("?")
        if path != QUEUE:
            return None
    asked = {"list": list_address, "from": reference, **({"at": place} if place else {})}
    previous = f"{ON}?{urlencode({**asked, 'way': 'back'})}" if place else ""
    return Way(f"{QUEUE}?{list_address}#{reference}", f"{ON}?{urlencode(asked)}", previous)
