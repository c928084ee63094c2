"""The access that a route asks of its caller. Every route declares one; there is no default."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from chalicelib.people.permissions import Permission


class Who(StrEnum):
    """The three kinds of caller."""

    ANYONE = "anyone"
    CITIZEN = "citizen"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Access:
    """The callers that a route admits; an officer also needs `permission` (the action asks again, for the report's own unit).

    `fresh`: who logged in longer ago than FRESH_FOR logs in once more: whoever finds a telephone unlocked cannot do this.
    """

    who: Who
    permission: Permission | None = None
    prolongs: bool = True  # False for a route that only watches a session: asking how long it lasts is no use of it
    fresh: bool = False


FRESH_FOR = timedelta(minutes=10)
PUBLIC = Access(Who.ANYONE)
ONLOOKER = Access(Who.ANYONE, prolongs=False)
CITIZEN = Access(Who.CITIZEN)
CITIZEN_AGAIN = Access(Who.CITIZEN, fresh=True)


def officer(permission: Permission) -> Access:
    """Return the access of a route for officers with a permission."""
    return Access(Who.OFFICER, permission)
