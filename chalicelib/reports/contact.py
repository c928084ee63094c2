"""How, and of what, a reporter wants to hear. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.core.language import Language


class InformationWish(StrEnum):
    """What the reporter wants to hear of; changeable any day, and binding on every letter."""

    ALL = "all"
    DECISIONS = "decisions"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How and of what the reporter wants to hear. An address that bounced is kept but not `usable`."""

    email: str
    language: Language = Language.NL
    information: InformationWish = InformationWish.ALL
    survey: bool = True
    usable: bool = True
