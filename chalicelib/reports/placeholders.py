"""Places in a text that have still to be filled in for one report: `{naam van de winkel}`. Pure.

A text that goes to a reporter has none left: whoever would send one is told what is not filled in (ADR-0061).
"""

import re

from chalicelib.core.errors import FieldError, Invalid

PLACE = re.compile(r"\{(?P<name>[^{}\n]{1,60})\}")


def unfilled(text: str) -> tuple[str, ...]:
    """Return the names of the places in a text that are not filled in, each once, in their order."""
    return tuple(dict.fromkeys(match["name"].strip() for match in PLACE.finditer(text)))


def require_filled(text: str, field: str = "explanation") -> None:
    """Raises Invalid (`placeholder_left`) for a text in which something is still to be filled in."""
    if left := unfilled(text):
        raise Invalid([FieldError(field, "placeholder_left", {"what": ", ".join(left)})])
