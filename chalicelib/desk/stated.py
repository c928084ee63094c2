"""Why a program's officer looks: in a header, because an address is kept in too many places (ADR-0050)."""

from chalicelib.core.errors import FieldError, Invalid
from chalicelib.people.permissions import LookReason
from chalicelib.web.request import Request

HEADER = "Look-Reason"


def of_program(request: Request, in_address: LookReason | None) -> LookReason:
    """Return why a program's officer looks: from its header; from the address as long as version 1 takes it there (ADR-0050).

    Raises Invalid for a reason that there is not, and for none.
    """
    if stated := stated_by(request):
        return stated
    if in_address is None:
        raise Invalid([FieldError(HEADER, "required")])
    return in_address


def stated_by(request: Request) -> LookReason | None:
    """Return the reason in the header of a program's request, None without one. Raises Invalid for one that there is not."""
    given = request.headers.get(HEADER.lower(), "")
    if given and given not in list(LookReason):
        raise Invalid([FieldError(HEADER, "not_a_choice")])
    return LookReason(given) if given else None
